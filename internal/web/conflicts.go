package web

import (
	"slices"
	"time"

	"gangway/internal/review"
)

// conflictsView is who declared a conflict of interest in what is asked, and what has
// nobody to answer it since.
type conflictsView struct {
	Names []string
	Mine  bool     // whoever looks declared one
	Seats []string // that nobody holds, while they are asked
}

// conflicts tells of those who declared one; nil where nobody did.
func (n names) conflicts(r *review.Request, me visitor, now time.Time) *conflictsView {
	if len(r.Recused) == 0 {
		return nil
	}
	v := &conflictsView{Mine: slices.Contains(r.Recused, me.ID)}
	for _, id := range r.Recused {
		v.Names = append(v.Names, n.of(id))
	}
	if r.Closed != nil {
		return v
	}
	t := r.Tally(now)
	if t.Group < len(t.Groups) {
		for _, seat := range t.Groups[t.Group].Seats {
			if seat.Vacant {
				v.Seats = append(v.Seats, human(seat.Seat))
			}
		}
	}
	return v
}
