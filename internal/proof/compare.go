package proof

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/failure/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Difference is one place where a history contradicts the code, the journal or another
// history. What it shows are values as JSON, cut after 120 bytes.
type Difference struct {
	// Event is the number of the event that has it; 0: none.
	Event int64 `json:"event,omitempty"`
	// Line is the line of the journal that is meant; 0: none.
	Line int `json:"line,omitempty"`
	// What says what it is about: the input of an activity, the outcome of an Update.
	What string `json:"what"`
	// Field is where in it: entries[0].fact.ballot.verdict.
	Field string `json:"field,omitempty"`
	// History is what the history has, Other what By says.
	History string `json:"history"`
	Other   string `json:"other"`
	By      string `json:"by"` // the code, the journal, the history of …

	// shape: the code asks for other things, not for the same with something else in them.
	shape bool
}

// String names it in one line.
func (d Difference) String() string {
	var b strings.Builder
	if d.Event > 0 {
		fmt.Fprintf(&b, "event %d, ", d.Event)
	}
	if d.Line > 0 {
		fmt.Fprintf(&b, "line %d of the journal, ", d.Line)
	}
	b.WriteString(d.What)
	if d.Field != "" {
		b.WriteString(", " + d.Field)
	}
	fmt.Fprintf(&b, ": the history has %s, %s %s", d.History, d.By, d.Other)
	return b.String()
}

// byCode is what stands against a history that is replayed.
const byCode = "the code"

// comparison holds a replay against its history.
type comparison struct {
	found []Difference
}

func (c *comparison) add(event int64, what string, m mismatch) {
	c.found = append(c.found, Difference{Event: event, What: what, Field: m.field, History: m.a, Other: m.b, By: byCode})
}

// shapes notes that the code asks for something else, or for nothing.
func (c *comparison) shapes(event int64, what, recorded, asked string) {
	c.found = append(c.found, Difference{Event: event, What: what, History: recorded, Other: asked, By: byCode, shape: true})
}

// compare returns what is not the same, in the order of the history, up to the first
// place where the code asks for something else: what comes after that follows from it.
func compare(h *history.History, r *recorder) []Difference {
	var c comparison
	recorded := wishesOf(h)
	for _, k := range []kind{activityKind, timerKind, childKind, signalKind} {
		c.wishes(ofKind(recorded, k), ofKind(r.wishes, k), lastTask(h))
	}
	c.answers(h, r)
	c.ending(h, r)
	slices.SortStableFunc(c.found, func(a, b Difference) int { return int(a.Event - b.Event) })
	for i, d := range c.found {
		if d.shape {
			return c.found[:i+1]
		}
	}
	return c.found
}

// wishesOf is what a history says that the code asked for.
func wishesOf(h *history.History) []wish {
	var all []wish
	for _, e := range h.GetEvents() {
		w := wish{event: e.GetEventId()}
		switch e.GetEventType() {
		case enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
			a := e.GetActivityTaskScheduledEventAttributes()
			w.kind, w.name, w.input = activityKind, a.GetActivityType().GetName(), a.GetInput()
		case enums.EVENT_TYPE_TIMER_STARTED:
			w.kind, w.rest = timerKind, e.GetTimerStartedEventAttributes().GetStartToFireTimeout().AsDuration()
		case enums.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
			a := e.GetStartChildWorkflowExecutionInitiatedEventAttributes()
			w.kind, w.name, w.to, w.input = childKind, a.GetWorkflowType().GetName(), a.GetWorkflowId(), a.GetInput()
			w.close = a.GetParentClosePolicy()
		case enums.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
			a := e.GetSignalExternalWorkflowExecutionInitiatedEventAttributes()
			w.kind, w.name, w.to, w.input = signalKind, a.GetSignalName(), a.GetWorkflowExecution().GetWorkflowId(), a.GetInput()
		default:
			continue
		}
		all = append(all, w)
	}
	return all
}

func ofKind(all []wish, k kind) []wish {
	var some []wish
	for _, w := range all {
		if w.kind == k {
			some = append(some, w)
		}
	}
	return some
}

// lastTask is the length of the history when the last task began that came to its end.
// What the code asks for after it never reached the engine.
func lastTask(h *history.History) int {
	for _, e := range slices.Backward(h.GetEvents()) {
		if e.GetEventType() == enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			return int(e.GetWorkflowTaskCompletedEventAttributes().GetStartedEventId())
		}
	}
	return 0
}

// wishes holds the n-th of a kind against the n-th.
func (c *comparison) wishes(recorded, asked []wish, last int) {
	for i, w := range recorded {
		if i == len(asked) {
			c.shapes(w.event, "the "+string(w.kind), w.String(), "asks for none")
			return
		}
		c.pair(w, asked[i])
	}
	for _, w := range asked[min(len(recorded), len(asked)):] {
		if w.task <= last {
			c.shapes(w.event, "the "+string(w.kind), nothing, "asks for "+w.String())
			return
		}
	}
}

// String is what is asked for, without what is in it.
func (w wish) String() string {
	switch w.kind {
	case timerKind:
		return w.rest.String()
	case activityKind:
		return w.name
	case childKind, signalKind:
	}
	return w.name + " " + w.to
}

func (c *comparison) pair(recorded, asked wish) {
	what := "the " + string(recorded.kind)
	if recorded.name != asked.name || recorded.to != asked.to {
		c.shapes(recorded.event, what, recorded.String(), "asks for "+asked.String())
		return
	}
	if recorded.kind == timerKind {
		if recorded.rest != asked.rest {
			c.add(recorded.event, what, mismatch{field: "how long it runs", a: recorded.rest.String(), b: "asks for " + asked.rest.String()})
		}
		return
	}
	m, differs := differPayloads(recorded.input, asked.input)
	if differs {
		c.add(recorded.event, "what "+what+" "+recorded.String()+" is given", m.says())
	}
	if recorded.close != asked.close {
		c.add(recorded.event, what+" "+recorded.String(), mismatch{field: "what becomes of it when its parent ends", a: recorded.close.String(), b: "asks for " + asked.close.String()})
	}
}

// says lets what the code has read as its word.
func (m mismatch) says() mismatch {
	m.b = "says " + m.b
	return m
}

// answers holds what the code answers to Updates against what the history says that
// people were answered.
func (c *comparison) answers(h *history.History, r *recorder) {
	names := make(map[string]string)
	for _, e := range h.GetEvents() {
		switch e.GetEventType() {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
			asked := e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest()
			names[asked.GetMeta().GetUpdateId()] = asked.GetInput().GetName()
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
			a := e.GetWorkflowExecutionUpdateCompletedEventAttributes()
			id := a.GetMeta().GetUpdateId()
			what := "what came of the Update " + names[id] + " " + id
			answer, given := r.answers[id]
			if !given {
				c.shapes(e.GetEventId(), what, "an outcome", "gives none")
				continue
			}
			c.outcome(e.GetEventId(), what, a.GetOutcome().GetSuccess(), a.GetOutcome().GetFailure(), answer.result, answer.err)
		default:
		}
	}
}

// outcome holds a result or an error against what was recorded.
func (c *comparison) outcome(event int64, what string, success *common.Payloads, failed *failure.Failure, result any, err error) {
	switch {
	case failed != nil && err != nil:
		if kind, message := failed.GetApplicationFailureInfo().GetType(), failed.GetMessage(); kind != typeOf(err) || message != messageOf(err) {
			c.add(event, what, mismatch{field: "error", a: show(kind + ": " + message), b: "says " + show(typeOf(err)+": "+messageOf(err))})
		}
	case failed != nil:
		c.add(event, what, mismatch{a: "an error", b: "has a result"})
	case err != nil:
		c.add(event, what, mismatch{a: "a result", b: "says " + show(err.Error())})
	case result == nil && len(success.GetPayloads()) == 0: // code that has none to give
	default:
		m, differs := differPayloads(success, payloads([]any{result}))
		if differs {
			c.add(event, what, m.says())
		}
	}
}

func typeOf(err error) string {
	var ours *temporal.ApplicationError
	if errors.As(err, &ours) {
		return ours.Type()
	}
	return ""
}

func messageOf(err error) string {
	var ours *temporal.ApplicationError
	if errors.As(err, &ours) {
		return ours.Message()
	}
	return err.Error()
}

// ending holds how the code ends against how the history does. A run that was ended
// from outside has no end of the code's.
func (c *comparison) ending(h *history.History, r *recorder) {
	last := h.GetEvents()[len(h.GetEvents())-1]
	n := last.GetEventId()
	var onward *workflow.ContinueAsNewError
	goes := errors.As(r.err, &onward)
	outside := last.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED || last.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT
	switch {
	case outside && r.ended:
		c.shapes(n, "the end", "an end from outside", "ended before")
	case outside:
	case !r.ended:
		c.shapes(n, "the end", "an end", "goes on")
	case last.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
		a := last.GetWorkflowExecutionContinuedAsNewEventAttributes()
		if !goes || onward.WorkflowType.Name != a.GetWorkflowType().GetName() {
			c.shapes(n, "the end", "another run", "ends otherwise")
			return
		}
		m, differs := differPayloads(a.GetInput(), onward.Input)
		if differs {
			c.add(n, "what the next run is given", m.says())
		}
	case goes:
		c.shapes(n, "the end", "an end", "goes on in another run")
	case last.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
		if !temporal.IsCanceledError(r.err) {
			c.shapes(n, "the end", "an end by cancelling", "ends otherwise")
		}
	default:
		c.outcome(n, "what the process came to", last.GetWorkflowExecutionCompletedEventAttributes().GetResult(),
			last.GetWorkflowExecutionFailedEventAttributes().GetFailure(), r.result, r.err)
	}
}
