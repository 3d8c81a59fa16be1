package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/review"
	"gangway/workflows"
)

// TestAQueuedApproveAndItsTakeBack ends as one would read it: the engine is back
// before the second comes, and still the first is delivered first.
func TestAQueuedApproveAndItsTakeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.engine.fails(down())
	same(t, "approve", review.Pending, w.answers(approve("web-1", "lena", request)).Status)
	w.engine.works()
	back := act("web-2", "lena", review.TakeBack)
	back.Request = request
	same(t, "take back", review.Pending, w.does(back).Status)
	same(t, "somebody else", review.Pending, w.answers(approve("web-3", "sam", request)).Status)
	same(t, "nothing went past the queue", 0, len(w.engine.calls))
	waiting := must[[]review.Queued](t)(w.desk.Pending(t.Context(), from("lena")))
	same(t, "lena's", []string{"web-1", "web-2"}, []string{waiting[0].ID, waiting[1].ID})
	w.delivers()
	same(t, "order of receipt", []string{onboarding + " answer web-1", onboarding + " act web-2", onboarding + " answer web-3"}, w.engine.calls)
	if b := p.requests[0].Standing("lena-seat"); b != nil {
		t.Errorf("taken back, and yet it stands: %+v", b)
	}
	same(t, "ballots", 2, len(p.requests[0].Ballots))
	same(t, "sam's stands", true, p.requests[0].Standing("sam-seat") != nil)
	for _, id := range []string{"web-1", "web-2", "web-3"} {
		same(t, id, review.Counted, w.receipt(id).Status)
	}
	same(t, "an empty queue is gone past", review.Refused, w.answers(approve("web-4", "sam", request)).Status)
}

// TestTwoDesksDeliverOnce has two desks empty one queue at the same time.
func TestTwoDesksDeliverOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var requests []string
	for i := range 3 {
		p := w.opens(fmt.Sprintf("onboarding/acme/%d", i+1), calendar.Anchor{})
		requests = append(requests, w.asks(p, "need", "p00", "p01", "p02", "p03", "p04", "p05"))
	}
	w.engine.fails(down())
	for i := range 6 {
		for j, request := range requests {
			w.answers(approve(fmt.Sprintf("web-%d-%d", j, i), fmt.Sprintf("p%02d", i), request))
		}
	}
	w.engine.works()
	var both sync.WaitGroup
	for _, d := range []*Desk{w.desk, w.another()} {
		both.Go(func() {
			for range 3 { // a process that the other one is at is left out
				d.deliverAll(context.Background())
			}
		})
	}
	both.Wait()
	w.delivers()
	count := map[string]int{}
	last := map[string]string{}
	for _, c := range w.engine.calls {
		var process, name, id string
		_, err := fmt.Sscan(c, &process, &name, &id)
		ok(t, err)
		if count[id]++; id < last[process] {
			t.Errorf("%s came after %s", id, last[process])
		}
		last[process] = id
	}
	same(t, "answers", 18, len(count))
	for id, n := range count {
		if n != 1 {
			t.Errorf("%s was delivered %d times", id, n)
		}
	}
}

func TestSomebodyElsesLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	w.engine.fails(down())
	w.answers(approve("web-1", "lena", request))
	w.engine.works()
	same(t, "lease", true, must[bool](t)(w.store.Lease(t.Context(), "queue/"+onboarding, "another", time.Minute)))
	w.delivers()
	same(t, "left alone", true, w.waits(onboarding))
	w.clock.pass(time.Hour) // its holder died
	w.delivers()
	same(t, "taken over", false, w.waits(onboarding))
	same(t, "given back", true, must[bool](t)(w.store.Lease(t.Context(), "queue/"+onboarding, "another", time.Minute)))
}

// TestOneProcessInTheWay: what can't be delivered to one keeps no other waiting,
// and what is behind it keeps its place.
func TestOneProcessInTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam")
	second := w.asks(w.opens("onboarding/acme/2", calendar.Anchor{}), "need", "lena", "sam")
	w.engine.fails(down())
	w.answers(approve("web-1", "lena", first))
	w.answers(approve("web-2", "sam", first))
	w.answers(approve("web-3", "lena", second))
	w.engine.failsFor(func(id string) fault {
		if id == "web-1" {
			return fault{err: context.DeadlineExceeded}
		}
		return fault{}
	})
	w.delivers()
	same(t, "calls", []string{"onboarding/acme/2 answer web-3"}, w.engine.calls)
	same(t, "waits", []bool{true, false}, []bool{w.waits(onboarding), w.waits("onboarding/acme/2")})
}

func TestARowThatCannotBeSettledCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.opens(onboarding, calendar.Anchor{})
	request := w.asks(p, "need", "lena", "sam")
	w.engine.fails(down())
	w.answers(approve("web-1", "lena", request))
	w.engine.works()
	w.store.refuse("Settle", errors.New("full"))
	w.delivers()
	same(t, "stays", true, w.waits(onboarding))
	w.store.refuse("Settle", nil)
	w.delivers()
	same(t, "gone", false, w.waits(onboarding))
	same(t, "ballots", 1, len(p.requests[0].Ballots))
}

// TestAPeopleChangeForAProcessThatEnds must not stay in the queue for ever.
func TestAPeopleChangeForAProcessThatEnds(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]fault{"before": {}, "meanwhile": {err: endedInHand()}, "in hand": {err: endedInHand(), inResult: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.opens(onboarding, calendar.Anchor{})
			ok(t, w.desk.tellProcess(t.Context(), "people/2/"+onboarding, onboarding, workflows.PeopleChange{Revision: 2}))
			p.closed = name == "before"
			w.engine.fails(f)
			w.delivers()
			same(t, "waits", false, w.waits(onboarding))
		})
	}
}

// TestRun delivers as soon as something is queued and the engine is back, and
// ends when it is told to. Time is synctest's.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		request := w.asks(w.opens(onboarding, calendar.Anchor{}), "need", "lena", "sam", "dora")
		ctx, stop := context.WithCancel(t.Context())
		var loop sync.WaitGroup
		loop.Go(func() { w.desk.Run(ctx) })
		synctest.Wait()
		begun := time.Now()
		tries := 0
		w.engine.failsFor(func(id string) fault { tries++; return cond(id == "web-1" && tries == 1, down(), fault{}) })
		same(t, "status", review.Pending, w.answers(approve("web-1", "lena", request)).Status)
		synctest.Wait()
		same(t, "woken at once", []any{review.Counted, time.Duration(0)}, []any{w.receipt("web-1").Status, time.Since(begun)})
		w.engine.fails(down())
		same(t, "status", review.Pending, w.answers(approve("web-3", "dora", request)).Status)
		synctest.Wait()
		w.engine.works()
		time.Sleep(loopEvery + time.Millisecond)
		synctest.Wait()
		same(t, "looks again by itself", review.Counted, w.receipt("web-3").Status)
		w.engine.slow = func(ctx context.Context) { <-ctx.Done() }
		same(t, "status", review.Pending, w.answers(approve("web-2", "sam", request)).Status)
		stop()
		loop.Wait()
		same(t, "kept", true, w.waits(onboarding))
	})
}
