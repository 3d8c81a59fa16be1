package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/api/serviceerror"

	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

const onboarding = "onboarding/acme/1"

func TestAnAnswerIsCountedWithAReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	w.clock.pass(time.Minute)
	out := w.answers(approve("web-1", "lena", request))
	same(t, "outcome", review.Outcome{Status: review.Counted, Request: request, Seat: "lena-seat", Version: 1, Verdict: review.Approve,
		By: "lena", At: monday().Add(time.Minute), State: review.Open}, out)
	same(t, "receipt", out, w.receipt("web-1"))
	line, filed, err := w.store.AnswerLine(t.Context(), "web-1")
	ok(t, err)
	if !filed || line.Body == nil || line.Body.Inside != planted+" said by lena" {
		t.Errorf("the text is not with the answer in the record: %+v", line)
	}
	same(t, "the record's person", 1, line.Entry.Fact.Ballot.Version)
	again := w.answers(approve("web-1", "lena", request))
	same(t, "the same answer again", out, again)
	same(t, "Updates", []string{onboarding + " answer web-1"}, w.engine.calls)
	if !strings.Contains(w.engine.sent[0], `"revision":1`) || strings.Contains(w.engine.sent[0], "From") {
		t.Errorf("the payload lacks desk's record of the person, or has too much: %s", w.engine.sent[0])
	}
}

func TestWhatTheEngineCannotTakeIsQueued(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{
		"down":                down(),
		"slow":                {err: context.DeadlineExceeded, applied: true},
		"late":                {err: serviceerror.NewDeadlineExceeded("late")},
		"exhausted":           {err: serviceerror.NewResourceExhausted(0, "too many")},
		"lost reply":          {err: serviceerror.NewUnavailable("connection reset"), applied: true},
		"an old worker":       {err: unprocessed()},
		"an old worker later": {err: unprocessed(), inResult: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, calendar.Anchor{})
			request := w.asks(p, "need", "lena", "sam")
			w.engine.fails(f)
			out := w.answers(approve("web-1", "lena", request))
			same(t, "outcome", review.Outcome{Status: review.Pending, Request: request, By: "lena", At: monday()}, out)
			same(t, "no receipt", review.Outcome{}, w.receipt("web-1"))
			seen, _, filed, err := w.desk.Receipt(t.Context(), from("lena"), "web-1")
			ok(t, err)
			same(t, "what lena sees", []any{review.Pending, f.applied}, []any{cond(filed, review.Pending, seen.Status), filed})
			w.delivers() // the engine is still away
			same(t, "waits", true, w.waits(onboarding))
			w.engine.works()
			w.delivers()
			same(t, "waits", false, w.waits(onboarding))
			same(t, "ballots", 1, len(p.requests[0].Ballots))
			if got := w.receipt("web-1"); got.Status != review.Counted || got.Verdict != review.Approve {
				t.Errorf("receipt %+v", got)
			}
			same(t, "again", w.receipt("web-1"), w.answers(approve("web-1", "lena", request)))
		})
	}
}

func cond[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

// TestWithinItsTime hangs first the engine and then the queue as well.
func TestWithinItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
		w.engine.slow = func(ctx context.Context) { <-ctx.Done() }
		begun := time.Now()
		same(t, "status", review.Pending, w.answers(approve("web-1", "lena", request)).Status)
		same(t, "the engine's time", 1200*time.Millisecond, time.Since(begun))
		w.engine.slow = nil
		w.delivers()
		w.engine.slow = func(ctx context.Context) { <-ctx.Done() }
		w.store.refuseBy("Enqueue", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		begun = time.Now()
		_, err := w.desk.Answer(t.Context(), approve("web-2", "sam", request))
		isBusy(t, err)
		same(t, "both times", 1700*time.Millisecond, time.Since(begun))
	})
}

// TestSomebodyWhoLeavesIsQueuedAllTheSame: a browser that hangs up takes nothing back.
func TestSomebodyWhoLeavesIsQueuedAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	ctx, hangUp := context.WithCancel(t.Context())
	w.engine.slow = func(context.Context) { hangUp() }
	out := must[review.Outcome](t)(w.desk.Answer(ctx, approve("web-1", "lena", request)))
	same(t, "status", review.Pending, out.Status)
	same(t, "waits", true, w.waits(onboarding))
}

// TestFortyAtOnce sends forty answers to one request in the same instant, with an
// engine that takes its time. Time is synctest's.
func TestFortyAtOnce(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{20 * time.Millisecond, 500 * time.Millisecond} {
		t.Run(takes.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				var people []string
				for i := range 40 {
					people = append(people, fmt.Sprintf("p%02d", i))
				}
				p := w.opens(onboarding, calendar.Anchor{})
				request := w.asks(p, "need", people...)
				w.engine.slow = func(context.Context) { time.Sleep(takes) }
				var all sync.WaitGroup
				for _, x := range people {
					all.Go(func() {
						out, err := w.desk.Answer(t.Context(), approve("web-"+x, x, request))
						if err != nil || !out.OK() {
							t.Errorf("%s: %+v %v", x, out, err)
						}
					})
				}
				all.Wait()
				w.delivers()
				same(t, "in flight", 4, w.engine.most)
				same(t, "ballots", 40, len(p.requests[0].Ballots))
				same(t, "waits", false, w.waits(onboarding))
				for _, x := range people {
					same(t, "receipt", review.Counted, w.receipt("web-"+x).Status)
				}
				same(t, "places are given back", 0, len(w.desk.slots))
				if strings.Contains(w.logs.String(), "too many") {
					t.Error("the engine had to refuse")
				}
			})
		})
	}
}

func TestBusyWhereNothingCanBeKept(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	for method, engineDown := range map[string]bool{"Receipt": false, "KeepText": false, "Enqueue": true} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, calendar.Anchor{})
			request := w.asks(p, "need", "lena", "sam")
			if engineDown {
				w.engine.fails(down())
			}
			w.store.refuse(method, broken)
			_, err := w.desk.Answer(t.Context(), approve("web-1", "lena", request))
			isBusy(t, err)
			if !errors.Is(err, broken) {
				t.Errorf("the cause is lost: %v", err)
			}
			same(t, "ballots", 0, len(p.requests[0].Ballots))
			same(t, "waits", false, w.waits(onboarding))
			same(t, "receipt", review.Outcome{}, w.receipt("web-1"))
			w.store.refuse(method, nil)
			w.engine.works()
			same(t, "sent again", review.Counted, w.answers(approve("web-1", "lena", request)).Status)
			same(t, "once", 1, len(p.requests[0].Ballots))
		})
	}
}

// TestAReplyLostTwice: the Update was applied, its reply lost, and the queue full.
func TestAReplyLostTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.engine.fails(fault{err: serviceerror.NewUnavailable("connection reset"), applied: true})
	w.store.refuse("Enqueue", dossier.FullError{Doing: "queueing"})
	_, err := w.desk.Answer(t.Context(), approve("web-1", "lena", request))
	isBusy(t, err)
	w.engine.works()
	w.store.refuse("Enqueue", nil)
	p.results = map[string]any{} // an engine that has forgotten: the process remembers
	out := w.answers(approve("web-1", "lena", request))
	same(t, "told", []any{review.Already, review.Approve, "lena"}, []any{out.Status, out.Verdict, out.By})
	same(t, "ballots", 1, len(p.requests[0].Ballots))
}

func TestAReceiptThatCannotBeWrittenTakesNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.store.refuse("KeepReceipt", errors.New("full"))
	same(t, "status", review.Counted, w.answers(approve("web-1", "lena", request)).Status)
	w.store.refuse("KeepReceipt", nil)
	same(t, "again", true, w.answers(approve("web-1", "lena", request)).OK())
	same(t, "ballots", 1, len(p.requests[0].Ballots))
}

// TestAReceiptThatIsNeverWrittenKeepsNobodyWaiting: what counts is told in time,
// also where the record takes nothing more and says nothing.
func TestAReceiptThatIsNeverWrittenKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.store.refuseBy("KeepReceipt", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	same(t, "status", review.Counted, w.answers(approve("web-1", "lena", request)).Status) // or it never ends
}

// TestAFullDatabase uses the store's own bound.
func TestAFullDatabase(t *testing.T) {
	t.Parallel()
	w := newWorldIn(t, archive.Options{Dir: t.TempDir(), MaxPages: 150})
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	for i := 0; ; i++ {
		_, err := w.store.Archive.KeepText(t.Context(), fmt.Sprintf("ballast-%d", i), review.Text{Inside: strings.Repeat("x", 3000)})
		if err != nil {
			break
		}
	}
	w.engine.fails(down())
	a := approve("web-1", "lena", request)
	a.Text.Inside = strings.Repeat("y", 30_000)
	_, err := w.desk.Answer(t.Context(), a)
	isBusy(t, err)
	if !errors.As(err, new(dossier.FullError)) {
		t.Errorf("not a full disk: %v", err)
	}
	same(t, "ballots", 0, len(p.requests[0].Ballots))
	same(t, "waits", false, w.waits(onboarding))
}

func TestAClosedArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	ok(t, w.store.Close())
	_, err := w.desk.Answer(t.Context(), approve("web-1", "lena", request))
	isBusy(t, err)
	_, err = w.desk.Act(t.Context(), act("web-2", "lena", review.Recuse))
	isBusy(t, err)
	same(t, "sent", 0, len(w.engine.sent))
}
