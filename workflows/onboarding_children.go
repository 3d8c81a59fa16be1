package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// stepChildren starts what the contract stage owes, takes what has ended, and asks
// the owner where something came to nothing. The stage waits for all of it.
func (o *onboarding) stepChildren(ctx workflow.Context) (again bool, err error) {
	for _, c := range o.children {
		switch {
		case c.done && !c.taken:
			o.childEnded(ctx, c)
			return true, nil
		case c.chore != nil && c.chore.req.Closed == nil && c.chore.req.Tally(o.now(ctx)).State == review.Met:
			o.settled(ctx, c)
			return true, nil
		}
	}
	if o.unsigned() {
		return false, nil
	}
	if !o.begun && o.stages[o.stage] == playbook.ContractStage {
		o.begun = true
		if step := o.reviewStep(); step != nil && !slices.Contains(o.reviewed, step.ID) {
			return true, o.startContract(ctx)
		}
	}
	for _, stage := range o.reached() {
		for _, part := range o.parts(stage) {
			if o.owesPart(part) {
				o.ran = append(o.ran, part)
				return true, o.startPart(ctx, part)
			}
		}
	}
	if slices.Contains(o.stages[:o.stage+1], playbook.ContractStage) && o.owesDPA() {
		return true, o.startDPA(ctx)
	}
	if packs := o.owedPacks(); len(packs) > 0 {
		return true, o.startPacks(ctx, packs)
	}
	return o.renew(ctx)
}

// parts are the processes besides contract review and collection that run in a stage
// of the case's tier.
func (o *onboarding) parts(stage string) []playbook.Process {
	var parts []playbook.Process
	for _, part := range []playbook.Process{playbook.Diligence, playbook.Pilot} {
		if slices.ContainsFunc(o.in.Steps, func(s playbook.Step) bool { return s.Process == part && s.Stage == stage && o.applies(s) }) {
			parts = append(parts, part)
		}
	}
	return parts
}

// hasParts reports whether processes of their own run in a stage.
func (o *onboarding) hasParts(stage string) bool {
	return stage == playbook.ContractStage || len(o.parts(stage)) > 0
}

// owesPart reports whether a part has to start: it neither runs, nor waits for the
// owner's word, nor was it decided. What it decided stands when an earlier stage is
// asked again.
func (o *onboarding) owesPart(part playbook.Process) bool {
	waits := func(c *child) bool {
		return c.part == part && (!c.taken || c.chore != nil && c.chore.req.Closed == nil)
	}
	decided := slices.ContainsFunc(decidedBy(part, o.in.Steps), func(id string) bool { return slices.Contains(o.reviewed, id) })
	return !decided && !slices.Contains(o.ran, part) && !slices.ContainsFunc(o.children, waits)
}

// decidedIn reports whether a step is the decision of a part that runs in a stage.
func (o *onboarding) decidedIn(stage, step string) bool {
	return slices.ContainsFunc(o.parts(stage), func(part playbook.Process) bool { return slices.Contains(decidedBy(part, o.in.Steps), step) })
}

// waits reports whether a child runs, or the owner has to say what becomes of one.
func (o *onboarding) waits() bool {
	return slices.ContainsFunc(o.children, func(c *child) bool {
		return !c.taken || c.chore != nil && c.chore.req.Closed == nil
	})
}

// collection is the steps by which the case's tier collects a data processing
// agreement.
func (o *onboarding) collection() (playbook.Collection, bool) {
	return playbook.CollectionOf(o.in.Steps, o.in.Tier)
}

// owesDPA reports whether a collection has to start: none did, or the last said
// that none was needed and the intake was corrected since.
func (o *onboarding) owesDPA() bool {
	_, collects := o.collection()
	runs := slices.ContainsFunc(o.children, func(c *child) bool { return c.part == playbook.DPA && !c.done })
	return collects && !runs && (o.dpa == "" || o.dpa == ResultNotNeeded && o.in.DPAWhen.Holds(*o.facts))
}

// childEnded acts on the end of one child.
func (o *onboarding) childEnded(ctx workflow.Context, c *child) {
	o.take(c)
	word, by := c.result()
	switch {
	case c.err != nil:
		workflow.GetLogger(ctx).Error("a process of the case broke off", "process", c.id, "error", c.err)
		c.chore = o.openChildChore(ctx, playbook.ChoreFailed, c.part)
	case word == ResultWithdrawn:
		o.ending = &review.Act{Kind: review.Withdraw, Process: o.in.Process, Person: review.Person{ID: by}}
	case (word == ResultRefused || word == ResultStopped) && c.part != playbook.DPA && c.part != playbook.Contract:
		c.chore = o.openChildChore(ctx, playbook.ChorePart, c.part)
	case word == ResultRefused:
		c.chore = o.openChildChore(ctx, playbook.ChoreRefused, c.part)
	case c.part == playbook.Contract:
		o.signed = c.review.Document
	}
}

// openChildChore asks the owner what becomes of a child that came to nothing.
func (o *onboarding) openChildChore(ctx workflow.Context, name string, part playbook.Process) *asked {
	chore := playbook.NewChore(name, playbook.Onboarding, o.process.in.Chores)
	chore.Step.ID = name
	if name != playbook.ChoreRefused {
		chore.Step.ID += "-" + string(part)
	}
	if steps, ok := o.collection(); ok && name == playbook.ChoreRefused && steps.Sign.Policy.Waivable {
		chore.Options = slices.Insert(chore.Options, 1, playbook.Waive)
		chore.Reasoned = chore.Options
	}
	return o.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned})
}

// settled acts on what the owner said of a child that came to nothing.
func (o *onboarding) settled(ctx workflow.Context, c *child) {
	b := *c.chore.req.Standing(playbook.OwnerSeat)
	o.shut(ctx, c.chore, review.Met, "decided")
	switch {
	case b.Verdict == playbook.Withdraw:
		o.ending = &review.Act{ID: b.Answer, Kind: review.Withdraw, Process: o.in.Process, Person: review.Person{ID: b.Person}, Written: b.Written}
		o.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
	case c.part == playbook.Diligence || c.part == playbook.Pilot:
		o.ran = slices.DeleteFunc(o.ran, func(p playbook.Process) bool { return p == c.part })
	case b.Verdict == playbook.Waive:
		o.dpa = ResultWaived
		o.reviewed = append(o.reviewed, c.steps...)
	case c.part == playbook.DPA:
		o.dpa = ""
	default:
		o.begun = false
	}
}

// reviewedSteps are the steps of the contract stage that can be asked again once
// it is over: the review, and the asking for an agreement that was collected.
func (o *onboarding) reviewedSteps() []string {
	var ids []string
	if step := o.reviewStep(); step != nil {
		ids = append(ids, step.ID)
	}
	if steps, ok := o.collection(); ok && (o.dpa == ResultInForce || o.dpa == ResultWaived) {
		ids = append(ids, steps.Ask.ID)
	}
	return ids
}

// forget takes back what the contract stage came to when the case goes back to it,
// or behind it, because a step is asked again. The review is made anew, unless it is
// the collection that is asked again; what is in force stays so, unless it is the
// collection itself.
func (o *onboarding) forget(stage int, step string) {
	if o.decidedIn(o.stages[stage], step) { // only that part is made anew
		o.reviewed = slices.DeleteFunc(o.reviewed, func(id string) bool { return id == step })
		o.ran = slices.DeleteFunc(o.ran, func(part playbook.Process) bool { return slices.Contains(decidedBy(part, o.in.Steps), step) })
		return
	}
	if !slices.Contains(o.stages[stage:], playbook.ContractStage) {
		return
	}
	steps, collects := o.collection()
	if collects && step == steps.Ask.ID {
		o.dpa = ""
		o.reviewed = slices.DeleteFunc(o.reviewed, func(id string) bool { return slices.Contains(steps.IDs(), id) })
		return
	}
	o.signed = ""
	o.reviewed = slices.DeleteFunc(o.reviewed, func(id string) bool {
		return (!collects || !slices.Contains(steps.IDs(), id)) && !slices.ContainsFunc(o.stages, func(stage string) bool { return o.decidedIn(stage, id) })
	})
}
