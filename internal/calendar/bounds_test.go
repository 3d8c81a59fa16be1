package calendar

import (
	"math"
	"testing"
	"time"
)

// everyDayOff is a set with a holiday on each day of the table and years beyond.
func everyDayOff(t testing.TB) HolidaySet {
	t.Helper()
	set := HolidaySet{Name: "every day"}
	for day := tableFrom; day.Before(tableUntil.AddDate(2, 0, 0)); day = day.AddDate(0, 0, 1) {
		set.Days = append(set.Days, Holiday{Date: DateOf(day), Name: "off"})
	}
	return set
}

func TestWithoutWorkingTime(t *testing.T) {
	t.Parallel()
	s := world(t)
	none := Schedule{Zone: "Europe/London"}
	hidden := Schedule{Zone: "Europe/London", Week: office(Hours{540, 540}, Hours{600, 500}, Hours{1440, 2000}, Hours{-60, 0})}
	for _, sch := range []Schedule{none, hidden} {
		for instant, want := range map[time.Time]time.Time{
			utc(t, "2026-11-20 10:00"):                 tableUntil,
			tableUntil.AddDate(1, 0, 0):                tableUntil.AddDate(1, 0, 0),
			tableFrom.In(location(t, "Europe/London")): tableUntil,
		} {
			same(t, "Next", s.Next(sch, instant), want)
			same(t, "Add", s.Add(sch, instant, time.Hour), want)
			same(t, "AddDays", s.AddDays(sch, instant, 3), want)
			same(t, "After", s.After(sch, instant, Span{Hours: 3, Calendar: true}), later(instant.Add(3*time.Hour), s.Until))
			if s.Working(sch, instant) || s.Between(sch, instant, instant.AddDate(90, 0, 0)) != 0 {
				t.Errorf("%v works", sch)
			}
		}
	}
}

func TestAHolidayEveryDay(t *testing.T) {
	t.Parallel()
	s := world(t, everyDayOff(t))
	sch := Schedule{"Asia/Kolkata", nineToFive(), "every day"}
	monday := at(t, sch.Zone, "2026-11-16 10:00")
	first := at(t, sch.Zone, "2030-01-01 09:00") // the first day that is not listed
	same(t, "Next", s.Next(sch, monday), first)
	same(t, "Add", s.Add(sch, monday, time.Hour), first.Add(time.Hour))
	same(t, "AddDays", s.AddDays(sch, monday, 1), first.Add(time.Hour))
}

func TestBeyondTheSnapshot(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2027-12-27"))
	sch := Schedule{"Europe/London", nineToFive(), "england"}
	// The last offset of the table is winter time, so July is read without summer time: wrong by the law, but defined.
	same(t, "the last offset", s.Next(sch, utc(t, "2030-07-01 00:00")), utc(t, "2030-07-01 09:00"))
	same(t, "no holidays", s.Next(sch, utc(t, "2030-12-25 00:00")), utc(t, "2030-12-25 09:00"))
	same(t, "an unknown zone is UTC", s.Next(Schedule{Zone: "x", Week: nineToFive()}, utc(t, "2026-07-01 00:00")), utc(t, "2026-07-01 09:00"))
	same(t, "an empty snapshot", Snapshot{}.Next(sch, utc(t, "2026-07-01 00:00")), utc(t, "2026-07-01 09:00"))
}

func TestHundredYearsAreTheEnd(t *testing.T) {
	t.Parallel()
	s := world(t)
	sch := Schedule{Zone: "Asia/Kolkata", Week: Week{time.Monday: {{0, 1}}}}
	from := utc(t, "2026-11-20 10:00")
	century := from.AddDate(100, 0, 0)
	same(t, "Add", s.Add(sch, from, math.MaxInt64), century)
	same(t, "AddDays", s.AddDays(sch, from, math.MaxInt), century)
	same(t, "After", s.After(sch, from, Span{Days: math.MaxInt, Hours: math.MaxInt}), s.Add(sch, s.AddDays(sch, from, mostDays), mostHours*time.Hour))
	if got, want := s.Between(sch, from, from.AddDate(5000, 0, 0)), s.Between(sch, from, century); got != want || got < 5000*time.Minute {
		t.Errorf("Between: got %s, want %s", got, want)
	}
	whole := Schedule{Zone: "Asia/Kolkata", Week: always()}
	if got := s.Between(whole, from, from.AddDate(5000, 0, 0)); got != century.Sub(from) {
		t.Errorf("Between over all hours: got %s, want %s", got, century.Sub(from))
	}
}

// What Check and Has refuse may answer wrongly, but it must answer.
func TestBrokenInputStillAnswers(t *testing.T) {
	t.Parallel()
	noon := utc(t, "2026-11-20 12:00")
	mixed := []Offset{{noon.AddDate(0, 1, 0), 3600}, {noon.AddDate(0, -1, 0), -7200}, {noon, math.MaxInt}, {noon, math.MinInt}, {noon.AddDate(0, 0, 3), 1 << 40}}
	broken := Snapshot{
		Zones:    []Zone{{Name: "a", Offsets: mixed}, {Name: "b"}},
		Holidays: []HolidaySet{{Name: "s", Days: []Holiday{{Date: Date{2027, 1, 1}}, {Date: Date{2026, 99, -4}}, {}}}},
	}
	weeks := []Week{always(), office(Hours{math.MinInt, math.MaxInt}), office(Hours{-5000, 5000}, Hours{600, 700}, Hours{0, 1}), {}}
	instants := []time.Time{{}, noon, time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Unix(1<<55, 0), time.Unix(-1<<55, 0)}
	for _, zone := range []string{"a", "b", "c"} {
		for _, week := range weeks {
			for _, instant := range instants {
				sch := Schedule{zone, week, "s"}
				broken.Working(sch, instant)
				broken.Next(sch, instant)
				broken.Add(sch, instant, math.MaxInt64)
				broken.AddDays(sch, instant, 40)
				broken.Between(sch, instant, noon)
				broken.After(sch, instant, Span{Days: 9, Hours: 9, Calendar: true})
				broken.Local(zone, instant)
			}
		}
	}
}

// Spans that overlap are refused by Has, but even so nobody's hour is counted twice.
func TestOverlappingHoursCountOnce(t *testing.T) {
	t.Parallel()
	s := world(t)
	monday := at(t, "Asia/Kolkata", "2026-11-16 00:00")
	for _, spans := range [][]Hours{
		{{540, 700}, {600, 1020}},
		{{600, 1020}, {540, 700}},
		{{540, 1020}, {540, 600}, {700, 800}},
	} {
		sch := Schedule{Zone: "Asia/Kolkata", Week: office(spans...)}
		if got := s.Between(sch, monday, monday.AddDate(0, 0, 7)); got != 40*time.Hour {
			t.Errorf("%v: got %s", spans, got)
		}
	}
}
