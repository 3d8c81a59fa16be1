package proof

import (
	"fmt"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
)

// ties are what the histories of a record say of one another: with what a process was
// started by another, what it came to, and what a run handed to the next.
type ties struct {
	starts []tie          // what a process or a run was given to begin with
	begun  map[string]tie // by process, or by run: what it says that it was given
	ends   []tie          // what a process came to, as its parent heard it
	came   map[string]tie // by run: what it says that it came to
}

// tie is one end of a tie.
type tie struct {
	process, run string // whose history says it
	of           string // the process or run that it is about
	event        int64
	given        *common.Payloads
}

func (t *ties) read(h *history.History, process, run string) {
	if t.begun == nil {
		t.begun, t.came = make(map[string]tie), make(map[string]tie)
	}
	here := func(of string, event int64, given *common.Payloads) tie {
		return tie{process: process, run: run, of: of, event: event, given: given}
	}
	for _, e := range h.GetEvents() {
		n := e.GetEventId()
		switch e.GetEventType() {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
			a := e.GetWorkflowExecutionStartedEventAttributes()
			t.begun[run] = here(run, n, a.GetInput())
			if a.GetContinuedExecutionRunId() == "" {
				t.begun[process] = here(process, n, a.GetInput())
			}
		case enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
			a := e.GetStartChildWorkflowExecutionInitiatedEventAttributes()
			t.starts = append(t.starts, here(a.GetWorkflowId(), n, a.GetInput()))
		case enums.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
			a := e.GetChildWorkflowExecutionCompletedEventAttributes()
			t.ends = append(t.ends, here(a.GetWorkflowExecution().GetWorkflowId(), n, a.GetResult()))
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
			t.came[process] = here(process, n, e.GetWorkflowExecutionCompletedEventAttributes().GetResult())
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
			a := e.GetWorkflowExecutionContinuedAsNewEventAttributes()
			t.starts = append(t.starts, here(a.GetNewExecutionRunId(), n, a.GetInput()))
		default:
		}
	}
}

// differences are the ties whose two ends say not the same. One whose other end is in
// no history of this record is not judged: a process that outlives its case has a record
// of its own.
func (t *ties) differences() []Difference {
	var found []Difference
	hold := func(what string, a, b tie) {
		m, differs := differPayloads(a.given, b.given)
		if differs {
			found = append(found, Difference{Event: a.event, What: what + " " + a.of + ", in the history of " + a.process, Field: m.field,
				History: m.a, Other: fmt.Sprintf("(event %d) says %s", b.event, m.b), By: "the history of " + b.process})
		}
	}
	for _, s := range t.starts {
		if b, there := t.begun[s.of]; there {
			hold("what is given to", s, b)
		}
	}
	for _, e := range t.ends {
		if c, there := t.came[e.of]; there {
			hold("what comes of", e, c)
		}
	}
	return found
}
