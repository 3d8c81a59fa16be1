package review_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/review"
)

// The oracle is a second account of the rules, written as sets and looked up in
// tables. It shares no code and no formula with Tally: where Tally compares
// numbers, the oracle tries every way in which a group could still end.

// word is what a seat has said, two bits a seat in a table's index.
type word = int

const (
	silent word = iota
	yes
	amend
	no
)

var verdicts = []review.Verdict{silent: "", yes: review.Approve, amend: review.Changes, no: review.Reject}

// set is a set of the seats of one group.
type set = int

func size(s set) int {
	n := 0
	for ; s > 0; s >>= 1 {
		n += s & 1
	}
	return n
}

// bloc is a group as the oracle sees it.
type bloc struct {
	rule            review.Rule
	n               int // of the rule "some"
	seats           int
	mandatory, veto set
}

func (b bloc) enough() int {
	return map[review.Rule]int{review.RuleAll: b.seats, review.RuleAny: 1, review.RuleSome: b.n}[b.rule]
}

// satisfied is what "met" means: enough seats, and every mandatory one, said yes.
func (b bloc) satisfied(said set) bool {
	return size(said) >= b.enough() && said&b.mandatory == b.mandatory
}

// verdict is what the rules say of a group, given who said what, who can still
// be asked, and whether time is up.
func (b bloc) verdict(words []word, empty set, due bool) review.State {
	var by [4]set
	for i, w := range words {
		by[w] |= 1 << i
	}
	if by[no]&b.veto != 0 {
		return review.Denied
	}
	if b.satisfied(by[yes]) {
		return review.Met
	}
	hopeless := true
	for more := range 1 << b.seats { // every set of seats that might yet say yes
		if more&(by[no]|by[yes]) == 0 && b.satisfied(by[yes]|more) {
			hopeless = false
		}
	}
	asked := by[silent] &^ empty
	switch {
	case hopeless:
		return review.Denied
	case by[amend] != 0 && (asked == 0 || due):
		return review.Wanted
	case asked != 0:
		return review.Open
	default:
		return review.Vacant
	}
}

// table is a bloc's verdicts for all words of its seats: [not due, due].
type table [][2]review.State

func (b bloc) table(empty set) table {
	all := make(table, 1<<(2*b.seats))
	words := make([]word, b.seats)
	for index := range all {
		for i := range words {
			words[i] = index >> (2 * i) & 3
		}
		all[index] = [2]review.State{b.verdict(words, empty, false), b.verdict(words, empty, true)}
	}
	return all
}

// flags are the four kinds of seat: bit 0 mandatory, bit 1 veto.
const flags = 4

// blocs are all groups of that many seats, up to renaming of the seats: kinds
// of seat are drawn with repetition, in rising order.
func blocs(seats int, spelled bool) []bloc {
	var all []bloc
	var draw func(b bloc, i, least int)
	draw = func(b bloc, i, least int) {
		if i == seats {
			all = append(all, b)
			return
		}
		for kind := least; kind < flags; kind++ {
			c := b
			c.mandatory |= kind & 1 << i
			c.veto |= kind >> 1 << i
			draw(c, i+1, kind)
		}
	}
	for _, b := range rules(seats, spelled) {
		draw(b, 0, 0)
	}
	return all
}

// rules are the ways to say how many of m seats; spelled says each number in
// all of its ways ("2 of 2" is "all"), else each number is said once.
func rules(m int, spelled bool) []bloc {
	all := []bloc{{rule: review.RuleAll, seats: m}}
	if m > 1 || spelled {
		all = append(all, bloc{rule: review.RuleAny, seats: m})
	}
	for n := 1; n <= m; n++ {
		if spelled || n > 1 && n < m {
			all = append(all, bloc{rule: review.RuleSome, n: n, seats: m})
		}
	}
	return all
}

// sequences are all policies of that many seats: groups one after the other.
func sequences(seats int, spelled bool) [][]bloc {
	if seats == 0 {
		return [][]bloc{nil}
	}
	var all [][]bloc
	for first := 1; first <= seats; first++ {
		for _, rest := range sequences(seats-first, spelled) {
			for _, b := range blocs(first, spelled) {
				all = append(all, append([]bloc{b}, rest...))
			}
		}
	}
	return all
}

var names = []string{"a", "b", "c", "d"}

// trial compares one policy, with some seats empty, in every order of answers.
type trial struct {
	t      *testing.T
	blocs  []bloc
	tables []table
	enough []int // by group
	group  []int // by seat
	place  []int // by seat: its index in its group
	words  []int // by group: an index into its table
	twin   []int // by seat: the seat before it that differs in nothing, or -1
	used   []bool
	empty  []bool
	// reads are the sections that each seat names when it speaks, nil where nobody has
	// to read; heard is what was named so far.
	reads []set
	heard set
	r     review.Request
	ids   []string
	seen  int
}

// said are the words for each set of a document's two sections.
var said = [][]string{nil, {"1"}, {"2"}, {"all"}}

// whole is the set of both sections.
const whole set = 3

func newTrial(t *testing.T, policy []bloc, empty set, reads []set) *trial {
	tr := &trial{t: t, blocs: policy, words: make([]int, len(policy)), ids: []string{"1", "2", "3", "4"}, reads: reads}
	tr.r = review.Request{ID: "q", Kind: review.Decision, Owner: "owner", Vendor: "acme", Opened: monday}
	if reads != nil {
		tr.r.ReadAll, tr.r.Versions = true, []review.Version{{Number: 1, Document: "d", Sections: []string{"1", "2"}, At: monday}}
	}
	for g, b := range policy {
		first := len(tr.group)
		group := review.Group{Rule: b.rule, N: b.n}
		for i := range b.seats {
			at := first + i
			vacant := empty>>at&1 == 1
			s := review.Seat{ID: names[at], Role: "r", Mandatory: b.mandatory>>i&1 == 1, Veto: b.veto>>i&1 == 1}
			group.Seats = append(group.Seats, s)
			seating := review.Seating{Seat: s.ID, Group: g}
			if !vacant {
				seating.Holders = []review.Holder{{Person: "p" + s.ID, Via: review.ViaRole, Since: monday}}
			}
			twin := -1
			if i > 0 && !vacant && !tr.empty[at-1] && s.Mandatory == group.Seats[i-1].Mandatory && s.Veto == group.Seats[i-1].Veto &&
				(reads == nil || reads[at] == reads[at-1]) {
				twin = at - 1
			}
			tr.r.Seatings = append(tr.r.Seatings, seating)
			tr.group, tr.place = append(tr.group, g), append(tr.place, i)
			tr.twin, tr.empty = append(tr.twin, twin), append(tr.empty, vacant)
		}
		tr.enough = append(tr.enough, b.enough())
		tr.tables = append(tr.tables, b.table(empty>>first&(1<<b.seats-1)))
		tr.r.Policy.Groups = append(tr.r.Policy.Groups, group)
		tr.r.Clocks = append(tr.r.Clocks, review.Clock{Opened: monday, Due: friday})
	}
	tr.used = make([]bool, len(tr.group))
	return tr
}

// state is the oracle's word on the whole request: the first group that is not
// met speaks for it.
func (tr *trial) state(due int) (review.State, int) {
	for g, index := range tr.words {
		if s := tr.tables[g][index][due]; s != review.Met {
			return s, g
		}
	}
	switch last := len(tr.words) - 1; {
	case tr.reads == nil || tr.heard == whole:
	case slices.Contains(tr.empty, false): // somebody is there to read
		return review.Open, last
	default:
		return review.Vacant, last
	}
	return review.Met, len(tr.words)
}

// run walks all orders in which the seats that have not spoken might, each with
// each answer, and compares at every step.
func (tr *trial) run(depth int) {
	tr.compare()
	for seat, g := range tr.group {
		if tr.used[seat] || tr.empty[seat] || tr.twin[seat] >= 0 && !tr.used[tr.twin[seat]] {
			continue // of seats that differ in nothing the first speaks first
		}
		tr.used[seat] = true
		_, asked := tr.state(0)
		for _, w := range []word{yes, amend, no} {
			saved, index, heard := tr.r, tr.words[g], tr.heard
			tr.step(depth, seat, w, asked)
			tr.run(depth + 1)
			tr.r, tr.words[g], tr.heard = saved, index, heard
		}
		tr.used[seat] = false
	}
}

func (tr *trial) step(depth, seat int, w word, asked int) {
	g, due := tr.group[seat], depth&1
	now := tuesday
	if due == 1 {
		now = saturday
	}
	a := review.Answer{ID: tr.ids[depth], Request: "q", Seat: names[seat], Verdict: verdicts[w], Version: tr.r.Current(),
		Written: review.Written{Inside: "x"}, Person: review.Person{ID: "p" + names[seat], Active: true}}
	if tr.reads != nil {
		a.Read = said[tr.reads[seat]]
	}
	out, facts := tr.r.Judge(a, now)
	tr.r.Fold(facts)
	want, why := review.Counted, review.Refusal("")
	switch {
	case g > asked:
		want, why = review.Refused, review.NotYet
	case g < asked:
		want, why = review.Refused, review.Settled
	default:
		tr.words[g] |= w << (2 * tr.place[seat])
		if tr.reads != nil { // whoever spoke has read, whatever they said
			tr.heard |= tr.reads[seat]
		}
	}
	state, _ := tr.state(due)
	if out.Status != want || out.Refusal != why || out.State != state {
		tr.t.Fatalf("%s\nseat %s says %s: %s %s %s; the oracle: %s %s %s", tr, names[seat], verdicts[w],
			out.Status, out.Refusal, out.State, want, why, state)
	}
}

func (tr *trial) compare() {
	for due, now := range []time.Time{tuesday, saturday} {
		tr.seen++
		tally := tr.r.Tally(now)
		state, asked := tr.state(due)
		if tally.State != state || tally.Group != asked {
			tr.t.Fatalf("%s\n%s: %s in group %d; the oracle: %s in group %d", tr, now, tally.State, tally.Group, state, asked)
		}
		for g, gt := range tally.Groups {
			want := tr.tables[g][tr.words[g]][due]
			switch {
			case g > asked:
				want = review.Waiting
			case g == asked:
				want = state
			}
			if gt.State != want || gt.Needed != tr.enough[g] {
				tr.t.Fatalf("%s\n%s, group %d: %s, needs %d; the oracle: %s", tr, now, g, gt.State, gt.Needed, want)
			}
			for i, s := range gt.Seats {
				if said := verdicts[tr.words[g]>>(2*i)&3]; s.Verdict != said {
					tr.t.Fatalf("%s\nseat %s shows %q; it said %q", tr, s.Seat, s.Verdict, said)
				}
			}
		}
	}
}

func (tr *trial) String() string {
	s := fmt.Sprintf("policy %+v, empty %v, heard:", tr.blocs, tr.empty)
	for _, b := range tr.r.Ballots {
		s += fmt.Sprintf(" %s=%s", b.Seat, b.Verdict)
	}
	return s + fmt.Sprintf(", sections by seat %v", tr.reads)
}

// TestOracle compares Judge, Apply and Tally with the oracle for all policies up
// to four seats (up to renaming of seats), all answers, all orders in which they
// arrive, before and after the due date; up to three seats also with every
// spelling of a number and with every set of empty seats.
func TestOracle(t *testing.T) {
	t.Parallel()
	type job struct {
		policy []bloc
		empty  set
	}
	var jobs []job
	policies := 0
	for seats := 1; seats <= 4; seats++ {
		all := sequences(seats, seats < 4)
		if seats == 4 {
			for _, b := range blocs(4, true) {
				all = append(all, []bloc{b})
			}
		}
		policies += len(all)
		for _, p := range all {
			for empty := range 1 << seats {
				if empty == 0 || seats < 4 {
					jobs = append(jobs, job{p, empty})
				}
			}
		}
	}
	const shares = 2
	seen := make([]int, shares)
	t.Run("policies", func(t *testing.T) {
		for share := range shares {
			t.Run(fmt.Sprint(share), func(t *testing.T) {
				t.Parallel()
				for i := share * sampled; i < len(jobs); i += shares * sampled {
					tr := newTrial(t, jobs[i].policy, jobs[i].empty, nil)
					tr.run(0)
					seen[share] += tr.seen
				}
			})
		}
	})
	total := 0
	for _, n := range seen {
		total += n
	}
	t.Logf("%d policies, %d with their empty seats (1 in %d taken), %d combinations of policy, answers, order and due compared",
		policies, len(jobs), sampled, total)
}

// TestOracleKnowsTheRules holds the oracle itself to verdicts that were written
// by hand, so that both accounts can't be wrong in the same way.
func TestOracleKnowsTheRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		bloc  bloc
		words []word
		empty set
		due   bool
		want  review.State
	}{
		{"nobody spoke", bloc{rule: review.RuleAll, seats: 2}, []word{silent, silent}, 0, true, review.Open},
		{"both of all", bloc{rule: review.RuleAll, seats: 2}, []word{yes, yes}, 0, false, review.Met},
		{"one no of all", bloc{rule: review.RuleAll, seats: 2}, []word{no, silent}, 0, false, review.Denied},
		{"one no of any", bloc{rule: review.RuleAny, seats: 2}, []word{no, silent}, 0, false, review.Open},
		{"veto beats a number", bloc{rule: review.RuleAny, seats: 2, veto: 2}, []word{yes, no}, 0, false, review.Denied},
		{"mandatory missing", bloc{rule: review.RuleAny, seats: 2, mandatory: 2}, []word{yes, silent}, 0, false, review.Open},
		{"changes wait", bloc{rule: review.RuleAll, seats: 2}, []word{amend, silent}, 0, false, review.Open},
		{"changes at the due date", bloc{rule: review.RuleAll, seats: 2}, []word{amend, silent}, 0, true, review.Wanted},
		{"changes, nobody left to ask", bloc{rule: review.RuleAll, seats: 2}, []word{amend, silent}, 2, false, review.Wanted},
		{"an empty seat", bloc{rule: review.RuleAll, seats: 2}, []word{yes, silent}, 2, false, review.Vacant},
		{"two of three", bloc{rule: review.RuleSome, n: 2, seats: 3}, []word{yes, no, yes}, 0, false, review.Met},
		{"two of three can't", bloc{rule: review.RuleSome, n: 2, seats: 3}, []word{no, no, silent}, 0, false, review.Denied},
	} {
		if got := c.bloc.verdict(c.words, c.empty, c.due); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := []int{len(blocs(1, true)), len(blocs(2, true)), len(blocs(3, true)), len(blocs(4, true))}; !slices.Equal(got, []int{12, 40, 100, 210}) {
		t.Errorf("groups of 1 to 4 seats: %v, want rules times multisets of four kinds: 12 40 100 210", got)
	}
}
