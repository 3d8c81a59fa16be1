package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// settleName is the name of the chore that settles a step.
func settleName(s playbook.Step) string { return playbook.ChoreSettle + "-" + s.ID }

// openChore asks the owner. For a refused step (of) the choices are the ways
// on that its process knows, a waiver where the playbook allows one, and to
// withdraw; each needs a reason.
func (p *process) openChore(ctx workflow.Context, name string, proc playbook.Process, of *asked, on []review.Verdict) *asked {
	kind := name
	if of != nil {
		kind = playbook.ChoreSettle
	}
	chore := playbook.NewChore(kind, proc, p.in.Chores)
	chore.Step.ID = name
	if of != nil {
		chore.Step.Title += ": " + of.step.Title
		chore.Options = append(chore.Options, on...)
		if of.step.Policy.Waivable {
			chore.Options = append(chore.Options, playbook.Waive)
		}
		chore.Options = append(chore.Options, playbook.Withdraw)
		chore.Reasoned = chore.Options
	}
	return p.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned, toVendor: playbook.Outward(chore.Options)})
}

// askAgain asks a refused or wanted-changed request anew: approvals stay, those
// who wanted changes or rejected are asked again.
func (p *process) askAgain(ctx workflow.Context, a *asked, by, answer string) {
	now := p.now(ctx)
	v := review.Version{Number: a.req.Current() + 1, At: now}
	v.Touched = append(v.Touched, review.Touch{Version: 0})
	for _, old := range a.req.Versions {
		v.Touched = append(v.Touched, review.Touch{Version: old.Number})
	}
	p.apply(ctx, a, []review.Fact{{Kind: review.FactVersion, Request: a.req.ID, At: now, Person: by, Answer: answer, Version: &v}})
	p.follow(a, now)
	p.reseat = true
}
