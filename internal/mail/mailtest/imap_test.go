package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	us  = "gangway@example.org"
	key = "open sesame"
)

// talker speaks IMAP by hand.
type talker struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
	n    int
	over bool // the connection has ended
}

func talk(t *testing.T, s *Server) *talker {
	t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.IMAPPort()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &talker{t: t, conn: conn, r: bufio.NewReader(conn)}
}

func (k *talker) write(text string) {
	k.t.Helper()
	if _, err := io.WriteString(k.conn, text); err != nil {
		k.t.Fatal(err)
	}
}

// line reads one; empty: the connection has ended.
func (k *talker) line() string {
	k.t.Helper()
	if err := k.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		k.t.Fatal(err)
	}
	line, err := k.r.ReadString('\n')
	if err != nil && !strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "reset") {
		k.t.Fatal(err)
	}
	k.over = err != nil
	return strings.TrimSuffix(line, "\r\n")
}

// do sends a command and reads what comes until it is answered.
func (k *talker) do(command string) string {
	k.t.Helper()
	k.n++
	tag := fmt.Sprintf("t%d", k.n)
	k.write(tag + " " + command + "\r\n")
	return k.until(tag)
}

func (k *talker) until(tag string) string {
	k.t.Helper()
	var all []string
	for {
		line := k.line()
		all = append(all, strings.TrimPrefix(line, tag+" "))
		if k.over || strings.HasPrefix(line, tag+" ") {
			return strings.Join(all, "\n")
		}
	}
}

// wants fails unless an answer is like an expression.
func (k *talker) wants(command, like string) {
	k.t.Helper()
	if got := k.do(command); !regexp.MustCompile("(?s)^" + like + "$").MatchString(got) {
		k.t.Errorf("%s: %q, want %q", command, got, like)
	}
}

func signed(t *testing.T, s *Server) *talker {
	t.Helper()
	k := talk(t, s)
	if greeting := k.line(); !strings.HasPrefix(greeting, "* OK [CAPABILITY IMAP4rev1 ") {
		t.Fatal(greeting)
	}
	k.wants(`LOGIN `+us+` "`+s.Password()+`"`, `OK \[CAPABILITY .*MOVE.*\] .*`)
	return k
}

// selected has an INBOX open that holds some mails.
func selected(t *testing.T, o Options, mails int) (*Server, *talker) {
	t.Helper()
	o.Inbox = us
	s := start(t, o)
	bring(t, s, mails)
	k := signed(t, s)
	k.do("SELECT INBOX")
	return s, k
}

func bring(t *testing.T, s *Server, mails int) {
	t.Helper()
	for i := range mails {
		if _, err := s.Deliver("ruth@northgate.example", []string{"gangway+tok@example.org"}, fmt.Appendf(nil, "Subject: Number %d\r\nFrom: ruth@northgate.example\r\n\r\nText\r\n", i+1)); err != nil {
			t.Fatal(err)
		}
	}
}

func noComplaints(t *testing.T, s *Server) {
	t.Helper()
	for _, c := range s.Complaints() {
		t.Error("it complains: " + c)
	}
}

// TestWhatPeopleWriteLandsInTheInbox: over SMTP, with any detail after the +, at any
// address of a domain for bounces, once for each address, with what the servers on
// the way note; what goes to others does not.
func TestWhatPeopleWriteLandsInTheInbox(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us, Catch: []string{"bounces.example.org"}, Stamp: func(m Mail) string { return "X-From: " + m.From + "\r\n" }})
	for _, to := range []string{"Gangway+abc@Example.org", us, "token@bounces.example.org"} {
		if err := send(s, to, "From: ruth@northgate.example\r\nSubject: any\r\n\r\nText\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := send(s, "helen@example.org", letter(1, "")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver("a@b.example", []string{"gangway+1@example.org", "gangway+2@example.org"}, []byte("Subject: two\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	var to []string
	for _, m := range s.In("inbox") {
		to = append(to, m.To...)
	}
	if got := strings.Join(to, " "); got != "Gangway+abc@Example.org gangway@example.org token@bounces.example.org gangway+1@example.org gangway+2@example.org" {
		t.Error(got)
	}
	k := signed(t, s)
	k.do("SELECT inbox")
	k.wants("UID FETCH 1 (BODY.PEEK[])", `\* 1 FETCH \(UID 1 BODY\[\] \{\d+\}
Return-Path: <bounces@example.org>
Delivered-To: Gangway\+abc@Example.org
X-From: bounces@example.org
Received: .*
From: ruth@northgate.example
Subject: any

Text
\)
OK .*`)
	if len(s.Mails("HELEN@example.org")) != 1 || len(s.Mails(us)) != 3 {
		t.Error(len(s.Mails("helen@example.org")), len(s.Mails(us)))
	}
	noComplaints(t, s)
}

func TestSearchFetchMove(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 3)
	for _, c := range [][2]string{
		{"UID SEARCH UID 2:*", `\* SEARCH 2 3\nOK .*`},
		{"UID SEARCH UID 9:*", `\* SEARCH 3\nOK .*`}, // n:* holds the last one always
		{"UID SEARCH SUBJECT \"number 2\" NOT SEEN", `\* SEARCH 2\nOK .*`},
		{"SEARCH OR LARGER 100000 (UNSEEN FROM ruth) SINCE 1-Jan-2020", `\* SEARCH 1 2 3\nOK .*`},
		{"UID FETCH 1:2 (RFC822.SIZE FLAGS)", `\* 1 FETCH \(RFC822.SIZE \d+ FLAGS \(\) UID 1\)\n\* 2 FETCH .* UID 2\)\nOK .*`},
		{"FETCH 3 INTERNALDATE", `\* 3 FETCH \(INTERNALDATE "[ \d]\d-\w{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}"\)\nOK .*`},
		{"UID FETCH 3 BODY.PEEK[HEADER.FIELDS (subject)]<0.9>", `\* 3 FETCH \(UID 3 BODY\[HEADER.FIELDS \(SUBJECT\)\]<0> \{9\}\nSubject: \)\nOK .*`},
		{"UID FETCH 99 (UID)", `OK .*`},
		{"UID STORE 2 +FLAGS (\\Seen)", `\* 2 FETCH \(UID 2 FLAGS \(\\Seen\)\)\nOK .*`},
		{"UID MOVE 2 Processed", `NO \[TRYCREATE\] .*`},
		{"CREATE Processed", `OK .*`},
		{"UID MOVE 2 Processed", `\* OK \[COPYUID 2 2 1\] moved\n\* 2 EXPUNGE\nOK .*`},
		{"UID COPY 1,3 Processed", `OK \[COPYUID 2 1,3 2,3\] copied`},
		{"UID STORE 1 FLAGS.SILENT (\\Deleted)", `OK .*`},
		{"UID EXPUNGE 3", `OK .*`},
		{"UID EXPUNGE 1:3", `\* 1 EXPUNGE\nOK .*`},
		{"STATUS Processed (MESSAGES UIDNEXT UNSEEN)", `\* STATUS "Processed" \(MESSAGES 3 UIDNEXT 4 UNSEEN 2\)\nOK .*`},
		{"LIST \"\" \"*\"", `\* LIST \(\\HasNoChildren\) "/" "INBOX"\n\* LIST .* "Processed"\nOK .*`},
		{"UID SEARCH ALL", `\* SEARCH 3\nOK .*`},
		{"EXAMINE Processed", `.*\* 3 EXISTS\n\* 3 RECENT\n\* OK \[UNSEEN 2\].*\[UIDVALIDITY 2\].*\[UIDNEXT 4\].*OK \[READ-ONLY\] .*`},
		{"STORE 1 +FLAGS (\\Seen)", `NO \[READ-ONLY\] .*`},
		{"UNSELECT", `OK .*`},
		{"LOGOUT", `\* BYE .*\nOK .*`},
	} {
		k.wants(c[0], c[1])
	}
	if k.line() != "" {
		t.Error("it stays after LOGOUT")
	}
	noComplaints(t, s)
}

func TestAppendWithLiterals(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 0)
	k.write("a1 APPEND INBOX (\\Seen) \" 1-Mar-2026 10:00:00 +0100\" {14}\r\n")
	if line := k.line(); !strings.HasPrefix(line, "+ ") {
		t.Fatal(line)
	}
	k.write("Subject: a\r\n\r\n\r\n")
	if got := k.until("a1"); got != "* 1 EXISTS\nOK [APPENDUID 1 1] filed" {
		t.Errorf("%q", got)
	}
	k.write("a2 APPEND INBOX {14+}\r\nSubject: b\r\n\r\n\r\n")
	if got := k.until("a2"); got != "* 2 EXISTS\nOK [APPENDUID 1 2] filed" {
		t.Errorf("%q", got)
	}
	k.wants("FETCH 1 (FLAGS INTERNALDATE)", `\* 1 FETCH \(FLAGS \(\\Seen\) INTERNALDATE " 1-Mar-2026 10:00:00 \+0100"\)\nOK .*`)
	noComplaints(t, s)
	k.write("a3 APPEND INBOX {99999999}\r\n")
	if got := k.until("a3"); !strings.HasPrefix(got, "NO [TOOBIG]") {
		t.Errorf("%q", got)
	}
}

// TestIdleTells what comes and goes, and ends with DONE.
func TestIdleTells(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 1)
	other := signed(t, s)
	other.do("SELECT INBOX")
	k.write("i IDLE\r\n")
	if line := k.line(); !strings.HasPrefix(line, "+ ") {
		t.Fatal(line)
	}
	bring(t, s, 1)
	if line := k.line(); line != "* 2 EXISTS" {
		t.Error(line)
	}
	other.do("STORE 1 +FLAGS (\\Deleted)")
	if line := k.line(); line != `* 1 FETCH (UID 1 FLAGS (\Deleted))` {
		t.Error(line)
	}
	other.do("EXPUNGE")
	if line := k.line(); line != "* 1 EXPUNGE" {
		t.Error(line)
	}
	k.write("DONE\r\n")
	if got := k.until("i"); !strings.HasPrefix(got, "OK") {
		t.Error(got)
	}
	noComplaints(t, s)
}

// TestSequenceNumbersStayWhileTheyAreInUse: that a mail went is not told in FETCH,
// STORE and SEARCH by sequence number.
func TestSequenceNumbersStayWhileTheyAreInUse(t *testing.T) {
	t.Parallel()
	s, k := selected(t, Options{}, 3)
	other := signed(t, s)
	other.do("SELECT INBOX")
	other.do("UID STORE 1 +FLAGS.SILENT (\\Deleted)")
	other.do("EXPUNGE")
	bring(t, s, 1)
	k.wants("FETCH 1:3 (UID)", `\* 2 FETCH \(UID 2\)\n\* 3 FETCH \(UID 3\)\n\* 4 EXISTS\nOK .*`)
	k.wants("NOOP", `\* 1 EXPUNGE\nOK .*`)
	k.wants("FETCH 3 (UID)", `\* 3 FETCH \(UID 4\)\nOK .*`)
}

func TestWhatIMAPForbids(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ state, line, like string }{
		{"new", "SELECT INBOX", "BAD no sign-in before"},
		{"new", "LOGIN a", "BAD 1 arguments instead of 2"},
		{"new", "STARTTLS", "BAD STARTTLS that is not offered"},
		{"in", "LOGIN a b", "BAD signing in twice"},
		{"in", "UID FETCH 1 (UID)", "BAD no folder open"},
		{"in", "SELECT INBOX (CONDSTORE)", "BAD 2 arguments instead of 1"},
		{"in", "ENABLE CONDSTORE", "BAD a command that is not offered"},
		{"in", "UID NOOP", "BAD a command that is not offered"},
		{"open", "FETCH 9 (UID)", "BAD a sequence number that there is not"},
		{"open", "FETCH 0 (UID)", "BAD a set of numbers that is none"},
		{"open", "UID FETCH 1 ()", "BAD FETCH of nothing"},
		{"open", "UID FETCH 1 (UID", "BAD a list that no space parts"},
		{"open", "UID FETCH 1  (UID)", "BAD an argument that is none"},
		{"open", "UID FETCH 1 (X-ANY)", "BAD FETCH of something that there is not"},
		{"open", "UID STORE 1 +FLAGS (\\Recent)", "BAD a flag that is none"},
		{"open", "UID SEARCH", "BAD SEARCH for nothing"},
		{"open", "UID SEARCH SOMEHOW", "BAD a search key that is not offered"},
	} {
		s := start(t, Options{Inbox: us})
		bring(t, s, 1)
		k := talk(t, s)
		if k.line(); c.state != "new" {
			k.do("LOGIN " + us + " " + s.Password())
		}
		if c.state == "open" {
			k.do("SELECT INBOX")
		}
		if got := k.do(c.line); got != c.like || len(s.Complaints()) != 1 {
			t.Errorf("%s: %q, want %q; %q", c.line, got, c.like, s.Complaints())
		}
	}
	s, k := selected(t, Options{}, 1)
	k.wants("UID FETCH 1 (BODY[TEXT])", `.*OK .*`)
	if c := s.Complaints(); len(c) != 1 || !strings.Contains(c[0], "without PEEK") || !strings.Contains(k.do("FETCH 1 (FLAGS)"), `\Seen`) {
		t.Error(c)
	}
	k.write("x NOOP\n")
	if got := k.until("x"); !strings.Contains(got, "CR LF") {
		t.Error(got)
	}
}

func TestWaysToSignIn(t *testing.T) {
	t.Parallel()
	good := encode([]byte("\x00" + us + "\x00" + key))
	x := func(token string) string {
		return encode([]byte("user=" + us + "\x01auth=Bearer " + token + "\x01\x01"))
	}
	b := func(token string) string {
		return encode([]byte("n,a=" + us + ",\x01host=mail.test\x01port=143\x01auth=Bearer " + token + "\x01\x01"))
	}
	for _, c := range []struct {
		name  string
		lines []string
		in    bool
	}{
		{"LOGIN", []string{`a LOGIN "` + us + `" "` + key + `"`}, true},
		{"LOGIN, wrong", []string{`a LOGIN "` + us + `" "other"`}, false},
		{"LOGIN, nobody", []string{`a LOGIN "` + us + `" ""`}, false},
		{"PLAIN at once", []string{"a AUTHENTICATE PLAIN " + good}, true},
		{"PLAIN", []string{"a AUTHENTICATE PLAIN", good}, true},
		{"PLAIN, wrong", []string{"a AUTHENTICATE PLAIN", encode([]byte("\x00" + us + "\x00other"))}, false},
		{"XOAUTH2 at once", []string{"a AUTHENTICATE XOAUTH2 " + x("tok")}, true},
		{"XOAUTH2", []string{"a AUTHENTICATE XOAUTH2", x("tok")}, true},
		{"XOAUTH2, wrong", []string{"a AUTHENTICATE XOAUTH2 " + x("old"), ""}, false},
		{"OAUTHBEARER at once", []string{"a AUTHENTICATE OAUTHBEARER " + b("tok")}, true},
		{"OAUTHBEARER, wrong", []string{"a AUTHENTICATE OAUTHBEARER " + b("old"), encode([]byte("\x01"))}, false},
		{"another way", []string{"a AUTHENTICATE CRAM-MD5"}, false},
	} {
		s := start(t, Options{Inbox: us, User: us, Password: key, Token: "tok"})
		k := talk(t, s)
		k.line()
		for i, line := range c.lines {
			if k.write(line + "\r\n"); i < len(c.lines)-1 {
				if got := k.line(); !strings.HasPrefix(got, "+ ") {
					t.Errorf("%s: %q", c.name, got)
				}
			}
		}
		if got := k.until("a"); strings.HasPrefix(got, "OK") != c.in || !c.in && !strings.HasPrefix(got, "NO") {
			t.Errorf("%s: %q", c.name, got)
		}
		k.wants("SELECT INBOX", map[bool]string{true: ".*OK.*", false: "BAD.*"}[c.in])
	}
	s := start(t, Options{Inbox: us, User: us, Password: key, Token: "tok"})
	s.SetToken("new")
	k := talk(t, s)
	k.line()
	k.wants("AUTHENTICATE XOAUTH2 "+x("new"), "OK.*")
}

func TestSecured(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us, STARTTLS: true})
	k := talk(t, s)
	if greeting := k.line(); !strings.Contains(greeting, "STARTTLS LOGINDISABLED") {
		t.Error(greeting)
	}
	k.wants("LOGIN a b", "BAD a password in the clear")
	k.wants("STARTTLS", "OK.*")
	secured := tls.Client(k.conn, &tls.Config{RootCAs: s.Roots(), ServerName: "127.0.0.1"})
	k.conn, k.r = secured, bufio.NewReader(secured)
	k.wants("CAPABILITY", `\* CAPABILITY .*AUTH=PLAIN\nOK.*`)
	k.wants("LOGIN "+us+" "+s.Password(), "OK.*")
	s = start(t, Options{Inbox: us, Implicit: true})
	conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.IMAPPort()), &tls.Config{RootCAs: s.Roots()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	k = &talker{t: t, conn: conn, r: bufio.NewReader(conn)}
	k.line()
	k.wants("LOGIN "+us+" "+s.Password(), "OK.*")
}
