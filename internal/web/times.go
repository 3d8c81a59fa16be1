package web

import (
	"fmt"
	"time"

	"gangway/internal/playbook"
)

// instant is a time as a page shows it: for machines, in the reader's zone, and
// how far from now.
type instant struct {
	ISO, Text, Ago string
}

// zoneOf is the zone that a person works in, UTC where it isn't known here.
func zoneOf(p playbook.Person) *time.Location {
	loc, err := time.LoadLocation(p.Hours.Zone)
	if err != nil || p.Hours.Zone == "" || p.Hours.Zone == "Local" {
		return time.UTC
	}
	return loc
}

// at gives a time for the visitor, nil for the zero time.
func (v visitor) at(t, now time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	return &instant{ISO: t.UTC().Format(time.RFC3339), Text: t.In(v.zone).Format("Mon 2 Jan 2006, 15:04 MST"), Ago: ago(t, now)}
}

// ago says how far a time is from now, in the largest unit that fits.
func ago(t, now time.Time) string {
	d := t.Sub(now)
	back := d < 0
	if back {
		d = -d
	}
	var text string
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		text = count(int(d/time.Minute), "minute")
	case d < 36*time.Hour:
		text = count(int((d+30*time.Minute)/time.Hour), "hour")
	default:
		text = count(int((d+12*time.Hour)/(24*time.Hour)), "day")
	}
	if back {
		return text + " ago"
	}
	return "in " + text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// endOfDay reads a day as a form sends it: the first instant after that day,
// where the visitor works.
func (v visitor) endOfDay(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, v.zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no day; write it as 2026-11-30", cut(day))
	}
	return t.AddDate(0, 0, 1).UTC(), nil
}
