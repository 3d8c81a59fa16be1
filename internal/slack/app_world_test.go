package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

const theCase = "onboarding/acme-payroll/1"

// reporter is what a test and a property have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// world is a Slack, a record, and an App between them, on one clock that stands
// still while nothing moves it.
type world struct {
	t      reporter
	clock  *tick
	slack  *slacktest.Server
	rows   *rows
	desk   *deskStub
	other  *otherChannel
	app    *App
	o      Options
	errs   []error
	noisy  bool // errors of turns are expected
	ballot int
}

// deskStub hears what the writing side says to desk; nothing else is asked of it.
type deskStub struct {
	Desk
	rows  *rows
	mu    sync.Mutex
	notes []review.Note
	books map[string]playbook.Playbook
	read  int
}

func (d *deskStub) Bind(_ context.Context, b access.Binding) error {
	d.rows.mu.Lock()
	defer d.rows.mu.Unlock()
	for _, old := range d.rows.bindings {
		if old.Address == b.Address && old.Person != b.Person {
			return taken{}
		}
		if old.Address == b.Address {
			return nil
		}
	}
	d.rows.bindings = append(d.rows.bindings, b)
	return nil
}

func (d *deskStub) Note(_ context.Context, n review.Note) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.ContainsFunc(d.notes, func(o review.Note) bool { return o.ID == n.ID }) {
		d.notes = append(d.notes, n)
	}
	return nil
}

// Rules is the playbook that a test put there; how often it was read is counted.
func (d *deskStub) Rules(_ context.Context, digest string) (playbook.Playbook, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read++
	if pb, there := d.books[digest]; there {
		return pb, nil
	}
	return playbook.Playbook{}, dossier.NotFoundError{What: "document", ID: digest}
}

func (d *deskStub) Statement(_ context.Context, _, id string) string { return id }
func (d *deskStub) Question(context.Context, review.Address, review.Request) (string, error) {
	return "", nil
}

// otherChannel is what has the notices of those whom Slack does not reach.
type otherChannel struct {
	reaches bool
	err     error
	shown   []review.Notice
	tidings []string // cases and requests
}

func (o *otherChannel) Tidings(_ context.Context, caseID, request string) error {
	o.tidings = append(o.tidings, caseID+" "+request)
	return o.err
}

func (o *otherChannel) Show(_ context.Context, n review.Notice) (bool, error) {
	if o.err != nil {
		return false, o.err
	}
	if o.reaches && !slices.ContainsFunc(o.shown, func(s review.Notice) bool { return s.ID == n.ID }) {
		o.shown = append(o.shown, n)
	}
	return o.reaches, nil
}

// person is somebody in the people file; their user in Slack is U0 and their id
// in capitals.
func person(id string) playbook.Person {
	return playbook.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Mail: id + "@example.org", Slack: userID(id)}
}

func userID(id string) string { return "U0" + strings.ToUpper(id) }

func userOfPerson(id string) slacktest.User {
	return slacktest.User{ID: userID(id), Name: id, RealName: strings.ToUpper(id), Email: id + "@example.org"}
}

func newTestWorld(t *testing.T, people ...string) *world { return worldOf(t, t.Cleanup, people...) }

func worldOf(t reporter, cleanup func(func()), people ...string) *world {
	t.Helper()
	clock := newTick()
	w := &world{t: t, clock: clock, rows: newRows(clock), other: &otherChannel{reaches: true}}
	people = append([]string{"olga", "rita"}, people...) // the case's owner, and who asked for it
	var users []slacktest.User
	for _, id := range people {
		w.rows.persons[id] = person(id)
		users = append(users, userOfPerson(id))
	}
	s, err := slacktest.New(slacktest.Options{Now: clock.now, BotToken: theBot, AppToken: theApp, Users: users,
		Channels: []slacktest.Channel{{ID: "C0CASES", Name: "vendors", Kind: slacktest.Private, Members: []string{"U0TESTBOT"}}}})
	if err != nil {
		t.Fatalf("starting a Slack: %v", err)
	}
	cleanup(func() { _ = s.Close() })
	w.slack, w.desk = s, &deskStub{rows: w.rows}
	w.rows.cases[theCase] = dossier.CaseView{ID: theCase, Vendor: "acme", Owner: "olga", Requester: "rita", State: dossier.Running, Opened: clock.now()}
	w.o = Options{Store: w.rows, Desk: w.desk, Key: access.Key(strings.Repeat("k", 32)), Address: "https://gangway.example.org", Instead: w.other, Now: clock.now}
	w.restart()
	return w
}

// restart throws the App away, as a crash does, and starts another one.
func (w *world) restart() {
	w.t.Helper()
	client, err := NewClient(Connection{API: w.slack.URL() + "/api/", Teams: []string{theTeam}, Now: w.clock.now, Patience: 5 * time.Second,
		BotToken: func() (string, error) { return theBot, nil }})
	if err == nil {
		w.o.Client = client
		w.app, err = New(w.o)
	}
	if err != nil {
		w.t.Fatalf("starting: %v", err)
	}
}

// request is one that waits for a seat of each of these people.
func (w *world) request(id string, holders ...string) *review.Request {
	now := w.clock.now()
	r := review.Request{ID: id, Case: theCase, Process: theCase, Step: "dpa", Kind: review.Decision, Title: "Data protection", Owner: "olga", Requester: "rita",
		Vendor: "acme", Opened: now, Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll}}},
		Clocks: []review.Clock{{Opened: now, Due: now.AddDate(0, 0, 5)}}}
	for _, h := range holders {
		r.Policy.Groups[0].Seats = append(r.Policy.Groups[0].Seats, review.Seat{ID: "seat-" + h, Role: "r"})
		r.Seatings = append(r.Seatings, review.Seating{Seat: "seat-" + h, Holders: []review.Holder{{Person: h, Via: review.ViaRole, Since: now}}})
	}
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	w.rows.requests[id] = r
	return &r
}

// change is the process moving a request on.
func (w *world) change(id string, change func(r *review.Request)) {
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	r := clone(w.rows.requests[id])
	change(&r)
	w.rows.requests[id] = r
}

// answers counts an approval of somebody's.
func (w *world) answers(id, who string) string {
	w.ballot++
	answer := fmt.Sprintf("a-%d", w.ballot)
	w.change(id, func(r *review.Request) {
		r.Ballots = append(r.Ballots, review.Ballot{Answer: answer, Seat: "seat-" + who, Person: who, Verdict: review.Approve, At: w.clock.now(), Channel: Channel})
	})
	return answer
}

func (w *world) closes(id, why string) {
	w.change(id, func(r *review.Request) {
		r.Closed = &review.Closing{State: review.Met, At: w.clock.now(), Why: why}
	})
}

func (w *world) show(id, why, who string, requests ...string) bool {
	w.t.Helper()
	shown, err := w.app.Show(context.Background(), review.Notice{ID: id, Case: theCase, Person: who, Requests: requests, Why: why, At: w.clock.now()})
	if err != nil {
		w.t.Fatalf("showing: %v", err)
	}
	return shown
}

func (w *world) follow(id string) {
	w.t.Helper()
	if err := w.app.Follow(context.Background(), review.Copy{Request: id, At: w.clock.now()}); err != nil {
		w.t.Fatalf("following: %v", err)
	}
}

// turn lets the App look once.
func (w *world) turn() time.Time {
	w.t.Helper()
	next, err := w.app.turn(context.Background())
	if err != nil {
		w.errs = append(w.errs, err)
	}
	if err != nil && !w.noisy {
		w.t.Errorf("a turn: %v", err)
	}
	return next
}

// settle moves the clock on until nothing is due within a time, and says how long
// it took.
func (w *world) settle(within time.Duration) time.Duration {
	w.t.Helper()
	begin := w.clock.now()
	for n := 0; n < 10_000; n++ {
		next := w.turn()
		open, err := w.rows.Postings(context.Background(), begin.Add(within), 1)
		if err != nil {
			w.t.Fatalf("looking: %v", err)
		}
		if len(open) == 0 {
			return w.clock.now().Sub(begin)
		}
		if open[0].Next.After(next) {
			next = open[0].Next
		}
		if next.Sub(begin) > within {
			return within
		}
		w.clock.to(next)
	}
	w.t.Fatalf("it never comes to rest")
	return 0
}

// cards are the messages in somebody's conversation that are not deleted.
func (w *world) cards(who string) []slacktest.Message {
	dm := w.slack.DM(userID(who))
	if dm == "" {
		return nil
	}
	return slices.DeleteFunc(w.slack.Messages(dm), func(m slacktest.Message) bool { return m.Deleted })
}

// isTrue fails unless every place that a card stands at shows the request as it is.
func (w *world) isTrue(request string, people ...string) {
	w.t.Helper()
	r, err := w.rows.Request(context.Background(), request)
	if err != nil {
		w.t.Fatalf("reading: %v", err)
	}
	for _, id := range people {
		who, _, err := w.rows.Person(context.Background(), id)
		if err != nil {
			w.t.Fatalf("reading: %v", err)
		}
		s, err := w.app.sceneOf(context.Background(), r, who, "")
		if err != nil {
			w.t.Fatalf("a scene: %v", err)
		}
		m := s.card()
		places, err := w.rows.Places(context.Background(), outbox.CardID(id, request))
		if err != nil {
			w.t.Fatalf("places: %v", err)
		}
		if len(places) == 0 && r.IsOpen() && len(r.SeatsOf(id, s.Now)) > 0 {
			w.t.Errorf("%s has no card of %s", id, request)
		}
		for _, p := range places {
			got, found := w.slack.Message(p.Channel, p.Stamp)
			if !found || got.Deleted {
				w.t.Errorf("%s: nothing stands at %s", id, p.Stamp)
				continue
			}
			if got.Text != m.text || p.Digest != m.digest() {
				w.t.Errorf("%s reads %q, the state is %q; %+v, %+v", id, got.Text, m.text, p, w.posting(outbox.CardID(id, request)))
			}
		}
	}
	if faults := w.slack.Faults(); len(faults) > 0 {
		w.t.Errorf("Slack complains: %v", faults)
	}
}

func (w *world) posting(id string) outbox.Posting {
	w.t.Helper()
	p, err := w.rows.Posting(context.Background(), id)
	if err != nil {
		w.t.Fatalf("reading a posting: %v", err)
	}
	return p
}

func (w *world) limited() int {
	n := 0
	for _, c := range w.slack.Calls("") {
		if c.Answer == "ratelimited" {
			n++
		}
	}
	return n
}
