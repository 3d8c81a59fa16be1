package slack

import (
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// Whatever the form of a playbook asks for is read back as it was typed: a field that
// this channel doesn't know would be lost in silence.
func TestEveryFieldOfAnIntakeIsReadAsTyped(t *testing.T) {
	t.Parallel()
	book := playbook.Playbook{Name: "standard", Data: []string{"payroll"}, Declaration: "no-conflict", Attestations: []playbook.Attestation{{ID: "no-conflict", Text: "I have none."}},
		Tiers: []playbook.TierRule{{Tier: 1, Needs: []string{"summary"}}}}
	today := 9000
	full := playbook.Intake{Playbook: "standard", Vendor: engagement.Vendor{Name: "Acme", Service: "Hosts us", Country: "GB", Website: "https://acme.example",
		Contacts: []engagement.Contact{{Name: "Sam", Mail: "sam@acme.example"}}},
		Reason: "Cheaper.", Alternative: "Do it ourselves.", Success: []string{"it is up"}, Summary: "They host us.", YearlyCost: 12000, BaselineCost: &today, Currency: "EUR",
		Data: []string{"payroll"}, Systems: []string{"crm"}, Owner: "rita", Deputy: "helen", Sponsor: "sam", Interest: engagement.Yes, WhichInterest: "my brother"}
	form := book.IntakeForm()
	for _, f := range form.Fields {
		if len(intakeValue(full, f.Name)) == 0 {
			t.Errorf("%s is not shown", f.Name)
		}
	}
	got, faults := readOnboard(form, stateOf(onboardModal(form, staff(), full)))
	if faults != nil {
		t.Errorf("a sound intake has faults: %v", faults)
	}
	same(t, "intake", full, got)
	full.BaselineCost = nil
	got, _ = readOnboard(form, stateOf(onboardModal(form, staff(), full)))
	same(t, "intake without the cost of today", full, got)
}
