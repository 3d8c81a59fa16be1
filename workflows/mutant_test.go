package workflows

import (
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// mutation is a small change of the code, made from outside.
type mutation struct {
	name   string
	at     int // the call before which something is added
	add    string
	remove string
	rename [2]string
	swap   [2]string
	timer  bool
}

// mutant runs the workflow code as if it had been changed.
type mutant struct {
	interceptor.WorkerInterceptorBase
	m mutation
}

// InterceptWorkflow wraps what the workflow asks of the engine.
func (x *mutant) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &mutantInbound{m: x.m}
	in.Next = next
	return in
}

type mutantInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	m mutation
}

func (x *mutantInbound) Init(out interceptor.WorkflowOutboundInterceptor) error {
	o := &mutantOutbound{m: x.m}
	o.Next = out
	return x.Next.Init(o)
}

type mutantOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	m     mutation
	calls int
}

func (x *mutantOutbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	x.calls++
	switch {
	case x.m.timer && x.calls == x.m.at:
		x.Next.NewTimer(ctx, time.Hour)
	case x.m.add != "" && x.calls == x.m.at:
		x.Next.ExecuteActivity(ctx, x.m.add, args...)
	case x.m.remove == name:
		f, set := workflow.NewFuture(ctx)
		set.Set(nil, nil)
		return f
	case x.m.rename[0] == name:
		name = x.m.rename[1]
	case x.m.swap[0] == name:
		name = x.m.swap[1]
	case x.m.swap[1] == name:
		name = x.m.swap[0]
	}
	return x.Next.ExecuteActivity(ctx, name, args...)
}
