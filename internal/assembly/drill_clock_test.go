package assembly

import (
	"fmt"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

const drillID = "drill/acme/1"

// drillWatch is a house with a drill in its record, and what the looks at it saw.
type drillWatch struct {
	*testing.T
	h     *House
	e     *engine
	seen  map[string]drillLook
	lines map[string]int // by process
}

func watchDrill(t *testing.T) *drillWatch {
	t.Helper()
	e := &engine{faults: map[string]error{}, due: map[string]workflows.Due{}}
	w := &drillWatch{T: t, h: open1(t, Options{Dir: t.TempDir()}, e), e: e, seen: map[string]drillLook{}, lines: map[string]int{drillID: 2, childID: 1}}
	rehearses(t, w.h, drillID, calendar.Anchor{Real: time.Now(), Case: time.Now()})
	w.due(9)
	return w
}

// due has the drill want something at that hour, and its part an hour later.
func (w *drillWatch) due(hour int) {
	at := time.Date(2026, 3, 5, hour, 0, 0, 0, time.UTC)
	w.e.due[drillID], w.e.due[childID] = workflows.Due{Next: at}, workflows.Due{Next: at.Add(time.Hour)}
}

// notes adds a line of one of the drill's processes to its record.
func (w *drillWatch) notes(process string, entry dossier.Entry) {
	w.Helper()
	w.lines[process]++
	entry.ID, entry.Case, entry.Process, entry.Run = fmt.Sprintf("%s#%d", process, w.lines[process]), drillID, process, "run"
	entry.At = time.Now().UTC()
	entry.CaseAt = entry.At
	ok(w.T, w.h.Archive.Append(w.Context(), []dossier.Entry{entry}))
}

// looks looks once, and wants the clocks of both processes moved, or none.
func (w *drillWatch) looks(when string, moved bool) {
	w.Helper()
	w.e.jumps = nil
	drills, err := w.h.moveDrills(w.Context(), w.seen)
	ok(w.T, err)
	if want := map[bool]int{true: 2}[moved]; drills != 1 || len(w.e.jumps) != want {
		w.Errorf("%s: of %d drills the clock was moved: %q", when, drills, w.e.jumps)
	}
}

// TestADrillsClockMovesWhenTwoLooksAgree, and by nothing less: what wants something at
// another time, or was noted in between, makes two more looks of it, and so does a drill
// that was at work, and one whose clock was just moved.
func TestADrillsClockMovesWhenTwoLooksAgree(t *testing.T) {
	t.Parallel()
	w := watchDrill(t)
	w.looks("first seen", false)
	w.looks("seen again", true)
	same(t, "to when it wants something", time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC), w.e.anchors[0].Case)
	w.looks("just moved", false)

	w.due(11)
	w.looks("wants something else", false)
	w.notes(drillID, dossier.Entry{Kind: dossier.Noted})
	w.looks("noted something", false)
	w.looks("nothing since", true)

	w.looks("just moved", false)
	w.e.due[childID] = workflows.Due{Next: time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC), Busy: true}
	w.looks("at work", false)
	w.due(11)
	w.looks("no more at work", false)
	w.looks("still not", true)
}

// TestADrillsClockIsTheRealOneForWhoHasATask: while somebody has a task it is never moved,
// and looks of before count for nothing.
func TestADrillsClockIsTheRealOneForWhoHasATask(t *testing.T) {
	t.Parallel()
	w := watchDrill(t)
	w.looks("first seen", false)
	r := review.Request{ID: drillID + ":drill-restore.1", Process: drillID, Step: "drill-restore", Title: "DRILL: restore it", Drill: true, Opened: time.Now().UTC()}
	w.notes(drillID, dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r, At: r.Opened}})
	for range 4 {
		w.looks("somebody has a task", false)
	}
	w.notes(drillID, dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactClosed, Request: r.ID, At: r.Opened, State: review.Met, Why: "decided"}})
	w.looks("it is done", false)
	w.looks("and nothing since", true)
}

// TestADrillThatWaitsForNothingStandsStill, and one that is over is forgotten.
func TestADrillThatWaitsForNothingStandsStill(t *testing.T) {
	t.Parallel()
	w := watchDrill(t)
	clear(w.e.due)
	for range 3 {
		w.looks("it waits for people", false)
	}
	w.due(9)
	w.looks("first seen", false)
	for _, p := range []string{childID, drillID} {
		w.notes(p, dossier.Entry{Kind: dossier.ProcessEnded, Detail: &dossier.Detail{}})
	}
	drills, err := w.h.moveDrills(t.Context(), w.seen)
	ok(t, err)
	if drills != 0 || len(w.seen) != 0 {
		t.Errorf("%d drills, and %v is remembered", drills, w.seen)
	}
}
