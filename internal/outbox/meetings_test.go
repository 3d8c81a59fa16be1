package outbox

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func onDay(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// contactForm is one filled in as it ships.
func contactForm(change ...func(map[string]engagement.SheetLine)) engagement.Sheet {
	lines := map[string]engagement.SheetLine{
		"ours":          {Finding: engagement.Finding{Choices: []string{"ola"}}},
		"ours-deputy":   {Finding: engagement.Finding{Choices: []string{"dan"}}},
		"theirs":        {Words: "Ann Archer, Ann.Archer@Acme.example, 020 7946 0000"},
		"theirs-deputy": {Words: "Bob, call him"},
		"rhythm":        {Finding: engagement.Finding{Choices: []string{"Every two weeks"}}},
		"first":         {Finding: engagement.Finding{On: onDay("2026-03-31").Add(15 * time.Hour)}},
		"time":          {Finding: engagement.Finding{Choices: []string{"14:30"}}},
	}
	for _, c := range change {
		c(lines)
	}
	var s engagement.Sheet
	for _, id := range []string{"ours", "ours-deputy", "theirs", "theirs-deputy", "rhythm", "first", "time"} {
		if l, ok := lines[id]; ok {
			l.Point.ID = id
			s.Lines = append(s.Lines, l)
		}
	}
	return s
}

func without(id string) func(map[string]engagement.SheetLine) {
	return func(m map[string]engagement.SheetLine) { delete(m, id) }
}

func TestMeetingsOfAForm(t *testing.T) {
	t.Parallel()
	m, err := MeetingsIn(contactForm())
	if err != nil || !slices.Equal(m.Ours, []string{"ola", "dan"}) || !slices.Equal(m.Theirs, []string{"ann.archer@acme.example"}) ||
		!slices.Equal(m.Unreachable, []string{"theirs-deputy"}) || m.Rhythm != RhythmFortnightly || !m.First.Equal(onDay("2026-03-31")) || m.At != 14*60+30 || m.Minutes != 30 {
		t.Errorf("read as %+v: %v", m, err)
	}
	if m, err := MeetingsIn(contactForm(without("time"))); err != nil || m.At != 600 {
		t.Errorf("without a time it is at %d: %v", m.At, err)
	}
	for name, change := range map[string]func(map[string]engagement.SheetLine){
		"no rhythm": without("rhythm"), "no day": without("first"),
		"nobody": func(m map[string]engagement.SheetLine) { delete(m, "ours"); delete(m, "ours-deputy") },
		"a rhythm of its own": func(m map[string]engagement.SheetLine) {
			m["rhythm"] = engagement.SheetLine{Finding: engagement.Finding{Choices: []string{"Now and then"}}}
		},
		"a day that is lacking": func(m map[string]engagement.SheetLine) {
			m["first"] = engagement.SheetLine{Finding: engagement.Finding{Missing: true}}
		},
	} {
		if m, err := MeetingsIn(contactForm(change)); err == nil {
			t.Errorf("%s: read as %+v", name, m)
		}
	}
	for text, want := range map[string]int{"9:00": 540, " 09.30 ": 570, "23:59": 1439} {
		if got, ok := minuteOf(text); !ok || got != want {
			t.Errorf("%q is minute %d, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "24:00", "9:60", "9", "noon", "9:0", "-9:00", "99:99"} {
		if got, ok := minuteOf(text); ok {
			t.Errorf("%q is minute %d", text, got)
		}
	}
}

// The wall clock stays what it is when the clocks change, and a fifth Tuesday is the
// month's last.
func TestMeetingsGoOn(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rhythm      Rhythm
		first       string
		after, want string
	}{
		{RhythmWeekly, "2026-03-24", "2026-03-24T09:59:59Z", "2026-03-24T10:00:00Z"},
		{RhythmWeekly, "2026-03-24", "2026-03-24T10:00:00Z", "2026-03-31T09:00:00Z"}, // summer time since the 29th
		{RhythmFortnightly, "2026-03-24", "2026-03-25T00:00:00Z", "2026-04-07T09:00:00Z"},
		{RhythmMonthly, "2026-03-31", "2026-04-01T00:00:00Z", "2026-04-28T09:00:00Z"}, // the last Tuesday
		{RhythmMonthly, "2026-03-09", "2026-04-01T00:00:00Z", "2026-04-13T09:00:00Z"}, // the second Monday
		{RhythmQuarterly, "2026-01-15", "2026-02-01T00:00:00Z", "2026-04-16T09:00:00Z"},
		{RhythmQuarterly, "2026-01-15", "2027-01-01T00:00:00Z", "2027-01-21T10:00:00Z"},
	} {
		m := Meetings{Rhythm: c.rhythm, First: onDay(c.first), At: 600}
		after, _ := time.Parse(time.RFC3339, c.after)
		if got := m.From(after, london).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s from %s after %s: %s, want %s", c.rhythm, c.first, c.after, got, c.want)
		}
	}
}

// Whenever it is asked, the next meeting is after that, on the first one's weekday and
// at its time, and there is none between.
func TestNextMeetingIsTheNext(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	longest := map[Rhythm]int{RhythmWeekly: 7, RhythmFortnightly: 14, RhythmMonthly: 35, RhythmQuarterly: 98}
	rapid.Check(t, func(t *rapid.T) {
		m := Meetings{Rhythm: rapid.SampledFrom([]Rhythm{RhythmWeekly, RhythmFortnightly, RhythmMonthly, RhythmQuarterly}).Draw(t, "rhythm"),
			First: onDay("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "first")), At: rapid.IntRange(6*60, 20*60).Draw(t, "at")}
		after := m.First.Add(time.Duration(rapid.IntRange(0, 4*365*24).Draw(t, "hours")) * time.Hour)
		next := m.From(after, berlin)
		if !next.After(after) || next.Sub(after) > time.Duration(longest[m.Rhythm]+1)*24*time.Hour {
			t.Fatalf("after %s comes %s", after, next)
		}
		if next.Weekday() != m.First.Weekday() || next.Hour()*60+next.Minute() != m.At {
			t.Fatalf("%s is not on its weekday and time", next)
		}
		if again := m.From(next.Add(-time.Second), berlin); !again.Equal(next) {
			t.Fatalf("just before %s the next is %s", next, again)
		}
	})
}

func FuzzMeetingsIn(f *testing.F) {
	f.Add("Ann, ann@acme.example", "Every week", "9:00")
	f.Add("@@.@", "", "99:99")
	f.Fuzz(func(t *testing.T, theirs, rhythm, at string) {
		m, err := MeetingsIn(contactForm(func(l map[string]engagement.SheetLine) {
			l["theirs"] = engagement.SheetLine{Words: theirs}
			l["rhythm"] = engagement.SheetLine{Finding: engagement.Finding{Choices: []string{rhythm}}}
			l["time"] = engagement.SheetLine{Words: at}
		}))
		if m.At < 0 || m.At >= 24*60 || err == nil && m.Rhythm.Words() == "" || len(m.Theirs) > 1 {
			t.Errorf("%+v, %v", m, err)
		}
	})
}
