package mail_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	acme = "onboarding/acme-payroll/1"
	bolt = "onboarding/bolt/1"
)

func key() access.Key { return access.Key(strings.Repeat("k", 32)) }

// monday is when the stories begin: 10:00 in Berlin, a winter's morning.
func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// world is an archive with people and cases, a mail server and a Post between them.
type world struct {
	t      *testing.T
	a      *archive.Archive
	server *mailtest.Server
	post   *mail.Post
	notes  *notes
	dir    string
	// database is a PostgreSQL's URL; empty: SQLite in dir.
	database string

	mu  sync.Mutex
	now time.Time
}

// notes are what cases were told.
type notes struct {
	mu  sync.Mutex
	all []review.Note
	err error
}

func (n *notes) Note(_ context.Context, note review.Note) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.err != nil {
		return n.err
	}
	n.all = append(n.all, note)
	return nil
}

func (n *notes) told() []review.Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]review.Note(nil), n.all...)
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func newWorld(t *testing.T, o mailtest.Options) *world {
	t.Helper()
	return newWorldIn(t, "", o)
}

func newWorldIn(t *testing.T, database string, o mailtest.Options) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), database: database, now: monday(), notes: &notes{}}
	w.a = w.open()
	var err error
	w.server, err = mailtest.Start(o)
	w.ok(err)
	t.Cleanup(func() {
		for _, c := range w.server.Complaints() {
			t.Error("the mail server complains: " + c)
		}
		w.ok(w.server.Close())
	})
	_, _, err = w.a.ApplyPeople(t.Context(), people(), "olga")
	w.ok(err)
	w.ok(w.a.NameVendor(t.Context(), "acme", "Acme Payroll GmbH"))
	w.post = w.newPost(w.a, nil)
	return w
}

func (w *world) open() *archive.Archive {
	w.t.Helper()
	a, err := archive.Open(context.Background(), archive.Options{Dir: w.dir, Database: w.database, Shared: true, Now: w.clock})
	w.ok(err)
	w.t.Cleanup(func() { w.ok(a.Close()) })
	return a
}

// newPost makes a Post; change may bend its options.
func (w *world) newPost(a *archive.Archive, change func(*mail.Options)) *mail.Post {
	w.t.Helper()
	o := mail.Options{Store: a, Key: key(), Address: "https://gangway.example.org", From: "Gangway <gangway@example.org>",
		Bounces: "bounces.example.org", Notes: w.notes, Now: w.clock, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
		Server: mail.Server{Host: w.server.Host(), Port: w.server.Port(), TLS: mail.Plain, Patience: 5 * time.Second}}
	if change != nil {
		change(&o)
	}
	p, err := mail.New(o)
	w.ok(err)
	return p
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func people() []playbook.Person {
	berlin := calendar.Schedule{Zone: "Europe/Berlin"}
	for d := time.Monday; d <= time.Friday; d++ {
		berlin.Week[d] = []calendar.Hours{{Start: 540, End: 1020}}
	}
	var all []playbook.Person
	for _, p := range []struct{ id, name string }{{"helen", "Helen Marsh"}, {"sam", "Sam Öztürk"}, {"rita", "Rita Requester"}, {"olga", "Olga Owner"}, {"nomail", "No Mail"}} {
		who := playbook.Person{ID: p.id, Name: p.name, Mail: p.id + "@example.org", Hours: berlin}
		if p.id == "nomail" {
			who.Mail = ""
		}
		all = append(all, who)
	}
	return all
}

// story writes the entries of one process.
type story struct {
	w    *world
	id   string
	n    int
	at   time.Time
	rest []dossier.Entry
}

func (w *world) newCase(id string, rehearsal bool) *story {
	s := &story{w: w, id: id, at: w.clock().Add(-time.Hour)}
	d := dossier.Detail{Vendor: strings.Split(id, "/")[1], Owner: "olga", Requester: "rita", Playbook: "standard", Digest: "sha256:00"}
	if d.Vendor == "acme-payroll" {
		d.Vendor = "acme"
	}
	d.Rehearsal = rehearsal
	s.say(dossier.Entry{Kind: dossier.CaseOpened, Actor: "rita", Run: "run-1", Detail: &d})
	s.say(dossier.Entry{Kind: dossier.ProcessStarted, Run: "run-1", Detail: &dossier.Detail{}})
	s.file()
	return s
}

func (s *story) say(e dossier.Entry) {
	s.n++
	e.ID, e.Case, e.Process, e.At, e.CaseAt = fmt.Sprintf("%s#%d", s.id, s.n), s.id, s.id, s.at, s.at
	s.rest = append(s.rest, e)
}

func (s *story) file() {
	s.w.t.Helper()
	s.w.ok(s.w.a.Append(context.Background(), s.rest))
	s.rest = nil
}

func (s *story) fact(f review.Fact) {
	f.At = s.at
	s.say(dossier.Entry{Kind: dossier.Request, Fact: &f, Answer: f.Answer})
}

// ask opens a request whose seats are held by the people of the same names.
func (s *story) ask(step, title string, seats ...string) string {
	s.w.t.Helper()
	return s.askWith(step, title, func(*review.Request) {}, seats...)
}

// askWith is ask with a change to the request before it opens.
func (s *story) askWith(step, title string, change func(*review.Request), seats ...string) string {
	s.w.t.Helper()
	r := review.Request{ID: s.id + "/" + step, Case: s.id, Process: s.id, Step: step, Kind: review.Decision, Title: title,
		Ask: "Read the contract and say whether we can sign it.", Owner: "olga", Requester: "rita", Vendor: "acme", Opened: s.at, Document: "contract",
		Versions: []review.Version{{Number: 1, Document: "sha256:" + strings.Repeat("1", 64)}}}
	g := review.Group{Name: "all", Rule: review.RuleAll}
	for _, seat := range seats {
		g.Seats = append(g.Seats, review.Seat{ID: seat, Role: "legal-" + seat})
		r.Seatings = append(r.Seatings, review.Seating{Seat: seat, Holders: []review.Holder{{Person: seat, Via: review.ViaRole, Since: s.at}}})
	}
	r.Policy = review.Policy{Groups: []review.Group{g}}
	change(&r)
	s.fact(review.Fact{Kind: review.FactOpened, Request: r.ID, Opened: &r})
	s.fact(review.Fact{Kind: review.FactGroup, Request: r.ID, Due: s.w.clock().Add(30 * time.Hour)})
	s.file()
	return r.ID
}

func (s *story) approve(request, person string) {
	s.w.t.Helper()
	b := review.Ballot{Answer: "web-" + request + person, Seat: person, Person: person, Verdict: review.Approve, Version: 1, At: s.at}
	s.fact(review.Fact{Kind: review.FactCounted, Request: request, Seat: person, Person: person, Answer: b.Answer, Ballot: &b})
	s.file()
}

func (s *story) shut(request string, state review.State, why string) {
	s.w.t.Helper()
	s.fact(review.Fact{Kind: review.FactClosed, Request: request, State: state, Why: why})
	s.file()
}

func (s *story) end() {
	s.w.t.Helper()
	s.say(dossier.Entry{Kind: dossier.ProcessEnded, Run: "run-1", Detail: &dossier.Detail{Result: "live"}})
	s.say(dossier.Entry{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}})
	s.file()
}

func (w *world) show(id, caseID, person, why string, requests ...string) {
	w.t.Helper()
	shown, err := w.post.Show(w.t.Context(), review.Notice{ID: id, Case: caseID, Person: person, Requests: requests, Why: why, At: w.clock()})
	w.ok(err)
	if !shown {
		w.t.Fatalf("%s was not shown", id)
	}
}

// deliver sends what is due and says how many mails left.
func (w *world) deliver() int {
	w.t.Helper()
	n, err := w.post.Deliver(w.t.Context())
	w.ok(err)
	return n
}

func (w *world) letter(id string) outbox.Letter {
	w.t.Helper()
	l, err := w.a.Letter(w.t.Context(), id)
	w.ok(err)
	return l
}

func (w *world) isState(id string, want outbox.State) {
	w.t.Helper()
	if l := w.letter(id); l.State != want {
		w.t.Fatalf("letter %s is %s (%s), want %s", id, l.State, l.Fault, want)
	}
}

func (w *world) count(to string, want int) []mailtest.Mail {
	w.t.Helper()
	mails := w.server.Mails(to)
	if len(mails) != want {
		w.t.Fatalf("%d mails to %q, want %d", len(mails), to, want)
	}
	return mails
}
