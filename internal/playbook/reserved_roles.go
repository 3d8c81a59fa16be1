package playbook

import (
	"fmt"
	"slices"
)

// Roles that a people file may give besides those of the playbooks. They fill no
// seat, so a playbook must not name them. What they allow stands in access.
const (
	OperatorRole = "operator" // people, keys and letters
	AuditorRole  = "auditor"  // reads everything, changes nothing
)

// isReserved reports whether a role is gangway's own and fills no seat.
func isReserved(role string) bool { return role == OperatorRole || role == AuditorRole }

// checkReserved refuses roles that would give a seat, or the people file, to
// somebody who has to judge it, and reserved roles of a vendor's people.
func (r roster) checkReserved(f *faults, i int, at string) {
	p := r.people[i]
	for j, role := range p.Roles {
		if p.Employer != "" && isReserved(role) {
			f.add(fmt.Sprintf("%s.roles[%d]", at, j), "give it to one of your own people", "a vendor's person can't be %s", role)
		}
		if role == AuditorRole && len(p.Roles) > 1 {
			f.add(fmt.Sprintf("%s.roles[%d]", at, j), "leave the other roles out, or this one", "an auditor has no other role: they would judge their own work")
		}
	}
	for j, id := range p.Backups {
		k, known := r.first[id]
		if known && slices.Contains(r.people[k].Roles, AuditorRole) {
			f.add(fmt.Sprintf("%s.backups[%d]", at, j), "name somebody else", "%s is an auditor and fills no seat", shown(id))
		}
	}
}
