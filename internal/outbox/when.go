package outbox

import (
	"time"

	"gangway/internal/calendar"
)

// Patience is for how long a mail is tried, from its first try on; after that
// the person counts as not reached.
const Patience = 48 * time.Hour

// Retry says when to try again after a fault that may pass, and whether to:
// tries counts those that were made, the failed one included.
func Retry(tries int, first, now time.Time) (time.Time, bool) {
	wait := pause(tries)
	if first.IsZero() {
		first = now
	}
	last := first.Add(Patience)
	if !now.Before(last) {
		return time.Time{}, false
	}
	next := now.Add(wait)
	if next.After(last) {
		next = last
	}
	return next, true
}

// pause grows from what a greylisting server asks for to an hour: RFC 5321
// section 4.5.4.1 wants half an hour after the first failures.
func pause(tries int) time.Duration {
	switch {
	case tries <= 1:
		return time.Minute
	case tries == 2:
		return 5 * time.Minute
	case tries == 3:
		return 15 * time.Minute
	case tries == 4:
		return 30 * time.Minute
	default:
		return time.Hour
	}
}

// First says when a new letter is worth its first try: at once, but for the
// moment in which others may join it, or in which the seal that a checkpoint is of comes
// into the record.
func First(l Letter, now time.Time) time.Time {
	if l.Kind == Checkpoint && l.Again == "" {
		return now.Add(Gather)
	}
	if l.Rehearsal || l.Lane() == LaneAlone || l.Again != "" {
		return now
	}
	return now.Add(Gather)
}

// Day is the day that an instant falls on where somebody works.
func Day(snap calendar.Snapshot, hours calendar.Schedule, at time.Time) string {
	return calendar.DateOf(snap.Local(hours.Zone, at)).String()
}

// Digest says when somebody's next digest may leave: in their working hours, not
// while they are away, and after the day of their last one (as Day writes it;
// empty: none yet). A schedule without working time waits for nothing but the
// next day.
func Digest(snap calendar.Snapshot, hours calendar.Schedule, away, now time.Time, last string) time.Time {
	at := now
	if away.After(at) {
		at = away
	}
	works := snap.Has(hours) == nil
	if works {
		at = snap.Next(hours, at)
	}
	// A day is left in a step or two; the bound is for tables that can't be.
	for n := 0; n < 400 && last != "" && Day(snap, hours, at) <= last; n++ {
		local := snap.Local(hours.Zone, at)
		at = at.Add(24*time.Hour - sinceMidnight(local))
		if works {
			at = snap.Next(hours, at)
		}
	}
	return at
}

func sinceMidnight(local time.Time) time.Duration {
	return time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
}
