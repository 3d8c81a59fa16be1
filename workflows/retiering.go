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
	to := o.process.in.Tier
	from := o.in.Tier
	o.in.Tier = to
	for _, a := range o.asking {
		if a.req.Closed == nil && !a.step.Applies(to) && !a.req.Guarded() {
			o.drop(ctx, a)
		}
	}
	furthest := 0
	for _, s := range o.stages[:o.stage+1] {
		furthest = max(furthest, slices.Index(o.in.Stages, s))
	}
	at := o.standing()
	for _, stage := range o.in.Stages[:furthest+1] {
		for _, s := range o.steps(stage) {
			if !s.Applies(from) && !slices.Contains(at.Open, s.ID) && !slices.Contains(at.Decided, s.ID) {
				o.asking = append(o.asking, o.open(ctx, question{step: s, requester: s.Barred(o.in.Requester)}))
			}
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
	return len(o.steps(stage)) > 0
}
