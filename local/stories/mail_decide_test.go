package stories

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/mail/mailtest"
	"gangway/internal/review"
)

// TestReviewersDecideByReply: one word on the first line decides, in any of the
// languages; conditions don't, and whoever wrote one is told at once how to.
func TestReviewersDecideByReply(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "jonas", "daniel")
	jonas, daniel := p.people["jonas"], p.people["daniel"]
	jonas.As, jonas.Language, daniel.As = mailtest.Outlook, "de", mailtest.Apple
	o := p.looks("")
	jonas.Inbox.Expect(t, "Is it good enough?", "reply with one of these as the first line").Reply(t, "Genehmigt.\n\nGruß, Jonas")
	o.counts("jonas", "look", review.Approve, "mail")
	jonas.Inbox.Expect(t, "Your answer has been counted: approved")
	wantArrival(t, o.comes(1), arrivals.Decision)

	asked := daniel.Inbox.Expect(t, "Is it good enough?")
	asked.Reply(t, "Approved if they answer within a day.")
	told := daniel.Inbox.Expect(t, "Your mail has not been counted", "none of the words that count")
	wantArrival(t, o.comes(2), arrivals.Comment, arrivals.Unclear)
	o.hasBallots("look", 1)
	asked.Reply(t, "not approved")
	daniel.Inbox.Expect(t, "Your mail has not been counted", "none of the words that count")
	wantArrival(t, o.comes(3), arrivals.Comment, arrivals.Unclear)
	asked.Reply(t, "rejected")
	daniel.Inbox.Expect(t, "Your mail has not been counted", "needs a reason")
	wantArrival(t, o.comes(4), arrivals.Comment, arrivals.NeedsMore)
	o.hasBallots("look", 1)
	told.Reply(t, "approved")
	o.counts("daniel", "look", review.Approve, "mail")
	daniel.Inbox.Expect(t, "Your answer has been counted: approved")
	v := o.sealed(dossier.Live)
	if got := o.words(commentOf(o, "Approved if")); len(got) != 1 || got[0] != "Approved if they answer within a day." {
		t.Errorf("the record has the comment %q", got)
	}
	asked.Reply(t, "rejected\nI have changed my mind.")
	daniel.Inbox.Expect(t, "Your mail has not been counted", "closed")
	wantArrival(t, o.comes(6), arrivals.Comment, arrivals.OldToken)
	o.filedMails(v, p.mail)
}

// commentOf is the id of the note whose text begins so.
func commentOf(o *onboarding, begins string) string {
	o.h.t.Helper()
	for _, l := range o.kinds(dossier.Noted) {
		if l.Body != nil && strings.HasPrefix(l.Body.Inside, begins) {
			return l.Entry.Answer
		}
	}
	o.h.t.Fatalf("nobody wrote %q", begins)
	return ""
}

// TestNobodyIsDecidedForByMail: a colleague to whom a mail was forwarded decides
// nothing with its address, nor does whoever writes under somebody's name; the one
// who was asked hears of it, and nobody else does.
func TestNobodyIsDecidedForByMail(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "jonas", "priya", "daniel")
	jonas, priya, daniel := p.people["jonas"], p.people["priya"], p.people["daniel"]
	o := p.looks("")
	daniel.Inbox.Expect(t, "Is it good enough?")
	asked := jonas.Inbox.Expect(t, "Is it good enough?")

	asked.Forward(t, priya, "Can you take this one?").ReplyWith(t, mailtest.Draft{To: []string{asked.Header.Get("Reply-To")}, Text: "approved"})
	jonas.Inbox.Expect(t, "Your mail has not been counted", "from an address that is not yours")
	wantArrival(t, o.comes(1), arrivals.Comment, arrivals.NotAddressee)

	n := 1
	for _, forged := range []struct {
		name  string
		draft mailtest.Draft
		why   []arrivals.Why
		told  string
	}{
		{"not signed", mailtest.Draft{SignedBy: "none"}, []arrivals.Why{arrivals.NotAligned}, "nothing in it proves"},
		{"signed by somebody else", mailtest.Draft{SignedBy: "elsewhere.example"}, []arrivals.Why{arrivals.NotAligned}, "nothing in it proves"},
		{"a sender put on top", mailtest.Draft{From: "Mallory <mallory@elsewhere.example>", SignedBy: "elsewhere.example", Above: []string{"From: " + jonas.Address}}, []arrivals.Why{arrivals.ManySenders}, "no single sender"},
	} {
		forged.draft.To, forged.draft.Subject, forged.draft.Text = []string{asked.Header.Get("Reply-To")}, "Re: "+asked.Subject, "approved"
		if forged.draft.From == "" {
			forged.draft.From = "Jonas Keller <" + jonas.Address + ">"
		}
		p.mail.Forge(t, forged.draft)
		jonas.Inbox.Expect(t, "Your mail has not been counted", forged.told)
		n++
		wantArrival(t, o.comes(n), arrivals.Comment, forged.why...)
	}
	o.hasBallots("look", 0)

	// The address of one is worth nothing in the hands of another who was asked, too.
	daniel.Send(t, mailtest.Draft{To: []string{asked.Header.Get("Reply-To")}, Subject: "Re: " + asked.Subject, Text: "approved"})
	jonas.Inbox.Expect(t, "Your mail has not been counted", "from an address that is not yours")
	wantArrival(t, o.comes(n+1), arrivals.Comment, arrivals.NotAddressee)
	o.hasBallots("look", 0)

	asked.Reply(t, "approved")
	o.counts("jonas", "look", review.Approve, "mail")
	jonas.Inbox.Expect(t, "Your answer has been counted: approved")
	o.hasBallots("look", 1)
}

// TestOutOfOfficeIsOffered: what somebody's mailbox says of their absence, the
// word Approved in it or not, decides nothing; the owner of the case takes it, and
// only then it is believed.
func TestOutOfOfficeIsOffered(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "daniel")
	o := p.looks("")
	last := time.Now().AddDate(0, 0, 30) // the day after it they are back
	back := last.AddDate(0, 0, 1)
	p.people["daniel"].Inbox.Expect(t, "Is it good enough?").OutOfOffice(t, "Approved\n\nI am out of the office until "+last.Format("2 January 2006")+" and read no mail.")
	wantArrival(t, o.comes(1), arrivals.Away, arrivals.IsAutomatic)
	o.hasBallots("look", 0)
	var offers []access.AwayOffer
	p.get("/api/offers?case="+url.QueryEscape(o.id), "maya", &offers)
	if len(offers) != 1 || offers[0].Person != "daniel" || offers[0].Taken != "" || offers[0].Until.Format(time.DateOnly) != back.Format(time.DateOnly) {
		t.Fatalf("maya is offered %+v, want that daniel is away until %s", offers, back.Format(time.DateOnly))
	}
	if away := p.away("daniel"); away {
		t.Error("daniel is away before anybody said so")
	}
	if !p.calls.insist(context.Background(), http.MethodPost, "/api/offers/take", "maya", map[string]string{"id": offers[0].ID}, nil) {
		t.Fatal("maya can't take it")
	}
	if away := p.away("daniel"); !away {
		t.Error("daniel is not away, though maya took what his mailbox said")
	}
	p.get("/api/offers?case="+url.QueryEscape(o.id), "maya", &offers)
	if len(offers) > 1 || len(offers) == 1 && offers[0].Taken != "maya" {
		t.Errorf("after that maya is offered %+v", offers)
	}
}

// away reports whether somebody is away tomorrow, as the desk has it.
func (p *posted) away(person string) bool {
	p.t.Helper()
	tomorrow := time.Now().AddDate(0, 0, 1)
	who, _, err := p.Archive.Person(context.Background(), person)
	if err != nil {
		p.t.Fatalf("looking up %s: %v", person, err)
	}
	for _, a := range who.Away {
		if !tomorrow.Before(a.From) && tomorrow.Before(a.Until) {
			return true
		}
	}
	return false
}

// TestBounceMeansUndelivered: a mail that comes back says in the case that its
// person was not reached.
func TestBounceMeansUndelivered(t *testing.T) {
	t.Parallel()
	p := newPosted(t, "daniel")
	o := p.looks("")
	p.people["daniel"].Inbox.Expect(t, "Is it good enough?").Bounce(t)
	if !within(patience, func() bool {
		return slices.ContainsFunc(o.lines(), func(l dossier.Line) bool {
			f := l.Entry.Fact
			return f != nil && f.Kind == review.FactLost && f.Person == "daniel"
		})
	}) {
		t.Fatalf("nobody hears that daniel was not reached\n%s", describe(o.view()))
	}
	if notes := slices.DeleteFunc(o.kinds(dossier.Noted), func(l dossier.Line) bool { return l.Entry.Detail.Name != string(review.NoteUndelivered) }); len(notes) != 1 {
		t.Errorf("that a letter came back is in the record %d times", len(notes))
	}
	o.hasBallots("look", 0)
}
