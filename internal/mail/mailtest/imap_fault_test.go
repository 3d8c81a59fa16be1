package mailtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestIMAPFaultsToOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault         Fault
		first, second string // how the answers to the same command, given twice, begin; empty: it ended
	}{
		"refused":      {Fault{At: AtFetch}, "NO [UNAVAILABLE]", "* 1 FETCH"},
		"the second":   {Fault{At: AtFetch, Skip: 1}, "* 1 FETCH", "NO [UNAVAILABLE]"},
		"cut":          {Fault{At: AtFetch, How: Cut}, "", ""},
		"cut later":    {Fault{At: AtFetch, How: Cut, Skip: 1}, "* 1 FETCH", ""},
		"mid-literal":  {Fault{At: MidLiteral, How: Cut}, "* 1 FETCH", ""},
		"slow":         {Fault{At: AtFetch, How: Slow, For: time.Millisecond}, "* 1 FETCH", "* 1 FETCH"},
		"slow literal": {Fault{At: MidLiteral, How: Slow, For: time.Millisecond}, "* 1 FETCH", "* 1 FETCH"},
	} {
		s, k := selected(t, Options{}, 1)
		s.Order(c.fault)
		for i, want := range []string{c.first, c.second} {
			if i == 1 && c.first == "" {
				break
			}
			k.n++
			tag := fmt.Sprintf("f%d", k.n)
			_, _ = k.conn.Write([]byte(tag + " UID FETCH 1 (BODY.PEEK[])\r\n")) // it may be over
			got := k.until(tag)
			if !strings.HasPrefix(got, want) || want == "" && got != "" {
				t.Errorf("%s, %d: %q, want %q", name, i, got, want)
			}
			if i == 0 && c.fault.At == MidLiteral && c.fault.How == Cut && (strings.Contains(got, "Text") || !strings.Contains(got, "Return-Path")) {
				t.Errorf("%s: not in the middle: %q", name, got)
			}
		}
		noComplaints(t, s)
	}
}

// TestDoneAndNotTold: a MOVE is done, and the connection ends before the client
// hears of it; or it ends before it is done.
func TestDoneAndNotTold(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{true, false} {
		s, k := selected(t, Options{}, 1)
		k.do("CREATE Processed")
		s.Order(Fault{At: AtMove, How: Cut, Keep: keep})
		if got := k.do("UID MOVE 1 Processed"); got != "" {
			t.Errorf("%q", got)
		}
		if moved := len(s.In("Processed")) == 1; moved != keep || len(s.In(inbox)) == 1 == keep {
			t.Error(keep, moved)
		}
	}
}

func TestWrongPasswordOnce(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us})
	s.Order(Fault{At: AtLogin})
	k := talk(t, s)
	k.line()
	k.wants("LOGIN "+us+" "+s.Password(), "NO.*")
	k.wants("LOGIN "+us+" "+s.Password(), "OK.*")
}

func TestSilenceInIdle(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 1)
	s.Order(Fault{At: AtIdle, How: Stale}, Fault{At: AtIdle, How: Silence})
	k.write("i IDLE\r\n")
	if a, b := k.line(), k.line(); !strings.HasPrefix(a, "+") || b != "* 1 EXISTS" {
		t.Error(a, b)
	}
	k.write("DONE\r\n")
	k.until("i")
	k.write("j IDLE\r\n")
	if a := k.line(); !strings.HasPrefix(a, "+") {
		t.Error(a)
	}
	bring(t, s, 1)
	k.write("DONE\r\n")
	if err := k.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if b, err := k.r.ReadByte(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(b, err)
	}
	s.Kick()
	if line := k.line(); line != "" || !k.over {
		t.Error(line)
	}
}

func TestWhatLacks(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us})
	bring(t, s, 1)
	s.Lack("IDLE", "MOVE", "UIDPLUS", "LITERAL+", "SASL-IR")
	k := talk(t, s)
	if greeting := k.line(); greeting != "* OK [CAPABILITY IMAP4rev1 UNSELECT AUTH=PLAIN] mail.test speaks IMAP" {
		t.Error(greeting)
	}
	k.wants("AUTHENTICATE PLAIN AGFhAGI=", "BAD.*")
	k.do("LOGIN " + us + " " + s.Password())
	k.do("SELECT INBOX")
	k.do("CREATE X")
	for _, command := range []string{"IDLE", "UID MOVE 1 X", "UID EXPUNGE 1"} {
		k.wants(command, "BAD a command that is not offered")
	}
	k.wants("UID COPY 1 X", `OK  copied`)
	k.write("z APPEND X {3+}\r\nabc\r\n")
	if got := k.until("z"); !strings.HasPrefix(got, "BAD") {
		t.Error(got)
	}
}

// TestNewValidity ends who has the folder open; the mails have other UIDs then.
func TestNewValidity(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 2)
	k.do("UID STORE 1 +FLAGS (\\Deleted)")
	k.do("EXPUNGE")
	s.NewValidity(inbox)
	if got := k.do("NOOP"); !strings.HasPrefix(got, "* BYE") {
		t.Error(got)
	}
	k = signed(t, s)
	k.wants("SELECT INBOX", `.*\* 1 EXISTS.*\[UIDVALIDITY 2\].*\[UIDNEXT 2\].*`)
	k.wants("UID FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])", `.*Subject: Number 2.*`)
}

func TestDeliveredTwice(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us})
	s.Order(Fault{At: AtDelivery})
	bring(t, s, 2)
	var numbers []int
	for _, m := range s.In(inbox) {
		numbers = append(numbers, m.Number)
	}
	if !slices.Equal(numbers, []int{1, 1, 2}) {
		t.Error(numbers)
	}
}

// TestFoldersOfAnEarlierRun: UIDs, flags and ages are those of before, what went is
// gone, and a line that was cut short harms nothing.
func TestFoldersOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, k := selected(t, Options{Dir: dir}, 3)
	k.do("CREATE Processed")
	k.do("UID MOVE 2 Processed")
	k.do("UID STORE 3 +FLAGS (\\Seen)")
	k.do("UID STORE 1 +FLAGS (\\Deleted)")
	k.do("EXPUNGE")
	s.NewValidity("Processed")
	k.write("k NOOP\r\n")
	k.until("k")
	before := fmt.Sprint(s.Folders())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, journal), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"folder":"INB`); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir, Inbox: us})
	shape := func(s []Folder) (all []string) {
		for _, f := range s {
			all = append(all, fmt.Sprint(f.Name, f.Validity, f.Next, len(f.Mails)))
		}
		return all
	}
	if got := shape(again.Folders()); !slices.Equal(got, []string{"INBOX1 4 1", "Processed3 2 1"}) {
		t.Error(got, before)
	}
	k = signed(t, again)
	k.do("SELECT INBOX")
	k.wants("FETCH 1 (UID FLAGS)", `\* 1 FETCH \(UID 3 FLAGS \(\\Seen\)\)\nOK.*`)
	bring(t, again, 1)
	k.wants("UID SEARCH ALL", `\* SEARCH 3\n\* 2 EXISTS\nOK.*`)
	k.wants("UID SEARCH ALL", `\* SEARCH 3 4\nOK.*`)
}

// TestKickEndsAll connections, and nobody hangs on Close.
func TestKickEndsAll(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 1)
	k.write("i IDLE\r\n")
	k.line()
	s.Kick()
	if line := k.line(); line != "" {
		t.Error(line)
	}
	if err := s.Until(t.Context(), func() bool { return len(s.In(inbox)) == 1 }); err != nil {
		t.Error(err)
	}
	if ever, _ := s.IMAPSessions(); ever != 1 {
		t.Error(ever)
	}
	s.Order(Fault{At: AtGreeting})
	if line := talk(t, s).line(); !strings.HasPrefix(line, "* BYE") {
		t.Error(line)
	}
	s.Order(Fault{At: AtGreeting, How: Silence})
	quiet := talk(t, s)
	quiet.write("a NOOP\r\n")
}

// TestUntil: a MOVE by a client and a mail to a person wake who waits; an end of
// the context ends the wait.
func TestUntil(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 1)
	k.do("CREATE Processed")
	woken := make(chan error, 2)
	for _, holds := range []func() bool{
		func() bool { return len(s.In("Processed")) == 1 && len(s.In(inbox)) == 0 },
		func() bool { return len(s.Mails("helen@example.org")) == 1 },
	} {
		go func() { woken <- s.Until(context.Background(), holds) }()
	}
	k.do("UID MOVE 1 Processed")
	if err := send(s, "helen@example.org", letter(1, "")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-woken; err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Until(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestAThousandWaiting are listed, fetched and moved at a pace that a benchmark of
// the reader is not held up by.
func TestAThousandWaiting(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{Inbox: us}, 0)
	k.do("CREATE Processed")
	bring(t, s, most+100)
	k.do("SELECT INBOX")
	for uid := 1; uid <= most+100; uid++ {
		if got := k.do(fmt.Sprintf("UID FETCH %d (RFC822.SIZE BODY.PEEK[])", uid)); !strings.Contains(got, fmt.Sprintf("Subject: Number %d\n", uid)) {
			t.Fatal(got)
		}
		if got := k.do(fmt.Sprintf("UID MOVE %d Processed", uid)); !strings.Contains(got, "* 1 EXPUNGE") {
			t.Fatal(got)
		}
	}
	if len(s.In("Processed")) != most+100 || len(s.In(inbox)) != 0 || len(s.Mails("")) != most {
		t.Error(len(s.In("Processed")), len(s.In(inbox)), len(s.Mails("")))
	}
	noComplaints(t, s)
}
