package config

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/calendar"

	gocmp "github.com/google/go-cmp/cmp"
)

// The years that the shipped sets cover.
const firstYear, lastYear = 2026, 2029

// law is how one set is computed: the rules of its law, year by year.
type law struct {
	name, head string
	days       func(year int) []calendar.Holiday
}

func laws() []law {
	return []law{
		{"england-and-wales", `# Bank holidays in England and Wales, 2026 to 2029.
# Law: Banking and Financial Dealings Act 1971, schedule 1 (Easter Monday, the last Mondays of May and August, 26 and 27
# December); Good Friday and Christmas Day at common law; New Year's Day and the first Monday of May by yearly royal
# proclamation under section 1(3), which also moves a day that falls on a weekend. A proclamation may add or move days.
`, englandAndWales},
		{"us-federal", `# Federal holidays of the United States, 2026 to 2029.
# Law: 5 U.S.C. 6103(a); a Saturday's is kept on the Friday before by 6103(b), a Sunday's on the Monday after by Executive
# Order 11582. Inauguration Day (6103(c)) is kept around Washington only and left out.
`, usFederal},
		{"germany", `# Public holidays in the whole of Germany, 2026 to 2029: the nine that every state has.
# Law: Article 2(2) of the Unification Treaty (3 October) and the holiday acts of the states. Days of single states
# (Epiphany, Corpus Christi, Reformation Day, All Saints) are left out; none moves when it falls on a weekend.
`, germany},
	}
}

func TestGeneratedHolidaysAreWhatTheLawsSay(t *testing.T) {
	for _, l := range laws() {
		file := "holidays/" + l.name + ".yaml"
		want := l.file()
		if os.Getenv("GANGWAY_UPDATE") == "1" {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s is not what its rules give (run with GANGWAY_UPDATE=1): %s", file, d)
		}
		sets, err := Holidays(l.name)
		if err != nil {
			t.Fatal(err)
		}
		snap := calendar.Snapshot{From: time.Unix(0, 0), Until: time.Unix(1, 0), Holidays: sets}
		if err := snap.Check(); err != nil {
			t.Error(err)
		}
	}
}

// Dates as the authorities published them, typed in by hand: the rules above
// could be wrong in the same way twice, these cannot.
func TestHolidaysAgreeWithPublishedDates(t *testing.T) {
	t.Parallel()
	published := map[string]string{
		"england-and-wales": `2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
			2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28`,
		"us-federal": `2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
			2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31`,
		"germany": `2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-10-03 2026-12-25 2026-12-26
			2027-01-01 2027-03-26 2027-03-29 2027-05-01 2027-05-06 2027-05-17 2027-10-03 2027-12-25 2027-12-26`,
	}
	for _, l := range laws() {
		sets, err := Holidays(l.name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range sets[0].Days {
			if d.Date.Year <= 2027 {
				got = append(got, d.Date.String())
			}
		}
		if d := gocmp.Diff(strings.Fields(published[l.name]), got); d != "" {
			t.Errorf("%s: %s", l.name, d)
		}
	}
}

func TestHolidaysNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"atlantis", "", "../playbooks/small", "germany.yaml"} {
		_, err := Holidays(name)
		if err == nil || !strings.Contains(err.Error(), "england-and-wales, germany, us-federal ship") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// file is the set as it is kept: a comment, a name, the days in order.
func (l law) file() string {
	var days []calendar.Holiday
	for y := firstYear; y <= lastYear+1; y++ { // a day of the year after may be kept in this one
		days = append(days, l.days(y)...)
	}
	days = slices.DeleteFunc(days, func(d calendar.Holiday) bool { return d.Date.Year < firstYear || d.Date.Year > lastYear })
	slices.SortStableFunc(days, func(a, b calendar.Holiday) int { return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Name, b.Name)) })
	var b strings.Builder
	b.WriteString(l.head + "# Computed from these rules by holidays_test.go, which holds this file to them.\n\nname: " + l.name + "\ndays:\n")
	for _, d := range days {
		fmt.Fprintf(&b, "  - {date: %s, name: %q}\n", d.Date, d.Name)
	}
	return b.String()
}

func day(name string, t time.Time) calendar.Holiday {
	return calendar.Holiday{Date: calendar.DateOf(t), Name: name}
}

func on(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// nth is the n-th weekday of a month; n = -1 the last.
func nth(y int, m time.Month, w time.Weekday, n int) time.Time {
	if n < 0 {
		t := on(y, m+1, 1).AddDate(0, 0, -1)
		return t.AddDate(0, 0, -((int(t.Weekday()) - int(w) + 7) % 7))
	}
	t := on(y, m, 1)
	return t.AddDate(0, 0, (int(w)-int(t.Weekday())+7)%7+7*(n-1))
}

// easter is Easter Sunday of the Gregorian calendar (Butcher's rule).
func easter(y int) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return on(y, time.Month(month), (h+l-7*m+33*month+19)%32)
}

func englandAndWales(y int) []calendar.Holiday {
	e := easter(y)
	days := []calendar.Holiday{
		day("Good Friday", e.AddDate(0, 0, -2)), day("Easter Monday", e.AddDate(0, 0, 1)),
		day("Early May bank holiday", nth(y, time.May, time.Monday, 1)), day("Spring bank holiday", nth(y, time.May, time.Monday, -1)),
		day("Summer bank holiday", nth(y, time.August, time.Monday, -1)),
	}
	newYear, christmas, boxing := on(y, 1, 1), on(y, 12, 25), on(y, 12, 26)
	switch newYear.Weekday() {
	case time.Saturday:
		days = append(days, day("New Year's Day (substitute day)", newYear.AddDate(0, 0, 2)))
	case time.Sunday:
		days = append(days, day("New Year's Day (substitute day)", newYear.AddDate(0, 0, 1)))
	default:
		days = append(days, day("New Year's Day", newYear))
	}
	switch christmas.Weekday() {
	case time.Friday: // Boxing Day on a Saturday
		return append(days, day("Christmas Day", christmas), day("Boxing Day (substitute day)", on(y, 12, 28)))
	case time.Saturday:
		return append(days, day("Christmas Day (substitute day)", on(y, 12, 27)), day("Boxing Day (substitute day)", on(y, 12, 28)))
	case time.Sunday:
		return append(days, day("Boxing Day", boxing), day("Christmas Day (substitute day)", on(y, 12, 27)))
	}
	return append(days, day("Christmas Day", christmas), day("Boxing Day", boxing))
}

func usFederal(y int) []calendar.Holiday {
	days := []calendar.Holiday{
		day("Birthday of Martin Luther King, Jr.", nth(y, time.January, time.Monday, 3)),
		day("Washington's Birthday", nth(y, time.February, time.Monday, 3)), day("Memorial Day", nth(y, time.May, time.Monday, -1)),
		day("Labor Day", nth(y, time.September, time.Monday, 1)), day("Columbus Day", nth(y, time.October, time.Monday, 2)),
		day("Thanksgiving Day", nth(y, time.November, time.Thursday, 4)),
	}
	for _, d := range []struct {
		name string
		at   time.Time
	}{
		{"New Year's Day", on(y, 1, 1)}, {"Juneteenth National Independence Day", on(y, 6, 19)}, {"Independence Day", on(y, 7, 4)},
		{"Veterans Day", on(y, 11, 11)}, {"Christmas Day", on(y, 12, 25)},
	} {
		switch d.at.Weekday() {
		case time.Saturday:
			days = append(days, day(d.name+" (observed)", d.at.AddDate(0, 0, -1)))
		case time.Sunday:
			days = append(days, day(d.name+" (observed)", d.at.AddDate(0, 0, 1)))
		default:
			days = append(days, day(d.name, d.at))
		}
	}
	return days
}

func germany(y int) []calendar.Holiday {
	e := easter(y)
	return []calendar.Holiday{
		day("Neujahr", on(y, 1, 1)), day("Karfreitag", e.AddDate(0, 0, -2)), day("Ostermontag", e.AddDate(0, 0, 1)),
		day("Tag der Arbeit", on(y, 5, 1)), day("Christi Himmelfahrt", e.AddDate(0, 0, 39)), day("Pfingstmontag", e.AddDate(0, 0, 50)),
		day("Tag der Deutschen Einheit", on(y, 10, 3)), day("Erster Weihnachtstag", on(y, 12, 25)), day("Zweiter Weihnachtstag", on(y, 12, 26)),
	}
}
