package playbook

import (
	"slices"
	"time"
)

// OwnerNow is who can be reached as the owner of a case with the vendor: the
// owner, else the deputy, else the sponsor, whoever is first still with us,
// there at that instant, no person of a vendor, and has declared no conflict.
// Empty: nobody, and the case waits for somebody to be named.
func OwnerNow(people []Person, owner, deputy, sponsor string, recused []string, at time.Time) string {
	for _, id := range []string{owner, deputy, sponsor} {
		i := slices.IndexFunc(people, func(p Person) bool { return p.ID == id })
		if id == "" || i < 0 || slices.Contains(recused, id) {
			continue
		}
		if p := people[i]; !p.Left && p.Employer == "" && p.AwayAt(at).IsZero() {
			return id
		}
	}
	return ""
}

// Replace is the people file with one person in the place of another: from has
// left, by has their roles besides their own, and stands where from stood as a
// backup or a manager. It says whose records name from. The order stays; by
// comes to stand right after from where they stood behind, so that who was asked
// first still is.
func Replace(people []Person, from, by string) (next []Person, named []string) {
	next = slices.Clone(people)
	a := slices.IndexFunc(next, func(p Person) bool { return p.ID == from })
	b := slices.IndexFunc(next, func(p Person) bool { return p.ID == by })
	if a < 0 || b < 0 || a == b {
		return next, nil
	}
	for i := range next {
		p := &next[i]
		if i == a {
			continue
		}
		standIn := slices.ContainsFunc(p.Away, func(a Away) bool { return a.Backup == from && !a.Own })
		if p.Manager == from || slices.Contains(p.Backups, from) || standIn {
			named = append(named, p.ID)
		}
		if standIn {
			p.Away = slices.Clone(p.Away)
			for j := range p.Away {
				if a := &p.Away[j]; a.Backup == from && !a.Own {
					a.Backup = by
					if i == b { // nobody stands in for themselves
						a.Backup = ""
					}
				}
			}
		}
		if p.Manager == from && i != b {
			p.Manager = by
		}
		if i == b && under(people, by, from) { // they answer to whom their manager answered to
			p.Manager = people[a].Manager
		}
		if slices.Contains(p.Backups, from) {
			p.Backups = swapped(p.Backups, from, by)
			if p.ID == by || stands(people, by, p.ID) { // or they would stand in for each other in a circle
				p.Backups = slices.DeleteFunc(p.Backups, func(id string) bool { return id == by })
			}
		}
	}
	roles := slices.Clone(next[b].Roles)
	for _, r := range next[a].Roles {
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	next[b].Roles = roles
	next[a].Left = true
	if b > a+1 {
		p := next[b]
		next = slices.Insert(slices.Delete(next, b, b+1), a+1, p)
	}
	return next, named
}

// swapped is a list with one person in the place of another, nobody twice.
func swapped(list []string, from, by string) []string {
	var next []string
	for _, id := range list {
		if id == from {
			id = by
		}
		if !slices.Contains(next, id) {
			next = append(next, id)
		}
	}
	return next
}

// under reports whether somebody answers to a manager, directly or not.
func under(people []Person, id, manager string) bool {
	for range people {
		i := slices.IndexFunc(people, func(p Person) bool { return p.ID == id })
		if i < 0 || people[i].Manager == "" {
			return false
		}
		if id = people[i].Manager; id == manager {
			return true
		}
	}
	return false
}

// stands reports whether from one person's backups, and theirs, one comes to
// another.
func stands(people []Person, id, other string) bool {
	seen := []string{id}
	for i := 0; i < len(seen); i++ {
		for _, p := range people {
			if p.ID != seen[i] {
				continue
			}
			for _, b := range p.Backups {
				if b == other {
					return true
				}
				if !slices.Contains(seen, b) {
					seen = append(seen, b)
				}
			}
		}
	}
	return false
}
