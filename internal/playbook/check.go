package playbook

import (
	"fmt"
	"slices"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// Check returns every fault of the playbook at once, ordered by place; nil when
// it can be used. What it cannot know without a clock or files (does the zone
// exist? the holiday set?) is for whoever reads the playbook.
func (p Playbook) Check() []Fault {
	var f faults
	f.checkID("$.name", "the playbook's name", p.Name)
	f.checkLine("$.title", "the playbook's title", p.Title)
	f.checkSchedule("$.hours", p.Hours)
	f.checkWords("$.roles", "role", p.Roles)
	for i, role := range p.Roles {
		if isReserved(role) {
			f.add(fmt.Sprintf("$.roles[%d]", i), "choose another word", "the role %s is gangway's own and fills no seat", role)
		}
	}
	if len(p.Roles) == 0 {
		f.add("$.roles", "list the roles that the seats name", "there are no roles")
	}
	f.checkWords("$.data", "data category", p.Data)
	p.checkTiers(&f)
	p.checkStages(&f)
	p.checkCollections(&f)
	f.checkDeadlines("$.chores", p.Chores)
	p.checkAttestations(&f)
	p.checkForms(&f)
	p.checkWatch(&f)
	if len(p.Steps) == 0 {
		f.add("$.steps", "", "there are no steps")
	}
	if len(p.Steps) > mostSteps {
		f.add("$.steps", "", "%d steps are more than %d", len(p.Steps), mostSteps)
		return sorted(f)
	}
	for i := range p.Steps {
		p.checkStep(&f, i)
	}
	p.checkParts(&f)
	p.checkOrder(&f)
	p.checkExits(&f)
	return sorted(f)
}

// checkWords checks a list of ids that are named elsewhere.
func (f *faults) checkWords(place, what string, words []string) {
	if len(words) > mostWords {
		f.add(place, "", "%d are more than %d", len(words), mostWords)
		return
	}
	for i, w := range words {
		at := fmt.Sprintf("%s[%d]", place, i)
		f.checkID(at, "a "+what, w)
		if w != "" && slices.Index(words, w) < i {
			f.add(at, "", "the %s %s is there twice", what, w)
		}
	}
}

func (f *faults) checkSchedule(place string, s calendar.Schedule) {
	if s.Zone == "" {
		f.add(place+".zone", "write one such as Europe/London", "the time zone is missing")
	}
	if err := s.Week.Check(); err != nil {
		f.add(place+".week", "", "%v", err)
		return
	}
	if !works(s.Week) {
		f.add(place+".week", "write them as in Mon-Fri 09:00-17:00", "there are no working hours")
	}
}

func (p Playbook) checkTiers(f *faults) {
	if len(p.Tiers) == 0 {
		f.add("$.tiers", "a single rule `tier: 2` without `when` will do", "there are no tier rules")
	}
	for i, r := range p.Tiers {
		at := fmt.Sprintf("$.tiers[%d]", i)
		f.checkTier(at+".tier", r.Tier)
		p.checkCondition(f, at+".when", r.When)
		f.checkKnown(at+".needs", "field of the intake", r.Needs, needed())
		if i > 0 && p.Tiers[i-1].When.always() {
			f.add(at, "put the rule without `when` last", "this rule is never reached: the one before it always matches")
		}
	}
}

func (p Playbook) checkCondition(f *faults, place string, c Condition) {
	f.checkKnown(place+".data", "data category", c.Data, p.Data)
	f.checkKnown(place+".lessons", "lesson of an exit", c.Lessons, exit.Lessons())
	if c.CostFrom < 0 {
		f.add(place+".costFrom", "", "a cost cannot be below zero")
	}
}

func (c Condition) always() bool {
	return len(c.Data) == 0 && len(c.Systems) == 0 && len(c.Lessons) == 0 && c.CostFrom <= 0
}

func (f *faults) checkTier(place string, t engagement.Tier) {
	if !t.Valid() {
		f.add(place, "1 is the most critical, 4 the least", "there is no tier %d", int(t))
	}
}

// checkKnown checks words that have to be on a list of the playbook.
func (f *faults) checkKnown(place, what string, words, known []string) {
	for i, w := range words {
		if !slices.Contains(known, w) {
			f.add(fmt.Sprintf("%s[%d]", place, i), meant(w, known), "unknown %s %s", what, shown(w))
		}
	}
}

func (p Playbook) checkStages(f *faults) {
	f.checkWords("$.stages", "stage", p.Stages)
	if len(p.Stages) == 0 {
		f.add("$.stages", "", "there are no stages")
	}
	for i, stage := range p.Stages {
		has := slices.ContainsFunc(p.Steps, func(s Step) bool {
			return s.Process != Contract && s.Process != DPA && s.Stage == stage || s.Process == Contract && stage == ContractStage
		})
		at := fmt.Sprintf("$.stages[%d]", i)
		if !has {
			f.add(at, "give it a step or leave it out", "no step belongs to the stage %s", shown(stage))
		} else if stage == ContractStage {
			p.checkReview(f, at)
		}
	}
}

// checkReview wants one step that reads the contract for every tier that the
// rules can give, whatever the intake says: without one nobody would have to sign it
// off. One that has a condition stands before the one that reads all the others: of
// several the first is asked that meets the intake.
func (p Playbook) checkReview(f *faults, at string) {
	twice := map[int]bool{} // looked up only
	for _, tier := range p.ruledTiers() {
		covered := false
		for i, s := range p.Steps {
			if !s.reads() || !s.Applies(tier) {
				continue
			}
			if covered && !twice[i] {
				f.add(fmt.Sprintf("$.steps[%d]", i), "put the seats into groups of the first, give the steps different tiers, or put one that has a `when` before the other",
					"a second step reads the contract for %s", tier)
				twice[i] = true
			}
			covered = covered || s.When.always()
		}
		if !covered {
			f.add(at, "give a step with `process: contract` this tier as well", "nobody reads the contract for %s", tier)
		}
	}
}

func (p Playbook) checkAttestations(f *faults) {
	for i, a := range p.Attestations {
		at := fmt.Sprintf("$.attestations[%d]", i)
		f.checkID(at+".id", "an attestation's id", a.ID)
		f.checkLine(at+".text", "the attestation's text", a.Text)
		if slices.IndexFunc(p.Attestations, func(b Attestation) bool { return b.ID == a.ID }) < i {
			f.add(at+".id", "", "the attestation %s is there twice", shown(a.ID))
		}
	}
}

// checkDeadlines wants a due date, reminders that rise, and escalation in the
// order in which people would expect it: backup, line manager, case owner.
func (f *faults) checkDeadlines(place string, d Deadlines) {
	if d.Due.IsZero() {
		f.add(place+".due", "write one such as 5 working days", "there is no due date")
	}
	if len(d.Remind) > mostReminders {
		f.add(place+".remind", "", "%d reminders are more than %d", len(d.Remind), mostReminders)
	}
	for i, r := range d.Remind {
		at := fmt.Sprintf("%s.remind[%d]", place, i)
		if r.IsZero() {
			f.add(at, "", "a reminder at once is none")
		}
		if i > 0 && (r == d.Remind[i-1] || before(r, d.Remind[i-1])) {
			f.add(at, "", "the reminder at %s does not come after the one at %s", r, d.Remind[i-1])
		}
	}
	ladder := []struct {
		name string
		at   calendar.Span
	}{{"backup", d.Backup}, {"manager", d.Manager}, {"owner", d.Owner}}
	last := -1
	for i, rung := range ladder {
		if rung.at.IsZero() {
			continue
		}
		if last >= 0 && before(rung.at, ladder[last].at) {
			f.add(place+"."+rung.name, "people are told in this order: backup, manager, owner",
				"the %s is told after %s, before the %s (%s)", rung.name, rung.at, ladder[last].name, ladder[last].at)
		}
		last = i
	}
}

const mostReminders = 10

// before reports whether a surely ends before b does. Working, calendar and clock
// time cannot be compared without dates, so between them nothing is sure.
func before(a, b calendar.Span) bool {
	if a.Calendar != b.Calendar || a.Clock != b.Clock {
		return false
	}
	return a.Days < b.Days || a.Days == b.Days && a.Hours < b.Hours
}

func works(w calendar.Week) bool {
	return slices.ContainsFunc(w[:], func(day []calendar.Hours) bool { return len(day) > 0 })
}
