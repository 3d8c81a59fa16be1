package playbook

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// What was still to come when the case was held comes as much working time after
// it goes on; what has rung does not ring again, and nothing rings meanwhile.
func TestAlarmsOfAHeldCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		snap, own := alarmYears(), alarmHours(9, 17)
		d, r := alarmDeadlines(), askedTwo()
		held := alarmOpening.Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "held")) * time.Hour)
		resumed := held.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "for")) * time.Hour)
		before := d.Alarms(r, held, snap, own, nil)
		r.Apply(review.Fact{Kind: review.FactHeld, Request: "r", At: held})
		if a := d.Alarms(r, held.AddDate(0, 1, 0), snap, own, nil); a != nil {
			t.Fatalf("a held case rings: %v", a)
		}
		r.Apply(review.Fact{Kind: review.FactResumed, Request: "r", At: resumed})
		due := Moved(snap, own, r.Clocks[0].Due, held, resumed)
		r.Apply(review.Fact{Kind: review.FactDue, Request: "r", At: resumed, Due: due})
		after := d.Alarms(r, held, snap, own, nil)
		if len(after) != len(before) {
			t.Fatalf("%d alarms became %d", len(before), len(after))
		}
		for i, b := range before {
			a := after[i]
			if b.Why != a.Why || b.Seat != a.Seat {
				t.Fatalf("%+v became %+v", b, a)
			}
			if !b.At.After(held) {
				if !a.At.Equal(b.At) {
					t.Fatalf("%s at %s had come; now it is at %s", b.Why, b.At, a.At)
				}
				continue
			}
			left, now := snap.Between(own, held, b.At), snap.Between(own, resumed, a.At)
			if left != now || a.At.Before(resumed) {
				t.Fatalf("%s had %s of working time left, now %s", b.Why, left, now)
			}
		}
	})
}

func TestMoved(t *testing.T) {
	t.Parallel()
	snap, own := alarmYears(), alarmHours(9, 17)
	day := func(n, hour int) time.Time {
		return alarmOpening.AddDate(0, 0, n).Add(time.Duration(hour-9) * time.Hour)
	}
	for name, c := range map[string]struct{ at, from, until, want time.Time }{
		"before the pause":        {day(0, 12), day(0, 13), day(9, 9), day(0, 12)},
		"two hours left":          {day(0, 15), day(0, 13), day(2, 9), day(2, 11)},
		"over the weekend":        {day(4, 12), day(4, 10), day(4, 16), day(7, 10)},
		"no pause":                {day(4, 12), day(4, 10), day(4, 10), day(4, 12)},
		"a pause of free time":    {day(7, 10), day(5, 9), day(6, 9), day(7, 10)},
		"nothing but free time":   {day(6, 12), day(5, 9), day(12, 12), day(14, 9)},
		"a pause that ends first": {day(4, 12), day(4, 10), day(3, 10), day(4, 12)},
	} {
		if got := Moved(snap, own, c.at, c.from, c.until); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A seat that is added to an old request is counted from then.
func TestAlarmsOfAnAddedSeat(t *testing.T) {
	t.Parallel()
	r := askedTwo()
	added := alarmOpening.AddDate(0, 0, 7)
	r.Apply(review.Fact{Kind: review.FactAdded, Request: "r", At: added, New: &review.Seat{ID: "tax", Role: "tax"}})
	r.Apply(review.Fact{Kind: review.FactSeated, Request: "r", At: added, Seat: "tax", Person: "tom", Holder: &review.Holder{Person: "tom", Since: added}})
	for _, a := range alarmDeadlines().Alarms(r, added, alarmYears(), alarmHours(9, 17), nil) {
		if a.Seat == "tax" && !a.At.After(added) {
			t.Errorf("the new seat is late at once: %+v", a)
		}
	}
}

func correctable() ([]Step, []TierRule) {
	step := func(id string, p Process, tiers ...engagement.Tier) Step {
		return Step{ID: id, Process: p, Tiers: tiers}
	}
	return []Step{step("need", Onboarding), step("audit", Onboarding, 1, 2), step("notice", Onboarding, 3), step("lawyers", Contract, 1), step("review", Contract, 2, 3)},
		[]TierRule{{Tier: 1, When: Condition{Data: []string{"health"}}}, {Tier: 2, When: Condition{CostFrom: 1000}}, {Tier: 3}}
}

func correctedIDs(steps []Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, s.ID)
	}
	return all
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	steps, rules := correctable()
	health := review.Act{Field: FieldData, Values: []string{"health"}}
	for name, c := range map[string]struct {
		act                  review.Act
		at                   Standing
		to                   engagement.Tier
		added, dropped, kept []string
	}{
		"nothing asked yet": {health, Standing{}, 1, []string{"audit", "lawyers"}, []string{"notice", "review"}, nil},
		"an open step":      {health, Standing{Open: []string{"notice"}}, 1, []string{"audit", "lawyers"}, []string{"notice", "review"}, nil},
		"an answer in force": {health, Standing{Open: []string{"notice"}, Bound: []string{"notice"}}, 1,
			[]string{"audit", "lawyers"}, []string{"review"}, []string{"notice"}},
		"a review that runs": {health, Standing{Open: []string{"review"}, Bound: []string{"review"}, Decided: []string{"notice"}}, 1,
			[]string{"audit", "lawyers"}, nil, []string{"review"}},
		"decided under an earlier tier": {health, Standing{Decided: []string{"audit", "notice"}}, 1, []string{"lawyers"}, []string{"review"}, nil},
		"a tier that stays":             {review.Act{Field: FieldSystems, Values: []string{"payroll"}}, Standing{}, 3, nil, nil, nil},
		"the cost":                      {review.Act{Field: FieldCost, Amount: 1000}, Standing{}, 2, []string{"audit"}, []string{"notice"}, nil},
	} {
		got, changes := Correct(steps, rules, 3, Facts{}, c.act, c.at)
		if !changes || got.To != c.to || got.From != 3 || got.Digest == "" {
			t.Errorf("%s: %t, %+v", name, changes, got)
		}
		if d := cmp.Diff([][]string{c.added, c.dropped, c.kept}, [][]string{correctedIDs(got.Added), correctedIDs(got.Dropped), correctedIDs(got.Kept)}); d != "" {
			t.Errorf("%s (- want, + got):\n%s", name, d)
		}
	}
	for _, a := range []review.Act{{Field: "vendor"}, {Field: FieldCost}, {Field: FieldCost, Amount: -1}, {Field: FieldData}, {}} {
		if c, changes := Correct(steps, rules, 3, Facts{}, a, Standing{}); changes {
			t.Errorf("%+v changes %+v", a, c)
		}
	}
}

// Two previews with one digest showed the same.
func TestTheDigestOfACorrection(t *testing.T) {
	t.Parallel()
	steps, rules := correctable()
	ids := []string{"need", "audit", "notice", "lawyers", "review"}
	seen := map[string]Correction{}
	some := func(t *rapid.T, what string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(string) bool { return rapid.Bool().Draw(t, what) })
	}
	rapid.Check(t, func(t *rapid.T) {
		a := review.Act{Field: rapid.SampledFrom([]string{FieldData, FieldSystems, FieldCost}).Draw(t, "field"), Amount: rapid.IntRange(0, 2).Draw(t, "cost") * 1000,
			Values: rapid.SliceOfN(rapid.SampledFrom([]string{"health", "systems", "data"}), 0, 2).Draw(t, "values")}
		at := Standing{Open: some(t, "open"), Decided: some(t, "decided"), Bound: some(t, "bound")}
		c, changes := Correct(steps, rules, rapid.SampledFrom([]engagement.Tier{1, 2, 3}).Draw(t, "tier"), Facts{}, a, at)
		if !changes {
			return
		}
		if was, known := seen[c.Digest]; known && fmt.Sprintf("%v", was) != fmt.Sprintf("%v", c) {
			t.Fatalf("one digest for\n%+v\n%+v", was, c)
		}
		seen[c.Digest] = c
		for _, s := range c.Dropped {
			if slices.Contains(at.Bound, s.ID) {
				t.Fatalf("%s is dropped though an answer is in force", s.ID)
			}
		}
	})
}

func TestStand(t *testing.T) {
	t.Parallel()
	closed := func(step, why string) review.Request {
		return review.Request{ID: step, Step: step, Closed: &review.Closing{Why: why}}
	}
	inForce := review.Request{ID: "law", Step: "law", Policy: review.Policy{Groups: []review.Group{{Seats: []review.Seat{{ID: "s", Veto: true}}}}},
		Ballots: []review.Ballot{{Seat: "s", Verdict: review.Approve}}}
	got := Stand([]review.Request{closed("a", "decided"), closed("b", "waived"), closed("c", "superseded"), closed("d", "decided"), closed("d", "reopened"), inForce, {ID: "e", Step: "e"}}, []string{"review"})
	want := Standing{Open: []string{"review", "law", "e"}, Bound: []string{"review", "law"}, Decided: []string{"a", "b"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("standing (- want, + got):\n%s", d)
	}
}

func TestCheckCorrection(t *testing.T) {
	t.Parallel()
	p := Playbook{Data: []string{"health"}}
	for name, c := range map[string]struct {
		act    review.Act
		faults int
	}{
		"known data":    {review.Act{Field: FieldData, Values: []string{"health"}}, 0},
		"no data":       {review.Act{Field: FieldData}, 0},
		"unknown data":  {review.Act{Field: FieldData, Values: []string{"genome"}}, 1},
		"twice":         {review.Act{Field: FieldData, Values: []string{"health", "health"}}, 1},
		"a system":      {review.Act{Field: FieldSystems, Values: []string{"payroll"}}, 0},
		"a sentence":    {review.Act{Field: FieldSystems, Values: []string{"Mr Smith's laptop"}}, 1},
		"a cost":        {review.Act{Field: FieldCost, Amount: 5}, 0},
		"below zero":    {review.Act{Field: FieldCost, Amount: -5}, 1},
		"no such field": {review.Act{Field: "vendor"}, 1},
	} {
		if got := p.CheckCorrection(c.act); len(got) != c.faults {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOwnerNow(t *testing.T) {
	t.Parallel()
	at := alarmOpening
	people := []Person{{ID: "ola"}, {ID: "dan"}, {ID: "sue"}, {ID: "vi", Employer: "acme"}, {ID: "left", Left: true},
		{ID: "away", Away: []Away{{From: at.Add(-time.Hour), Until: at.Add(time.Hour)}}}}
	for _, c := range []struct {
		owner, deputy, sponsor, want string
		recused                      []string
	}{
		{"ola", "dan", "sue", "ola", nil}, {"left", "dan", "sue", "dan", nil}, {"away", "", "sue", "sue", nil},
		{"ola", "dan", "sue", "sue", []string{"ola", "dan"}}, {"vi", "nemo", "left", "", nil}, {"", "", "", "", nil},
	} {
		if got := OwnerNow(people, c.owner, c.deputy, c.sponsor, c.recused, at); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// However people stand to one another, replacing one of them leaves a file that
// can be applied, in which nobody but the leaver's own record names the leaver.
func TestReplaceLeavesAFileThatCanBeApplied(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := make([]Person, 6)
		for i := range people {
			people[i] = Person{ID: fmt.Sprintf("p%d", i), Name: "n", Hours: calendar.Schedule{Zone: "UTC", Week: alarmHours(9, 17).Week}, Roles: []string{fmt.Sprintf("r%d", i%3)}}
			if i > 0 && rapid.Bool().Draw(t, "managed") {
				people[i].Manager = fmt.Sprintf("p%d", rapid.IntRange(0, i-1).Draw(t, "manager"))
			}
			if i > 0 && rapid.Bool().Draw(t, "backed") {
				people[i].Backups = []string{fmt.Sprintf("p%d", rapid.IntRange(0, i-1).Draw(t, "backup"))}
			}
		}
		if f := CheckPeople(people); f != nil {
			t.Fatalf("drew people with faults: %v", f)
		}
		a, b := rapid.IntRange(0, 5).Draw(t, "a"), rapid.IntRange(0, 5).Draw(t, "b")
		if a == b {
			return
		}
		from, by := people[a].ID, people[b].ID
		next, _ := Replace(people, from, by)
		if f := CheckPeople(next); f != nil {
			t.Fatalf("%s by %s: %v\n%+v\n%+v", from, by, f, people, next)
		}
		again, _ := Replace(next, from, by)
		if d := cmp.Diff(next, again); d != "" {
			t.Fatalf("doing it again changes:\n%s", d)
		}
		for _, p := range next {
			if p.ID == from {
				if !p.Left {
					t.Fatal("the leaver is still here")
				}
				continue
			}
			if p.Manager == from || slices.Contains(p.Backups, from) {
				t.Fatalf("%+v still names %s", p, from)
			}
			if p.ID == by && !slices.Contains(p.Roles, people[a].Roles[0]) {
				t.Fatalf("%s has the roles %v", by, p.Roles)
			}
		}
	})
}
