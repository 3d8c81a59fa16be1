package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

const (
	weaveCase = "onboarding/acme/1"
	weaveOne  = weaveCase + ":contract.1"
	weaveTwo  = weaveCase + ":dpa.1"
)

// weaver stands in for the engine: one process in memory that judges by the rules
// of review, as the workflow does, and files what happened. It survives every
// restart of ours.
type weaver struct {
	client.Client // what desk doesn't use panics
	store         *archive.Archive
	now           func() time.Time

	mu       sync.Mutex
	requests []*review.Request
	results  map[string]review.Outcome // by Update id
	outbox   []dossier.Entry
	n        int
	closed   bool
	told     map[string]bool // notices that were shown
	stirred  map[string]bool // requests that changed since all copies were told
	// away and lost are how many Updates fail next, before and after they were
	// applied.
	away, lost int
	broken     []string // rules that did not hold
}

func newWeaver(a *archive.Archive, now func() time.Time) *weaver {
	return &weaver{store: a, now: now, results: map[string]review.Outcome{}, told: map[string]bool{}, stirred: map[string]bool{}}
}

// UpdateWorkflow applies an Update, once an id.
func (w *weaver) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away > 0 {
		w.away--
		return nil, serviceerror.NewUnavailable("the engine is away")
	}
	if w.closed || o.WorkflowID != weaveCase {
		return nil, serviceerror.NewNotFound("workflow execution already completed")
	}
	out, known := w.results[o.UpdateID]
	if !known {
		out = w.apply(o)
		w.results[o.UpdateID] = out
	}
	if w.lost > 0 {
		w.lost--
		return nil, serviceerror.NewDeadlineExceeded("the answer of the engine was lost")
	}
	return weaverHandle{out: out}, nil
}

type weaverHandle struct {
	client.WorkflowUpdateHandle
	out review.Outcome
}

// Get copies the result, as the engine's own JSON would.
func (h weaverHandle) Get(_ context.Context, into any) error {
	if into == nil {
		return nil
	}
	text, err := json.Marshal(h.out)
	return errors.Join(err, json.Unmarshal(text, into))
}

func (w *weaver) apply(o client.UpdateWorkflowOptions) review.Outcome {
	raw, err := json.Marshal(o.Args[0])
	none := review.Outcome{Status: review.Refused, Refusal: review.Unknown, At: w.now()}
	switch o.UpdateName {
	case workflows.UpdateAnswer:
		var a review.Answer
		err = errors.Join(err, json.Unmarshal(raw, &a))
		if r := w.find(a.Request); r != nil && err == nil {
			out, facts := r.Judge(a, w.now())
			w.fold(r, facts)
			return out
		}
	case workflows.UpdateAct:
		var a review.Act
		err = errors.Join(err, json.Unmarshal(raw, &a))
		if err == nil {
			return w.act(a)
		}
	}
	if err != nil {
		w.broken = append(w.broken, err.Error())
	}
	return none
}

// act is a conflict in every request that is open, and anything else in its own. A
// conflict that counts anywhere counts, as in the process itself, also where the
// request from which it was declared has closed meanwhile.
func (w *weaver) act(a review.Act) review.Outcome {
	result := review.Outcome{Status: review.Refused, Refusal: review.NoSeat, Request: a.Request, At: w.now()}
	for _, r := range w.requests {
		everywhere := a.Kind == review.Recuse && r.Closed == nil && len(r.SeatsOf(a.Person.ID, w.now())) > 0
		if r.ID != a.Request && !everywhere {
			continue
		}
		out, facts := r.Act(a, w.now())
		if out.Status == review.Refused && r.ID != a.Request {
			continue
		}
		w.fold(r, facts)
		if result.Status == review.Refused {
			result = out
		}
		if out.Status == review.Counted && a.Kind == review.Recuse {
			w.backup(r)
		}
	}
	return result
}

// backup seats somebody where nobody is left.
func (w *weaver) backup(r *review.Request) {
	for _, s := range r.Seatings {
		h := review.Holder{Person: "eve", Via: review.ViaBackup, Since: w.now()}
		if !slices.ContainsFunc(s.Holders, func(h review.Holder) bool { return h.Active(w.now()) }) {
			w.fold(r, []review.Fact{{Kind: review.FactSeated, Request: r.ID, At: w.now(), Seat: s.Seat, Person: h.Person, Holder: &h}})
		}
	}
}

func (w *weaver) fold(r *review.Request, facts []review.Fact) {
	for _, f := range facts {
		r.Apply(f)
		w.say(dossier.Entry{Kind: dossier.Request, Actor: f.Person, Answer: f.Answer, Fact: &f})
	}
	w.stirred[r.ID] = w.stirred[r.ID] || len(facts) > 0
}

func (w *weaver) say(e dossier.Entry) {
	w.n++
	e.ID, e.Case, e.Process, e.Run = fmt.Sprintf("%s#%d", weaveCase, w.n), weaveCase, weaveCase, "run-1"
	e.At, e.CaseAt = w.now(), w.now()
	w.outbox = append(w.outbox, e)
}

func (w *weaver) find(id string) *review.Request {
	for _, r := range w.requests {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// opens begins the case.
func (w *weaver) opens() {
	w.say(dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Playbook: "standard"}})
	w.say(dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
}

// asks opens a request with a seat for each of the holders.
func (w *weaver) asks(id, title string, holders ...string) {
	now := w.now()
	r := review.Request{ID: id, Case: weaveCase, Process: weaveCase, Step: "sign", Kind: review.Decision, Title: title, Owner: "olga", Requester: "rita",
		Vendor: "acme", Document: "contract", Opened: now, Clocks: []review.Clock{{Opened: now, Due: now.Add(120 * time.Hour)}},
		Versions: []review.Version{{Number: 1, Document: weaveDigest(1), At: now}}}
	g := review.Group{Name: "all", Rule: review.RuleAll}
	for _, h := range holders {
		g.Seats = append(g.Seats, review.Seat{ID: h + "-seat", Role: "legal"})
		r.Seatings = append(r.Seatings, review.Seating{Seat: h + "-seat", Holders: []review.Holder{{Person: h, Via: review.ViaRole, Since: now}}})
	}
	r.Policy = review.Policy{Groups: []review.Group{g}}
	opened := r.Clone()
	w.requests = append(w.requests, &r)
	w.say(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: id, At: now, Opened: &opened}})
	w.stirred[id] = true
}

// current is the newest version of a request.
func (w *weaver) current(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.find(id).Current()
}

func weaveDigest(n int) string { return fmt.Sprintf("sha256:%064d", n) }

// version is the vendor's next one; it changes what these seats read.
func (w *weaver) version(id string, touched []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.find(id)
	if r.Closed != nil || w.closed {
		return
	}
	v := review.Version{Number: r.Current() + 1, Document: weaveDigest(r.Current() + 1), At: w.now()}
	for _, old := range r.Versions { // whatever was changed before, is changed since too
		seats := slices.Clone(touched)
		for _, later := range r.Versions {
			for _, t := range later.Touched {
				if t.Version == old.Number {
					seats = append(seats, t.Seats...)
				}
			}
		}
		slices.Sort(seats)
		v.Touched = append(v.Touched, review.Touch{Version: old.Number, Seats: slices.Compact(seats)})
	}
	w.fold(r, []review.Fact{{Kind: review.FactVersion, Request: id, At: w.now(), Version: &v}})
}

// moves closes what is decided, or all of it, and with the last of them itself.
func (w *weaver) moves(why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := 0
	for _, r := range w.requests {
		state := r.Tally(w.now()).State
		switch {
		case r.Closed != nil:
			continue
		case why != "decided", state == review.Met, state == review.Denied:
			w.fold(r, []review.Fact{{Kind: review.FactClosed, Request: r.ID, At: w.now(), State: state, Why: why}})
		default:
			open++
		}
	}
	if open == 0 && !w.closed { // a process ends when all of it is in the record
		w.say(dossier.Entry{Kind: dossier.ProcessEnded, Detail: &dossier.Detail{Result: "live"}})
		if err := w.store.Append(context.Background(), w.outbox); err != nil {
			w.broken = append(w.broken, err.Error())
		}
		w.outbox, w.closed = nil, true
	}
}

// files brings what happened into the record.
func (w *weaver) files(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.store.Append(ctx, w.outbox); err != nil {
		return fmt.Errorf("filing: %w", err)
	}
	w.outbox = nil
	return nil
}

// tells lets a channel know of whom it asks and of what changed, and goes on
// until the channel took it.
func (w *weaver) tells(ctx context.Context, a *App) {
	w.mu.Lock()
	var notices []review.Notice
	var copies []string
	for _, r := range w.requests {
		for _, s := range r.Seatings {
			for _, h := range s.Holders {
				id := strings.Join([]string{"asked", r.ID, s.Seat, h.Person, fmt.Sprint(r.Current())}, "/")
				if r.Closed == nil && h.Active(w.now()) && r.Standing(s.Seat) == nil && !w.told[id] {
					notices = append(notices, review.Notice{ID: id, Case: weaveCase, Person: h.Person, Requests: []string{r.ID}, Why: playbook.WhyAsked, At: w.now()})
				}
			}
		}
		if w.stirred[r.ID] {
			copies = append(copies, r.ID)
		}
	}
	w.mu.Unlock()
	for _, n := range notices {
		_, err := a.Show(ctx, n)
		w.mu.Lock()
		w.told[n.ID] = err == nil
		w.mu.Unlock()
	}
	for _, id := range copies {
		w.mu.Lock()
		w.stirred[id] = false
		w.mu.Unlock()
		if err := a.Follow(ctx, review.Copy{Request: id, At: w.now()}); err != nil {
			w.mu.Lock()
			w.stirred[id] = true
			w.mu.Unlock()
		}
	}
}
