package exit

import (
	"testing"
	"time"
)

// TestWhatHasAnotherInItsPlaceIsNotGivenUp: a step that this kind of exit leaves out is not
// given up where another one does the same for all that it would have done.
func TestWhatHasAnotherInItsPlaceIsNotGivenUp(t *testing.T) {
	t.Parallel()
	roster := Piece{Step: "access-roster", Part: "revocation", Does: "roster", Days: 3}
	domains := Piece{Step: "hand-over-domains", Part: "handover", Does: "hand-over", Kinds: []AssetKind{AssetDomain}, Days: 5}
	for _, c := range []struct {
		name    string
		left    Piece
		asked   []Piece
		givenUp bool
	}{
		{"nothing else", roster, nil, true},
		{"the same by the clock", roster, []Piece{{Step: "access-roster-now", Part: "revocation", Does: "roster"}}, false},
		{"the same word in another part", roster, []Piece{{Step: "other", Part: "handover", Does: "roster"}}, true},
		{"something else of that part", roster, []Piece{{Step: "other", Part: "revocation", Does: "cut"}}, true},
		{"nobody knows what it does", Piece{Step: "a", Part: "exit"}, []Piece{{Step: "b", Part: "exit"}}, true},
		{"all kinds are handed over", domains, []Piece{{Step: "hand-over-all", Part: "handover", Does: "hand-over"}}, false},
		{"that kind is, among others", domains, []Piece{{Step: "x", Part: "handover", Does: "hand-over", Kinds: []AssetKind{AssetStaff, AssetDomain}}}, false},
		{"another kind is", domains, []Piece{{Step: "x", Part: "handover", Does: "hand-over", Kinds: []AssetKind{AssetStaff}}}, true},
		{"one kind of all is", Piece{Step: "all", Part: "handover", Does: "hand-over"}, []Piece{domains}, true},
	} {
		from := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		given := Wanted{From: from, By: from.AddDate(0, 6, 0), Omitted: []Piece{c.left}, Asked: c.asked}.Schedule().GivenUp
		found := false
		for _, g := range given {
			found = found || g.ID == c.left.Step && g.How == LeftOut
		}
		if found != c.givenUp {
			t.Errorf("%s: given up %t, want %t: %+v", c.name, found, c.givenUp, given)
		}
	}
}

// What is given up has words for people, also where a later release knows more.
func TestGivenUpInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		g             GivenUp
		became, since string
	}{
		{GivenUp{How: LeftOut, Why: WhyMode}, "left out", "exits of this kind do not ask it"},
		{GivenUp{How: Shortened, Why: WhyTime, Wanted: 1, Days: 0}, "shortened", "it wants 1 day and has 0"},
		{GivenUp{How: NotByThen, Why: WhyReceiver, Wanted: 9, Days: -2}, "not there by then", "whoever takes it has others to take first: it wants 9 days, and 0 are left then"},
		{GivenUp{How: NotByThen, Why: WhyPeriod, Wanted: 28, Days: 10}, "not there by then", "rules from outside give it 28 days, and 10 are left"},
		{GivenUp{How: NotByThen, Why: WhyNoStep}, "not there by then", "no step of this exit has it pass over"},
		{GivenUp{How: "put-off", Why: "of-a-later-release"}, "put off", "of a later release"},
	} {
		if c.g.Became() != c.became || c.g.Because() != c.since {
			t.Errorf("%+v reads %q, because %q", c.g, c.g.Became(), c.g.Because())
		}
	}
}
