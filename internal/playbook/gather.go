package playbook

import (
	"slices"
	"strings"
	"time"

	"gangway/internal/review"
)

// Bench lists, for every seat of a policy in group order, the people who could
// hold it: the role's people in the order of the people file (for
// review.OwnerRole the case's owner, deputy and sponsor, for review.VendorRole the
// vendor's people in the order in which they were named), then their backups and
// the backups' backups, nearest first, each person once; who is named for an
// absence comes before the other backups while it lasts. A backup stands in For
// the person of the role through whom they were found; one who holds the role as
// well keeps their turn, and is a backup too, so that they can join a silent seat. People who left are kept
// out, but their backups are not: those are who takes over. Who may really hold
// the seat is for review to say.
//
// Of a vendor's people the first is asked; the others stand in for them, and may
// join a silent seat as backups do. So do deputy and sponsor for the owner. Revision is that of the people, now is case
// time. Empty or unknown ids of owner, deputy and sponsor are skipped.
func Bench(pol review.Policy, people []Person, revision int, vendor, owner, deputy, sponsor string, now time.Time) []review.Bench {
	var benches []review.Bench
	for _, seat := range pol.Seats() {
		g := gathering{people: people, revision: revision, vendor: vendor, now: now}
		first := g.holders(seat.Role, owner, deputy, sponsor)
		for i, p := range first {
			root := standsIn(p, first[:i], now)
			switch {
			case seat.Role == review.OwnerRole && len(g.found) > 0: // before anybody's own backups
				g.add(p, review.ViaBackup, g.found[0].Person.ID)
			case seat.Role == review.OwnerRole:
				g.add(p, review.ViaOwner, "")
			case seat.Role == review.VendorRole && i > 0:
				g.add(p, review.ViaBackup, first[0].ID)
			case root != "":
				g.add(p, review.ViaBackup, root)
			default:
				g.add(p, review.ViaRole, "")
			}
		}
		if seat.Role != review.VendorRole { // a vendor's people name no backups of ours
			g.backups(first)
		}
		benches = append(benches, review.Bench{Seat: seat.ID, Candidates: g.found})
	}
	return benches
}

// standsIn is whom of the role's people before them somebody is a backup of.
func standsIn(p Person, before []Person, now time.Time) string {
	for _, b := range before {
		if !b.Left && slices.Contains(b.BackupsAt(now), p.ID) {
			return b.ID
		}
	}
	return ""
}

// gathering collects one seat's candidates.
type gathering struct {
	people   []Person
	revision int
	vendor   string // slug
	now      time.Time
	seen     []string
	found    []review.Candidate
}

// holders are the people whom a role means, those who left included.
func (g *gathering) holders(role, owner, deputy, sponsor string) []Person {
	var list []Person
	if name, named := strings.CutPrefix(role, review.NamedPrefix); named {
		if p, ok := g.person(name); ok {
			list = append(list, p)
		}
		return list
	}
	if role == review.OwnerRole {
		for _, id := range []string{owner, deputy, sponsor} {
			if p, ok := g.person(id); ok {
				list = append(list, p)
			}
		}
		return list
	}
	for _, p := range g.people {
		theirs := role == review.VendorRole && g.vendor != "" && p.Employer == g.vendor && !p.Left
		if theirs || slices.Contains(p.Roles, role) {
			list = append(list, p)
		}
	}
	return list
}

// backups adds everybody reachable through backups, one circle after another.
func (g *gathering) backups(first []Person) {
	type link struct {
		person Person
		root   string
	}
	var circle []link
	for _, p := range first {
		circle = append(circle, link{p, p.ID})
	}
	for len(circle) > 0 {
		var next []link
		for _, l := range circle {
			for _, id := range l.person.BackupsAt(g.now) {
				p, ok := g.person(id)
				if !ok || slices.Contains(g.seen, id) {
					continue
				}
				g.add(p, review.ViaBackup, l.root)
				next = append(next, link{p, l.root})
			}
		}
		circle = next
	}
}

func (g *gathering) add(p Person, via review.Via, root string) {
	if slices.Contains(g.seen, p.ID) {
		return
	}
	g.seen = append(g.seen, p.ID)
	if p.Left {
		return
	}
	g.found = append(g.found, review.Candidate{Person: p.Record(g.revision), Via: via, For: root, Away: p.AwayAt(g.now)})
}

func (g *gathering) person(id string) (Person, bool) {
	i := slices.IndexFunc(g.people, func(p Person) bool { return id != "" && p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return g.people[i], true
}
