package review_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

// bench reads "Anna", "Anna+" (a backup) and "Anna~" (away until Friday).
func bench(seat string, people ...string) review.Bench {
	b := review.Bench{Seat: seat}
	for _, p := range people {
		c := review.Candidate{Via: review.ViaRole}
		for len(p) > 0 && (p[len(p)-1] == '+' || p[len(p)-1] == '~') {
			if p[len(p)-1] == '+' {
				c.Via, c.For = review.ViaBackup, b.Candidates[0].Person.ID
			} else {
				c.Away = friday
			}
			p = p[:len(p)-1]
		}
		c.Person = review.Person{ID: p, Active: true}
		b.Candidates = append(b.Candidates, c)
	}
	return b
}

func empty(t *testing.T, p review.Policy) *room {
	return gather(t, p, func(r *review.Request) {
		for i := range r.Seatings {
			r.Seatings[i].Holders = nil
		}
	})
}

// seated assigns and returns who got which seat, as "seat=Person" in seat order.
func (m *room) seated(benches ...review.Bench) []string {
	m.t.Helper()
	facts := m.r.Assign(benches, m.now)
	m.fold(facts...)
	var got []string
	for _, f := range facts {
		if f.Kind != review.FactSeated || f.Person != f.Holder.Person || !f.Holder.Since.Equal(m.now) || !m.r.Holds(f.Seat, f.Person, m.now) {
			m.t.Errorf("an odd fact: %+v", f)
		}
		got = append(got, f.Seat+"="+f.Person)
	}
	return got
}

func TestAssign(t *testing.T) {
	t.Parallel()
	pair := []review.Pair{{A: "one", B: "two"}}
	for _, c := range []struct {
		name    string
		seats   []string
		pairs   []review.Pair
		benches []review.Bench
		want    []string
	}{
		{"the first of the role is preferred", []string{"one"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert")}, []string{"one=Anna"}},
		{"a role shared by two seats seats both", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert"), bench("two", "Anna", "Bert")}, []string{"one=Anna", "two=Bert"}},
		{"a later seat moves an earlier one rather than stay empty", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert"), bench("two", "Anna")}, []string{"one=Bert", "two=Anna"}},
		{"along a chain too", []string{"one", "two", "three"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert"), bench("two", "Bert", "Carl"), bench("three", "Anna")},
			[]string{"one=Bert", "two=Carl", "three=Anna"}},
		{"nobody is moved to a backup where the other seat has another of the role", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert+"), bench("two", "Anna", "Carl")}, []string{"one=Anna", "two=Carl"}},
		{"a backup rather than an empty seat", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert+"), bench("two", "Anna")}, []string{"one=Bert", "two=Anna"}},
		{"people who are away are skipped while somebody else is there", []string{"one"}, nil,
			[]review.Bench{bench("one", "Anna~", "Bert+")}, []string{"one=Bert"}},
		{"but never empty a seat", []string{"one"}, nil,
			[]review.Bench{bench("one", "Anna~")}, []string{"one=Anna"}},
		{"nobody is moved to somebody away", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna", "Bert~"), bench("two", "Anna", "Carl")}, []string{"one=Anna", "two=Carl"}},
		{"one human, one seat", []string{"one", "two"}, nil,
			[]review.Bench{bench("one", "Anna"), bench("two", "Anna")}, []string{"one=Anna"}},
		{"unless the policy pairs them", []string{"one", "two"}, pair,
			[]review.Bench{bench("one", "Anna"), bench("two", "Anna")}, []string{"one=Anna", "two=Anna"}},
		{"a pair is for want of people only", []string{"one", "two"}, pair,
			[]review.Bench{bench("one", "Anna", "Bert"), bench("two", "Anna")}, []string{"one=Bert", "two=Anna"}},
		{"pairs don't add up", []string{"one", "two", "three"}, append(pair, review.Pair{A: "one", B: "three"}),
			[]review.Bench{bench("one", "Anna"), bench("two", "Anna"), bench("three", "Anna")}, []string{"one=Anna", "two=Anna"}},
		{"requester and unknown seats get nothing", []string{"one"}, nil,
			[]review.Bench{bench("one", "Rita", "Anna"), bench("nowhere", "Bert")}, []string{"one=Anna"}},
		{"a seat without bench or without anybody stays empty", []string{"one", "two"}, nil,
			[]review.Bench{bench("two", "Rita")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := policy(all(c.seats...))
			p.Pairs = c.pairs
			if d := cmp.Diff(c.want, empty(t, p).seated(c.benches...)); d != "" {
				t.Errorf("seated (-want +got):\n%s", d)
			}
		})
	}
}

func TestAssignLeavesHoldersAloneAndRefillsEmptiedSeats(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	benches := []review.Bench{bench("legal", "Legal", "Boris+"), bench("security", "Sven")}
	if got := m.seated(benches...); got != nil {
		t.Errorf("seated %v though every seat has somebody", got)
	}
	m.counted(m.does("Legal", review.Recuse))
	if d := cmp.Diff([]string{"legal=Boris"}, m.seated(benches...)); d != "" {
		t.Errorf("seated (-want +got):\n%s", d)
	}
	h := m.r.Seating("legal").Holders[1]
	if h.Via != review.ViaBackup || h.From != "Legal" {
		t.Errorf("the backup's record: %+v; want via backup, from Legal", h)
	}
}

func TestAssignTakesNobodyFromAnotherSeat(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	m.fold(review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "Legal"})
	if got := m.seated(bench("legal", "Security")); got != nil {
		t.Errorf("seated %v", got)
	}
	m.r.Policy.Pairs = []review.Pair{{A: "security", B: "legal"}}
	if got := m.seated(bench("legal", "Security")); !slices.Equal(got, []string{"legal=Security"}) {
		t.Errorf("seated %v, want the paired person", got)
	}
}

func TestMayHold(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")))
	for _, c := range []struct {
		person review.Person
		want   bool
	}{
		{review.Person{ID: "Zoe", Active: true}, true},
		{review.Person{ID: "Zoe", Employer: "other", Active: true}, true},
		{review.Person{ID: "Zoe", Employer: "acme", Active: true}, false},
		{review.Person{ID: "Zoe"}, false},
		{review.Person{Active: true}, false},
		{review.Person{ID: "Rita", Active: true}, false},
		{review.Person{ID: "Legal", Active: true}, false},
		{review.Person{ID: "Security", Active: true}, false},
	} {
		if got := m.r.MayHold("legal", c.person, m.now); got != c.want {
			t.Errorf("%+v may hold legal: %v, want %v", c.person, got, c.want)
		}
	}
}

func TestRolesOfAPerson(t *testing.T) {
	t.Parallel()
	p := review.Person{Roles: []string{"legal", "privacy"}}
	if !p.Has("privacy") || p.Has("board") || p.Has("") {
		t.Error("roles are held as listed, no others")
	}
}
