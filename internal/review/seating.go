package review

import (
	"slices"
	"time"
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

// Assign seats people: as many seats as possible get somebody, earlier
// candidates are preferred, one human gets one seat unless the policy pairs
// two. Seats that already have a holder are left alone. It returns one seated
// fact a seat that got somebody; seats with nobody left stay vacant.
func (r *Request) Assign(benches []Bench, now time.Time) []Fact {
	a := assignment{r: r, now: now, taken: map[string]string{}}
	for _, seat := range r.Policy.Seats() {
		if r.held(seat.ID, now) {
			continue
		}
		i := slices.IndexFunc(benches, func(b Bench) bool { return b.Seat == seat.ID })
		if i < 0 {
			continue
		}
		a.seats = append(a.seats, Bench{Seat: seat.ID, Candidates: r.eligible(seat.ID, benches[i], now)})
	}
	for i := range a.seats {
		a.place(i, make([]bool, len(a.seats)))
	}
	a.pairs()
	var facts []Fact
	for i := range a.seats {
		c := a.chosen(i)
		if c == nil {
			continue
		}
		h := Holder{Person: c.Person.ID, Via: c.Via, From: c.For, Since: now}
		facts = append(facts, Fact{Kind: FactSeated, Request: r.ID, At: now, Seat: a.seats[i].Seat, Person: h.Person, Holder: &h})
	}
	return facts
}

// eligible keeps the candidates that may hold the seat, those who are there
// before those who are away.
func (r *Request) eligible(seat string, b Bench, now time.Time) []Candidate {
	var there, away []Candidate
	for _, c := range b.Candidates {
		switch {
		case !r.MayHold(seat, c.Person, now):
		case c.Away.After(now):
			away = append(away, c)
		default:
			there = append(there, c)
		}
	}
	return append(there, away...)
}

// assignment is a bipartite matching of seats to people by augmenting paths:
// a later seat may move an earlier one to its next candidate, never empty it.
type assignment struct {
	r     *Request
	now   time.Time
	seats []Bench
	taken map[string]string // person -> seat; looked up only, never ranged over
	extra []int             // seats filled by a pair
	who   []Candidate
}

func (a *assignment) place(i int, seen []bool) bool {
	seen[i] = true
	for _, c := range a.seats[i].Candidates {
		other, busy := a.taken[c.Person.ID]
		if !busy {
			a.taken[c.Person.ID] = a.seats[i].Seat
			return true
		}
		j := slices.IndexFunc(a.seats, func(b Bench) bool { return b.Seat == other })
		if j >= 0 && !seen[j] && a.place(j, seen) {
			a.taken[c.Person.ID] = a.seats[i].Seat
			return true
		}
	}
	return false
}

// pairs fills seats that are still empty with somebody whose seat the policy
// pairs with it.
func (a *assignment) pairs() {
	for i := range a.seats {
		if a.matched(i) != nil {
			continue
		}
		for _, c := range a.seats[i].Candidates {
			if other, busy := a.taken[c.Person.ID]; busy && a.r.Policy.Paired(other, a.seats[i].Seat) {
				a.extra = append(a.extra, i)
				a.who = append(a.who, c)
				break
			}
		}
	}
}

func (a *assignment) matched(i int) *Candidate {
	for j, c := range a.seats[i].Candidates {
		if a.taken[c.Person.ID] == a.seats[i].Seat {
			return &a.seats[i].Candidates[j]
		}
	}
	return nil
}

func (a *assignment) chosen(i int) *Candidate {
	if c := a.matched(i); c != nil {
		return c
	}
	if j := slices.Index(a.extra, i); j >= 0 {
		return &a.who[j]
	}
	return nil
}
