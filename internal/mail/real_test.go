package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/mail"
	"gangway/internal/mail/posthouse"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestARealMailServer is mail both ways through Postfix and Dovecot. One story after
// another, since a silent Dovecot is silent for all.
func TestARealMailServer(t *testing.T) {
	t.Parallel()
	h := posthouse.Start(t, posthouse.Options{Domains: []string{"gangway.example", "example.org"}, Catch: []string{"bounces.example.org"}, Unknown: []string{"nowhere.example"}})
	for _, c := range []struct {
		name string
		is   func(*realInbox)
	}{
		{"asked and answered", askedAndAnswered},
		{"an out-of-office", outOfOffice},
		{"a bounce", bounce},
		{"folders", folders},
		{"another UIDVALIDITY", anotherValidity},
		{"XOAUTH2", byToken},
		{"kicked while idle", func(w *realInbox) { w.kicked(idling) }},
		{"kicked in mid-FETCH", func(w *realInbox) { w.kicked(fetching) }},
		{"silent while idle", func(w *realInbox) { w.silent(idling) }},
		{"silent in mid-FETCH", func(w *realInbox) { w.silent(fetching) }},
	} {
		t.Run(c.name, func(t *testing.T) { c.is(newRealInbox(t, h)) })
	}
}

// realInbox is an inbox at a real server; each begins with an empty one.
type realInbox struct {
	*inbox
	h    *posthouse.House
	wire *wire
}

func newRealInbox(t *testing.T, h *posthouse.House) *realInbox {
	t.Helper()
	w := &realInbox{inbox: newInbox(t, nil), h: h, wire: newWire(t, h.IMAP)}
	who := people()
	nora := who[0]
	nora.ID, nora.Name, nora.Mail = "nora", "Nora Nowhere", "nora@nowhere.example"
	_, _, err := w.a.ApplyPeople(t.Context(), append(who, nora), "olga")
	w.ok(err)
	w.post = w.newPost(w.a, func(o *mail.Options) {
		o.From, o.Replies = "Gangway <"+gangwayMail+">", gangwayMail
		o.Server = mail.Server{Host: "127.0.0.1", Port: h.SMTP, TLS: mail.Plain}
	})
	w.out = &answers{Post: w.post}
	w.box = w.dovecot(nil)
	w.reader = w.newReader(nil)
	t.Cleanup(func() { // the next story finds nothing of this one
		h.Continue(t)
		h.Doveadm(t, "expunge", "-u", gangwayMail, "mailbox", "*", "all")
	})
	return w
}

func (w *realInbox) dovecot(change func(*mail.IMAP)) mail.Mailbox {
	return w.mailbox(func(o *mail.IMAP) {
		o.Port, o.Patience = w.wire.port(), 10*time.Second
		o.Password = func() (string, error) { return w.h.Password, nil }
		if change != nil {
			change(o)
		}
	})
}

// sends asks somebody by mail for what a request wants.
func (w *realInbox) sends(letter, person, request string) {
	w.t.Helper()
	w.show(letter, acme, person, playbook.WhyAsked, request)
	w.pass(time.Minute)
	if n := w.deliver(); n != 1 {
		w.t.Fatalf("%d mails left", n)
	}
	w.isState(letter, outbox.Sent)
}

// replies signs a mail and gives it to Postfix.
func (w *realInbox) replies(from, to, raw string) {
	w.t.Helper()
	w.h.Send(w.t, from, []string{to}, []byte(sign(w.t, raw, "example.org")))
}

// holds is how many mails doveadm sees in a folder.
func (w *realInbox) holds(folder string) int {
	w.t.Helper()
	said := w.h.Doveadm(w.t, "mailbox", "status", "-u", gangwayMail, "messages", folder)
	n, err := strconv.Atoi(said[strings.LastIndexByte(said, '=')+1:])
	w.ok(err)
	return n
}

func (w *realInbox) lie(inbox, processed, quarantine int) {
	w.t.Helper()
	want := fmt.Sprint(inbox, processed, quarantine)
	if got := fmt.Sprint(w.holds("INBOX"), w.holds("Processed"), w.holds("Quarantine")); got != want {
		w.t.Errorf("in INBOX, Processed and Quarantine lie %s, want %s", got, want)
	}
}

// comesIn waits until Dovecot has so many mails that nobody read yet.
func (w *realInbox) comesIn(n int) {
	w.t.Helper()
	w.until(func() bool { return len(w.h.Mails(w.t, gangwayMail, "INBOX")) == n })
}

// isApproved: each of the requests was answered once, by helen.
func (w *realInbox) isApproved(requests ...string) {
	w.t.Helper()
	w.desk.mu.Lock()
	defer w.desk.mu.Unlock()
	for _, r := range requests {
		if a := w.decided(r); len(a) != 1 || a[0].Verdict != review.Approve || a[0].From.ID != "helen@example.org" {
			w.t.Errorf("%s was answered by %+v", r, a)
		}
	}
	if len(w.desk.answers) != len(requests) {
		w.t.Errorf("%d answers to %d requests", len(w.desk.answers), len(requests))
	}
}

// askedAndAnswered: Post's mail lies with helen, what she replies to it decides, and
// what doesn't count is said to her by a mail that lies with her too.
func askedAndAnswered(w *realInbox) {
	t := w.t
	request, _ := w.asks("legal", "helen")
	w.sends("n1", "helen", request)
	w.reader = w.newReader(func(o *mail.ReaderOptions) { o.Outgoing = w.post })
	asked, err := netmail.ReadMessage(bytes.NewReader(w.h.Wait(t, "helen@example.org", "INBOX", "Legal review")))
	w.ok(err)
	to, err := netmail.ParseAddress(asked.Header.Get("Reply-To"))
	w.ok(err)
	words := func(text string) string {
		return w.letterOf(helen, to.Address, "Re: "+asked.Header.Get("Subject"), text+"\n\n> Read the contract and say whether we can sign it.\n", "In-Reply-To: "+asked.Header.Get("Message-Id"))
	}
	w.replies("helen@example.org", to.Address, words("Looks good, but who pays?"))
	w.comesIn(1)
	if a := w.one(); a.Kind != arrivals.Comment || a.Request != request || a.Person != "helen" {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
	w.pass(time.Minute)
	w.deliver()
	w.h.Wait(t, "helen@example.org", "INBOX", "Your mail has not been counted")
	w.replies("helen@example.org", to.Address, words("Approved"))
	w.comesIn(1)
	if a := w.one(); a.Kind != arrivals.Decision || a.Outcome != string(review.Counted) {
		t.Errorf("%s %v %s", a.Kind, a.Why, a.Outcome)
	}
	w.isApproved(request)
	w.lie(0, 2, 0)
}

// outOfOffice: Dovecot's Sieve says that sam is away, in words that would decide. It
// keeps to RFC 3834 and does not answer what says that a program sent it; Exchange
// does, so the same mail comes once more without the field.
func outOfOffice(w *realInbox) {
	t := w.t
	w.h.Away(t, "sam@example.org", "Approved", "Approved\n\nI am away until 12 March 2026.")
	request, _ := w.asks("legal", "sam")
	w.sends("n1", "sam", request)
	asked := string(w.h.Wait(t, "sam@example.org", "INBOX", "Legal review"))
	w.until(func() bool {
		return strings.Contains(w.h.Log(), "discarding vacation response to auto-submitted message")
	})
	head, err := netmail.ReadMessage(strings.NewReader(asked))
	w.ok(err)
	_, asked, _ = strings.Cut(asked, "Auto-Submitted: auto-generated")
	w.h.Send(t, strings.Trim(head.Header.Get("Return-Path"), "<>"), []string{"sam@example.org"}, []byte("X-Was: there"+asked))
	w.comesIn(1)
	a := w.one()
	if a.Kind != arrivals.Away || a.Person != "sam" || a.Request != request || !slices.Equal(a.Why, []arrivals.Why{arrivals.IsAutomatic}) {
		t.Errorf("%s of %s %v", a.Kind, a.Person, a.Why)
	}
	if len(w.desk.notes) != 1 {
		t.Fatalf("noted %+v", w.desk.notes)
	}
	if n := w.desk.notes[0]; n.Kind != review.NoteAway || n.Person != "sam" || n.Case != acme || !n.Until.Equal(time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("noted %+v", n)
	}
	w.isApproved()
	if len(w.out.told) != 0 {
		t.Errorf("a program was answered: %+v", w.out.told)
	}
	w.lie(0, 1, 0)
}

// bounce: the server elsewhere says 550, and Postfix reports it.
func bounce(w *realInbox) {
	request, _ := w.asks("legal", "nora")
	w.sends("n1", "nora", request)
	w.comesIn(1)
	if a := w.one(); a.Kind != arrivals.Bounce {
		w.t.Errorf("%s %v", a.Kind, a.Why)
	}
	w.isState("n1", outbox.Bounced)
	if told := w.notes.told(); len(told) != 1 || told[0].Case != acme {
		w.t.Errorf("the case was told %+v", told)
	}
	w.isApproved()
	w.lie(0, 1, 0)
}

// folders: what was ours lies in one folder, what was not in the other, unread both.
func folders(w *realInbox) {
	request, to := w.asks("legal", "helen")
	w.replies("helen@example.org", to, w.letterOf(helen, to, "Re: Legal review", "approved\n"))
	w.h.Send(w.t, "eve@evil.example", []string{gangwayMail}, []byte(w.letterOf("eve@evil.example", gangwayMail, "Hello", "Approved\n")))
	w.comesIn(2)
	w.ok(w.reader.Once(w.t.Context()))
	w.isApproved(request)
	w.lie(0, 1, 1)
	for folder, who := range map[string]string{"Processed": "helen", "Quarantine": "eve"} {
		seen := w.h.Doveadm(w.t, "fetch", "-u", gangwayMail, "hdr.from flags", "mailbox", folder, "all")
		if !strings.Contains(seen, who+"@") || strings.Contains(seen, `\Seen`) {
			w.t.Errorf("in %s lies %s", folder, seen)
		}
	}
}

// staying is a mailbox whose mails are never moved: a restored one has them again.
type staying struct{ mail.Mailbox }

func (staying) Move(context.Context, []uint32, mail.Folder) error { return nil }

// anotherValidity: all that lies there is seen again, and has its one outcome.
func anotherValidity(w *realInbox) {
	t := w.t
	var requests []string
	for _, step := range []string{"legal", "tax"} {
		request, to := w.asks(step, "helen")
		w.replies("helen@example.org", to, w.letterOf(helen, to, "Re: Legal review", "approved\n"))
		requests = append(requests, request)
	}
	w.comesIn(2)
	before := w.newReader(func(o *mail.ReaderOptions) { o.Mailbox = staying{o.Mailbox} })
	w.ok(before.Once(t.Context()))
	if n := len(w.settled()); n != 2 {
		t.Fatalf("%d mails were settled", n)
	}
	w.ok(w.reader.Once(t.Context()))
	w.lie(2, 0, 0) // read already, as the numbers say
	w.h.SetValidity(t, gangwayMail, 4242)
	request, to := w.asks("security", "helen")
	w.replies("helen@example.org", to, w.letterOf(helen, to, "Re: Legal review", "approved\n"))
	w.comesIn(3)
	if a := w.one(); a.Kind != arrivals.Decision || a.Request != request {
		t.Errorf("%s about %s", a.Kind, a.Request)
	}
	w.isApproved(append(requests, request)...)
	w.lie(0, 3, 0)
	if c, err := w.a.Cursor(t.Context(), w.box.Name()); err != nil || c.Validity != 4242 {
		t.Errorf("%+v, %v", c, err)
	}
}

// byToken: a bearer token opens the mailbox, and one that is over does not.
func byToken(w *realInbox) {
	t := w.t
	w.h.SetToken("tok", gangwayMail)
	t.Cleanup(func() { w.h.SetToken("", "") })
	request, to := w.asks("legal", "helen")
	w.replies("helen@example.org", to, w.letterOf(helen, to, "Re: Legal review", "approved\n"))
	w.comesIn(1)
	w.box = w.dovecot(func(o *mail.IMAP) { o.Password, o.Token = nil, token("over") })
	err := w.newReader(nil).Once(t.Context())
	var refused interface {
		Permanent() bool
		Hint() string
	}
	if !errors.As(err, &refused) || !refused.Permanent() || !strings.Contains(refused.Hint(), "OAuth") {
		t.Errorf("a token that is over: %v", err)
	}
	w.box = w.dovecot(func(o *mail.IMAP) { o.Password, o.Token = nil, token("tok") })
	w.reader = w.newReader(nil)
	if a := w.one(); a.Kind != arrivals.Decision {
		t.Errorf("%s %v", a.Kind, a.Why)
	}
	w.isApproved(request)
	if !strings.Contains(w.h.Log(), "method=XOAUTH2") {
		t.Error("Dovecot did not see XOAUTH2")
	}
}
