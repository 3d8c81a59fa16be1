package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/review"
)

// worth is how good a seating is: seats filled, then people away, then backups,
// then how far down the benches it went. The first difference decides.
type worth [4]int

func (a worth) better(b worth) bool {
	a[0], b[0] = -a[0], -b[0]
	return slices.Compare(a[:], b[:]) < 0
}

func (a worth) with(c review.Candidate, rank int) worth {
	a[0]++
	if c.Away.After(monday) {
		a[1]++
	}
	if c.Via == review.ViaBackup {
		a[2]++
	}
	a[3] += rank
	return a
}

// best tries every seating in which each human has one seat.
func best(benches []review.Bench, taken []string, so worth) worth {
	if len(benches) == 0 {
		return so
	}
	top := best(benches[1:], taken, so) // this seat stays empty
	for rank, c := range benches[0].Candidates {
		if slices.Contains(taken, c.Person.ID) {
			continue
		}
		if w := best(benches[1:], append(slices.Clone(taken), c.Person.ID), so.with(c, rank)); w.better(top) {
			top = w
		}
	}
	return top
}

func drawBenches(w *world, seats int) []review.Bench {
	benches := make([]review.Bench, seats)
	for i := range benches {
		benches[i].Seat = fmt.Sprintf("s%d", i)
		var seen []int
		for range w.number("candidates", 0, 4) {
			n := w.number("person", 0, 5)
			if slices.Contains(seen, n) {
				continue
			}
			seen = append(seen, n)
			c := review.Candidate{Person: review.Person{ID: fmt.Sprintf("p%d", n), Active: true}, Via: review.ViaRole}
			if n == 4 { // one person is always away
				c.Away = friday
			}
			if w.chance(1, 3) {
				c.Via = review.ViaBackup
			}
			benches[i].Candidates = append(benches[i].Candidates, c)
		}
	}
	return benches
}

// TestAssignIsTheBestSeating compares Assign with every seating there is. With
// pairs it must fill no fewer seats, and give nobody two that are not paired.
func TestAssignIsTheBestSeating(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		for round := range uint64(20) {
			w := &world{t: t, rng: rand.New(rand.NewPCG(seed, round))}
			seats := w.number("seats", 1, 5)
			benches := drawBenches(w, seats)
			r := review.Request{ID: "q", Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll}}}}
			for _, b := range benches {
				r.Policy.Groups[0].Seats = append(r.Policy.Groups[0].Seats, review.Seat{ID: b.Seat, Role: "r"})
				r.Seatings = append(r.Seatings, review.Seating{Seat: b.Seat})
			}
			want, got := best(benches, nil, worth{}), worthOf(t, benches, r.Assign(benches, monday))
			if want != got {
				t.Fatalf("%+v\nseated with %v (filled, away, backups, rank); best is %v", benches, got, want)
			}
			if seats == 1 {
				continue
			}
			for range 3 {
				a := w.number("a", 0, seats-2)
				r.Policy.Pairs = append(r.Policy.Pairs, review.Pair{A: benches[a].Seat, B: benches[w.number("b", a+1, seats-1)].Seat})
			}
			facts := r.Assign(benches, monday)
			if filled := worthOf(t, benches, facts)[0]; filled < want[0] {
				t.Fatalf("%d seats filled with pairs, %d without", filled, want[0])
			}
			for i, f := range facts {
				for _, other := range facts[:i] {
					if f.Seat == other.Seat || f.Person == other.Person && !r.Policy.Paired(f.Seat, other.Seat) {
						t.Fatalf("%s sits in %s and %s sits in %s", other.Person, other.Seat, f.Person, f.Seat)
					}
				}
			}
		}
	})
}

func worthOf(t *rapid.T, benches []review.Bench, facts []review.Fact) worth {
	var w worth
	for _, f := range facts {
		b := benches[slices.IndexFunc(benches, func(b review.Bench) bool { return b.Seat == f.Seat })]
		rank := slices.IndexFunc(b.Candidates, func(c review.Candidate) bool { return c.Person.ID == f.Person })
		if rank < 0 {
			t.Fatalf("%s was seated in %s and is not on its bench", f.Person, f.Seat)
		}
		w = w.with(b.Candidates[rank], rank)
	}
	return w
}
