package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
)

// startDiligence starts the due diligence of the current stage, or one of some items
// only, which decides nothing else. It is given the steps
// of every tier: which of them apply is for it to judge, when it starts and whenever
// the intake is corrected.
func (o *onboarding) startDiligence(ctx workflow.Context, id string, only []string) {
	in := DiligenceInput{Common: o.common(playbook.Diligence, id), Facts: *o.facts, Only: only}
	c := &child{id: id, part: playbook.Diligence, only: only}
	if only == nil {
		c.steps = decidedBy(playbook.Diligence, in.Steps)
	}
	c.knows = TierChange{Tier: o.process.in.Tier, Facts: *o.facts}
	in.Tier, in.Steps = c.knows.Tier, nil
	for _, s := range o.in.Steps {
		if s.Process == playbook.Diligence {
			in.Steps = append(in.Steps, s)
		}
	}
	o.start(ctx, c, DiligenceType, in, in.Held != nil)
}

// tellTier lets a running due diligence know of a corrected intake, and the review of
// the contract that the tier has now.
func (o *onboarding) tellTier(ctx workflow.Context, c *child) {
	now := TierChange{Tier: o.process.in.Tier, Facts: *o.facts}
	if c.part != playbook.Diligence && !o.reads(c) || c.done || c.knows.same(now) || o.unsigned() {
		return
	}
	c.knows = now
	o.sends(ctx, c.future.SignalChildWorkflow(ctx, SignalTier, now))
}

// same reports whether two say the same of the vendor.
func (c TierChange) same(o TierChange) bool {
	return c.Tier == o.Tier && c.Facts.YearlyCost == o.Facts.YearlyCost && slices.Equal(c.Facts.Data, o.Facts.Data) &&
		slices.Equal(c.Facts.Systems, o.Facts.Systems) && slices.Equal(c.Facts.Lessons, o.Facts.Lessons)
}
