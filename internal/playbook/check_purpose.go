package playbook

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// duty is what a purpose wants of the step that has it.
type duty struct {
	does    Purpose
	process Process
	kinds   []review.Kind
	// form: something has to be filled in, with at least the points.
	form   bool
	points []engagement.Point // id and kind
	// accept: somebody has to sign what was filled in; vendor: the vendor is asked.
	accept, vendor bool
}

// duties are all purposes, in the order in which people are shown them.
func duties() []duty {
	const text, date = engagement.PointText, engagement.PointDate
	access := func(id string, kind engagement.PointKind) engagement.Point {
		return engagement.Point{ID: RowAccess + "-1-" + id, Kind: kind}
	}
	return append([]duty{
		{does: DoesOffers, process: Onboarding, kinds: []review.Kind{review.Delivery}, form: true,
			points: []engagement.Point{{ID: PointVendor, Kind: text}, {ID: PointAmount, Kind: engagement.PointAmount}}},
		{does: DoesWaive, process: Onboarding, kinds: []review.Kind{review.Decision}},
		{does: DoesInterest, process: Onboarding, kinds: []review.Kind{review.Delivery}, form: true, vendor: true},
		{does: DoesNDA, process: Onboarding, kinds: []review.Kind{review.Delivery}},
		{does: DoesExitPlan, process: Onboarding, kinds: []review.Kind{review.Task}, form: true, accept: true},
		{does: DoesAccess, process: Onboarding, kinds: []review.Kind{review.Task}, form: true, points: []engagement.Point{
			access(entitlement.GrantLogin, text), access(entitlement.GrantTeam, text), access(entitlement.GrantRepository, text),
			access(entitlement.GrantRole, engagement.PointChoice), access(entitlement.GrantReason, text), access(entitlement.GrantUntil, date)}},
		{does: DoesContacts, process: Onboarding, kinds: []review.Kind{review.Task}, form: true},
		{does: DoesRisk, process: Diligence, kinds: []review.Kind{review.Task, review.Decision}, points: engagement.RiskPoints(1)},
		{does: DoesHalfway, process: Pilot, kinds: []review.Kind{review.Decision}},
		{does: DoesScore, process: Pilot, kinds: []review.Kind{review.Rating}},
		{does: DoesGo, process: Pilot, kinds: []review.Kind{review.Decision}},
		{does: DoesClauses, process: Contract, kinds: []review.Kind{review.Checklist}, form: true},
		{does: DoesExecuted, process: Contract, kinds: []review.Kind{review.Delivery}},
	}, exitDuties()...)
}

// checkPurpose checks what a step is for, and what only some purposes may have.
func (p Playbook) checkPurpose(f *faults, at string, s Step) {
	p.checkAccept(f, at, s)
	if s.ReadAll && (s.Process != Contract || s.Does != "") {
		f.add(at+".readAll", "leave it out", "only the contract review reads a document by sections")
	}
	if s.Expiry != "" && !slices.Contains(engagement.ExpiryKinds(), s.Expiry) {
		var words []string
		for _, k := range engagement.ExpiryKinds() {
			words = append(words, string(k))
		}
		f.add(at+".expiry", meant(string(s.Expiry), words), "nothing that expires is called %s", shown(string(s.Expiry)))
	} else if form, known := p.form(s.Form); s.Expiry != "" && known && !slices.ContainsFunc(form.Points, func(x engagement.Point) bool { return x.Expires }) {
		f.add(at+".expiry", "give the form a date with `expires: true`, or leave it out", "no date of the form %s expires", shown(s.Form))
	}
	if s.Does != DoesOffers && s.Offers != 0 {
		f.add(at+".offers", "write `does: offers`, or leave the number out", "only a step that collects offers says how many")
	}
	if s.Process != Pilot && !s.After.IsZero() {
		f.add(at+".after", "leave it out", "only a step of a pilot has a time of its own")
	}
	if s.Does == "" {
		return
	}
	i := slices.IndexFunc(duties(), func(d duty) bool { return d.does == s.Does })
	if i < 0 {
		var words []string
		for _, d := range duties() {
			words = append(words, string(d.does))
		}
		f.add(at+".does", meant(string(s.Does), words), "no step does %s", shown(string(s.Does)))
		return
	}
	p.checkDuty(f, at, s, duties()[i])
}

func (p Playbook) checkDuty(f *faults, at string, s Step, d duty) {
	if s.Process != d.process {
		f.add(at+".does", fmt.Sprintf("write `process: %s`, or leave it out", d.process), "%s belongs to the process %s", d.does, d.process)
		return
	}
	if !slices.Contains(d.kinds, s.Kind) && slices.Contains(kinds(), string(s.Kind)) {
		f.add(at+".kind", "write `kind: "+string(d.kinds[0])+"`", "a step that does %s is no %s", d.does, s.Kind)
	}
	form, known := p.form(s.Form)
	if d.form && s.Form == "" {
		f.add(at+".form", "name one of the forms", "a step that does %s has nothing to be filled in", d.does)
	}
	for _, want := range d.points {
		if !known {
			break
		}
		has := slices.ContainsFunc(form.Points, func(x engagement.Point) bool {
			return x.ID == want.ID && x.Kind == want.Kind && (len(want.Options) == 0 || slices.Equal(x.Options, want.Options))
		})
		if options := strings.Join(want.Options, ", "); !has && options != "" {
			f.add(at+".form", "gangway reads it from there", "the form %s of a step that does %s lacks the point %s with `kind: %s` and the options %s",
				shown(s.Form), d.does, want.ID, want.Kind, options)
		} else if !has {
			f.add(at+".form", "gangway reads it from there", "the form %s of a step that does %s lacks the point %s with `kind: %s`", shown(s.Form), d.does, want.ID, want.Kind)
		}
	}
	if (d.accept || d.does == DoesRisk && s.Kind == review.Task) && s.Accept == nil {
		f.add(at+".accept", "say who signs it, as in `accept: sponsor`", "a step that does %s is signed by nobody", d.does)
	}
	if d.vendor && !s.AsksVendor() {
		f.add(at+".policy.groups", "give it a seat with `role: \"@vendor\"`", "nobody of the vendor is asked in a step that does %s", d.does)
	}
	if d.does == DoesOffers && (s.Offers < 1 || s.Offers > 9) {
		f.add(at+".offers", "1 to 9; for fewer leave the step out", "%s can't be compared", count(s.Offers, "offer"))
	}
}

// checkAccept checks who says that what was delivered will do.
func (p Playbook) checkAccept(f *faults, at string, s Step) {
	if s.Accept == nil {
		return
	}
	if s.Kind != review.Delivery && s.Kind != review.Task {
		f.add(at+".accept", "leave it out", "nothing is delivered by a %s that somebody could accept", s.Kind)
		return
	}
	if s.Process == Contract || s.Process == DPA {
		f.add(at+".accept", "leave it out", "the process %s says itself what becomes of a delivery", s.Process)
		return
	}
	if does, asks := acceptsOf(s.Process); !asks || does != "" && does != s.Does {
		hint := "leave it out"
		if does != "" {
			hint = fmt.Sprintf("leave it out; the process asks it of a step that does %s", does)
		}
		f.add(at+".accept", hint, "nobody would be asked: the process %s does not ask who accepts what this step brings", s.Process)
		return
	}
	signed := s
	signed.Policy, signed.Kind, signed.Accept = *s.Accept, review.Decision, nil
	p.checkPolicy(f, at+".accept", signed)
	for gi, g := range s.Accept.Groups {
		for si, seat := range g.Seats {
			if seat.Role == review.VendorRole {
				f.add(fmt.Sprintf("%s.accept.groups[%d].seats[%d].role", at, gi, si), "name a role of your own people", "the vendor delivers and decides nothing")
			}
		}
	}
	if id := s.ID + acceptEnding; len(id) > 40 || slices.ContainsFunc(p.Steps, func(o Step) bool { return o.ID == id }) {
		f.add(at+".id", "choose another one, 33 characters at most", "the decision on what was delivered could not be called %s", shown(id))
	}
}

// acceptsOf says of a process whether it asks who accepts what a step brought; does is
// the only purpose of which it does, empty where it asks it of every step.
func acceptsOf(process Process) (does Purpose, asks bool) {
	switch process {
	case "", Onboarding, Diligence, exit.PartExit, exit.PartAftercare:
		return "", true
	case exit.PartTransfer:
		return exit.DoesShown, true
	case exit.PartRevocation:
		return exit.DoesRoster, true
	case exit.PartDataReturn:
		return exit.DoesOpened, true
	}
	return "", false
}

// acceptEnding is what the id of a step has behind it where what it brought is decided
// on: such ids are taken.
const acceptEnding = "-accept"

// checkScore checks what scorers give points for.
func (f *faults) checkScore(at string, s Step) {
	if len(s.Criteria) > 0 && s.Kind != review.Rating {
		f.add(at+".criteria", "write `kind: score`", "nobody gives points in a %s", s.Kind)
		return
	}
	if s.Threshold != 0 && s.Does != DoesScore && s.Does != DoesGo {
		f.add(at+".threshold", "leave it out", "only a pilot has a threshold")
	}
	if s.Threshold < 0 || s.Threshold > 100 {
		f.add(at+".threshold", "0 to 100", "no score reaches %d", s.Threshold)
	}
	if len(s.Criteria) == 0 {
		return
	}
	if len(s.Criteria) > mostOptions {
		f.add(at+".criteria", "", "%d criteria are more than %d", len(s.Criteria), mostOptions)
		return
	}
	sum := 0
	for i, c := range s.Criteria {
		here := fmt.Sprintf("%s.criteria[%d]", at, i)
		f.checkID(here+".id", "the criterion's id", c.ID)
		if slices.IndexFunc(s.Criteria, func(o engagement.Criterion) bool { return o.ID == c.ID }) < i {
			f.add(here+".id", "", "the criterion %s is there twice", shown(c.ID))
		}
		f.checkLine(here+".title", "the criterion's title", c.Title)
		f.checkText(here+".ask", "what is asked", c.Ask)
		if c.Weight < 1 || c.Weight > 100 {
			f.add(here+".weight", "1 to 100; all of them add up to 100", "a weight of %d makes no sense", c.Weight)
		}
		if c.Most < 1 || c.Most > 100 {
			f.add(here+".most", "the best score; 5 will do", "the best score can't be %d", c.Most)
		}
		sum += c.Weight
	}
	if sum != 100 {
		f.add(at+".criteria", "the weights are shares of a hundred", "the weights add up to %d, not to 100", sum)
	}
}

// checkStaged checks where a step of a due diligence or a pilot belongs: its process
// runs in a stage of the onboarding, beside what is asked there.
func (p Playbook) checkStaged(f *faults, at string, s Step) {
	switch {
	case s.Stage == "":
		f.add(at+".stage", meant("", p.Stages), "the stage in which the %s runs is missing", s.Process)
	case s.Stage == ContractStage:
		f.add(at+".stage", "give it a stage before, such as checks", "the %s runs before the contract is read", s.Process)
	case !slices.Contains(p.Stages, s.Stage):
		f.add(at+".stage", meant(s.Stage, p.Stages), "unknown stage %s", shown(s.Stage))
	}
	fills := s.Process == Diligence && s.Kind == review.Task // and a decision signs it
	if s.Does == "" && s.Kind != review.Delivery && !fills && slices.Contains(kinds(), string(s.Kind)) {
		var does []string
		for _, d := range duties() {
			if d.process == s.Process {
				does = append(does, "`does: "+string(d.does)+"`")
			}
		}
		f.add(at+".kind", "write `kind: delivery`, or "+strings.Join(does, " or "), "a %s is made of deliveries: a %s without a purpose has no place in it", s.Process, s.Kind)
	}
}
