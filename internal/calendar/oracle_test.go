package calendar

import (
	"time"
	_ "time/tzdata"
)

// oracle answers the same questions by walking minute by minute and asking time.Location what the clock on the wall
// shows. It is slow and knows nothing of tables; its instants must be whole minutes.
type oracle struct {
	loc  *time.Location
	week Week
	days []Holiday
}

func (o oracle) working(t time.Time) bool {
	wall := t.In(o.loc)
	for _, day := range o.days {
		if day.Date == DateOf(wall) {
			return false
		}
	}
	minute := wall.Hour()*60 + wall.Minute()
	for _, h := range o.week[wall.Weekday()] {
		if minute >= h.Start && minute < h.End {
			return true
		}
	}
	return false
}

func (o oracle) between(a, b time.Time) time.Duration {
	var sum time.Duration
	for t := a; t.Before(b); t = t.Add(time.Minute) {
		if o.working(t) {
			sum += time.Minute
		}
	}
	return sum
}

func (o oracle) next(t time.Time) time.Time {
	for !o.working(t) {
		t = t.Add(time.Minute)
	}
	return t
}

func (o oracle) add(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return o.next(t)
	}
	for ; d > 0; t = t.Add(time.Minute) {
		if o.working(t) {
			d -= time.Minute
		}
	}
	return t
}

// wall is the reading of the clock as a time in UTC, so that readings compare.
func (o oracle) wall(t time.Time) time.Time {
	w := t.In(o.loc)
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, time.UTC)
}

func (o oracle) addDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return o.next(t)
	}
	start := o.wall(t)
	reached := DateOf(start)
	for ; ; t = t.Add(time.Minute) {
		if date := DateOf(o.wall(t)); date.Compare(reached) > 0 && o.working(t) {
			reached = date
			n--
		}
		if n == 0 {
			break
		}
	}
	wanted := time.Date(reached.Year, time.Month(reached.Month), reached.Day, start.Hour(), start.Minute(), 0, 0, time.UTC)
	var closing time.Time
	for end := t.Add(48 * time.Hour); t.Before(end); t = t.Add(time.Minute) {
		if DateOf(o.wall(t)) != reached || !o.working(t) {
			continue
		}
		if !o.wall(t).Before(wanted) {
			return t
		}
		closing = t.Add(time.Minute)
	}
	return closing
}

// calendarDays is the first minute at which the clock shows the same time n days on, or later; then the next working one.
func (o oracle) calendarDays(t time.Time, n int) time.Time {
	wanted := o.wall(t).AddDate(0, 0, n)
	at := wanted.Add(-26 * time.Hour)
	for o.wall(at).Before(wanted) {
		at = at.Add(time.Minute)
	}
	return o.next(at)
}
