package playbook

import (
	"time"

	"gangway/internal/calendar"
	"gangway/internal/review"
)

// Reasons for telling somebody about a request.
const (
	WhyAsked    = "asked"
	WhyReminder = "reminder"
	WhyBackup   = "backup"
	WhyManager  = "manager"
	WhyOwner    = "owner"
	WhyVacant   = "vacant"
	WhyDue      = "due"   // nobody is told; the tally may change at this instant
	WhyEnds     = "ends"  // a delegation runs out
	WhyClosed   = "ended" // the request was decided or closed
)

// Alarm is an instant of case time at which a silent request wants something.
type Alarm struct {
	At     time.Time
	Why    string
	Seat   string
	Person string
}

// Hours is when a person works.
type Hours struct {
	Person   string
	Schedule calendar.Schedule
}

// Alarms lists what the clock will ask for while the current group of an open
// request stays silent: the next reminder of every holder, the backup, the line
// manager and the owner, each at most once a clock, and the due date itself. An
// alarm that was acted upon has left a told fact and does not come again.
func (d Deadlines) Alarms(r *review.Request, now time.Time, snap calendar.Snapshot, own calendar.Schedule, hours []Hours) []Alarm {
	t := r.Tally(now)
	if r.Closed != nil || t.State != review.Open && t.State != review.Vacant || t.Group >= len(r.Clocks) {
		return nil
	}
	c := r.Clocks[t.Group]
	if c.Opened.IsZero() {
		return nil
	}
	a := alarms{d: d, r: r, now: now, clock: c, snap: snap, own: own, hours: hours}
	if now.Before(c.Due) {
		a.add(c.Due, WhyDue, "", "")
	}
	for _, s := range r.Policy.Groups[t.Group].Seats {
		if r.Standing(s.ID) == nil {
			a.seat(s.ID)
		}
	}
	if !d.Owner.IsZero() && !a.told(WhyOwner, "", "") {
		a.add(snap.After(own, c.Opened, d.Owner), WhyOwner, "", "")
	}
	return a.list
}

type alarms struct {
	d     Deadlines
	r     *review.Request
	now   time.Time
	clock review.Clock
	snap  calendar.Snapshot
	own   calendar.Schedule
	hours []Hours
	list  []Alarm
}

func (a *alarms) add(at time.Time, why, seat, person string) {
	a.list = append(a.list, Alarm{At: at, Why: why, Seat: seat, Person: person})
}

func (a *alarms) seat(id string) {
	for _, h := range a.r.Seating(id).Holders {
		if !h.Active(a.now) {
			continue
		}
		if !h.Until.IsZero() {
			a.add(h.Until, WhyEnds, id, h.Person)
		}
		a.reminder(id, h)
	}
	if !a.d.Backup.IsZero() && !a.told(WhyBackup, id, "") {
		a.add(a.snap.After(a.own, a.clock.Opened, a.d.Backup), WhyBackup, id, "")
	}
	if !a.d.Manager.IsZero() && !a.told(WhyManager, id, "") {
		a.add(a.snap.After(a.own, a.clock.Opened, a.d.Manager), WhyManager, id, "")
	}
}

// reminder adds a holder's next reminder, counted from when they were asked, in
// their own hours and not before a snooze ends.
func (a *alarms) reminder(seat string, h review.Holder) {
	from := a.clock.Opened
	if h.Since.After(from) {
		from = h.Since
	}
	sent := 0
	for _, t := range a.r.Told {
		if t.Why == WhyReminder && t.Person == h.Person && t.Seat == seat && !t.At.Before(from) {
			sent++
		}
	}
	if sent >= len(a.d.Remind) {
		return
	}
	sch := a.schedule(h.Person)
	at := a.snap.After(sch, from, a.d.Remind[sent])
	if h.Snoozed.After(at) {
		at = a.snap.Next(sch, h.Snoozed)
	}
	a.add(at, WhyReminder, seat, h.Person)
}

// schedule is the person's hours, or the organisation's when the snapshot was
// taken before theirs were known.
func (a *alarms) schedule(person string) calendar.Schedule {
	for _, h := range a.hours {
		if h.Person == person && a.snap.Has(h.Schedule) == nil {
			return h.Schedule
		}
	}
	return a.own
}

// told reports whether this was acted upon since the group was asked. An empty
// person matches whoever was told.
func (a *alarms) told(why, seat, person string) bool {
	for _, t := range a.r.Told {
		if t.Why == why && t.Seat == seat && (person == "" || t.Person == person) && !t.At.Before(a.clock.Opened) {
			return true
		}
	}
	return false
}
