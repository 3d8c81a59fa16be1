package playbook

import (
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Everything that the owner is asked about an item has words of its own; a waiver asks
// for a day on which it ends.
func TestChoresOfADueDiligence(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range []string{ChoreRunOut, ChoreIncomplete, ChoreSilent, ChoreNotAccepted, ChoreWaiver} {
		c := NewChore(name, Diligence, Deadlines{})
		if c.Step.Title == "" || c.Step.Ask == "" || seen[c.Step.Title] || c.Step.Kind != review.Task || c.Step.Process != Diligence || c.Step.Policy.Seats()[0].ID != OwnerSeat {
			t.Errorf("%s asks %+v", name, c.Step)
		}
		seen[c.Step.Title] = true
		if (name == ChoreWaiver) != (len(c.Step.Points) > 0) {
			t.Errorf("%s has the form %+v", name, c.Step.Points)
		}
	}
	until := NewChore(ChoreWaiver, Diligence, Deadlines{}).Step.Points[0]
	if until.ID != WaiverUntil || until.Kind != engagement.PointDate || !until.Expires || until.Optional {
		t.Errorf("a waiver asks %+v", until)
	}
	for step, is := range map[string]bool{"settle-iso": true, "waiver-iso": true, "iso": false, "waiver": false} {
		if IsChore(step) != is {
			t.Errorf("%s counts as a chore: %v", step, !is)
		}
	}
	if Say(RefuseVendor) == Say(Refuse) || !strings.Contains(Said(RefuseVendor), "vendor") {
		t.Errorf("refusing a vendor reads %q and %q", Say(RefuseVendor), Said(RefuseVendor))
	}
}
