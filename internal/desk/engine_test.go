package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// engine stands in for Temporal: it holds processes in memory, lets them judge
// as the workflows do, and files what happened as they would. It can be told to
// fail in the ways in which an engine fails.
type engine struct {
	client.Client // what desk doesn't use panics
	t             *testing.T
	store         *archive.Archive
	now           func() time.Time

	mu          sync.Mutex
	processes   map[string]*process
	starts      []client.StartWorkflowOptions
	inputs      []workflows.OnboardingInput
	collections []workflows.DPAInput
	parts       map[string][]byte // what parts of an onboarding were started with, by their kind
	oversights  []workflows.OversightInput
	exits       [][]byte // what exits were started with
	signals     []signal
	sent        []string // JSON of every payload that came, also of those that failed
	calls       []string // process, update, id of every Update that was applied or looked up
	flying      map[string]int
	most        int
	// fault decides what becomes of an Update or a start; nil: all is well.
	fault func(id string) fault
	// slow is run by every Update while it is in flight.
	slow func(ctx context.Context)
	// withhold keeps what happened out of the record until flush.
	withhold bool
}

// fault is a way to fail: the error, and whether the Update is applied all the
// same. In the result it comes with the handle, as a failed Update does.
type fault struct {
	err      error
	applied  bool
	inResult bool
}

// process is a workflow in memory.
type process struct {
	id, of   string
	anchor   calendar.Anchor
	requests []*review.Request
	n        int
	closed   bool
	results  map[string]any // by update id
	acts     []review.Act
	people   []workflows.PeopleChange
	outbox   []dossier.Entry
}

func newEngine(t *testing.T, store *archive.Archive, now func() time.Time) *engine {
	return &engine{t: t, store: store, now: now, processes: map[string]*process{}, flying: map[string]int{}}
}

// fails makes every Update and start fail this way until works.
func (e *engine) fails(f fault) { e.failsFor(func(string) fault { return f }) }

func (e *engine) failsFor(f func(id string) fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fault = f
}

func (e *engine) works() { e.failsFor(nil) }

func down() fault { return fault{err: serviceerror.NewUnavailable("the engine is down")} }

// pack brings arguments through the engine's own JSON.
func (e *engine) pack(args []any) []byte {
	p, err := converter.GetDefaultDataConverter().ToPayloads(args...)
	if err != nil {
		e.t.Error(err)
		return nil
	}
	var all []byte
	for _, x := range p.Payloads {
		all = append(all, x.Data...)
	}
	e.sent = append(e.sent, string(all))
	return all
}

// UpdateWorkflow applies an Update, once an id.
func (e *engine) UpdateWorkflow(ctx context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	e.mu.Lock()
	if o.UpdateID == "" || o.WaitForStage != client.WorkflowUpdateStageCompleted {
		e.t.Errorf("an Update without an id or not waited for: %+v", o)
	}
	if _, limited := ctx.Deadline(); !limited {
		e.t.Errorf("Update %s waits for ever", o.UpdateID)
	}
	e.flying[o.WorkflowID]++
	e.most = max(e.most, e.flying[o.WorkflowID])
	crowded, slow := e.flying[o.WorkflowID] > 10, e.slow
	e.mu.Unlock()
	if slow != nil {
		slow(ctx)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.flying[o.WorkflowID]--
	data := e.pack(o.Args)
	var f fault
	if e.fault != nil {
		f = e.fault(o.UpdateID)
	}
	switch {
	case crowded:
		return nil, serviceerror.NewResourceExhausted(0, "too many Updates in flight")
	case f.err == nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case f.err != nil && !f.applied && f.inResult:
		return handle{id: o.UpdateID, err: f.err}, nil
	case f.err != nil && !f.applied:
		return nil, f.err
	}
	e.calls = append(e.calls, o.WorkflowID+" "+o.UpdateName+" "+o.UpdateID)
	p := e.processes[o.WorkflowID]
	if p == nil || p.closed {
		return nil, serviceerror.NewNotFound("workflow execution already completed")
	}
	result, known := p.results[o.UpdateID]
	if !known {
		result = e.apply(p, o.UpdateName, data)
		p.results[o.UpdateID] = result
	}
	if f.inResult {
		return handle{id: o.UpdateID, err: f.err}, nil
	}
	return handle{id: o.UpdateID, result: result}, f.err
}

func (e *engine) apply(p *process, name string, data []byte) any {
	read := func(v any) {
		if err := json.Unmarshal(data, v); err != nil {
			e.t.Error(err)
		}
	}
	defer e.file(p)
	now := p.anchor.CaseAt(e.now()).UTC()
	switch name {
	case workflows.UpdateAnswer:
		var a review.Answer
		read(&a)
		r := p.find(a.Request)
		if r == nil {
			return review.Outcome{Status: review.Refused, Refusal: review.Unknown, Request: a.Request, At: now}
		}
		out, facts := r.Judge(a, now)
		e.fold(p, r, facts)
		return out
	case workflows.UpdateAct:
		var a review.Act
		read(&a)
		return e.act(p, a, now)
	case workflows.UpdatePeople:
		var c workflows.PeopleChange
		read(&c)
		p.people = append(p.people, c)
		return c.Revision
	}
	e.t.Errorf("an Update that no process knows: %s", name)
	return nil
}

func (e *engine) act(p *process, a review.Act, now time.Time) review.Outcome {
	p.acts = append(p.acts, a)
	result := review.Outcome{Status: review.Refused, Refusal: review.NoSeat, Request: a.Request, At: now}
	switch a.Kind {
	case review.Recuse:
		for _, r := range p.requests {
			if r.Closed != nil || len(r.SeatsOf(a.Person.ID, now)) == 0 && r.ID != a.Request {
				continue
			}
			out, facts := r.Act(a, now)
			e.fold(p, r, facts)
			if result.Status == review.Refused {
				result = out
			}
		}
		return result
	case review.TakeBack, review.Delegate, review.Snooze, review.Read:
		r := p.find(a.Request)
		if r == nil {
			return result
		}
		out, facts := r.Act(a, now)
		e.fold(p, r, facts)
		return out
	default:
		p.say(e.now(), dossier.Entry{Kind: dossier.Withdrawn, Actor: a.Person.ID, Answer: a.ID})
		return review.Outcome{Status: review.Counted, By: a.Person.ID, At: now}
	}
}

func (e *engine) fold(p *process, r *review.Request, facts []review.Fact) {
	for _, f := range facts {
		r.Apply(f)
		p.say(e.now(), dossier.Entry{Kind: dossier.Request, Actor: f.Person, Answer: f.Answer, Fact: &f})
	}
}

// file brings what happened into the record.
func (e *engine) file(p *process) {
	if e.withhold {
		return
	}
	if err := e.store.Append(context.Background(), p.outbox); err != nil {
		return // tried again with the next
	}
	p.outbox = nil
}

func (p *process) find(id string) *review.Request {
	i := slices.IndexFunc(p.requests, func(r *review.Request) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return p.requests[i]
}

func (p *process) say(at time.Time, e dossier.Entry) {
	p.n++
	e.ID, e.Case, e.Process, e.Run = fmt.Sprintf("%s#%d", p.id, p.n), p.of, p.id, "run-of-"+p.id
	e.At, e.CaseAt = at.UTC(), p.anchor.CaseAt(at).UTC()
	p.outbox = append(p.outbox, e)
}

// ExecuteWorkflow starts a process, once an id.
func (e *engine) ExecuteWorkflow(ctx context.Context, o client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	data := e.pack(args)
	var f fault
	if e.fault != nil {
		f = e.fault(o.ID)
	}
	if f.err != nil && !f.applied {
		return nil, f.err
	}
	if e.processes[o.ID] != nil {
		return nil, serviceerror.NewWorkflowExecutionAlreadyStarted("already started", "", "")
	}
	var in workflows.OnboardingInput
	if workflow == workflows.DPAType {
		var c workflows.DPAInput
		if err := json.Unmarshal(data, &c); err != nil {
			e.t.Errorf("starting a collection: %v", err)
		}
		e.collections = append(e.collections, c)
		in.Common = c.Common
	} else if slices.Contains([]any{workflows.DiligenceType, workflows.PilotType, workflows.ContractType}, workflow) {
		if e.parts == nil {
			e.parts = map[string][]byte{}
		}
		kind, _ := workflow.(string)
		e.parts[kind] = data
		if err := json.Unmarshal(data, &in.Common); err != nil {
			e.t.Errorf("starting a part: %v", err)
		}
	} else if workflow == workflows.ExitType {
		e.exits = append(e.exits, data)
		if err := json.Unmarshal(data, &in.Common); err != nil {
			e.t.Errorf("starting an exit: %v", err)
		}
	} else if workflow == workflows.OversightType {
		var c workflows.OversightInput
		if err := json.Unmarshal(data, &c); err != nil {
			e.t.Errorf("starting an oversight: %v", err)
		}
		e.oversights = append(e.oversights, c)
		in.Common = c.Common
	} else if err := json.Unmarshal(data, &in); err != nil || workflow != workflows.OnboardingType {
		e.t.Errorf("starting %v: %v", workflow, err)
	}
	e.processes[o.ID] = &process{id: o.ID, of: o.ID, anchor: in.Anchor, results: map[string]any{}}
	e.starts, e.inputs = append(e.starts, o), append(e.inputs, in)
	return nil, f.err
}

// signal is one that came.
type signal struct {
	process, name string
	data          []byte
}

// SignalWorkflow keeps a signal.
func (e *engine) SignalWorkflow(_ context.Context, process, _, name string, arg any) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	data := e.pack([]any{arg})
	if e.fault != nil {
		if f := e.fault(process); f.err != nil {
			return f.err
		}
	}
	e.signals = append(e.signals, signal{process, name, data})
	return nil
}

// handle is the result of an Update.
type handle struct {
	client.WorkflowUpdateHandle
	id     string
	result any
	err    error
}

// Get copies the result.
func (h handle) Get(_ context.Context, into any) error {
	if h.err != nil || into == nil {
		return h.err
	}
	text, err := json.Marshal(h.result)
	return errors.Join(err, json.Unmarshal(text, into))
}

// endedInHand is what the engine says of an Update whose process ended first.
func endedInHand() error {
	return temporal.NewNonRetryableApplicationError("the process completed before the Update", "AcceptedUpdateCompletedWorkflow", nil)
}

// unprocessed is what the engine says where a worker doesn't know the Update.
func unprocessed() error {
	return temporal.NewNonRetryableApplicationError("not processed by worker", "UnprocessedUpdate", nil)
}
