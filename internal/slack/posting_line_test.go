package slack

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// boarded is a world with a channel of cases.
func boarded(t *testing.T, people ...string) *world {
	t.Helper()
	w := newTestWorld(t, people...)
	w.o.CasesChannel = "C0CASES"
	w.restart()
	return w
}

// thread are the lines below the board, without their dates.
func (w *world) thread() []string {
	var lines []string
	for _, m := range w.slack.Messages("C0CASES") {
		if m.ThreadTS != "" && m.ThreadTS != m.TS {
			words, _, _ := strings.Cut(m.Text, ", <!date")
			lines = append(lines, words)
		}
	}
	return lines
}

// happens changes the request and lets it be followed, twice, with an App that
// crashed in between: what was said is not said again.
func (w *world) happens(change func(r *review.Request, now time.Time)) {
	w.clock.forward(time.Minute)
	now := w.clock.now()
	w.change("q1", func(r *review.Request) { change(r, now) })
	w.follow("q1")
	w.settle(time.Minute)
	w.restart()
	w.follow("q1")
	w.settle(time.Minute)
}

func TestWhatHappensStandsUnderTheBoardOnce(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana", "bo", "cy")
	w.request("q1", "ana", "bo")
	act := func(r *review.Request, id string, out review.Outcome, now time.Time) {
		out.Status, out.At = review.Counted, now
		r.Acts = append(r.Acts, review.Attempt{Answer: id, Outcome: out})
	}
	w.happens(func(r *review.Request, now time.Time) {
		act(r, "d-1", review.Outcome{Seat: "seat-ana", By: "ana"}, now)
		r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "cy", Via: review.ViaDelegate, From: "ana", Since: now, Until: now.Add(time.Hour)})
	})
	w.happens(func(r *review.Request, now time.Time) { act(r, "z-1", review.Outcome{By: "bo"}, now) }) // a snooze is nobody's business
	w.happens(func(r *review.Request, now time.Time) {
		act(r, "r-1", review.Outcome{By: "bo"}, now)
		r.Recused = append(r.Recused, "bo")
		r.Seatings[1].Holders[0].Off = true
	})
	w.happens(func(r *review.Request, now time.Time) {
		r.Seatings[1].Holders = append(r.Seatings[1].Holders, review.Holder{Person: "cy", Via: review.ViaBackup, From: "bo", Since: now})
		r.Told = append(r.Told, review.Reminder{Person: "cy", Why: playbook.WhyBackup, Seat: "seat-bo", At: now}, review.Reminder{Person: "cy", Why: playbook.WhyReminder, Seat: "seat-bo", At: now},
			review.Reminder{Why: playbook.WhyBackup, Seat: "seat-ana", At: now})
	})
	w.happens(func(r *review.Request, now time.Time) {
		r.Versions = append(r.Versions, review.Version{Number: 1, Document: "aa", At: r.Opened}, review.Version{Number: 2, Document: "bb", At: now, Touched: []review.Touch{{Version: 1, Seats: []string{"seat-ana"}}}})
	})
	w.holds(true)
	w.happens(func(r *review.Request, now time.Time) { r.Held = now })
	w.holds(false)
	w.happens(func(r *review.Request, _ time.Time) { r.Held = time.Time{} })
	w.happens(func(r *review.Request, now time.Time) {
		r.Ballots = append(r.Ballots, review.Ballot{Answer: "a-1", Seat: "seat-ana", Person: "ana", Verdict: review.Reject, At: now, Version: 2})
	})
	w.happens(func(r *review.Request, now time.Time) {
		r.Ballots[0].TakenBack = true
		act(r, "t-1", review.Outcome{Seat: "seat-ana", By: "ana", Verdict: review.Reject}, now)
	})
	w.happens(func(r *review.Request, now time.Time) {
		r.Closed = &review.Closing{State: review.Met, At: now, Why: "decided"}
	})
	want := []string{
		"🤝 Data protection: Ana delegated Seat ana to Cy",
		"🙅 Somebody declared a conflict of interest and answers nothing more in this case",
		"🪑 Data protection: Seat bo has not answered, so Cy is asked too",
		"📄 Data protection: version 2 is here",
		"⏸️ On hold: nobody is reminded and no clock runs",
		"▶️ It goes on",
		"⛔ Data protection: rejected by Ana for Seat ana, version 2",
		"↩️ Data protection: Ana took back: Reject",
		"✅ Data protection: approved",
	}
	if got := w.thread(); !slices.Equal(got, want) {
		t.Errorf("the thread is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, m := range w.slack.Messages("C0CASES")[1:] {
		if strings.Contains(m.Text, "Bo") {
			t.Errorf("it says whose conflict it is: %s", m.Text)
		}
	}
}

// holds puts the case on hold, or lets it go on.
func (w *world) holds(held bool) {
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	v := w.rows.cases[theCase]
	v.Held = nil
	if held {
		v.Held = &dossier.Hold{Since: w.clock.now(), By: "olga"}
	}
	w.rows.cases[theCase] = v
}

// Holds are told each once, also one that nobody followed the end of; another
// request of the case adds nothing.
func TestEveryHoldIsToldOnce(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana")
	w.request("q1", "ana")
	w.request("q2", "ana")
	for _, held := range []bool{false, true, false, true, true, false} {
		w.holds(held) // the fourth and fifth are two, of which the first was not seen to end
		w.happens(func(*review.Request, time.Time) {})
		w.follow("q2")
		w.settle(time.Minute)
	}
	want := []string{"⏸️ On hold", "▶️ It goes on", "⏸️ On hold", "▶️ It goes on", "⏸️ On hold", "▶️ It goes on"}
	got := w.thread()
	for i := range got {
		got[i], _, _ = strings.Cut(got[i], ":")
	}
	if !slices.Equal(got, want) {
		t.Errorf("the thread is %q", got)
	}
}

// A hold of which the record hears after its copies are told when the board is
// looked at.
func TestAHoldThatComesLateIsTold(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana")
	w.request("q1", "ana")
	for i, held := range []bool{true, false} {
		w.follow("q1")
		w.holds(held)
		w.settle(time.Minute)
		if got := w.thread(); len(got) != i+1 {
			t.Errorf("the thread is %q", got)
		}
	}
}

// A conflict that somebody declared before a request was opened is no news there.
func TestAConflictIsToldOnceACase(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana")
	for _, id := range []string{"q1", "q2"} {
		w.request(id, "ana")
		w.change(id, func(r *review.Request) { r.Recused = []string{"bo"} })
		w.follow(id)
		w.settle(time.Minute)
	}
	if got := w.thread(); len(got) != 1 {
		t.Errorf("the thread is %q", got)
	}
}

// A case that is withdrawn closes all that is open, and says so in one line.
func TestTheEndOfACaseIsOneLine(t *testing.T) {
	t.Parallel()
	for state, want := range map[dossier.CaseState]string{dossier.Live: "🟢 The case is over: live", dossier.Ended: "↩️ The case is over: withdrawn"} {
		w := boarded(t, "ana")
		for _, id := range []string{"q1", "q2"} {
			w.request(id, "ana")
			w.show("n-"+id, playbook.WhyAsked, "ana", id)
			w.closes(id, string(state))
			if state == dossier.Live {
				w.answers(id, "ana")
			}
			w.follow(id)
		}
		w.settle(time.Minute)
		before := len(w.thread())
		if state == dossier.Ended && before != 0 {
			t.Errorf("each request says that it is withdrawn: %q", w.thread())
		}
		w.rows.mu.Lock()
		v := w.rows.cases[theCase]
		v.State, v.Closed = state, w.clock.now()
		w.rows.cases[theCase] = v
		w.rows.mu.Unlock()
		for range 3 {
			w.settle(time.Minute)
			w.clock.forward(time.Second)
			w.restart()
		}
		if got := w.thread(); len(got) != before+1 || got[before] != want {
			t.Errorf("%s: the thread is %q", state, got)
		}
	}
}

// A backup who joins changes the cards of those who are asked already, though
// nobody did anything.
func TestABackupWhoJoinsShowsOnTheOthersCards(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana", "bo")
	w.request("q1", "ana")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	now := w.clock.now()
	w.change("q1", func(r *review.Request) {
		r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "bo", Via: review.ViaBackup, From: "ana", Since: now})
		r.Told = append(r.Told, review.Reminder{Person: "bo", Why: playbook.WhyBackup, Seat: "seat-ana", At: now})
	})
	w.show("n2", playbook.WhyBackup, "bo", "q1")
	w.settle(time.Minute)
	if got := string(w.cards("ana")[0].Blocks); !strings.Contains(got, "Bo") {
		t.Errorf("her card does not say who was asked too: %s", got)
	}
	if got := w.thread(); len(got) != 1 {
		t.Errorf("the thread is %q", got)
	}
	w.isTrue("q1", "ana", "bo")
}

// A rehearsal's clock is moved on: cards that show another day by then follow the
// next thing that it brings.
func TestARehearsalThatJumpsTurnsCards(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana", "bo")
	v := w.rows.cases[theCase]
	v.Rehearsal = true
	w.rows.cases[theCase] = v
	w.request("q1", "ana", "bo")
	w.show("n1", playbook.WhyAsked, "ana", "q1")
	w.settle(time.Minute)
	v.Anchor.Real, v.Anchor.Case = w.clock.now(), w.clock.now().AddDate(0, 0, 6)
	w.rows.cases[theCase] = v
	w.show("n2", playbook.WhyReminder, "bo", "q1")
	w.settle(time.Minute)
	if got := w.cards("ana")[0].Text; !strings.HasPrefix(got, "Rehearsal: Overdue") {
		t.Errorf("it says %s", got)
	}
}

func TestALineOfWhatIsNotThereIsNotSaid(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana")
	w.request("q1", "ana")
	w.follow("q1")
	w.settle(time.Minute)
	v := w.rows.cases[theCase]
	all := []event{{key: "v", why: lineVersion, answer: "9"}, {key: "b", why: lineBackup, answer: "seat-x"}, {key: "c", why: lineClosed}, {key: "e", why: lineEnded}, {key: "x", why: "else"}}
	if err := w.app.putLines(context.Background(), &v, "q1", all); err != nil {
		t.Fatal(err)
	}
	w.settle(time.Minute)
	for _, e := range all {
		if p := w.posting(outbox.LineID(e.key)); p.State != outbox.Stale {
			t.Errorf("%s is %s", e.why, p.State)
		}
	}
	if got := w.thread(); len(got) != 0 {
		t.Errorf("the thread is %q", got)
	}
}
