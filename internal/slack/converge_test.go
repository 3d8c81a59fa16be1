package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// Forty people answer a request of forty seats within a few moments: all cards
// are true within two minutes of the last answer, with no 429.
func TestFortyAnswersEndWithAllCardsTrueInTwoMinutes(t *testing.T) {
	t.Parallel()
	var people []string
	for i := range 40 {
		people = append(people, fmt.Sprintf("p%02d", i))
	}
	w := newTestWorld(t, people...)
	w.o.CasesChannel = "C0CASES"
	w.restart()
	w.request("q1", people...)
	for _, p := range people {
		w.show("n-"+p, playbook.WhyAsked, p, "q1")
	}
	w.settle(10 * time.Minute)
	w.isTrue("q1", people...)
	w.clock.forward(time.Hour)
	before := len(w.slack.Calls(UpdateMessage))
	for _, p := range people { // one each 700 ms, and the loop runs meanwhile
		answer := w.answers("q1", p)
		if err := w.app.Hurry(t.Context(), outbox.Want{ID: outbox.CardID(p, "q1")}, answer); err != nil {
			t.Fatal(err)
		}
		w.follow("q1")
		w.turn()
		if got, want := w.cards(p)[0].Earlier, 1; len(w.slack.Calls(UpdateMessage))-before < 40 && len(got) < want {
			t.Errorf("the card of %s, who waits, comes after others", p)
		}
		w.clock.forward(700 * time.Millisecond)
	}
	w.closes("q1", "decided")
	w.follow("q1")
	took := w.settle(10 * time.Minute)
	w.isTrue("q1", people...)
	if took > 2*time.Minute {
		t.Errorf("it took %s", took)
	}
	if n := w.limited(); n != 0 {
		t.Errorf("%d calls were too many", n)
	}
	t.Logf("%d updates, %s after the last answer", len(w.slack.Calls(UpdateMessage))-before, took)
}

// Whoever waits for their own card comes before all other copies.
func TestWhoWaitsComesFirst(t *testing.T) {
	t.Parallel()
	people := []string{"ana", "bo", "cy", "di"}
	w := newTestWorld(t, people...)
	w.request("q1", people...)
	for _, p := range people {
		w.show("n-"+p, playbook.WhyAsked, p, "q1")
	}
	w.settle(time.Minute)
	answer := w.answers("q1", "di")
	w.follow("q1")
	w.clock.forward(gather) // all copies are due
	if err := w.app.Hurry(t.Context(), outbox.Want{ID: outbox.CardID("di", "q1")}, answer); err != nil {
		t.Fatal(err)
	}
	w.turn()
	if first := w.slack.Calls(UpdateMessage)[0].Args["channel"]; first != w.slack.DM("U0DI") {
		t.Errorf("the first update is for %s", first)
	}
}

// The record may not have an answer yet that was counted: its person sees it.
func TestWhoAnsweredSeesItBeforeTheRecordHasIt(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	before := w.cards("ana")[0].Text
	w.rows.receipts["a-1"] = review.Outcome{Status: review.Counted, Request: "q1", Seat: "seat-ana", Verdict: review.Approve, By: "ana", At: w.clock.now()}
	if err := w.app.Hurry(t.Context(), outbox.Want{ID: outbox.CardID("ana", "q1")}, "a-1"); err != nil {
		t.Fatal(err)
	}
	w.settle(time.Second)
	if now := w.cards("ana")[0].Text; now == before {
		t.Errorf("it still says %q", now)
	}
}

// Slack did what we asked and nobody heard of it, and then all is again as it was
// before: what stands there is not what we last knew of it.
func TestAChangeWhoseReplyIsLostIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.noisy = true
	w.rows.bindings = append(w.rows.bindings, bindingOf("ana"))
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	before, page := w.cards("ana")[0].Text, w.page("ana")
	w.slack.Order(slacktest.Failure{Method: UpdateMessage, How: slacktest.Lost})
	w.slack.Order(slacktest.Failure{Method: PublishView, How: slacktest.Lost})
	w.change("q1", func(r *review.Request) { r.Title = "Data and more" })
	w.follow("q1")
	w.clock.forward(gather + homeAfter)
	w.turn()
	if w.cards("ana")[0].Text == before || w.page("ana") == page {
		t.Fatal("the change did not reach Slack")
	}
	w.restart()
	w.change("q1", func(r *review.Request) { r.Title = "Data protection" })
	w.follow("q1")
	w.settle(10 * time.Minute)
	w.isTrue("q1", "ana")
	if now := w.page("ana"); now != page {
		t.Errorf("the page still says %s", now)
	}
}

// Whatever is shown, answered, lost, refused or crashed in whatever order: once
// nothing goes wrong any more, every place that is known shows the state, and
// everybody who is asked has a card.
func TestAnyInterleavingConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := []string{"ana", "bo", "cy"}
		var ends []func()
		defer func() {
			for _, end := range ends {
				end()
			}
		}()
		w := worldOf(t, func(end func()) { ends = append(ends, end) }, people...)
		w.noisy = true
		w.o.CasesChannel = "C0CASES"
		w.restart()
		w.request("q1", people...)
		w.request("q2", people[:2]...)
		steps := rapid.IntRange(1, 25).Draw(t, "steps")
		for i := range steps {
			w.step(t, i, people)
		}
		w.slack.Mend()
		w.rows.mu.Lock()
		w.rows.fault = nil
		w.rows.mu.Unlock()
		for _, p := range people { // the process tells everybody once more, as it does until it is told that it is done
			w.show("end-"+p, playbook.WhyAsked, p, "q1", "q2")
		}
		w.follow("q1")
		w.follow("q2")
		w.settle(3 * time.Hour)
		w.isTrue("q1", people...)
		w.isTrue("q2", people...)
	})
}

// step is one thing that happens, good or bad.
func (w *world) step(t *rapid.T, i int, people []string) {
	request := rapid.SampledFrom([]string{"q1", "q2"}).Draw(t, "request")
	who := rapid.SampledFrom(people).Draw(t, "who")
	switch rapid.SampledFrom([]string{"show", "follow", "answer", "turn", "turn", "turn", "crash", "lost", "refused", "limited", "away", "time",
		"close", "version", "recuse", "adopt", "deleted", "full"}).Draw(t, "step") {
	case "show":
		_, _ = w.app.Show(t.Context(), review.Notice{ID: fmt.Sprintf("n%d", i), Case: theCase, Person: who, Requests: []string{request}, Why: playbook.WhyAsked, At: w.clock.now()})
	case "follow":
		_ = w.app.Follow(t.Context(), review.Copy{Request: request, At: w.clock.now()})
	case "answer":
		answer := w.answers(request, who)
		_ = w.app.Hurry(t.Context(), outbox.Want{ID: outbox.CardID(who, request)}, answer)
	case "turn":
		_, _ = w.app.turn(t.Context())
	case "crash":
		w.restart()
		w.clock.forward(leaseFor + time.Second)
	case "lost":
		w.slack.Order(slacktest.Failure{Method: rapid.SampledFrom([]string{PostMessage, UpdateMessage, OpenConversation, UserInfo}).Draw(t, "method"), How: slacktest.Lost})
	case "refused":
		w.slack.Order(slacktest.Failure{Method: UpdateMessage, Error: rapid.SampledFrom([]string{"message_not_found", "edit_window_closed", "internal_error"}).Draw(t, "word")})
	case "limited":
		w.slack.Order(slacktest.Failure{How: slacktest.Limited, After: time.Duration(rapid.IntRange(0, 20).Draw(t, "after")) * time.Second})
	case "away":
		w.slack.Order(slacktest.Failure{How: slacktest.Unavailable, Times: rapid.IntRange(1, 5).Draw(t, "times")})
	case "time":
		w.clock.forward(time.Duration(rapid.IntRange(1, 120).Draw(t, "seconds")) * time.Second)
	case "close":
		w.closes(request, "decided")
	case "version":
		w.change(request, func(r *review.Request) {
			r.Versions = append(r.Versions, review.Version{Number: r.Current() + 1, At: w.clock.now()})
		})
	case "recuse":
		w.change(request, func(r *review.Request) {
			for s := range r.Seatings {
				for h := range r.Seatings[s].Holders {
					r.Seatings[s].Holders[h].Off = r.Seatings[s].Holders[h].Person == who
				}
			}
		})
	case "adopt":
		w.adopt(t, who, request)
	case "deleted": // somebody deletes a card in their conversation
		w.deletes(who)
	case "full":
		w.rows.mu.Lock()
		w.rows.fault = rapid.SampledFrom([]error{nil, errAway}).Draw(t, "fault")
		w.rows.mu.Unlock()
	}
}

// adopt is what the inbound side does with a click on a message that no place is
// known of.
func (w *world) adopt(t *rapid.T, who, request string) {
	for _, m := range w.cards(who) {
		if _, err := w.rows.PlaceAt(t.Context(), m.Channel, m.TS); err == nil || m.ThreadTS != "" || !slices.ContainsFunc([]string{"answer/"}, func(s string) bool { return contains(m.Blocks, s) }) {
			continue
		}
		secret := w.o.Key.Ticket(request, w.current(request), who, Channel)
		if !contains(m.Blocks, secret) {
			continue
		}
		card := outbox.CardID(who, request)
		_ = w.rows.PutPlace(t.Context(), outbox.Place{Posting: card, Channel: m.Channel, Stamp: m.TS, Made: w.clock.now()})
		_ = w.app.Hurry(t.Context(), outbox.Want{ID: card}, "")
		return
	}
}

func (w *world) current(request string) int {
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	r := w.rows.requests[request]
	return r.Current()
}

func contains(raw []byte, s string) bool { return len(raw) > 0 && strings.Contains(string(raw), s) }

// deletes lets the newest message of somebody's conversation go.
func (w *world) deletes(who string) {
	all := w.cards(who)
	if len(all) == 0 {
		return
	}
	m := all[len(all)-1]
	w.slack.Order(slacktest.Failure{Method: UpdateMessage, Channel: m.Channel, Error: "message_not_found"})
}
