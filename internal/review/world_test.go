package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// world is a request with random people doing random things to it, and what the
// test itself remembers of that, apart from the request.
type world struct {
	t *rapid.T
	// rng, where set, takes the place of rapid's own draws, which prefer small
	// numbers: good to shrink a failure, poor at keeping a request busy.
	rng    *rand.Rand
	r      review.Request
	now    time.Time
	people []review.Person
	facts  []review.Fact
	sent   []delivery
	ids    int
	// touched is the test's own table: version, earlier version, seats.
	touched map[[2]int][]string
	// unversioned: the request opened without a version.
	unversioned bool
	refused     int
	frozen      *review.Tally
	// What the request asks besides verdicts, and who has said it so far.
	declared []string
	labels   map[int][]string // by version: its sections, as this test made them
	changed  map[int][]string
}

// delivery is something that a channel may deliver again.
type delivery struct {
	answer *review.Answer
	act    *review.Act
	first  review.Outcome
}

func (d delivery) id() string {
	if d.answer != nil {
		return d.answer.ID
	}
	return d.act.ID
}

func newWorld(t *rapid.T, rng *rand.Rand) *world {
	w := &world{t: t, rng: rng, now: monday, touched: map[[2]int][]string{}, labels: map[int][]string{}, changed: map[int][]string{}}
	for i := range 12 {
		p := review.Person{ID: fmt.Sprintf("p%d", i), Active: true}
		switch i {
		case 1:
			p.Employer = "acme"
		case 2:
			p.Active = false
		case 3:
			p.Employer = "other"
		}
		w.people = append(w.people, p)
	}
	r := review.Request{ID: "q", Kind: review.Decision, Requester: "p0", Owner: "p11", Vendor: "acme", Policy: w.drawPolicy(), Opened: w.now}
	r.Browser = w.chance(1, 5)
	r.ReadAll = w.chance(1, 3)
	if w.chance(1, 4) {
		r.Declaration, r.Declared = interests, []string{"p4", "p5"}
		w.declared = slices.Clone(r.Declared)
	}
	if w.chance(1, 5) {
		r.Sheet = true
		r.Points = []engagement.Point{{ID: "mfa", Kind: engagement.PointYesNo}, {ID: "people", Kind: engagement.PointNumber, Optional: true}}
	}
	for gi, g := range r.Policy.Groups {
		for _, s := range g.Seats {
			r.Seatings = append(r.Seatings, review.Seating{Seat: s.ID, Group: gi})
		}
	}
	w.fold(review.Fact{Kind: review.FactOpened, Request: "q", At: w.now, Opened: &r})
	for gi := range r.Policy.Groups {
		f := review.Fact{Kind: review.FactGroup, Request: "q", At: w.now, Group: gi}
		if w.chance(3, 4) {
			f.Due = w.now.AddDate(0, 0, w.number("due", 1, 9))
		}
		w.fold(f)
	}
	if w.chance(2, 3) {
		w.version()
	}
	w.assign()
	return w
}

func (w *world) drawPolicy() review.Policy {
	var p review.Policy
	n := w.number("seats", 1, 8)
	groups := w.number("groups", 1, min(3, n))
	p.Groups = make([]review.Group, groups)
	for i := range n {
		s := review.Seat{ID: fmt.Sprintf("s%d", i), Role: "r", Mandatory: w.number("mandatory", 0, 3) == 0, Veto: w.number("veto", 0, 3) == 0}
		if w.number("attest", 0, 3) == 0 {
			s.Attest = []string{"read", "understood"}
		}
		g := i
		if i >= groups {
			g = w.number("group", 0, groups-1)
		}
		p.Groups[g].Seats = append(p.Groups[g].Seats, s)
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		g.Rule = one(w, "rule", []review.Rule{review.RuleAll, review.RuleAny, review.RuleSome})
		if g.Rule == review.RuleSome {
			g.N = w.number("n", 1, len(g.Seats))
		}
	}
	for range w.number("pairs", 0, 3) {
		a, b := w.number("a", 0, n-1), w.number("b", 0, n-1)
		if a != b {
			p.Pairs = append(p.Pairs, review.Pair{A: fmt.Sprintf("s%d", a), B: fmt.Sprintf("s%d", b)})
		}
	}
	p.Depth = w.number("depth", 0, 3)
	if faults := p.Check(); faults != nil {
		w.t.Fatalf("drew a policy with faults: %v", faults)
	}
	return p
}

// number draws from least to most, both included.
func (w *world) number(what string, least, most int) int {
	if w.rng != nil {
		return least + w.rng.IntN(most-least+1)
	}
	return rapid.IntRange(least, most).Draw(w.t, what)
}

func (w *world) chance(n, of int) bool { return w.number("chance", 1, of) <= n }

func one[T any](w *world, what string, of []T) T { return of[w.number(what, 0, len(of)-1)] }

func (w *world) fold(facts ...review.Fact) {
	w.r.Fold(facts)
	w.facts = append(w.facts, facts...)
}

func (w *world) id() string { w.ids++; return fmt.Sprintf("id%d", w.ids) }

func (w *world) seat(label string) string {
	return one(w, label, w.r.Seatings).Seat
}

func (w *world) person(id string) review.Person {
	i := slices.IndexFunc(w.people, func(p review.Person) bool { return p.ID == id })
	return w.people[i]
}

// actor is somebody for a seat: mostly who holds it, sometimes anybody.
func (w *world) actor(seat string) review.Person {
	hs := w.r.Seating(seat).Holders
	if len(hs) > 0 && w.chance(5, 6) {
		return w.person(one(w, "holder", hs).Person)
	}
	return one(w, "anybody", w.people)
}

func (w *world) until() time.Time {
	return w.now.Add(time.Duration(w.number("hours", -2, 60)) * time.Hour)
}

func (w *world) written() review.Written {
	if w.chance(1, 8) {
		return review.Written{}
	}
	return review.Written{Inside: "digest"}
}

func (w *world) drawAnswer() review.Answer {
	seat := w.seat("seat")
	a := review.Answer{ID: w.id(), Request: "q", Seat: seat, Person: w.actor(seat), Version: w.r.Current(), Written: w.written(), At: w.now,
		Verdict: one(w, "verdict", []review.Verdict{review.Approve, review.Approve, review.Approve, review.Changes, review.Reject, review.Done})}
	if w.chance(1, 3) {
		a.Seat = ""
	}
	a.Channel = one(w, "channel", []string{"web", "cli", "web", "slack", "mail", ""})
	if w.chance(1, 4) {
		a.Version = w.number("version", 0, w.r.Current()+1)
	}
	if w.chance(4, 5) {
		a.Attest = []string{"understood", "read"}
	}
	if w.r.Declaration != "" && w.chance(2, 3) {
		a.Attest = append(a.Attest, interests)
	}
	if w.r.Sheet {
		w.fillIn(&a)
	}
	if w.chance(1, 2) {
		a.Read = w.drawRead()
	}
	return a
}

// interests is the statement that these requests ask of everybody.
const interests = "no-interest"

func (w *world) fillIn(a *review.Answer) {
	n := int64(w.number("people", 0, 9))
	a.Findings = []engagement.Finding{{Point: "mfa", Choices: []string{"yes"}}, {Point: "people", Number: &n}}[:w.number("findings", 1, 2)]
	a.Documents = []string{"sheet"}
	switch w.number("form", 0, 9) {
	case 0:
		a.Findings = nil
	case 1:
		a.Findings[0].Choices = []string{"perhaps"}
	case 2:
		a.Documents = nil
	}
}

// drawRead is what somebody says they read: mostly something that is there.
func (w *world) drawRead() []string {
	return one(w, "read", [][]string{{"all"}, {"1"}, {"2"}, {"3"}, {"1-2"}, {"2-3"}, {"1", "3"}, {"4"}, {"2", "7"}})
}

func (w *world) drawAct() review.Act {
	seat := w.seat("seat")
	kinds := []review.ActKind{review.TakeBack, review.TakeBack, review.Delegate, review.Delegate, review.Delegate, review.Snooze, review.Recuse, review.Withdraw,
		review.Read, review.Read}
	a := review.Act{ID: w.id(), Request: "q", Seat: seat, Person: w.actor(seat), Written: w.written(), At: w.now,
		Kind: one(w, "act", kinds), Until: w.until(), To: one(w, "to", w.people)}
	if w.chance(1, 4) {
		a.Seat = ""
	}
	if a.Kind == review.Read {
		a.Sections, a.Version = w.drawRead(), w.r.Current()
		a.Channel = one(w, "channel", []string{"web", "cli", "web", "slack"})
		if w.chance(1, 4) {
			a.Version = w.number("version", 0, w.r.Current()+1)
		}
	}
	return a
}

func (w *world) version() {
	v := review.Version{Number: w.r.Current() + 1, Document: "d", At: w.now}
	for _, label := range []string{"1", "2", "3", "4"} {
		if w.chance(7, 8) && (label != "4" || w.chance(1, 3)) {
			v.Sections = append(v.Sections, label)
		}
	}
	if w.chance(1, 10) {
		v.Sections = nil // nobody knows them
	}
	for _, label := range v.Sections {
		if w.chance(1, 4) {
			v.Changed = append(v.Changed, label)
		}
	}
	w.labels[v.Number], w.changed[v.Number] = slices.Clone(v.Sections), slices.Clone(v.Changed)
	var olds []int
	if len(w.r.Versions) == 0 && len(w.facts) > len(w.r.Policy.Groups)+1 {
		w.unversioned = true // people have seen it without one
	}
	if w.unversioned {
		olds = append(olds, 0)
	}
	for _, v := range w.r.Versions {
		olds = append(olds, v.Number)
	}
	for _, old := range olds {
		if w.chance(1, 8) {
			continue // never compared
		}
		var seats []string
		for _, s := range w.r.Seatings {
			if w.chance(1, 3) {
				seats = append(seats, s.Seat)
			}
		}
		v.Touched = append(v.Touched, review.Touch{Version: old, Seats: seats})
		w.touched[[2]int{v.Number, old}] = append([]string{"compared"}, seats...)
	}
	w.fold(review.Fact{Kind: review.FactVersion, Request: "q", At: w.now, Version: &v})
}

func (w *world) assign() {
	var benches []review.Bench
	for _, s := range w.r.Seatings {
		b := review.Bench{Seat: s.Seat}
		for range w.number("candidates", 0, 3) {
			b.Candidates = append(b.Candidates, review.Candidate{Person: one(w, "candidate", w.people), Via: review.ViaRole})
		}
		benches = append(benches, b)
	}
	w.fold(w.r.Assign(benches, w.now)...)
}

// backup joins as the workflow lets one join: whoever may hold the seat.
func (w *world) backup() {
	seat, p := w.seat("seat"), one(w, "backup", w.people)
	if w.r.MayHold(seat, p, w.now) {
		w.fold(review.Fact{Kind: review.FactSeated, Request: "q", At: w.now, Seat: seat, Person: p.ID,
			Holder: &review.Holder{Person: p.ID, Via: review.ViaBackup, Since: w.now}})
	}
}

func (w *world) unseat() {
	seat := w.seat("seat")
	w.fold(review.Fact{Kind: review.FactUnseated, Request: "q", At: w.now, Seat: seat, Person: w.actor(seat).ID})
}

func (w *world) close() {
	if w.r.Closed == nil {
		w.fold(review.Fact{Kind: review.FactClosed, Request: "q", At: w.now, State: w.r.Tally(w.now).State, Why: "decided"})
		tally := w.r.Tally(w.now)
		w.frozen = &tally
	}
}

func (w *world) later() {
	if t := w.until(); t.After(w.now) {
		w.now = t
	}
}
