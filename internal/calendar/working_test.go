package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWorkingOnAnOrdinaryWeek(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2026-12-25", "2026-12-28"))
	sch := Schedule{"Europe/London", office(Hours{540, 720}, Hours{780, 1020}), "england"}
	for wall, want := range map[string]string{
		"2026-11-20 09:00": "2026-11-20 09:00", // Friday, opening
		"2026-11-20 08:59": "2026-11-20 09:00",
		"2026-11-20 11:59": "2026-11-20 11:59",
		"2026-11-20 12:00": "2026-11-20 13:00", // the end is not in
		"2026-11-20 16:59": "2026-11-20 16:59",
		"2026-11-20 17:00": "2026-11-23 09:00",
		"2026-11-21 10:00": "2026-11-23 09:00",
		"2026-12-24 17:00": "2026-12-29 09:00", // two holidays around a weekend
		"2026-12-25 10:00": "2026-12-29 09:00",
	} {
		instant := at(t, "Europe/London", wall)
		same(t, wall, s.Next(sch, instant), at(t, "Europe/London", want))
		if got := s.Working(sch, instant); got != (wall == want) {
			t.Errorf("%s: Working is %v", wall, got)
		}
	}
}

func TestWorkingIsExactAtTheEdges(t *testing.T) {
	t.Parallel()
	s, sch := world(t), Schedule{Zone: "Asia/Kolkata", Week: nineToFive()}
	opening, closing := at(t, sch.Zone, "2026-11-20 09:00"), at(t, sch.Zone, "2026-11-20 17:00")
	for instant, want := range map[time.Time]bool{opening.Add(-1): false, opening: true, closing.Add(-1): true, closing: false} {
		if got := s.Working(sch, instant); got != want {
			t.Errorf("%s: got %v", instant, got)
		}
	}
	odd := opening.Add(1234567)
	same(t, "fractions are kept", s.Next(sch, odd), odd)
	same(t, "fractions are added", s.Add(sch, odd, 8*time.Hour), opening.AddDate(0, 0, 3).Add(1234567))
}

func TestAddKnownAnswers(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2026-12-25", "2026-12-28"))
	for _, c := range []struct {
		name, zone string
		week       Week
		from       string
		d          time.Duration
		want       string
	}{
		{"within the day", "Europe/London", nineToFive(), "2026-11-20 09:00", 3 * time.Hour, "2026-11-20 12:00"},
		{"to closing time, not the next opening", "Europe/London", nineToFive(), "2026-11-20 09:00", 8 * time.Hour, "2026-11-20 17:00"},
		{"over a weekend", "Europe/London", nineToFive(), "2026-11-20 16:00", 2 * time.Hour, "2026-11-23 10:00"},
		{"from a Saturday", "Europe/London", nineToFive(), "2026-11-21 16:00", time.Hour, "2026-11-23 10:00"},
		{"over holidays", "Europe/London", nineToFive(), "2026-12-24 16:00", 2 * time.Hour, "2026-12-29 10:00"},
		{"over lunch", "Europe/London", office(Hours{540, 720}, Hours{780, 1020}), "2026-11-20 11:00", 2 * time.Hour, "2026-11-20 14:00"},
		{"nothing, while working", "Europe/London", nineToFive(), "2026-11-20 10:00", 0, "2026-11-20 10:00"},
		{"nothing, after hours", "Europe/London", nineToFive(), "2026-11-20 18:00", 0, "2026-11-23 09:00"},
		{"less than nothing", "Europe/London", nineToFive(), "2026-11-20 18:00", -time.Hour, "2026-11-23 09:00"},
		{"the hour that is skipped", "Europe/London", always(), "2026-03-29 00:30", time.Hour, "2026-03-29 02:30"},
		{"the hour that comes twice", "Europe/London", always(), "2026-10-25 00:30", 3 * time.Hour, "2026-10-25 02:30"},
		{"half an hour skipped", "Australia/Lord_Howe", always(), "2026-10-04 01:30", time.Hour, "2026-10-04 03:00"},
		{"half an hour twice", "Australia/Lord_Howe", always(), "2026-04-05 01:00", 90 * time.Minute, "2026-04-05 02:00"},
		{"a day that never was", "Pacific/Apia", always(), "2011-12-29 23:00", 2 * time.Hour, "2011-12-31 01:00"},
		{"a Friday that never was", "Pacific/Apia", nineToFive(), "2011-12-29 16:00", 2 * time.Hour, "2012-01-02 10:00"},
	} {
		sch := Schedule{c.zone, c.week, "england"}
		same(t, c.name, s.Add(sch, at(t, c.zone, c.from), c.d), at(t, c.zone, c.want))
	}
}

func TestBetweenKnownAnswers(t *testing.T) {
	t.Parallel()
	s := world(t)
	for _, c := range []struct {
		zone string
		week Week
		a, b string
		want time.Duration
	}{
		{"Europe/London", nineToFive(), "2026-11-16 00:00", "2026-11-23 00:00", 40 * time.Hour},
		{"Europe/London", nineToFive(), "2026-11-20 16:30", "2026-11-23 09:15", 45 * time.Minute},
		{"Europe/London", nineToFive(), "2026-11-23 09:15", "2026-11-20 16:30", 0},
		{"Europe/London", nineToFive(), "2026-11-23 09:15", "2026-11-23 09:15", 0},
		{"Europe/London", always(), "2026-03-29 00:00", "2026-03-30 00:00", 23 * time.Hour},
		{"Europe/London", always(), "2026-10-25 00:00", "2026-10-26 00:00", 25 * time.Hour},
		{"Australia/Lord_Howe", always(), "2026-04-05 00:00", "2026-04-06 00:00", 24*time.Hour + 30*time.Minute},
		{"America/New_York", always(), "2026-01-01 00:00", "2027-01-01 00:00", 365 * 24 * time.Hour},
		{"Pacific/Apia", always(), "2011-12-29 00:00", "2012-01-01 00:00", 48 * time.Hour},
	} {
		if got := s.Between(Schedule{Zone: c.zone, Week: c.week}, at(t, c.zone, c.a), at(t, c.zone, c.b)); got != c.want {
			t.Errorf("%s, %s to %s: got %s, want %s", c.zone, c.a, c.b, got, c.want)
		}
	}
}

// Both opinions on random weeks and holidays around changes of offset.
func TestWorkingTimeAgainstTheOracle(t *testing.T) {
	t.Parallel()
	zones := world(t).Zones
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, zones)
		a := d.near(t)
		s, sch, o := d.snapshot, d.schedule, d.oracle
		if err := s.Has(sch); err != nil {
			t.Fatal(err)
		}
		if got, want := s.Working(sch, a), o.working(a); got != want {
			t.Fatalf("Working(%s): got %v, want %v", a, got, want)
		}
		if got, want := s.Next(sch, a), o.next(a); !got.Equal(want) {
			t.Fatalf("Next(%s): got %s, want %s", a, got, want)
		}
		b := a.Add(time.Duration(rapid.IntRange(-100, 4*minutesADay).Draw(t, "until")) * time.Minute)
		if got, want := s.Between(sch, a, b), o.between(a, b); got != want {
			t.Fatalf("Between(%s, %s): got %s, want %s", a, b, got, want)
		}
		length := time.Duration(rapid.IntRange(0, 2*minutesADay).Draw(t, "length")) * time.Minute
		if got, want := s.Add(sch, a, length), o.add(a, length); !got.Equal(want) {
			t.Fatalf("Add(%s, %s): got %s, want %s", a, length, got, want)
		}
	})
}

func TestWorkingTimeProperties(t *testing.T) {
	t.Parallel()
	zones := world(t).Zones
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, zones)
		a := d.near(t).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "fraction")))
		s, sch := d.snapshot, d.schedule
		length := time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "length"))
		more := time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "more"))
		later := a.Add(more)

		end := s.Add(sch, a, length)
		if got := s.Between(sch, a, end); got != length {
			t.Fatalf("Add then Between: got %s, want %s", got, length)
		}
		if s.Between(sch, a, end.Add(-1)) >= length {
			t.Fatalf("%s is not the earliest end", end)
		}
		if got := s.Add(sch, end, more); !got.Equal(s.Add(sch, a, length+more)) {
			t.Fatalf("adding twice: got %s", got)
		}
		if s.Add(sch, later, length).Before(end) || s.Add(sch, a, length+more).Before(end) {
			t.Fatal("Add is not monotone")
		}
		next := s.Next(sch, a)
		if !s.Working(sch, next) || !s.Next(sch, next).Equal(next) || next.Before(a) || s.Between(sch, a, next) != 0 {
			t.Fatalf("Next gave %s", next)
		}
		if s.Next(sch, later).Before(next) {
			t.Fatal("Next is not monotone")
		}
		middle := a.Add(more / 2)
		if got := s.Between(sch, a, middle) + s.Between(sch, middle, later); got != s.Between(sch, a, later) || got > more {
			t.Fatalf("the parts are %s, the whole %s", got, s.Between(sch, a, later))
		}
	})
}
