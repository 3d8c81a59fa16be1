package playbook

import (
	"time"

	"gangway/internal/calendar"
)

// dates are when a group's deadlines fall, all of them case time. A zero instant
// means never.
type dates struct {
	Opened  time.Time `json:"opened"`
	Due     time.Time `json:"due,omitzero"`
	Backup  time.Time `json:"backup,omitzero"`
	Manager time.Time `json:"manager,omitzero"`
	Owner   time.Time `json:"owner,omitzero"`
}

// dates counts the deadlines from the moment a group is asked, in the
// organisation's working hours. Reminders are each holder's own.
func (d Deadlines) dates(snap calendar.Snapshot, hours calendar.Schedule, opened time.Time) dates {
	at := func(sp calendar.Span) time.Time {
		if sp.IsZero() {
			return time.Time{}
		}
		return snap.After(hours, opened, sp)
	}
	return dates{Opened: opened, Due: at(d.Due), Backup: at(d.Backup), Manager: at(d.Manager), Owner: at(d.Owner)}
}

// reminders are when a person is reminded, counted from the moment they are
// asked in their own working hours (the organisation's where the snapshot does
// not know theirs), as Alarms does it for real. What falls into an absence comes
// when they are back; two that fall on one moment are one.
func (d Deadlines) reminders(snap calendar.Snapshot, hours calendar.Schedule, p Person, asked time.Time) []time.Time {
	own := p.Hours
	if snap.Has(own) != nil {
		own = hours
	}
	var at []time.Time
	for _, r := range d.Remind {
		next := snap.After(own, asked, r)
		for range p.Away { // absences may follow one another
			if r.Clock {
				break // an emergency reaches them all the same
			}
			if until := p.AwayAt(next); !until.IsZero() {
				next = snap.Next(own, until)
			}
		}
		if len(at) == 0 || next.After(at[len(at)-1]) {
			at = append(at, next)
		}
	}
	return at
}
