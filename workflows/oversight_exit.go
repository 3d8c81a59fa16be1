package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// ResultLeaving is of an oversight that an exit follows.
const ResultLeaving = "leaving"

// listenForExit starts the coroutine that hears that an exit of the vendor began.
func (o *oversight) listenForExit(ctx workflow.Context) {
	workflow.GoNamed(ctx, "exit", func(ctx workflow.Context) {
		for {
			var n exitNews
			workflow.GetSignalChannel(ctx, SignalExit).Receive(ctx, &n)
			if o.leaving == nil && n.Exit != "" {
				o.leaving = &n
				o.changes++
			}
		}
	})
}

// handToExit hands what is watched to the exit, and ends. What is handed is the input
// with which another oversight goes on, should the exit be called off.
func (o *oversight) handToExit(ctx workflow.Context, id string) {
	in := o.in
	in.Common = o.process.in
	in.Recused, in.Declared, in.Stated, in.Held = o.recused, nil, nil, nil
	in.Carried, in.Expiries = nil, nil
	in.Anchor, in.Contacts = o.anchor, o.meeting.Sheet
	for _, w := range o.watching {
		if !w.Done {
			in.Expiries = append(in.Expiries, w.Expiry)
		}
	}
	err := workflow.SignalExternalWorkflow(ctx, id, "", SignalHanded, handedOver{Oversight: in}).Get(ctx, nil)
	if err != nil { // the exit is over already, and there is nobody to hand anything to
		workflow.GetLogger(ctx).Warn("the exit could not be told", "process", o.process.in.Process, "exit", id, "error", err)
		o.leaving = nil
		return
	}
	o.result = OversightResult{Result: ResultLeaving}
	o.note(ctx, dossier.HandedOver, "", "", nil, &dossier.Detail{Result: exit.PartExit, Parent: id})
}
