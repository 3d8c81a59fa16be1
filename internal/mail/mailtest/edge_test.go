package mailtest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// TestCommandsAlongWithSTARTTLS would be taken for what came secured.
func TestCommandsAlongWithSTARTTLS(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us, STARTTLS: true})
	k := talk(t, s)
	k.line()
	k.write("a STARTTLS\r\nb NOOP\r\n")
	if got := k.until("a"); !strings.HasPrefix(got, "OK") {
		t.Error(got)
	}
	if got := k.until("a"); !strings.Contains(got, "BAD commands sent along with STARTTLS") || k.until("b") != "" {
		t.Error(got)
	}
}

// TestNoneThatWaitsIsForgotten: a mail that is still in a folder outlives the limit
// of those that are shown, on the disk too; one that went does not.
func TestNoneThatWaitsIsForgotten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, k := selected(t, Options{Dir: dir}, 2)
	for i := range most {
		if _, err := s.keep(Mail{To: []string{"helen@example.org"}, Raw: fmt.Appendf(nil, "Subject: %d\r\n\r\n", i)}); err != nil {
			t.Fatal(err)
		}
	}
	k.do("UID STORE 2 +FLAGS (\\Deleted)")
	k.do("EXPUNGE")
	if files, err := filepath.Glob(filepath.Join(dir, "*.eml")); err != nil || len(files) != most+1 {
		t.Error(len(files), err)
	}
	if _, err := os.Stat(s.path(2)); !os.IsNotExist(err) {
		t.Error("one that went is still there", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir, Inbox: us})
	if in := again.In(inbox); len(in) != 1 || in[0].Subject != "Number 1" || len(again.Mails("")) != most {
		t.Error(len(in), len(again.Mails("")))
	}
}

// TestInvitationsAndFilesOfOurs: what may be attached to a mail of ours, and how.
func TestInvitationsAndFilesOfOurs(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	calendar := "\r\n--b\r\nContent-Type: text/calendar; charset=UTF-8; method=REQUEST\r\nContent-Transfer-Encoding: base64\r\n\r\nQkVHSU4=\r\n--b--"
	invited := strings.Replace(letter(1, ""), "\r\n--b--", calendar, 1)
	file := func(disposition string) string {
		whole := strings.Replace(invited, "Content-Type: multipart/alternative; boundary=b\r\n\r\n", "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n", 1)
		return whole + "--m\r\nContent-Type: application/ics\r\n" + disposition + "\r\n\r\nBEGIN\r\n--m--\r\n"
	}
	for name, c := range map[string]struct {
		raw  string
		says string // empty: it is taken
	}{
		"an invitation":        {invited, ""},
		"a file":               {file(`Content-Disposition: attachment; filename="invite.ics"`), ""},
		"a file without name":  {file(`Content-Disposition: attachment`), "554"},
		"a file in the text":   {file(`Content-Disposition: inline; filename="invite.ics"`), "554"},
		"where replies go":     {letter(1, "Reply-To: gangway+tok@example.org\r\n"), ""},
		"to two of them":       {letter(1, "Reply-To: a@example.org, b@example.org\r\n"), "554"},
		"twice":                {letter(1, "Reply-To: a@example.org\r\nReply-To: a@example.org\r\n"), "554"},
		"calendar in the text": {strings.Replace(invited, "method=REQUEST\r\n", "method=REQUEST\r\nContent-Disposition: attachment\r\n", 1), "554"},
	} {
		if err := send(s, "helen@example.org", c.raw); (err == nil) != (c.says == "") || err != nil && !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m := s.Mails(""); len(m) != 3 {
		t.Error(len(m))
	}
}

// TestNestedParts are taken apart so far and no further, however many there are.
func TestNestedParts(t *testing.T) {
	t.Parallel()
	nested := func(depth int) []byte {
		var b strings.Builder
		b.WriteString("Subject: nested\r\n")
		for i := range depth {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%[1]d\r\n", i)
		}
		return []byte(b.String() + "Content-Type: text/plain\r\n\r\ninnermost\r\n")
	}
	if m, _, _ := open(nested(deepest)); !strings.HasPrefix(m.Text, "innermost") {
		t.Errorf("%q", m.Text)
	}
	if m, o, err := open(nested(2000)); err == nil || m.Text != "" || m.Subject != "nested" || o.parts > deepest+2 {
		t.Error(err, o.parts)
	}
}

// TestTokensOverSMTP sign in as they do over IMAP; another token does not.
func TestTokensOverSMTP(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us, User: us, Password: key, Token: "tok"})
	in := func(c sasl.Client) error {
		client, err := smtp.Dial(net.JoinHostPort(s.Host(), fmt.Sprint(s.Port())))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
		if err := client.Hello("localhost"); err != nil {
			t.Fatal(err)
		}
		return client.Auth(c)
	}
	token := func(token string) sasl.Client {
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: us, Token: token})
	}
	if err := in(token("tok")); err != nil {
		t.Error(err)
	}
	if in(token("old")) == nil || in(sasl.NewPlainClient("", us, "other")) == nil {
		t.Error("signed in by what is not right")
	}
	if err := in(sasl.NewPlainClient("", us, key)); err != nil {
		t.Error(err)
	}
}
