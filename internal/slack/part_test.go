package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"gangway/internal/playbook"
)

// TestAPartNeedsNothingForATier: the form of a whole onboarding says for which tiers a
// field is needed; that of a part alone doesn't, and the form that it is made of is as it was.
func TestAPartNeedsNothingForATier(t *testing.T) {
	t.Parallel()
	f := playbook.IntakeForm{Playbook: "whole", Fields: []playbook.IntakeField{{Name: "summary", Label: "In short", Hint: "Two sentences.", Needed: "Needed for tier 1.", Kind: playbook.TextField}}}
	shown := func(m any) string {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	part := shown(partModal(playbook.Pilot, f, nil))
	if !strings.Contains(part, "Two sentences.") || strings.Contains(part, "tier 1") {
		t.Errorf("the form of a pilot alone is %s", part)
	}
	if whole := shown(onboardModal(f, nil, playbook.Intake{Playbook: "whole"})); !strings.Contains(whole, "Two sentences. Needed for tier 1.") {
		t.Errorf("the form of a whole onboarding is %s", whole)
	}
}
