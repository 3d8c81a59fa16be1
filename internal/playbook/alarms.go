package playbook

import (
	"slices"
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
	// WhyUnread: everybody whose word is needed agreed, and sections are left that nobody
	// has read. With no seat it is the case owner who is told.
	WhyUnread = "unread"
	WhyDue    = "due"  // nobody is told; the tally may change at this instant
	WhyEnds   = "ends" // a delegation runs out
	// Whoever of the vendor was asked something is told how the whole ended: that it works
	// for us from now on, that this was refused, or that it goes no further; of an exit that
	// the vendor is off, or that it stays, and is cut off all the same. Whoever was to take
	// over from it, and does not any more, is told that nothing is asked of them.
	WhyEndedFor  = "ended-" // what these begin with
	WhyLive      = WhyEndedFor + "live"
	WhyDeclined  = WhyEndedFor + "declined"
	WhyWithdrawn = WhyEndedFor + "withdrawn"
	WhyOff       = WhyEndedFor + "off"
	WhyStays     = WhyEndedFor + "stays"
	WhyCutOff    = WhyEndedFor + "stays-cut-off"
	WhyReleased  = WhyEndedFor + "released"
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
// alarm that was acted upon has left a told fact and does not come again. A seat
// whose answer was taken back, or that was added, is counted from then: nobody
// was silent before. No clock runs while the case is on hold, and what was
// still to come when it stood still comes later by as much working time.
func (d Deadlines) Alarms(r *review.Request, now time.Time, snap calendar.Snapshot, own calendar.Schedule, hours []Hours) []Alarm {
	t := r.Tally(now)
	if r.Closed != nil || !r.Held.IsZero() || t.State != review.Open && t.State != review.Vacant || t.Group >= len(r.Clocks) {
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
	if waitsForReaders(r, t) {
		a.readers(t.Group)
		return a.list
	}
	for _, s := range r.Policy.Groups[t.Group].Seats {
		if r.Standing(s.ID) == nil {
			a.seat(s.ID)
		}
	}
	if !d.Owner.IsZero() && !a.told(WhyOwner, "", c.Opened) {
		a.add(a.after(own, c.Opened, d.Owner), WhyOwner, "", "")
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
	since := a.silent(id)
	for _, h := range a.r.Seating(id).Holders {
		if !h.Active(a.now) {
			continue
		}
		if !h.Until.IsZero() {
			a.add(h.Until, WhyEnds, id, h.Person)
		}
		if !a.passedOn(id, h.Person) {
			a.reminder(WhyReminder, id, h, since)
		}
	}
	if !a.d.Backup.IsZero() && !a.told(WhyBackup, id, since) {
		a.add(a.after(a.own, since, a.d.Backup), WhyBackup, id, "")
	}
	if !a.d.Manager.IsZero() && !a.told(WhyManager, id, since) {
		a.add(a.after(a.own, since, a.d.Manager), WhyManager, id, "")
	}
}

// after counts a span from an instant, leaving out the times in which the
// group's clock stood still: the working time that was left then is left still.
func (a *alarms) after(sch calendar.Schedule, from time.Time, sp calendar.Span) time.Time {
	at := a.snap.After(sch, from, sp)
	for _, s := range a.clock.Still {
		start := later(s.From, from)
		switch {
		case !at.After(start) || !s.Until.After(start):
		case sp.Clock:
			at = s.Until.Add(at.Sub(start)) // also at night
		default:
			at = a.snap.Next(sch, Moved(a.snap, sch, at, start, s.Until)) // not as they close
		}
	}
	return at
}

// Moved is an instant whose clock stood still from one time until another: as
// much working time as was left before it is left after it. An instant that had
// come before the clock stood still stays.
func Moved(snap calendar.Snapshot, sch calendar.Schedule, at, from, until time.Time) time.Time {
	if !at.After(from) || !until.After(from) {
		return at
	}
	moved := snap.Add(sch, until, snap.Between(sch, from, at))
	return later(at, moved)
}

// silent is since when a seat owes its answer: since its group was asked, since
// it was added, or since its answer was taken back.
func (a *alarms) silent(seat string) time.Time {
	since := later(a.clock.Opened, a.r.Seating(seat).Added)
	for _, act := range a.r.Acts { // of the acts on a seat only a take-back names a verdict
		if act.Outcome.Seat == seat && act.Outcome.Verdict != "" && act.Outcome.At.After(since) {
			since = act.Outcome.At
		}
	}
	return since
}

// passedOn reports whether a holder's delegate has the seat now: they are who is
// reminded.
func (a *alarms) passedOn(seat, person string) bool {
	return slices.ContainsFunc(a.r.Seating(seat).Holders, func(h review.Holder) bool {
		return h.Via == review.ViaDelegate && h.From == person && h.Active(a.now)
	})
}

// reminder adds a holder's next reminder, counted from when they were asked, in
// their own hours and not before a snooze ends. Those that fell due before the
// last one was sent (in a snooze, or while everything was down) are gone: nobody
// is told twice in one breath.
func (a *alarms) reminder(why, seat string, h review.Holder, since time.Time) {
	from := since
	if h.Since.After(from) {
		from = h.Since
	}
	sent := 0
	var last time.Time
	for _, t := range a.r.Told {
		if t.Why == why && t.Person == h.Person && t.Seat == seat && !t.At.Before(from) {
			sent, last = sent+1, t.At
		}
	}
	sch := a.schedule(h.Person)
	for i := sent; i < len(a.d.Remind); i++ {
		at := a.after(sch, from, a.d.Remind[i])
		if sent > 0 && !at.After(last) {
			continue
		}
		switch {
		case !h.Snoozed.After(at):
		case a.d.Remind[i].Clock:
			at = h.Snoozed
		default:
			at = a.snap.Next(sch, h.Snoozed)
		}
		a.add(at, why, seat, h.Person)
		return
	}
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

// told reports whether this was acted upon since then, whoever was told.
func (a *alarms) told(why, seat string, since time.Time) bool {
	return slices.ContainsFunc(a.r.Told, func(t review.Reminder) bool {
		return t.Why == why && t.Seat == seat && !t.At.Before(since)
	})
}
