package proof

import (
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// kind is a kind of thing that workflow code asks of the engine.
type kind string

const (
	activityKind kind = "activity"
	timerKind    kind = "timer"
	childKind    kind = "child"
	signalKind   kind = "signal"
)

// wish is one thing that workflow code asks of the engine: as a history has it, or as
// the code asks for it while it is replayed.
type wish struct {
	kind  kind
	event int64  // the event that has it; of the code's: where it would stand at the earliest
	name  string // of the activity, process or Signal
	to    string // process id of a child, or of whoever is sent a Signal
	input *common.Payloads
	rest  time.Duration           // of a timer
	close enums.ParentClosePolicy // of a child, when its parent ends
	task  int                     // the code's: length of the history when it was asked for
}

// said is what the code answers to an Update.
type said struct {
	result any
	err    error
}

// recorder notes what workflow code does while it is replayed. The SDK's replayer
// compares kinds, ids and names of what is asked for, and nothing of what is in them
// (SDK 1.50, isCommandMatchEvent). It belongs to one replay.
type recorder struct {
	interceptor.WorkerInterceptorBase
	wishes  []wish
	answers map[string]said // by Update id; looked up only
	result  any
	err     error
	ended   bool
}

// InterceptWorkflow wraps what comes in and what goes out.
func (r *recorder) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &recordingIn{recorder: r}
	in.Next = next
	return in
}

// note keeps a wish. All of them reach the history: what is taken back in the task that
// asked for it is recorded with its taking back (SDK 1.50, getCommand of each kind).
func (r *recorder) note(ctx workflow.Context, w wish) {
	w.task = workflow.GetInfo(ctx).GetCurrentHistoryLength()
	w.event = int64(w.task) + 2 // after the start and the completion of the task
	r.wishes = append(r.wishes, w)
}

// timer notes a timer. One of no length fires at once, without the engine.
func (r *recorder) timer(ctx workflow.Context, d time.Duration) {
	if d > 0 {
		r.note(ctx, wish{kind: timerKind, rest: d})
	}
}

type recordingIn struct {
	interceptor.WorkflowInboundInterceptorBase
	recorder *recorder
}

// Init wraps what the code asks of the engine.
func (in *recordingIn) Init(out interceptor.WorkflowOutboundInterceptor) error {
	o := &recordingOut{recorder: in.recorder}
	o.Next = out
	return in.Next.Init(o)
}

// ExecuteWorkflow notes how the code ends.
func (in *recordingIn) ExecuteWorkflow(ctx workflow.Context, input *interceptor.ExecuteWorkflowInput) (any, error) {
	r := in.recorder
	result, err := in.Next.ExecuteWorkflow(ctx, input)
	r.result, r.err, r.ended = result, err, true
	return result, err
}

// ExecuteUpdate notes what the code answers.
func (in *recordingIn) ExecuteUpdate(ctx workflow.Context, input *interceptor.UpdateInput) (any, error) {
	id := workflow.GetCurrentUpdateInfo(ctx).ID
	result, err := in.Next.ExecuteUpdate(ctx, input)
	in.recorder.answers[id] = said{result, err}
	return result, err
}

type recordingOut struct {
	interceptor.WorkflowOutboundInterceptorBase
	recorder *recorder
}

// ExecuteActivity notes the activity and its input.
func (out *recordingOut) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	out.recorder.note(ctx, wish{kind: activityKind, name: name, input: payloads(args)})
	return out.Next.ExecuteActivity(ctx, name, args...)
}

// ExecuteChildWorkflow notes the child, its id and its input.
func (out *recordingOut) ExecuteChildWorkflow(ctx workflow.Context, name string, args ...any) workflow.ChildWorkflowFuture {
	o := workflow.GetChildWorkflowOptions(ctx)
	out.recorder.note(ctx, wish{kind: childKind, name: name, to: o.WorkflowID, input: payloads(args), close: o.ParentClosePolicy})
	return out.Next.ExecuteChildWorkflow(ctx, name, args...)
}

// NewTimer notes how long it runs.
func (out *recordingOut) NewTimer(ctx workflow.Context, d time.Duration) workflow.Future {
	out.recorder.timer(ctx, d)
	return out.Next.NewTimer(ctx, d)
}

// NewTimerWithOptions notes how long it runs.
func (out *recordingOut) NewTimerWithOptions(ctx workflow.Context, d time.Duration, o workflow.TimerOptions) workflow.Future {
	out.recorder.timer(ctx, d)
	return out.Next.NewTimerWithOptions(ctx, d, o)
}

// Sleep notes how long.
func (out *recordingOut) Sleep(ctx workflow.Context, d time.Duration) error {
	out.recorder.timer(ctx, d)
	return out.Next.Sleep(ctx, d)
}

// SignalExternalWorkflow notes the Signal and what it carries.
func (out *recordingOut) SignalExternalWorkflow(ctx workflow.Context, process, run, name string, arg any) workflow.Future {
	out.recorder.note(ctx, wish{kind: signalKind, name: name, to: process, input: payloads([]any{arg})})
	return out.Next.SignalExternalWorkflow(ctx, process, run, name, arg)
}

// SignalChildWorkflow notes the Signal and what it carries.
func (out *recordingOut) SignalChildWorkflow(ctx workflow.Context, process, name string, arg any) workflow.Future {
	out.recorder.note(ctx, wish{kind: signalKind, name: name, to: process, input: payloads([]any{arg})})
	return out.Next.SignalChildWorkflow(ctx, process, name, arg)
}

// payloads are arguments as a history without packing has them, taken at once: the
// code may change them later. What can't be written says so in the comparison.
func payloads(args []any) *common.Payloads {
	if len(args) == 0 {
		return nil
	}
	p, err := converter.GetDefaultDataConverter().ToPayloads(args...)
	if err != nil {
		return &common.Payloads{Payloads: []*common.Payload{{Data: []byte(err.Error())}}}
	}
	return p
}
