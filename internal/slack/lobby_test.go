package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// lobby is a workspace with a handler in front of a desk that judges by the rules.
type lobby struct {
	*testing.T
	slack   *slacktest.Server
	desk    *frontDesk
	shelf   *frontShelf
	client  *Client
	handler *Handler
	server  *httptest.Server
	logs    *syncBuffer
	clock   *movable
}

// movable is a clock that a test sets.
type movable struct {
	mu sync.Mutex
	at time.Time
}

func (m *movable) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }
func (m *movable) add(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

const (
	lobbyCase    = "onboarding/acme/1"
	lobbyRequest = "onboarding/acme/1/contract"
	lobbyTeam    = "T0TESTTEAM"
)

// openLobby starts one over signed HTTP.
func openLobby(t *testing.T) *lobby {
	t.Helper()
	l := startLobby(t)
	v, err := NewVerifier(l.clock.Now, l.slack.Options().Secret)
	if err != nil {
		t.Fatal(err)
	}
	l.serve(l.handler.HTTP(v))
	return l
}

// serve takes signed HTTP.
func (l *lobby) serve(h http.Handler) {
	l.server = httptest.NewServer(h)
	l.Cleanup(l.server.Close)
	l.slack.Route(l.server.URL+InteractivePath, l.server.URL+EventsPath, l.server.URL+CommandPath)
}

func loggerTo(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

func startLobby(t *testing.T) *lobby {
	t.Helper()
	l := &lobby{T: t, logs: &syncBuffer{}, clock: &movable{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}}
	users := []slacktest.User{
		{ID: "U0MAYA", Name: "maya", RealName: "Maya Lindqvist"}, {ID: "U0TOM", Name: "tom", RealName: "Tom Okafor"},
		{ID: "U0BEN", Name: "ben", RealName: "Ben Ruiz"}, {ID: "U0NEW", Name: "new", RealName: "Nell New"}, {ID: "U0VERA", Name: "vera", RealName: "Vera Acme"},
	}
	s, err := slacktest.New(slacktest.Options{Team: lobbyTeam, App: "A0TESTAPP", Users: users, Now: l.clock.Now, PingEvery: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l.slack = s
	l.desk = newFrontDesk(l.clock.Now)
	l.shelf = &frontShelf{desk: l.desk, postings: map[string]outbox.Posting{}, places: map[string]outbox.Place{}}
	token := func(s string) func() (string, error) { return func() (string, error) { return s, nil } }
	l.client, err = NewClient(Connection{API: s.URL() + "/api/", BotToken: token(s.Options().BotToken), AppToken: token(s.Options().AppToken),
		Teams: []string{lobbyTeam}, Now: l.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	l.restart()
	return l
}

// restart forgets all that a process remembers.
func (l *lobby) restart() {
	l.Helper()
	a, err := New(Options{Store: l.shelf, Desk: l.desk, Client: l.client, Key: lobbyKey(), Address: "https://gangway.test", Now: l.clock.Now,
		Log: loggerTo(l.logs)})
	if err != nil {
		l.Fatal(err)
	}
	l.handler, err = NewHandler(a, Inbound{AppID: "A0TESTAPP", Teams: []string{lobbyTeam}})
	if err != nil {
		l.Fatal(err)
	}
}

func lobbyKey() access.Key { return access.Key(strings.Repeat("k", 32)) }

func (l *lobby) ticket(person string) string {
	secret := lobbyKey().Ticket(lobbyRequest, l.desk.request().Current(), person, Channel)
	l.desk.keepTicket(secret, access.Ticket{Hash: access.Hash(secret), Request: lobbyRequest, Version: l.desk.request().Current(), Person: person, Channel: Channel})
	return secret
}

// place is where a card stands.
type place struct{ channel, ts string }

// card posts somebody's card of the request as it is now, where they get it.
func (l *lobby) card(person string) place {
	l.Helper()
	channel, err := l.client.Conversation(l.Context(), "U0"+strings.ToUpper(person))
	if err != nil {
		l.Fatal(err)
	}
	return l.cardIn(channel, person)
}

func (l *lobby) cardIn(channel, person string) place {
	l.Helper()
	v := visitor{address: Address(lobbyTeam, "U0"+strings.ToUpper(person)), person: l.desk.people[person]}
	s, err := l.handler.scene(l.Context(), v, lobbyRequest)
	if err != nil {
		l.Fatal(err)
	}
	s.Ticket = l.ticket(person)
	m := s.card()
	ts, err := l.client.Post(l.Context(), channel, "", m.text, m.blocks(1))
	if err != nil {
		l.Fatal(err)
	}
	return place{channel, ts}
}

// click is somebody's at a button of a card.
func (l *lobby) click(person string, at place, action string, chosen ...string) slacktest.Outcome {
	l.Helper()
	out, err := l.slack.Click("U0"+strings.ToUpper(person), at.channel, at.ts, action, chosen...)
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// acked is an outcome that nobody saw a warning at.
func (l *lobby) acked(out slacktest.Outcome) slacktest.Outcome {
	l.Helper()
	if !out.Acked || out.Saw != "" {
		l.Fatalf("not acknowledged (status %d), and the person saw %q\n%s", out.Status, out.Saw, l.logs)
	}
	return out
}

// told is the last thing that somebody was privately told.
func (l *lobby) told(person string) string {
	user := "U0" + strings.ToUpper(person)
	last, dm := "", l.slack.DM(user)
	for _, m := range l.slack.Messages("") { // a card has blocks
		if m.Ephemeral == user || m.Ephemeral == "" && m.Channel == dm && len(m.Blocks) <= len("[]") {
			last = m.Text
		}
	}
	return last
}

// tells fails unless somebody was last told something with these words.
func (l *lobby) tells(person string, words ...string) {
	l.Helper()
	got := l.told(person)
	for _, w := range words {
		if !strings.Contains(got, w) {
			l.Errorf("%s was told %q, which should say %q\n%s", person, got, w, l.logs)
		}
	}
}

// ballots fails unless so many answers count.
func (l *lobby) ballots(want int) {
	l.Helper()
	if got := len(l.desk.request().Ballots); got != want {
		l.Fatalf("%d answers count, want %d\n%s", got, want, l.logs)
	}
}

// modal is what somebody sees on top.
func (l *lobby) modal(person string) slacktest.View {
	l.Helper()
	views := l.slack.Views("U0" + strings.ToUpper(person))
	if len(views) == 0 {
		l.Fatalf("%s sees no form; they were told %q\n%s", person, l.told(person), l.logs)
	}
	return views[len(views)-1]
}

// clean fails where Slack took what no app should have sent.
func (l *lobby) faultless() {
	l.Helper()
	if f := l.slack.Faults(); len(f) > 0 {
		l.Errorf("Slack took what it should not have been sent: %q", f)
	}
}

// frontDesk is a desk in memory. What counts, it lets the rules decide.
type frontDesk struct {
	now    func() time.Time
	people map[string]playbook.Person

	mu       sync.Mutex
	bound    map[string]string
	tickets  map[string]access.Ticket
	r        review.Request
	receipts map[string]review.Outcome
	texts    map[string]review.Text
	notes    []review.Note
	opened   []playbook.Intake
	aways    []playbook.Away
	calls    []string // Answer, Act, Note, Open, SetAway, as they came
	pairings int
	// busy, where set, is what everything that is said fails with; lost fails after
	// it was taken. pending queues.
	busy, lost error
	pending    bool
	panics     bool
	// entered is told when something is being taken that hold stops, until it is
	// closed.
	entered, hold chan struct{}
}

type deskError struct {
	words                        string
	notFound, forbidden, invalid bool
}

func (e deskError) Error() string   { return e.words }
func (e deskError) NotFound() bool  { return e.notFound }
func (e deskError) Forbidden() bool { return e.forbidden }
func (e deskError) Invalid() bool   { return e.invalid }
func (e deskError) Hint() string    { return "ask the case owner" }

func newFrontDesk(now func() time.Time) *frontDesk {
	at := now()
	d := &frontDesk{now: now, people: map[string]playbook.Person{}, bound: map[string]string{}, tickets: map[string]access.Ticket{},
		receipts: map[string]review.Outcome{}, texts: map[string]review.Text{}}
	for id, name := range map[string]string{"maya": "Maya Lindqvist", "tom": "Tom Okafor", "ben": "Ben Ruiz", "rita": "Rita Asker", "olga": "Olga Owner", "vera": "Vera Acme"} {
		d.people[id] = playbook.Person{ID: id, Name: name}
		d.bound[lobbyTeam+":U0"+strings.ToUpper(id)] = id
	}
	vera := d.people["vera"]
	vera.Employer = "acme"
	d.people["vera"] = vera
	seat := func(id, person string) review.Seating {
		return review.Seating{Seat: id, Holders: []review.Holder{{Person: person, Via: review.ViaRole, Since: at}}}
	}
	d.r = review.Request{ID: lobbyRequest, Case: lobbyCase, Process: lobbyCase, Step: "contract", Kind: review.Decision, Title: "Contract review",
		Document: "contract", Requester: "rita", Owner: "olga", Vendor: "acme", Opened: at,
		Policy:   review.Policy{Groups: []review.Group{{Name: "review", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "security", Role: "security"}}}}},
		Seatings: []review.Seating{seat("legal", "maya"), seat("security", "tom")},
		Clocks:   []review.Clock{{Opened: at, Due: at.Add(72 * time.Hour)}},
		Versions: []review.Version{{Number: 1, Document: "sha256:" + strings.Repeat("a", 64), At: at}}}
	return d
}

func (d *frontDesk) request() *review.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.r
	c.Ballots, c.Attempts, c.Seatings = slices.Clone(c.Ballots), slices.Clone(c.Attempts), slices.Clone(c.Seatings)
	return &c
}

func (d *frontDesk) change(f func(r *review.Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(&d.r)
}

func (d *frontDesk) said() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.calls)
}

func (d *frontDesk) keepTicket(secret string, t access.Ticket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tickets[access.Hash(secret)] = t
}

// take is what all that is said goes through: its hold, its faults, its receipt.
func (d *frontDesk) take(ctx context.Context, what, id string, from review.Address, judge func(review.Person) (review.Outcome, []review.Fact)) (review.Outcome, error) {
	if d.hold != nil {
		d.entered <- struct{}{}
		select {
		case <-d.hold:
		case <-ctx.Done():
			return review.Outcome{}, fmt.Errorf("waiting: %w", ctx.Err())
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, what)
	switch {
	case d.panics:
		var none map[string]int
		none[id]++
	case d.busy != nil:
		return review.Outcome{}, d.busy
	case ctx.Err() != nil:
		return review.Outcome{}, fmt.Errorf("taking: %w", ctx.Err())
	}
	out, known := d.receipts[id]
	if !known {
		p, ok := d.people[d.bound[from.ID]]
		switch {
		case !ok:
			return review.Outcome{Status: review.Refused, Refusal: review.UnknownPerson}, nil
		case d.pending:
			out = review.Outcome{Status: review.Pending, By: p.ID, At: d.now()}
		default:
			var facts []review.Fact
			out, facts = judge(p.Record(1))
			d.r.Fold(facts)
		}
		d.receipts[id] = out
	}
	if d.lost != nil {
		return review.Outcome{}, d.lost
	}
	return out, nil
}

func (d *frontDesk) Answer(ctx context.Context, a review.Answer) (review.Outcome, error) {
	return d.take(ctx, "answer", a.ID, a.From, func(p review.Person) (review.Outcome, []review.Fact) {
		a.Person, a.Written = p, written(a.Text)
		d.texts[a.ID] = a.Text
		return d.r.Judge(a, d.now())
	})
}

func (d *frontDesk) Act(ctx context.Context, a review.Act) (review.Outcome, error) {
	return d.take(ctx, "act", a.ID, a.From, func(p review.Person) (review.Outcome, []review.Fact) {
		a.Person, a.Written, a.To = p, written(a.Text), d.people[a.ToID].Record(1)
		d.texts[a.ID] = a.Text
		return d.r.Act(a, d.now())
	})
}

func written(t review.Text) review.Written {
	if t.Empty() {
		return review.Written{}
	}
	return review.Written{Inside: access.Hash(t.Inside + "|" + t.Vendor)}
}

func (d *frontDesk) note(what string) error {
	d.calls = append(d.calls, what)
	return d.busy
}

func (d *frontDesk) Note(_ context.Context, n review.Note) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, n)
	return d.note("note")
}

func (d *frontDesk) Open(_ context.Context, i playbook.Intake) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, i)
	return "onboarding/" + i.Vendor.Slug + "/1", d.note("open")
}

func (d *frontDesk) SetAway(_ context.Context, _ review.Address, _ string, a playbook.Away) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.aways = append(d.aways, a)
	return d.note("away")
}

func (d *frontDesk) Who(_ context.Context, who review.Address) (playbook.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[d.bound[who.ID]]
	if !ok {
		return p, deskError{words: "nobody has that address", notFound: true}
	}
	return p, nil
}

func (d *frontDesk) Ticket(_ context.Context, ticket string) (access.Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tickets[access.Hash(ticket)]
	if !ok {
		return t, deskError{words: "there is no such ticket", notFound: true}
	}
	return t, nil
}

func (d *frontDesk) Bind(context.Context, access.Binding) error { return nil }

func (d *frontDesk) Pair(_ context.Context, who review.Address, _ string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pairings++
	return "https://gangway.test/pair/secret-of-" + strings.ReplaceAll(who.ID, ":", "-"), nil
}

func (d *frontDesk) tie(who review.Address) error {
	if d.bound[who.ID] == "" || d.people[d.bound[who.ID]].Employer != "" {
		return deskError{words: "that is not for you", forbidden: true}
	}
	return nil
}

func (d *frontDesk) Waiting(_ context.Context, who review.Address) ([]review.Request, error) {
	r := d.request()
	if len(r.SeatsOf(d.bound[who.ID], d.now())) == 0 {
		return nil, nil
	}
	return []review.Request{*r}, nil
}

func (d *frontDesk) Pending(context.Context, review.Address) ([]review.Queued, error) {
	return nil, nil
}

func (d *frontDesk) Request(_ context.Context, who review.Address, id string) (review.Request, error) {
	if id != lobbyRequest {
		return review.Request{}, deskError{words: "there is no such request", notFound: true}
	}
	return *d.request(), d.tie(who)
}

func (d *frontDesk) Case(_ context.Context, who review.Address, id string) (dossier.CaseView, error) {
	if id != lobbyCase {
		return dossier.CaseView{}, deskError{words: "there is no such case", notFound: true}
	}
	return dossier.CaseView{ID: lobbyCase, Vendor: "acme", Owner: "olga", Requester: "rita", State: dossier.Running, Opened: d.r.Opened, Requests: []review.Request{*d.request()}}, d.tie(who)
}

func (d *frontDesk) CasePage(context.Context, review.Address, string, int) ([]dossier.CaseView, error) {
	return nil, nil
}

func (d *frontDesk) CasesOf(ctx context.Context, who review.Address, _ int) ([]dossier.CaseView, error) {
	c, err := d.Case(ctx, who, lobbyCase)
	return []dossier.CaseView{c}, err
}

func (d *frontDesk) People(context.Context, review.Address) ([]playbook.Person, error) {
	var all []playbook.Person
	for _, p := range d.people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b playbook.Person) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func (d *frontDesk) Question(context.Context, review.Address, review.Request) (string, error) {
	return "", nil
}

func (d *frontDesk) Receipt(_ context.Context, _ review.Address, id string) (review.Outcome, dossier.Line, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.receipts[id], dossier.Line{}, false, nil
}

func (d *frontDesk) VendorName(context.Context, string) string { return "Acme Hosting" }
func (d *frontDesk) Statement(_ context.Context, _ string, id string) string {
	return "I confirm " + id
}

func (d *frontDesk) IntakeForm(_ context.Context, _ review.Address, name string) (playbook.IntakeForm, error) {
	if name != "" && name != "standard" {
		return playbook.IntakeForm{}, deskError{words: "there is no such playbook", invalid: true}
	}
	return playbook.IntakeForm{Playbook: "standard", Fields: []playbook.IntakeField{
		{Name: "vendor.name", Label: "Vendor", Kind: playbook.LineField, Required: true},
		{Name: "reason", Label: "Why", Kind: playbook.TextField, Required: true},
	}}, nil
}

func (d *frontDesk) Aways(context.Context, review.Address, time.Time) ([]playbook.Away, error) {
	return nil, nil
}

// frontShelf keeps postings and places.
type frontShelf struct {
	Store // what the handler does not need is not there
	desk  *frontDesk

	mu       sync.Mutex
	postings map[string]outbox.Posting
	places   map[string]outbox.Place
	wants    []outbox.Want
}

func (s *frontShelf) PutTicket(_ context.Context, t access.Ticket) error {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	s.desk.tickets[t.Hash] = t
	return nil
}

func (s *frontShelf) PutPosting(_ context.Context, p outbox.Posting) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.postings[p.ID]; !there {
		s.postings[p.ID] = p
	}
	return nil
}

func (s *frontShelf) Posting(_ context.Context, id string) (outbox.Posting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.postings[id]
	if !ok {
		return p, deskError{words: "there is no such posting", notFound: true}
	}
	return p, nil
}

func (s *frontShelf) WantPostings(_ context.Context, w outbox.Want) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wants = append(s.wants, w)
	return nil
}

func (s *frontShelf) PutPlace(_ context.Context, p outbox.Place) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places[p.Channel+"/"+p.Stamp] = p
	return nil
}

func (s *frontShelf) PlaceAt(_ context.Context, channel, stamp string) (outbox.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.places[channel+"/"+stamp]
	if !ok {
		return p, deskError{words: "there is no such place", notFound: true}
	}
	return p, nil
}

// wanted reports whether a posting was wanted at once.
func (s *frontShelf) wanted(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.wants, func(w outbox.Want) bool { return w.ID == id })
}

func (s *frontShelf) place(at place) (outbox.Place, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.places[at.channel+"/"+at.ts]
	return p, ok
}

// again is a delivery with its body changed, signed as Slack would.
func (l *lobby) again(d slacktest.Delivery, change func(p map[string]any)) slacktest.Outcome {
	l.Helper()
	var p map[string]any
	if err := json.Unmarshal(d.Payload, &p); err != nil {
		l.Fatal(err)
	}
	change(p)
	raw, err := json.Marshal(p)
	if err != nil {
		l.Fatal(err)
	}
	l.clock.add(time.Second) // or the signature of an unchanged body would be the same
	return l.slack.Deliver(l.slack.Forge(d.Kind, raw, l.slack.Options().Secret, l.clock.Now()))
}

// errBusy is what a desk fails with that can keep nothing.
var errBusy = errors.New("the engine and the database are away")

// what a button is called.
func approving() string { return actionID(verbAnswer, review.Approve) }
