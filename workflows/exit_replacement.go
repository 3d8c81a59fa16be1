package workflows

import (
	"cmp"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// listenToOthers starts the coroutines that hear the oversight, the onboarding of who
// comes after, and the exit's own parts.
func (x *departing) listenToOthers(ctx workflow.Context) {
	workflow.GoNamed(ctx, "handed", func(ctx workflow.Context) {
		for {
			var h handedOver
			workflow.GetSignalChannel(ctx, SignalHanded).Receive(ctx, &h)
			x.handed = &h
			x.changes++
		}
	})
	workflow.GoNamed(ctx, "gates", func(ctx workflow.Context) {
		for {
			var g gateNews
			workflow.GetSignalChannel(ctx, SignalGate).Receive(ctx, &g)
			x.heardGate(ctx, g)
			x.changes++
		}
	})
	workflow.GoNamed(ctx, "parts", func(ctx workflow.Context) {
		for {
			var n PartNews
			workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
			x.news = append(x.news, n)
			x.changes++
		}
	})
}

// heardGate takes how far the onboarding of who comes after has come. What another says
// that was asked before is not taken, nor what was overtaken on its way here.
func (x *departing) heardGate(ctx workflow.Context, g gateNews) {
	if x.ended || g.Process != x.in.Replacement || g.Process == x.told.Process && !g.follows(x.told) {
		return
	}
	x.told = g
	if g.Gate == x.gate {
		return
	}
	x.gate, x.fell = g.Gate, g.Gate == gateLost || g.Gate == gateWithdrawn
	defer x.tellSuccessor(ctx)
	x.note(ctx, dossier.GateReached, "", "", nil, &dossier.Detail{Parent: g.Process, Result: g.Gate})
	if g.Gate == gateWithdrawn && !x.noReturn { // who does the work then is open again
		x.order.After, x.order.Successor, x.in.Replacement, x.ready = exit.AfterUndecided, "", "", false
		x.ordered(ctx, "", "", review.Written{})
	}
}

// askReplacement tells the onboarding of who comes after that this exit waits for it.
// One that is over hears nothing: then the owner says how far it is.
func (x *departing) askReplacement(ctx workflow.Context) {
	id := x.in.Replacement
	if x.order.After != exit.AfterReplaced || id == "" || x.drill() {
		return
	}
	x.asking++
	x.askedOn = x.now(ctx)
	future := workflow.SignalExternalWorkflow(ctx, id, "", SignalReplacement, replacementNews{Exit: x.process.in.Process, Round: x.asking})
	x.sends(ctx, future)
	workflow.GoNamed(ctx, "ask "+id, func(ctx workflow.Context) {
		if future.Get(ctx, nil) == nil || x.in.Replacement != id || x.ended || x.operational() {
			return
		}
		x.in.Replacement, x.gate = "", gateGone
		x.note(ctx, dossier.GateReached, "", "", nil, &dossier.Detail{Parent: id, Result: gateGone})
		x.changes++
	})
}

// askEvery is after how many days an onboarding that is waited for is asked again: one
// that somebody ended from outside tells nobody, and its exit would wait for ever.
const askEvery = 7

// askAgainOn is when the onboarding of who comes after is asked again; zero: it is not.
func (x *departing) askAgainOn() time.Time {
	if x.askedOn.IsZero() || x.order.After != exit.AfterReplaced || x.in.Replacement == "" || x.operational() {
		return time.Time{}
	}
	return x.askedOn.AddDate(0, 0, askEvery)
}

// reached reports whether whoever comes after has reached a gate. Where nobody does, or
// we ourselves, and in a drill, nothing is waited for. A vendor who was never taken on
// board beside this exit has signed before.
func (x *departing) reached(gate string) bool {
	order := []string{gateBegun, gateSigned, gateLive}
	if gate == gateSigned && x.order.After == exit.AfterReplaced && x.in.Replacement == "" && x.gate == "" {
		return true
	}
	return x.order.After == exit.AfterInHouse || x.order.After == exit.AfterEnds || x.drill() || x.ready ||
		x.order.After == exit.AfterReplaced && slices.Index(order, x.gate) >= slices.Index(order, gate)
}

// operational reports whether the new work stands.
func (x *departing) operational() bool { return x.reached(gateLive) }

// successorReady reports whether the new work stands, and asks the owner where no process
// of ours can say so.
func (x *departing) successorReady(ctx workflow.Context) bool {
	switch {
	case x.operational():
		x.want(ctx, "")
	case x.order.After == exit.AfterReplaced && x.in.Replacement == "":
		x.want(ctx, playbook.ChoreReplacement)
	default:
		x.knowsAfter(ctx)
	}
	return x.operational()
}

// knowsAfter reports whether it is decided who does the work then, and asks the owner
// where it is not.
func (x *departing) knowsAfter(ctx workflow.Context) bool {
	if x.order.After != exit.AfterUndecided || x.drill() {
		if x.order.After != exit.AfterReplaced || x.in.Replacement != "" || x.leg.before(legTransition) {
			x.want(ctx, "")
		}
		return true
	}
	x.want(ctx, playbook.ChoreAfter)
	return false
}

// want makes the named chore the one that the owner is asked about who comes after; the
// empty name asks nothing. It takes what they said.
func (x *departing) want(ctx workflow.Context, name string) {
	if a := x.choice; a != nil && a.req.Closed == nil {
		switch b := a.req.Standing(playbook.OwnerSeat); {
		case a.step.ID != name:
			x.shut(ctx, a, review.Open, "superseded")
		case b != nil:
			x.shut(ctx, a, review.Met, "decided")
			x.chosen(ctx, *b)
			return
		default:
			return
		}
	}
	x.choice = nil
	if name != "" {
		chore := playbook.NewChore(name, exit.PartExit, x.process.in.Chores)
		x.choice = x.open(ctx, question{step: chore.Step, options: chore.Options, reasoned: chore.Reasoned})
	}
}

// chosen acts on what the owner said of who comes after.
func (x *departing) chosen(ctx workflow.Context, b review.Ballot) {
	x.changes++
	switch b.Verdict {
	case playbook.Ready:
		x.ready = true
		x.note(ctx, dossier.GateReached, b.Person, b.Answer, nil, &dossier.Detail{Parent: x.in.Replacement, Result: string(b.Verdict), Written: b.Written})
	case playbook.InHouse:
		x.settleTo(ctx, exit.AfterInHouse, nil, b.Person, b.Answer, b.Written)
	case playbook.Ends:
		x.settleTo(ctx, exit.AfterEnds, nil, b.Person, b.Answer, b.Written)
	}
}

// settle takes what the owner said of who does the work when the vendor is gone.
func (x *departing) settle(ctx workflow.Context) {
	act := *x.settled
	x.settled = nil
	x.settleTo(ctx, exit.After(act.Name), act.Values, act.Person.ID, act.ID, act.Written)
}

func (x *departing) settleTo(ctx workflow.Context, after exit.After, values []string, by, answer string, w review.Written) {
	x.order.After, x.order.Successor, x.in.Replacement, x.gate, x.ready, x.fell = after, "", "", "", false, false
	if len(values) > 0 {
		x.order.Successor = values[0]
	}
	if len(values) > 1 {
		x.in.Replacement = values[1]
	}
	x.ordered(ctx, by, answer, w)
	x.tellSuccessor(ctx)
	x.want(ctx, "")
	if x.leg.follows(legInside) {
		x.askReplacement(ctx)
	}
}

// wayBack goes back to an earlier leg: what was asked since is closed, and stays in the
// record.
func (x *departing) wayBack(ctx workflow.Context, to leg, by, answer, why string) {
	x.note(ctx, dossier.WayBack, by, answer, nil, &dossier.Detail{Stage: string(to), From: 0, Name: string(x.leg), Result: cmp.Or(why, "owner")})
	for _, d := range x.duties {
		if d.leg.before(to) {
			continue
		}
		for _, a := range []*asked{d.asked, d.accept, d.chore, d.waiver} {
			if a != nil && a.req.Closed == nil {
				x.shut(ctx, a, a.req.Tally(x.now(ctx)).State, "reopened")
			}
		}
		*d = duty{step: d.step, leg: d.leg}
	}
	x.enterLeg(ctx, to)
}
