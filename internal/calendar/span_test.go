package calendar

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Span{
		"3 working days":                 {Days: 3},
		"1 working day":                  {Days: 1},
		"5d":                             {Days: 5},
		" 5  D ":                         {Days: 5},
		"5 days":                         {Days: 5},
		"0d":                             {},
		"4h":                             {Hours: 4},
		"4 hours":                        {Hours: 4},
		"4 working hours":                {Hours: 4},
		"1d 4h":                          {Days: 1, Hours: 4},
		"4h 1d":                          {Days: 1, Hours: 4},
		"1 Working Day and 4 hours":      {Days: 1, Hours: 4},
		"2 weeks":                        {Days: 14, Calendar: true},
		"1 week":                         {Days: 7, Calendar: true},
		"2w":                             {Days: 14, Calendar: true},
		"2 calendar weeks":               {Days: 14, Calendar: true},
		"10 calendar days":               {Days: 10, Calendar: true},
		"48 calendar hours":              {Hours: 48, Calendar: true},
		"1 week 2 calendar days":         {Days: 9, Calendar: true},
		"4 clock hours":                  {Hours: 4, Clock: true},
		"1 CLOCK hour":                   {Hours: 1, Clock: true},
		"4clock h":                       {Hours: 4, Clock: true},
		"1 week and 12 calendar hours":   {Days: 7, Hours: 12, Calendar: true},
		"36500 days 876000 hours":        {Days: 36500, Hours: 876000},
		"007 days":                       {Days: 7},
		"14 calendar days\t6calendar\nh": {Days: 14, Hours: 6, Calendar: true},
	} {
		got, err := Parse(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, say := range map[string]string{
		"":                         "nothing there",
		"   ":                      "nothing there",
		"5":                        "unit is missing",
		"5 working":                "unit is missing",
		"d":                        "count is missing",
		"and 5d":                   "count is missing",
		"5d and":                   "count is missing",
		"5d and and 3h":            "count is missing",
		"-3 days":                  "count is missing",
		"1.5 days":                 "is no unit",
		"3 months":                 "is no unit",
		"3 workdays":               "is no unit",
		"three days":               "count is missing",
		"99999999999999999999d":    "too large",
		"36501d":                   "longer than 100 years",
		"876001h":                  "too large",
		"5215 weeks":               "longer than 100 years",
		"1d 2 days":                "twice",
		"1h 2d 3h":                 "twice",
		"2 weeks 3 days":           "mixed",
		"3 days 2 weeks":           "mixed",
		"1 calendar day 2 hours":   "mixed",
		"2 working weeks":          "working weeks",
		"2 clock days":             "the clock counts hours",
		"1 clock week":             "the clock counts hours",
		"4 clock":                  "unit is missing",
		"1 day 4 clock hours":      "stand alone",
		"4 clock hours 1 day":      "stand alone",
		strings.Repeat("x", 10000): "count is missing",
	} {
		got, err := Parse(text)
		if err == nil || got != (Span{}) || !strings.Contains(err.Error(), say) || !strings.Contains(err.Error(), "3 working days") {
			t.Errorf("%.30q: got %+v, %v", text, got, err)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.30q: the error has %d letters", text, len(err.Error()))
		}
	}
}

func TestSpanString(t *testing.T) {
	t.Parallel()
	for want, sp := range map[string]Span{
		"0 working days":                   {},
		"0 calendar days":                  {Calendar: true},
		"1 working day":                    {Days: 1},
		"1 working hour":                   {Hours: 1},
		"3 working days 1 working hour":    {Days: 3, Hours: 1},
		"14 calendar days":                 {Days: 14, Calendar: true},
		"4 clock hours":                    {Hours: 4, Clock: true},
		"0 clock hours":                    {Clock: true},
		"1 calendar day 36 calendar hours": {Days: 1, Hours: 36, Calendar: true},
	} {
		if got := sp.String(); got != want {
			t.Errorf("%+v: got %q, want %q", sp, got, want)
		}
		if sp.IsZero() != strings.HasPrefix(want, "0") {
			t.Errorf("%q: IsZero is %v", want, sp.IsZero())
		}
	}
}

func TestSpanRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sp := Span{
			Days:     rapid.IntRange(0, mostDays).Draw(t, "days"),
			Hours:    rapid.IntRange(0, mostHours).Draw(t, "hours"),
			Calendar: rapid.Bool().Draw(t, "calendar"),
		}
		if rapid.Bool().Draw(t, "clock") {
			sp = Span{Hours: sp.Hours, Clock: true}
		}
		if back, err := Parse(sp.String()); err != nil || back != sp {
			t.Fatalf("%q: got %+v, %v", sp, back, err)
		}
		data, err := json.Marshal(map[string]Span{"due": sp})
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]Span
		if err := json.Unmarshal(data, &back); err != nil || back["due"] != sp {
			t.Fatalf("%s: got %+v, %v", data, back, err)
		}
	})
}

func TestSpanRefusesToBeWrittenWrong(t *testing.T) {
	t.Parallel()
	for _, sp := range []Span{{Days: -1}, {Hours: -1}, {Days: mostDays + 1}, {Hours: mostHours + 1}, {Days: 1, Clock: true}, {Hours: 1, Clock: true, Calendar: true}} {
		if text, err := sp.MarshalText(); err == nil {
			t.Errorf("%+v was written as %q", sp, text)
		}
	}
	sp := Span{Days: 3}
	if err := json.Unmarshal([]byte(`"soon"`), &sp); err == nil || sp != (Span{Days: 3}) {
		t.Errorf("got %+v, %v", sp, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"3 working days", "5d", "4h", "2 weeks", "1d 4h", "1 working day and 4 hours", "48 calendar hours", "4 clock hours",
		"1 week 3 calendar days", "and", "5 and", "99999999999999999999d", "5 workingdays", "", "\x00", "5\u00a0d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sp, err := Parse(text)
		if err != nil {
			if sp != (Span{}) {
				t.Fatalf("%q: an error and the span %+v", text, sp)
			}
			return
		}
		if _, err := sp.MarshalText(); err != nil {
			t.Fatalf("%q was read as %+v, which cannot be written: %v", text, sp, err)
		}
		if back, err := Parse(sp.String()); err != nil || back != sp {
			t.Fatalf("%q was read as %q, that as %+v, %v", text, sp, back, err)
		}
	})
}
