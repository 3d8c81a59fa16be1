package demo

import (
	"slices"
	"testing"

	"gangway/config"
)

// TestStepAsideKnowsWhatIsAgreedWithTheVendor: of what data protection is asked in the
// demo's playbook, all that binds the vendor, and no more.
func TestStepAsideKnowsWhatIsAgreedWithTheVendor(t *testing.T) {
	t.Parallel()
	pb, _, err := config.Shipped("standard")
	if err != nil {
		t.Fatalf("reading the playbook: %v", err)
	}
	pressed := map[string][]string{}
	for _, s := range pb.Boarding() {
		for _, seat := range s.Policy.Seats() {
			if seat.Role == "data-protection" {
				press, _, _ := StepAside(s.Title+"\n"+s.Ask, 0)
				pressed[press] = append(pressed[press], s.ID)
			}
		}
	}
	aside, agreed := pressed["Declare a conflict"], pressed["Approve"]
	if !slices.Equal(aside, []string{"review", "dpa-check", "dpa-sign"}) || !slices.Equal(agreed, []string{"data-look"}) {
		t.Errorf("she steps aside at %q and approves %q", aside, agreed)
	}
}
