package slack

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

func TestOneCardPerPersonAndRequestWhateverIsShownAgain(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	for _, n := range []string{"n1", "n1", "n2", "n1"} {
		if !w.show(n, playbook.WhyAsked, "ana", "q1") {
			t.Fatal("not shown")
		}
		w.settle(time.Minute)
	}
	w.restart()
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	places, err := w.rows.Places(t.Context(), outbox.CardID("ana", "q1"))
	if err != nil || len(places) != 1 {
		t.Fatalf("it stands at %v, %v", places, err)
	}
	if all := w.cards("ana"); len(all) != 2 { // the second notice was said under it, since a card makes no sound when it changes
		t.Errorf("she has %d messages", len(all))
	}
	w.isTrue("q1", "ana")
}

func TestATicketIsKeptBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	secret := w.o.Key.Ticket("q1", 0, "ana", Channel)
	if !strings.Contains(string(w.cards("ana")[0].Blocks), secret) {
		t.Error("the card has no ticket")
	}
	if got := w.rows.tickets[access.Hash(secret)]; got.Person != "ana" || got.Request != "q1" {
		t.Errorf("the ticket is %+v", got)
	}
}

// A lost reply: it is posted again after a pause, and both messages follow once
// somebody presses a button on the one that is not known.
func TestTwinsAfterALostReplyShareTicketAndStateAndBothFollow(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo")
	w.noisy = true
	w.request("q1", "ana", "bo")
	w.slack.Order(slacktest.Failure{Method: PostMessage, How: slacktest.Lost})
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	if took := w.settle(5 * time.Minute); took < lostFor {
		t.Errorf("posted again after %s", took)
	}
	twins := w.cards("ana")
	if len(twins) != 2 {
		t.Fatalf("she has %d messages", len(twins))
	}
	secret := w.o.Key.Ticket("q1", 0, "ana", Channel)
	for _, m := range twins {
		if !strings.Contains(string(m.Blocks), secret) {
			t.Error("a twin has another ticket")
		}
	}
	// What the inbound side does with a click on a message that is not known.
	card := outbox.CardID("ana", "q1")
	if err := w.rows.PutPlace(t.Context(), outbox.Place{Posting: card, Channel: twins[0].Channel, Stamp: twins[0].TS, Made: w.clock.now()}); err != nil {
		t.Fatal(err)
	}
	if err := w.app.Hurry(t.Context(), outbox.Want{ID: card}, w.answers("q1", "bo")); err != nil {
		t.Fatal(err)
	}
	w.settle(time.Minute)
	if places, err := w.rows.Places(t.Context(), card); err != nil || len(places) != 2 {
		t.Fatalf("it stands at %v, %v", places, err)
	}
	w.isTrue("q1", "ana")
	w.closes("q1", "decided")
	w.follow("q1")
	w.settle(time.Minute)
	w.isTrue("q1", "ana")
	for _, m := range w.cards("ana") {
		if strings.Contains(string(m.Blocks), "answer/") {
			t.Errorf("a twin has buttons still: %s", m.Blocks)
		}
	}
}

func TestEveryCopyFollows(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world){
		"decided elsewhere":     func(w *world) { w.answers("q1", "ana"); w.answers("q1", "bo"); w.closes("q1", "decided") },
		"superseded":            func(w *world) { w.closes("q1", "superseded") },
		"withdrawn":             func(w *world) { w.closes("q1", "withdrawn") },
		"answered by one":       func(w *world) { w.answers("q1", "bo") },
		"the seat went further": func(w *world) { w.change("q1", func(r *review.Request) { r.Seatings[0].Holders[0].Off = true }) },
		"a new version": func(w *world) {
			w.change("q1", func(r *review.Request) { r.Versions = append(r.Versions, review.Version{Number: 1, At: w.clock.now()}) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t, "ana", "bo")
			w.request("q1", "ana", "bo")
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			w.show("n2", playbook.WhyAsked, "bo", "q1")
			w.settle(time.Minute)
			before := w.cards("ana")[0].Text
			change(w)
			w.follow("q1")
			w.restart() // what was wanted survives
			w.settle(time.Minute)
			w.isTrue("q1", "ana", "bo")
			if len(w.cards("ana")) != 1 || len(w.cards("bo")) != 1 {
				t.Error("a card was posted twice")
			}
			if now := w.cards("ana")[0]; len(now.Earlier) == 0 {
				t.Errorf("it still says %q", before)
			}
		})
	}
}

// A card that shows what it should is not sent again.
func TestTheSameIsNotSentTwice(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	for range 5 {
		w.follow("q1")
		w.settle(time.Minute)
	}
	if n := len(w.slack.Calls(UpdateMessage)); n != 0 {
		t.Errorf("%d updates that change nothing", n)
	}
}

// Two processes: one writes, the other takes over when the lease ends.
func TestOneWriterAtATime(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo")
	w.request("q1", "ana", "bo")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	first := w.app
	w.turn()
	if len(w.cards("ana")) != 1 {
		t.Fatal("the first doesn't write")
	}
	w.restart()
	w.show("n2", playbook.WhyAsked, "bo", "q1")
	w.turn()
	if len(w.cards("bo")) != 0 {
		t.Error("the second writes too")
	}
	w.clock.forward(leaseFor + time.Second)
	w.turn()
	if len(w.cards("bo")) != 1 {
		t.Error("the second does not take over")
	}
	calls := len(w.slack.Calls(""))
	w.answers("q1", "bo")
	w.follow("q1")
	w.clock.forward(gather)
	if _, err := first.turn(t.Context()); err != nil || len(w.slack.Calls("")) != calls {
		t.Errorf("the first goes on writing: %v", err)
	}
	w.settle(time.Minute)
	w.isTrue("q1", "ana", "bo")
}

func TestA429IsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]time.Duration{"with Retry-After": 17 * time.Second, "without Retry-After": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t, "ana")
			w.request("q1", "ana")
			w.slack.Order(slacktest.Failure{Method: PostMessage, How: slacktest.Limited, After: after})
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			took := w.settle(5 * time.Minute)
			want := after
			if want == 0 {
				want = limitedFor
			}
			if took < want || took > want+10*time.Second {
				t.Errorf("it took %s, Slack wanted %s", took, want)
			}
			if p := w.posting(outbox.CardID("ana", "q1")); p.Tries != 0 || p.State != outbox.Standing {
				t.Errorf("it is %+v", p)
			}
			w.isTrue("q1", "ana")
		})
	}
}

func TestACardThatIsGoneIsPostedOnceMore(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"message_not_found", "channel_not_found", "edit_window_closed", "cant_update_message"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t, "ana", "bo")
			w.request("q1", "ana", "bo")
			w.show("n1", playbook.WhyAsked, "ana", "q1")
			w.settle(time.Minute)
			w.clock.forward(90 * 24 * time.Hour) // it is three months old
			w.slack.Order(slacktest.Failure{Method: UpdateMessage, Error: word})
			w.answers("q1", "bo")
			w.follow("q1")
			w.settle(time.Minute)
			if n := len(w.cards("ana")); n != 2 {
				t.Fatalf("she has %d messages", n)
			}
			w.isTrue("q1", "ana")
			w.follow("q1")
			w.settle(time.Minute)
			if n := len(w.cards("ana")); n != 2 {
				t.Errorf("it was posted %d times", n)
			}
		})
	}
}

// Where the request is over by then, a card that can be seen and not changed is
// followed by a word; one that is not there by nothing.
func TestAClosedRequestIsNotPostedAnew(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]int{"message_not_found": 1, "edit_window_closed": 2} {
		w := newTestWorld(t, "ana")
		w.request("q1", "ana")
		w.show("n1", playbook.WhyAsked, "ana", "q1")
		w.settle(time.Minute)
		w.slack.Order(slacktest.Failure{Method: UpdateMessage, Error: word})
		w.closes("q1", "withdrawn")
		w.follow("q1")
		w.settle(time.Minute)
		if n := len(w.cards("ana")); n != want {
			t.Errorf("%s: she has %d messages", word, n)
		}
	}
}

func TestARequestThatEndedBeforeItWasShownIsNotShown(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.closes("q1", "withdrawn")
	w.settle(time.Minute)
	if n := len(w.cards("ana")); n != 0 || w.posting(outbox.CardID("ana", "q1")).State != outbox.Stale {
		t.Errorf("she has %d messages", n)
	}
}

func TestACopyIsTriedAgainSoonAfterAFailure(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", "asked", "ana", "q1")
	w.settle(time.Minute)
	w.noisy = true
	for _, how := range []slacktest.How{slacktest.Unavailable, slacktest.Lost} {
		w.slack.Order(slacktest.Failure{Method: UpdateMessage, How: how})
		w.answers("q1", "ana")
		w.follow("q1")
		if took := w.settle(20 * time.Second); took >= 20*time.Second {
			t.Errorf("after %q it takes longer than 20 s", how)
		}
		w.isTrue("q1", "ana")
	}
}
