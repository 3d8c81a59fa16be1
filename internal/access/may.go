package access

import (
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// Verb is something that a person may or may not do. Its text completes the
// sentence "… is not for you".
type Verb string

// What is about no case, or about whatever is one's own.
const (
	SignIn       Verb = "signing in"
	SeeOwn       Verb = "seeing what is yours" // inbox, receipts, own cases, own devices and tokens
	SeePending   Verb = "seeing what is being delivered"
	SeePeople    Verb = "seeing the people"
	ChangePeople Verb = "changing the people"
	OpenCase     Verb = "opening a case"
	File         Verb = "filing a document"
	ListCases    Verb = "seeing every case" // with state and owner, whatever one's tie to them
	ShutOut      Verb = "ending somebody's access"
	Audit        Verb = "auditing"
	Resend       Verb = "sending a letter again"
)

// What is about one case.
const (
	SeeCase   Verb = "seeing a case"
	SeeRecord Verb = "seeing the record of a case" // lines, documents and the dossier
	Answer    Verb = "answering"
	Steer     Verb = "acting as the case owner"
	Leave     Verb = "ending what a vendor does" // the vendor of the case
)

// verbs are all of them: May denies every other.
func verbs() []Verb {
	return []Verb{SignIn, SeeOwn, SeePending, SeePeople, ChangePeople, OpenCase, File, ListCases, ShutOut, Audit, Resend,
		SeeCase, SeeRecord, Answer, Steer, Leave}
}

// May says whether somebody may do something: the one place where that is
// decided. c is the case that the verb is about, nil for verbs about none. Only
// the client's own people who have not left may do anything.
//
// Everybody may open cases, file documents and see the people. Who has a tie to
// a case sees all of it. An auditor sees every case and changes nothing, whatever
// else they are. An operator looks after people, access and letters, and sees of
// each case that it is there; cases to which they have a tie are theirs as
// anybody's.
//
// Whoever has a tie to a vendor's case may ask that the vendor be left, and so may an
// operator: access is cut at night as well. It is decided by others.
//
// Answer says who could hold a seat here. Whether somebody does, and whether
// their answer counts, review judges in the process: refused attempts have to
// stand in the record, so nobody but an auditor is stopped before.
func May(p playbook.Person, do Verb, c *dossier.CaseView) bool {
	if !isClient(p) {
		return false
	}
	operator, auditor := slices.Contains(p.Roles, playbook.OperatorRole), slices.Contains(p.Roles, playbook.AuditorRole)
	switch do {
	case SignIn, SeeOwn, SeePending, SeePeople:
		return true
	case OpenCase, File:
		return !auditor
	case ChangePeople, ShutOut, Resend:
		return operator && !auditor
	case ListCases:
		return operator || auditor
	case Audit:
		return auditor
	case SeeCase, SeeRecord:
		return c != nil && (auditor || hasTie(p, c))
	case Answer:
		return c != nil && !auditor && hasTie(p, c)
	case Leave:
		return c != nil && !auditor && (operator || hasTie(p, c))
	case Steer:
		return c != nil && !auditor && steers(p, c)
	}
	return false
}

// MayChangePeople is May for ChangePeople in a deployment whose people are
// these: as long as nobody ever was an operator, anybody of the client may, so
// that a fresh folder or a trial needs no ceremony. Once there was one, only an
// operator may, also after the last one left: a people file at the start of the
// worker names the next.
func MayChangePeople(p playbook.Person, people []playbook.Person) bool {
	if May(p, ChangePeople, nil) {
		return true
	}
	claimed := slices.ContainsFunc(people, func(x playbook.Person) bool { return slices.Contains(x.Roles, playbook.OperatorRole) })
	return !claimed && isClient(p) && !slices.Contains(p.Roles, playbook.AuditorRole)
}

// MayHoldSeat says whether a seat may be given to somebody at all, as by
// delegation.
func MayHoldSeat(p playbook.Person) bool {
	return isClient(p) && !slices.Contains(p.Roles, playbook.AuditorRole)
}

// isClient: one of the client's own people who has not left. What a case holds is
// neither for the vendor nor for somebody who left.
func isClient(p playbook.Person) bool { return p.ID != "" && p.Employer == "" && !p.Left }

// OnlyWatches says whether somebody is stopped before a process judges what they
// say: an auditor, whatever seat or case the record gives them. An attempt of
// anybody else has to stand in the record.
func OnlyWatches(p playbook.Person) bool { return slices.Contains(p.Roles, playbook.AuditorRole) }

func hasTie(p playbook.Person, c *dossier.CaseView) bool {
	return slices.Contains(Involved(c), p.ID)
}

// steers: the owner, then whoever stands in for them.
func steers(p playbook.Person, c *dossier.CaseView) bool {
	return p.ID == c.Owner || p.ID == c.Deputy || p.ID == c.Sponsor
}

// Involved lists, sorted, everybody who has a tie to the case: who asked for it,
// owns it, deputises or sponsors, and of its requests everybody who holds or held a seat,
// answered or was told.
func Involved(c *dossier.CaseView) []string {
	people := []string{c.Owner, c.Deputy, c.Requester, c.Sponsor}
	for i := range c.Requests {
		r := &c.Requests[i]
		for _, s := range r.Seatings {
			for _, h := range s.Holders {
				people = append(people, h.Person)
			}
		}
		for _, b := range r.Ballots {
			people = append(people, b.Person)
		}
		for _, t := range r.Told {
			people = append(people, t.Person)
		}
		people = append(people, r.Recused...)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	if people[0] == "" {
		people = people[1:]
	}
	return people
}

// Outline is what of a case is told to somebody who may know that it is there
// and no more: state, stage and who stands for the owner, no request and no
// document.
func Outline(c dossier.CaseView) dossier.CaseView {
	return dossier.CaseView{ID: c.ID, Vendor: c.Vendor, Owner: c.Owner, Deputy: c.Deputy, Sponsor: c.Sponsor, Held: c.Held, State: c.State, Stage: c.Stage, Rehearsal: c.Rehearsal,
		Opened: c.Opened, Closed: c.Closed, Sealed: c.Sealed, Lines: c.Lines, Last: c.Last, Anchor: c.Anchor}
}
