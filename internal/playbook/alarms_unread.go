package playbook

import (
	"slices"
	"time"

	"gangway/internal/review"
)

// waitsForReaders reports whether an open request would be met but for the sections
// that nobody has read.
func waitsForReaders(r *review.Request, t review.Tally) bool {
	if len(t.Unread) == 0 || t.Group != len(t.Groups)-1 {
		return false
	}
	g := t.Groups[t.Group]
	missing := slices.ContainsFunc(g.Seats, func(s review.SeatState) bool {
		seat, _, _ := r.Seat(s.Seat)
		return seat.Mandatory && (s.Verdict == "" || !review.Positive(s.Verdict))
	})
	return g.Approved >= g.Needed && !missing
}

// readers reminds everybody who holds a seat, in whichever group, since any of them may
// read what is left; then the owner is told, as where nobody answers. It is counted from
// the last answer: nobody was waited for before. Who has several seats is reminded once.
func (a *alarms) readers(group int) {
	since := a.agreed(group)
	var asked []string
	for _, s := range a.r.Policy.Seats() {
		for _, h := range a.r.Seating(s.ID).Holders {
			if !h.Active(a.now) {
				continue
			}
			if !h.Until.IsZero() {
				a.add(h.Until, WhyEnds, s.ID, h.Person)
			}
			if !slices.Contains(asked, h.Person) && !a.passedOn(s.ID, h.Person) {
				asked = append(asked, h.Person)
				a.reminder(WhyUnread, s.ID, h, since)
			}
		}
	}
	if !a.d.Owner.IsZero() && !a.told(WhyUnread, "", since) {
		a.add(a.after(a.own, since, a.d.Owner), WhyUnread, "", "")
	}
}

// agreed is when the last of those answered whose word was needed in a group.
func (a *alarms) agreed(group int) time.Time {
	at := a.clock.Opened
	for _, s := range a.r.Policy.Groups[group].Seats {
		if b := a.r.Standing(s.ID); b != nil {
			at = later(at, b.At)
		}
	}
	return at
}
