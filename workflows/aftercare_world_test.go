package workflows

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const careID = "aftercare/acme/1"

// care is the story of an aftercare, over as many runs as it takes.
type care struct {
	*vigil
	in     AftercareInput
	estate *estate
	out    ExitPartResult
}

// newCare prepares the aftercare of acme, owned by owner-ola and sponsored by sponsor-sue.
// each starts anew at every wake.
func newCare(t *testing.T, each bool, has ...inventory.Finding) *care {
	t.Helper()
	step := leavingStep(t, exit.PartAftercare, exit.DoesBackup, review.Delivery, vendorSeat())
	step.Accept = &review.Policy{Groups: []review.Group{{Name: "accept", Rule: review.RuleAll, Seats: []review.Seat{seat("privacy")}}}}
	step.Points = []engagement.Point{{ID: "which", Title: "Which", Kind: engagement.PointText}, {ID: exit.PointGone, Title: "Gone", Kind: engagement.PointDate}}
	s := newStory(t, []string{"privacy-pia", "sponsor-sue", "board-bea"}, nil, step)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.rec.survey = newEstate(s.rec)
	s.rec.survey.has = has
	s.root = careID
	v := &vigil{story: s, diary: &diary{}, almanac: almanac{}}
	c := &care{vigil: v, estate: s.rec.survey, in: AftercareInput{Common: s.in.Common, Predecessor: "exit/acme/1", Certificate: s.text("certificate", "{}"), EachWake: each,
		Roster: s.text("roster", asText(inventory.Roster{Vendor: "acme", Identities: []inventory.Identity{{Login: devLogin}}}))}}
	c.in.Case, c.in.Process, c.in.Sponsor = careID, careID, "sponsor-sue"
	c.in.Chores.Due, c.in.Chores.Remind, c.in.Chores.Owner = span(t, "3 working days"), reviewStepOf(t).Deadlines.Remind, span(t, "6 working days")
	return c
}

// backup is one that the vendor certified to run out so many days after Monday.
func (c *care) backup(id string, days int) {
	c.in.Backups = append(c.in.Backups, exit.Backup{ID: id, On: monday.AddDate(0, 0, days), Document: c.text("deleted-"+strings.Split(id, ":")[0], "{}")})
}

// waived is what the exit waived until so many days after Monday.
func (c *care) waived(id string, days int) {
	c.in.Waivers = append(c.in.Waivers, exit.Matter{ID: id, Name: "n", State: exit.StateWaived, By: "owner-ola", Until: monday.AddDate(0, 0, days), Answer: "a1", Why: "hidden"})
}

// gone has somebody fill in when the backups that are asked about were gone, or will be.
func (c *care) gone(person string, days int, more ...func(*review.Answer)) {
	c.t.Helper()
	c.vigil.says(person, exit.DoesBackup, review.Delivered, append(more, func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: "which", Said: true}, engagement.Finding{Point: exit.PointGone, On: monday.AddDate(0, 0, days)})
	})...)
}

// takes has somebody accept what came, or not.
func (c *care) takes(v review.Verdict) { c.answer("privacy-pia", exit.DoesBackup+acceptSuffix, v) }

// settles has the owner say what becomes of what a chore is about.
func (c *care) settles(chore string, v review.Verdict, more ...func(*review.Answer)) {
	c.answer("owner-ola", playbook.ChoreSettle+"-"+chore, v, more...)
}

// waivesOnce has the owner waive what a chore is about on one day, and on the same day say
// until when and for which of it.
func (c *care) waivesOnce(day float64, chore string, days int, which ...string) {
	c.after(day, func() { c.settles(chore, playbook.Waive) })
	c.after(day+0.1, func() { c.waivesUntil(chore, monday.AddDate(0, 0, days), which...) })
}

// lives plays the story to its end.
func (c *care) lives() {
	c.t.Helper()
	c.out = lives[ExitPartResult](c.vigil, AftercareType, c.in)
	for _, m := range c.out.Matters {
		if c.out.Result == ResultDone && m.State != exit.StateDone {
			c.t.Errorf("it is called done, and %s is %s", m.ID, m.State)
		}
	}
}

// again is the same story from the start, with a record of its own.
func (c *care) again(each bool, has []inventory.Finding) *care {
	rec := newRecord()
	rec.papers, rec.people = maps.Clone(c.rec.papers), slices.Clone(c.rec.people)
	rec.survey = newEstate(rec)
	rec.survey.has = has
	s := &story{t: c.t, rec: rec, in: c.story.in, root: careID, last: map[string]review.Outcome{}, want: map[string]review.Refusal{}}
	d := &care{vigil: &vigil{story: s, diary: &diary{}}, estate: rec.survey, in: c.in}
	d.in.EachWake = each
	return d
}

// sameCare plays a story twice, once with a new run at every wake, and wants the same
// journal, the same notices and the same result.
func sameCare(t *testing.T, tell func(c *care), has ...inventory.Finding) *care {
	t.Helper()
	calm := newCare(t, false, slices.Clone(has)...)
	torn := calm.again(true, slices.Clone(has))
	for _, c := range []*care{calm, torn} {
		tell(c)
		c.lives()
	}
	if calm.runs > 0 || torn.runs < 3 {
		t.Errorf("%d and %d new runs: want none, and many", calm.runs, torn.runs)
	}
	if d := cmp.Diff(calm.journal(), torn.journal()); d != "" {
		t.Errorf("the journal differs where every wake begins a new run (- undisturbed):\n%s", d)
	}
	if d := cmp.Diff(notices(calm.vigil), notices(torn.vigil)); d != "" {
		t.Errorf("people are told something else (- undisturbed):\n%s", d)
	}
	if d := cmp.Diff(rounded(marshal(t, calm.out)), rounded(marshal(t, torn.out))); d != "" {
		t.Errorf("it comes to something else (- undisturbed):\n%s", d)
	}
	return torn
}

// openedOn are the days on which a step was asked, counted from Monday.
func (c *care) openedOn(step string) []int {
	var days []int
	for _, r := range c.view().Requests {
		if r.Step == step {
			days = append(days, int(r.Opened.Sub(monday)/(24*time.Hour)))
		}
	}
	return days
}
