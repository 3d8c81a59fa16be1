package stories

import (
	"bytes"
	"testing"
	"time"

	"gangway/internal/assembly"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestSlackWhileNobodyWorks: what is said while no process can take it is kept,
// acknowledged as such, and told of when it counts, or when it is refused.
func TestSlackWhileNobodyWorks(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases", "tom", "daniel", "ruth")
	helen, george, ravi := s.person("helen"), s.person("george"), s.person("ravi")
	o := s.onboard()
	hers, his := helen.Expect(t, "Is this vendor needed?"), ravi.Expect(t, "Is this vendor needed?")
	hers.Menu("Delegate").Click(t)
	helen.Modal(t, "Delegate").Choose("To whom", "George Adeyemi").Date("Until the end of", nextWeek()).Submit(t)
	theirs := george.Expect(t, "Is this vendor needed?", "delegated by Helen Marsh")

	s.stops()
	theirs.Button("Approve").Click(t)
	form := george.Modal(t, "Your answer")
	form.Check(noConflict).Submit(t)
	form = george.Modal(t, "Received")
	form.Says(t, "Received, being delivered")
	form.Close(t)
	theirs.Says(t, "Received, being delivered", "Your answer (Approve)")
	hers.Button("Reject").Click(t)
	form = helen.Modal(t, "Your answer")
	form.Fill("Your reason", "too dear").Submit(t)
	form = helen.Modal(t, "Received")
	form.Close(t)
	hers.Says(t, "Received, being delivered", "Your answer (Reject)")
	hers.SaysNot(t, "too dear")

	s.starts()
	theirs.Says(t, "You answered: Approve")
	george.Expect(t, "Counted", "Approve", "Is this vendor needed?")
	helen.Expect(t, "Not counted", "Reject", "George Adeyemi")
	hers.Says(t, "Answered by George Adeyemi: Approve")
	o.counts("george", "need", review.Approve, "slack")
	approves(t, ravi, his, noConflict)
	hers.Says(t, "Approved")
}

// TestSlackWhileSlackIsPoorly: what Slack loses, refuses for a while or is slow
// with comes in the end, and where a card came twice, both are true.
func TestSlackWhileSlackIsPoorly(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{options: func(o *assembly.Options) { o.Slack.CasesChannel = "" }})
	s.slack.Whatever("tom", "daniel", "ruth")
	s.slack.Order(slacktest.Failure{Method: "users.lookupByEmail", How: slacktest.Unavailable},
		slacktest.Failure{Method: "conversations.open", How: slacktest.Limited, After: time.Second},
		slacktest.Failure{Method: "chat.postMessage", How: slacktest.Lost})
	o := s.onboard()
	twice := ""
	if !within(2*patience, func() bool { // half a minute passes before it is posted again
		for _, person := range []string{"helen", "ravi"} {
			if dm := s.slack.DM(slackID(person)); dm != "" && len(s.slack.Messages(dm)) == 2 {
				twice = person
			}
		}
		return twice != ""
	}) {
		t.Fatal("nobody has two cards after a lost reply")
	}
	for _, person := range []string{"helen", "ravi"} {
		who := s.person(person)
		card := who.Expect(t, "Is this vendor needed?")
		if person != twice {
			continue
		}
		twin := who.Expect(t, "Is this vendor needed?")
		s.slack.Order(slacktest.Failure{Method: "chat.update", How: slacktest.Limited, After: time.Second}, slacktest.Failure{Method: "chat.update", How: slacktest.Unavailable})
		approves(t, who, card, noConflict) // nobody knows of this one, until it is clicked
		card.Says(t, "You answered: Approve")
		twin.Says(t, "You answered: Approve")
		twin.OffersNot(t, "Approve")
		o.counts(person, "need", review.Approve, "slack")
		o.once(person, "need")
	}
}

// TestSlackSocketsThatEnd: a click counts once although the sockets end in its
// midst and Slack delivers it again.
func TestSlackSocketsThatEnd(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{slack: func(o *slacktest.Options) { o.Patience = 20 * time.Second }})
	s.slack.Whatever("cases", "tom", "daniel", "ruth", "jonas", "maya", "helen")
	ravi := s.person("ravi")
	o := s.onboard()
	ravi.Expect(t, "Is this vendor needed?")
	o.needed()
	card := ravi.Expect(t, "Contract review")
	cut := make(chan struct{})
	go func() {
		defer close(cut)
		for range 4 {
			for s.slack.Disconnect(0, "") {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(30 * time.Millisecond)
		}
	}()
	out := card.Button("Approve").Click(t)
	<-cut
	card.Says(t, "You answered: Approve")
	o.counts("ravi", "review", review.Approve, "slack")
	if !within(patience, func() bool { return s.slack.Connections() >= 2 }) {
		t.Fatal("the sockets are not opened again")
	}
	for range 3 {
		s.slack.Deliver(out.Delivery)
	}
	o.once("ravi", "review")
}

// TestSlackOverHTTP: the same over HTTP; what is delivered again is the same
// answer, what was changed or signed by others is refused.
func TestSlackOverHTTP(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{http: true})
	s.slack.Whatever("cases", "tom", "daniel", "ruth", "jonas", "maya", "helen")
	ravi := s.person("ravi")
	if err := s.slack.Challenge(); err != nil {
		t.Error(err)
	}
	o := s.onboard()
	o.answer("helen", "need", review.Approve)
	need := ravi.Expect(t, "Is this vendor needed?")
	approves(t, ravi, need, noConflict)
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
	card := ravi.Expect(t, "Contract review")
	forged := s.slack.Forge(slacktest.Interactive, []byte(`{"type":"block_actions"}`), "of somebody else's", time.Now())
	if out := s.slack.Deliver(forged); out.Acked || out.Status/100 != 4 {
		t.Errorf("what others signed is answered with %d", out.Status)
	}
	out := card.Button("Approve").Click(t)
	card.Says(t, "You answered: Approve")
	for i := range 3 { // each is signed anew, as Slack does
		again := s.slack.Forge(out.Delivery.Kind, out.Delivery.Payload, s.slack.Options().Secret, time.Now().Add(time.Duration(i+1)*time.Second))
		if same := s.slack.Deliver(again); !same.Acked {
			t.Errorf("delivered again it is answered with %d", same.Status)
		}
		if replay := s.slack.Deliver(out.Delivery); replay.Acked {
			t.Error("the very request is taken twice")
		}
	}
	changed := out.Delivery
	changed.Body = bytes.Replace(changed.Body, []byte("approve"), []byte("reject0"), 1)
	if again := s.slack.Deliver(changed); again.Acked {
		t.Error("what was changed on its way is taken")
	}
	o.once("ravi", "review")
	ravi.Slash(t, "/vendor", "waiting")
	ravi.Private(t, "Nothing waits for you")
}

// once wants one answer of somebody's to a step in the record; a card shows it a moment
// before the record has it.
func (o *onboarding) once(person, step string) {
	o.h.t.Helper()
	n := 0
	if !within(patience, func() bool {
		n = 0
		for _, b := range o.newest(step).Ballots {
			if b.Person == person {
				n++
			}
		}
		return n > 0
	}) || n != 1 {
		o.h.t.Errorf("%s answered %s %d times", person, step, n)
	}
}
