package review

import "strings"

// A receiver is one of the people of the vendor who takes over from the one that a case is
// about. They hold what is theirs by name in a request that says so, and nothing else in
// the case.

// elsewhere reports whether a person is a contact of a vendor that the case is not about.
// Ids of contacts have a dot, those of the people file none.
func (r *Request) elsewhere(p Person) bool {
	return p.Employer != "" && p.Employer != r.Vendor && !p.isOutside() && strings.Contains(p.ID, ".")
}

// contacts reports whether a seat is such a contact's by name.
func (r *Request) contacts(seat string) bool {
	s, _, _ := r.Seat(seat)
	return r.Receiver != "" && strings.Contains(named(s.Role), ".")
}

// receives refuses such a contact every seat but one that is theirs by name, of something
// that their vendor receives: to do, or to sign for.
func (r *Request) receives(seat string, p Person) Refusal {
	s, _, ok := r.Seat(seat)
	kind := r.Kind == Task || r.Kind == Decision
	if !ok || !kind || r.Receiver == "" || r.Receiver != p.Employer || s.Role != NamedPrefix+p.ID {
		return VendorPerson
	}
	return ""
}
