package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// competes reports whether a step is one of the two ways through the competition gate:
// comparable offers, or a single source with a reason.
func competes(s playbook.Step) bool {
	return s.Does == playbook.DoesOffers || s.Does == playbook.DoesWaive
}

// choose asks the owner which way it goes where a stage has both; false: it has not.
func (o *onboarding) choose(ctx workflow.Context, steps []playbook.Step) bool {
	has := func(does playbook.Purpose) bool {
		return slices.ContainsFunc(steps, func(s playbook.Step) bool { return s.Does == does })
	}
	if !has(playbook.DoesOffers) || !has(playbook.DoesWaive) {
		return false
	}
	chore := playbook.NewChore(playbook.ChoreCompetition, playbook.Onboarding, o.process.in.Chores)
	o.choosing = o.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned})
	o.choosing.step.Stage = steps[0].Stage
	return true
}

// chooses reports whether the owner is asked now which way a stage goes.
func (o *onboarding) chooses(stage string) bool {
	return o.choosing != nil && o.choosing.req.Closed == nil && o.choosing.step.Stage == stage
}

// chosen acts on the owner's choice; it reports whether the choice is still open.
func (o *onboarding) chosen(ctx workflow.Context) bool {
	a := o.choosing
	if a == nil || a.req.Closed != nil {
		return false
	}
	b := a.req.Standing(playbook.OwnerSeat)
	if b == nil {
		return true
	}
	o.shut(ctx, a, review.Met, "decided")
	want := playbook.DoesOffers
	if b.Verdict == playbook.SingleSource {
		want = playbook.DoesWaive
	}
	for _, s := range o.steps(a.step.Stage) {
		if s.Does == want {
			o.askStep(ctx, s)
		}
	}
	return false
}
