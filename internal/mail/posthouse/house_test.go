package posthouse

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const letter = "From: Gangway <gangway@example.test>\r\nTo: %s\r\nSubject: Please decide\r\nMessage-ID: <m1@example.test>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n\r\nText\r\n"

// talker speaks IMAP by hand.
type talker struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func talk(t *testing.T, h *House) *talker {
	t.Helper()
	conn, err := net.Dial("tcp", address(h.IMAP))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	k := &talker{t, conn, bufio.NewReader(conn)}
	if line := k.line(); !strings.HasPrefix(line, "* OK") {
		t.Fatal(line)
	}
	return k
}

func (k *talker) line() string {
	k.t.Helper()
	if err := k.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		k.t.Fatal(err)
	}
	line, err := k.r.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimSpace(line)
}

// do sends a command and reads its answer.
func (k *talker) do(command string) string {
	k.t.Helper()
	if _, err := fmt.Fprintf(k.conn, "t %s\r\n", command); err != nil {
		k.t.Fatal(err)
	}
	var all []string
	for {
		line := k.line()
		if all = append(all, line); line == "" || strings.HasPrefix(line, "t ") {
			return strings.Join(all, "\n")
		}
	}
}

func signed(t *testing.T, h *House, user string) *talker {
	t.Helper()
	k := talk(t, h)
	if got := k.do("LOGIN " + user + " " + h.Password); !strings.Contains(got, "t OK") {
		t.Fatal(got)
	}
	return k
}

func parsed(t *testing.T, raw []byte) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

// TestDelivery: what follows the + is kept in Delivered-To, mails to elsewhere leave,
// and every address of a domain for bounces is one mailbox.
func TestDelivery(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{Catch: []string{"bounces.example.test"}})
	h.Send(t, "ruth@northgate.example", []string{"gangway+tok@example.test"}, fmt.Appendf(nil, letter, "gangway+tok@example.test"))
	raw := h.Wait(t, "gangway@example.test", "INBOX", "Please decide")
	if head := parsed(t, raw); head.Get("Delivered-To") != "gangway+tok@example.test" || head.Get("Return-Path") != "<ruth@northgate.example>" {
		t.Errorf("%s", raw)
	}
	h.Send(t, "", []string{"abc@bounces.example.test"}, fmt.Appendf(nil, letter, "abc@bounces.example.test"))
	raw = h.Wait(t, "gangway@example.test", "INBOX", "To: abc@bounces")
	if head := parsed(t, raw); head.Get("Delivered-To") != "gangway+abc@example.test" || head.Get("Return-Path") != "<>" {
		t.Errorf("%s", raw)
	}
	h.Send(t, "gangway@example.test", []string{"dana@acme.example"}, fmt.Appendf(nil, letter, "dana@acme.example"))
	if sent := h.Elsewhere(t, "dana@acme.example"); sent.From != "gangway@example.test" || !strings.Contains(string(sent.Raw), "Please decide") {
		t.Errorf("%+v", sent)
	}
}

// TestARealOutOfOffice: to the envelope's sender, not where the mail wants replies.
func TestARealOutOfOffice(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{})
	h.Away(t, "ruth@example.test", "Out of office", "Approved? I am away until 1 December.")
	h.Send(t, "gangway+bounce-1@example.test", []string{"ruth@example.test"}, []byte("Reply-To: gangway+tok@example.test\r\n"+fmt.Sprintf(letter, "ruth@example.test")))
	raw := h.Wait(t, "gangway@example.test", "INBOX", "Out of office")
	head := parsed(t, raw)
	if head.Get("Auto-Submitted") != "auto-replied (vacation)" || head.Get("Delivered-To") != "gangway+bounce-1@example.test" || head.Get("In-Reply-To") != "<m1@example.test>" ||
		head.Get("Precedence") != "bulk" || head.Get("Return-Path") != "<ruth@example.test>" || !strings.Contains(string(raw), "until 1 December") {
		t.Errorf("%s", raw)
	}
}

// TestARealBounce is a delivery report to the envelope's sender.
func TestARealBounce(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{Unknown: []string{"acme.example"}})
	h.Send(t, "gangway+bounce-2@example.test", []string{"nobody@acme.example"}, fmt.Appendf(nil, letter, "nobody@acme.example"))
	raw := h.Wait(t, "gangway@example.test", "INBOX", "multipart/report")
	head := parsed(t, raw)
	if head.Get("Auto-Submitted") != "auto-replied" || head.Get("Return-Path") != "<>" || head.Get("Delivered-To") != "gangway+bounce-2@example.test" {
		t.Errorf("%v", head)
	}
	for _, part := range []string{"Status: 5.1.1", "Action: failed", "Final-Recipient: rfc822; nobody@acme.example", "Message-ID: <m1@example.test>"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%q is not in\n%s", part, raw)
		}
	}
}

func TestKickedAndRestored(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{})
	h.Send(t, "ruth@example.test", []string{"gangway@example.test"}, fmt.Appendf(nil, letter, "gangway@example.test"))
	h.Wait(t, "gangway@example.test", "INBOX", "Please decide")
	k := signed(t, h, "gangway@example.test")
	if got := k.do("SELECT INBOX"); !strings.Contains(got, "* 1 EXISTS") || strings.Contains(got, "[UIDVALIDITY 4242]") {
		t.Error(got)
	}
	if _, err := fmt.Fprint(k.conn, "i IDLE\r\n"); err != nil || k.line() != "+ idling" {
		t.Fatal(err)
	}
	h.Kick(t, "gangway@example.test")
	for line := k.line(); line != ""; line = k.line() {
		if !strings.HasPrefix(line, "*") {
			t.Error(line)
		}
	}
	h.SetValidity(t, "gangway@example.test", 4242)
	if got := signed(t, h, "gangway@example.test").do("SELECT INBOX"); !strings.Contains(got, "* 1 EXISTS") || !strings.Contains(got, "[UIDVALIDITY 4242]") {
		t.Error(got)
	}
}

// TestSilence: the connection stays open, and nothing comes until Dovecot goes on.
func TestSilence(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{})
	k := signed(t, h, "gangway@example.test")
	h.Stop(t)
	if _, err := fmt.Fprint(k.conn, "n NOOP\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := k.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if b, err := k.r.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%q, %v", b, err)
	}
	h.Continue(t)
	if line := k.line(); !strings.HasPrefix(line, "n OK") {
		t.Error(line)
	}
	h.Stop(t) // and the test ends all the same
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := Start(t, Options{})
	h.SetToken("tok", "gangway@example.test")
	in := func(mechanism, token string) string {
		said := "user=gangway@example.test\x01auth=Bearer " + token + "\x01\x01"
		if mechanism == "OAUTHBEARER" {
			said = "n,a=gangway@example.test,\x01auth=Bearer " + token + "\x01\x01"
		}
		k := talk(t, h)
		if _, err := fmt.Fprintf(k.conn, "t AUTHENTICATE %s %s\r\n", mechanism, base64.StdEncoding.EncodeToString([]byte(said))); err != nil {
			t.Fatal(err)
		}
		return k.line()
	}
	for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
		if got := in(mechanism, "tok"); !strings.Contains(got, "OK") && !strings.HasPrefix(got, "* CAPABILITY") {
			t.Errorf("%s: %s", mechanism, got)
		}
		if got := in(mechanism, "old"); !strings.HasPrefix(got, "+ ") {
			t.Errorf("%s with another token: %s", mechanism, got)
		}
	}
}

// TestSeveralAndTheirEnd: two at once are apart, and nothing of them stays.
func TestSeveralAndTheirEnd(t *testing.T) {
	t.Parallel()
	houses := []*House{Start(t, Options{}), Start(t, Options{})}
	houses[0].Send(t, "ruth@example.test", []string{"gangway@example.test"}, fmt.Appendf(nil, letter, "gangway@example.test"))
	houses[0].Wait(t, "gangway@example.test", "INBOX", "Please decide")
	if n := len(houses[1].Mails(t, "gangway@example.test", "INBOX")); n != 0 {
		t.Errorf("%d mails are in both", n)
	}
	for _, h := range houses {
		family := h.family(t)
		h.end()
		gone(t, h.dir, family)
	}
}

// gone waits until neither the folder nor a process of the servers is there.
func gone(t *testing.T, dir string, family []int) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	var left []string
	for end := time.Now().Add(patience); time.Now().Before(end); <-look.C {
		left = nil
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			left = append(left, dir)
		}
		for _, pid := range family {
			if command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && strings.Contains(string(command), "dovecot") {
				left = append(left, string(command))
			}
		}
		if found, err := exec.Command("pgrep", "-f", dir).Output(); err == nil {
			left = append(left, string(found))
		}
		if len(left) == 0 {
			return
		}
	}
	t.Errorf("what stays: %q", left)
}

// TestKilledWithItsServers: they end with the process that started them, even when
// it is killed.
func TestKilledWithItsServers(t *testing.T) {
	t.Parallel()
	if os.Getenv("GANGWAY_POSTHOUSE_KILLED") != "" {
		h := Start(t, Options{})
		fmt.Println("dir", h.dir, h.family(t)[0])
		select {}
	}
	if err := able(); err != nil {
		Start(t, Options{}) // says why it can't
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWithItsServers$")
	cmd.Env = append(os.Environ(), "GANGWAY_POSTHOUSE_KILLED=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // it was killed
	var dir string
	var master int
	if _, err := fmt.Fscanf(out, "dir %s %d\n", &dir, &master); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Kill(); err != nil || dir == "" {
		t.Fatal(err)
	}
	gone(t, dir, []int{master})
}
