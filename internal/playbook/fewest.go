package playbook

import (
	"fmt"
	"slices"
	"time"

	"gangway/internal/engagement"
)

// fewest is the smallest number of people with whom no seat of a tier's steps
// stays empty, whoever they are and whatever roles they are given; one of them
// files the intake and owns the case. It is found by trying: one, two, three …
// people who each hold every role are seated by the same matching that seats
// real requests, until every seat of every step has somebody. That answer is
// exact for what the matching can do; as many people as the largest step has
// seats, and one more to ask, always do. The vendor's seats are not ours to fill.
func (p Playbook) fewest(tier engagement.Tier) int {
	var steps []Step
	most := 1
	for _, s := range p.Boarding() {
		if !s.Applies(tier) {
			continue
		}
		steps = append(steps, s)
		most = max(most, len(s.Policy.Seats())+1)
		if s.Accept != nil { // whoever delivers does not accept
			most = max(most, len(s.Policy.Seats())+len(s.Accept.Seats())+1)
		}
	}
	for n := 1; n < most; n++ {
		if seatsAll(steps, everybody(p.Roles, n)) {
			return n
		}
	}
	return most
}

// everybody is n people who hold every role.
func everybody(roles []string, n int) []Person {
	people := make([]Person, n)
	for i := range people {
		people[i] = Person{ID: fmt.Sprintf("p%d", i+1), Roles: roles}
	}
	return people
}

// seatsAll reports whether the people fill every seat of every step, the first
// of them being requester and owner, the next two deputy and sponsor.
func seatsAll(steps []Step, people []Person) bool {
	owner, now := people[0].ID, time.Unix(0, 0).UTC()
	deputy, sponsor := people[min(1, len(people)-1)].ID, people[min(2, len(people)-1)].ID
	fill := func(s Step, makers []string) (held []string, all bool) {
		r := s.request("", owner, owner, now)
		r.Makers = makers
		r.Fold(r.Assign(Bench(s.Policy, people, 0, "", owner, deputy, sponsor, now), now))
		for _, seat := range r.Seatings {
			if len(seat.Holders) == 0 && !s.vendors(seat.Seat) && !s.outsiders(seat.Seat) {
				return nil, false
			}
			for _, h := range seat.Holders {
				held = append(held, h.Person)
			}
		}
		return held, true
	}
	return !slices.ContainsFunc(steps, func(s Step) bool {
		makers, all := fill(s, nil)
		if all && s.Accept != nil {
			_, all = fill(s.accepting(), makers)
		}
		return !all
	})
}
