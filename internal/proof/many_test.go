package proof

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
)

// TestTheSweepAsksForWhatIsNew: the engine lists weeks of closed runs, so that
// only one sweep a day asks for all of them.
func TestTheSweepAsksForWhatIsNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := w.now()
	w.pass()
	same(t, "the first asks for all", []string{closedQuery}, w.engine.queries)
	r := w.opens(root)
	w.passes(sweepEvery)
	w.engine.ends(r, terminated)
	w.pass()
	same(t, "the next for what closed since, and some more", closedQuery+" AND CloseTime > '"+started.Add(-sweepBack).Format(time.RFC3339)+"'", w.engine.queries[1])
	same(t, "filed", []string{"run-" + root}, w.filed(root))

	late := w.engine.starts(other, "run-"+other) // the record hears of it long after its end
	w.engine.ends(late, terminated)
	w.passes(sweepEvery)
	w.pass()
	w.passes(sweepBack + sweepEvery)
	w.pass()
	w.engine.runs = w.engine.runs[:len(w.engine.runs)-1]
	w.opens(other)
	w.engine.runs[len(w.engine.runs)-1] = late
	w.passes(sweepEvery)
	w.pass()
	same(t, "too old for a sweep in between", []string(nil), w.filed(other))
	w.passes(sweepAll)
	w.pass()
	same(t, "the next day", []string{"run-" + other}, w.filed(other))
}

// TestASweepThatFailsAsksForTheSameAgain: what it could not file stays within.
func TestASweepThatFailsAsksForTheSameAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass()
	w.engine.ends(w.opens(root), terminated)
	bad := errors.New("the engine has a bad day")
	w.engine.fault["run-"+root] = bad
	for range 3 {
		w.passes(sweepBack + sweepEvery)
		if err := w.keeper.Pass(t.Context()); !errors.Is(err, bad) {
			t.Fatal(err)
		}
	}
	same(t, "queries", 2, len(w.engine.queries))
	delete(w.engine.fault, "run-"+root)
	w.pass()
	same(t, "filed", []string{"run-" + root}, w.filed(root))
}

// TestTheEngineIsAway: it is asked once a pass, not once for every case.
func TestTheEngineIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass()
	for i := range 5 {
		id := fmt.Sprintf("onboarding/acme/%d", i+1)
		w.engine.ends(w.opens(id), completed)
		w.closes(id)
		w.engine.fault["run-"+id] = serviceerror.NewUnavailable("restarting")
	}
	var away *serviceerror.Unavailable
	if err := w.keeper.Pass(t.Context()); !errors.As(err, &away) {
		t.Errorf("want Unavailable, got %v", err)
	}
	same(t, "asked", 1, len(w.engine.fetched))
	clear(w.engine.fault)
	w.pass()
	same(t, "sealed", 5, len(w.sealer.sealed))
}

// TestWhatTheEngineLostIsAskedForSeldom: a run that is gone comes back at most
// with a restored engine.
func TestWhatTheEngineLostIsAskedForSeldom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass()
	r := w.opens(root)
	w.engine.runs = nil
	w.closes(root)
	w.pass()
	w.pass()
	w.pass()
	same(t, "asked", 1, len(w.engine.fetched))
	w.engine.runs = []*run{r}
	w.engine.ends(r, completed)
	w.passes(sweepEvery)
	w.pass()
	same(t, "filed after all", []string{root}, w.sealer.sealed)
}
