package review_test

import (
	"testing"

	"gangway/internal/review"
)

// TestOracleReading compares Judge and Tally with the oracle where every section must
// have been read: all policies up to three seats, each seat reading none, one, the
// other or both of two sections when it speaks, in all orders, with and without empty
// seats.
func TestOracleReading(t *testing.T) {
	t.Parallel()
	type job struct {
		policy []bloc
		empty  set
		reads  []set
	}
	var jobs []job
	for seats := 1; seats <= 3; seats++ {
		for _, p := range sequences(seats, seats < 3) {
			for empty := range 1 << seats {
				for each := range 1 << (2 * seats) {
					reads := make([]set, seats)
					for i := range reads {
						reads[i] = each >> (2 * i) & whole
					}
					jobs = append(jobs, job{p, empty, reads})
				}
			}
		}
	}
	// Every so many of them: neighbours differ in what one seat reads, so no policy is
	// left out. A prime keeps step with none of the loops.
	const every = 31
	seen, taken := 0, 0
	for i := 0; i < len(jobs); i += every * sampled {
		tr := newTrial(t, jobs[i].policy, jobs[i].empty, jobs[i].reads)
		tr.run(0)
		seen += tr.seen
		taken++
	}
	t.Logf("%d of %d policies with what their seats read and which are empty, %d combinations compared", taken, len(jobs), seen)
	if sampled == 1 && seen < 100_000 {
		t.Errorf("only %d combinations were compared", seen)
	}
}

// TestOracleOfReadingKnowsTheRules holds the oracle to what was written by hand.
func TestOracleOfReadingKnowsTheRules(t *testing.T) {
	t.Parallel()
	both := []bloc{{rule: review.RuleAny, seats: 1}, {rule: review.RuleAll, seats: 1}}
	for _, c := range []struct {
		name  string
		words [2]word
		heard set
		empty set
		want  review.State
		group int
	}{
		{"nothing said, all read", [2]word{silent, silent}, whole, 0, review.Open, 0},
		{"both said yes, one section read", [2]word{yes, yes}, 1, 0, review.Open, 1},
		{"both said yes, nothing read", [2]word{yes, yes}, 0, 0, review.Open, 1},
		{"both said yes, all read", [2]word{yes, yes}, whole, 0, review.Met, 2},
		{"the first said yes, nothing read", [2]word{yes, silent}, 0, 0, review.Open, 1},
		{"the first said no, all read", [2]word{no, silent}, whole, 0, review.Denied, 0},
		{"the second wants changes, nothing read", [2]word{yes, amend}, 0, 0, review.Wanted, 1},
		{"nobody is left to read", [2]word{yes, yes}, 1, 3, review.Vacant, 1},
	} {
		tr := newTrial(t, both, c.empty, []set{0, 0})
		tr.words, tr.heard = []int{c.words[0], c.words[1]}, c.heard
		if state, group := tr.state(0); state != c.want || group != c.group {
			t.Errorf("%s: %s in group %d, want %s in %d", c.name, state, group, c.want, c.group)
		}
	}
}
