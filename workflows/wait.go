package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// timer is the one that a process has armed, if any. It stays armed while its
// instant is the one that is wanted: an answer costs no timer of its own.
type timer struct {
	at     time.Time // real; zero: none
	fires  workflow.Future
	cancel workflow.CancelFunc
}

// awaitUntil waits until cond holds or case time reaches due; a zero due waits
// for cond alone. A process holds one timer at most, and cancels it when another
// instant is wanted: the SDK's own await with a timeout leaves its timer behind,
// which wakes the workflow months later (SDK flag 6 is off by default).
//
// Moving a rehearsal's clock counts as a change, so cond must see it.
func (p *process) awaitUntil(ctx workflow.Context, due time.Time, cond func() bool) error {
	if cond() {
		return nil
	}
	if due.IsZero() {
		p.disarm()
		return workflow.Await(ctx, cond)
	}
	at := p.anchor.RealAt(due)
	rest := at.Sub(workflow.Now(ctx))
	if rest <= 0 {
		return nil
	}
	if p.timer.fires == nil || !p.timer.at.Equal(at) || p.timer.fires.IsReady() {
		p.disarm()
		timed, cancel := workflow.WithCancel(ctx)
		p.timer = timer{at: at, cancel: cancel, fires: workflow.NewTimer(timed, rest)} // without a summary: there is no other
	}
	return workflow.Await(ctx, func() bool { return cond() || p.timer.fires.IsReady() })
}

// disarm leaves no timer behind.
func (p *process) disarm() {
	if p.timer.fires != nil && !p.timer.fires.IsReady() {
		p.timer.cancel()
	}
	p.timer = timer{}
}
