package stories

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// The limits of one history. The engine warns at 10,240 events and 10 MB, and ends a
// process at 51,200 and 50 MB.
const (
	longestHistory = 4_000
	largestHistory = 3 << 19 // 1.5 MiB
)

// What a whole onboarding may cost in billable actions.
const (
	perRequest  = 3 // shown to somebody
	perReminder = 2
	perAnswer   = 3
	perProcess  = 20
)

// bill is what processes cost the engine's provider, by what was done: actions as
// Temporal Cloud counts them. Queries and what reads histories leave no trace there.
type bill struct {
	actions map[string]int
	events  int
	bytes   int
}

func (b *bill) total() (n int) {
	for _, each := range b.actions {
		n += each
	}
	return n
}

func (b *bill) String() string {
	var all []string
	for what, n := range b.actions {
		all = append(all, fmt.Sprintf("%s %d", what, n))
	}
	slices.Sort(all)
	return fmt.Sprintf("%d events, %d bytes, %d actions: %s", b.events, b.bytes, b.total(), strings.Join(all, ", "))
}

// add counts a run: one for a start, a timer, a signal, an update and each attempt of an
// activity, two for a child's start, none for what a version or a replay leaves. A
// rehearsal's jumps are left out: there are none where a case is real.
func (b *bill) add(h *history.History) {
	markers := map[int64]bool{} // workflow tasks that left one
	for _, e := range h.GetEvents() {
		switch e.GetEventType() {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
			a := e.GetWorkflowExecutionStartedEventAttributes()
			switch {
			case a.GetContinuedExecutionRunId() != "":
				b.actions["continued"]++
			case a.GetParentWorkflowExecution() == nil: // a child's start is its parent's
				b.actions["start"]++
			}
		case enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
			b.actions["child"] += 2
		case enums.EVENT_TYPE_TIMER_STARTED:
			b.actions["timer"]++
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
			b.actions["signal"]++
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
			if e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetName() != workflows.UpdateJump {
				b.actions["update"]++
			}
		case enums.EVENT_TYPE_ACTIVITY_TASK_STARTED:
			b.actions["activity"] += int(e.GetActivityTaskStartedEventAttributes().GetAttempt())
		case enums.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
			b.actions["attributes"]++
		case enums.EVENT_TYPE_MARKER_RECORDED:
			if a := e.GetMarkerRecordedEventAttributes(); a.GetMarkerName() != "Version" && !markers[a.GetWorkflowTaskCompletedEventId()] {
				markers[a.GetWorkflowTaskCompletedEventId()] = true
				b.actions["marker"]++
			}
		}
	}
	b.events += len(h.GetEvents())
	b.bytes += proto.Size(h)
}

// costs wants the histories of a case within their bounds, and its actions within what
// was asked, said and started. Who was told beside being asked was reminded.
func (o *onboarding) costs(v dossier.CaseView) {
	o.h.t.Helper()
	all := bill{actions: map[string]int{}}
	for _, p := range v.Processes {
		one := bill{actions: map[string]int{}}
		for _, run := range p.Runs {
			h := o.h.history(p.ID, run)
			if n := len(h.GetEvents()); n > longestHistory {
				o.h.t.Errorf("%s: a history of %d events, want at most %d", p.ID, n, longestHistory)
			}
			if n := proto.Size(h); n > largestHistory {
				o.h.t.Errorf("%s: a history of %d bytes, want at most %d", p.ID, n, largestHistory)
			}
			one.add(h)
			all.add(h)
		}
		shown, reminded, answered := o.happened(p.ID)
		allowed := perRequest*shown + perReminder*reminded + perAnswer*answered + perProcess
		o.h.t.Logf("%s: %s; %d shown, %d reminders, %d answers allow %d", p.ID, &one, shown, reminded, answered, allowed)
		if one.total() > allowed {
			o.h.t.Errorf("%s costs %d actions, want at most %d", p.ID, one.total(), allowed)
		}
	}
	o.h.t.Logf("%s altogether: %s", o.id, &all)
}

// history is what the engine has of a run, as it has it: payloads are packed there.
func (h *house) history(process, run string) *history.History {
	h.t.Helper()
	var all history.History
	it := h.client.GetWorkflowHistory(context.Background(), process, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for it.HasNext() {
		e, err := it.Next()
		if err != nil {
			h.t.Fatalf("reading the history of %s: %v", process, err)
		}
		all.Events = append(all.Events, e)
	}
	return &all
}

// happened counts how often a process showed a request to somebody, reminded somebody
// of one, and heard an answer.
func (o *onboarding) happened(process string) (shown, reminded, answered int) {
	for _, l := range o.lines() {
		f := l.Entry.Fact
		if f == nil || l.Entry.Process != process {
			continue
		}
		switch {
		case f.Kind == review.FactTold && f.Person != "" && f.Why == playbook.WhyAsked:
			shown++
		case f.Kind == review.FactTold && f.Person != "":
			reminded++
		case f.Kind == review.FactCounted:
			answered++
		}
	}
	return shown, reminded, answered
}

// TestActionsAreCounted: each kind of event counts as the provider's page says.
func TestActionsAreCounted(t *testing.T) {
	t.Parallel()
	started := &history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
		Attributes: &history.HistoryEvent_WorkflowExecutionStartedEventAttributes{WorkflowExecutionStartedEventAttributes: &history.WorkflowExecutionStartedEventAttributes{}}}
	tried := &history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_STARTED,
		Attributes: &history.HistoryEvent_ActivityTaskStartedEventAttributes{ActivityTaskStartedEventAttributes: &history.ActivityTaskStartedEventAttributes{Attempt: 3}}}
	marked := func(name string, task int64) *history.HistoryEvent {
		return &history.HistoryEvent{EventType: enums.EVENT_TYPE_MARKER_RECORDED, Attributes: &history.HistoryEvent_MarkerRecordedEventAttributes{
			MarkerRecordedEventAttributes: &history.MarkerRecordedEventAttributes{MarkerName: name, WorkflowTaskCompletedEventId: task}}}
	}
	b := bill{actions: map[string]int{}}
	b.add(&history.History{Events: []*history.HistoryEvent{started, tried, {EventType: enums.EVENT_TYPE_TIMER_STARTED}, {EventType: enums.EVENT_TYPE_TIMER_CANCELED},
		{EventType: enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED}, {EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED},
		marked("Version", 4), marked("SideEffect", 4), marked("LocalActivity", 4), marked("SideEffect", 9)}})
	if b.total() != 1+3+1+2+1+2 || b.events != 10 {
		t.Errorf("counted %s, want 10 actions", &b)
	}
}
