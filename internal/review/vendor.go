package review

import "slices"

// The vendor's seat: the one place of a request that is not the client's. What is
// asked there is something to deliver, never something to decide.

// vendors reports whether a seat is the vendor's.
func (r *Request) vendors(seat string) bool {
	s, _, ok := r.Seat(seat)
	return ok && s.Role == VendorRole
}

// vendorSeats are the seats that the vendor's people may hold: those of
// VendorRole in a delivery. In any other kind such a seat stays empty.
func (r *Request) vendorSeats() []string {
	if r.Kind != Delivery {
		return nil
	}
	var ids []string
	for _, s := range r.Policy.Seats() {
		if s.Role == VendorRole {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// ofVendor reports whether a person works for the vendor that the case is about.
func (r *Request) ofVendor(p Person) bool { return p.Employer != "" && p.Employer == r.Vendor }

// person refuses people who may have no part in the request. Whoever works for
// the vendor has one only where a seat is the vendor's.
func (r *Request) person(p Person) Refusal {
	switch {
	case p.ID == "":
		return UnknownPerson
	case !p.Active:
		return NotActive
	case r.ofVendor(p) && len(r.vendorSeats()) == 0:
		return VendorPerson
	case p.ID == r.Requester:
		return OwnRequest
	case slices.Contains(r.Makers, p.ID):
		return OwnWork
	case slices.Contains(r.Recused, p.ID):
		return IsRecused
	}
	return ""
}

// side refuses the vendor's people a seat of the client, and the client's people a
// seat of the vendor. In which kinds the vendor has a part at all, person says.
func (r *Request) side(seat string, p Person) Refusal {
	switch theirs := r.vendors(seat); {
	case r.ofVendor(p) && !theirs:
		return VendorPerson
	case theirs && !r.ofVendor(p):
		return VendorSeat
	case r.elsewhere(p):
		return r.receives(seat, p)
	}
	return r.ofNeither(seat, p)
}

// filed finds the seat in whose place the case owner files something: one that is
// the vendor's.
func (r *Request) filed(a Answer) (string, Refusal) {
	seats := r.vendorSeats()
	switch {
	case r.ofVendor(a.Person):
		return a.Seat, VendorPerson
	case len(seats) == 0 || a.Seat != "" && !slices.Contains(seats, a.Seat):
		return a.Seat, NoVendorSeat
	case !slices.Contains(r.Filers, a.Person.ID):
		return a.Seat, NotOwner
	case a.Seat != "":
		return a.Seat, ""
	}
	open := slices.DeleteFunc(slices.Clone(seats), func(s string) bool { return r.Standing(s) != nil })
	switch {
	case len(open) > 1:
		return "", WhichSeat
	case len(open) == 1:
		return open[0], ""
	}
	return seats[0], "" // answered: by whom and when is said next
}
