package playbook

import (
	"fmt"
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Whether a data processing agreement is needed, as plans and the record have it.
const (
	Needed    = "needed"
	NotNeeded = "not-needed"
)

// collectionKinds are the three parts of a collection of a data processing agreement, in
// their order: the vendor delivers it, somebody goes through it point by point,
// and somebody signs it off.
func collectionKinds() []review.Kind {
	return []review.Kind{review.Delivery, review.Checklist, review.Decision}
}

// Collection is the steps of a DPA's collection for a tier.
type Collection struct {
	Ask, Check, Sign Step
}

// CollectionOf picks a collection's steps; false: the tier has none.
func CollectionOf(steps []Step, tier engagement.Tier) (Collection, bool) {
	var c Collection
	found := 0
	for i, part := range []*Step{&c.Ask, &c.Check, &c.Sign} {
		at := slices.IndexFunc(steps, func(s Step) bool { return s.Process == DPA && s.Kind == collectionKinds()[i] && s.Applies(tier) })
		if at >= 0 {
			*part = steps[at]
			found++
		}
	}
	return c, found == 3
}

// IDs of the three steps, in their order.
func (c Collection) IDs() []string { return []string{c.Ask.ID, c.Check.ID, c.Sign.ID} }

// Holds reports whether the facts meet the condition.
func (c Condition) Holds(f Facts) bool { return c.holds(f) }

// vendors reports whether a seat of the step is the vendor's.
func (s Step) vendors(seat string) bool {
	return slices.ContainsFunc(s.Policy.Seats(), func(x review.Seat) bool { return x.ID == seat && x.Role == review.VendorRole })
}

// outsiders reports whether a seat of the step is for somebody of neither side.
func (s Step) outsiders(seat string) bool {
	return slices.ContainsFunc(s.Policy.Seats(), func(x review.Seat) bool { return x.ID == seat && x.Role == review.OutsideRole })
}

// AsksVendor reports whether the step asks the vendor's people.
func (s Step) AsksVendor() bool {
	return slices.ContainsFunc(s.Policy.Seats(), func(x review.Seat) bool { return x.Role == review.VendorRole })
}

// checkCollections wants, for every tier that has a step of a collection, all
// three of its parts once: of two the second would never be asked, and without
// one of them nobody would have looked, or said yes.
func (p Playbook) checkCollections(f *faults) {
	has := slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Process == DPA })
	p.checkCondition(f, "$.dpaWhen", p.DPAWhen)
	switch {
	case !has && !p.DPAWhen.always():
		f.add("$.dpaWhen", "add the three steps with `process: dpa`, or leave it out", "no step collects a data processing agreement")
	case has && p.DPAWhen.always():
		f.add("$.dpaWhen", "name the data categories, as in `data: [personal]`", "nothing says when a data processing agreement is needed")
	}
	told := map[string]bool{} // looked up only
	for _, tier := range p.ruledTiers() {
		for _, kind := range collectionKinds() {
			n := 0
			for i, s := range p.Steps {
				if s.Process != DPA || s.Kind != kind || !s.Applies(tier) {
					continue
				}
				n++
				at := fmt.Sprintf("$.steps[%d]", i)
				if n > 1 && !told[at] {
					told[at] = true
					f.add(at, "put the seats into groups of the first, or give the steps different tiers",
						"a second step of the collection is a %s for %s", kind, tier)
				}
			}
			if n > 0 || !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Process == DPA && s.Applies(tier) }) {
				continue
			}
			if part := string(kind); !told[part] {
				told[part] = true
				f.add("$.steps", "a collection is a delivery of the vendor, a checklist and a decision, each with `process: dpa`",
					"the collection of the data processing agreement has no %s for %s", kind, tier)
			}
		}
	}
}

// ruledTiers are the tiers that the rules can give, the most critical first.
func (p Playbook) ruledTiers() []engagement.Tier {
	var tiers []engagement.Tier
	for _, r := range p.Tiers {
		if r.Tier.Valid() && !slices.Contains(tiers, r.Tier) {
			tiers = append(tiers, r.Tier)
		}
	}
	slices.Sort(tiers)
	return tiers
}

// checkCollectionStep checks a step of process dpa by itself.
func (p Playbook) checkCollectionStep(f *faults, at string, s Step) {
	if s.Stage != "" && s.Stage != ContractStage {
		f.add(at+".stage", "leave the stage out", "a step of the collection has no stage of its own")
	}
	if !slices.Contains(p.Stages, ContractStage) {
		f.add(at+".process", "add contract to the stages", "there is no stage in which the collection would run")
	}
	switch {
	case !slices.Contains(collectionKinds(), s.Kind):
		if slices.Contains(kinds(), string(s.Kind)) {
			f.add(at+".kind", "write `kind: delivery`, `kind: checklist` or `kind: decision`", "a collection has no %s", s.Kind)
		}
	case s.Kind == review.Delivery && !s.AsksVendor():
		f.add(at+".policy.groups", "give it a seat with `role: \"@vendor\"`", "nobody of the vendor is asked to deliver")
	}
}

// checkVendorSeats keeps the vendor's seats where the vendor's people can answer:
// in a delivery, among themselves, by mail or on the pages that their links open.
func (f *faults) checkVendorSeats(at string, s Step) {
	if !s.AsksVendor() {
		return
	}
	if s.Kind != review.Delivery || s.Process == Contract {
		f.add(at+".policy.groups", "ask it in a step with `kind: delivery`", "the vendor delivers and decides nothing: %s has no place in a %s",
			review.VendorRole, s.Kind)
		return
	}
	if s.Browser {
		f.add(at+".browser", "write `answer-by-mail: comments` where mail shall not count", "the vendor's people can't sign in")
	}
	for gi, g := range s.Policy.Groups {
		for si, seat := range g.Seats {
			here := fmt.Sprintf("%s.policy.groups[%d].seats[%d]", at, gi, si)
			if seat.Role != review.VendorRole {
				f.add(here+".role", "ask our own people in a step of their own", "a step that asks the vendor asks nobody else")
			}
			if len(seat.Attest) > 0 {
				f.add(here+".attest", "leave the statements out", "the vendor delivers documents and attests nothing")
			}
		}
	}
}
