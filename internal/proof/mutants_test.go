package proof

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/failure/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/update/v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

// edit changes a payload's JSON by its members' names: "entries.0.id".
func edit(t testing.TB, p *common.Payloads, path string, to any) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(p.GetPayloads()[0].GetData(), &whole); err != nil {
		t.Fatalf("reading a payload: %v", err)
	}
	at, members := whole, strings.Split(path, ".")
	for _, member := range members[:len(members)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[member]
		case []any:
			at = v[int(member[0]-'0')]
		}
	}
	m, ok := at.(map[string]any)
	if !ok {
		t.Fatalf("there is no %s in %s", path, p.GetPayloads()[0].GetData())
	}
	if m[members[len(members)-1]] == to {
		t.Fatalf("%s is %v already", path, to)
	}
	m[members[len(members)-1]] = to
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatalf("writing a payload: %v", err)
	}
	p.Payloads[0].Data = text
}

// mutants are small changes of a history that the engine's own replayer passes over, or
// finds without a name. Each names where it is found.
var mutants = []struct {
	name, of string
	change   func(t *testing.T, h *history.History) *history.HistoryEvent
	want     string
}{
	{"what an activity is given", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 1)
		edit(t, e.GetActivityTaskScheduledEventAttributes().GetInput(), "entries.0.actor", "somebody")
		return e
	}, `what the activity Record is given, entries[0].actor: the history has "somebody", the code says`},
	{"a timer", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_TIMER_STARTED, 1)
		a := e.GetTimerStartedEventAttributes()
		a.StartToFireTimeout = durationpb.New(a.GetStartToFireTimeout().AsDuration() + time.Hour)
		return e
	}, "the timer, how long it runs: the history has"},
	{"a timer's number", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		ofType(t, h, enums.EVENT_TYPE_TIMER_STARTED, 1).GetTimerStartedEventAttributes().TimerId = "999"
		return nil
	}, "and stops at"},
	{"the result", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := h.GetEvents()[len(h.GetEvents())-1]
		edit(t, e.GetWorkflowExecutionCompletedEventAttributes().GetResult(), "result", "refused")
		return e
	}, `what the process came to, result: the history has "refused", the code says "in-force"`},
	{"an error instead of the result", "dpa/collected-1", func(_ *testing.T, h *history.History) *history.HistoryEvent {
		e := h.GetEvents()[len(h.GetEvents())-1]
		e.EventType = enums.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED
		e.Attributes = &history.HistoryEvent_WorkflowExecutionFailedEventAttributes{WorkflowExecutionFailedEventAttributes: &history.WorkflowExecutionFailedEventAttributes{
			Failure: &failure.Failure{Message: "refused"}}}
		return e
	}, "what the process came to: the history has an error, the code has a result"},
	{"ended by hand instead", "dpa/collected-1", func(_ *testing.T, h *history.History) *history.HistoryEvent {
		e := h.GetEvents()[len(h.GetEvents())-1]
		e.EventType = enums.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED
		e.Attributes = &history.HistoryEvent_WorkflowExecutionTerminatedEventAttributes{WorkflowExecutionTerminatedEventAttributes: &history.WorkflowExecutionTerminatedEventAttributes{}}
		return e
	}, "the end: the history has an end from outside, the code ended before"},
	{"what an answer came to", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED, 3)
		edit(t, e.GetWorkflowExecutionUpdateCompletedEventAttributes().GetOutcome().GetSuccess(), "at", "2020-01-01T00:00:00Z")
		return e
	}, `at: the history has "2020-01-01T00:00:00Z", the code says`},
	{"an error instead of an outcome", "dpa/collected-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED, 3)
		e.GetWorkflowExecutionUpdateCompletedEventAttributes().Outcome = &update.Outcome{Value: &update.Outcome_Failure{Failure: &failure.Failure{Message: "no"}}}
		return e
	}, "the history has an error, the code has a result"},
	{"what a child is given", "onboarding/agreed-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, 0)
		edit(t, e.GetStartChildWorkflowExecutionInitiatedEventAttributes().GetInput(), "owner", "somebody")
		return e
	}, `is given, owner: the history has "somebody", the code says "maya"`},
	{"which child", "onboarding/agreed-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, 0)
		e.GetStartChildWorkflowExecutionInitiatedEventAttributes().WorkflowId = "contract/another/1"
		return nil
	}, "contract/another/1"},
	{"what a Signal carries", "onboarding/whole-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED, 0)
		p := e.GetSignalExternalWorkflowExecutionInitiatedEventAttributes().GetInput()
		p.Payloads[0].Data = []byte(`{"another":true}`)
		return e
	}, "what the signal interest"},
	{"what the next run is given", "oversight/watched-02-2", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := h.GetEvents()[len(h.GetEvents())-1]
		edit(t, e.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput(), "owner", "somebody")
		return e
	}, `what the next run is given, owner: the history has "somebody", the code says "maya"`},
	{"who answered", "contract/agreed-1", func(t *testing.T, h *history.History) *history.HistoryEvent {
		e := ofType(t, h, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, 0)
		edit(t, e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), "person.id", "somebody")
		return ofType(t, h, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED, 0) // its consequence
	}, "what came of the Update answer"},
	{"whose it is", "dpa/collected-1", func(_ *testing.T, h *history.History) *history.HistoryEvent {
		h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().WorkflowId = "dpa/another/1"
		return h.GetEvents()[0]
	}, `whose history it is, process: the history has "dpa/another/1", the journal says "dpa/brightwell-payroll/1"`},
}

// TestMutants: each change of a history is found by the code that recorded it, and named.
func TestMutants(t *testing.T) {
	t.Parallel()
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			h := one(t, m.of)
			process, run := runOf(h)
			e := m.change(t, h)
			r := replayHistory(t.Context(), thisRelease, h, process, run)
			if r.Verdict != Differs || len(r.Differences) == 0 {
				t.Fatalf("%s %s", r.Verdict, r.Why)
			}
			d := r.Differences[0]
			if !strings.Contains(d.String(), m.want) || e != nil && d.Event != e.GetEventId() {
				t.Errorf("found is:\n%s\nwanted %s at event %d", d, m.want, e.GetEventId())
			}
			other := replayHistory(t.Context(), "another", h, process, run)
			if m.name != "whose it is" && (other.Verdict != NotReplayable || len(other.Differences) == 0 || !strings.Contains(other.Why, thisRelease)) {
				t.Errorf("to another release it is: %s, %s", other.Verdict, other.Why)
			}
		})
	}
}
