package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The library's own bounds of each offset are the second opinion: they come from the same data by another way.
func TestTableHasEveryChange(t *testing.T) {
	t.Parallel()
	more := append(zoneNames(), "Africa/Casablanca", "Asia/Gaza", "Africa/Cairo", "Asia/Tehran", "Europe/Istanbul",
		"America/Caracas", "Asia/Pyongyang", "Antarctica/Troll", "America/Scoresbysund", "UTC")
	for _, name := range more {
		loc := location(t, name)
		want := Zone{Name: name}
		for instant := tableFrom; ; {
			_, seconds := instant.In(loc).Zone()
			if n := len(want.Offsets); n == 0 || want.Offsets[n-1].Seconds != seconds {
				want.Offsets = append(want.Offsets, Offset{From: instant, Seconds: seconds})
			}
			_, end := instant.In(loc).ZoneBounds()
			if end.IsZero() || end.After(tableUntil) {
				break
			}
			instant = end.UTC()
		}
		if diff := cmp.Diff(want, Table(loc, tableFrom, tableUntil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTableKnownChanges(t *testing.T) {
	t.Parallel()
	apia := Table(location(t, "Pacific/Apia"), utc(t, "2011-12-01 00:00"), utc(t, "2012-01-15 00:00"))
	want := []Offset{{utc(t, "2011-12-01 00:00"), -10 * 3600}, {utc(t, "2011-12-30 10:00"), 14 * 3600}}
	if diff := cmp.Diff(want, apia.Offsets); diff != "" {
		t.Errorf("Apia loses a day (-want +got):\n%s", diff)
	}
	howe := Table(location(t, "Australia/Lord_Howe"), utc(t, "2026-03-01 00:00"), utc(t, "2026-12-01 00:00"))
	want = []Offset{{utc(t, "2026-03-01 00:00"), 39600}, {utc(t, "2026-04-04 15:00"), 37800}, {utc(t, "2026-10-03 15:30"), 39600}}
	if diff := cmp.Diff(want, howe.Offsets); diff != "" {
		t.Errorf("Lord Howe changes by half an hour (-want +got):\n%s", diff)
	}
}

func TestTableEdges(t *testing.T) {
	t.Parallel()
	london := location(t, "Europe/London")
	change := utc(t, "2026-03-29 01:00")
	for _, c := range []struct {
		name        string
		from, until time.Time
		want        []Offset
	}{
		{"a change at until is in", change.Add(-time.Hour), change, []Offset{{change.Add(-time.Hour), 0}, {change, 3600}}},
		{"a change after until is not", change.Add(-time.Hour), change.Add(-time.Second), []Offset{{change.Add(-time.Hour), 0}}},
		{"a change at from is the first row", change, change.Add(time.Hour), []Offset{{change, 3600}}},
		{"until before from", change, change.Add(-time.Hour), []Offset{{change, 3600}}},
		{"parts of a second", change.Add(-1), change.Add(1), []Offset{{change.Add(-1), 0}, {change, 3600}}},
	} {
		if diff := cmp.Diff(c.want, Table(london, c.from, c.until).Offsets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := Table(nil, change, change.AddDate(3, 0, 0)); got.Name != "UTC" || len(got.Offsets) != 1 {
		t.Errorf("no location: got %v", got)
	}
}

func TestZoneInJSON(t *testing.T) {
	t.Parallel()
	zone := Table(location(t, "Europe/London"), utc(t, "2026-01-01 00:00"), utc(t, "2026-06-01 00:00"))
	data, err := json.Marshal(zone)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"Europe/London","offsets":[{"from":"2026-01-01T00:00:00Z","seconds":0},{"from":"2026-03-29T01:00:00Z","seconds":3600}]}`
	if string(data) != want {
		t.Errorf("got %s", data)
	}
	var back Zone
	if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(zone, back) {
		t.Errorf("got %v, %v", back, err)
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	s := world(t)
	for _, z := range s.Zones {
		loc := location(t, z.Name)
		for i, o := range z.Offsets {
			for _, instant := range []time.Time{o.From.Add(-1), o.From, o.From.Add(1)} {
				if i == 0 && instant.Before(o.From) {
					continue // what was before the table is not known to it
				}
				got := s.Local(z.Name, instant)
				if want := instant.In(loc); got.Format("2006-01-02T15:04:05.999999999 -0700") != want.Format("2006-01-02T15:04:05.999999999 -0700") {
					t.Errorf("%s: got %s, want %s", z.Name, got, want)
				}
				same(t, "the instant stays", got, instant)
			}
		}
	}
	first, last := s.Zones[0].Offsets[0], s.Zones[0].Offsets[len(s.Zones[0].Offsets)-1]
	if _, got := s.Local(s.Zones[0].Name, tableFrom.AddDate(-50, 0, 0)).Zone(); got != first.Seconds {
		t.Errorf("before the table: got %d", got)
	}
	if _, got := s.Local(s.Zones[0].Name, tableUntil.AddDate(50, 6, 0)).Zone(); got != last.Seconds {
		t.Errorf("after the table: got %d", got)
	}
	if got := s.Local("Mars/Olympus", tableFrom.In(location(t, "Asia/Kolkata"))); got.Location() != time.UTC {
		t.Errorf("an unknown zone: got %s", got)
	}
}
