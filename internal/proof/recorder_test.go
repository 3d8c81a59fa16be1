package proof

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/types/known/durationpb"
)

// restless arms a timer and takes it back in the same task, arms another that has no
// length, and asks for a third that fires.
func restless(ctx workflow.Context) error {
	short, take := workflow.WithCancel(ctx)
	workflow.NewTimer(short, time.Hour)
	take()
	workflow.NewTimer(ctx, 0)
	return workflow.NewTimer(ctx, 2*time.Hour).Get(ctx, nil)
}

// restlessly is what the engine records of it.
func restlessly() *history.History {
	queue := &taskqueue.TaskQueue{Name: "q"}
	return &history.History{Events: []*history.HistoryEvent{
		{EventId: 1, EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, Attributes: &history.HistoryEvent_WorkflowExecutionStartedEventAttributes{WorkflowExecutionStartedEventAttributes: &history.WorkflowExecutionStartedEventAttributes{
			WorkflowType: &common.WorkflowType{Name: "restless"}, TaskQueue: queue, WorkflowId: "restless/1", OriginalExecutionRunId: "run-a"}}},
		{EventId: 2, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, Attributes: &history.HistoryEvent_WorkflowTaskScheduledEventAttributes{WorkflowTaskScheduledEventAttributes: &history.WorkflowTaskScheduledEventAttributes{TaskQueue: queue}}},
		{EventId: 3, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_STARTED, Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{ScheduledEventId: 2}}},
		{EventId: 4, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, Attributes: &history.HistoryEvent_WorkflowTaskCompletedEventAttributes{WorkflowTaskCompletedEventAttributes: &history.WorkflowTaskCompletedEventAttributes{ScheduledEventId: 2, StartedEventId: 3}}},
		{EventId: 5, EventType: enums.EVENT_TYPE_TIMER_STARTED, Attributes: &history.HistoryEvent_TimerStartedEventAttributes{TimerStartedEventAttributes: &history.TimerStartedEventAttributes{TimerId: "5", StartToFireTimeout: durationpb.New(time.Hour), WorkflowTaskCompletedEventId: 4}}},
		{EventId: 6, EventType: enums.EVENT_TYPE_TIMER_CANCELED, Attributes: &history.HistoryEvent_TimerCanceledEventAttributes{TimerCanceledEventAttributes: &history.TimerCanceledEventAttributes{TimerId: "5", StartedEventId: 5, WorkflowTaskCompletedEventId: 4}}},
		{EventId: 7, EventType: enums.EVENT_TYPE_TIMER_STARTED, Attributes: &history.HistoryEvent_TimerStartedEventAttributes{TimerStartedEventAttributes: &history.TimerStartedEventAttributes{TimerId: "7", StartToFireTimeout: durationpb.New(2 * time.Hour), WorkflowTaskCompletedEventId: 4}}},
		{EventId: 8, EventType: enums.EVENT_TYPE_TIMER_FIRED, Attributes: &history.HistoryEvent_TimerFiredEventAttributes{TimerFiredEventAttributes: &history.TimerFiredEventAttributes{TimerId: "7", StartedEventId: 7}}},
		{EventId: 9, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, Attributes: &history.HistoryEvent_WorkflowTaskScheduledEventAttributes{WorkflowTaskScheduledEventAttributes: &history.WorkflowTaskScheduledEventAttributes{TaskQueue: queue}}},
		{EventId: 10, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_STARTED, Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{ScheduledEventId: 9}}},
		{EventId: 11, EventType: enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, Attributes: &history.HistoryEvent_WorkflowTaskCompletedEventAttributes{WorkflowTaskCompletedEventAttributes: &history.WorkflowTaskCompletedEventAttributes{ScheduledEventId: 9, StartedEventId: 10}}},
		{EventId: 12, EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, Attributes: &history.HistoryEvent_WorkflowExecutionCompletedEventAttributes{WorkflowExecutionCompletedEventAttributes: &history.WorkflowExecutionCompletedEventAttributes{WorkflowTaskCompletedEventId: 11}}},
	}}
}

// TestTakenBackAtOnce: a timer that is taken back in the task that armed it stands in the
// history, one of no length does not; neither makes another take its place.
func TestTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	rec := &recorder{answers: make(map[string]said)}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: []interceptor.WorkerInterceptor{rec}, DisableDeadlockDetection: true})
	if err != nil {
		t.Fatalf("making a replayer: %v", err)
	}
	replayer.RegisterWorkflowWithOptions(restless, workflow.RegisterOptions{Name: "restless"})
	h := restlessly()
	err = replayer.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h)
	if err != nil {
		t.Fatalf("replaying: %v", err)
	}
	if found := compare(h, rec); len(found) > 0 {
		t.Errorf("found is %v", found)
	}
	h.Events[4].GetTimerStartedEventAttributes().StartToFireTimeout = durationpb.New(2 * time.Hour)
	if found := compare(h, rec); len(found) != 1 || found[0].Event != 5 || found[0].History != "2h0m0s" {
		t.Errorf("a timer of another length: %v", found)
	}
}

// TestAsksForMore: what the code asks for in a task that the history has must be in it.
// What it asks for in one that never came to its end never reached the engine.
func TestAsksForMore(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ task, found int }{{3, 1}, {10, 1}, {13, 0}} {
		var c comparison
		c.wishes(nil, []wish{{kind: activityKind, name: "Erase", event: int64(x.task) + 2, task: x.task}}, lastTask(restlessly()))
		if len(c.found) != x.found || x.found == 1 && (!c.found[0].shape || c.found[0].String() != fmt.Sprintf("event %d, the activity: the history has nothing, the code asks for Erase", x.task+2)) {
			t.Errorf("in task %d: %v", x.task, c.found)
		}
	}
}
