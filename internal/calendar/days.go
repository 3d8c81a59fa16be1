package calendar

import "time"

// AddDays is the same wall-clock time on the n-th working day after t's day, t's day being the one that the zone's
// calendar shows at t. A working day is one with working time left after its holidays and skipped hours.
//
// Where that time is not working time on that day, the result is the next working instant of the day; after its last one,
// its closing time. A time that clocks skip becomes the moment of the change; one they repeat, its first pass. With n of
// zero or less it is Next. More than 100 years ahead gives t + 100 years; without any working time, the later of t and Until.
//
// Counting on from a result lands on the same day as counting in one go (for counts of one or more); the time of day may
// differ when a shorter day lies between.
func (s Snapshot) AddDays(sch Schedule, t time.Time, n int) time.Time {
	if n <= 0 {
		return s.Next(sch, t)
	}
	c, last := s.clock(sch), limit(t)
	wall := c.zone.wall(t)
	run, found := c.first(t, last)
	if !found {
		return s.end(t)
	}
	// Setting clocks back over midnight shows a date again: only later dates than any before count.
	reached := DateOf(wall)
	for found {
		if date := DateOf(c.zone.wall(run.start)); date.Compare(reached) > 0 {
			reached = date
			n--
		}
		if n == 0 {
			return c.onDay(run, wall.Sub(midnight(wall)))
		}
		run, found = c.first(run.end, last)
	}
	return last
}

// onDay is the time of day on the date of run, which is the first stretch of that date, clamped into the date's working time.
func (c clock) onDay(run stretch, timeOfDay time.Duration) time.Time {
	day := midnight(c.zone.wall(run.start))
	wanted := day.Add(timeOfDay)
	// Two days hold every pass through one date; the second is for clocks set back over midnight.
	last, closing := run.start.Add(48*time.Hour), run.end
	for found := true; found; run, found = c.first(run.end, last) {
		wall := c.zone.wall(run.start)
		if !midnight(wall).Equal(day) {
			continue
		}
		closing = run.end
		if wait := wanted.Sub(wall); wait < run.end.Sub(run.start) {
			return run.start.Add(max(wait, 0))
		}
	}
	return closing
}

// After is the instant a Span past t: working days as AddDays, then working hours as Add; or calendar days on the zone's
// wall clock (a skipped time becomes the moment of the change), then elapsed hours, and from there Next; or clock hours,
// which are elapsed ones and end where they end.
// The zero Span gives Next; negative counts are read as zero, counts above the limits of Parse as those limits.
func (s Snapshot) After(sch Schedule, t time.Time, sp Span) time.Time {
	days, hours := min(max(sp.Days, 0), mostDays), time.Duration(min(max(sp.Hours, 0), mostHours))*time.Hour
	if sp.Clock {
		return t.Add(hours)
	}
	if sp.Calendar {
		z, _ := s.zone(sch.Zone)
		if days > 0 {
			t = z.instant(z.wall(t).AddDate(0, 0, days))
		}
		return s.Next(sch, t.Add(hours))
	}
	if days > 0 {
		t = s.AddDays(sch, t, days)
	}
	if days > 0 && hours == 0 {
		return t
	}
	return s.Add(sch, t, hours)
}
