package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A hundred years each: as far as any function of this package looks.
const (
	mostDays  = 36_500
	mostHours = mostDays * 24
)

// Span is how long somebody has: days, then hours on top. Working days and hours unless Calendar is set; then days of the
// wall calendar and elapsed hours, weekends, nights and holidays included. Never a mix of the two. With Clock set the hours
// have elapsed wherever that falls, at night and on a holiday too, and there are no days: an emergency doesn't wait for
// anybody's morning, while a calendar span ends in working time.
// As text and JSON it is what String gives.
type Span struct {
	Days     int
	Hours    int
	Calendar bool
	Clock    bool
}

// IsZero tells whether the span has no length, of any kind.
func (sp Span) IsZero() bool { return sp.Days == 0 && sp.Hours == 0 }

// String is the full form, which Parse reads back: "3 working days", "1 working day 4 working hours", "14 calendar days";
// "4 clock hours"; a span of no length is "0 working days", "0 calendar days" or "0 clock hours".
func (sp Span) String() string {
	kind := "working"
	switch {
	case sp.Clock:
		kind = "clock"
	case sp.Calendar:
		kind = "calendar"
	}
	var parts []string
	if sp.Days != 0 || sp.Hours == 0 && !sp.Clock {
		parts = append(parts, count(sp.Days, kind+" day"))
	}
	if sp.Hours != 0 || len(parts) == 0 {
		parts = append(parts, count(sp.Hours, kind+" hour"))
	}
	return strings.Join(parts, " ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// Parse reads a span: one or more counts with their units, each unit at most once, upper or lower case.
//
//	5d, 5 days, 5 working days               working days
//	4h, 4 hours, 4 working hours             working hours
//	2w, 2 weeks                              calendar days, seven each ("2 calendar weeks" too)
//	10 calendar days, 48 calendar hours      calendar days, elapsed hours
//	4 clock hours                            elapsed hours, also at night and on holidays
//	1d 4h, 1 working day and 4 hours         one after the other
//
// In a span with one calendar part the other parts must be calendar too and say so. Clock hours stand alone. There are no months, no fractions,
// no negative counts, no working weeks (five days, or four?), and nothing above 36500 days or 876000 hours.
func Parse(s string) (Span, error) {
	sp, err := parse(strings.Fields(strings.ToLower(s)))
	if err != nil {
		return Span{}, fmt.Errorf("reading the span %.60q: %w (want, for example, 3 working days, 5d, 4h or 2 weeks)", s, err)
	}
	return sp, nil
}

// part is one count with its unit.
type part struct {
	days, hours     int
	calendar, clock bool
	unit            string // day, hour or week
}

func parse(words []string) (Span, error) {
	if len(words) == 0 {
		return Span{}, errors.New("nothing there")
	}
	var sum Span
	seen := ""
	for seen == "" || len(words) > 0 {
		if seen != "" && words[0] == "and" {
			words = words[1:]
		}
		p, rest, err := nextPart(words)
		if err != nil {
			return Span{}, err
		}
		words = rest
		if strings.Contains(seen, p.unit) {
			return Span{}, fmt.Errorf("%ss are given twice", p.unit)
		}
		if seen != "" && (p.clock || sum.Clock) {
			return Span{}, errors.New("clock hours stand alone")
		}
		if seen != "" && p.calendar != sum.Calendar {
			return Span{}, errors.New("working and calendar time are mixed")
		}
		seen += p.unit + " "
		sum = Span{Days: sum.Days + p.days, Hours: sum.Hours + p.hours, Calendar: p.calendar, Clock: p.clock}
	}
	if sum.Days > mostDays || sum.Hours > mostHours {
		return Span{}, errors.New("longer than 100 years")
	}
	return sum, nil
}

// nextPart reads one count and unit off the words: "5d", "5 d", "5 working days".
func nextPart(words []string) (part, []string, error) {
	if len(words) == 0 {
		return part{}, nil, errors.New("a count is missing")
	}
	word, rest := words[0], words[1:]
	digits := len(word) - len(strings.TrimLeft(word, "0123456789"))
	n, err := strconv.Atoi(word[:digits])
	if err != nil || n > mostHours {
		return part{}, nil, errors.New("a count is missing, not a whole number, or too large")
	}
	if digits < len(word) {
		rest = append([]string{word[digits:]}, rest...)
	}
	kind := ""
	if len(rest) > 0 && (rest[0] == "working" || rest[0] == "calendar" || rest[0] == "clock") {
		kind, rest = rest[0], rest[1:]
	}
	if len(rest) == 0 {
		return part{}, nil, errors.New("a unit is missing after a count")
	}
	p, err := unit(n, kind, rest[0])
	return p, rest[1:], err
}

func unit(n int, kind, word string) (part, error) {
	if word == "h" || word == "hour" || word == "hours" {
		return part{hours: n, calendar: kind == "calendar", clock: kind == "clock", unit: "hour"}, nil
	}
	if kind == "clock" {
		return part{}, errors.New("the clock counts hours: 48 clock hours are two days")
	}
	switch word {
	case "d", "day", "days":
		return part{days: n, calendar: kind == "calendar", unit: "day"}, nil
	case "w", "week", "weeks":
		if kind == "working" {
			return part{}, errors.New("there are no working weeks: give working days")
		}
		return part{days: 7 * n, calendar: true, unit: "week"}, nil
	}
	return part{}, fmt.Errorf("%.20q is no unit: days, hours and weeks are", word)
}

// MarshalText refuses counts that Parse would not read back.
func (sp Span) MarshalText() ([]byte, error) {
	if sp.Days < 0 || sp.Days > mostDays || sp.Hours < 0 || sp.Hours > mostHours {
		return nil, fmt.Errorf("writing the span %q: counts are below zero or above 100 years", sp.String())
	}
	if sp.Clock && (sp.Days != 0 || sp.Calendar) {
		return nil, fmt.Errorf("writing the span %q: the clock counts hours alone", sp.String())
	}
	return []byte(sp.String()), nil
}

// UnmarshalText reads what Parse reads.
func (sp *Span) UnmarshalText(text []byte) error {
	read, err := Parse(string(text))
	if err != nil {
		return err
	}
	*sp = read
	return nil
}
