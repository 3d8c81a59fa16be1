package playbook

import (
	"fmt"
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// exitDuties are the purposes of an exit's steps, in the order in which people are
// shown them.
func exitDuties() []duty {
	const text, date, choice, many, person, yes = engagement.PointText, engagement.PointDate, engagement.PointChoice, engagement.PointMany, engagement.PointPerson, engagement.PointYesNo
	decision, task, delivery, checklist := []review.Kind{review.Decision}, []review.Kind{review.Task}, []review.Kind{review.Delivery}, []review.Kind{review.Checklist}
	point := func(id string, kind engagement.PointKind, options ...string) engagement.Point {
		return engagement.Point{ID: id, Kind: kind, Options: options}
	}
	row := func(of, id string, kind engagement.PointKind, options ...string) engagement.Point {
		return point(of+"-1-"+id, kind, options...)
	}
	var counted []engagement.Point // how many more there are of each kind
	for _, k := range exit.AssetKinds() {
		counted = append(counted, point(string(k), engagement.PointNumber))
	}
	return []duty{
		{does: exit.DoesDecide, process: exit.PartExit, kinds: decision},
		{does: exit.DoesEmergency, process: exit.PartExit, kinds: decision},
		{does: exit.DoesRatify, process: exit.PartExit, kinds: decision},
		{does: exit.DoesNotice, process: exit.PartExit, kinds: task, form: true, points: []engagement.Point{
			point(exit.PointSent, date), point(exit.PointReceived, date), point(exit.PointReceipt, engagement.PointFile)}},
		{does: exit.DoesPlan, process: exit.PartExit, kinds: task, form: true, accept: true, points: []engagement.Point{
			row(exit.RowAsset, exit.OfWhat, text), row(exit.RowAsset, exit.OfKind, choice, exit.KindWords()...), row(exit.RowAsset, exit.OfWho, person),
			row(exit.RowArea, exit.OfWhat, text), row(exit.RowArea, exit.OfWho, person), point(exit.PointNoReturn, text), point(exit.PointWayBack, text)}},
		{does: exit.DoesGivenUp, process: exit.PartExit, kinds: decision},
		{does: exit.DoesChase, process: exit.PartExit, kinds: task},
		{does: exit.DoesParallel, process: exit.PartExit, kinds: task, form: true},
		{does: exit.DoesCutOver, process: exit.PartExit, kinds: decision},
		{does: exit.DoesMoney, process: exit.PartExit, kinds: task, form: true},
		{does: exit.DoesSurvival, process: exit.PartExit, kinds: checklist, form: true},
		{does: exit.DoesLessons, process: exit.PartExit, kinds: task, form: true, points: []engagement.Point{
			point(exit.PointCloser, choice, exit.Closer()...), point(exit.PointAgain, yes), point(exit.PointTaught, many, exit.LessonOptions()...)}},
		{does: exit.DoesForgotten, process: exit.PartExit, kinds: task, form: true, points: []engagement.Point{
			row(exit.RowFound, exit.OfWhat, text), row(exit.RowFound, exit.OfKind, choice, exit.KindWords()...), row(exit.RowFound, exit.OfWith, text), row(exit.RowFound, exit.OfWho, person)}},
		{does: exit.DoesClose, process: exit.PartExit, kinds: decision},

		{does: exit.DoesSession, process: exit.PartTransfer, kinds: task, form: true, points: []engagement.Point{
			point(exit.PointHeld, date), row(exit.RowAttended, exit.OfName, text)}},
		{does: exit.DoesMaterial, process: exit.PartTransfer, kinds: delivery, vendor: true},
		{does: exit.DoesShown, process: exit.PartTransfer, kinds: task, form: true, accept: true, points: []engagement.Point{
			point(exit.PointShown, date), point(exit.PointAlone, yes)}},
		{does: exit.DoesReceived, process: exit.PartTransfer, kinds: decision},

		{does: exit.DoesAssets, process: exit.PartHandover, kinds: task, form: true, points: counted},
		{does: exit.DoesHand, process: exit.PartHandover, kinds: []review.Kind{review.Delivery, review.Task}},
		{does: exit.DoesVerify, process: exit.PartHandover, kinds: task},
		{does: exit.DoesTake, process: exit.PartHandover, kinds: decision},
		{does: exit.DoesRestore, process: exit.PartHandover, kinds: task},

		{does: exit.DoesRoster, process: exit.PartRevocation, kinds: task, form: true, points: []engagement.Point{
			row(exit.RowAccount, exit.OfLogin, text), row(exit.RowNamed, exit.OfTitle, text)}},
		{does: exit.DoesMore, process: exit.PartRevocation, kinds: decision},
		{does: exit.DoesSystems, process: exit.PartRevocation, kinds: task, form: true},
		{does: exit.DoesSecond, process: exit.PartRevocation, kinds: decision},

		{does: exit.DoesChoice, process: exit.PartDataReturn, kinds: decision},
		{does: exit.DoesReturned, process: exit.PartDataReturn, kinds: delivery, vendor: true},
		{does: exit.DoesOpened, process: exit.PartDataReturn, kinds: task, form: true},
		{does: exit.DoesDeleted, process: exit.PartDataReturn, kinds: delivery, form: true, vendor: true, points: []engagement.Point{
			point(exit.PointScope, text), point(exit.PointSystems, text), point(exit.PointMethod, choice, exit.Methods()...), point(exit.PointSigner, text),
			point(exit.PointDeleted, date), point(exit.PointSubProcessors, text), row(exit.RowBackup, exit.OfWhat, text), row(exit.RowBackup, exit.OfUntil, date)}},
		{does: exit.DoesChecked, process: exit.PartDataReturn, kinds: checklist, form: true},

		{does: exit.DoesBackup, process: exit.PartAftercare, kinds: delivery, form: true, vendor: true, points: []engagement.Point{point(exit.PointGone, date)}},
	}
}

// checkLeaving checks what steps of an exit alone have, and what they have not.
func (p Playbook) checkLeaving(f *faults, at string, s Step) {
	for i, m := range s.Modes {
		place := fmt.Sprintf("%s.modes[%d]", at, i)
		switch {
		case m == exit.ModeDrill:
			f.add(place, "leave it out", "a drill plays the steps of the mode that it rehearses")
		case !slices.Contains(playedModes(), m):
			f.add(place, meant(string(m), modeWords()), "nobody is left in the mode %s", shown(string(m)))
		case slices.Index(s.Modes, m) < i:
			f.add(place, "", "the mode %s is there twice", m)
		}
	}
	for i, k := range s.Assets {
		place := fmt.Sprintf("%s.assets[%d]", at, i)
		switch {
		case s.Process != exit.PartHandover:
			f.add(place, "leave it out", "only a hand-over of assets is for kinds of them")
		case !slices.Contains(exit.AssetKinds(), k):
			f.add(place, meant(string(k), exit.KindWords()), "no asset is a %s", shown(string(k)))
		case slices.Index(s.Assets, k) < i:
			f.add(place, "", "the kind %s is there twice", k)
		}
	}
	if len(s.Modes) > 0 && !s.leaves() {
		f.add(at+".modes", "leave them out", "only an exit has modes")
	}
	switch theirs := func(x review.Seat) bool { return x.Role == review.VendorRole || x.Role == review.OutsideRole }; {
	case s.Drill == "":
	case !s.leaves() || s.Process == exit.PartAftercare:
		f.add(at+".drill", "leave it out", "only the steps of an exit are rehearsed")
	case !slices.ContainsFunc(s.Policy.Seats(), func(x review.Seat) bool { return !theirs(x) }):
		f.add(at+".drill", "leave it out, or let one of our own have a seat", "in a drill the vendor is asked nothing")
	}
	if !s.leaves() {
		return
	}
	if s.Stage != "" {
		f.add(at+".stage", "leave the stage out", "a step of an exit belongs to no stage of an onboarding")
	}
	if s.Does == "" {
		f.add(at+".does", meant("", purposesOf(s.Process)), "it is not said what the step is for, and so nobody would be asked")
	}
	if s.Does == exit.DoesEmergency {
		p.checkEmergency(f, at, s)
	}
}

// checkEmergency wants at least two people who have access cut at once, and by the
// clock: on a Friday evening working hours begin on Monday.
func (p Playbook) checkEmergency(f *faults, at string, s Step) {
	needed := 0
	for _, g := range s.Policy.Groups {
		needed += g.Needed()
	}
	if needed < 2 {
		f.add(at+".policy.groups", "write a rule as in `rule: 2 of 4`", "one person alone could have access cut")
	}
	if len(s.Policy.Groups) > 1 {
		f.add(at+".policy.groups", "put the seats into one group", "the second group would be asked only when the first has answered")
	}
	if d := s.Deadlines.Due; !d.IsZero() && !d.Clock {
		f.add(at+".deadlines.due", "as in `due: 4 clock hours`", "an emergency counted in %s waits for the morning", d)
	}
}

// checkExits wants for each tier, and each mode in which such a vendor can be left,
// what an exit can't do without. A playbook that says nothing of leaving is left alone.
func (p Playbook) checkExits(f *faults) {
	if !slices.ContainsFunc(p.Steps, Step.leaves) {
		return
	}
	say := tiered{faults: f, told: map[string]bool{}}
	for _, tier := range p.ruledTiers() {
		for _, mode := range playedModes() {
			n := map[Purpose]int{} // looked up only
			var before []Step
			for i, s := range p.Steps {
				if !s.leaves() || !s.Applies(tier) || !s.plays(mode) {
					continue
				}
				n[s.Does]++
				if slices.ContainsFunc(before, s.repeats) {
					say.once(fmt.Sprintf("$.steps[%d].does", i), "give the steps different modes, tiers or kinds of assets", "a second step does %s in an exit of mode %s for %s", s.Does, mode, tier)
				}
				before = append(before, s)
			}
			p.checkExitEnds(say, tier, mode, n)
			p.checkTaught(say, tier, mode, n)
		}
	}
}

// repeats reports whether of both steps the second would never be asked: rungs of a
// ladder follow one another, and steps of a hand-over are for kinds of assets.
func (s Step) repeats(before Step) bool {
	if s.Does != before.Does || s.Does == "" || s.Does == exit.DoesChase {
		return false
	}
	apart := len(s.Assets) == 0 != (len(before.Assets) == 0) || len(s.Assets) > 0 &&
		!slices.ContainsFunc(s.Assets, func(k exit.AssetKind) bool { return slices.Contains(before.Assets, k) })
	return !apart
}

// checkExitEnds wants what an exit begins and ends with, and that nobody checks their
// own work.
func (p Playbook) checkExitEnds(say tiered, tier engagement.Tier, mode exit.Mode, n map[Purpose]int) {
	begins := []Purpose{exit.DoesDecide}
	switch mode {
	case exit.ModeForCause:
		begins = []Purpose{exit.DoesEmergency, exit.DoesRatify}
	case exit.ModeStressed:
		begins = append(begins, exit.DoesGivenUp)
	}
	for _, does := range append(begins, exit.DoesNotice, exit.DoesRoster, exit.DoesClose) {
		if n[does] == 0 {
			say.once("$.steps", fmt.Sprintf("add one with `process: %s` and `does: %s`", processOf(does), does),
				"an exit of mode %s for %s has no step that does %s", mode, tier, does)
		}
	}
	for _, pair := range [][2]Purpose{{exit.DoesSystems, exit.DoesSecond}, {exit.DoesDeleted, exit.DoesChecked}, {exit.DoesReturned, exit.DoesOpened},
		{exit.DoesHand, exit.DoesTake}, {exit.DoesShown, exit.DoesReceived}, {exit.DoesDeleted, exit.DoesChoice}, {exit.DoesDeleted, exit.DoesBackup}} {
		if n[pair[0]] > 0 && n[pair[1]] == 0 {
			say.once("$.steps", fmt.Sprintf("add a step that does %s", pair[1]),
				"in an exit of mode %s for %s a step does %s, and none does %s", mode, tier, pair[0], pair[1])
		}
	}
}

// checkTaught wants the steps by which somebody learns an area and shows it, where a plan
// names areas: without them it could only be waived.
func (p Playbook) checkTaught(say tiered, tier engagement.Tier, mode exit.Mode, n map[Purpose]int) {
	plans := func(s Step) bool {
		form, _ := p.form(s.Form)
		return s.Applies(tier) && (s.Does == exit.DoesPlan && s.plays(mode) || s.Does == DoesExitPlan) &&
			slices.ContainsFunc(form.Points, func(x engagement.Point) bool { return x.ID == exit.RowArea+"-1-"+exit.OfWhat })
	}
	if !slices.ContainsFunc(p.Steps, plans) {
		return
	}
	for _, does := range []Purpose{exit.DoesShown, exit.DoesReceived} {
		if n[does] == 0 {
			say.once("$.steps", fmt.Sprintf("add one with `process: %s` and `does: %s`", exit.PartTransfer, does),
				"a plan names what only the vendor knows, and in an exit of mode %s for %s no step does %s: it could only be waived", mode, tier, does)
		}
	}
}

// playedModes are the modes whose steps can be asked: a drill plays those of another.
func playedModes() []exit.Mode {
	return slices.DeleteFunc(exit.Modes(), func(m exit.Mode) bool { return m == exit.ModeDrill })
}

func modeWords() []string {
	var words []string
	for _, m := range playedModes() {
		words = append(words, string(m))
	}
	return words
}

// processOf is the part of an exit that a purpose belongs to.
func processOf(does Purpose) Process {
	all := exitDuties()
	i := slices.IndexFunc(all, func(d duty) bool { return d.does == does })
	return all[i].process
}

// purposesOf are the purposes that a step of a process can have.
func purposesOf(process Process) []string {
	var words []string
	for _, d := range duties() {
		if d.process == process {
			words = append(words, string(d.does))
		}
	}
	return words
}
