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
	activities []spied[workflow.ActivityOptions]
	children   []spied[workflow.ChildWorkflowOptions]
}

// spied is one thing that was asked for.
type spied[O any] struct {
	name        string
	options     O
	byOversight bool // of a child: an oversight begins it
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

func (x *spyOutbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	x.spy.activities = append(x.spy.activities, spied[workflow.ActivityOptions]{name: name, options: workflow.GetActivityOptions(ctx)})
	return x.Next.ExecuteActivity(ctx, name, args...)
}

func (x *spyOutbound) ExecuteChildWorkflow(ctx workflow.Context, name string, args ...any) workflow.ChildWorkflowFuture {
	x.spy.children = append(x.spy.children, spied[workflow.ChildWorkflowOptions]{name: name, options: workflow.GetChildWorkflowOptions(ctx),
		byOversight: workflow.GetInfo(ctx).WorkflowType.Name == OversightType})
	return x.Next.ExecuteChildWorkflow(ctx, name, args...)
}

// TestOptions: every activity and child of the golden stories is asked for under
// the options that the design wants. An activity is tried until it succeeds, each
// attempt is bounded, and what stops it is its own error, not a deadline over all
// attempts; what may be away while other things must not wait is tried a few times. A
// child has copies to close when its parent ends, is never started twice under one id,
// and never retried: process ids are not used again. What has a life of its own goes on
// when whoever began it ends.
func TestOptions(t *testing.T) {
	t.Parallel()
	spy := &optionSpy{}
	for _, file := range histories(t) {
		if err := replay(t, readHistory(t, file), spy); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, a := range spy.activities {
		most, attempts := boundsOf(a.name)
		o := a.options
		if o.StartToCloseTimeout <= 0 || o.StartToCloseTimeout > most || o.ScheduleToCloseTimeout != 0 {
			t.Errorf("%s runs for %s an attempt and %s in all", a.name, o.StartToCloseTimeout, o.ScheduleToCloseTimeout)
		}
		if p := o.RetryPolicy; p == nil || p.MaximumAttempts != attempts && p.MaximumAttempts != 0 || p.MaximumInterval <= 0 || p.MaximumInterval > 30*time.Second {
			t.Errorf("%s is tried again under %+v", a.name, p)
		}
	}
	abandoned := 0
	for _, c := range spy.children {
		o := c.options
		policy, waits := enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL, true
		if c.name == OversightType || c.name == AftercareType || o.ParentClosePolicy == enums.PARENT_CLOSE_POLICY_ABANDON && c.byOversight {
			policy, waits = enums.PARENT_CLOSE_POLICY_ABANDON, false
			abandoned++
		}
		if o.ParentClosePolicy != policy || o.WorkflowIDReusePolicy != enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE ||
			o.RetryPolicy != nil || o.WorkflowID == "" || o.WaitForCancellation != waits {
			t.Errorf("%s is started under %+v", c.name, o)
		}
	}
	if len(spy.activities) < 50 || len(spy.children) < 2 || abandoned == 0 {
		t.Errorf("only %d activities and %d children, %d of them abandoned, were seen: this test sees too little", len(spy.activities), len(spy.children), abandoned)
	}
}

// boundsOf are the longest attempt of an activity, and how many there are at most where
// other things go on meanwhile.
func boundsOf(name string) (most time.Duration, attempts int32) {
	switch name {
	case actGrantAccess, actRemoveAccess, actListAccess:
		return 5 * time.Minute, 8
	case actInventory, actCut:
		return 6 * time.Hour, 20
	case actOpenReturned:
		// Whole data sets are opened and counted, not only looked at.
		return 10 * time.Minute, 0
	case actErase, actInvite, actCalendar:
		return time.Minute, 8
	}
	return time.Minute, 0
}
