package dossier_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// The view of a pilot is what the newest one's entries say, each milestone as it
// stands now.
func TestAPilotFolds(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return time.Date(2026, 3, 2, 9+h, 0, 0, 0, time.UTC) }
	criteria := []engagement.Criterion{{ID: "quality", Title: "Quality", Weight: 100, Most: 5}}
	entry := func(h int, process string, kind dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Process: process, Kind: kind, CaseAt: at(h), Actor: "olga", Detail: &d}
	}
	var v dossier.CaseView
	for _, e := range []dossier.Entry{
		entry(0, "pilot/acme/1", dossier.ScoresOpened, dossier.Detail{Score: 1}), // of no pilot that began
		entry(0, "pilot/acme/1", dossier.PilotFrozen, dossier.Detail{Digest: "old"}),
		entry(0, "pilot/acme/1", dossier.Milestone, dossier.Detail{Step: "import", Result: dossier.MilestoneMissing}),
		entry(1, "pilot/acme/2", dossier.PilotFrozen, dossier.Detail{Digest: "sha256:1", Criteria: criteria, Threshold: 60}),
		entry(2, "pilot/acme/1", dossier.PilotStopped, dossier.Detail{}), // the older one's
		entry(2, "pilot/acme/2", dossier.Milestone, dossier.Detail{Step: "import", Request: "import.1", Result: dossier.MilestoneOverdue, Due: at(2)}),
		entry(3, "pilot/acme/2", dossier.Milestone, dossier.Detail{Step: "report", Request: "report.1", Result: dossier.MilestoneDelivered, Due: at(4), Late: -60}),
		entry(4, "pilot/acme/2", dossier.Milestone, dossier.Detail{Step: "import", Request: "import.1", Result: dossier.MilestoneDelivered, Due: at(2), Late: 120}),
		entry(5, "pilot/acme/2", dossier.ScoresOpened, dossier.Detail{Request: "points.1", Digest: "sha256:1", Score: 80}),
		entry(6, "pilot/acme/2", dossier.ProcessEnded, dossier.Detail{Result: "go"}),
		entry(7, "pilot/acme/1", dossier.ProcessEnded, dossier.Detail{Result: "stopped"}),
	} {
		v.Apply(e)
	}
	want := &dossier.Pilot{Process: "pilot/acme/2", Started: at(1), Digest: "sha256:1", Criteria: criteria, Threshold: 60,
		Milestones: []dossier.PilotMilestone{
			{Step: "import", Request: "import.1", Due: at(2), Result: "delivered", Late: 120, At: at(4)},
			{Step: "report", Request: "report.1", Due: at(4), Result: "delivered", Late: -60, At: at(3)},
		}, Request: "points.1", Opened: at(5), Score: 80, Ended: at(6), Result: "go"}
	if d := cmp.Diff(want, v.Pilot); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	v.Apply(entry(8, "pilot/acme/2", dossier.ScoresOpened, dossier.Detail{Digest: "sha256:2"}))
	v.Apply(entry(9, "pilot/acme/2", dossier.PilotStopped, dossier.Detail{Step: "halfway"}))
	if !v.Pilot.Changed || v.Pilot.StoppedBy != "olga" || v.Pilot.Halfway != "halfway" {
		t.Errorf("%+v", v.Pilot)
	}
}

func TestLatenessInWords(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]string{
		0: "on time", 1: "1 working minute late", -59: "59 working minutes early", 60: "1 working hour late",
		-1440: "24 working hours early", 61: "1 working hour 1 minute late", 570: "9 working hours 30 minutes late",
	} {
		if got := dossier.Lateness(minutes); got != want {
			t.Errorf("%d: %q, want %q", minutes, got, want)
		}
	}
}
