package mail_test

import (
	"errors"
	"strings"
	"testing"

	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// report is a delivery report as Postfix writes it.
func report(to, action, status, original string) string {
	return strings.ReplaceAll(`Return-Path: <>
Delivered-To: `+to+`
Received: by mx.example.org (Postfix)
	id 4B2C3D4E5F; Mon,  2 Mar 2026 10:00:05 +0100 (CET)
Date: Mon,  2 Mar 2026 10:00:05 +0100 (CET)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: `+to+`
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4B2C3D4E5F.1772442005/mx.example.org"
Message-Id: <20260302090005.4B2C3D4E5F@mx.example.org>

This is a MIME-encapsulated message.

--4B2C3D4E5F.1772442005/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

<helen@example.org>: host mail.example.org[192.0.2.1] said: 550 5.1.1 <helen@example.org>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)

--4B2C3D4E5F.1772442005/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4B2C3D4E5F
Arrival-Date: Mon,  2 Mar 2026 10:00:03 +0100 (CET)

Final-Recipient: rfc822; helen@example.org
Action: `+action+`
Status: `+status+`
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4B2C3D4E5F.1772442005/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

`+original+`
--4B2C3D4E5F.1772442005/mx.example.org--
`, "\n", "\r\n")
}

const someToken = "abcdefghijklmnopqrstuvwxyz"

func TestReadBounce(t *testing.T) {
	t.Parallel()
	ours := "Message-ID: <gw.abc@example.org>\nSubject: Secret name\n"
	for name, c := range map[string]struct {
		raw  string
		want mail.Bounce
	}{
		"failed":         {report("bounces+"+someToken+"@bounces.example.org", "failed", "5.1.1", ours), mail.Bounce{Token: someToken, Message: "gw.abc@example.org", Failed: true, Status: "5.1.1"}},
		"in capitals":    {report("BOUNCES+"+strings.ToUpper(someToken)+"@BOUNCES.example.org", "Failed", "5.2.2 (mailbox full)", ""), mail.Bounce{Token: someToken, Failed: true, Status: "5.2.2"}},
		"without token":  {report("postmaster@example.org", "failed", "5.1.1", ours), mail.Bounce{Message: "gw.abc@example.org", Failed: true, Status: "5.1.1"}},
		"delayed":        {report("bounces+"+someToken+"@b.example.org", "delayed", "4.4.1", ours), mail.Bounce{Token: someToken, Message: "gw.abc@example.org"}},
		"relayed":        {report("bounces+"+someToken+"@b.example.org", "relayed", "2.0.0", ""), mail.Bounce{Token: someToken}},
		"a name for 5.1": {report("bounces+"+someToken+"@b.example.org", "failed", "<script>", ""), mail.Bounce{Token: someToken, Failed: true}},
	} {
		got, err := mail.ReadBounce([]byte(c.raw))
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestReadBounceRefuses(t *testing.T) {
	t.Parallel()
	nested := "Content-Type: multipart/report; boundary=b0\r\n\r\n"
	for i := range 200 {
		nested += strings.ReplaceAll("--bN\r\nContent-Type: multipart/mixed; boundary=bM\r\n\r\n", "N", string(rune('a'+i%26)))
	}
	for name, raw := range map[string]string{
		"nothing":          "",
		"no mail":          "\x00\x01\x02",
		"an ordinary mail": "From: a@example.org\r\nTo: bounces+" + someToken + "@b.example.org\r\nSubject: Hello\r\n\r\nApproved\r\n",
		"about no mail":    report("postmaster@example.org", "failed", "5.1.1", "Message-ID: <other@example.com>\n"),
		"a short token":    report("bounces+abc@b.example.org", "failed", "5.1.1", ""),
		"too large":        report("bounces+"+someToken+"@b.example.org", "failed", "5.1.1", strings.Repeat("X: y\n", 300_000)),
		"a large header":   "X: " + strings.Repeat("y", 300<<10) + "\r\n\r\n",
		"nested":           nested,
		"many parameters":  "Content-Type: text/plain" + strings.Repeat("; p*1=v", 20_000) + "\r\n\r\nx",
		"many, unfolded":   "Content-Type: text/plain" + strings.Repeat(";\r\np*1=v", 20_000) + "\r\n\r\nx",
		"many parts":       "Content-Type: multipart/report; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 1000),
	} {
		_, err := mail.ReadBounce([]byte(raw))
		if e := (mail.UnreadableError{}); !errors.As(err, &e) || e.Hint() == "" || !e.Invalid() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add([]byte(report("bounces+"+someToken+"@bounces.example.org", "failed", "5.1.1", "Message-ID: <gw.abc@example.org>\n")))
	f.Add([]byte("From: a@example.org\r\n\r\nhello"))
	f.Add([]byte(strings.ReplaceAll(report("a@example.org", "delayed", "4.0.0", "Message-ID: <gw.x>"), "\r\n", "\n")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := mail.ReadBounce(raw)
		if err != nil {
			return
		}
		if b.Token == "" && b.Message == "" {
			t.Error("it is about no mail")
		}
		if strings.ContainsAny(b.Token+b.Message+b.Status, " \r\n<>") || len(b.Token)+len(b.Message)+len(b.Status) > 300 {
			t.Errorf("a stranger's words came through: %+v", b)
		}
	})
}

// A mail that comes back makes its requests undelivered, by what the envelope
// carried or by its Message-ID; a delay does not.
func TestAMailComesBack(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]func(m mailtest.Mail) mail.Bounce{
		"by its envelope": func(m mailtest.Mail) mail.Bounce { return read(t, report(m.From, "failed", "5.1.1", "")) },
		"by its Message-ID": func(m mailtest.Mail) mail.Bounce {
			return read(t, report("postmaster@example.org", "failed", "5.1.1", "Message-ID: <"+m.Message()+">\n"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := one(t, mailtest.Options{})
			w.deliver()
			m := w.count("helen@example.org", 1)[0]
			w.ok(w.post.Bounced(t.Context(), read(t, report(m.From, "delayed", "4.4.1", ""))))
			w.isState("n1", outbox.Sent)
			for range 2 {
				w.ok(w.post.Bounced(t.Context(), known(m)))
			}
			if l := w.letter("n1"); l.State != outbox.Bounced || l.Fault != "bounce 5.1.1" {
				t.Errorf("it is %s (%s)", l.State, l.Fault)
			}
			if told := w.notes.told(); len(told) != 1 || told[0].Kind != review.NoteUndelivered || told[0].Request != acme+"/legal" {
				t.Errorf("its case was told %+v", told)
			}
		})
	}
	w := one(t, mailtest.Options{})
	for _, b := range []mail.Bounce{{Token: someToken, Failed: true}, {Message: "gw.abc@example.org", Failed: true}, {Failed: true}, {}} {
		var missing interface{ NotFound() bool }
		if err := w.post.Bounced(t.Context(), b); !errors.As(err, &missing) || !missing.NotFound() {
			t.Errorf("%+v: %v", b, err)
		}
	}
}

func read(t *testing.T, raw string) mail.Bounce {
	t.Helper()
	b, err := mail.ReadBounce([]byte(raw))
	if err != nil {
		t.Error(err)
	}
	return b
}
