package review

import (
	"math"
	"slices"
	"time"

	"gangway/internal/engagement"
)

// matching finds one person for each seat by cheapest augmenting paths: each
// path seats one more, and of all ways to seat that many the matching found is
// the cheapest. Requests have few seats, so plain relaxation does.
type matching struct {
	seats  []place
	people []string // in order of first mention
	holds  []int    // by person: index into seats, or nobody
}

// place is one seat of a matching.
type place struct {
	id         string
	candidates []Candidate
	who        []int // by candidate: index into people
	cost       []int // by candidate
	chosen     int   // index into candidates, or nobody
}

const nobody = -1

// Costs: one person away weighs more than all who lack a competence, one of these
// more than all backups, one backup more than all ranks, within requests of any size
// that people could read.
const (
	costBackup = 1 << 12
	costLacks  = 1 << 20
	costAway   = 1 << 28
)

func (m *matching) add(seat Seat, candidates []Candidate, now time.Time) {
	p := place{id: seat.ID, candidates: candidates, chosen: nobody}
	for rank, c := range candidates {
		who := slices.Index(m.people, c.Person.ID)
		if who < 0 {
			who = len(m.people)
			m.people, m.holds = append(m.people, c.Person.ID), append(m.holds, nobody)
		}
		cost := rank
		if c.Via == ViaBackup {
			cost += costBackup
		}
		if len(engagement.Lacks(seat.Competence, c.Person.Competences)) > 0 {
			cost += costLacks
		}
		if c.Away.After(now) {
			cost += costAway
		}
		p.who, p.cost = append(p.who, who), append(p.cost, cost)
	}
	m.seats = append(m.seats, p)
}

// grow seats one more person, moving others where that is needed or cheaper. It
// reports whether it could; who has a seat keeps one, and so does every seat.
func (m *matching) grow() bool {
	far := slices.Repeat([]int{math.MaxInt}, len(m.people)) // cheapest way to each person
	from := make([]int, len(m.people))                      // the seat that would take them
	pick := make([]int, len(m.people))                      // as which of its candidates
	reach := make([]int, len(m.seats))
	for i, s := range m.seats {
		if s.chosen != nobody {
			reach[i] = math.MaxInt
		}
	}
	for again := true; again; {
		again = false
		for i, s := range m.seats {
			for k, p := range s.who {
				if reach[i] == math.MaxInt || k == s.chosen || reach[i]+s.cost[k] >= far[p] {
					continue
				}
				far[p], from[p], pick[p], again = reach[i]+s.cost[k], i, k, true
				if j := m.holds[p]; j != nobody {
					reach[j] = far[p] - m.seats[j].cost[m.seats[j].chosen]
				}
			}
		}
	}
	end := nobody
	for p := range m.people {
		if m.holds[p] == nobody && far[p] != math.MaxInt && (end == nobody || far[p] < far[end]) {
			end = p
		}
	}
	if end == nobody {
		return false
	}
	for p := end; p != nobody; {
		s := &m.seats[from[p]]
		next := nobody
		if s.chosen != nobody {
			next = s.who[s.chosen]
		}
		s.chosen, m.holds[p] = pick[p], from[p]
		p = next
	}
	return true
}

// pair gives seats that are still empty to somebody all of whose seats the
// policy pairs with them.
func (m *matching) pair(policy Policy) {
	for i := range m.seats {
		s := &m.seats[i]
		if s.chosen != nobody {
			continue
		}
		s.chosen = slices.IndexFunc(s.who, func(p int) bool {
			return !slices.ContainsFunc(m.seats, func(o place) bool {
				return o.chosen != nobody && o.who[o.chosen] == p && !policy.Paired(o.id, s.id)
			})
		})
	}
}
