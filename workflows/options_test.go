package workflows

import (
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// optionSpy looks at the options under which workflow code asks for something.
// A replay compares what is asked for, not how.
type optionSpy struct {
	interceptor.WorkerInterceptorBase
	t                    *testing.T
	activities, children int
}

// InterceptWorkflow wraps what the workflow asks of the engine.
func (x *optionSpy) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &spyInbound{spy: x}
	in.Next = next
	return in
}

type spyInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	spy *optionSpy
}

func (x *spyInbound) Init(out interceptor.WorkflowOutboundInterceptor) error {
	o := &spyOutbound{spy: x.spy}
	o.Next = out
	return x.Next.Init(o)
}

type spyOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	spy *optionSpy
}

// An activity is tried until it succeeds, each attempt is bounded, and what
// stops it is its own error, not a deadline over all attempts.
func (x *spyOutbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	x.spy.activities++
	o := workflow.GetActivityOptions(ctx)
	if o.StartToCloseTimeout <= 0 || o.StartToCloseTimeout > time.Minute || o.ScheduleToCloseTimeout != 0 {
		x.spy.t.Errorf("%s runs for %s an attempt and %s in all", name, o.StartToCloseTimeout, o.ScheduleToCloseTimeout)
	}
	if p := o.RetryPolicy; p == nil || p.MaximumAttempts != 0 || p.MaximumInterval <= 0 || p.MaximumInterval > 30*time.Second {
		x.spy.t.Errorf("%s is tried again under %+v", name, p)
	}
	return x.Next.ExecuteActivity(ctx, name, args...)
}

// A child has copies to close when its parent ends, is never started twice under
// one id, and never retried: process ids are not used again.
func (x *spyOutbound) ExecuteChildWorkflow(ctx workflow.Context, name string, args ...any) workflow.ChildWorkflowFuture {
	x.spy.children++
	o := workflow.GetChildWorkflowOptions(ctx)
	if o.ParentClosePolicy != enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL || o.WorkflowIDReusePolicy != enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE ||
		o.RetryPolicy != nil || o.WorkflowID == "" || !o.WaitForCancellation {
		x.spy.t.Errorf("%s is started under %+v", name, o)
	}
	return x.Next.ExecuteChildWorkflow(ctx, name, args...)
}

// TestOptions: every activity and child of the golden stories is asked for under
// the options that the design wants.
func TestOptions(t *testing.T) {
	t.Parallel()
	spy := &optionSpy{t: t}
	for _, file := range histories(t) {
		if err := replay(t, readHistory(t, file), spy); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if spy.activities < 50 || spy.children < 2 {
		t.Errorf("only %d activities and %d children were seen: this test sees too little", spy.activities, spy.children)
	}
}
