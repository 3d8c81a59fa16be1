package workflows

import "go.temporal.io/sdk/workflow"

// sends is busy until a signal has arrived: before that nobody knows what its receiver
// wants next of a rehearsal's clock, and a receiver that has not heard yet looks as if it
// rested. Every signal that nothing else waits for is handed to it. Whom it does not reach
// is over, and has said so.
func (p *process) sends(ctx workflow.Context, signal workflow.Future) {
	p.sending++
	workflow.GoNamed(ctx, "sending", func(ctx workflow.Context) {
		err := workflow.Await(ctx, signal.IsReady)
		if err == nil {
			p.sending--
		}
	})
}
