package stories

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestSlackDelegatedAndRecused: one passes her seat on, another may not decide;
// all copies say so, and one is decided on the web page.
func TestSlackDelegatedAndRecused(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases")
	crew := s.crew("tom", "helen", "george", "ravi", "claire", "daniel", "ruth")
	tom, helen, george, ravi, claire, daniel, ruth := crew[0], crew[1], crew[2], crew[3], crew[4], crew[5], crew[6]
	o := s.onboard()
	hers := helen.Expect(t, "Is this vendor needed?", "Why you", "Sponsor")
	his := ravi.Expect(t, "Is this vendor needed?", "Finance")

	hers.Menu("Delegate").Click(t)
	form := helen.Modal(t, "Delegate")
	if err := trying(t, func(t trier) { form.Choose("To whom", "Tom Okafor").Submit(t) }); err == nil {
		t.Error("the requester can be chosen to decide")
	}
	form.Choose("To whom", "George Adeyemi").Date("Until the end of", nextWeek()).Fill("Why", "I am on the road").Submit(t)
	form.Gone(t)
	hers.Says(t, "Delegated to George Adeyemi", "You can still answer yourself")
	theirs := george.Expect(t, "Is this vendor needed?", "delegated by Helen Marsh")
	theirs.SaysNot(t, "on the road")

	his.Menu("Declare a conflict").Click(t)
	form = ravi.Modal(t, "Declare a conflict")
	form.Choose("What kind of conflict", "Family or friends").Submit(t)
	form.Wrong(t, "In your words")
	form.Fill("In your words", "my brother works there").Submit(t)
	form.Gone(t)
	his.Says(t, "You declared a conflict")
	his.SaysNot(t, "What is asked")
	his.OffersNot(t, "Approve", "Delegate")
	standIn := claire.Expect(t, "Is this vendor needed?", "Finance")

	approves(t, george, theirs, noConflict)
	theirs.Says(t, "You answered: Approve")
	hers.Says(t, "Answered by George Adeyemi: Approve", "Nothing more is asked of you")
	hers.OffersNot(t, "Approve")
	o.answer("claire", "need", review.Approve)
	standIn.Says(t, "Approved", "on the web page")
	hers.Says(t, "Approved", "Closed")
	tom.Expect(t, "Approved", "Is this vendor needed?")
	daniel.Expect(t, "Security look")
	ruth.Expect(t, "Data protection look")
	his.Says(t, "You declared a conflict")
	his.SaysNot(t, "Approved")
	for _, m := range s.slack.Messages("") {
		if strings.Contains(m.Text+string(m.Blocks), "brother") || strings.Contains(m.Text+string(m.Blocks), "on the road") {
			t.Errorf("a reason is shown in %s", m.Channel)
		}
	}
}

// TestSlackSnoozeAndNotMe: reminders are put off, and the owner hears who would
// be the right person.
func TestSlackSnoozeAndNotMe(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases")
	helen, ravi := s.person("helen"), s.person("ravi")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	card.Menu("Snooze reminders").Click(t)
	form := helen.Modal(t, "Snooze reminders")
	form.Choose("No reminders before", "For an hour").Submit(t)
	form.Gone(t)
	card.Says(t, "No reminders before")
	card.Offers(t, "Approve")

	other := ravi.Expect(t, "Is this vendor needed?")
	other.Menu("I'm not the right person").Click(t)
	form = ravi.Modal(t, "Not the right person")
	form.Submit(t)
	form.Wrong(t, "Why")
	form.Fill("Why", "payroll is hers").Choose("Who is", "Claire Dubois").Submit(t)
	form = ravi.Modal(t, "Passed on")
	form.Says(t, "The case owner can read it")
	form.Close(t)
	other.Says(t, "Waiting for you")
	if !within(patience, func() bool {
		for _, l := range o.lines() {
			if l.Body != nil && strings.Contains(l.Body.Inside, "payroll is hers") && strings.Contains(l.Body.Inside, "Claire Dubois") {
				return true
			}
		}
		return false
	}) {
		t.Error("the owner can't read that somebody else is the right person")
	}
}

// TestSlackTakenBackHeldAndWithdrawn: what happens elsewhere is seen on the
// cards: an answer that is taken back, a case on hold, and its end.
func TestSlackTakenBackHeldAndWithdrawn(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	tom, helen, ravi := s.person("tom"), s.person("helen"), s.person("ravi")
	o := s.onboard()
	board := s.slack.Channel("cases").Expect(t, "Under way")
	s.slack.Whatever("cases")
	card, other := helen.Expect(t, "Is this vendor needed?"), ravi.Expect(t, "Is this vendor needed?")
	approves(t, helen, card, noConflict)
	other.Says(t, "1 of 2 agreed")
	r := o.newest("need")
	o.act("helen", review.Act{Kind: review.TakeBack, Request: r.ID, Seat: "sponsor"})
	card.Says(t, "Waiting for you again", "Your answer was taken back")
	card.Offers(t, "Approve", "Delegate")
	other.Says(t, "0 of 2 agreed")

	o.act("maya", review.Act{Kind: review.Hold, Process: o.id})
	card.Says(t, "On hold, and you can still answer")
	other.Says(t, "On hold, and you can still answer", "no clock runs")
	board.Says(t, "On hold")
	approves(t, ravi, other, noConflict) // counts on hold as well
	o.act("maya", review.Act{Kind: review.Resume, Process: o.id})
	card.SaysNot(t, "On hold")
	board.SaysNot(t, "On hold")

	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	card.Says(t, "Withdrawn", "Nothing more is asked of you")
	other.Says(t, "Withdrawn")
	card.OffersNot(t, "Approve")
	board.Says(t, "Withdrawn")
	tom.Expect(t, "Withdrawn", "Is this vendor needed?")
	tom.Expect(t, "Brightwell", "withdrawn")
	o.sealed(dossier.Ended)
}

// TestSlackOverdue: whoever is silent is reminded, then others are
// asked and told, and the card says that it is overdue.
func TestSlackOverdue(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	crew := s.crew("maya", "helen", "george", "ravi", "claire")
	maya, helen, george, ravi, claire := crew[0], crew[1], crew[2], crew[3], crew[4]
	s.slack.Whatever("cases", "ravi", "tom", "daniel", "ruth")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	ravi.Expect(t, "Is this vendor needed?")
	o.passUntilTold("maya", "owner need")
	card.Says(t, "Overdue, and still waiting for you", "(overdue)")
	helen.Expect(t, "Your answer is still missing", "Is this vendor needed?")
	helen.Expect(t, "Your answer is still missing")
	standIn := george.Expect(t, "Is this vendor needed?", "standing in for Helen Marsh")
	george.Expect(t, "You are told as line manager", "Finance")
	claire.Expect(t, "Is this vendor needed?", "standing in for Ravi Menon")
	maya.Expect(t, "You are told as the owner of the case")
	s.slack.Whatever("maya", "helen", "george", "claire") // who is told how often is told elsewhere
	approves(t, george, standIn, noConflict)
	card.Says(t, "Answered by George Adeyemi: Approve")
}

// TestSlackAway: whoever says when they are away is not asked; who stands in is.
func TestSlackAway(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases", "ravi", "tom")
	helen, george := s.person("helen"), s.person("george")
	from, until := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 9).Format(time.DateOnly)
	helen.Slash(t, "/vendor", "away "+until+" "+from)
	helen.Private(t, "Days are written like")
	helen.Slash(t, "/vendor", "away "+from+" "+until)
	form := helen.Modal(t, "Away")
	form.Choose("Who stands in", "George Adeyemi").Submit(t)
	form = helen.Modal(t, "Noted")
	form.Close(t)
	home := helen.Home(t)
	home.Says(t, "Away now", "George Adeyemi stands in")

	o := s.onboard()
	standIn := george.Expect(t, "Is this vendor needed?", "standing in for Helen Marsh")
	home.Says(t, "Nothing waits for you")
	approves(t, george, standIn, noConflict)
	o.counts("george", "need", review.Approve, "slack")
	home.Button("I am back").Asking("Are you back?").Click(t)
	home.Says(t, "You are here")
}

// nextWeek is a day that comes.
func nextWeek() string { return time.Now().AddDate(0, 0, 7).Format(time.DateOnly) }
