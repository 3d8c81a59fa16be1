package proof

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"gangway/internal/dossier"
)

const (
	root  = "onboarding/acme/1"
	child = "contract/acme/1"
	other = "onboarding/acme/2"

	completed  = enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
	terminated = enums.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED
)

// TestACaseFromItsFirstEndToItsSeal goes the whole way.
func TestACaseFromItsFirstEndToItsSeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rootRun := w.opens(root)
	w.say(root, child, "run-c", dossier.ProcessStarted, dossier.Detail{Parent: root})
	childRun := w.engine.starts(child, "run-c")
	w.pass()
	same(t, "nothing has ended", 0, len(w.engine.fetched))
	w.say(root, child, "run-c", dossier.ProcessEnded, dossier.Detail{Result: "signed-off"})
	w.pass()
	same(t, "the run is still closing", []string(nil), w.filed(root))
	w.engine.ends(childRun, completed)
	w.pass()
	w.pass()
	same(t, "filed once", []string{"run-c"}, w.filed(root))
	same(t, "fetched", 2, len(w.engine.fetched))
	lines := w.lines(root)
	e := lines[len(lines)-1].Entry
	same(t, "entry", []any{child + "#archive/history-run-c", child, root}, []any{e.ID, e.Process, e.Case})
	_, r, err := w.store.Get(t.Context(), e.Detail.Document)
	ok(t, err)
	h, err := client.HistoryFromJSON(r, client.HistoryJSONOptions{})
	ok(t, err)
	ok(t, r.Close())
	same(t, "a replayer reads it", []any{3, completed}, []any{len(h.Events), h.Events[2].EventType})
	w.closes(root)
	w.pass()
	same(t, "not sealed while its root is closing", 0, len(w.sealer.sealed))
	w.engine.ends(rootRun, completed)
	w.pass()
	same(t, "filed", []string{"run-c", "run-" + root}, w.filed(root))
	same(t, "sealed in the same pass", []string{root}, w.sealer.sealed)
	w.pass()
	same(t, "sealed once", []string{root}, w.sealer.sealed)
	ok(t, w.store.Archive.Append(t.Context(), []dossier.Entry{{ID: root + "#desk/late", Case: root, Process: root, Kind: dossier.Attempt, At: w.now(), CaseAt: w.now()}}))
	w.pass()
	w.pass()
	same(t, "sealed again after a late attempt", []string{root, root}, w.sealer.sealed)
	v, err := w.store.Case(t.Context(), root)
	ok(t, err)
	same(t, "the case says so", true, v.Sealed)
}

// TestTheSweep finds what only the engine knows to have ended, page by page, and
// looks every ten minutes.
func TestTheSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass()
	same(t, "the first pass sweeps", 1, w.engine.listed)
	w.engine.ends(w.opens(root), terminated)
	w.engine.ends(w.opens(other), terminated)
	w.engine.ends(w.engine.starts("not/ours/1", "run-x"), completed)
	w.opens("onboarding/acme/3")
	w.pass()
	same(t, "not yet", []string(nil), w.filed(root))
	w.passes(sweepEvery)
	w.pass()
	same(t, "filed", []string{"run-" + root, "run-" + other}, append(w.filed(root), w.filed(other)...))
	same(t, "running", []string(nil), w.filed("onboarding/acme/3"))
	same(t, "pages", 1+3, w.engine.listed)
	w.passes(sweepEvery)
	w.pass()
	same(t, "once", 1, len(w.filed(root)))
	same(t, "a case that ended by hand stays open", 0, len(w.sealer.sealed))
}

// TestACrashBetweenTheDocumentAndItsEntry leaves a document that the next start
// uses.
func TestACrashBetweenTheDocumentAndItsEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.ends(w.opens(root), completed)
	w.closes(root)
	killed := errors.New("killed")
	w.store.refuses["Append"] = killed
	if err := w.keeper.Pass(t.Context()); !errors.Is(err, killed) {
		t.Fatal(err)
	}
	same(t, "not in the record", []string(nil), w.filed(root))
	delete(w.store.refuses, "Append")
	w.keeper = w.another() // a new process
	w.passes(2 * leaseFor)
	w.pass()
	same(t, "filed", []string{"run-" + root}, w.filed(root))
	same(t, "sealed", []string{root}, w.sealer.sealed)
}

// TestOneCaseInTheWay: neither a history that can't be had nor a case that can't
// be sealed keeps another waiting.
func TestOneCaseInTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lost := errors.New("the engine has a bad day")
	for _, id := range []string{root, other, "onboarding/acme/3"} {
		w.engine.ends(w.opens(id), completed)
		w.closes(id)
	}
	w.engine.fault["run-onboarding/acme/3"] = lost
	w.sealer.refuses[root] = errors.New("a document is missing")
	err := w.keeper.Pass(t.Context())
	if !errors.Is(err, lost) || !strings.Contains(err.Error(), "a document is missing") {
		t.Errorf("want both faults, got %v", err)
	}
	same(t, "sealed", []string{other}, w.sealer.sealed)
	delete(w.sealer.refuses, root)
	delete(w.engine.fault, "run-onboarding/acme/3")
	w.pass()
	same(t, "sealed", []string{other, root, "onboarding/acme/3"}, w.sealer.sealed)
}

// TestARunThatTheEngineLost is said once and keeps its case unsealed.
func TestARunThatTheEngineLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opens(root)
	w.engine.runs = nil
	w.closes(root)
	w.pass()
	w.pass()
	same(t, "said", 1, strings.Count(w.logs.String(), "no longer has a run"))
	same(t, "sealed", 0, len(w.sealer.sealed))
}

func TestOneKeeperAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass() // the first has the lease
	w.engine.ends(w.opens(root), completed)
	w.closes(root)
	second := w.another()
	ok(t, second.Pass(t.Context()))
	same(t, "the second leaves it alone", []string(nil), w.filed(root))
	w.passes(leaseFor)
	ok(t, second.Pass(t.Context()))
	same(t, "taken over", []string{root}, w.sealer.sealed)
	w.pass()
	same(t, "once", []string{root}, w.sealer.sealed)
}

// TestALeaseThatRanOutOnTheWay: a keeper that took too long stops where it is.
func TestALeaseThatRanOutOnTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{root, other} {
		w.engine.ends(w.opens(id), completed)
		w.closes(id)
	}
	second := w.another()
	w.store.onPut = func() { // the first is filing: its lease runs out, the second does all
		w.store.onPut = nil
		w.passes(leaseFor)
		ok(t, second.Pass(context.Background()))
	}
	if err := w.keeper.Pass(t.Context()); !errors.Is(err, errTaken) {
		t.Errorf("want errTaken, got %v", err)
	}
	same(t, "sealed by the second alone", []string{root, other}, w.sealer.sealed)
	same(t, "filed once", []int{1, 1}, []int{len(w.filed(root)), len(w.filed(other))})
}

// TestALeaseLostWhileSealing: what is left is for the one who has it now.
func TestALeaseLostWhileSealing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{root, other} {
		w.engine.ends(w.opens(id), completed)
		w.closes(id)
	}
	w.sealer.onSeal = func() {
		w.passes(leaseFor)
		_, err := w.store.Lease(context.Background(), leaseName, "another", leaseFor)
		ok(t, err)
	}
	if err := w.keeper.Pass(t.Context()); !errors.Is(err, errTaken) {
		t.Errorf("want errTaken, got %v", err)
	}
	same(t, "sealed", []string{root}, w.sealer.sealed)
}

// TestRun keeps on in synctest's time, and gives the lease back at its end.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.keeper.now = time.Now
		ctx, stop := context.WithCancel(t.Context())
		var loop sync.WaitGroup
		loop.Go(func() { w.keeper.Run(ctx) })
		synctest.Wait()
		w.engine.ends(w.opens(root), completed)
		w.closes(root)
		time.Sleep(2 * keepEvery)
		synctest.Wait()
		stop()
		loop.Wait()
		same(t, "sealed", []string{root}, w.sealer.sealed)
		free, err := w.store.Lease(t.Context(), leaseName, "another", time.Minute)
		ok(t, err)
		same(t, "the lease is free", true, free)
	})
}

func TestPackIsReadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.opens(root)
	_, err := Fetch(t.Context(), w.engine, root, r.id)
	if !errors.Is(err, errRunning) {
		t.Errorf("running: %v", err)
	}
	for _, how := range []enums.EventType{completed, terminated, enums.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
		enums.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT, enums.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW} {
		closing := w.engine.starts(root, "run-"+how.String())
		w.engine.ends(closing, how)
		h, err := Fetch(t.Context(), w.engine, root, closing.id)
		ok(t, err)
		text, err := Pack(h)
		ok(t, err)
		back, err := client.HistoryFromJSON(io.NopCloser(bytes.NewReader(text)), client.HistoryJSONOptions{})
		ok(t, err)
		same(t, "events", 3, len(back.Events))
	}
}
