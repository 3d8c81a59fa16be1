package exit

import (
	"strings"
	"testing"
	"time"
)

// What a drill came to is said in a line: whether the notice period is long enough, and
// how many gaps there are.
func TestWhatADrillCameTo(t *testing.T) {
	t.Parallel()
	c := Certificate{Drill: true, Began: at(), At: at().AddDate(0, 0, 40), Steps: []Rehearsed{{Does: DoesNotice, Ends: at()}, {Does: DoesCutOver, Ends: at().AddDate(0, 0, 30)}}}
	for _, want := range []struct {
		notice, gaps int
		words        string
	}{{0, 0, "needed for 30 days, and nobody said how long the notice period is; no gap"}, {29, 1, "longer than the notice period of 29 days; 1 gap was found"}, {30, 2, "within the notice period of 30 days; 2 gaps were found"}} {
		c.NoticeDays, c.Matters = want.notice, []Matter{{State: StateDone, Document: "sha256:d"}, {State: StateFailed}, {State: StateOpen}}[:1+want.gaps]
		if got := c.Drilled(); !strings.Contains(got, want.words) {
			t.Errorf("%d days: %q", want.notice, got)
		}
	}
}

// A vendor who never answers is late first with what is due first; only what may be waived
// counts as what can be done without.
func TestWhatASilentVendorOwes(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return at().AddDate(0, 0, n) }
	c := Certificate{Steps: []Rehearsed{{Ends: day(1), Seats: 1, Waivable: true}, {Ends: day(9), Seats: 1, Theirs: 1, Waivable: true}, {Ends: day(5), Seats: 2, Theirs: 1}, {Ends: day(7), Seats: 1, Theirs: 1, Waivable: true}}}
	if from, waivers := c.Owed(); !from.Equal(day(5)) || waivers != 2 {
		t.Errorf("late from %s, %d could be done without", from, waivers)
	}
	if from, waivers := (Certificate{Steps: c.Steps[:1]}).Owed(); !from.IsZero() || waivers != 0 {
		t.Errorf("a vendor who owes nothing is late from %s, %d", from, waivers)
	}
}

// Every gap has words for people, and those that count something say how much.
func TestGapsInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m    Matter
		want string
	}{
		{Matter{State: StateOpen, Why: "no-receiver"}, "nobody is named who takes it over"}, {Matter{State: StateOpen, Why: "not-in-its-hour"}, "nobody did it within its hour"},
		{Matter{State: StateFailed, Why: "failed-in-the-drill"}, "it was tried, and failed"}, {Matter{State: StateOpen, Why: "nobody-holds-a-seat", Found: 2}, "2 seats that it asks are held by nobody"},
		{Matter{State: StateOpen, Why: "not-in-the-plan", Found: 1}, "1 access was found that the exit plan does not name"}, {Matter{State: StateNotCheckable, Why: "apps-alone"}, "not checkable: apps alone"},
		{Matter{State: StateOpen}, "open"},
	} {
		if got := c.m.Gap(); got != c.want {
			t.Errorf("%+v: %q", c.m, got)
		}
	}
}
