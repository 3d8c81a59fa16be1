package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// retier brings the onboarding to a corrected tier: steps that it drops are
// closed unless they have a mandatory or a veto seat, steps that
// it adds to stages that have come are asked beside the current one, which waits
// for them, and the stages to come are those of the new tier. A review of the
// contract that runs goes on; one that the new tier wants besides comes next.
func (o *onboarding) retier(ctx workflow.Context) {
	before, from := o.applying(), o.in.Tier
	o.in.Tier, o.was = o.process.in.Tier, *o.facts
	for _, a := range o.asking {
		if a.req.Closed == nil && !o.applies(a.step) && !a.req.Guarded() {
			o.drop(ctx, a)
		}
	}
	reached := o.reached()
	furthest := len(reached) - 1
	at := o.standing()
	for _, stage := range reached {
		fresh := slices.DeleteFunc(o.steps(stage), func(s playbook.Step) bool {
			return slices.Contains(before, s.ID) || slices.Contains(at.Open, s.ID) || slices.Contains(at.Decided, s.ID)
		})
		passed := o.in.Tier >= from && slices.ContainsFunc(o.in.Steps, func(s playbook.Step) bool { // by what was wanted of a more critical one
			return s.Stage == stage && competes(s) && slices.Contains(at.Decided, s.ID)
		})
		if passed || o.chooses(stage) || o.choose(ctx, fresh) {
			fresh = slices.DeleteFunc(fresh, competes)
		}
		for _, s := range fresh {
			o.askStep(ctx, s)
		}
	}
	o.stages = slices.Clone(o.stages[:o.stage+1])
	if o.owesReview(furthest) || o.skippedCollection(furthest) {
		o.stages = append(o.stages, playbook.ContractStage)
	}
	for _, s := range o.in.Stages[furthest+1:] {
		if o.hasStage(s) {
			o.stages = append(o.stages, s)
		}
	}
	o.reopens = o.passed()
}

// applies reports whether a step is asked in this case as its tier and its facts are.
func (o *onboarding) applies(s playbook.Step) bool {
	return s.Applies(o.in.Tier) && s.When.Holds(o.was)
}

// applying lists the steps that apply.
func (o *onboarding) applying() []string {
	var ids []string
	for _, s := range o.in.Steps {
		if o.applies(s) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// judgedAnew reports whether a correction changed what the conditions of steps look
// at. Where no step has one it is nobody's business.
func (o *onboarding) judgedAnew() bool {
	return slices.ContainsFunc(o.in.Steps, func(s playbook.Step) bool { return s.When.Holds(o.was) != s.When.Holds(*o.facts) })
}

// reached are the playbook's stages up to the furthest that the case has come to,
// those among them that its tier had nothing in too.
func (o *onboarding) reached() []string {
	furthest := 0
	for _, s := range o.stages[:o.stage+1] {
		furthest = max(furthest, slices.Index(o.in.Stages, s))
	}
	return o.in.Stages[:furthest+1]
}

// drop closes a request that the case's tier no longer has, and what the owner
// was asked about it.
func (o *onboarding) drop(ctx workflow.Context, a *asked) {
	for _, s := range o.chores {
		if s.of == a {
			o.shut(ctx, s.chore, review.Open, "superseded")
		}
	}
	o.shut(ctx, a, a.req.Tally(o.now(ctx)).State, "superseded")
}

// owesReview reports whether the contract's stage has come and the tier wants a
// review that neither runs, nor is done, nor is about to start.
func (o *onboarding) owesReview(furthest int) bool {
	i, step := slices.Index(o.in.Stages, playbook.ContractStage), o.reviewStep()
	if i < 0 || i > furthest || step == nil || slices.Contains(o.reviewing, step.ID) || slices.Contains(o.reviewed, step.ID) {
		return false
	}
	return o.stages[o.stage] != playbook.ContractStage || o.begun
}

// skippedCollection reports whether the contract's stage was passed over, since the
// tier had nothing to ask in it, and now has a collection.
func (o *onboarding) skippedCollection(furthest int) bool {
	_, collects := o.collection()
	i := slices.Index(o.in.Stages, playbook.ContractStage)
	return collects && i >= 0 && i <= furthest && !slices.Contains(o.stages, playbook.ContractStage)
}

// reviewOnce leaves one review of the contract among the stages to come: after
// going back, it is the one that the tier has now.
func (o *onboarding) reviewOnce() {
	seen := false
	rest := slices.DeleteFunc(slices.Clone(o.stages[o.stage:]), func(stage string) bool {
		again := stage == playbook.ContractStage && seen
		seen = seen || stage == playbook.ContractStage
		return again
	})
	o.stages = append(slices.Clone(o.stages[:o.stage]), rest...)
}

// hasStage reports whether the case's tier has anything to ask in a stage.
func (o *onboarding) hasStage(stage string) bool {
	if stage == playbook.ContractStage {
		_, collects := o.collection()
		return collects || o.reviewStep() != nil
	}
	return len(o.steps(stage)) > 0 || len(o.parts(stage)) > 0
}
