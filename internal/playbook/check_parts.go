package playbook

import (
	"fmt"
	"slices"

	"gangway/internal/engagement"
)

// checkParts wants, for every tier that the rules can give, one of what each process
// needs once: of two the second would never be asked, and without one it would have
// no end.
func (p Playbook) checkParts(f *faults) {
	say := tiered{faults: f, told: map[string]bool{}}
	for _, tier := range p.ruledTiers() {
		n := map[Purpose]int{}         // looked up only
		stages := map[Process]string{} // looked up only
		for i, s := range p.Steps {
			if !s.Applies(tier) || s.leaves() {
				continue
			}
			at := fmt.Sprintf("$.steps[%d]", i)
			n[s.Does]++
			if n[s.Does] > 1 && s.Does.single() {
				say.once(at+".does", "give the steps different tiers", "a second step does %s for %s", s.Does, tier)
			}
			if s.Process != Diligence && s.Process != Pilot {
				continue
			}
			if before, known := stages[s.Process]; known && before != s.Stage {
				say.once(at+".stage", "a process runs in one stage", "the %s of %s runs in the stage %s already", s.Process, tier, shown(before))
			}
			stages[s.Process] = s.Stage
		}
		if n[DoesWaive] > 0 && n[DoesOffers] == 0 {
			say.once("$.steps", "add a step with `does: offers`, or leave the other out", "a single source can be allowed for %s, but no step collects offers", tier)
		}
		p.checkEnds(say, tier, n, stages)
	}
	p.checkGate(f)
}

// tiered says what is wrong for several tiers once, for the first of them.
type tiered struct {
	faults *faults
	told   map[string]bool // looked up only
}

func (t tiered) once(place, hint, format string, args ...any) {
	if key := place + " " + format; !t.told[key] {
		t.told[key] = true
		t.faults.add(place, hint, format, args...)
	}
}

// single reports whether a tier has at most one step with the purpose.
func (d Purpose) single() bool {
	return d != "" && d != DoesClauses && d != DoesInterest && d != DoesContacts
}

// checkEnds wants what each part ends with.
func (p Playbook) checkEnds(say tiered, tier engagement.Tier, n map[Purpose]int, stages map[Process]string) {
	if _, runs := stages[Diligence]; runs {
		if n[DoesRisk] == 0 {
			say.once("$.steps", "add a task with `process: diligence`, `does: risk` and who accepts it", "the due diligence for %s ends without a risk record that is signed", tier)
		}
	}
	if _, runs := stages[Pilot]; runs {
		if n[DoesScore] == 0 {
			say.once("$.steps", "add a step with `kind: score`, `process: pilot` and `does: score`", "nobody scores the pilot for %s", tier)
		}
		if n[DoesGo] == 0 {
			say.once("$.steps", "add a decision with `process: pilot` and `does: go`", "the pilot for %s ends without a go or no-go", tier)
		}
	}
	for i, s := range p.Steps {
		at := fmt.Sprintf("$.steps[%d]", i)
		if s.Does == DoesScore && s.Applies(tier) && len(s.Criteria) == 0 {
			say.once(at+".criteria", "list what scorers give points for, with weights that add up to 100", "the pilot has no criteria")
		}
	}
	signed := false
	for _, s := range p.Steps {
		signed = signed || s.Does == DoesExitPlan && s.Applies(tier)
	}
	if tier <= 2 && !signed && p.whole() && !p.excused(tier) {
		say.once("$.tiers", "add a task with `does: exit-plan` and who accepts it, or write `exit-plan: none` beside the tier",
			"a vendor of %s would go live without an exit plan that is signed", tier)
	}
}

// whole reports whether the playbook looks after a vendor beyond its going live, or
// runs processes beside the contract review. Playbooks of before did neither.
func (p Playbook) whole() bool {
	return p.watches() || slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Does != "" && !s.leaves() })
}

func (p Playbook) watches() bool { return !p.Watch.Empty() }

// excused reports whether every rule that gives the tier says that there is no exit
// plan.
func (p Playbook) excused(tier engagement.Tier) bool {
	return !slices.ContainsFunc(p.Tiers, func(r TierRule) bool { return r.Tier == tier && !r.NoExitPlan })
}

// checkGate keeps both ways of the competition gate in one stage, where the owner
// chooses between them.
func (p Playbook) checkGate(f *faults) {
	for i, s := range p.Steps {
		if s.Does != DoesWaive || s.Process != Onboarding {
			continue
		}
		beside := slices.ContainsFunc(p.Steps, func(o Step) bool { return o.Does == DoesOffers && o.Stage == s.Stage })
		if !beside && slices.ContainsFunc(p.Steps, func(o Step) bool { return o.Does == DoesOffers }) {
			f.add(fmt.Sprintf("$.steps[%d].stage", i), "give both the same stage", "a single source is allowed in another stage than offers are collected in")
		}
	}
}

// checkOrder keeps what must come first in an earlier stage than what it is for.
func (p Playbook) checkOrder(f *faults) {
	last := len(p.Stages) - 1
	for i, s := range p.Steps {
		at := fmt.Sprintf("$.steps[%d].stage", i)
		switch stage := p.stageOf(s); {
		case stage < 0:
		case s.Does == DoesExitPlan && stage == last:
			f.add(at, "give it an earlier stage", "the exit plan would be signed while the vendor goes live")
		case s.Does == DoesExitPlan && !s.When.always():
			f.add(fmt.Sprintf("$.steps[%d].when", i), "give it tiers instead", "an exit plan is needed or not by the tier alone")
		case (s.Process == Diligence || s.Process == Pilot) && stage == last:
			f.add(at, "give it an earlier stage", "the %s would run while the vendor goes live", s.Process)
		case s.Does == DoesNDA:
			p.checkUndisclosed(f, i, stage)
		}
	}
}

// checkUndisclosed lets nothing be asked of the vendor, or go to them, before they
// signed, offers excepted: those are collected from outside.
func (p Playbook) checkUndisclosed(f *faults, nda, stage int) {
	for i, s := range p.Steps {
		if i == nda || s.Does == DoesOffers || p.stageOf(s) > stage || p.stageOf(s) < 0 || !p.together(p.Steps[nda], s) {
			continue
		}
		at := fmt.Sprintf("$.steps[%d]", i)
		switch {
		case s.Process == Contract:
			f.add(at, "put the stage of the NDA before the contract", "a contract goes to the vendor before the NDA is signed")
		case s.Process == DPA && s.AsksVendor(), s.Process == Pilot, s.AsksVendor():
			f.add(at+".stage", "give it a stage after the NDA's", "the vendor is asked before the NDA of the step %s is signed", shown(p.Steps[nda].ID))
		}
	}
}

// together reports whether both steps are asked for some tier.
func (p Playbook) together(a, b Step) bool {
	return slices.ContainsFunc(p.ruledTiers(), func(t engagement.Tier) bool { return a.Applies(t) && b.Applies(t) })
}

// stageOf is the place of the stage in which a step is asked; -1: there is none.
func (p Playbook) stageOf(s Step) int {
	if s.Process == Contract || s.Process == DPA {
		return slices.Index(p.Stages, ContractStage)
	}
	return slices.Index(p.Stages, s.Stage)
}

// checkWatch checks the declaration and what is watched while the vendor works.
func (p Playbook) checkWatch(f *faults) {
	if p.Declaration != "" && !slices.ContainsFunc(p.Attestations, func(a Attestation) bool { return a.ID == p.Declaration }) {
		var known []string
		for _, a := range p.Attestations {
			known = append(known, a.ID)
		}
		f.add("$.declaration", meant(p.Declaration, known), "unknown attestation %s", shown(p.Declaration))
	}
	known := 0
	for _, kind := range engagement.ExpiryKinds() {
		days, given := p.Watch.Lead[kind]
		if !given {
			continue
		}
		known++
		if days < 1 || days > 730 {
			f.add("$.watch.lead."+string(kind), "1 to 730", "nothing can be brought up %d days ahead", days)
		}
	}
	if known != len(p.Watch.Lead) {
		f.add("$.watch.lead", "", "something is watched that does not expire")
	}
	for tier := engagement.Tier(1); tier <= 4; tier++ {
		months, given := p.Watch.Reviews[tier]
		if given && (months < 1 || months > 60) {
			f.add(fmt.Sprintf("$.watch.reviews.%d", tier), "1 to 60", "a vendor can't be looked at every %d months", months)
		}
	}
	if p.Watch.NoticeLead < 0 || p.Watch.NoticeLead > 730 {
		f.add("$.watch.noticeLead", "1 to 730", "nobody decides %d days before notice has to go out", p.Watch.NoticeLead)
	}
	if p.Watch.AccessDays < 0 || p.Watch.AccessDays > 1830 {
		f.add("$.watch.accessDays", "1 to 1830", "no access lasts %d days", p.Watch.AccessDays)
	}
}
