package calendar

import (
	"fmt"
	"time"
)

// Anchor ties a case's time to real time: when it was Real, the case believed it was Case, and from there both run at the
// same pace. The zero Anchor means that they are the same. Differences of more than 292 years are not exact.
type Anchor struct {
	Real time.Time `json:"real"`
	Case time.Time `json:"case"`
}

// IsZero tells whether case time is real time because nothing was ever anchored.
func (a Anchor) IsZero() bool { return a.Real.IsZero() && a.Case.IsZero() }

// CaseAt is what the case believes at a real instant.
func (a Anchor) CaseAt(real time.Time) time.Time {
	if a.IsZero() {
		return plain(real)
	}
	return plain(a.Case).Add(plain(real).Sub(plain(a.Real)))
}

// RealAt is when the case will believe, or believed, that it is cas: the instant a timer must be set to.
func (a Anchor) RealAt(cas time.Time) time.Time {
	if a.IsZero() {
		return plain(cas)
	}
	return plain(a.Real).Add(plain(cas).Sub(plain(a.Case)))
}

// Jump gives the anchor under which it is `to` for the case at the instant `real`. Jumping to where the case already is
// changes nothing that anyone can see; going backwards is an error, and the anchor comes back as it was.
func (a Anchor) Jump(real, to time.Time) (Anchor, error) {
	if now := a.CaseAt(real); to.Before(now) {
		return a, fmt.Errorf("jumping to %s: the case is already at %s, and case time never goes back",
			plain(to).Format(time.RFC3339), now.Format(time.RFC3339))
	}
	return Anchor{Real: plain(real), Case: plain(to)}, nil
}
