package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// leg is a part of the way off: legs come one after the other, and there is a way back
// until the cut-over.
type leg string

// The legs of an exit, as histories and the record call them.
const (
	legInside      leg = "inside" // decided before anybody outside hears of it
	legNotice      leg = "notice"
	legPlan        leg = "plan"
	legGivenUp     leg = "given-up"
	legTransition  leg = "transition" // knowledge and assets pass over; who comes after gets ready
	legParallel    leg = "parallel"
	legCutOver     leg = "cut-over"
	legClosing     leg = "closing" // access, data, money; and the check after 30 days
	legCertificate leg = "certificate"
)

// legs are all of them in their order.
func legs() []leg {
	return []leg{legInside, legNotice, legPlan, legGivenUp, legTransition, legParallel, legCutOver, legClosing, legCertificate}
}

// before reports whether one leg comes before another.
func (l leg) before(other leg) bool { return slices.Index(legs(), l) < slices.Index(legs(), other) }

// legOf is the leg to which a step of the exit belongs; empty: it is asked beside them.
func legOf(s playbook.Step) leg {
	switch s.Does {
	case exit.DoesDecide, exit.DoesEmergency:
		return legInside
	case exit.DoesNotice:
		return legNotice
	case exit.DoesPlan:
		return legPlan
	case exit.DoesGivenUp:
		return legGivenUp
	case exit.DoesParallel:
		return legParallel
	case exit.DoesCutOver:
		return legCutOver
	case exit.DoesClose:
		return legCertificate
	case exit.DoesRatify, exit.DoesChase:
		return ""
	}
	return legClosing
}

// planned sorts the exit's own steps; false: nobody decides it, or nobody closes it.
func (x *departing) planned() bool {
	cause := x.in.Order.Plays() == exit.ModeForCause
	decided, closes := false, false
	for _, s := range x.in.Steps {
		if s.Process != exit.PartExit || !x.applies(s) {
			continue
		}
		d := &duty{step: s, leg: legOf(s)}
		switch s.Does {
		case exit.DoesChase:
			x.ladder.rungs = append(x.ladder.rungs, d)
			continue
		case exit.DoesRatify:
			d.leg = legNotice // its turn comes once access is cut
			x.beside = append(x.beside, d)
			continue
		case exit.DoesEmergency:
			if !cause {
				continue
			}
			decided = true
		case exit.DoesDecide:
			decided = decided || !cause
		case exit.DoesClose:
			closes = true
		}
		x.duties = append(x.duties, d)
	}
	return decided && closes
}

// travel brings the exit on: what the leg has to wait for, its steps, and the next leg.
func (x *departing) travel(ctx workflow.Context) (again bool, err error) {
	again, err = x.prepare(ctx)
	if again || err != nil {
		return again, err
	}
	open := false
	for _, d := range x.duties {
		if d.leg == x.leg && x.wanted(d) && (x.tooEarly(d) || !x.bring(ctx, d)) {
			open = true
		}
		if x.result.Result != "" {
			return false, nil
		}
	}
	if open {
		return false, nil
	}
	passes, again, err := x.passes(ctx)
	if !passes || again || err != nil {
		return again, err
	}
	x.nextLeg(ctx)
	return true, nil
}

// wanted reports whether a step has its place in this exit: nothing runs side by side
// with work that ends.
func (x *departing) wanted(d *duty) bool {
	return d.step.Does != exit.DoesParallel || x.order.After != exit.AfterEnds
}

// prepare does what a leg begins with.
func (x *departing) prepare(ctx workflow.Context) (again bool, err error) {
	switch x.leg {
	case legNotice:
		x.sayWhen(ctx)
	case legGivenUp:
		return x.compress(ctx)
	case legTransition:
		return x.startTransition(ctx)
	case legParallel, legCutOver:
		if !x.operational() {
			x.wayBack(ctx, legTransition, "", "", "gate")
			return true, nil
		}
	case legClosing:
		return x.startClosing(ctx)
	case legCertificate:
		if !x.drill() { // whose report says how long that took, too
			return x.certify(ctx)
		}
	}
	return false, nil
}

// passes reports whether a leg whose steps are done is over.
func (x *departing) passes(ctx workflow.Context) (passes, again bool, err error) {
	switch x.leg {
	case legPlan:
		again, err = x.readPlan(ctx)
		if again || err != nil {
			return false, again, err
		}
		return x.knowsAfter(ctx), false, nil
	case legTransition:
		ready := x.successorReady(ctx) // who has to say something is asked while knowledge and assets pass over
		return ready && x.arrived(exit.PartTransfer) && x.arrived(exit.PartHandover), false, nil
	case legClosing:
		if x.unread != "" { // the answer came on this turn
			return false, true, nil
		}
		return x.allArrived() && x.besideDone() && len(x.blocking(ctx, x.matters())) == 0 || x.drill() && x.allArrived(), false, nil
	case legCertificate:
		if x.drill() {
			again, err = x.certify(ctx)
		}
		return !again && x.cert != "", again, err
	}
	return true, false, nil
}

// nextLeg goes on to the next leg, or ends the exit after the last.
func (x *departing) nextLeg(ctx workflow.Context) {
	left := x.leg
	i := slices.Index(legs(), left)
	if i == len(legs())-1 {
		x.exited(ctx)
		return
	}
	switch left {
	case legInside:
		x.decided(ctx)
	case legNotice:
		x.tellOversight(ctx)
	case legCutOver:
		x.passReturn(ctx)
	}
	x.enterLeg(ctx, legs()[i+1])
}

func (x *departing) enterLeg(ctx workflow.Context, l leg) {
	x.leg = l
	x.note(ctx, dossier.StageReached, "", "", nil, &dossier.Detail{Stage: string(l)})
}

// besideDone reports whether what no leg waits for is done too.
func (x *departing) besideDone() bool {
	return !slices.ContainsFunc(x.beside, func(d *duty) bool { return !d.done })
}
