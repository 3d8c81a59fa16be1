package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

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
	left     []dossier.ExitOrder
	exits    bool // Acme is being left
	settled  []review.Act
	calls    []string // Answer, Act, Note, Open, SetAway, as they came
	pairings int
	// mostPairings are refused beyond; 0: none is.
	mostPairings int
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
		_ = d.calls[len(d.calls)] // as a fault of ours would
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
		if a.Kind == review.Settle { // which the process of the exit judges
			d.settled = append(d.settled, a)
			if p.ID != "maya" {
				return review.Outcome{Status: review.Refused, Refusal: review.NotOwner}, nil
			}
			return review.Outcome{Status: review.Counted, By: p.ID}, nil
		}
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

func (d *frontDesk) OpenPart(ctx context.Context, part playbook.Process, i playbook.Intake) (string, error) {
	i.Alone = part
	_, err := d.Open(ctx, i)
	return string(part) + "/" + i.Vendor.Slug + "/1", err
}

func (d *frontDesk) OpenDPA(ctx context.Context, i playbook.DPAIntake) (string, error) {
	return d.OpenPart(ctx, playbook.DPA, i.Intake())
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

func (d *frontDesk) Bind(_ context.Context, b access.Binding) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bound[b.Address] = b.Person
	return nil
}

func (d *frontDesk) Pair(_ context.Context, who review.Address, _ string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pairings++
	if d.pairings > d.mostPairings && d.mostPairings > 0 {
		return "", tooManyPairings{}
	}
	return "https://gangway.test/pair/secret-of-" + strings.ReplaceAll(who.ID, ":", "-"), nil
}

type tooManyPairings struct{}

func (tooManyPairings) Error() string { return "this was asked for too often" }
func (tooManyPairings) Limited() bool { return true }

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
	if d.exits && id == "exit/acme/1" {
		return dossier.CaseView{ID: id, Vendor: "acme", Owner: "olga", State: dossier.Running}, d.tie(who)
	}
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
	list := []dossier.CaseView{c}
	if d.exits && err == nil {
		c, err = d.Case(ctx, who, "exit/acme/1")
		list = append(list, c)
	}
	return list, err
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

func (d *frontDesk) Rules(context.Context, string) (playbook.Playbook, error) {
	return playbook.Playbook{}, deskError{words: "there is no such playbook", notFound: true}
}

func (d *frontDesk) IntakeForm(_ context.Context, _ review.Address, name string) (playbook.IntakeForm, error) {
	if name != "" && name != "standard" {
		return playbook.IntakeForm{}, deskError{words: "there is no such playbook", invalid: true}
	}
	return playbook.IntakeForm{Playbook: "standard", Fields: []playbook.IntakeField{
		{Name: "vendor.contacts", Label: "Whom to write to", Kind: playbook.TextField},
		{Name: "vendor.name", Label: "Vendor", Kind: playbook.LineField, Required: true},
		{Name: "vendor.service", Label: "Service", Kind: playbook.LineField},
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
	// stuck: no write ends before its context does.
	stuck bool
}

// written is what a write ends with.
func (s *frontShelf) written(ctx context.Context) error {
	if !s.stuck {
		return nil
	}
	<-ctx.Done()
	return fmt.Errorf("writing: %w", ctx.Err())
}

func (s *frontShelf) People(context.Context) ([]playbook.Person, int, error) {
	people, err := s.desk.People(context.Background(), review.Address{})
	return people, 1, err
}

func (s *frontShelf) BindingsOf(_ context.Context, channel, person string) ([]access.Binding, error) {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	var list []access.Binding
	for address, of := range s.desk.bound {
		if of == person {
			list = append(list, access.Binding{Channel: channel, Address: address, Person: person})
		}
	}
	return list, nil
}

func (s *frontShelf) PutTicket(_ context.Context, t access.Ticket) error {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	s.desk.tickets[t.Hash] = t
	return nil
}

func (s *frontShelf) PutPosting(ctx context.Context, p outbox.Posting) error {
	if err := s.written(ctx); err != nil {
		return err
	}
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

func (s *frontShelf) WantPostings(ctx context.Context, w outbox.Want) error {
	if err := s.written(ctx); err != nil {
		return err
	}
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
