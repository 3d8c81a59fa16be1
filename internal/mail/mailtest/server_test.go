package mailtest

import (
	"context"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"strings"
	"testing"
	"time"
)

// letter is a mail as ours should look.
func letter(number int, extra string) string {
	return fmt.Sprintf("From: \"Gangway\" <gangway@example.org>\r\nTo: \"Helen\" <helen@example.org>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n"+
		"Message-ID: <m%d@example.org>\r\nSubject: Number %d\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n%s"+
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+
		"Follow https://gangway.example.org/go/abc and\r\nhttps://gangway.example.org/go/def\r\n--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+
		"<html><head></head><body><script>alert(1)</script><a href=3D\"https://gangway.example.org/go/abc\">Open</a></body></html>\r\n--b--\r\n", number, number, extra)
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func send(s *Server, to, raw string) error {
	return smtp.SendMail(net.JoinHostPort(s.Host(), fmt.Sprint(s.Port())), nil, "bounces@example.org", []string{to}, []byte(raw))
}

func TestAMailIsKeptAndFound(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	came := make(chan Mail, 1)
	go func() {
		m, err := s.Next(context.Background(), "HELEN@example.org", 1)
		if err != nil {
			t.Error(err)
		}
		came <- m
	}()
	for i := range 2 {
		if err := send(s, "helen@example.org", letter(i+1, "")); err != nil {
			t.Fatal(err)
		}
	}
	m := <-came
	if m.Number != 2 || m.Subject != "Number 2" || m.Message() != "m2@example.org" || m.From != "bounces@example.org" || m.Link("/go/") != "https://gangway.example.org/go/abc" || len(m.Links("/go/")) != 2 || m.Link("/enter/") != "" {
		t.Errorf("%+v", m)
	}
	if len(s.Mails("sam@example.org")) != 0 || len(s.Mails("")) != 2 || len(s.Complaints()) != 0 {
		t.Error(s.Complaints())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Next(ctx, "sam@example.org", 0); err == nil {
		t.Error("a mail that never came was found")
	}
}

func TestNoMailOfOurs(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, raw := range map[string]string{
		"two senders":      letter(1, "From: other@example.org\r\n"),
		"a hidden copy":    letter(1, "Bcc: other@example.org\r\n"),
		"a stray header":   letter(1, "X-Anything: other\r\n"),
		"which program":    letter(1, "User-Agent: go\r\n"),
		"not ASCII":        letter(1, "References: <ä@example.org>\r\n"),
		"no Message-ID":    strings.Replace(letter(1, ""), "Message-ID: <m1@example.org>\r\n", "", 1),
		"no automatic":     strings.Replace(letter(1, ""), "Auto-Submitted: auto-generated\r\n", "", 1),
		"two recipients":   strings.Replace(letter(1, ""), "<helen@example.org>", "<helen@example.org>, sam@example.org", 1),
		"no text":          strings.Replace(letter(1, ""), "text/plain", "text/html", 1),
		"eight bits":       strings.Replace(letter(1, ""), "quoted-printable", "8bit", 1),
		"no date":          strings.Replace(letter(1, ""), "Mon, 02 Mar 2026", "someday", 1),
		"one part":         strings.Replace(letter(1, ""), "multipart/alternative", "text/plain", 1),
		"a subject in two": strings.Replace(letter(1, ""), "Number 1", "=?utf-8?q?a=0d=0ab?=", 1),
	} {
		before := len(s.Complaints())
		err := send(s, "helen@example.org", raw)
		if err == nil || !strings.HasPrefix(err.Error(), "554") || len(s.Complaints()) == before {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(s.Mails("")); n != 0 {
		t.Errorf("%d were kept", n)
	}
}

func TestFaultsToOrder(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, c := range map[string]struct {
		fault Fault
		says  string // how the error begins; empty: none
		kept  int
	}{
		"greeting":       {Fault{At: AtConnect, Code: 421}, "421", 0},
		"cut at once":    {Fault{At: AtConnect, How: Cut}, "EOF", 0},
		"MAIL":           {Fault{At: AtMail, Code: 552}, "552", 0},
		"RCPT":           {Fault{At: AtRcpt}, "451", 0},
		"RCPT of others": {Fault{At: AtRcpt, To: "sam@example.org"}, "", 1},
		"cut in DATA":    {Fault{At: CutInData, How: Cut}, "", 0},
		"after DATA":     {Fault{At: AtEnd, Code: 554}, "554", 0},
		"taken and cut":  {Fault{At: AtEnd, How: Cut, Keep: true}, "EOF", 1},
		"slow":           {Fault{At: AtEnd, How: Slow, For: time.Millisecond}, "", 1},
	} {
		s.Mend()
		before := len(s.Mails(""))
		s.Order(c.fault)
		err := send(s, "helen@example.org", letter(1, ""))
		if c.fault.At == CutInData { // how the client sees that is the network's matter
			if err == nil {
				t.Errorf("%s: taken", name)
			}
		} else if (err == nil) != (c.says == "") || err != nil && !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if kept := len(s.Mails("")) - before; kept != c.kept {
			t.Errorf("%s: %d were kept", name, kept)
		}
	}
	s.Mend()
	s.Order(Fault{At: AtMail, Times: 2})
	for i := range 3 {
		if err := send(s, "helen@example.org", letter(1, "")); (err == nil) != (i == 2) {
			t.Errorf("try %d: %v", i, err)
		}
	}
}

// Silence ends when the server is closed, so a test never hangs at its end.
func TestSilenceEnds(t *testing.T) {
	t.Parallel()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Order(Fault{At: AtEnd, How: Silence, Keep: true})
	done := make(chan error, 1)
	go func() { done <- send(s, "helen@example.org", letter(1, "")) }()
	if _, err := s.Next(t.Context(), "helen@example.org", 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if <-done == nil {
		t.Error("silence was taken for a yes")
	}
}

func TestMailsOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one := start(t, Options{Dir: dir})
	for i := range 2 {
		if err := send(one, "helen@example.org", letter(i+1, "")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(dir+"/other.eml", []byte("no mail"), 0o600); err != nil {
		t.Fatal(err)
	}
	two := start(t, Options{Dir: dir})
	mails := two.Mails("helen@example.org")
	if len(mails) != 2 || mails[1].Subject != "Number 2" || mails[1].From != "bounces@example.org" {
		t.Fatalf("%+v", mails)
	}
	if err := send(two, "helen@example.org", letter(3, "")); err != nil || two.Mails("")[2].Number != 3 {
		t.Error(err)
	}
}

// The newest are kept, in memory and on disk.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: t.TempDir()})
	for i := range most + 5 {
		if _, err := s.keep(Mail{To: []string{"helen@example.org"}, Raw: []byte(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(s.o.Dir)
	if mails := s.Mails(""); len(mails) != most || mails[0].Number != 6 || err != nil || len(files) != most+1 {
		t.Errorf("%d mails, %d files, %v", len(mails), len(files), err)
	}
}

func TestOnlyOnLoopback(t *testing.T) {
	t.Parallel()
	if s, err := Start(Options{Address: "0.0.0.0:0"}); err == nil {
		t.Error("listens to everybody", s.Close())
	}
}

// TestClosedAtOnce: one that has hardly begun ends too.
func TestClosedAtOnce(t *testing.T) {
	t.Parallel()
	for range 300 {
		s, err := Start(Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
