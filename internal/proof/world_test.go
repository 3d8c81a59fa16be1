package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"gangway/internal/archive"
	"gangway/internal/dossier"
)

func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// engine holds histories.
type engine struct {
	client.Client // what proof doesn't use panics
	mu            sync.Mutex
	runs          []*run
	fetched       []string
	listed        int
	queries       []string // of the lists, each once in a row
	now           func() time.Time
	fault         map[string]error // by run
}

type run struct {
	process, id string
	events      []*history.HistoryEvent
	closed      bool
	at          time.Time // when it closed
}

func (e *engine) starts(process, id string) *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &run{process: process, id: id}
	for i, t := range []enums.EventType{enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED} {
		r.events = append(r.events, &history.HistoryEvent{EventId: int64(i + 1), EventType: t})
	}
	e.runs = append(e.runs, r)
	return r
}

func (e *engine) ends(r *run, how enums.EventType) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r.events = append(r.events, &history.HistoryEvent{EventId: int64(len(r.events) + 1), EventType: how})
	r.closed, r.at = true, e.now()
}

func (e *engine) GetWorkflowHistory(_ context.Context, process, id string, long bool, filter enums.HistoryEventFilterType) client.HistoryEventIterator {
	e.mu.Lock()
	defer e.mu.Unlock()
	if long || filter != enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT {
		return &iterator{err: errors.New("proof waits for nothing and wants all")}
	}
	e.fetched = append(e.fetched, id)
	i := slices.IndexFunc(e.runs, func(r *run) bool { return r.process == process && r.id == id })
	switch {
	case e.fault[id] != nil:
		return &iterator{err: e.fault[id]}
	case i < 0:
		return &iterator{err: serviceerror.NewNotFound("no such run")}
	}
	return &iterator{events: slices.Clone(e.runs[i].events)}
}

type iterator struct {
	events []*history.HistoryEvent
	err    error
}

// HasNext reports whether an event or an error comes.
func (i *iterator) HasNext() bool { return len(i.events) > 0 || i.err != nil }

// Next returns it.
func (i *iterator) Next() (*history.HistoryEvent, error) {
	if i.err != nil {
		return nil, i.err
	}
	e := i.events[0]
	i.events = i.events[1:]
	return e, nil
}

// ListWorkflow lists one closed run a page.
func (e *engine) ListWorkflow(_ context.Context, q *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.listed++
	e.queries = slices.Compact(append(e.queries, q.GetQuery()))
	var since time.Time
	if all, after, partly := strings.Cut(q.GetQuery(), " AND CloseTime > "); partly {
		var err error
		if since, err = time.Parse("'"+time.RFC3339+"'", after); err != nil || all != closedQuery {
			return nil, fmt.Errorf("the engine does not know %q", q.GetQuery())
		}
	}
	at := len(q.GetNextPageToken())
	var closed []*run
	for _, r := range e.runs {
		if r.closed && r.at.After(since) {
			closed = append(closed, r)
		}
	}
	page := &workflowservice.ListWorkflowExecutionsResponse{}
	if at < len(closed) {
		page.Executions = []*workflow.WorkflowExecutionInfo{{Execution: &common.WorkflowExecution{WorkflowId: closed[at].process, RunId: closed[at].id}}}
	}
	if at+1 < len(closed) {
		page.NextPageToken = bytes.Repeat([]byte{'.'}, at+1)
	}
	return page, nil
}

// store is the real one, which can be told to refuse.
type store struct {
	*archive.Archive
	refuses map[string]error // by method
	onPut   func()
}

func (s *store) Append(ctx context.Context, entries []dossier.Entry) error {
	if err := s.refuses["Append"]; err != nil {
		return err
	}
	return s.Archive.Append(ctx, entries)
}

func (s *store) Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error) {
	if s.onPut != nil {
		s.onPut()
	}
	return s.Archive.Put(ctx, r, limit)
}

// sealer seals with a real key, counts, and can be told to refuse a case.
type sealer struct {
	archive *archive.Archive
	key     *archive.Key
	now     func() time.Time
	sealed  []string
	onSeal  func()
	refuses map[string]error
}

func (s *sealer) Seal(ctx context.Context, id string) error {
	if err := s.refuses[id]; err != nil {
		return err
	}
	s.sealed = append(s.sealed, id)
	if s.onSeal != nil {
		s.onSeal()
	}
	_, err := s.archive.SealCase(ctx, id, s.key, s.now())
	return err
}

type world struct {
	t      *testing.T
	store  *store
	engine *engine
	sealer *sealer
	keeper *Keeper
	logs   bytes.Buffer
	clock  sync.Mutex
	at     time.Time
	n      map[string]int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, at: monday(), n: map[string]int{}, engine: &engine{fault: map[string]error{}}}
	now := w.now
	w.engine.now = now
	dir := t.TempDir()
	a, err := archive.Open(context.Background(), archive.Options{Dir: dir, Now: now})
	ok(t, err)
	t.Cleanup(func() { ok(t, a.Close()) })
	key, err := archive.LoadKey(dir)
	ok(t, err)
	w.store = &store{Archive: a, refuses: map[string]error{}}
	w.sealer = &sealer{archive: a, key: key, now: now, refuses: map[string]error{}}
	w.keeper = w.another()
	return w
}

func (w *world) another() *Keeper {
	k := NewKeeper(w.store, w.sealer, w.engine, slog.New(slog.NewTextHandler(&w.logs, nil)))
	k.now = w.now
	return k
}

func (w *world) now() time.Time { return w.passes(0) }

// passes lets time pass and returns what it is then.
func (w *world) passes(d time.Duration) time.Time {
	w.clock.Lock()
	defer w.clock.Unlock()
	w.at = w.at.Add(d)
	return w.at
}

// say appends the next entry of a process.
func (w *world) say(caseID, process, run string, kind dossier.Kind, d dossier.Detail) {
	w.t.Helper()
	w.n[process]++
	at := w.passes(time.Second)
	ok(w.t, w.store.Archive.Append(context.Background(), []dossier.Entry{{ID: fmt.Sprintf("%s#%d", process, w.n[process]), Case: caseID, Process: process, Run: run,
		Kind: kind, At: at, CaseAt: at, Detail: &d}}))
}

// opens a case whose root runs as "run-<case>".
func (w *world) opens(id string) *run {
	w.t.Helper()
	w.say(id, id, "run-"+id, dossier.CaseOpened, dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Playbook: "standard"})
	w.say(id, id, "run-"+id, dossier.ProcessStarted, dossier.Detail{})
	return w.engine.starts(id, "run-"+id)
}

// closes a case in the record; the engine's run is another matter.
func (w *world) closes(id string) {
	w.t.Helper()
	w.say(id, id, "run-"+id, dossier.ProcessEnded, dossier.Detail{Result: "live"})
	w.say(id, id, "run-"+id, dossier.CaseClosed, dossier.Detail{Result: "live"})
}

func (w *world) pass() {
	w.t.Helper()
	ok(w.t, w.keeper.Pass(context.Background()))
}

// filed lists the histories that the record of a case names, by run.
func (w *world) filed(id string) []string {
	w.t.Helper()
	var runs []string
	for _, l := range w.lines(id) {
		if l.Entry.Kind == dossier.HistoryFiled {
			runs = append(runs, l.Entry.Run)
		}
	}
	return runs
}

func (w *world) lines(id string) []dossier.Line {
	w.t.Helper()
	lines, err := w.store.Lines(context.Background(), id)
	ok(w.t, err)
	ok(w.t, dossier.CheckChain(lines))
	for _, l := range lines {
		if l.Conflict {
			w.t.Errorf("%s stands twice", l.Entry.ID)
		}
	}
	return lines
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
