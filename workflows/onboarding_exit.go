package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"
)

// awaiting is an exit that waits for an onboarding, the gate that it was told last, and
// the round in which it asked.
type awaiting struct {
	exit, told string
	round      int
}

// listenForExits starts the coroutine that hears which exits wait for this vendor.
func (o *onboarding) listenForExits(ctx workflow.Context) {
	workflow.GoNamed(ctx, "replacement", func(ctx workflow.Context) {
		for {
			var n replacementNews
			workflow.GetSignalChannel(ctx, SignalReplacement).Receive(ctx, &n)
			i := slices.IndexFunc(o.awaits, func(a awaiting) bool { return a.exit == n.Exit })
			switch {
			case n.Exit == "" || i >= 0 && o.awaits[i].round == n.Round:
				continue
			case i < 0:
				o.awaits = append(o.awaits, awaiting{exit: n.Exit, round: n.Round})
			default: // it may have forgotten what it was told, or never heard of it
				o.awaits[i].round, o.awaits[i].told = n.Round, ""
			}
			o.changes++
		}
	})
}

// gate is how far the onboarding has come, for those who wait for it.
func (o *onboarding) gate() string {
	lost := false
	for _, c := range o.children { // the owner has to say what becomes of it
		lost = lost || c.chore != nil && c.chore.req.Closed == nil
	}
	switch {
	case o.result == ResultLive:
		return gateLive
	case o.result != "":
		return gateWithdrawn
	case lost:
		return gateLost
	case o.signed != "":
		return gateSigned
	}
	return gateBegun
}

// tellExits tells every exit that waits of a gate that it was not told of yet.
func (o *onboarding) tellExits(ctx workflow.Context) (told []workflow.Future) {
	gate := o.gate()
	for i, a := range o.awaits {
		if a.told == gate {
			continue
		}
		o.awaits[i].told = gate
		o.gates++
		future := workflow.SignalExternalWorkflow(ctx, a.exit, "", SignalGate,
			gateNews{Process: o.in.Process, Gate: gate, At: o.now(ctx), Number: o.gates})
		o.sends(ctx, future)
		told = append(told, future)
	}
	return told
}

// owesGate reports whether an exit waits that was not told how far it is.
func (o *onboarding) owesGate() bool {
	gate := o.gate()
	return slices.ContainsFunc(o.awaits, func(a awaiting) bool { return a.told != gate })
}

// filedAndTold files the record and tells the exits that wait how it ended, those too that
// ask in the last moment: one that was heard and not answered would wait for ever. An exit
// that is over hears nothing, and nobody waits for it.
func (o *onboarding) filedAndTold(ctx workflow.Context) error {
	apart, _ := workflow.NewDisconnectedContext(ctx)
	o.ended = true // it decides nothing while it waits for them
	o.disarm()
	for {
		for _, told := range o.tellExits(apart) {
			err := told.Get(apart, nil)
			if err != nil {
				workflow.GetLogger(ctx).Warn("an exit could not be told", "process", o.in.Process, "error", err)
			}
		}
		err := o.caughtUp(apart)
		if err != nil {
			return err
		}
		if o.owesGate() {
			continue
		}
		err = o.filed(ctx)
		if err != nil || !o.owesGate() {
			return err
		}
	}
}

// caughtUp lets those who hear signals take what came in with the newest task, before
// whoever waits goes on: coroutines run in the order in which they were made, this one last.
func (o *onboarding) caughtUp(ctx workflow.Context) error {
	heard := false
	workflow.GoNamed(ctx, "caught up", func(workflow.Context) { heard = true })
	return workflow.Await(ctx, func() bool { return heard })
}
