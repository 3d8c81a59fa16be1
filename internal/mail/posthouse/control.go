package posthouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Address is where SMTP is spoken, or IMAP.
func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Send hands Postfix a mail.
func (h *House) Send(t testing.TB, from string, to []string, raw []byte) {
	t.Helper()
	c, err := smtp.Dial(address(h.SMTP))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Mail(from)
	for _, a := range to {
		err = errors.Join(err, c.Rcpt(a))
	}
	if err != nil {
		t.Fatalf("sending a mail: %v", err)
	}
	w, err := c.Data()
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err = errors.Join(err, c.Quit()); err != nil {
		t.Fatalf("sending a mail: %v", err)
	}
}

// Mails are those in somebody's folder, as they lie there, the oldest first.
func (h *House) Mails(t testing.TB, user, folder string) [][]byte {
	t.Helper()
	root := filepath.Join(h.dir, "mail", user)
	if !strings.EqualFold(folder, "INBOX") {
		root = filepath.Join(root, "."+folder)
	}
	var names []string
	for _, sub := range []string{"new", "cur"} {
		found, err := filepath.Glob(filepath.Join(root, sub, "*"))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	var all [][]byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue // it moves at this moment
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

// Wait waits for a mail with a text somewhere in it in somebody's folder.
func (h *House) Wait(t testing.TB, user, folder, text string) []byte {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-look.C {
		for _, raw := range h.Mails(t, user, folder) {
			if strings.Contains(string(raw), text) {
				return raw
			}
		}
	}
	t.Fatalf("waiting for a mail to %s with %q: it did not come", user, text)
	return nil
}

// Elsewhere waits for a mail that left for an address elsewhere.
func (h *House) Elsewhere(t testing.TB, to string) Sent {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		h.elsewhere.mu.Lock()
		came, sent := h.elsewhere.came, slices.Clone(h.elsewhere.sent)
		h.elsewhere.mu.Unlock()
		for _, s := range sent {
			if slices.Contains(s.To, to) {
				return s
			}
		}
		select {
		case <-came:
		case <-ctx.Done():
			t.Fatalf("waiting for a mail to %s: it did not come", to)
		}
	}
}

// Away lets somebody's mailbox answer by itself from now on: each sender once a day,
// and by RFC 3834 no mail that says that a program sent it.
func (h *House) Away(t testing.TB, user, subject, text string) {
	t.Helper()
	script := fmt.Sprintf("require [\"vacation\"];\nvacation :days 1 :addresses [%q] :subject %q %q;\n", user, subject, text)
	path := filepath.Join(h.dir, "sieve", user+".sieve")
	if err := errors.Join(os.WriteFile(path, []byte(script), 0o644), give(path, owner)); err != nil {
		t.Fatalf("writing that somebody is away: %v", err)
	}
}

// SetToken lets one bearer token sign this user in from now on, and no other;
// empty: none does.
func (h *House) SetToken(token, user string) {
	h.tokens.mu.Lock()
	defer h.tokens.mu.Unlock()
	h.tokens.token, h.tokens.user = token, user
}

// Kick ends all connections of somebody.
func (h *House) Kick(t testing.TB, user string) { t.Helper(); h.Doveadm(t, "kick", user) }

// SetValidity gives somebody's INBOX another UIDVALIDITY, as a restored one has.
func (h *House) SetValidity(t testing.TB, user string, n uint32) {
	t.Helper()
	h.Doveadm(t, "mailbox", "update", "-u", user, "--uid-validity", strconv.FormatUint(uint64(n), 10), "INBOX")
}

// Doveadm runs the administrator's program and returns what it says.
func (h *House) Doveadm(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command(program("doveadm"), append([]string{"-c", filepath.Join(h.dir, "dovecot.conf")}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("doveadm %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// Stop lets Dovecot fall silent: its connections stay open, and nothing comes any
// more. Continue ends that, and so does the test's end.
func (h *House) Stop(t testing.TB) {
	t.Helper()
	var all []string
	for _, pid := range h.family(t) {
		all = append(all, strconv.Itoa(pid))
	}
	if err := os.WriteFile(filepath.Join(h.dir, "stopped"), []byte(strings.Join(all, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	h.signal(t, syscall.SIGSTOP)
}

// Continue lets a silent Dovecot go on.
func (h *House) Continue(t testing.TB) { t.Helper(); h.signal(t, syscall.SIGCONT) }

func (h *House) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	for _, pid := range h.family(t) {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Fatalf("sending a signal to Dovecot: %v", err)
		}
	}
}

// family are the processes of this Dovecot, its master first.
func (h *House) family(t testing.TB) []int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, "run", "master.pid"))
	if err != nil {
		t.Fatalf("looking for Dovecot: %v", err)
	}
	master, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatalf("reading Dovecot's process id: %v", err)
	}
	all := []int{master}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may hold anything; behind it come state and parent.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(master) {
			all = append(all, pid)
		}
	}
	return all
}
