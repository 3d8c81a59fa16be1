package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// awaitUntil waits until cond holds or case time reaches due; a zero due waits
// for cond alone. It holds exactly one timer and cancels it when cond came
// first: the SDK's own await with a timeout leaves its timer behind, which
// wakes the workflow months later (SDK flag 6 is off by default).
//
// Moving a rehearsal's clock counts as a change, so cond must see it.
func (p *process) awaitUntil(ctx workflow.Context, due time.Time, cond func() bool) error {
	if cond() {
		return nil
	}
	if due.IsZero() {
		return workflow.Await(ctx, cond)
	}
	rest := p.anchor.RealAt(due).Sub(workflow.Now(ctx))
	if rest <= 0 {
		return nil
	}
	timed, cancel := workflow.WithCancel(ctx)
	timer := workflow.NewTimerWithOptions(timed, rest, workflow.TimerOptions{Summary: "next reminder or due date"})
	err := workflow.Await(ctx, func() bool { return cond() || timer.IsReady() })
	if !timer.IsReady() {
		cancel()
	}
	return err
}
