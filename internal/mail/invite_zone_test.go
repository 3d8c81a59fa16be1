package mail

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/outbox"
)

// zoneTable reads a table of a zone as a calendar does, without knowing the zone.
type zoneTable struct{ rules []zoneRule }

type zoneRule struct {
	start    time.Time // on the old clock
	from, to time.Duration
	month    time.Month // 0: once
	week     int
	day      time.Weekday
}

func readZone(t rapid.TB, text string) zoneTable {
	var z zoneTable
	var now zoneRule
	for _, line := range unfold(text) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "BEGIN":
			now = zoneRule{}
		case "DTSTART":
			at, err := time.Parse("20060102T150405", value)
			if err != nil {
				t.Fatal(err)
			}
			now.start = at
		case "TZOFFSETFROM":
			now.from = offsetOf(t, value)
		case "TZOFFSETTO":
			now.to = offsetOf(t, value)
		case "RRULE":
			var month int
			var day string
			if _, err := fmt.Sscanf(value, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", &month, &now.week, &day); err != nil {
				t.Fatalf("%s: %v", value, err)
			}
			now.month = time.Month(month)
			for d := range time.Weekday(7) {
				if dayName(d) == day {
					now.day = d
				}
			}
		case "END":
			if value != "VTIMEZONE" {
				z.rules = append(z.rules, now)
			}
		}
	}
	return z
}

func offsetOf(t rapid.TB, text string) time.Duration {
	var h, m int
	if _, err := fmt.Sscanf(text[1:], "%02d%02d", &h, &m); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if text[0] == '-' {
		return -d
	}
	return d
}

// at is the offset at an instant: that of the newest onset before it.
func (z zoneTable) at(instant time.Time) time.Duration {
	var newest time.Time
	var offset time.Duration
	for _, r := range z.rules {
		for year := r.start.Year(); year <= instant.Year()+1; year++ {
			on := r.start
			if r.month != 0 {
				on = time.Date(year, r.month, 1, on.Hour(), on.Minute(), on.Second(), 0, time.UTC)
				on = on.AddDate(0, 0, (int(r.day)-int(on.Weekday())+7)%7)
				if r.week > 0 {
					on = on.AddDate(0, 0, 7*(r.week-1))
				}
				for r.week < 0 && on.AddDate(0, 0, 7).Month() == on.Month() {
					on = on.AddDate(0, 0, 7)
				}
			}
			onset := on.Add(-r.from)
			if !on.Before(r.start) && !onset.After(instant) && !onset.Before(newest) {
				newest, offset = onset, r.to
			}
		}
	}
	return offset
}

// A calendar that knows only the table comes to the same time as who knows the zone,
// for as long as the table looks ahead.
func TestZoneTablesSayWhatTheZoneDoes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/London", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Europe/Dublin"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			from := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 3*365*24).Draw(t, "from")) * time.Hour)
			var b bytes.Buffer
			writeZone(&b, zone, from)
			table := readZone(t, b.String())
			at := from.Add(time.Duration(rapid.IntRange(0, (zoneYears-1)*365*24).Draw(t, "later")) * time.Hour)
			_, want := at.In(zone).Zone()
			if got := table.at(at); got != time.Duration(want)*time.Second {
				t.Fatalf("%s at %s: %s, want %d s\n%s", name, at, got, want, b.String())
			}
		})
	}
}

// A table of a place with rules is short, and goes on for ever; one of a place without
// changes says so.
func TestZoneTablesAreShort(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)
	for name, want := range map[string]int{"Europe/London": 2, "America/New_York": 2, "Asia/Kolkata": 0, "Africa/Casablanca": 0} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		writeZone(&b, zone, from)
		if got := strings.Count(b.String(), "RRULE"); got != want || b.Len() > 4096 {
			t.Errorf("%s has %d rules in %d bytes:\n%s", name, got, b.Len(), b.String())
		}
	}
}

// Each rhythm is its rule, on the clock of the place, whoever reads it.
func TestMeetingsThatComeAgain(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC) // the last Tuesday in March, ten o'clock in London
	for rhythm, want := range map[outbox.Rhythm]string{
		outbox.RhythmWeekly: "RRULE:FREQ=WEEKLY", outbox.RhythmFortnightly: "RRULE:FREQ=WEEKLY;INTERVAL=2",
		outbox.RhythmMonthly: "RRULE:FREQ=MONTHLY;BYDAY=-1TU", outbox.RhythmQuarterly: "RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=-1TU",
	} {
		m := outbox.Meeting{UID: "m", From: from, Until: from.Add(30 * time.Minute), Every: rhythm, Zone: "Europe/London"}
		text := string(newInvitation(&m, attendee{"", "a@example.org"}, attendee{"", "b@example.org"}, from).text)
		for _, line := range []string{want, "DTSTART;TZID=Europe/London:20260331T100000", "DTEND;TZID=Europe/London:20260331T103000", "TZID:Europe/London"} {
			if !strings.Contains(text, "\r\n"+line+"\r\n") {
				t.Errorf("%s: no %s in\n%s", rhythm, line, text)
			}
		}
	}
	m := outbox.Meeting{UID: "m", From: from, Until: from, Every: outbox.RhythmWeekly, Zone: "Mars/Olympus"}
	if text := string(newInvitation(&m, attendee{"", "a@example.org"}, attendee{"", "b@example.org"}, from).text); !strings.Contains(text, "TZID=UTC:20260331T090000") {
		t.Errorf("a place that nobody knows:\n%s", text)
	}
}
