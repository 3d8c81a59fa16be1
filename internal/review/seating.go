package review

import (
	"slices"
	"time"

	"gangway/internal/engagement"
)

// Candidate is somebody who could hold a seat, best first in a Bench.
type Candidate struct {
	Person Person `json:"person"`
	Via    Via    `json:"via"`
	// For is whom a backup stands in for.
	For string `json:"for,omitempty"`
	// Away until: skipped while somebody else can take the seat; zero: present.
	Away time.Time `json:"away,omitzero"`
}

// Bench is the people who could hold one seat, in order of preference: the
// role's people first, then their backups.
type Bench struct {
	Seat       string      `json:"seat"`
	Candidates []Candidate `json:"candidates"`
}

// Assign seats people: as many seats as possible get somebody of their own, with
// as few away, then as few who lack a competence that the seat asks for, and then
// as few backups among them as can be, earlier candidates preferred. Seats that are empty after that get somebody whose other seats the
// policy pairs with them; nobody is moved for that. Seats that already have a
// holder are left alone. It returns one seated fact a seat that got somebody;
// seats with nobody left stay vacant.
func (r *Request) Assign(benches []Bench, now time.Time) []Fact {
	var m matching
	for _, seat := range r.Policy.Seats() {
		i := slices.IndexFunc(benches, func(b Bench) bool { return b.Seat == seat.ID })
		if i >= 0 && !r.held(seat.ID, now) {
			m.add(seat, r.eligible(seat.ID, benches[i], now), now)
		}
	}
	for m.grow() {
	}
	m.pair(r.Policy)
	var facts []Fact
	for _, s := range m.seats {
		if s.chosen == nobody {
			continue
		}
		c := s.candidates[s.chosen]
		h := Holder{Person: c.Person.ID, Via: c.Via, From: c.For, Since: now, Lacks: r.lacks(s.id, c.Person)}
		facts = append(facts, Fact{Kind: FactSeated, Request: r.ID, At: now, Seat: s.id, Person: h.Person, Holder: &h})
	}
	return facts
}

// eligible keeps the candidates that may hold the seat.
func (r *Request) eligible(seat string, b Bench, now time.Time) []Candidate {
	var may []Candidate
	for _, c := range b.Candidates {
		if r.MayHold(seat, c.Person, now) {
			may = append(may, c)
		}
	}
	return may
}

// lacks are the competences that a seat asks for and the person is not known to have.
func (r *Request) lacks(seat string, p Person) []string {
	s, _, _ := r.Seat(seat)
	return engagement.Lacks(s.Competence, p.Competences)
}
