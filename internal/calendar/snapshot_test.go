package calendar

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSnapshotCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, say string
		spoil     func(*Snapshot)
	}{
		{"sound", "", func(*Snapshot) {}},
		{"nothing in it", "", func(s *Snapshot) { s.Zones, s.Holidays = nil, nil }},
		{"ends before it begins", "not after it begins", func(s *Snapshot) { s.Until = s.From }},
		{"zones out of order", "sorted, each once", func(s *Snapshot) { s.Zones[0], s.Zones[1] = s.Zones[1], s.Zones[0] }},
		{"a zone twice", "sorted, each once", func(s *Snapshot) { s.Zones[1] = s.Zones[0] }},
		{"a zone without a name", "sorted, each once", func(s *Snapshot) { s.Zones[0].Name = "" }},
		{"a zone without offsets", "no offsets", func(s *Snapshot) { s.Zones[0].Offsets = nil }},
		{"a table that begins late", "after the snapshot does", func(s *Snapshot) { s.Zones[0].Offsets = s.Zones[0].Offsets[1:] }},
		{"offsets out of order", "out of order", func(s *Snapshot) {
			o := s.Zones[0].Offsets
			o[1], o[2] = o[2], o[1]
		}},
		{"an offset twice", "out of order", func(s *Snapshot) { s.Zones[0].Offsets[2] = s.Zones[0].Offsets[1] }},
		{"an offset of days", "more than a day", func(s *Snapshot) { s.Zones[0].Offsets[1].Seconds = 90000 }},
		{"sets out of order", "sorted, each once", func(s *Snapshot) { s.Holidays[0].Name = "zz" }},
		{"a set twice", "sorted, each once", func(s *Snapshot) { s.Holidays[1].Name = "england" }},
		{"a set without a name", "sorted, each once", func(s *Snapshot) { s.Holidays[0].Name = "" }},
		{"days out of order", "out of order or twice", func(s *Snapshot) { s.Holidays[0].Days[0].Date.Year = 2027 }},
		{"a day twice", "out of order or twice", func(s *Snapshot) { s.Holidays[0].Days[1] = s.Holidays[0].Days[0] }},
		{"a day that is none", "existing day", func(s *Snapshot) { s.Holidays[0].Days[0].Date.Day = 32 }},
	} {
		s := world(t, holidays(t, "england", "2026-12-25", "2026-12-28"), holidays(t, "india"))
		c.spoil(&s)
		err := s.Check()
		if (err == nil) != (c.say == "") || err != nil && !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestSnapshotHas(t *testing.T) {
	t.Parallel()
	s := world(t, holidays(t, "england", "2026-12-25"))
	for _, c := range []struct {
		name     string
		schedule Schedule
		say      []string
	}{
		{"all there", Schedule{"Europe/London", nineToFive(), "england"}, nil},
		{"no holidays wanted", Schedule{"Europe/London", nineToFive(), ""}, nil},
		{"unknown zone", Schedule{"Europe/Londn", nineToFive(), "england"}, []string{`no zone "Europe/Londn"`}},
		{"no zone", Schedule{"", nineToFive(), "england"}, []string{`no zone ""`}},
		{"unknown set", Schedule{"Europe/London", nineToFive(), "wales"}, []string{`no holiday set "wales"`}},
		{"no hours", Schedule{"Europe/London", Week{}, "england"}, []string{"no working minute"}},
		{"empty hours", Schedule{"Europe/London", office(Hours{540, 540}), ""}, []string{"Monday", "no working minute"}},
		{"past midnight", Schedule{"Europe/London", office(Hours{1320, 1560}), ""}, []string{"Monday has hours from minute 1320"}},
		{"overlap", Schedule{"Europe/London", office(Hours{540, 720}, Hours{700, 1020}), ""}, []string{"overlap"}},
		{"all wrong", Schedule{"x", Week{}, "y"}, []string{`zone "x"`, `set "y"`, "no working minute"}},
	} {
		err := s.Has(c.schedule)
		if (err == nil) != (len(c.say) == 0) {
			t.Errorf("%s: got %v", c.name, err)
		}
		for _, say := range c.say {
			if err != nil && !strings.Contains(err.Error(), say) {
				t.Errorf("%s: %q does not say %q", c.name, err, say)
			}
		}
	}
}

// Three years in a payload: what comes back must answer as what went in, and stay small.
func TestSnapshotInJSON(t *testing.T) {
	t.Parallel()
	s := Snapshot{From: utc(t, "2026-11-01 00:00"), Until: utc(t, "2029-11-01 00:00"), Holidays: []HolidaySet{holidays(t, "england", "2026-12-25")}}
	for _, name := range zoneNames() {
		s.Zones = append(s.Zones, Table(location(t, name), s.From, s.Until))
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Snapshot
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Errorf("the snapshot (-sent +read):\n%s", diff)
	}
	if len(data) > 4096 {
		t.Errorf("six zones take %d bytes", len(data))
	}
	sch := Schedule{"Europe/London", office(Hours{540, 720}, Hours{780, 1020}), "england"}
	data, err = json.Marshal(sch)
	if err != nil {
		t.Fatal(err)
	}
	var same Schedule
	if err := json.Unmarshal(data, &same); err != nil || !cmp.Equal(sch, same) {
		t.Errorf("the schedule: got %s, %v", data, err)
	}
	var short Schedule
	if err := json.Unmarshal([]byte(`{"zone":"UTC","week":[[],[{"start":540,"end":1020}]]}`), &short); err != nil ||
		len(short.Week[time.Monday]) != 1 || len(short.Week[time.Saturday]) != 0 {
		t.Errorf("a week with its last days left out: got %v, %v", short, err)
	}
}
