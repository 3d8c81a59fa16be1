package playbook

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// monday is 23 November 2026, 09:00 UTC.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func utc() calendar.Snapshot {
	return calendar.Snapshot{From: monday, Until: monday.AddDate(3, 0, 0), Zones: []calendar.Zone{{Name: "UTC", Offsets: []calendar.Offset{{From: monday}}}},
		Holidays: []calendar.HolidaySet{{Name: "bank", Days: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 11, Day: 25}, Name: "Day off"}}}}}
}

func staff() []Person {
	return []Person{
		{ID: "ann", Name: "Ann", Roles: []string{"legal"}, Hours: office(), Backups: []string{"cas"}},
		{ID: "ben", Name: "Ben", Roles: []string{"boss"}, Hours: office()},
		{ID: "cas", Name: "Cas", Hours: office()},
		{ID: "dan", Name: "Dan", Roles: []string{"legal"}, Left: true},
		{ID: "eva", Name: "Eva", Hours: office()},
		{ID: "vic", Name: "Vic", Employer: "acme", Hours: office()},
	}
}

func acme() Intake {
	return Intake{Vendor: engagement.Vendor{Name: "Acme"}, Owner: "eva", Data: []string{"personal"}}
}

func step(p Plan, id string) PlannedStep {
	return p.Steps[slices.IndexFunc(p.Steps, func(s PlannedStep) bool { return s.ID == id })]
}

func TestPlanStagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	p := sound().Plan(staff(), acme(), utc(), monday)
	need, reading := step(p, "need"), step(p, "review")
	if !need.Opened.Equal(monday) || !need.Due.Equal(monday.AddDate(0, 0, 3)) || !reading.Opened.Equal(need.Due) || !p.End.Equal(reading.Due) {
		t.Errorf("need %s to %s, review from %s, end %s", need.Opened, need.Due, reading.Opened, p.End)
	}
	d := reading.Groups[0].Dates
	want := dates{Opened: monday.AddDate(0, 0, 3), Due: monday.AddDate(0, 0, 10), Backup: monday.AddDate(0, 0, 8), Manager: monday.AddDate(0, 0, 11), Owner: monday.AddDate(0, 0, 14)}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if p.Tier != 1 || p.Vendor != "acme" || p.Requester != "eva" {
		t.Errorf("%+v", p)
	}
}

func TestPlanCountsBankHolidays(t *testing.T) {
	t.Parallel()
	book := sound()
	book.Hours.Holidays = "bank"
	if due := step(book.Plan(staff(), acme(), utc(), monday), "need").Due; !due.Equal(monday.AddDate(0, 0, 4)) {
		t.Errorf("three working days over a bank holiday end on %s", due)
	}
}

func TestPlanOpensAGroupWhenTheOneBeforeItIsDue(t *testing.T) {
	t.Parallel()
	book := sound()
	pol := &book.Steps[1].Policy
	pol.Groups = []review.Group{{Rule: review.RuleAll, Seats: pol.Groups[0].Seats[:1]}, {Rule: review.RuleAll, Seats: pol.Groups[0].Seats[1:]}}
	s := step(book.Plan(staff(), acme(), utc(), monday), "review")
	if !s.Groups[1].Dates.Opened.Equal(s.Groups[0].Dates.Due) || !s.Due.Equal(s.Groups[1].Dates.Due) {
		t.Errorf("%+v", s.Groups)
	}
}

func TestPlanAsksAStageAtOnceAndSkipsOtherTiers(t *testing.T) {
	t.Parallel()
	book := sound()
	long, skipped := book.Steps[0], book.Steps[0]
	long.ID, long.Deadlines.Due = "long", days(5)
	skipped.ID, skipped.Tiers = "skipped", []engagement.Tier{2}
	book.Steps = append([]Step{long}, append(book.Steps, skipped)...) // the long one is not the last
	p := book.Plan(staff(), acme(), utc(), monday)
	var ids []string
	for _, s := range p.Steps {
		ids = append(ids, s.ID)
	}
	if d := cmp.Diff([]string{"long", "need", "review"}, ids); d != "" {
		t.Error(d)
	}
	if !step(p, "long").Opened.Equal(monday) || !step(p, "review").Opened.Equal(step(p, "long").Due) {
		t.Error("the next stage waits for the longest step of this one")
	}
	ben := p.Load[slices.IndexFunc(p.Load, func(l Load) bool { return l.Person == "ben" })]
	if ben.Requests != 3 || ben.Messages != 2 {
		t.Errorf("what opens at one moment is one message: %+v", ben)
	}
}

func TestPlanShowsEmptySeatsAndWhy(t *testing.T) {
	t.Parallel()
	why := func(change func(people []Person, in *Intake) []Person) []emptySeat {
		people, in := staff(), acme()
		return sound().Plan(change(people, &in), in, utc(), monday).Empty
	}
	for _, c := range []struct {
		name   string
		change func(people []Person, in *Intake) []Person
		want   []emptySeat
	}{
		{"all there", func(p []Person, _ *Intake) []Person { return p }, nil},
		{"nobody holds the role", func(p []Person, _ *Intake) []Person { p[0].Roles, p[3].Roles = nil, nil; return p },
			[]emptySeat{{"review", "legal", "legal", "nobody holds the role"}}},
		{"the boss asks", func(p []Person, in *Intake) []Person { in.Owner = "ben"; return p },
			[]emptySeat{{"need", "boss", "boss", "the only one who could asks for it themselves"}, {"review", "boss", "boss", "the only one who could asks for it themselves"}}},
		{"somebody else files it", func(p []Person, in *Intake) []Person { in.Owner, in.From.ID = "ben", "eva"; return p }, nil},
		{"only the vendor's people", func(p []Person, _ *Intake) []Person { p[1].Roles, p[5].Roles = nil, []string{"boss"}; return p },
			[]emptySeat{{"need", "boss", "boss", "only people of the vendor hold the role"}, {"review", "boss", "boss", "only people of the vendor hold the role"}}},
		{"one for two, paired", func(p []Person, _ *Intake) []Person { p[1].Roles = []string{"boss", "legal"}; return p[1:2] }, nil},
	} {
		if d := cmp.Diff(c.want, why(c.change)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	book := sound()
	book.Steps[1].Policy.Pairs = nil
	people := []Person{{ID: "ben", Roles: []string{"boss", "legal"}, Hours: office()}}
	got := book.Plan(people, acme(), utc(), monday).Empty
	if d := cmp.Diff([]emptySeat{{"review", "boss", "boss", "those who could sit in another seat of this step already"}}, got); d != "" {
		t.Error(d)
	}
}

func TestPlanPassesOverWhoIsAway(t *testing.T) {
	t.Parallel()
	people := staff()
	people[0].Away = []Away{{From: monday, Until: monday.AddDate(0, 0, 4)}}
	seat := step(sound().Plan(people, acme(), utc(), monday), "review").Groups[0].Seats[0]
	if seat.Person != "cas" || seat.Via != review.ViaBackup || seat.For != "ann" || seat.Backup != "" {
		t.Errorf("%+v", seat)
	}
	people[0].Away = []Away{{From: monday.AddDate(0, 0, 4), Until: monday.AddDate(0, 0, 14)}} // when she has been asked
	seat = step(sound().Plan(people, acme(), utc(), monday), "review").Groups[0].Seats[0]
	if want := []time.Time{monday.AddDate(0, 0, 14)}; seat.Person != "ann" || seat.Backup != "cas" || !cmp.Equal(want, seat.Remind) {
		t.Errorf("reminders wait until she is back: %+v", seat)
	}
	people[2].Away = []Away{{From: monday.AddDate(0, 0, 7), Until: monday.AddDate(0, 0, 9)}} // when the backup would join
	seat = step(sound().Plan(people, acme(), utc(), monday), "review").Groups[0].Seats[0]
	if seat.Backup != "" {
		t.Errorf("the backup is away when they would join: %+v", seat)
	}
}

func TestPlanNamesWhoHoldsNothing(t *testing.T) {
	t.Parallel()
	p := sound().Plan(staff(), acme(), utc(), monday)
	if d := cmp.Diff([]string{"cas", "eva"}, p.Idle); d != "" {
		t.Error("neither those who left nor the vendor's people are idle: " + d)
	}
}

func TestFewestIsTheLargestStepAndWhoAsks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		book := Playbook{Roles: []string{"a", "b", review.OwnerRole}}
		most := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "steps") {
			n := rapid.IntRange(1, 6).Draw(t, "seats")
			most = max(most, n)
			s := Step{ID: fmt.Sprint(i), Kind: review.Decision, Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll}}}}
			for j := range n {
				role := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "role")
				s.Policy.Groups[0].Seats = append(s.Policy.Groups[0].Seats, review.Seat{ID: fmt.Sprint(j), Role: role})
			}
			book.Steps = append(book.Steps, s)
		}
		if got := book.fewest(1); got != most+1 {
			t.Fatalf("%d people for %d seats and whoever asks", got, most)
		}
	})
}

// With pairs the fewest are at least what the pairs allow on paper, at most one
// a seat, and really fill every seat.
func TestFewestWithPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "seats")
		pol := seats(slices.Repeat([]string{"a"}, n)...)
		for i := range pol.Groups[0].Seats {
			pol.Groups[0].Seats[i].ID = fmt.Sprint(i)
			for j := range i {
				if rapid.Bool().Draw(t, "paired") {
					pol.Pairs = append(pol.Pairs, review.Pair{A: fmt.Sprint(j), B: fmt.Sprint(i)})
				}
			}
		}
		book := Playbook{Roles: []string{"a"}, Steps: []Step{{ID: "s", Kind: review.Decision, Policy: pol}}}
		got := book.fewest(1)
		if least := cover(pol) + 1; got < least || got > n+1 {
			t.Fatalf("%d people, want %d to %d", got, least, n+1)
		}
		if !seatsAll(book.Steps, everybody(book.Roles, got)) || got > 1 && seatsAll(book.Steps, everybody(book.Roles, got-1)) {
			t.Fatalf("%d is not the smallest number that fills the seats", got)
		}
	})
}

// cover is the smallest number of groups of seats in which every two are paired.
func cover(pol review.Policy) int {
	all := pol.Seats()
	fine := func(mask int) bool {
		for i := range all {
			for j := range i {
				if mask>>i&1 == 1 && mask>>j&1 == 1 && !pol.Paired(all[i].ID, all[j].ID) {
					return false
				}
			}
		}
		return true
	}
	best := make([]int, 1<<len(all))
	for mask := 1; mask < len(best); mask++ {
		best[mask] = bits.OnesCount(uint(mask))
		for sub := mask; sub > 0; sub = (sub - 1) & mask {
			if fine(sub) {
				best[mask] = min(best[mask], best[mask&^sub]+1)
			}
		}
	}
	return best[len(best)-1]
}

func TestFewestLooksAtStepsOfTheTierOnly(t *testing.T) {
	t.Parallel()
	book := sound()
	book.Steps[1].Tiers = []engagement.Tier{1}
	book.Steps[1].Policy.Pairs = nil
	if one, three := book.fewest(1), book.fewest(3); one != 3 || three != 2 {
		t.Errorf("tier 1 needs %d, tier 3 needs %d; want 3 and 2", one, three)
	}
}

func TestAttestationsHaveTexts(t *testing.T) {
	t.Parallel()
	if got := sound().Attestation("read") + sound().Attestation("other"); got != "I have read it.other" {
		t.Error(got)
	}
}

// TestPlanKeepsMakersFromAccepting: who would deliver does not accept it in the plan
// either, and the fewest people are one more.
func TestPlanKeepsMakersFromAccepting(t *testing.T) {
	t.Parallel()
	task := Step{ID: "plan", Process: Onboarding, Stage: "live", Kind: review.Task, Title: "Plan", Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "it", Role: "it"}}}}}}
	task.Accept = &review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "second", Role: "it"}}}}}
	p := Playbook{Name: "own", Roles: []string{"it"}, Tiers: []TierRule{{Tier: 3}}, Stages: []string{"live"}, Steps: []Step{task}}
	people := []Person{{ID: "ida", Name: "Ida", Roles: []string{"it"}}, {ID: "ivo", Name: "Ivo", Roles: []string{"it"}}, {ID: "ola", Name: "Ola"}}
	plan := p.Plan(people, Intake{Owner: "ola"}, calendar.Snapshot{}, time.Unix(0, 0).UTC())
	if got := []string{plan.Steps[0].Groups[0].Seats[0].Person, plan.Steps[1].Groups[0].Seats[0].Person}; !slices.Equal(got, []string{"ida", "ivo"}) {
		t.Errorf("delivered and accepted by %v", got)
	}
	if plan.Fewest != 2 { // who delivers, and who accepts
		t.Errorf("%d people would do", plan.Fewest)
	}
	alone := p.Plan(people[:1], Intake{Owner: "ida"}, calendar.Snapshot{}, time.Unix(0, 0).UTC())
	if len(alone.Empty) != 1 || alone.Empty[0].Step != "plan-accept" || alone.Requests != 2 {
		t.Errorf("alone: %+v, %d requests", alone.Empty, alone.Requests)
	}
}
