package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// loom is a deployment of the real pieces: archive, desk, App and Handler, a
// strict Slack, and an engine that judges by the real rules. The process can be
// thrown away at any write and at any call.
type loom struct {
	t      reporter
	clock  *tick
	slack  *slacktest.Server
	store  *archive.Archive
	engine *weaver
	other  *otherChannel
	server *httptest.Server

	mu   sync.Mutex
	life *life

	noisy bool                        // turns may fail
	told  map[string][]review.Outcome // what desk said of an answer, to whoever was then acknowledged
	last  string                      // the id that desk heard of last
	taken []delivered
	// pressed are the messages that something was said by.
	pressed [][2]string
	// spare is how many messages may stand that nobody knows of: replies that were
	// lost, processes that died, and cards that Slack lets nobody change.
	spare int
	n     int
	seen  int // calls that were looked at
}

// life is one process.
type life struct {
	loom    *loom
	desk    *desk.Desk
	app     *App
	handler *Handler
	hooks   http.Handler

	mu sync.Mutex
	// left is how many writes and calls it does before it dies; below zero: it lives.
	left int
	dead bool
	// full is how many of the next answers the database has no room for.
	full int
	// passed ends a pass of the delivery loop.
	passed func()
}

var errDied = errors.New("the process was killed")

// breathe is asked before every write and every call: a process that was killed
// does none.
func (l *life) breathe() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 {
		l.dead = true
	}
	if l.left > 0 {
		l.left--
	}
	if l.dead {
		return errDied
	}
	return nil
}

func (l *life) isFull() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full--
	return l.full >= 0
}

func (l *life) fills(answers int) { l.mu.Lock(); defer l.mu.Unlock(); l.full = answers }

func (l *life) isDead() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.dead }

func (l *life) dies(after int) { l.mu.Lock(); defer l.mu.Unlock(); l.left = after }

// wiring is a process's connection to the engine.
type wiring struct {
	*weaver
	life *life
}

func (e wiring) UpdateWorkflow(ctx context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	if err := e.life.breathe(); err != nil {
		return nil, err
	}
	return e.weaver.UpdateWorkflow(ctx, o)
}

// mortal is the record as a process has it that can be killed.
type mortal struct {
	*archive.Archive
	life *life
}

func alive(m mortal, write func() error) error {
	if err := m.life.breathe(); err != nil {
		return err
	}
	return write()
}

func (m mortal) Append(ctx context.Context, e []dossier.Entry) error {
	return alive(m, func() error { return m.Archive.Append(ctx, e) })
}

func (m mortal) KeepText(ctx context.Context, id string, t review.Text) (w review.Written, err error) {
	err = alive(m, func() error { w, err = m.Archive.KeepText(ctx, id, t); return err })
	return w, err
}

func (m mortal) KeepReceipt(ctx context.Context, id, person, request string, o review.Outcome) error {
	return alive(m, func() error { return m.Archive.KeepReceipt(ctx, id, person, request, o) })
}

func (m mortal) Enqueue(ctx context.Context, q review.Queued) error {
	if m.life.isFull() {
		return dossier.FullError{Doing: "queueing"}
	}
	return alive(m, func() error { return m.Archive.Enqueue(ctx, q) })
}

func (m mortal) Settle(ctx context.Context, q review.Queued, o review.Outcome) error {
	return alive(m, func() error { return m.Archive.Settle(ctx, q, o) })
}

func (m mortal) QueuedProcesses(ctx context.Context) ([]string, error) {
	list, err := m.Archive.QueuedProcesses(ctx)
	if len(list) == 0 && m.life.passed != nil {
		m.life.passed()
	}
	return list, err
}

func (m mortal) Lease(ctx context.Context, name, holder string, ttl time.Duration) (mine bool, err error) {
	err = alive(m, func() error { mine, err = m.Archive.Lease(ctx, name, holder, ttl); return err })
	if strings.HasPrefix(name, "queue/") && !mine && m.life.passed != nil {
		m.life.passed()
	}
	return mine, err
}

func (m mortal) Release(ctx context.Context, name, holder string) error {
	if strings.HasPrefix(name, "queue/") && m.life.passed != nil {
		defer m.life.passed()
	}
	return alive(m, func() error { return m.Archive.Release(ctx, name, holder) })
}

func (m mortal) Bind(ctx context.Context, b access.Binding, e *dossier.Entry) error {
	return alive(m, func() error { return m.Archive.Bind(ctx, b, e) })
}

func (m mortal) PutTicket(ctx context.Context, t access.Ticket) error {
	return alive(m, func() error { return m.Archive.PutTicket(ctx, t) })
}

func (m mortal) PutPosting(ctx context.Context, p outbox.Posting) error {
	return alive(m, func() error { return m.Archive.PutPosting(ctx, p) })
}

func (m mortal) WantPostings(ctx context.Context, w outbox.Want) error {
	return alive(m, func() error { return m.Archive.WantPostings(ctx, w) })
}

func (m mortal) SettlePosting(ctx context.Context, id string, l outbox.Looked) error {
	return alive(m, func() error { return m.Archive.SettlePosting(ctx, id, l) })
}

func (m mortal) PutPlace(ctx context.Context, p outbox.Place) error {
	return alive(m, func() error { return m.Archive.PutPlace(ctx, p) })
}

// bare is a library without playbooks: nobody opens a case here.
type bare struct{}

func (bare) Playbook(string) (playbook.Playbook, []byte, error) {
	return playbook.Playbook{}, nil, errors.New("there is none")
}
func (bare) Playbooks() []string { return nil }
func (bare) Read([]byte) (playbook.Playbook, error) {
	return playbook.Playbook{}, errors.New("there is none")
}
func (bare) Snapshot([]playbook.Person, playbook.Playbook, time.Time) (calendar.Snapshot, error) {
	return calendar.Snapshot{}, errors.New("there is none")
}

// weavers are who is asked, and who comes in for others.
func weavers() []string { return []string{"ana", "bo", "cy", "dee", "eve"} }

// newLoom opens a deployment in which two requests wait for people. blank is an
// empty archive, dir where this one is.
func newLoom(t reporter, blank, dir string, cleanup func(func())) *loom {
	t.Helper()
	l := &loom{t: t, clock: newTick(), other: &otherChannel{reaches: true}, told: map[string][]review.Outcome{}}
	err := os.CopyFS(dir, os.DirFS(blank))
	if err == nil {
		l.store, err = archive.Open(context.Background(), archive.Options{Dir: dir, Now: l.clock.now})
	}
	if err != nil {
		t.Fatalf("opening an archive: %v", err)
	}
	cleanup(func() { _ = l.store.Close() })
	var people []playbook.Person
	var users []slacktest.User
	for _, id := range append(weavers(), "olga", "rita") {
		p := person(id)
		p.Roles = []string{"legal"}
		people, users = append(people, p), append(users, userOfPerson(id))
	}
	_, _, err = l.store.ApplyPeople(context.Background(), people, "")
	if err == nil {
		err = l.store.NameVendor(context.Background(), "acme", "Acme <!channel> & Sons")
	}
	if err != nil {
		t.Fatalf("people: %v", err)
	}
	l.slack, err = slacktest.New(slacktest.Options{Now: l.clock.now, BotToken: theBot, AppToken: theApp, Users: users,
		Channels: []slacktest.Channel{{ID: "C0CASES", Name: "vendors", Kind: slacktest.Private, Members: []string{"U0TESTBOT"}}}})
	if err != nil {
		t.Fatalf("starting a Slack: %v", err)
	}
	cleanup(func() { _ = l.slack.Close() })
	l.server = httptest.NewServer(http.HandlerFunc(l.serve))
	cleanup(l.server.Close)
	l.slack.Route(l.server.URL+InteractivePath, l.server.URL+EventsPath, l.server.URL+CommandPath)
	l.engine = newWeaver(l.store, l.clock.now)
	l.engine.opens()
	l.engine.asks(weaveOne, "Contract review", "ana", "bo", "cy")
	l.engine.asks(weaveTwo, "Data protection", "ana", "bo")
	l.restart()
	return l
}

// serve is what Slack reaches: nothing comes back from a process that was killed.
func (l *loom) serve(w http.ResponseWriter, r *http.Request) {
	now := l.now()
	if now.isDead() {
		panic(http.ErrAbortHandler)
	}
	now.hooks.ServeHTTP(w, r)
	if now.isDead() {
		panic(http.ErrAbortHandler)
	}
}

func (l *loom) now() *life { l.mu.Lock(); defer l.mu.Unlock(); return l.life }

// restart throws everything away that a process has, and starts another.
func (l *loom) restart() {
	l.t.Helper()
	n := &life{loom: l, left: -1}
	m := mortal{l.store, n}
	key := access.Key(strings.Repeat("k", 32))
	n.desk = desk.New(m, wiring{l.engine, n}, bare{}, nil, desk.Options{Now: l.clock.now, Key: key, Address: "https://gangway.example.org"})
	c, err := NewClient(Connection{API: l.slack.URL() + "/api/", Teams: []string{theTeam}, Now: l.clock.now, Patience: 5 * time.Second,
		BotToken: func() (string, error) { return theBot, n.breathe() }})
	if err != nil {
		l.t.Fatalf("a client: %v", err)
	}
	n.app, err = New(Options{Store: m, Desk: ear{n.desk, l, n}, Client: c, Key: key, Address: "https://gangway.example.org",
		CasesChannel: "C0CASES", Instead: l.other, Now: l.clock.now})
	if err != nil {
		l.t.Fatalf("an app: %v", err)
	}
	n.handler, err = NewHandler(n.app, Inbound{AppID: l.slack.Options().App, Teams: []string{theTeam}})
	if err != nil {
		l.t.Fatalf("a handler: %v", err)
	}
	v, err := NewVerifier(l.clock.now, l.slack.Options().Secret)
	if err != nil {
		l.t.Fatalf("a verifier: %v", err)
	}
	n.hooks = n.handler.HTTP(v)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life != nil {
		l.life.mu.Lock()
		l.life.dead = true
		l.life.mu.Unlock()
	}
	l.life = n
}

// pass is one pass of the desk's delivery loop.
func (l *loom) pass() {
	now := l.now()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	now.passed = cancel
	now.desk.Run(ctx)
	now.passed = nil
}

// blankArchive is one that nothing is in.
func blankArchive(t reporter, dir string) string {
	t.Helper()
	a, err := archive.Open(context.Background(), archive.Options{Dir: dir})
	if err == nil {
		err = a.Close()
	}
	if err != nil {
		t.Fatalf("an archive: %v", err)
	}
	_ = os.Remove(filepath.Join(dir, "archive.lock")) // each has its own
	return dir
}
