package inventory

import (
	"slices"
	"strings"
)

// Enrol puts one of the vendor's accounts on the roster, once. A number that becomes
// known is kept, with the login that it has.
func (r *Roster) Enrol(who Identity) { r.Identities = enrol(r.Identities, who) }

// Employ notes an account of the client's own people.
func (r *Roster) Employ(who Identity) { r.Staff = enrol(r.Staff, who) }

// Employs reports whether an account is one of the client's own people's.
func (r Roster) Employs(who Identity) bool { return has(r.Staff, who) }

// Name notes something that is the vendor's without being somebody's.
func (r *Roster) Name(title string) {
	if title != "" && !slices.ContainsFunc(r.Named, func(n string) bool { return strings.EqualFold(n, title) }) {
		r.Named = append(r.Named, title)
	}
}

func enrol(all []Identity, who Identity) []Identity {
	if who.Login == "" && who.Account == 0 {
		return all
	}
	for i, old := range all {
		if !has([]Identity{old}, who) {
			continue
		}
		if old.Account == 0 {
			all[i].Account = who.Account
		} else if who.Account == old.Account && who.Login != "" {
			all[i].Login = who.Login // as it is called now
		}
		return all
	}
	return append(all, who)
}
