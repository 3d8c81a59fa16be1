package mailtest

import (
	"bytes"
	"context"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// asked is a mail of ours that asks for something.
const asked = "From: \"Gangway\" <gangway@example.org>\r\nTo: \"Ruth\" <ruth@northgate.example>\r\nReply-To: <gangway+tok@example.org>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n" +
	"Message-ID: <m1@example.org>\r\nSubject: =?utf-8?q?Data_processing_agreement_=E2=80=93_Acme?=\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\nReferences: <root@example.org>\r\n" +
	"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"Please write approved or rejected\r\nabove this line.\r\n--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"<html><head></head><body><p>Please</p><a href=3D\"mailto:gangway+tok@example.org?subject=3DRe%3A%20Acme&amp;body=3D%23approve%0D%0Aa+b\"> <b>App</b>rove </a><a href=3D\"https://x.example/go/1\">Open</a><a href=3D\"https://x.example/go/2\">Open</a></body></html>\r\n--b--\r\n"

// tell gives a server where Ruth has been asked.
func tell(t *testing.T) (*Server, *Person) {
	t.Helper()
	s := Open(t, Options{Inbox: us})
	if err := send(s, "ruth@northgate.example", asked); err != nil {
		t.Fatal(err)
	}
	return s, s.Person("Ruth Ämter", "ruth@northgate.example")
}

// last is the newest mail in our inbox, as it is read over IMAP.
func last(t *testing.T, s *Server) (raw string, m Mail) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.folderNamed(inbox)
	if len(f.messages) == 0 {
		t.Fatal("nothing came")
	}
	raw = string(f.messages[len(f.messages)-1].bytes())
	m, _, err := open([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return raw, m
}

func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in:\n%s", p, text)
		}
	}
}

func TestAReply(t *testing.T) {
	t.Parallel()
	s, ruth := tell(t)
	sent := ruth.Inbox.Expect(t, "Data processing agreement", "rejected above this").Reply(t, "approved")
	raw, m := last(t, s)
	if sent.To[0] != "gangway+tok@example.org" || m.Subject != "Re: Data processing agreement – Acme" || m.Header.Get("In-Reply-To") != "<m1@example.org>" ||
		m.Header.Get("References") != "<root@example.org> <m1@example.org>" || m.Header.Get("Delivered-To") != "gangway+tok@example.org" || m.Header.Get("Return-Path") != "<ruth@northgate.example>" {
		t.Errorf("%+v", m.Header)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || len(from) != 1 || *from[0] != (mail.Address{Name: "Ruth Ämter", Address: "ruth@northgate.example"}) {
		t.Error(from, err)
	}
	if !strings.HasPrefix(m.Text, "approved\n\nOn ") || !strings.HasSuffix(m.Text, "M Gangway <gangway@example.org> wrote:\n\n> Please write approved or rejected\n> above this line.\n") {
		t.Errorf("%q", m.Text)
	}
	holds(t, m.HTML, `<div dir="ltr">approved</div>`, `gmail_quote`, `<p>Please</p>`)
	found, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: s.LookupTXT})
	if err != nil || len(found) != 1 || found[0].Err != nil || found[0].Domain != "northgate.example" || !slices.Contains(found[0].HeaderKeys, "from") {
		t.Error(err, found)
	}
}

// TestMailPrograms quote, each in its way, in eight languages.
func TestMailPrograms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		as           Client
		language     string
		text, markup string
	}{
		{Gmail, "de", " Uhr schrieb Gangway", "gmail_quote"}, {Gmail, "fr", " a écrit :", ""}, {Gmail, "es", ") escribió:", ""}, {Gmail, "pt", " escreveu:", ""},
		{Gmail, "nl", " schreef Gangway", ""}, {Gmail, "it", " ha scritto:", ""}, {Gmail, "pl", " napisał(a):", ""},
		{Outlook, "", "\n________________________________\nFrom: Gangway <gangway@example.org>\nSent: ", `<div id="appendonsend">`},
		{Outlook, "de", "\nVon: Gangway <gangway@example.org>\nGesendet: ", "<b>Betreff:</b> Data"}, {Outlook, "pl", "\nWysłano: ", "divRplyFwdMsg"},
		{Apple, "", "\n> On ", `<blockquote type="cite">`}, {Apple, "pl", "\n> Wiadomość napisana przez Gangway", ""},
		{Plain, "", ", Gangway wrote:\n> Please", ""}, {Plain, "nl", "het volgende geschreven:\n> Please", ""},
		{HTML, "", "", "gmail_quote"},
	} {
		s, ruth := tell(t)
		ruth.As, ruth.Language = c.as, c.language
		ruth.Inbox.Expect(t, "Data processing").ReplyWith(t, Draft{Text: "genehmigt – ja", Footer: "-- \nRuth"})
		_, m := last(t, s)
		if c.as == HTML && m.Text != "" || c.as == Plain && m.HTML != "" {
			t.Errorf("%s: %q %q", c.as, m.Text, m.HTML)
		}
		if c.as != HTML {
			holds(t, strings.ReplaceAll(m.Text, "ha\nscritto", "ha scritto"), c.text, "genehmigt – ja\n\n-- \nRuth\n\n")
		}
		if c.as != Plain {
			holds(t, m.HTML, c.markup, "genehmigt – ja")
		}
	}
}

func TestAttachmentsAndButtons(t *testing.T) {
	t.Parallel()
	s, ruth := tell(t)
	m := ruth.Inbox.Expect(t, "Acme")
	content := bytes.Repeat([]byte{0, 1, 2, 255}, 1000)
	m.ReplyWith(t, Draft{Text: "Here it is", Files: []File{{"DPA – signed.pdf", "application/pdf", content}}})
	raw, got := last(t, s)
	if len(got.Files) != 1 || got.Files[0].Name != "DPA – signed.pdf" || got.Files[0].Kind != "application/pdf" || !bytes.Equal(got.Files[0].Bytes, content) || !strings.HasPrefix(got.Text, "Here it is\n\nOn") {
		t.Errorf("%+v\n%s", got.Files, raw)
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 200 {
			t.Errorf("a line of %d", len(line))
		}
	}
	pressed := m.Press(t, "approve")
	if pressed.To[0] != "gangway+tok@example.org" || pressed.Subject != "Re: Acme" || pressed.Text != "#approve\na+b\n" {
		t.Errorf("%q %q %q", pressed.To, pressed.Subject, pressed.Text)
	}
	ruth.Write(t, "Gangway <gangway@example.org>", "A question", "What is this?")
	if _, m := last(t, s); m.Header.Get("In-Reply-To") != "" || m.Text != "What is this?\n" {
		t.Errorf("%+v", m)
	}
	if err := Try(t.Context(), func(t T) { m.Follow(t, "open") }); err == nil || !strings.Contains(err.Error(), "2 links are called so") {
		t.Error(err)
	}
}

// TestForwardedIsAnothers: whoever it was handed on to answers from their own address.
func TestForwardedIsAnothers(t *testing.T) {
	t.Parallel()
	s, ruth := tell(t)
	max := s.Person("Max", "max@elsewhere.example")
	handed := ruth.Inbox.Expect(t, "Acme").Forward(t, max, "Please look")
	holds(t, handed.Text, "---------- Forwarded message", "From: Gangway <gangway@example.org>", "Please write approved")
	if len(max.Inbox.Mails()) != 1 || len(s.In(inbox)) != 0 {
		t.Error(len(max.Inbox.Mails()), len(s.In(inbox)))
	}
	handed.ReplyWith(t, Draft{To: []string{"gangway+tok@example.org"}, Text: "approved"})
	raw, m := last(t, s)
	holds(t, m.Header.Get("From"), "max@elsewhere.example")
	holds(t, raw, "d=elsewhere.example;")
}

func TestAutomaticMails(t *testing.T) {
	t.Parallel()
	s, ruth := tell(t)
	m := ruth.Inbox.Expect(t, "Acme")
	if away := m.OutOfOffice(t, "Back on 3 March"); away.To[0] != "bounces@example.org" {
		t.Error(away.To) // the envelope's sender, which is not the Reply-To
	}
	m.Mail.From = "gangway+bounce-1@example.org"
	m.OutOfOffice(t, "Approved. No: I am away until 3 March.")
	_, got := last(t, s)
	if got.Header.Get("Auto-Submitted") != "auto-replied" || got.Header.Get("Return-Path") != "<>" || got.Header.Get("In-Reply-To") != "<m1@example.org>" || got.Subject != "Automatic reply: Data processing agreement – Acme" || strings.Contains(got.Text, "Please") {
		t.Errorf("%+v %q", got.Header, got.Text)
	}
	m.Bounce(t)
	raw, got := last(t, s)
	holds(t, raw, "Content-Type: multipart/report;", "Return-Path: <>", "Status: 5.1.1", "Final-Recipient: rfc822; ruth@northgate.example", "Message-ID: <m1@example.org>")
	if strings.Contains(raw, "DKIM-Signature") || len(got.Files) != 2 {
		t.Error(raw)
	}
	s.Whatever("bounces@example.org")
	m.Mail.From = ""
	if Try(t.Context(), func(t T) { m.Bounce(t) }) == nil || Try(t.Context(), func(t T) { m.OutOfOffice(t, "") }) == nil {
		t.Error("one without a sender was answered")
	}
}

// TestForged: nobody's server signs what comes from elsewhere, and what is put on
// top afterwards stands on top.
func TestForged(t *testing.T) {
	t.Parallel()
	s := Open(t, Options{Inbox: us})
	draft := Draft{From: "Ruth <ruth@northgate.example>", To: []string{"gangway+tok@example.org"}, Subject: "Re: Acme", Text: "approved"}
	s.Forge(t, draft)
	if raw, _ := last(t, s); strings.Contains(raw, "DKIM-Signature") {
		t.Error(raw)
	}
	draft.SignedBy = "elsewhere.example"
	draft.Above = []string{"Authentication-Results: mail.test; dkim=pass"}
	draft.Bend = func(raw []byte) []byte { return append([]byte("From: second@northgate.example\r\n"), raw...) }
	s.Forge(t, draft)
	raw, m := last(t, s)
	if len(m.Header["From"]) != 2 {
		t.Error(raw)
	}
	_, signed, _ := strings.Cut(raw, "\r\nFrom: second")
	holds(t, signed, "\r\nAuthentication-Results: mail.test; dkim=pass\r\nDKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=elsewhere.example;")
}

// TestNothingElse names what nobody expected, and what nobody should do.
func TestNothingElse(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Inbox: us})
	if err := send(s, "ruth@northgate.example", asked); err != nil {
		t.Fatal(err)
	}
	ruth := s.Person("Ruth", "ruth@northgate.example")
	err := Try(t.Context(), func(t T) { s.NothingElse(t) })
	if err == nil || !strings.Contains(err.Error(), "a mail to ruth@northgate.example: “Data processing agreement – Acme” “Please write") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Try(ctx, func(t T) { ruth.Inbox.Expect(t, "invoice") }); err == nil || !strings.Contains(err.Error(), "There is:\na mail to ruth") {
		t.Error(err)
	}
	m := ruth.Inbox.Expect(t, "Acme")
	m.Reply(t, "approved")
	if err := Try(t.Context(), func(t T) { s.NothingElse(t) }); err != nil {
		t.Error(err)
	}
	if err := Try(ctx, func(t T) { ruth.Inbox.Expect(t, "Acme") }); err == nil {
		t.Error("the same mail was expected twice")
	}
	if send(s, "ruth@northgate.example", letter(1, "Bcc: a@example.org\r\n")) == nil {
		t.Error("taken")
	}
	if err := Try(t.Context(), func(t T) { s.NothingElse(t) }); err == nil || !strings.Contains(err.Error(), "a fault: it has a header Bcc") {
		t.Error(err)
	}
}

// FuzzOpen: whatever comes is shown as far as it goes.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(asked))
	f.Add([]byte(letter(1, "")))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, o, _ := open(raw)
		if len(o.leaves) > mostParts || len(m.Files) > mostParts {
			t.Error("too many parts")
		}
		read(raw)
	})
}
