package calendar

import (
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	tableFrom  = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	tableUntil = time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
)

// zoneNames holds the awkward ones: summer time, half-hour offset, half-hour summer time, a date that was skipped,
// and clocks set back over midnight.
func zoneNames() []string {
	return []string{"America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London", "Pacific/Apia"}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("loading the zone: %v", err)
	}
	return loc
}

// world is a snapshot of all test zones with the sets given, which must be sorted.
func world(t testing.TB, sets ...HolidaySet) Snapshot {
	t.Helper()
	s := Snapshot{From: tableFrom, Until: tableUntil, Holidays: sets}
	for _, name := range zoneNames() {
		s.Zones = append(s.Zones, Table(location(t, name), tableFrom, tableUntil))
	}
	if err := s.Check(); err != nil {
		t.Fatalf("the test's own snapshot: %v", err)
	}
	return s
}

func holidays(t testing.TB, name string, dates ...string) HolidaySet {
	t.Helper()
	set := HolidaySet{Name: name}
	for _, text := range dates {
		d, err := ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		set.Days = append(set.Days, Holiday{Date: d, Name: "holiday " + text})
	}
	return set
}

// office is Monday to Friday in the spans given.
func office(spans ...Hours) Week {
	var w Week
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = spans
	}
	return w
}

func nineToFive() Week { return office(Hours{540, 1020}) }

func always() Week {
	var w Week
	for day := range w {
		w[day] = []Hours{{0, minutesADay}}
	}
	return w
}

// at reads "2026-03-27 16:30" as that zone's wall clock shows it.
func at(t testing.TB, zone, wall string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", wall, location(t, zone))
	if err != nil {
		t.Fatal(err)
	}
	return instant.UTC()
}

func utc(t testing.TB, wall string) time.Time { return at(t, "UTC", wall) }

func same(t testing.TB, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %s, want %s", what, got.Format(time.RFC3339Nano), want.Format(time.RFC3339Nano))
	}
}

// drawn is a random schedule with its snapshot, the oracle for it, and an instant that is often near a change of offset.
type drawn struct {
	snapshot Snapshot
	schedule Schedule
	oracle   oracle
	zone     Zone
}

func draw(t *rapid.T, zones []Zone) drawn {
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	loc, err := time.LoadLocation(zone.Name)
	if err != nil {
		t.Fatal(err)
	}
	d := drawn{zone: zone, schedule: Schedule{Zone: zone.Name, Week: drawWeek(t), Holidays: "some"}}
	d.snapshot = Snapshot{From: tableFrom, Until: tableUntil, Zones: zones}
	d.oracle = oracle{loc: loc, week: d.schedule.Week}
	return d
}

// near draws a whole minute, half the time within three days of a change, and keeps some of the days around as holidays.
func (d *drawn) near(t *rapid.T) time.Time {
	middle := tableFrom.Add(time.Duration(rapid.IntRange(0, 6000).Draw(t, "day")) * 24 * time.Hour)
	if len(d.zone.Offsets) > 1 && rapid.Bool().Draw(t, "at a change") {
		middle = d.zone.Offsets[rapid.IntRange(1, len(d.zone.Offsets)-1).Draw(t, "change")].From
	}
	instant := middle.Add(time.Duration(rapid.IntRange(-3*minutesADay, 3*minutesADay).Draw(t, "minute")) * time.Minute)
	set := HolidaySet{Name: "some"}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(-3, 9), 0, 4, rapid.ID[int]).Draw(t, "holidays") {
		set.Days = append(set.Days, Holiday{Date: DateOf(middle.AddDate(0, 0, n)), Name: "day off"})
	}
	sort.Slice(set.Days, func(i, j int) bool { return set.Days[i].Date.Compare(set.Days[j].Date) < 0 })
	d.snapshot.Holidays = []HolidaySet{set}
	d.oracle.days = set.Days
	if err := d.snapshot.Check(); err != nil {
		t.Fatalf("the drawn snapshot: %v", err)
	}
	return instant
}

// drawWeek has up to three spans a day and at least two working days.
func drawWeek(t *rapid.T) Week {
	var w Week
	for day := range w {
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, minutesADay), 0, 6, rapid.ID[int]).Draw(t, "cuts")
		sort.Ints(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			w[day] = append(w[day], Hours{cuts[i], cuts[i+1]})
		}
	}
	for _, day := range []time.Weekday{time.Sunday, time.Wednesday} {
		if len(w[day]) == 0 {
			w[day] = []Hours{{30, 180}, {540, 1020}}
		}
	}
	if err := w.Check(); err != nil {
		t.Fatalf("the drawn week: %v", err)
	}
	return w
}
