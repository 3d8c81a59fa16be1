package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
)

// unsigned reports whether a confidentiality agreement is owed still in a stage that
// has come: a corrected intake may want one late. Until it counts, accepted where the
// playbook says by whom, nothing more goes to the vendor.
func (o *onboarding) unsigned() bool {
	return slices.ContainsFunc(o.reached(), func(stage string) bool {
		return slices.ContainsFunc(o.in.Steps, func(s playbook.Step) bool { return s.Stage == stage && o.owesNDA(s) })
	})
}

// owesNDA reports whether a step asks for the agreement, as the intake is now, and did
// not bring it.
func (o *onboarding) owesNDA(s playbook.Step) bool {
	if s.Does != playbook.DoesNDA || !s.Applies(o.process.in.Tier) || !s.When.Holds(*o.facts) {
		return false
	}
	at := o.process.standing()
	return !slices.Contains(at.Decided, s.ID) || slices.Contains(at.Open, s.ID) || slices.Contains(at.Open, s.ID+acceptSuffix)
}

// withholds reports whether a step would tell the vendor something before they signed.
// What is withheld is asked once they did.
func (o *onboarding) withholds(s playbook.Step) bool {
	if s.Does == playbook.DoesNDA || !s.AsksVendor() || !o.unsigned() {
		return false
	}
	o.withheld = append(o.withheld, s)
	return true
}

// disclose asks what was withheld once nothing is to be signed any more. It reports
// whether something is withheld still.
func (o *onboarding) disclose(ctx workflow.Context) bool {
	if len(o.withheld) == 0 || o.unsigned() {
		return len(o.withheld) > 0
	}
	steps := o.withheld
	o.withheld = nil
	for _, s := range steps {
		if o.applies(s) {
			o.askStep(ctx, s)
		}
	}
	return true
}
