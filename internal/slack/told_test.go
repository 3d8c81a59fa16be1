package slack

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// boards are the messages of the channel of cases: those on top, and replies.
func (w *world) boards() (tops, lines []slacktest.Message) {
	for _, m := range w.slack.Messages("C0CASES") {
		switch {
		case m.Deleted:
		case m.ThreadTS == "":
			tops = append(tops, m)
		default:
			lines = append(lines, m)
		}
	}
	return tops, lines
}

func withBoard(t *testing.T, people ...string) *world {
	t.Helper()
	w := newTestWorld(t, people...)
	w.o.CasesChannel = "C0CASES"
	w.restart()
	return w
}

func TestACaseHasOneBoardAndALineForEachAnswer(t *testing.T) {
	t.Parallel()
	w := withBoard(t, "ana", "bo")
	w.request("q1", "ana", "bo")
	w.follow("q1")
	w.settle(time.Minute)
	w.answers("q1", "ana")
	w.answers("q1", "bo")
	w.follow("q1")
	w.follow("q1")
	w.restart()
	w.settle(time.Minute)
	tops, lines := w.boards()
	if len(tops) != 1 || len(lines) != 2 {
		t.Fatalf("%d boards, %d lines", len(tops), len(lines))
	}
	if lines[0].ThreadTS != tops[0].TS || !strings.Contains(lines[0].Text, "Ana") || !strings.Contains(lines[1].Text, "Bo") {
		t.Errorf("lines: %q, %q", lines[0].Text, lines[1].Text)
	}
	for _, m := range slices.Concat(tops, lines) {
		if strings.Contains(string(m.Blocks), `"value"`) && strings.Contains(string(m.Blocks), "answer/") {
			t.Error("a board has buttons that decide")
		}
	}
}

func TestABoardStandsOnceSomethingIsAsked(t *testing.T) {
	t.Parallel()
	w := withBoard(t, "ana", "bo")
	w.request("q1", "ana")
	w.show("n1", "asked", "ana", "q1")
	w.settle(time.Minute)
	tops, lines := w.boards()
	if len(tops) != 1 || len(lines) != 0 || !strings.Contains(tops[0].Text, "Seat ana") {
		t.Fatalf("boards: %+v, %+v", tops, lines)
	}
	w.request("q2", "bo")
	w.show("n2", "asked", "bo", "q2")
	w.settle(time.Minute)
	if tops, _ = w.boards(); len(tops) != 1 || !strings.Contains(tops[0].Text, "Seat bo") {
		t.Errorf("what is asked next is not on the board: %+v", tops)
	}
}

func TestCopiesFollowTimeWhenSomebodyIsTold(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "bo", "olga")
	w.request("q1", "ana", "bo")
	w.show("n1", "asked", "ana", "q1")
	w.show("n2", "asked", "bo", "q1")
	w.settle(time.Minute)
	w.clock.to(w.clock.now().AddDate(0, 0, 6))
	w.show("n3", "owner", "olga", "q1")
	w.settle(time.Minute)
	for _, who := range []string{"ana", "bo"} {
		if got := w.cards(who); len(got) != 1 || !strings.Contains(got[0].Text, "Overdue") {
			t.Errorf("the card of %s: %+v", who, got)
		}
	}
}

func TestABoardThatSomebodyDeletedIsPostedAgain(t *testing.T) {
	t.Parallel()
	w := withBoard(t, "ana", "bo")
	w.request("q1", "ana", "bo")
	w.follow("q1")
	w.settle(time.Minute)
	w.slack.Order(slacktest.Failure{Method: PostMessage, Error: "thread_not_found"}, slacktest.Failure{Method: UpdateMessage, Error: "message_not_found"})
	w.answers("q1", "ana")
	w.follow("q1")
	w.settle(time.Minute)
	tops, lines := w.boards()
	if len(tops) != 2 || len(lines) != 1 || lines[0].ThreadTS != tops[1].TS {
		t.Errorf("%d boards, %d lines", len(tops), len(lines))
	}
}

// Slack Connect: nothing of a case is said where vendors may read it, or where
// that can't be known.
func TestASharedChannelGetsNoBoard(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world){
		"shared": func(w *world) {
			w.slack.SetChannel(slacktest.Channel{ID: "C0CASES", Members: []string{"U0TESTBOT"}, ExtShared: true})
		},
		"about to be shared": func(w *world) {
			w.slack.SetChannel(slacktest.Channel{ID: "C0CASES", Members: []string{"U0TESTBOT"}, PendingExtShared: true})
		},
		"no scope to see it": func(w *world) { w.slack.Grant("chat:write", "users:read", "im:write") },
	} {
		w := withBoard(t, "ana")
		w.noisy = true
		change(w)
		w.request("q1", "ana")
		w.show("n1", playbook.WhyAsked, "ana", "q1")
		w.follow("q1")
		w.settle(time.Minute)
		if tops, _ := w.boards(); len(tops) != 0 {
			t.Errorf("%s: it has a board", name)
		}
		w.isTrue("q1", "ana") // and cards are not held up
	}
}

func TestARequesterHearsOfTheOutcomeOnce(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.answers("q1", "ana")
	w.follow("q1")
	w.settle(time.Minute)
	if n := len(w.cards("rita")); n != 0 {
		t.Fatalf("she has %d messages before it is decided", n)
	}
	w.closes("q1", "decided")
	for range 3 {
		w.follow("q1")
		w.settle(time.Minute)
	}
	if all := w.cards("rita"); len(all) != 1 || !strings.Contains(all[0].Text, "Data protection") {
		t.Errorf("she has %v", all)
	}
	w.request("q2", "ana")
	w.closes("q2", "superseded")
	w.follow("q2")
	w.settle(time.Minute)
	if n := len(w.cards("rita")); n != 1 {
		t.Error("what goes on elsewhere is told as an outcome")
	}
}

// Reminders are said once a day, in working hours, and not of what was answered.
func TestAReminderIsSaidOnceADay(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.request("q2", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1", "q2")
	w.settle(time.Minute)
	w.show("n2", playbook.WhyReminder, "ana", "q1")
	w.show("n3", playbook.WhyReminder, "ana", "q2")
	w.settle(time.Hour)
	if n := len(w.cards("ana")); n != 3 {
		t.Errorf("she has %d messages on the first day", n)
	}
	w.answers("q2", "ana")
	w.settle(48 * time.Hour)
	if n := len(w.cards("ana")); n != 3 {
		t.Errorf("she has %d messages, of what she answered too", n)
	}
	if p := w.posting(outbox.NudgeID("n3")); p.State != outbox.Stale {
		t.Errorf("the second reminder is %s", p.State)
	}
}

func TestAManagerAndAnOwnerGetWords(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana", "max")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyManager, "max", "q1")
	w.show("n2", playbook.WhyOwner, "olga", "q1")
	w.settle(time.Minute)
	for _, who := range []string{"max", "olga"} {
		all := w.cards(who)
		if len(all) != 1 || strings.Contains(string(all[0].Blocks), "answer/") {
			t.Errorf("%s has %d messages, or buttons", who, len(all))
		}
	}
}

// What became of an answer that waited is said when it is known, refusals too.
func TestAVerdictIsToldWhenItIsKnown(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.rows.receipts["a-9"] = review.Outcome{Status: review.Pending, Request: "q1"}
	now := w.clock.now()
	err := w.rows.PutPosting(t.Context(), outbox.Posting{ID: outbox.VerdictID("a-9"), Kind: outbox.Verdict, Person: "ana", Case: theCase, Request: "q1", Answer: "a-9",
		Made: now, State: outbox.Due, Wanted: 1, Next: now})
	if err != nil {
		t.Fatal(err)
	}
	w.settle(time.Minute)
	if n := len(w.cards("ana")); n != 0 {
		t.Fatalf("she has %d messages before it is known", n)
	}
	w.rows.mu.Lock()
	w.rows.receipts["a-9"] = review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: "q1"}
	w.rows.mu.Unlock()
	w.settle(time.Minute)
	if all := w.cards("ana"); len(all) != 1 || !strings.Contains(all[0].Text+string(all[0].Blocks), "closed") {
		t.Errorf("she has %v", all)
	}
}

func TestAPageIsMadeOnceHoweverMuchChanges(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	first, found := w.slack.Home("U0ANA")
	if !found || !strings.Contains(string(first.Blocks), "Data protection") {
		t.Fatalf("her page is %s", first.Blocks)
	}
	calls := len(w.slack.Calls(PublishView))
	for range 20 {
		w.change("q1", func(r *review.Request) { r.Title += "!" })
		w.follow("q1")
		w.turn()
		w.clock.forward(200 * time.Millisecond)
	}
	w.settle(time.Minute)
	if n := len(w.slack.Calls(PublishView)) - calls; n < 1 || n > 2 {
		t.Errorf("%d pages within seconds", n)
	}
	if page, _ := w.slack.Home("U0ANA"); !strings.Contains(string(page.Blocks), strings.Repeat("!", 20)) {
		t.Errorf("her page is %s", page.Blocks)
	}
	if err := w.app.OpenHome(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	calls = len(w.slack.Calls(PublishView))
	w.settle(time.Minute)
	if n := len(w.slack.Calls(PublishView)) - calls; n != 0 {
		t.Errorf("the same page was sent %d times", n)
	}
}

func TestRunEndsAndLetsOthersWrite(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, "ana")
	w.request("q1", "ana")
	w.app.o.Every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.app.Run(ctx) }()
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	if err := w.slack.Wait(t.Context(), func() bool { return len(w.cards("ana")) == 1 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if w.rows.holder != "" {
		t.Error("the lease is kept")
	}
}
