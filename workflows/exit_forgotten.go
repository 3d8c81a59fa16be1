package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// asksForgotten reports whether people are asked what was forgotten.
func (x *departing) asksForgotten() bool {
	return slices.ContainsFunc(x.duties, func(d *duty) bool { return d.step.Does == exit.DoesForgotten })
}

// tooEarly reports whether a step waits for the last look at access. In a drill no look
// is made.
func (x *departing) tooEarly(d *duty) bool {
	if d.step.Does != exit.DoesForgotten || x.drill() {
		return false
	}
	p := x.part(exit.PartRevocation)
	return p == nil || !p.looked && !p.taken
}

// readForgotten reads what people say was forgotten, and has it handed over. What can't
// be read is asked for again.
func (x *departing) readForgotten(ctx workflow.Context) error {
	document := x.unread
	x.working++
	out, err := call(ctx, thorough("what was forgotten"), actPlanExit, acts.PlanExit, activities.PlanExitIn{Plan: document})
	x.working--
	x.changes++
	if err != nil && !isFinal(err) {
		return err
	}
	x.unread = ""
	if err != nil {
		for _, d := range x.duties {
			if d.step.Does == exit.DoesForgotten {
				*d = duty{step: d.step, leg: d.leg}
			}
		}
		return nil
	}
	return x.handOver(ctx, PartNews{Word: NewsFound, Document: document, Assets: out.Assets, Repositories: out.Repositories})
}

// handOver has what was found handed over, each thing once: by the hand-over that runs,
// or by one of its own where that is over already.
func (x *departing) handOver(ctx workflow.Context, n PartNews) error {
	n.Assets = slices.DeleteFunc(slices.Clone(n.Assets), func(a exit.Asset) bool { return slices.Contains(x.known, a.ID) })
	if len(n.Assets) == 0 {
		return nil
	}
	for _, a := range n.Assets {
		x.known = append(x.known, a.ID)
	}
	if p := x.part(exit.PartHandover); p != nil && !p.done {
		x.joined = append(x.joined, n)
		x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, n))
		return nil
	}
	x.foundLater(ctx, n)
	return x.startPart(ctx, exit.PartHandover, partWants{assets: n.Assets, list: n.Repositories})
}

// narrow makes a part's input that of what was found, or is received anew, alone. Nobody is
// asked there what else there is, since they were. By the day by which the vendor was to be off
// it can't be done any more, and it is late by its own deadlines.
func (x *departing) narrow(ctx workflow.Context, in *ExitPartInput, n partWants) {
	in.Areas, in.Assets, in.Repositories, in.Before = n.areas, n.assets, n.list, n.before
	in.Steps = slices.DeleteFunc(in.Steps, func(s playbook.Step) bool { return s.Does == exit.DoesAssets })
	if !in.Due.After(x.now(ctx)) {
		in.Due = time.Time{}
	}
}

// tellFound tells a part that was just started what others of its kind were told: what
// joined a hand-over that is done again, and that the vendor is waited for no longer.
func (x *departing) tellFound(ctx workflow.Context, p *exitPart) {
	switch {
	case p.name != exit.PartHandover:
	case !p.more:
		for _, n := range x.joined {
			x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, n))
		}
	case x.ladder.given:
		p.alone = true
		x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsAlone}))
	}
}

// cameAlong has access looked at again, and cut, where repositories came over after the
// cut: collaborators, keys and hooks come along with them.
func (x *departing) cameAlong(ctx workflow.Context, p *exitPart) error {
	came := p.more && p.found.list != "" || !p.more && x.read.Repositories != ""
	r := x.part(exit.PartRevocation)
	if p.name != exit.PartHandover || !came || r == nil || x.drill() || x.withdrawn != nil || !r.going {
		return nil
	}
	if !r.done {
		r.looked = false
		x.sends(ctx, r.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsFound}))
		return nil
	}
	if !p.more { // its looks came after that
		return nil
	}
	return x.startPart(ctx, exit.PartRevocation, partWants{sameDay: true})
}

// letGo lets a revocation end that stays for what comes late, once people were asked what
// was forgotten and all of it is handed over.
func (x *departing) letGo(ctx workflow.Context) {
	p := x.part(exit.PartRevocation)
	asking := slices.ContainsFunc(x.duties, func(d *duty) bool { return d.step.Does == exit.DoesForgotten && !d.done })
	if p == nil || p.done || p.let || !p.looked || asking || !x.arrived(exit.PartHandover) {
		return
	}
	p.let = true
	x.sends(ctx, p.future.SignalChildWorkflow(ctx, SignalPart, PartNews{Word: NewsEnough}))
}

// foundLater puts down that something was found which the plan does not name, after its
// hand-over was over.
func (x *departing) foundLater(ctx workflow.Context, n PartNews) {
	var ids []string
	for _, a := range n.Assets {
		ids = append(ids, a.ID)
	}
	x.note(ctx, dossier.FoundLater, "", "", nil, &dossier.Detail{Document: n.Document, Values: ids})
}
