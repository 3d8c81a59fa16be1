package playbook

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// words for the enumerations, in the order in which people are shown them.
func processes() []string {
	words := []string{string(Onboarding), string(Contract), string(DPA), string(Diligence), string(Pilot)}
	for _, part := range parts() {
		words = append(words, string(part))
	}
	return words
}

func kinds() []string {
	return []string{string(review.Decision), string(review.Delivery), string(review.Rating), string(review.Task), string(review.Checklist)}
}

func (p Playbook) checkStep(f *faults, i int) {
	s, at := p.Steps[i], fmt.Sprintf("$.steps[%d]", i)
	f.checkID(at+".id", "the step's id", s.ID)
	if s.ID != "" && slices.IndexFunc(p.Steps, func(o Step) bool { return o.ID == s.ID }) < i {
		f.add(at+".id", "give each step an id of its own", "the step %s is there twice", shown(s.ID))
	}
	f.checkLine(at+".title", "the step's title", s.Title)
	f.checkText(at+".ask", "what is asked", s.Ask)
	if !slices.Contains(kinds(), string(s.Kind)) {
		f.add(at+".kind", meant(string(s.Kind), kinds()), "unknown kind %s", shown(string(s.Kind)))
	}
	p.checkPlaceOf(f, at, s)
	f.checkVendorSeats(at, s)
	if s.Kind == review.Checklist && s.Process != DPA && s.Process != Contract && !s.leaves() {
		f.add(at+".kind", "write `kind: task`", "a checklist belongs to the collection of a data processing agreement, to the contract review, or to an exit")
	}
	p.checkLeaving(f, at, s)
	for j, t := range s.Tiers {
		place := fmt.Sprintf("%s.tiers[%d]", at, j)
		f.checkTier(place, t)
		if slices.Index(s.Tiers, t) < j {
			f.add(place, "", "tier %d is there twice", int(t))
		}
	}
	f.checkDeadlines(at+".deadlines", s.Deadlines)
	p.checkPolicy(f, at+".policy", s)
	p.checkCondition(f, at+".when", s.When)
	p.checkPurpose(f, at, s)
	p.checkFilled(f, at, s)
	f.checkScore(at, s)
}

// checkPlaceOf checks where in the whole the step belongs.
func (p Playbook) checkPlaceOf(f *faults, at string, s Step) {
	switch s.Process {
	case Onboarding:
		switch {
		case s.Stage == "":
			f.add(at+".stage", meant("", p.Stages), "the step's stage is missing")
		case s.Stage == ContractStage:
			f.add(at+".stage", "write `process: contract` instead of a stage", "the stage %s belongs to the contract review", ContractStage)
		case !slices.Contains(p.Stages, s.Stage):
			f.add(at+".stage", meant(s.Stage, p.Stages), "unknown stage %s", shown(s.Stage))
		}
	case Contract:
		if s.Stage != "" && s.Stage != ContractStage {
			f.add(at+".stage", "leave the stage out", "a step of the contract review has no stage of its own")
		}
		if s.Does == "" && s.Kind != review.Decision && slices.Contains(kinds(), string(s.Kind)) {
			f.add(at+".kind", "write `kind: decision`", "the contract review is a decision, not a %s", s.Kind)
		}
		if !slices.Contains(p.Stages, ContractStage) {
			f.add(at+".process", "add contract to the stages", "there is no stage in which the contract review would run")
		}
	case DPA:
		p.checkCollectionStep(f, at, s)
	case Diligence, Pilot:
		p.checkStaged(f, at, s)
	case exit.PartExit, exit.PartTransfer, exit.PartHandover, exit.PartRevocation, exit.PartDataReturn, exit.PartAftercare: // checkLeaving
	default:
		f.add(at+".process", meant(string(s.Process), processes()), "unknown process %s", shown(string(s.Process)))
	}
}

func (p Playbook) checkPolicy(f *faults, at string, s Step) {
	known := len(*f)
	if len(s.Policy.Groups) == 0 {
		f.add(at+".groups", "name at least one group with one seat", "nobody is asked")
	}
	if n := len(s.Policy.Seats()); n > MostSeats {
		f.add(at+".groups", "split the step", "%d seats are more than %d", n, MostSeats)
		return
	}
	var ids []string
	for gi, g := range s.Policy.Groups {
		place := fmt.Sprintf("%s.groups[%d]", at, gi)
		if g.Name != "" {
			f.checkLine(place+".name", "the group's name", g.Name)
		}
		f.checkRule(place, g)
		for si, seat := range g.Seats {
			here := fmt.Sprintf("%s.seats[%d]", place, si)
			p.checkSeat(f, here, s, seat)
			if seat.ID != "" && slices.Contains(ids, seat.ID) {
				f.add(here+".id", "give each seat of a step an id of its own", "the seat %s is there twice", shown(seat.ID))
			}
			ids = append(ids, seat.ID)
		}
	}
	for i, x := range s.Policy.Pairs {
		place := fmt.Sprintf("%s.pairs[%d]", at, i)
		for _, id := range []string{x.A, x.B} {
			if !slices.Contains(ids, id) {
				f.add(place, meant(id, ids), "the pair names an unknown seat %s", shown(id))
			}
		}
		if x.A == x.B {
			f.add(place, "name two seats that one person may hold", "the pair is one seat twice")
		}
	}
	if s.Policy.Depth < 0 || s.Policy.Depth > 5 {
		f.add(at+".depth", "1 to 5; without it: 2", "a seat cannot be passed on %d times", s.Policy.Depth)
	}
	if unread(s) {
		f.add(at+".groups", "leave the scope of one seat empty: clauses outside all scopes, and new ones, are theirs",
			"nobody reads the whole document: every seat has a scope")
	}
	if len(*f) > known {
		return
	}
	for _, err := range s.Policy.Check() { // whatever review knows and this page does not
		f.add(at, "", "%v", err)
	}
}

// unread reports whether a document is reviewed by seats that each read a part.
func unread(s Step) bool {
	seats := s.Policy.Seats()
	if s.Process != Contract || s.Does != "" || s.Kind != review.Decision || len(seats) == 0 {
		return false
	}
	return !slices.ContainsFunc(seats, func(seat review.Seat) bool { return len(seat.Scope) == 0 })
}

func (f *faults) checkRule(place string, g review.Group) {
	if len(g.Seats) == 0 {
		f.add(place+".seats", "", "the group has no seats")
	}
	switch g.Rule {
	case review.RuleAll, review.RuleAny:
	case review.RuleSome:
		if g.N < 1 {
			f.add(place+".rule", "all, any, or a number as in 2 of 3", "a group that needs %d approvals asks nobody", g.N)
		}
		if n := len(g.Seats); n > 0 && g.N > n {
			f.add(place+".rule", "", "the group needs %d approvals but has only %s", g.N, count(n, "seat"))
		}
	default:
		f.add(place+".rule", "all, any, or a number as in 2 of 3", "unknown rule %s", shown(string(g.Rule)))
	}
}

func (p Playbook) checkSeat(f *faults, place string, s Step, seat review.Seat) {
	f.checkID(place+".id", "the seat's id", seat.ID)
	switch {
	case seat.Role == "":
		f.add(place+".role", meant("", p.Roles), "the seat's role is missing")
	case seat.Role != review.OwnerRole && seat.Role != review.VendorRole && seat.Role != review.OutsideRole && !slices.Contains(p.Roles, seat.Role):
		f.add(place+".role", meant(seat.Role, append(slices.Clone(p.Roles), review.OwnerRole, review.VendorRole, review.OutsideRole)), "unknown role %s", shown(seat.Role))
	}
	if seat.Role == review.OutsideRole && (s.Process != Contract || s.Does != "") {
		f.add(place+".role", "put the seat into the review of the contract", "somebody from outside reads a contract and answers nothing else")
	}
	if len(seat.Scope) > 0 && s.Process != Contract {
		f.add(place+".scope", "leave the scope out", "a scope needs a document: only steps of the contract review have one")
	}
	if len(seat.Scope) > mostWords {
		f.add(place+".scope", "", "%d entries are more than %d", len(seat.Scope), mostWords)
		return
	}
	for i, part := range seat.Scope {
		if title, is := strings.CutPrefix(part, "title:"); engagement.CheckName(part) != nil || is && strings.TrimSpace(title) == "" {
			f.add(fmt.Sprintf("%s.scope[%d]", place, i), "write a clause as in 11.3, def/* or title:confidentiality", "cannot read the scope %s", shown(part))
		}
	}
	var known []string
	for _, a := range p.Attestations {
		known = append(known, a.ID)
	}
	f.checkKnown(place+".attest", "attestation", seat.Attest, known)
	f.checkWords(place+".competence", "competence", seat.Competence)
	if seat.Minutes < 0 || seat.Minutes > 10_000 {
		f.add(place+".minutes", "an honest estimate of one person's work", "%d minutes make no sense", seat.Minutes)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
