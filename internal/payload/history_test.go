package payload

import (
	"testing"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/update/v1"
	"go.temporal.io/sdk/converter"

	"gangway/internal/review"
)

func packedAnswer(t *testing.T) *common.Payloads {
	t.Helper()
	p, err := Converter().ToPayloads(answer())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A filed history reads without this package: inputs, results and what people
// sent, wherever they stand.
func TestUnpackAHistory(t *testing.T) {
	t.Parallel()
	h := &history.History{Events: []*history.HistoryEvent{
		{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, Attributes: &history.HistoryEvent_WorkflowExecutionStartedEventAttributes{
			WorkflowExecutionStartedEventAttributes: &history.WorkflowExecutionStartedEventAttributes{Input: packedAnswer(t)}}},
		{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_COMPLETED, Attributes: &history.HistoryEvent_ActivityTaskCompletedEventAttributes{
			ActivityTaskCompletedEventAttributes: &history.ActivityTaskCompletedEventAttributes{Result: packedAnswer(t)}}},
		{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, Attributes: &history.HistoryEvent_WorkflowExecutionUpdateAcceptedEventAttributes{
			WorkflowExecutionUpdateAcceptedEventAttributes: &history.WorkflowExecutionUpdateAcceptedEventAttributes{
				AcceptedRequest: &update.Request{Input: &update.Input{Args: packedAnswer(t)}}}}},
	}}
	for range 2 { // a readable one stays as it is
		if err := Unpack(h); err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range []*common.Payloads{
		h.Events[0].GetWorkflowExecutionStartedEventAttributes().GetInput(),
		h.Events[1].GetActivityTaskCompletedEventAttributes().GetResult(),
		h.Events[2].GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(),
	} {
		var out review.Answer
		if err := converter.GetDefaultDataConverter().FromPayloads(p, &out); err != nil || out.ID != answer().ID {
			t.Errorf("payload %d: %v, %+v", i, err, out)
		}
	}
}

func TestUnpackADamagedHistory(t *testing.T) {
	t.Parallel()
	p := packedAnswer(t)
	p.Payloads[0].Data = p.Payloads[0].Data[:9]
	h := &history.History{Events: []*history.HistoryEvent{{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
		Attributes: &history.HistoryEvent_ActivityTaskCompletedEventAttributes{ActivityTaskCompletedEventAttributes: &history.ActivityTaskCompletedEventAttributes{Result: p}}}}}
	if err := Unpack(h); err == nil {
		t.Error("a damaged history is unpacked without a complaint")
	}
}
