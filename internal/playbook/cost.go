package playbook

import (
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// tierCost is what a vendor of a tier costs at most, if nothing is refused or asked
// again: people who answer, and requests that they, or the vendor, are asked. What
// the owner is asked between steps is not counted, but for the choice between offers
// and a single source.
type tierCost struct {
	Tier     engagement.Tier `json:"tier"`
	People   int             `json:"people"`
	Requests int             `json:"requests"`
}

// mostNamed bounds the categories and systems of which all combinations are tried;
// with more of them every condition is taken to hold.
const mostNamed = 12

// costs is what a vendor of each tier costs that the rules can give. It is found by
// trying every combination of what the rules and conditions name.
func (p Playbook) costs() []tierCost {
	var all []tierCost
	for _, tier := range p.ruledTiers() {
		all = append(all, tierCost{Tier: tier})
	}
	for _, f := range p.everyFacts() {
		tier := TierFor(p.Tiers, f)
		i := slices.IndexFunc(all, func(c tierCost) bool { return c.Tier == tier })
		if i < 0 {
			continue
		}
		steps := p.requests(tier, func(c Condition) bool { return c.holds(f) })
		all[i].most(steps)
	}
	for i := range all {
		if all[i].Requests == 0 { // none of the combinations has the tier, or there are too many
			all[i].most(p.requests(all[i].Tier, func(Condition) bool { return true }))
		}
	}
	return all
}

// most raises the cost to that of the steps.
func (c *tierCost) most(steps []Step) {
	c.Requests = max(c.Requests, len(steps))
	c.People = max(c.People, people(steps))
}

// requests are the steps that are asked of a vendor of the tier, the decisions on what
// they bring and the choice between offers and a single source among them.
func (p Playbook) requests(tier engagement.Tier, holds func(Condition) bool) []Step {
	var steps []Step
	offers, read := false, false
	for _, s := range p.Boarding() {
		if !s.Applies(tier) || !holds(s.When) || s.Process == DPA && !holds(p.DPAWhen) || read && s.reads() {
			continue
		}
		read = read || s.reads()
		if s.Does == DoesOffers || s.Does == DoesWaive {
			if offers { // one of the two is asked, and before it the owner
				steps = append(steps, NewChore(ChoreCompetition, Onboarding, p.Chores).Step)
				continue
			}
			offers = true
		}
		steps = append(steps, s)
		if s.Accept != nil {
			steps = append(steps, s.accepting())
		}
	}
	return steps
}

// reads reports whether the step is a contract review, of which a case has one.
func (s Step) reads() bool { return s.Process == Contract && s.Does == "" }

// accepting is the decision on what the step brought.
func (s Step) accepting() Step {
	a := s
	a.ID, a.Kind, a.Policy = s.ID+acceptEnding, review.Decision, *s.Accept
	a.Title, a.Ask = AcceptWords(s)
	a.Points, a.Form, a.Accept, a.Does, a.Criteria, a.ReadAll = nil, "", nil, "", nil, false
	return a
}

// people is how many people of ours the steps need at most: for each role as many as
// one step seats, and whoever asks for the vendor and owns the case.
func people(steps []Step) int {
	var roles []string
	var seats []int
	for _, s := range steps {
		for _, seat := range s.Policy.Seats() {
			if seat.Role != review.OwnerRole && seat.Role != review.VendorRole && seat.Role != review.OutsideRole && !slices.Contains(roles, seat.Role) {
				roles, seats = append(roles, seat.Role), append(seats, 0)
			}
		}
	}
	sum := 1
	for i, role := range roles {
		for _, s := range steps {
			n := 0
			for _, seat := range s.Policy.Seats() {
				if seat.Role == role {
					n++
				}
			}
			seats[i] = max(seats[i], n)
		}
		sum += seats[i]
	}
	return sum
}

// everyFacts are facts of which at least one meets each combination of conditions that
// can be met together; none where there would be too many.
func (p Playbook) everyFacts() []Facts {
	conditions := []Condition{p.DPAWhen}
	for _, r := range p.Tiers {
		conditions = append(conditions, r.When)
	}
	for _, s := range p.Boarding() {
		conditions = append(conditions, s.When)
	}
	var data, systems []string
	lessons, costs := apart(conditions), []int{0}
	for _, c := range conditions {
		data, systems, costs = append(data, c.Data...), append(systems, c.Systems...), append(costs, c.CostFrom)
	}
	data, systems, costs = each(data), each(systems), each(costs)
	if len(data)+len(systems)+len(lessons) > mostNamed {
		return nil
	}
	var all []Facts
	for mask := range 1 << (len(data) + len(systems) + len(lessons)) {
		var f Facts
		for i, w := range slices.Concat(data, systems, lessons) {
			switch {
			case mask>>i&1 == 0:
			case i < len(data):
				f.Data = append(f.Data, w)
			case i < len(data)+len(systems):
				f.Systems = append(f.Systems, w)
			default:
				f.Lessons = append(f.Lessons, w)
			}
		}
		for _, f.YearlyCost = range costs {
			all = append(all, f)
		}
	}
	return all
}

// apart are lessons of which no two stand in the same conditions: of those that do, one
// is as good as another.
func apart(conditions []Condition) []string {
	stands := func(id string) (in []int) {
		for i, c := range conditions {
			if slices.Contains(c.Lessons, id) {
				in = append(in, i)
			}
		}
		return in
	}
	var all []string
	for _, c := range conditions {
		for _, id := range c.Lessons {
			if !slices.ContainsFunc(all, func(have string) bool { return slices.Equal(stands(have), stands(id)) }) {
				all = append(all, id)
			}
		}
	}
	return all
}

// each is a list sorted, each entry once.
func each[T string | int](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}
