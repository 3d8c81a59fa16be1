package calendar

import "time"

// farthest is how many years past the instant given any search goes: what makes every walk end, and keeps lengths far
// from where a time.Duration overflows.
const farthest = 100

// Working tells whether t is working time.
func (s Snapshot) Working(sch Schedule, t time.Time) bool {
	_, found := s.clock(sch).first(t, t.Add(1))
	return found
}

// Next is t itself when it is working time, else the next working instant. Where there is none (a week without hours, a
// holiday every day for 100 years) it is the later of t and Until.
func (s Snapshot) Next(sch Schedule, t time.Time) time.Time {
	c := s.clock(sch)
	if next, found := c.first(t, limit(t)); found {
		return next.start
	}
	return s.end(t)
}

// Add is the earliest instant by which d of working time has passed since t: filling a day up gives its closing time,
// not the next morning. With d of zero or less it is Next. A length that needs more than 100 years gives t + 100 years;
// a schedule without any working time gives the later of t and Until.
func (s Snapshot) Add(sch Schedule, t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return s.Next(sch, t)
	}
	c, last := s.clock(sch), limit(t)
	run, found := c.first(t, last)
	if !found {
		return s.end(t)
	}
	for found {
		length := run.end.Sub(run.start)
		if d <= length {
			return run.start.Add(d)
		}
		d -= length
		run, found = c.first(run.end, last)
	}
	return last
}

// Between is the working time in [a, b): elapsed time, zero when b is not after a. A b more than 100 years after a is
// read as 100 years after.
func (s Snapshot) Between(sch Schedule, a, b time.Time) time.Duration {
	c := s.clock(sch)
	if last := limit(a); b.After(last) {
		b = last
	}
	var sum time.Duration
	for run, found := c.first(a, b); found; run, found = c.first(run.end, b) {
		sum += run.end.Sub(run.start)
	}
	return sum
}

// stretch is working time without a break, [start, end), within one day of the wall calendar and under one offset.
type stretch struct{ start, end time.Time }

// clock is a schedule with its table and holidays at hand.
type clock struct {
	zone     Zone
	week     Week
	holidays HolidaySet
}

// clock resolves the names of a schedule; an unknown zone is read as UTC, an unknown set as no holidays.
func (s Snapshot) clock(sch Schedule) clock {
	zone, _ := s.zone(sch.Zone)
	set, _ := s.set(sch.Holidays)
	return clock{zone: zone, week: sch.Week, holidays: set}
}

// first is the first stretch that ends after t, cut to [t, last). It goes from one piece of a day under one offset to the
// next; each piece ends after it begins, so the walk ends at last.
func (c clock) first(t, last time.Time) (stretch, bool) {
	if !c.week.works() {
		return stretch{}, false
	}
	t, last = plain(t), plain(last)
	for t.Before(last) {
		offset, next, changes := c.zone.at(t)
		day := midnight(t.Add(offset))
		end := day.Add(24*time.Hour - offset)
		if changes && next.Before(end) {
			end = plain(next)
		}
		if !c.holidays.has(DateOf(day)) {
			if run, found := earliest(c.week[day.Weekday()], day.Add(-offset), t, earlier(end, last)); found {
				return run, true
			}
		}
		t = end
	}
	return stretch{}, false
}

// earliest is the first of the spans, counted from day's midnight, that has a part in [from, to). It looks at all of them,
// so spans that overlap or are out of order are still not counted twice.
func earliest(spans []Hours, day, from, to time.Time) (stretch, bool) {
	var best stretch
	found := false
	for _, h := range spans {
		start := later(from, day.Add(minutes(h.Start)))
		end := earlier(to, day.Add(minutes(h.End)))
		if start.Before(end) && (!found || start.Before(best.start)) {
			best, found = stretch{start, end}, true
		}
	}
	return best, found
}

// end is the answer where there is no working time to be found.
func (s Snapshot) end(t time.Time) time.Time { return plain(later(t, s.Until)) }

func limit(t time.Time) time.Time { return plain(t).AddDate(farthest, 0, 0) }

func midnight(wall time.Time) time.Time {
	y, m, d := wall.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
