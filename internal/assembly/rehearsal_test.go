package assembly

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// engine answers queries, takes jumps and starts, and can be away.
type engine struct {
	client.Client // what is not used panics
	mu            sync.Mutex
	down          bool
	started       chan string
	due           map[string]workflows.Due
	faults        map[string]error // by process
	jumps         []string         // process, update id
	anchors       []calendar.Anchor
}

func (e *engine) fault(process string) error {
	if e.down {
		return serviceerror.NewUnavailable("down")
	}
	return e.faults[process]
}

func (e *engine) QueryWorkflow(_ context.Context, process, _ string, name string, _ ...any) (converter.EncodedValue, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if name != workflows.QueryDue {
		return nil, fmt.Errorf("an unknown query %s", name)
	}
	return answer{e.due[process]}, e.fault(process)
}

func (e *engine) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	jump, isJump := o.Args[0].(workflows.Jump)
	if !isJump || o.UpdateName != workflows.UpdateJump || o.WaitForStage != client.WorkflowUpdateStageCompleted {
		return nil, fmt.Errorf("no jump: %+v", o)
	}
	e.jumps = append(e.jumps, o.WorkflowID+" "+o.UpdateID)
	e.anchors = append(e.anchors, jump.Anchor)
	err := e.fault(o.WorkflowID)
	if app := (*temporal.ApplicationError)(nil); errors.As(err, &app) {
		return result{err: err}, nil
	}
	return result{}, err
}

func (e *engine) ExecuteWorkflow(_ context.Context, o client.StartWorkflowOptions, _ any, _ ...any) (client.WorkflowRun, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.down {
		return nil, serviceerror.NewUnavailable("down")
	}
	e.started <- o.ID
	return nil, nil //nolint:nilnil // the run is not looked at
}

func (e *engine) ListWorkflow(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return &workflowservice.ListWorkflowExecutionsResponse{}, nil
}

type answer struct{ due workflows.Due }

// HasValue is always true.
func (answer) HasValue() bool { return true }

// Get goes through JSON as the engine's values do.
func (a answer) Get(into any) error {
	text, err := json.Marshal(a.due)
	return errors.Join(err, json.Unmarshal(text, into))
}

type result struct {
	client.WorkflowUpdateHandle
	err error
}

// Get gives nothing but the error.
func (r result) Get(context.Context, any) error { return r.err }

const (
	rootID  = "onboarding/acme/1"
	childID = "contract/acme/1"
	doneID  = "contract/acme/0"
)

// rehearses puts a case with two open processes and an ended one into the record.
func rehearses(t *testing.T, h *House, id string, anchor calendar.Anchor) {
	t.Helper()
	at := time.Now().UTC()
	n := map[string]int{}
	var entries []dossier.Entry
	say := func(process string, kind dossier.Kind, d dossier.Detail) {
		n[process]++
		entries = append(entries, dossier.Entry{ID: fmt.Sprintf("%s#%d", process, n[process]), Case: id, Process: process, Run: "run",
			Kind: kind, At: at, CaseAt: anchor.CaseAt(at), Detail: &d})
	}
	say(id, dossier.CaseOpened, dossier.Detail{Vendor: "acme", Owner: "tom", Requester: "maya", Rehearsal: true, Anchor: &anchor})
	say(id, dossier.ProcessStarted, dossier.Detail{})
	say(doneID, dossier.ProcessStarted, dossier.Detail{Parent: id})
	say(doneID, dossier.ProcessEnded, dossier.Detail{Parent: id})
	say(childID, dossier.ProcessStarted, dossier.Detail{Parent: id})
	ok(t, h.Archive.Append(context.Background(), entries))
}

func TestDue(t *testing.T) {
	t.Parallel()
	soon, later := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC), time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	gone := map[string]error{rootID: serviceerror.NewNotFound("ended")}
	for name, tt := range map[string]struct {
		root, child workflows.Due
		faults      map[string]error
		queued      string
		next        time.Time
		quiet       bool
	}{
		"the earlier one":      {root: workflows.Due{Next: later}, child: workflows.Due{Next: soon}, next: soon, quiet: true},
		"the other way round":  {root: workflows.Due{Next: soon}, child: workflows.Due{Next: later}, next: soon, quiet: true},
		"people alone":         {quiet: true},
		"one waits for people": {child: workflows.Due{Next: later}, next: later, quiet: true},
		"busy":                 {root: workflows.Due{Next: soon, Busy: true}, child: workflows.Due{Next: later}, next: soon},
		"something is queued":  {root: workflows.Due{Next: soon}, queued: childID, next: soon},
		"a part that runs":     {root: workflows.Due{Next: soon, Parts: []string{childID}}, next: soon, quiet: true},
		"one that just began":  {root: workflows.Due{Next: soon, Parts: []string{childID, "dpa/acme/1"}}, next: soon},
		"its end is unheard":   {root: workflows.Due{Next: soon, Parts: []string{doneID}}, next: soon},
		"one has just ended":   {faults: gone, child: workflows.Due{Next: later}, next: later, quiet: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &engine{due: map[string]workflows.Due{rootID: tt.root, childID: tt.child, doneID: {Next: soon.Add(-time.Hour), Busy: true}}, faults: tt.faults}
			h := open1(t, Options{Dir: t.TempDir()}, e)
			rehearses(t, h, rootID, calendar.Anchor{Real: time.Now(), Case: time.Now()})
			if tt.queued != "" {
				ok(t, h.Archive.Enqueue(t.Context(), review.Queued{ID: "web-1", Process: tt.queued, Payload: []byte("{}")}))
			}
			next, quiet, err := h.Rehearse(rootID).Due(t.Context())
			ok(t, err)
			same(t, "due", []any{tt.next, tt.quiet}, []any{next, quiet})
		})
	}
}

func TestJump(t *testing.T) {
	t.Parallel()
	e := &engine{faults: map[string]error{}}
	h := open1(t, Options{Dir: t.TempDir()}, e)
	rehearses(t, h, rootID, calendar.Anchor{Real: time.Now(), Case: time.Now()})
	to := time.Date(2027, 1, 4, 9, 0, 0, 0, time.FixedZone("", 3600))
	for _, passes := range []error{nil, serviceerror.NewNotFound("ended"),
		temporal.NewNonRetryableApplicationError("ended in hand", "AcceptedUpdateCompletedWorkflow", nil)} {
		e.faults[rootID], e.jumps, e.anchors = passes, nil, nil
		ok(t, h.Rehearse(rootID).Jump(t.Context(), to))
		id := fmt.Sprintf("jump/%d", to.UnixNano())
		same(t, "jumps", []string{rootID + " " + id, childID + " " + id}, e.jumps)
		same(t, "one instant for all", e.anchors[0], e.anchors[1])
		same(t, "to", to.UTC(), e.anchors[0].Case)
	}
	for _, stops := range []error{serviceerror.NewUnavailable("down"), temporal.NewNonRetryableApplicationError("no", workflows.ErrNotRehearsal, nil)} {
		e.faults[rootID] = stops
		if err := h.Rehearse(rootID).Jump(t.Context(), to); !errors.Is(err, stops) {
			t.Errorf("want %v, got %v", stops, err)
		}
	}
}

func TestARehearsalThatIsNotThere(t *testing.T) {
	t.Parallel()
	e := &engine{down: true}
	h := open1(t, Options{Dir: t.TempDir()}, e)
	next, quiet, err := h.Rehearse(rootID).Due(t.Context())
	ok(t, err) // opened, and not in the record yet: look again
	same(t, "due", []any{true, false}, []any{next.IsZero(), quiet})
	if err = h.Rehearse(rootID).Jump(t.Context(), time.Now()); !errors.As(err, new(dossier.NotFoundError)) {
		t.Errorf("no case: %v", err)
	}
	rehearses(t, h, rootID, calendar.Anchor{Real: time.Now(), Case: time.Now()})
	_, quiet, err = h.Rehearse(rootID).Due(t.Context())
	if err == nil || quiet || !strings.Contains(err.Error(), "down") {
		t.Errorf("the engine is away: %v %v", quiet, err)
	}
}
