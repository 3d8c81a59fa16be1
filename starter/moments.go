package main

import (
	"fmt"
	"time"
)

// when writes an instant as the user wants it, seen from now. A zero instant is
// a dash.
func (s *session) when(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "-"
	case s.iso:
		return iso(t)
	}
	return relative(t.Sub(now))
}

func iso(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// relative writes a distance in time with one unit, rounded down: a thing that is
// due in 47 hours is due in 1 day.
func relative(d time.Duration) string {
	ahead := d > 0
	if d < 0 {
		d = -d
	}
	const day = 24 * time.Hour
	text := ""
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		text = counted(int(d/time.Minute), "minute")
	case d < day:
		text = counted(int(d/time.Hour), "hour")
	case d < 21*day:
		text = counted(int(d/day), "day")
	case d < 90*day:
		text = counted(int(d/(7*day)), "week")
	case d < 730*day:
		text = counted(int(d/(30*day)), "month")
	default:
		text = counted(int(d/(365*day)), "year")
	}
	if ahead {
		return "in " + text
	}
	return text + " ago"
}

// readDay reads 2026-11-23 as the instant when that day begins in a zone, or an
// instant of RFC 3339 as itself.
func readDay(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	return time.Time{}, usage(fmt.Sprintf("%.40q is no date", text), "write 2026-11-23, or 2026-11-23T09:00:00Z")
}
