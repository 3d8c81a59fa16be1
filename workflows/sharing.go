package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/review"
)

// Interest is what the parts of a case that run side by side tell each other of
// somebody's interests in the vendor.
type Interest struct {
	// Process is where it was said.
	Process string `json:"process"`
	// Declared is who stated that they have none.
	Declared string `json:"declared,omitempty"`
	// At is when, in case time.
	At time.Time `json:"at,omitzero"`
	// Changed: a fact of the intake was corrected at that time, and whoever stated
	// something before states it again.
	Changed bool `json:"changed,omitempty"`
	// Recused is the act by which somebody declared one.
	Recused *review.Act `json:"recused,omitempty"`
}

// share tells the other parts of the case. A part tells the case, and the case tells
// all of its parts that run.
func (p *process) share(ctx workflow.Context, n Interest) {
	if !p.in.Together {
		return
	}
	n.Process = p.in.Process
	if p.in.Parent == "" {
		p.sharing = append(p.sharing, n)
		p.changes++
		return
	}
	// The case takes the same from the part's result, should this not arrive.
	p.sends(ctx, workflow.SignalExternalWorkflow(ctx, p.in.Parent, "", SignalInterest, n))
}

// hearInterests is the coroutine that hears it.
func (p *process) hearInterests(ctx workflow.Context) {
	for {
		var n Interest
		workflow.GetSignalChannel(ctx, SignalInterest).Receive(ctx, &n)
		if p.ended {
			continue
		}
		if n.Declared != "" {
			p.declaredElsewhere(ctx, n.Declared, n.At)
		}
		if n.Changed {
			p.factsChanged(ctx, n.At)
		}
		if n.Recused != nil {
			p.recusedElsewhere(ctx, *n.Recused)
		}
		if p.in.Parent == "" {
			p.sharing = append(p.sharing, n)
		}
		p.changes++
	}
}

// declaredElsewhere takes over that somebody's statement stands.
func (p *process) declaredElsewhere(ctx workflow.Context, person string, at time.Time) {
	known := slices.Contains(p.declared, person)
	if !at.After(p.corrected) || !p.state(person, at) || known {
		return
	}
	for _, a := range p.asks {
		if len(a.req.SeatsOf(person, p.now(ctx))) > 0 {
			p.declaredBefore(ctx, a, person)
		}
	}
}

// recusedElsewhere takes somebody off what is open here because of a conflict that they
// declared in another part.
func (p *process) recusedElsewhere(ctx workflow.Context, act review.Act) {
	if !slices.Contains(p.recused, act.Person.ID) {
		p.recused = append(p.recused, act.Person.ID)
	}
	act.ID += "@" + p.in.Process
	p.keepOff(ctx, act)
	p.reseat = true
}

// keepOff takes whoever declared a conflict off every open request, and off those in
// which they hold no seat yet: nobody asks them to stand in there.
func (p *process) keepOff(ctx workflow.Context, act review.Act) {
	now := p.now(ctx)
	for _, a := range p.asks {
		if a.req.Closed != nil || slices.Contains(a.req.Recused, act.Person.ID) {
			continue
		}
		p.apply(ctx, a, []review.Fact{{Kind: review.FactRecused, Request: a.req.ID, At: now, Person: act.Person.ID, Answer: act.ID, Written: act.Written}})
		p.follow(a, now)
	}
}

// tellInterests passes on what was said of somebody's interests to every part that runs
// but the one where it was said.
func (o *onboarding) tellInterests(ctx workflow.Context) {
	for _, n := range o.sharing {
		for _, c := range o.children {
			if !c.done && c.id != n.Process {
				o.sends(ctx, c.future.SignalChildWorkflow(ctx, SignalInterest, n))
			}
		}
	}
	o.sharing = nil
}
