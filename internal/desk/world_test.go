package desk

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// planted stands in every name, address and free text of these tests, and in
// nothing that may reach the engine, the queue or a log.
const planted = "pLaNtEd"

// monday is when the stories begin.
func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// clock is the real time of a story.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a desk with its stores and an engine.
type world struct {
	t      *testing.T
	store  *spy
	engine *engine
	desk   *Desk
	clock  *clock
	logs   *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t *testing.T) *world { return newWorldIn(t, archive.Options{Dir: t.TempDir()}) }

func newWorldIn(t *testing.T, o archive.Options) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: monday()}, logs: &safeBuffer{}}
	o.Now = w.clock.now
	a := must[*archive.Archive](t)(archive.Open(context.Background(), o))
	t.Cleanup(func() { ok(t, a.Close()) })
	w.store = &spy{Archive: a, refuses: map[string]func(context.Context) error{}}
	w.engine = newEngine(t, a, w.clock.now)
	w.desk = w.another()
	_, _, err := a.ApplyPeople(context.Background(), everybody(t), "")
	ok(t, err)
	t.Cleanup(w.searchForPlanted)
	return w
}

// another is one more desk over the same stores.
func (w *world) another() *Desk {
	return New(w.store, w.engine, shelf{}, wax{}, Options{Now: w.clock.now,
		Log: slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))})
}

// searchForPlanted holds for every test of this package: no name, address or
// text in what went to the engine, into the queue or into a log.
func (w *world) searchForPlanted() {
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	for _, text := range append(w.engine.sent, w.logs.String()) {
		if strings.Contains(text, planted) {
			w.t.Errorf("a name or a text went out: %.300s", text)
		}
	}
	for _, q := range w.store.queued {
		if strings.Contains(fmt.Sprintf("%s %+v", q.Payload, q), planted) {
			w.t.Errorf("a name or a text is in the queue: %s", q.Payload)
		}
	}
}

func everybody(t *testing.T) []playbook.Person {
	week := must[calendar.Week](t)(config.ParseHours("Mon-Fri 09:00-17:00"))
	person := func(id string, roles ...string) playbook.Person {
		return playbook.Person{ID: id, Name: planted + " " + id, Mail: id + "@" + planted + ".example",
			Roles: roles, Hours: calendar.Schedule{Zone: "Europe/London", Week: week}}
	}
	list := []playbook.Person{person("rita", "business"), person("olga", "business"), person("lena", "legal"), person("sam", "security"),
		person("dora", "legal"), person("vera"), person("gone")}
	list[5].Employer, list[6].Left = "acme", true
	for i := range 40 {
		list = append(list, person(fmt.Sprintf("p%02d", i)))
	}
	return list
}

// opens puts a case with its root process into the record and the engine.
func (w *world) opens(id string, anchor calendar.Anchor) *process {
	w.t.Helper()
	p := &process{id: id, of: id, anchor: anchor, results: map[string]any{}}
	d := &dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Rehearsal: !anchor.IsZero(), Playbook: "standard"}
	if !anchor.IsZero() {
		d.Anchor = &anchor
	}
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Detail: d})
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{}})
	return w.begins(p)
}

// child is one more process of a case.
func (w *world) child(id string, parent *process) *process {
	w.t.Helper()
	p := &process{id: id, of: parent.of, anchor: parent.anchor, results: map[string]any{}}
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessStarted, Detail: &dossier.Detail{Parent: parent.id}})
	return w.begins(p)
}

func (w *world) begins(p *process) *process {
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	w.engine.processes[p.id] = p
	w.flush(p)
	return p
}

func (w *world) flush(p *process) {
	w.t.Helper()
	ok(w.t, w.store.Append(context.Background(), p.outbox))
	p.outbox = nil
}

// asks opens a request in which all of the people must approve, each in a seat of
// their own name.
func (w *world) asks(p *process, step string, people ...string) string {
	w.t.Helper()
	return w.asksAs(p, step, func(*review.Request) {}, people...)
}

// asksAs is asks with a change to the request before it opens.
func (w *world) asksAs(p *process, step string, change func(*review.Request), people ...string) string {
	w.t.Helper()
	at := p.anchor.CaseAt(w.clock.now())
	r := review.Request{ID: p.id + ":" + step + ".1", Case: p.of, Process: p.id, Step: step, Kind: review.Decision, Title: "Sign off",
		Owner: "olga", Requester: "rita", Vendor: "acme", Opened: at, Versions: []review.Version{{Number: 1, Document: "sha256:" + strings.Repeat("1", 64), At: at}}}
	g := review.Group{Name: "all", Rule: review.RuleAll}
	for _, x := range people {
		g.Seats = append(g.Seats, review.Seat{ID: x + "-seat", Role: "legal"})
		r.Seatings = append(r.Seatings, review.Seating{Seat: x + "-seat", Holders: []review.Holder{{Person: x, Via: review.ViaRole, Since: at}}})
	}
	r.Policy = review.Policy{Groups: []review.Group{g}}
	r.Clocks = []review.Clock{{Opened: at, Due: at.Add(72 * time.Hour)}}
	change(&r)
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	held := r.Clone()
	p.requests = append(p.requests, &held)
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, At: at, Opened: &r}})
	w.flush(p)
	return r.ID
}

// ends closes a process and its requests, as a decision does.
func (w *world) ends(p *process) {
	w.t.Helper()
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	at := p.anchor.CaseAt(w.clock.now())
	for _, r := range p.requests {
		if r.Closed == nil {
			f := review.Fact{Kind: review.FactClosed, Request: r.ID, At: at, State: r.Tally(at).State, Why: "decided"}
			r.Apply(f)
			p.say(w.clock.now(), dossier.Entry{Kind: dossier.Request, Fact: &f})
		}
	}
	p.say(w.clock.now(), dossier.Entry{Kind: dossier.ProcessEnded, Detail: &dossier.Detail{Result: "live"}})
	p.closed = true
	w.flush(p)
}

func from(id string) review.Address { return review.Address{Channel: "web", ID: id} }

func approve(id, person, request string) review.Answer {
	return review.Answer{ID: id, Request: request, Version: 1, Verdict: review.Approve, Channel: "web", At: monday(), From: from(person),
		Text: review.Text{Inside: planted + " said by " + person}}
}

func act(id, person string, kind review.ActKind) review.Act {
	return review.Act{ID: id, Kind: kind, Channel: "web", At: monday(), From: from(person), Text: review.Text{Inside: planted + " because"}}
}

// answers sends an answer and wants no error.
func (w *world) answers(a review.Answer) review.Outcome {
	w.t.Helper()
	return must[review.Outcome](w.t)(w.desk.Answer(context.Background(), a))
}

// does sends an act and wants no error.
func (w *world) does(a review.Act) review.Outcome {
	w.t.Helper()
	return must[review.Outcome](w.t)(w.desk.Act(context.Background(), a))
}

// delivers makes one pass of the delivery loop.
func (w *world) delivers() { w.desk.deliverAll(context.Background()) }

// waits reports whether anything is queued for a process.
func (w *world) waits(process string) bool {
	w.t.Helper()
	return must[bool](w.t)(w.store.HasQueued(context.Background(), process))
}

// receipt is what the store has for an answer, the zero outcome for nothing.
func (w *world) receipt(id string) review.Outcome {
	w.t.Helper()
	out, _, err := w.store.Archive.Receipt(context.Background(), id)
	ok(w.t, err)
	return out
}

// lines of a chain, checked.
func (w *world) lines(chain string) []dossier.Line {
	w.t.Helper()
	lines := must[[]dossier.Line](w.t)(w.store.Lines(context.Background(), chain))
	ok(w.t, dossier.CheckChain(lines))
	for _, l := range lines {
		if l.Conflict {
			w.t.Errorf("%s stands twice", l.Entry.ID)
		}
	}
	return lines
}
