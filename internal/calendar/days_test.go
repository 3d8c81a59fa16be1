package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAddDaysKnownAnswers(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2026-12-25", "2026-12-28"))
	shortFriday := nineToFive()
	shortFriday[time.Friday] = []Hours{{540, 780}}
	lunch := office(Hours{540, 720}, Hours{780, 1020})
	for _, c := range []struct {
		name, zone string
		week       Week
		from       string
		n          int
		want       string
	}{
		{"same time tomorrow", "Europe/London", nineToFive(), "2026-11-17 10:30", 1, "2026-11-18 10:30"},
		{"over a weekend", "Europe/London", nineToFive(), "2026-11-20 10:30", 1, "2026-11-23 10:30"},
		{"from a Saturday", "Europe/London", nineToFive(), "2026-11-21 10:30", 1, "2026-11-23 10:30"},
		{"a week of them", "Europe/London", nineToFive(), "2026-11-17 10:30", 5, "2026-11-24 10:30"},
		{"over holidays", "Europe/London", nineToFive(), "2026-12-23 10:30", 2, "2026-12-29 10:30"},
		{"before opening", "Europe/London", nineToFive(), "2026-11-17 06:00", 1, "2026-11-18 09:00"},
		{"after closing", "Europe/London", nineToFive(), "2026-11-17 22:00", 1, "2026-11-18 17:00"},
		{"at closing", "Europe/London", nineToFive(), "2026-11-17 17:00", 1, "2026-11-18 17:00"},
		{"on a shorter day", "Europe/London", shortFriday, "2026-11-19 16:00", 1, "2026-11-20 13:00"},
		{"past a shorter day", "Europe/London", shortFriday, "2026-11-19 16:00", 2, "2026-11-23 16:00"},
		{"in the lunch break", "Europe/London", lunch, "2026-11-17 12:30", 1, "2026-11-18 13:00"},
		{"none, while working", "Europe/London", nineToFive(), "2026-11-17 10:30", 0, "2026-11-17 10:30"},
		{"none, on a Saturday", "Europe/London", nineToFive(), "2026-11-21 10:30", 0, "2026-11-23 09:00"},
		{"fewer than none", "Europe/London", nineToFive(), "2026-11-21 10:30", -3, "2026-11-23 09:00"},
		{"over a change of clocks", "Europe/London", nineToFive(), "2026-10-23 10:30", 1, "2026-10-26 10:30"},
		{"a time that is skipped", "Europe/London", always(), "2026-03-28 01:30", 1, "2026-03-29 02:00"},
		{"a day that never was", "Pacific/Apia", nineToFive(), "2011-12-29 10:30", 1, "2012-01-02 10:30"},
	} {
		sch := Schedule{c.zone, c.week, "england"}
		same(t, c.name, s.AddDays(sch, at(t, c.zone, c.from), c.n), at(t, c.zone, c.want))
	}
	sch := Schedule{Zone: "Europe/London", Week: always()}
	same(t, "a time that comes twice", s.AddDays(sch, at(t, sch.Zone, "2026-10-24 01:30"), 1), utc(t, "2026-10-25 00:30"))
	sch.Week = office()
	sch.Week[time.Sunday] = []Hours{{60, 90}}
	same(t, "a day whose only hours are skipped", s.AddDays(sch, at(t, sch.Zone, "2026-03-25 01:15"), 1), at(t, sch.Zone, "2026-04-05 01:15"))
	// The day is the one on the wall of the schedule's zone, not the one in UTC.
	sch = Schedule{Zone: "Asia/Kolkata", Week: nineToFive()}
	same(t, "Tuesday in Kolkata, Monday in UTC", s.AddDays(sch, utc(t, "2026-11-16 20:00"), 1), at(t, sch.Zone, "2026-11-18 09:00"))
}

func TestDaysAgainstTheOracle(t *testing.T) {
	t.Parallel()
	zones := world(t).Zones
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, zones)
		a := d.near(t)
		n := rapid.IntRange(0, 5).Draw(t, "n")
		if got, want := d.snapshot.AddDays(d.schedule, a, n), d.oracle.addDays(a, n); !got.Equal(want) {
			t.Fatalf("AddDays(%s, %d): got %s, want %s", a, n, got, want)
		}
		days := Span{Days: rapid.IntRange(1, 20).Draw(t, "calendar days"), Calendar: true}
		if got, want := d.snapshot.After(d.schedule, a, days), d.oracle.calendarDays(a, days.Days); !got.Equal(want) {
			t.Fatalf("After(%s, %s): got %s, want %s", a, days, got, want)
		}
	})
}

func TestAddDaysProperties(t *testing.T) {
	t.Parallel()
	zones := world(t).Zones
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, zones)
		a := d.near(t).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)-1).Draw(t, "fraction")))
		s, sch := d.snapshot, d.schedule
		n, m := rapid.IntRange(1, 15).Draw(t, "n"), rapid.IntRange(1, 15).Draw(t, "m")
		once := s.AddDays(sch, a, n)
		if s.AddDays(sch, a, n+m).Before(once) || once.Before(a) {
			t.Fatal("AddDays is not monotone in its count")
		}
		// One rhythm all week, off midnight and after whatever clocks skip (up to 04:00 in Apia): then the time of day
		// survives as well as the day.
		open := rapid.IntRange(240, 820).Draw(t, "open")
		var even Week
		for day := range even {
			if len(sch.Week[day]) > 0 {
				even[day] = []Hours{{open, open + 380}}
			}
		}
		sch.Week = even
		if got, want := s.AddDays(sch, s.AddDays(sch, a, n), m), s.AddDays(sch, a, n+m); !got.Equal(want) {
			t.Fatalf("%d then %d days: got %s, want %s", n, m, got, want)
		}
		// On a day off the count begins at its own time of day: late on Sunday may lead to later on Wednesday than early
		// on Monday does. Between instants of work it can't.
		later := s.Next(sch, a.Add(time.Duration(rapid.Int64Range(0, int64(72*time.Hour)).Draw(t, "later"))))
		if d.zone.Name == "Asia/Kolkata" && s.AddDays(sch, later, n).Before(s.AddDays(sch, a, n)) {
			t.Fatal("AddDays is not monotone where clocks never change")
		}
	})
}

func TestAfter(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2026-12-25", "2026-12-28"))
	sch := Schedule{"Europe/London", nineToFive(), "england"}
	for _, c := range []struct{ from, span, want string }{
		{"2026-11-17 10:30", "3 working days", "2026-11-20 10:30"},
		{"2026-11-17 10:30", "4h", "2026-11-17 14:30"},
		{"2026-11-17 10:30", "8h", "2026-11-18 10:30"},
		{"2026-11-17 10:30", "1d 4h", "2026-11-18 14:30"},
		{"2026-11-17 22:00", "1d", "2026-11-18 17:00"},
		{"2026-11-17 22:00", "1d 4h", "2026-11-19 13:00"},
		{"2026-11-17 10:30", "2 weeks", "2026-12-01 10:30"},
		{"2026-12-11 10:30", "2 weeks", "2026-12-29 09:00"}, // a holiday, moved on
		{"2026-11-17 22:00", "2 calendar days", "2026-11-20 09:00"},
		{"2026-11-17 10:30", "24 calendar hours", "2026-11-18 10:30"},
		{"2026-11-20 10:30", "24 calendar hours", "2026-11-23 09:00"},
		{"2026-10-23 10:30", "3 calendar days", "2026-10-26 10:30"},   // on the wall clock
		{"2026-10-23 10:30", "72 calendar hours", "2026-10-26 09:30"}, // elapsed, through a day of 25 hours
		{"2026-11-17 10:30", "0d", "2026-11-17 10:30"},
		{"2026-11-21 10:30", "0 calendar days", "2026-11-23 09:00"},
		{"2026-11-21 10:30", "0d", "2026-11-23 09:00"},
		{"2026-11-20 18:40", "4 clock hours", "2026-11-20 22:40"}, // a Friday evening
		{"2026-12-25 03:00", "1 clock hour", "2026-12-25 04:00"},
		{"2026-10-25 00:30", "4 clock hours", "2026-10-25 03:30"}, // over the hour that comes twice
	} {
		sp, err := Parse(c.span)
		if err != nil {
			t.Fatal(err)
		}
		same(t, c.from+" and "+c.span, s.After(sch, at(t, sch.Zone, c.from), sp), at(t, sch.Zone, c.want))
	}
	apia := Schedule{Zone: "Pacific/Apia", Week: always()}
	same(t, "to a day that never was", s.After(apia, at(t, apia.Zone, "2011-12-28 15:00"), Span{Days: 2, Calendar: true}), at(t, apia.Zone, "2011-12-31 00:00"))
	london := Schedule{Zone: "Europe/London", Week: always()}
	day := Span{Days: 1, Calendar: true}
	same(t, "to a time that comes twice", s.After(london, at(t, london.Zone, "2026-10-24 01:30"), day), utc(t, "2026-10-25 00:30"))
	same(t, "to the end of the repeated hour", s.After(london, at(t, london.Zone, "2026-10-24 02:00"), day), utc(t, "2026-10-25 02:00"))
	from := at(t, sch.Zone, "2026-11-17 10:30")
	for _, calendar := range []bool{true, false} {
		same(t, "negative counts", s.After(sch, from, Span{Days: -4, Hours: -4, Calendar: calendar}), from)
	}
}

// An emergency ends by the clock: whatever the week, the zone and the holidays are, and
// a longer one never sooner.
func TestClockHoursKnowNoNight(t *testing.T) {
	t.Parallel()
	zones := world(t).Zones
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, zones)
		a := d.near(t).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)-1).Draw(t, "fraction")))
		n, m := rapid.IntRange(0, 400).Draw(t, "hours"), rapid.IntRange(0, 400).Draw(t, "more")
		at := d.snapshot.After(d.schedule, a, Span{Hours: n, Clock: true})
		if at.Sub(a) != time.Duration(n)*time.Hour {
			t.Fatalf("%d clock hours took %s", n, at.Sub(a))
		}
		if !d.snapshot.After(d.schedule, at, Span{Hours: m, Clock: true}).Equal(d.snapshot.After(Schedule{}, a, Span{Hours: n + m, Clock: true})) {
			t.Fatal("hours in two parts, or of nobody's schedule, are other hours")
		}
		if work := d.snapshot.After(d.schedule, a, Span{Hours: n}); work.Before(at) {
			t.Fatalf("%d working hours end at %s, before as many by the clock at %s", n, work, at)
		}
	})
}
