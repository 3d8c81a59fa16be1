package inventory

import (
	"cmp"
	"slices"
	"strings"

	"gangway/internal/entitlement"
)

// Overview is what an organisation itself shows, and which repositories are then looked
// at one by one.
type Overview struct {
	Repositories []Repository `json:"repositories,omitempty"`
	Sights       []Sight      `json:"sights,omitempty"`
}

// RepositoryPlaces are those that each repository has for itself. Hooks, applications and
// runners the organisation has as well.
func RepositoryPlaces() []Place {
	return []Place{PlaceCollaborators, PlaceRepoInvitations, PlaceDeployKeys, PlaceHooks, PlaceRunners, PlaceReviewers, PlaceCodeowners, PlacePushes}
}

// Removable reports whether what is found at a place can be taken away by a call. An
// owner named in a file is changed by whoever may change the file, and a push has
// happened.
func (p Place) Removable() bool { return p != PlaceCodeowners && p != PlacePushes }

// personal reports whether what is found at a place is somebody's own, whatever they call
// it: who names the person in a plan means it.
func (p Place) personal() bool {
	return p == PlaceTokens || p == PlaceTokenRequests || p == PlaceCredentials || p == PlaceCodespaces
}

// Has reports whether somebody is on a list of accounts. A number decides where both
// have one: a login can be somebody else's by now.
func has(all []Identity, who Identity) bool {
	return slices.ContainsFunc(all, func(i Identity) bool {
		if i.Account != 0 && who.Account != 0 {
			return i.Account == who.Account
		}
		return i.Login != "" && strings.EqualFold(i.Login, who.Login)
	})
}

// Owns reports whether what was found is the vendor's beyond doubt: its account is on the
// roster and is none of staff's, or the roster names the thing.
func (r Roster) Owns(f Finding) bool {
	if f.Unsure || has(r.Staff, f.Identity) {
		return false
	}
	if f.Identity != (Identity{}) {
		return has(r.Identities, f.Identity)
	}
	return r.Names(f.Title)
}

// Takes reports whether what was found is taken away: it is the vendor's, it can be, and
// nothing is left without an owner.
func (r Roster) Takes(f Finding) bool {
	return f.Place.Removable() && !f.LastOwner && !f.ByHand && r.Owns(f)
}

// CountsOf says place by place what was seen, in the order of the places. A place that
// nobody looked at is not checkable; before the cut nobody looks for pushes after it.
func (r Roster) CountsOf(sights []Sight) []Count {
	var all []Count
	for _, p := range Places() {
		if p == PlacePushes && r.Cut.IsZero() {
			continue
		}
		c := Count{Place: p, Verdict: entitlement.VerdictClean}
		looked, blind := false, false
		for _, s := range sights {
			if s.Place != p {
				continue
			}
			looked, blind = true, blind || s.Verdict == entitlement.VerdictNotCheckable || len(s.Doubts) > 0
			c.Found += len(s.Findings)
			for _, f := range s.Findings {
				if !r.Takes(f) {
					c.HeldBack++
				}
			}
			c.Doubts, c.Needs = add(c.Doubts, s.Doubts), add(c.Needs, s.Needs)
		}
		switch {
		case !looked:
			c.Verdict, c.Doubts = entitlement.VerdictNotCheckable, []entitlement.Doubt{entitlement.DoubtPartial}
		case c.Found > 0:
			c.Verdict = entitlement.VerdictFound
		case blind:
			c.Verdict = entitlement.VerdictNotCheckable
		}
		all = append(all, c)
	}
	return all
}

// add puts what a list lacks into it, in order.
func add[T cmp.Ordered](list, more []T) []T {
	for _, x := range more {
		if i, known := slices.BinarySearch(list, x); !known {
			list = slices.Insert(list, i, x)
		}
	}
	return list
}

// Unnamed are the findings that a text, the exit plan's words, does not name: nothing of
// it is their repository, or what they are called where they are the organisation's.
func Unnamed(sights []Sight, plan string) []Finding {
	names := naming(plan)
	var more []Finding
	for _, s := range sights {
		for _, f := range s.Findings {
			named := names(f.Repository)
			if f.Repository == "" {
				named = names(f.Title) || (f.Title == "" || f.Place.personal()) && names(f.Identity.Login)
			}
			if f.Unsure || !named {
				more = append(more, f)
			}
		}
	}
	return more
}

// Since are the findings of now that before does not have.
func Since(before, now []Sight) []Finding {
	same := func(a, b Finding) bool {
		return a.Place == b.Place && a.ID == b.ID && a.RepositoryID == b.RepositoryID && a.Title == b.Title &&
			(a.Identity == b.Identity || has([]Identity{a.Identity}, b.Identity))
	}
	var old, more []Finding
	for _, s := range before {
		old = append(old, s.Findings...)
	}
	for _, s := range now {
		for _, f := range s.Findings {
			if !slices.ContainsFunc(old, func(x Finding) bool { return same(x, f) }) {
				more = append(more, f)
			}
		}
	}
	return more
}
