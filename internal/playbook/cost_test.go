package playbook

import (
	"slices"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/review"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func costOf(p Playbook, tier engagement.Tier) tierCost {
	all := p.costs()
	if i := slices.IndexFunc(all, func(c tierCost) bool { return c.Tier == tier }); i >= 0 {
		return all[i]
	}
	return tierCost{}
}

func TestWhatAVendorOfATierCosts(t *testing.T) {
	t.Parallel()
	// need, choice, offers or single, nda, interests and their accepting, insurance and
	// its accepting, risk and its signing, milestone, halfway, score, go, review,
	// clauses, executed, exit and its signing, access, contacts: boss and legal read the
	// contract together, and whoever asks makes three
	p := complete()
	if d := cmp.Diff([]tierCost{{Tier: 1, People: 3, Requests: 21}, {Tier: 3, People: 3, Requests: 21}}, p.costs()); d != "" {
		t.Error(d)
	}
	if c := costOf(sound(), 1); c.Requests != 2 || c.People != 3 {
		t.Errorf("%+v", c)
	}
	p = collecting()
	if one, three := costOf(p, 1), costOf(p, 3); one.Requests != 5 || three.Requests != 2 {
		t.Errorf("personal data make it tier 1, and an agreement is needed there alone: %+v, %+v", one, three)
	}
}

// Of two steps that read the contract one is asked, and who reads it from outside is
// none of our people.
func TestCostsOfAContractThatAnotherStepReads(t *testing.T) {
	t.Parallel()
	p := sound()
	before := costOf(p, 1)
	outside := p.Steps[1]
	outside.ID, outside.When = "outside", Condition{Systems: []string{"crm"}}
	outside.Policy = seats(append(roles(outside.Policy), review.OutsideRole)...)
	outside.Policy.Groups[0].Seats[2].ID = "outside"
	p.Steps = slices.Insert(p.Steps, 1, outside)
	if c := costOf(p, 1); c != before {
		t.Errorf("%+v, want %+v", c, before)
	}
	if f := p.Check(); len(f) > 0 {
		t.Errorf("%v", f)
	}
	p.Steps[1].Policy = seats(append(roles(outside.Policy), "legal", "legal", "legal")...)
	if c := costOf(p, 1); c.People <= before.People || c.Requests != before.Requests {
		t.Errorf("%+v, want more people than %+v", c, before)
	}
}

func roles(p review.Policy) []string {
	var all []string
	for _, s := range p.Seats() {
		all = append(all, s.Role)
	}
	return all
}

// Two conditions that can't hold together in a tier are not added up, and a cost below
// a tier's threshold is still looked at.
func TestCostsTryWhatCanHoldTogether(t *testing.T) {
	t.Parallel()
	p := sound()
	extra := func(id string, c Condition) {
		s := p.Steps[0]
		s.ID, s.When = id, c
		p.Steps = append(p.Steps, s)
	}
	extra("dear", Condition{CostFrom: 100})
	extra("private", Condition{Data: []string{"personal"}})
	extra("wired", Condition{Systems: []string{"crm"}})
	if one, three := costOf(p, 1), costOf(p, 3); one.Requests != 5 || three.Requests != 4 {
		t.Errorf("%+v, %+v", one, three)
	}
	p.Tiers = []TierRule{{Tier: 1, When: Condition{CostFrom: 100}}, {Tier: 3}}
	if three := costOf(p, 3); three.Requests != 4 { // not dear
		t.Errorf("%+v", three)
	}
}

// The vendor's people are not ours, the owner is there anyhow, and a role that one step
// seats twice is two people.
func TestPeopleOfACost(t *testing.T) {
	t.Parallel()
	step := func(roles ...string) Step { return Step{Policy: seats(roles...)} }
	for _, c := range []struct {
		steps []Step
		want  int
	}{
		{nil, 1},
		{[]Step{step(review.OwnerRole), step(review.VendorRole)}, 1},
		{[]Step{step("boss"), step("boss", "legal"), step("legal", "legal")}, 4},
	} {
		if got := people(c.steps); got != c.want {
			t.Errorf("%+v: %d, want %d", c.steps, got, c.want)
		}
	}
}

// With more names than can be combined every condition is taken to hold.
func TestCostsOfTooManyNames(t *testing.T) {
	t.Parallel()
	p := sound()
	for i := range mostNamed + 1 {
		s := p.Steps[0]
		s.ID, s.When = "more", Condition{Systems: []string{string(rune('a' + i))}}
		p.Steps = append(p.Steps, s)
	}
	if c := costOf(p, 3); c.Requests != 2+mostNamed+1 {
		t.Errorf("%+v", c)
	}
}

// No facts ask for more than the cost says, and for some it is exactly that much.
func TestCostsAreTheMost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data, systems := []string{"a", "b"}, []string{"x", "y"}
		condition := func(name string) Condition {
			return Condition{Data: rapid.SliceOfNDistinct(rapid.SampledFrom(data), 0, 2, rapid.ID[string]).Draw(t, name+" data"),
				Systems:  rapid.SliceOfNDistinct(rapid.SampledFrom(systems), 0, 1, rapid.ID[string]).Draw(t, name+" systems"),
				CostFrom: rapid.SampledFrom([]int{0, 0, 10, 20}).Draw(t, name+" cost")}
		}
		p := Playbook{}
		for i := range rapid.IntRange(1, 3).Draw(t, "rules") {
			p.Tiers = append(p.Tiers, TierRule{Tier: engagement.Tier(i + 1), When: condition("rule")})
		}
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			p.Steps = append(p.Steps, Step{Process: Onboarding, When: condition("step"), Policy: seats("boss")})
		}
		most := map[engagement.Tier]int{}
		for mask := range 16 {
			var f Facts
			for i, w := range []string{"a", "b", "x", "y"} {
				switch {
				case mask>>i&1 == 0:
				case i < 2:
					f.Data = append(f.Data, w)
				default:
					f.Systems = append(f.Systems, w)
				}
			}
			for f.YearlyCost = range 30 {
				n := 0
				for _, s := range p.Steps {
					if s.When.Holds(f) {
						n++
					}
				}
				tier := TierFor(p.Tiers, f)
				most[tier] = max(most[tier], n)
			}
		}
		for _, c := range p.costs() {
			if want, reached := most[c.Tier]; reached && want > 0 && c.Requests != want {
				t.Fatalf("%s: %d requests, want %d", c.Tier, c.Requests, want)
			}
		}
	})
}
