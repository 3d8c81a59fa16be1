package stories

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/desk"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// trier is what a story fails by that is allowed to fail.
type trier = slacktest.T

// trying tells a part of a story that may fail; it does not wait.
func trying(t *testing.T, story func(trier)) error {
	t.Helper()
	return slacktest.Try(t.Context(), story)
}

// TestSlackS9: the requester decides nothing, whoever passes a seat to them and
// however it is sent.
func TestSlackS9(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases", "ravi")
	helen, tom := s.person("helen"), s.person("tom")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	card.Menu("Delegate").Click(t)
	form := helen.Modal(t, "Delegate")
	out := form.Choose("To whom", "George Adeyemi").Date("Until the end of", nextWeek()).Submit(t)
	form.Gone(t)
	s.person("george").Expect(t, "delegated by Helen Marsh")
	forged := out.Delivery // as somebody could send it who has the form open twice
	forged.Payload = bytes.ReplaceAll(forged.Payload, []byte(`"value":"george"`), []byte(`"value":"tom"`))
	if bytes.Equal(forged.Payload, out.Delivery.Payload) {
		t.Fatal("nothing was forged")
	}
	forged.Envelope = "forged"
	if answer := s.slack.Deliver(forged); !strings.Contains(string(answer.Answer), "errors") && !strings.Contains(string(answer.Answer), "Not counted") {
		t.Errorf("a seat is passed to the requester: %s", answer.Answer)
	}
	card.As(tom).Button("Approve").Click(t)
	tom.Expect(t, "This card is not yours")
	r := o.newest("need")
	if r.Holds("sponsor", "tom", time.Now()) || len(r.Ballots) != 0 {
		t.Errorf("the requester holds a seat: %s", describe(o.view()))
	}
}

// TestSlackS10: a card that still shows the version before counts for nothing,
// and says why.
func TestSlackS10(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases", "tom", "daniel", "ruth", "maya", "ravi", "helen")
	jonas := s.person("jonas")
	o := s.onboard()
	o.needed()
	card := jonas.Expect(t, "Contract review", "version 1")
	s.slack.Order(slacktest.Failure{Method: "chat.update", How: slacktest.Unavailable, Times: -1})
	o.answer("ravi", "review", review.Changes)
	o.answer("daniel", "review", review.Approve)
	o.answer("ruth", "review", review.Approve)
	o.act("maya", review.Act{Kind: review.SendChanges, Process: o.id})
	o.sends("pay in 14 days, please", example(t, "contract-v2.md"))
	card.Button("Approve").Click(t)
	jonas.Private(t, "Not counted", "Contract review")
	if len(s.slack.Views(slackID("jonas"))) > 0 {
		t.Error("a form is open in which nothing could count")
	}
	s.slack.Mend()
	card.Says(t, "version 2", "What changed since version 1")
	jonas.Expect(t, "Your answer is still missing")
	approves(t, jonas, card, readInFull, noConflict)
	o.counts("jonas", "review", review.Approve, "slack")
}

// stepUp is the example's playbook with a step that wants a browser.
type stepUp struct{ shipped }

func (stepUp) Playbook(name string) (playbook.Playbook, []byte, error) {
	_, text, err := config.Shipped("standard")
	if err != nil {
		return playbook.Playbook{}, nil, err
	}
	text = bytes.Replace(text, []byte("    title: Is this vendor needed?\n"), []byte("    title: Is this vendor needed?\n    answer-in: browser\n"), 1)
	pb, err := config.ReadPlaybook("playbook.yaml", text)
	return pb, text, err
}

// TestSlackS18: a step that wants a browser has a link in the place of its
// buttons, and what is sent all the same counts for nothing.
func TestSlackS18(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{desk: func(h *house) *desk.Desk {
		return desk.New(h.Archive, h.client, stepUp{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	}})
	s.slack.Whatever("cases", "ravi", "tom", "daniel", "ruth")
	helen := s.person("helen")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?", "Answer on the web page")
	card.Offers(t, "Answer on the page", "Delegate")
	card.OffersNot(t, "Approve", "Reject")
	// The ticket is that of a card with buttons: somebody could make one up.
	out := card.Menu("Snooze reminders").Click(t)
	helen.Modal(t, "Snooze reminders").Close(t)
	forged := out.Delivery
	forged.Payload = pressed(t, forged.Payload, "answer/approve")
	forged.Envelope = "forged"
	s.slack.Deliver(forged)
	helen.Private(t, "Not counted", "Open it")
	if n := len(o.newest("need").Ballots); n != 0 {
		t.Errorf("%d answers count", n)
	}
	o.answer("helen", "need", review.Approve)
	card.Says(t, "You answered: Approve", "on the web page")
}

// pressed makes the choice from a card's menu one of a button on it.
func pressed(t *testing.T, payload []byte, action string) []byte {
	t.Helper()
	var p map[string]any
	if err := json.Unmarshal(payload, &p); err != nil {
		t.Fatalf("reading a delivery: %v", err)
	}
	act := p["actions"].([]any)[0].(map[string]any)
	value := act["selected_option"].(map[string]any)["value"].(string)
	ticket, _, _ := strings.Cut(value, "/")
	delete(act, "selected_option")
	act["type"], act["action_id"], act["value"] = "button", action, ticket
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatalf("writing a delivery: %v", err)
	}
	return text
}

// TestSlackOldCards: a card that is months old counts while it is current. Where
// Slack lets nobody change it any more, a new one comes; the old one, of a
// version before, counts for nothing.
func TestSlackOldCards(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases", "tom", "maya", "daniel", "ruth", "george", "claire")
	helen, ravi, jonas := s.person("helen"), s.person("ravi"), s.person("jonas")
	o := s.onboard()
	card := helen.Expect(t, "Is this vendor needed?")
	ravi.Expect(t, "Is this vendor needed?")
	s.slack.EditWindow(30 * day)
	o.passTo(92 * day)
	s.slack.Advance(92 * day)
	card.Button("Approve").Click(t)
	form := helen.Modal(t, "Your answer")
	form.Check(noConflict).Submit(t)
	form.Gone(t)
	o.counts("helen", "need", review.Approve, "slack")
	helen.Expect(t, "You answered: Approve", "Is this vendor needed?") // the old one can't be changed
	o.answer("ravi", "need", review.Approve)
	s.slack.Whatever("helen", "ravi")
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)

	old := jonas.Expect(t, "Contract review", "version 1")
	s.slack.Advance(31 * day)
	o.answer("ravi", "review", review.Changes)
	o.answer("daniel", "review", review.Approve)
	o.answer("ruth", "review", review.Approve)
	fresh := jonas.Expect(t, "Contract review", "version 1") // the old one can't be changed any more
	o.act("maya", review.Act{Kind: review.SendChanges, Process: o.id})
	o.sends("pay in 14 days, please", example(t, "contract-v2.md"))
	fresh.Says(t, "version 2", "What changed since version 1")
	old.Says(t, "version 1")
	old.Button("Approve").Click(t)
	jonas.Private(t, "Not counted", "Contract review")
	approves(t, jonas, fresh, readInFull, noConflict)
	o.counts("jonas", "review", review.Approve, "slack")
	s.slack.Whatever("jonas")
}
