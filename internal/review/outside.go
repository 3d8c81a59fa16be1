package review

// An outside reviewer is of neither side: the case's owner names them for one seat of
// one process, and no other is theirs.

// outsideSeat is the word by which a person's record says for which seat of which
// process they were named. It stands among their roles: the process, then the seat,
// behind OutsideRole, with colons between them.
func outsideSeat(process, seat string) string { return OutsideRole + ":" + process + ":" + seat }

// isOutside reports whether a person is of neither side.
func (p Person) isOutside() bool { return p.Employer == OutsideRole }

// outsiders reports whether a seat is for somebody of neither side.
func (r *Request) outsiders(seat string) bool {
	s, _, ok := r.Seat(seat)
	return ok && s.Role == OutsideRole
}

// ofNeither refuses whoever is of neither side every seat but the one that they were
// named for, and everybody else a seat that is for them.
func (r *Request) ofNeither(seat string, p Person) Refusal {
	switch theirs := r.outsiders(seat); {
	case theirs != p.isOutside(), theirs && !p.Has(outsideSeat(r.Process, seat)):
		return NoSeat
	}
	return ""
}

// entered reports whether an answer for a seat came from where its people come in: an
// outside reviewer, and a receiver of another vendor, has the page that their own link
// opens, and no account.
func (r *Request) entered(seat, channel string) bool {
	return signedIn(channel) || channel == "portal" && (r.outsiders(seat) || r.contacts(seat))
}
