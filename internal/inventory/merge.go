package inventory

import (
	"slices"

	"gangway/internal/entitlement"
)

// Ways into a repository, as Finding.By has them.
const (
	WayDirect = "direct" // a collaborator of its own
	WayTeam   = "team"   // a member of a team that has it; Finding.Title is the team
	WayBase   = "base"   // what every member may, or an owner
	WayAsked  = "invited"
)

// Doubts of places that no permission helps against.
const (
	DoubtAppsAlone entitlement.Doubt = "apps-alone"   // GitHub shows it to apps, and we sign in with a token
	DoubtNotApps   entitlement.Doubt = "not-for-apps" // GitHub shows it to tokens, and we sign in as an app
	DoubtEdition   entitlement.Doubt = "edition"      // GitHub has it in Enterprise Cloud with single sign-on alone
	DoubtByHand    entitlement.Doubt = "by-hand"      // GitHub has no call for it: people take it away
)

// Judge is the verdict on what was found and what could not be seen: what was found
// counts, whatever else could not be seen.
func Judge(found []Finding, doubts []entitlement.Doubt) entitlement.Verdict {
	switch {
	case len(found) > 0:
		return entitlement.VerdictFound
	case len(doubts) > 0:
		return entitlement.VerdictNotCheckable
	}
	return entitlement.VerdictClean
}

// Key is what a finding is, whatever it is called by now: the same thing has the same
// key in two inventories. Accounts and repositories count by their numbers, where those
// are known, since names change.
func (f Finding) Key() Key {
	k := Key{Place: f.Place, Repository: f.RepositoryID, By: f.By, ID: f.ID, Account: f.Identity.Account}
	if k.Account == 0 {
		k.Login = fold(f.Identity.Login)
	}
	if k.ID == 0 {
		k.Title = f.Title
	}
	return k
}

// Key tells findings apart.
type Key struct {
	Place       Place
	Repository  int64
	By          string
	ID, Account int64
	Login       string
	Title       string
}

// Merge makes one sight of each place, in the order of Places, of those of the
// organisation and of all its repositories. A place is clean where each of its sights
// is: one repository that could not be seen makes it not checkable, unless something
// was found elsewhere.
func Merge(sights []Sight) []Sight {
	var all []Sight
	for _, p := range Places() {
		m, seen := Sight{Place: p}, false
		have := map[Key]bool{}
		for _, s := range sights {
			if s.Place != p {
				continue
			}
			if !seen {
				m.RepositoryID = s.RepositoryID
			}
			m.add(s, have)
			seen = true
		}
		if seen {
			m.Verdict = Judge(m.Findings, m.Doubts)
			all = append(all, m)
		}
	}
	return all
}

// add takes another sight of the same place in.
func (s *Sight) add(more Sight, have map[Key]bool) {
	if more.RepositoryID != s.RepositoryID {
		s.RepositoryID = 0
	}
	for _, f := range more.Findings {
		if !have[f.Key()] {
			have[f.Key()] = true
			s.Findings = append(s.Findings, f)
		}
	}
	doubts := more.Doubts
	if more.Verdict == entitlement.VerdictNotCheckable && len(doubts) == 0 {
		doubts = []entitlement.Doubt{entitlement.DoubtHidden} // it says so without saying why
	}
	s.Doubts = union(s.Doubts, doubts)
	s.Needs = union(s.Needs, more.Needs)
	s.Calls += more.Calls
	s.Probes = append(s.Probes, more.Probes...)
}

// union is both, each once, in their order.
func union[T comparable](a, b []T) []T {
	for _, one := range b {
		if !slices.Contains(a, one) {
			a = append(a, one)
		}
	}
	return a
}
