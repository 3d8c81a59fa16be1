package playbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestACollectionIsAnIntakeWithLess: what both have goes there and back.
func TestACollectionIsAnIntakeWithLess(t *testing.T) {
	t.Parallel()
	d := DPAIntake{ID: "web-1", Vendor: engagement.Vendor{Name: "Acme", Service: "payroll", Contacts: []engagement.Contact{{Name: "Ann", Mail: "ann@acme.example"}}},
		Playbook: "standard", Reason: "personal data", Data: []string{"personal"}, Owner: "olga", Deputy: "dora", Sponsor: "sam", Rehearsal: true,
		From: review.Address{Channel: "web", ID: "rita"}}
	if diff := cmp.Diff(d, d.Intake().Collection()); diff != "" {
		t.Error(diff)
	}
	if faults := d.Intake().Check(); len(faults) > 0 {
		t.Errorf("faults of a sound one: %v", faults)
	}
	d.Reason, d.Owner = "", ""
	if faults := d.Intake().Check(); len(faults) != 2 {
		t.Errorf("want two faults, got %v", faults)
	}
}
