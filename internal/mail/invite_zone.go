package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// A meeting that comes again keeps its time on the clock of one place, also after the
// clocks change. Calendars know that only if the invitation says when they do: a table
// of the zone (RFC 5545 section 3.6.5).

// zoneYears is for how many years changes are looked at. Where all of one kind fall
// on one rule, the rule is written, which holds for ever; else the days are.
const zoneYears = 6

// onset is a change of a zone's clocks.
type onset struct {
	at       time.Time // on the new clock
	from, to int       // seconds east of UTC, before and after
	name     string
}

// onsets are the changes in the years from a moment on.
func onsets(zone *time.Location, from time.Time) []onset {
	var all []onset
	for at := from.In(zone); ; {
		_, end := at.ZoneBounds()
		if end.IsZero() || end.After(from.AddDate(zoneYears, 0, 0)) {
			return all
		}
		_, before := end.Add(-time.Second).Zone()
		name, after := end.Zone()
		all = append(all, onset{at: end, from: before, to: after, name: name})
		at = end
	}
}

// writeZone writes the table of a zone from a moment on.
func writeZone(b *bytes.Buffer, zone *time.Location, from time.Time) {
	line := func(name, value string) { fold(b, name+":"+value) }
	line("BEGIN", "VTIMEZONE")
	line("TZID", zone.String())
	name, offset := from.In(zone).Zone()
	observance := func(kind string, at time.Time, before, after int, name, rule string) {
		line("BEGIN", kind)
		line("DTSTART", at.Add(time.Duration(before)*time.Second).Format("20060102T150405")) // on the old clock
		line("TZOFFSETFROM", offsetText(before))
		line("TZOFFSETTO", offsetText(after))
		if strings.Trim(name, "+-0123456789") != "" {
			line("TZNAME", escapeText(name))
		}
		if rule != "" {
			line("RRULE", rule)
		}
		line("END", kind)
	}
	year := from.AddDate(-1, 0, 0).UTC()
	observance("STANDARD", year.Add(-time.Duration(offset)*time.Second), offset, offset, name, "") // what holds as it begins
	all := onsets(zone, from)
	for i, o := range all {
		kind := "STANDARD"
		if o.at.IsDST() {
			kind = "DAYLIGHT"
		}
		rule, same := yearly(all, o)
		if same && i > 1 { // said by the first of its kind
			continue
		}
		observance(kind, o.at.UTC(), o.from, o.to, o.name, rule)
	}
	line("END", "VTIMEZONE")
}

// yearly is the rule by which a change comes back each year: the last Sunday in March.
// False: it is not one of two changes a year that follow rules.
func yearly(all []onset, of onset) (rule string, same bool) {
	if len(all) < 4 {
		return "", false
	}
	for _, week := range []int{weekOf(wall(of)), -1} {
		same = true
		for i, o := range all {
			if o.to != of.to {
				continue
			}
			at := wall(o)
			fits := at.Month() == wall(of).Month() && at.Weekday() == wall(of).Weekday() && at.Format("1504") == wall(of).Format("1504") && o.from == of.from
			same = same && fits && (week == weekOf(at) || week == -1 && at.AddDate(0, 0, 7).Month() != at.Month()) && (i < 2 || all[i-2].to == o.to)
		}
		if same {
			at := wall(of)
			return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", at.Month(), week, dayName(at.Weekday())), true
		}
	}
	return "", false
}

// wall is what the clock showed when it was changed.
func wall(o onset) time.Time { return o.at.UTC().Add(time.Duration(o.from) * time.Second) }

// weekOf is which of its weekdays in the month a day is; the fifth is the last.
func weekOf(at time.Time) int {
	if n := (at.Day()-1)/7 + 1; n < 5 {
		return n
	}
	return -1
}

func dayName(d time.Weekday) string { return strings.ToUpper(d.String()[:2]) }

func offsetText(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if rest := seconds % 60; rest != 0 {
		text += fmt.Sprintf("%02d", rest)
	}
	return text
}
