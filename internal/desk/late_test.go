package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// rehearsal is an anchor that is 30 days ahead of real time.
func rehearsal() calendar.Anchor {
	return calendar.Anchor{Real: monday(), Case: monday().Add(30 * 24 * time.Hour)}
}

// TestTheSameOutcomeForEver repeats answers and acts after the process has
// closed: with the receipt, and with nothing but the record.
func TestTheSameOutcomeForEver(t *testing.T) {
	t.Parallel()
	for _, receipts := range []bool{true, false} {
		t.Run(cond(receipts, "receipt", "record"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, rehearsal())
			request := w.asks(p, "need", "lena", "sam", "dora")
			if !receipts {
				w.store.refuse("KeepReceipt", dossier.FullError{Doing: "keeping a receipt"})
			}
			second := approve("web-2", "lena", request)
			back := act("web-3", "lena", review.TakeBack)
			back.Request = request
			pass := act("web-4", "sam", review.Delegate)
			pass.Request, pass.ToID, pass.Until = request, "p00", rehearsal().Case.Add(48*time.Hour)
			conflict := act("web-5", "dora", review.Recuse)
			conflict.Request = request
			leave := act("web-9", "olga", review.Withdraw)
			leave.Process, leave.Request = onboarding, ""
			steps := []func() review.Outcome{
				func() review.Outcome { return w.answers(approve("web-1", "lena", request)) },
				func() review.Outcome { return w.answers(second) }, // refused: has answered
				func() review.Outcome { return w.does(back) },
				func() review.Outcome { return w.does(pass) },
				func() review.Outcome { return w.does(conflict) },
				func() review.Outcome { return w.answers(approve("web-6", "p00", request)) },
				func() review.Outcome { return w.answers(approve("web-7", "lena", request)) },
				func() review.Outcome { return w.answers(approve("web-8", "rita", request)) }, // refused: the requester
				func() review.Outcome { return w.does(leave) },
			}
			var first []review.Outcome
			for i, step := range steps {
				w.clock.pass(time.Minute)
				if i == 2 { // what is taken back was said about the first version
					w.version(p, 2)
				}
				first = append(first, step())
				counted := !slices.Contains([]int{1, 7}, i)
				same(t, "counted", counted, first[i].Status == review.Counted)
			}
			w.ends(p)
			for i, step := range steps {
				again := step()
				if d := cmp.Diff(first[i], again, cmpopts.EquateEmpty()); d != "" {
					t.Errorf("step %d (-first +again):\n%s", i+1, d)
				}
			}
			for _, l := range w.lines(onboarding) {
				if l.Entry.Kind == dossier.Attempt {
					t.Errorf("a repetition was recorded: %+v", l.Entry)
				}
			}
		})
	}
}

// version files a version of a process's first request that touches nobody.
func (w *world) version(p *process, n int) {
	w.t.Helper()
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	at := p.anchor.CaseAt(w.clock.now())
	v := review.Version{Number: n, Document: "sha256:" + strings.Repeat("2", 64), Touched: []review.Touch{{Version: n - 1}}, At: at}
	w.engine.fold(p, p.requests[0], []review.Fact{{Kind: review.FactVersion, Request: p.requests[0].ID, At: at, Version: &v}})
	w.flush(p)
}

// TestTooLate: recorded by desk at the case's own time, and told who decided.
func TestTooLate(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{"closed": {}, "ended in hand": {err: endedInHand()}, "ended later": {err: endedInHand(), inResult: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, rehearsal())
			request := w.asks(p, "need", "lena", "sam")
			w.answers(approve("web-0", "lena", request))
			w.clock.pass(time.Minute)
			w.answers(approve("web-1", "sam", request))
			w.engine.withhold = true
			w.clock.pass(time.Minute)
			seat := &review.Holder{Person: "dora", Via: review.ViaBackup, Since: monday()}
			fact := review.Fact{Kind: review.FactSeated, Request: request, At: monday(), Seat: "sam-seat", Person: "dora", Holder: seat}
			p.requests[0].Apply(fact)
			p.say(monday(), dossier.Entry{Kind: dossier.Request, Fact: &fact})
			w.ends(p)
			w.clock.pass(time.Hour)
			w.engine.fails(f)
			late := approve("web-2", "dora", request)
			late.Verdict = review.Reject
			out := w.answers(late)
			decided := rehearsal().CaseAt(monday().Add(time.Minute))
			same(t, "told", review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: request, Seat: "sam-seat", By: "sam",
				At: decided, Verdict: review.Approve, State: review.Met}, out)
			line, filed, err := w.store.AnswerLine(t.Context(), "web-2")
			ok(t, err)
			e := line.Entry
			same(t, "recorded", []any{true, onboarding + "#desk/web-2", onboarding, onboarding, dossier.Attempt, "dora"},
				[]any{filed, e.ID, e.Case, e.Process, e.Kind, e.Actor})
			same(t, "real time", w.clock.now(), e.At)
			same(t, "case time", rehearsal().CaseAt(w.clock.now()), e.CaseAt)
			if line.Body == nil || !strings.Contains(line.Body.Inside, planted) {
				t.Error("the late reason is not in the record")
			}
			same(t, "receipt", out, w.receipt("web-2"))
			same(t, "once more", out, w.answers(late))
			w.lines(onboarding)
		})
	}
}

// TestStrangersLearnNothingByComingLate: whoever has no tie to the case is told
// that it is over and no more, whatever they guess.
func TestStrangersLearnNothingByComingLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.answers(approve("web-1", "lena", request))
	w.answers(approve("web-2", "sam", request))
	w.ends(p)
	w.clock.pass(time.Hour)
	for _, who := range []string{"p01", "vera", "gone"} {
		late := approve("web-"+who, who, request)
		late.Seat = "lena-seat"
		want := review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: request, By: who, At: w.clock.now()}
		same(t, who+" is told", want, w.answers(late))
		_, filed, err := w.store.AnswerLine(t.Context(), "web-"+who)
		ok(t, err)
		same(t, "recorded", true, filed)
	}
	same(t, "somebody who was asked", "lena", w.answers(approve("web-3", "lena", request)).By)
}

// TestLateAnswersAreWrittenDownUpToABound: everybody is told, and nobody fills a
// disk with the seals of a case that is over.
func TestLateAnswersAreWrittenDownUpToABound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.answers(approve("web-1", "lena", request))
	w.answers(approve("web-2", "sam", request))
	w.ends(p)
	before := len(w.lines(onboarding))
	for i := range review.MaxAttempts + 5 {
		late := approve(fmt.Sprint("web-late-", i), "dora", request)
		late.Text = review.Text{}
		same(t, "told", review.Closed, w.answers(late).Refusal)
	}
	same(t, "lines", review.MaxAttempts, len(w.lines(onboarding))-before)
	same(t, "somebody else", review.Closed, w.answers(approve("web-3", "p01", request)).Refusal)
	w.clock.pass(lateWithin)
	w.answers(approve("web-4", "dora", request))
	same(t, "lines", review.MaxAttempts+2, len(w.lines(onboarding))-before)
}

// TestTooLateFromTheQueue: what was received while the engine was away and comes
// to a closed process is recorded as of its receipt.
func TestTooLateFromTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, rehearsal())
	request := w.asks(p, "need", "lena", "sam")
	w.engine.fails(down())
	received := w.clock.now()
	same(t, "pending", review.Pending, w.answers(approve("web-1", "lena", request)).Status)
	conflict := act("web-2", "olga", review.Withdraw)
	conflict.Process = onboarding
	same(t, "pending", review.Pending, w.does(conflict).Status)
	w.clock.pass(time.Hour)
	w.engine.works()
	w.ends(p) // by hand of somebody else
	w.delivers()
	for _, id := range []string{"web-1", "web-2"} {
		out := w.receipt(id)
		same(t, id, []any{review.Refused, review.Closed}, []any{out.Status, out.Refusal})
		line, filed, err := w.store.AnswerLine(t.Context(), id)
		ok(t, err)
		same(t, id, []any{true, dossier.Attempt, received, rehearsal().CaseAt(received)}, []any{filed, line.Entry.Kind, line.Entry.At, line.Entry.CaseAt})
	}
	same(t, "an act's time is the case's", rehearsal().CaseAt(received), w.receipt("web-2").At)
	same(t, "waits", false, w.waits(onboarding))
}

// TestTerminatedByHand: the record never heard of an end, the engine did.
func TestTerminatedByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, rehearsal())
	request := w.asks(p, "need", "lena", "sam")
	p.closed = true
	out := w.answers(approve("web-1", "lena", request))
	same(t, "told", review.Outcome{Status: review.Refused, Refusal: review.Closed, Request: request, By: "lena", At: rehearsal().Case}, out)
}

// TestALateAnswerWaitsForTheRecord: it is not refused for good before the
// refusal is recorded.
func TestALateAnswerWaitsForTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.ends(p)
	full := dossier.FullError{Doing: "appending"}
	w.store.refuse("Append", full)
	same(t, "status", review.Pending, w.answers(approve("web-1", "lena", request)).Status)
	w.store.refuse("Append", nil)
	w.delivers()
	same(t, "status", review.Closed, w.receipt("web-1").Refusal)
	same(t, "recorded", onboarding+"#desk/web-1", w.lines(onboarding)[len(w.lines(onboarding))-1].Entry.ID)
}
