package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
)

// before lists the stages that lie before one of the case's: those that it went through,
// and those that it passed over since its tier had nothing in them then.
func (o *onboarding) before(stage int) []string {
	names := slices.Clone(o.stages[:stage])
	for _, s := range o.in.Stages[:max(0, slices.Index(o.in.Stages, o.stages[stage]))] {
		if !slices.Contains(o.stages, s) {
			names = append(names, s)
		}
	}
	return names
}

// comeBack puts the stages that the case passed over, and that have something to ask
// since a correction, among those to come: whoever goes back behind them comes to them.
func (o *onboarding) comeBack() {
	at := func(stage string) int { return slices.Index(o.in.Stages, stage) }
	from := at(o.stages[o.stage])
	for _, s := range o.in.Stages[from+1:] {
		if slices.Contains(o.stages, s) || !o.hasStage(s) {
			continue
		}
		i := slices.IndexFunc(o.stages[o.stage+1:], func(later string) bool { return at(later) > at(s) })
		if i < 0 {
			o.stages = append(slices.Clone(o.stages), s)
		} else {
			o.stages = slices.Insert(slices.Clone(o.stages), o.stage+1+i, s)
		}
	}
}

// keeping is what goes on when a stage is reopened: what a correction added to stages
// before it.
type keeping struct {
	asking   []*asked
	accepts  []accepting
	choosing *asked
}

// has reports whether something goes on.
func (k keeping) has(a *asked) bool {
	return slices.Contains(k.asking, a) || k.choosing == a || slices.ContainsFunc(k.accepts, func(w accepting) bool { return w.decision == a })
}

// shutSince closes what was asked since a stage that is reopened. The owner's own
// questions go on, and so do steps that a correction added to an earlier stage, what is
// to be accepted of them, and the choice of a competition.
func (o *onboarding) shutSince(ctx workflow.Context, stage int) (kept keeping) {
	earlier := o.before(stage)
	o.withheld = slices.DeleteFunc(o.withheld, func(s playbook.Step) bool { return !slices.Contains(earlier, s.Stage) })
	for _, a := range o.asking {
		if a.req.Closed == nil && slices.Contains(earlier, a.step.Stage) {
			kept.asking = append(kept.asking, a)
		}
	}
	for _, w := range o.accepts {
		if w.decision.req.Closed == nil && slices.Contains(earlier, w.of.step.Stage) {
			kept.accepts = append(kept.accepts, w)
		}
	}
	if a := o.choosing; a != nil && a.req.Closed == nil && slices.Contains(earlier, a.step.Stage) {
		kept.choosing = a
	}
	for _, a := range o.asks {
		if a.req.Closed == nil && a.req.AskText == "" && !kept.has(a) {
			o.shut(ctx, a, a.req.Tally(o.now(ctx)).State, "reopened")
		}
	}
	return kept
}

// keep puts what goes on beside what the stage that was reopened asks.
func (o *onboarding) keep(k keeping) {
	o.asking = append(o.asking, k.asking...)
	o.accepts = append(o.accepts, k.accepts...)
	if k.choosing != nil {
		o.choosing = k.choosing
	}
}
