package workflows

import (
	"go.temporal.io/sdk/workflow"
)

// awaiting is an exit that waits for an onboarding, and the gate that it was told last.
type awaiting struct {
	exit, told string
}

// listenForExits starts the coroutine that hears which exits wait for this vendor.
func (o *onboarding) listenForExits(ctx workflow.Context) {
	workflow.GoNamed(ctx, "replacement", func(ctx workflow.Context) {
		for {
			var n replacementNews
			workflow.GetSignalChannel(ctx, SignalReplacement).Receive(ctx, &n)
			known := false
			for _, a := range o.awaits {
				known = known || a.exit == n.Exit
			}
			if !known && n.Exit != "" {
				o.awaits = append(o.awaits, awaiting{exit: n.Exit})
				o.changes++
			}
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
func (o *onboarding) tellExits(ctx workflow.Context) (last workflow.Future) {
	gate := o.gate()
	for i, a := range o.awaits {
		if a.told == gate {
			continue
		}
		o.awaits[i].told = gate
		last = workflow.SignalExternalWorkflow(ctx, a.exit, "", SignalGate, gateNews{Process: o.in.Process, Gate: gate, At: o.now(ctx)})
	}
	return last
}

// lastGate tells them how it ended, before the onboarding is gone. An exit that is over
// hears nothing, and nobody waits for it.
func (o *onboarding) lastGate(ctx workflow.Context) {
	apart, _ := workflow.NewDisconnectedContext(ctx)
	if told := o.tellExits(apart); told != nil {
		err := told.Get(apart, nil)
		if err != nil {
			workflow.GetLogger(ctx).Warn("an exit could not be told", "process", o.in.Process, "error", err)
		}
	}
}
