package calendar

import (
	"encoding/json"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Date{
		"2026-11-21": {2026, 11, 21},
		"2024-02-29": {2024, 2, 29},
		"0001-01-01": {1, 1, 1},
		"9999-12-31": {9999, 12, 31},
	} {
		if got, err := ParseDate(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2026-11-31", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-2", "26-11-21",
		"0000-01-01", "2026-11-21 ", " 2026-11-21", "2026-11-21T00:00:00Z", "2026/11/21", "21.11.2026", "-026-11-21", "+026-11-21", "２０２６-11-21"} {
		if got, err := ParseDate(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestDateCompares(t *testing.T) {
	t.Parallel()
	sorted := []Date{{}, {2025, 12, 31}, {2026, 1, 31}, {2026, 2, 1}, {2026, 2, 2}}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := a.Compare(b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%v to %v gives %d", a, b, got)
			}
		}
	}
}

func TestDateOfIsTheDayInTheTimesOwnZone(t *testing.T) {
	t.Parallel()
	instant := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	if got := DateOf(instant.In(time.FixedZone("", 5*3600))); got != (Date{2026, 11, 22}) {
		t.Errorf("got %v", got)
	}
}

func TestDateInJSON(t *testing.T) {
	t.Parallel()
	for _, h := range []Holiday{{Date: Date{2026, 5, 3}, Name: "x"}, {}} {
		data, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var back Holiday
		if err := json.Unmarshal(data, &back); err != nil || back != h {
			t.Errorf("%s: got %v, %v", data, back, err)
		}
	}
	data, err := json.Marshal(Date{2026, 5, 3})
	if err != nil || string(data) != `"2026-05-03"` {
		t.Errorf("got %s, %v", data, err)
	}
	for _, bad := range []Date{{2026, 2, 30}, {0, 1, 1}, {10000, 1, 1}, {-5, 1, 1}} {
		if data, err := json.Marshal(bad); err == nil {
			t.Errorf("%v was written as %s", bad, data)
		}
	}
	d := Date{2026, 1, 1}
	if err := json.Unmarshal([]byte(`"2026-02-30"`), &d); err == nil || d != (Date{2026, 1, 1}) {
		t.Errorf("a day that does not exist: got %v, %v", d, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-11-21", "2024-02-29", "2026-02-30", "0000-00-00", "99999-1-1", "2026-11-21\x00", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		if err != nil {
			if !d.IsZero() {
				t.Fatalf("%q: an error and the date %v", text, d)
			}
			return
		}
		if d.String() != text {
			t.Fatalf("%q was read as %v", text, d)
		}
		if real := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC); DateOf(real) != d {
			t.Fatalf("%q is no existing day", text)
		}
	})
}
