package stories

import (
	"context"
	"slices"
	"testing"
	"time"

	"gangway/internal/assembly"
	"gangway/internal/mail/mailtest"
	"gangway/internal/review"
)

// processed waits until so many mails lie where what was worked off goes.
func (p *posted) processed(n int) {
	p.t.Helper()
	if !within(patience, func() bool { return len(p.mail.In("Processed")) == n && len(p.mail.In("INBOX")) == 0 }) {
		p.t.Fatalf("%d mails are processed and %d wait, want %d and none", len(p.mail.In("Processed")), len(p.mail.In("INBOX")), n)
	}
}

// delivers hands the mail server a mail that it has already had.
func (p *posted) delivers(from string, to []string, raw []byte) {
	p.t.Helper()
	if _, err := p.mail.Deliver(from, to, raw); err != nil {
		p.t.Fatalf("delivering a mail once more: %v", err)
	}
}

// TestTheSameMailAgain: delivered twice, sent on once more by a server in between,
// and numbered anew while it lies there, a mail has one outcome and is answered once.
func TestTheSameMailAgain(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "jonas", "daniel")
	jonas, daniel := p.people["jonas"], p.people["daniel"]
	o := p.looks("")
	sent := jonas.Inbox.Expect(t, "Is it good enough?").Reply(t, "approved")
	p.delivers(sent.From, sent.To, sent.Raw)
	jonas.Inbox.Expect(t, "Your answer has been counted: approved")
	p.processed(2)
	again := slices.Concat([]byte("Received: from elsewhere.example by mx.gangway.example; Mon, 2 Mar 2026 10:00:00 +0000\r\n"), sent.Raw)
	p.delivers("bounces@elsewhere.example", sent.To, again)
	p.processed(3)

	asked := daniel.Inbox.Expect(t, "Is it good enough?")
	p.mail.Order(mailtest.Fault{At: mailtest.AtMove, Times: -1})
	asked.Reply(t, "approved")
	o.counts("daniel", "look", review.Approve, "mail")
	daniel.Inbox.Expect(t, "Your answer has been counted: approved")
	if n := len(p.mail.In("INBOX")); n != 1 {
		t.Errorf("%d mails lie in the mailbox, want the one that can't be moved", n)
	}
	p.mail.NewValidity("INBOX")
	p.mail.Mend()
	p.processed(4)
	o.comes(2)
	o.hasBallots("look", 2)
}

// TestOneReadsAtATime: of two processes that share the record one reads the
// mailbox; when it stops the other goes on, and nothing is read twice.
func TestOneReadsAtATime(t *testing.T) {
	t.Parallel()
	var o assembly.Options
	p := postedOn(t, ground{options: func(at *assembly.Options) {
		at.Shared, at.MailboxEvery = true, 50*time.Millisecond
		o = *at
	}}, "jonas", "daniel")
	second, err := assembly.Open(context.Background(), p.client, o)
	if err != nil {
		t.Fatalf("opening a second house: %v", err)
	}
	loops, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { second.Run(loops); close(done) }()
	t.Cleanup(func() {
		stop()
		<-done
		if err := second.Close(); err != nil {
			t.Errorf("closing the second house: %v", err)
		}
	})
	c := p.looks("")
	p.people["jonas"].Inbox.Expect(t, "Is it good enough?").Reply(t, "approved")
	p.people["jonas"].Inbox.Expect(t, "Your answer has been counted: approved")
	p.processed(1)
	if ever, open := p.mail.IMAPSessions(); ever != 1 || open != 1 {
		t.Errorf("%d sessions read the mailbox so far, %d now, want one", ever, open)
	}
	p.rests() // the one or the other; both take their turn where it is the second's
	p.people["daniel"].Inbox.Expect(t, "Is it good enough?").Reply(t, "approved")
	p.people["daniel"].Inbox.Expect(t, "Your answer has been counted: approved")
	p.processed(2)
	if _, open := p.mail.IMAPSessions(); open != 1 {
		t.Errorf("%d sessions read the mailbox, want the second's", open)
	}
	c.counts("jonas", "look", review.Approve, "mail")
	c.counts("daniel", "look", review.Approve, "mail")
	c.comes(2)
}
