package playbook

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"

	"pgregory.net/rapid"
)

// A rule that asks for lessons holds where one of them stands, and where there is none
// every rule gives what it gave before there were any.
func TestTiersByLessons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(exit.Lessons()), 0, 4, rapid.ID[string]).Draw(t, name)
		}
		var rules []TierRule
		for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
			rules = append(rules, TierRule{Tier: engagement.Tier(i + 1), When: Condition{CostFrom: rapid.SampledFrom([]int{0, 100}).Draw(t, "from"), Lessons: some("wanted")}})
		}
		rules = append(rules, TierRule{Tier: 4})
		f := Facts{YearlyCost: rapid.SampledFrom([]int{50, 100}).Draw(t, "cost"), Lessons: some("taught")}
		want := engagement.Tier(4)
		for _, r := range slices.Backward(rules) {
			met := len(r.When.Lessons) == 0
			for _, id := range r.When.Lessons {
				met = met || slices.Contains(f.Lessons, id)
			}
			if met && f.YearlyCost >= r.When.CostFrom {
				want = r.Tier
			}
		}
		if got := TierFor(rules, f); got != want {
			t.Fatalf("%+v of %+v: %s, want %s", f, rules, got, want)
		}
		without := slices.DeleteFunc(slices.Clone(rules), func(r TierRule) bool { return len(r.When.Lessons) > 0 })
		f.Lessons = nil
		if a, b := TierFor(rules, f), TierFor(without, f); a != b {
			t.Fatalf("nothing was taught, and it is %s instead of %s", a, b)
		}
	})
}

// Lessons are no field that somebody corrects: they stay with the facts, and the digest of
// a correction stands for them; where there are none nothing is packed that was not before.
func TestACorrectionKeepsTheLessons(t *testing.T) {
	t.Parallel()
	rules := []TierRule{{Tier: 1, When: Condition{Lessons: []string{exit.LessonIncident}}}, {Tier: 2, When: Condition{CostFrom: 100}}, {Tier: 3}}
	act := review.Act{Field: FieldCost, Amount: 200}
	plain, _ := Correct(nil, rules, 3, Facts{}, act, Standing{})
	warned, ok := Correct(nil, rules, 1, Facts{Lessons: []string{exit.LessonIncident}}, act, Standing{})
	if !ok || plain.To != 2 || warned.To != 1 || !slices.Equal(warned.Facts.Lessons, []string{exit.LessonIncident}) {
		t.Errorf("%+v, %+v", plain, warned)
	}
	other, _ := Correct(nil, rules, 1, Facts{Lessons: []string{exit.LessonIncident, exit.LessonLate}}, act, Standing{})
	if warned.Digest == other.Digest || warned.Digest == plain.Digest {
		t.Error("what was taught is not in the digest")
	}
	for _, v := range []any{Facts{YearlyCost: 1}, Condition{CostFrom: 1}, Intake{Reason: "r"}} {
		if text, err := json.Marshal(v); err != nil || strings.Contains(string(text), "essons") || strings.Contains(string(text), "taught") {
			t.Errorf("%s, %v", text, err)
		}
	}
	if _, ok := (Facts{}).Corrected("lessons", []string{exit.LessonLate}, 0); ok {
		t.Error("lessons are corrected")
	}
}

func TestLessonsThatNobodyTeaches(t *testing.T) {
	t.Parallel()
	p := sound()
	p.Tiers[0].When.Lessons = []string{exit.LessonLate, "lat"}
	if got := faultsOf(p); !strings.Contains(got, "$.tiers[0].when.lessons[1]: unknown lesson of an exit \"lat\" (did you mean late?)") {
		t.Error(got)
	}
	p = sound()
	p.Tiers = []TierRule{{Tier: 1, When: Condition{Lessons: []string{exit.LessonLate}}}, {Tier: 3}}
	if got := faultsOf(p); strings.Contains(got, "never reached") {
		t.Errorf("a rule that asks for lessons is taken for one that always matches: %s", got)
	}
}

func faultsOf(p Playbook) string {
	var all []string
	for _, f := range p.Check() {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}

// Lessons that stand in the same conditions are tried as one, so that a long list does not
// make too many combinations; what they cost is what it would be with each tried alone.
func TestCostsWithLessons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(exit.Lessons()[:4]), 0, 4, rapid.ID[string]).Draw(t, name)
		}
		p := Playbook{}
		for i := range rapid.IntRange(1, 3).Draw(t, "rules") {
			p.Tiers = append(p.Tiers, TierRule{Tier: engagement.Tier(i + 1), When: Condition{Lessons: some("rule")}})
		}
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			p.Steps = append(p.Steps, Step{Process: Onboarding, When: Condition{Lessons: some("step")}, Policy: seats("boss")})
		}
		most := map[engagement.Tier]int{}
		for mask := range 16 {
			var f Facts
			for i, id := range exit.Lessons()[:4] {
				if mask>>i&1 == 1 {
					f.Lessons = append(f.Lessons, id)
				}
			}
			n := 0
			for _, s := range p.Steps {
				if s.When.Holds(f) {
					n++
				}
			}
			most[TierFor(p.Tiers, f)] = max(most[TierFor(p.Tiers, f)], n)
		}
		for _, c := range p.costs() {
			if want := most[c.Tier]; want > 0 && c.Requests != want {
				t.Fatalf("%s: %d requests, want %d", c.Tier, c.Requests, want)
			}
		}
	})
	p := sound()
	p.Tiers = append([]TierRule{{Tier: 1, When: Condition{Lessons: exit.Lessons()}}}, p.Tiers...)
	if got := len(apart([]Condition{p.Tiers[0].When})); got != 1 {
		t.Errorf("%d lessons are told apart that stand in one condition", got)
	}
}
