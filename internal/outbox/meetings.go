package outbox

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// Rhythm is how often the two sides meet.
type Rhythm string

// Rhythms.
const (
	RhythmWeekly      Rhythm = "weekly"
	RhythmFortnightly Rhythm = "fortnightly"
	RhythmMonthly     Rhythm = "monthly"
	RhythmQuarterly   Rhythm = "quarterly"
)

// Meetings is what a form of contacts says: who speaks for each side, and when they
// meet. It has addresses, so it never enters a payload.
type Meetings struct {
	Ours   []string // ids of persons
	Theirs []string // mail addresses, in small letters
	// Unreachable are the points of the vendor's people that name no mail address.
	Unreachable []string
	Rhythm      Rhythm
	// First is the day of the first one, midnight UTC; At minutes after midnight, on
	// the clock of the place whose meeting it is, and for so many Minutes.
	First       time.Time
	At, Minutes int
}

// Ids of the points of a form of contacts that say something of meetings.
const (
	contactOurs    = "ours"
	contactTheirs  = "theirs"
	contactDeputy  = "-deputy"
	meetingRhythm  = "rhythm"
	meetingFirst   = "first"
	meetingTime    = "time"
	meetingDefault = 10 * 60 // where the form names no time: ten in the morning
)

// MeetingsIn reads a form of contacts. Without a rhythm that is known, a first day and
// somebody of the client's there is no meeting.
func MeetingsIn(s engagement.Sheet) (Meetings, error) {
	m := Meetings{At: meetingDefault}
	for _, l := range s.Lines {
		chosen := ""
		if len(l.Finding.Choices) > 0 {
			chosen = l.Finding.Choices[0]
		}
		switch id := l.Point.ID; {
		case l.Finding.Missing:
		case strings.TrimSuffix(id, contactDeputy) == contactOurs:
			if chosen != "" && !slices.Contains(m.Ours, chosen) {
				m.Ours = append(m.Ours, chosen)
			}
		case strings.TrimSuffix(id, contactDeputy) == contactTheirs:
			address := strings.ToLower(regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN-]+(\.[\pL\pN-]+)+`).FindString(l.Words))
			if address == "" {
				m.Unreachable = append(m.Unreachable, id)
			} else if !slices.Contains(m.Theirs, address) {
				m.Theirs = append(m.Theirs, address)
			}
		case id == meetingRhythm:
			m.Rhythm = rhythmOf(chosen)
		case id == meetingFirst:
			m.First = time.Date(l.Finding.On.Year(), l.Finding.On.Month(), l.Finding.On.Day(), 0, 0, 0, 0, time.UTC)
			if l.Finding.On.IsZero() {
				m.First = time.Time{}
			}
		case id == meetingTime:
			if at, ok := minuteOf(chosen + l.Words); ok {
				m.At = at
			}
		}
	}
	m.Minutes = 60
	if m.Rhythm == RhythmWeekly || m.Rhythm == RhythmFortnightly {
		m.Minutes = 30
	}
	switch {
	case m.Rhythm == "":
		return m, errors.New("the form says no rhythm that is known")
	case m.First.IsZero():
		return m, errors.New("the form names no first meeting")
	case len(m.Ours) == 0:
		return m, errors.New("the form names nobody who speaks for the client")
	}
	return m, nil
}

// rhythmOf knows a rhythm by the words of a form; empty: none of those.
func rhythmOf(words string) Rhythm {
	switch strings.ToLower(strings.TrimSpace(words)) {
	case "every week", "weekly":
		return RhythmWeekly
	case "every two weeks", "every other week", "fortnightly":
		return RhythmFortnightly
	case "every month", "monthly":
		return RhythmMonthly
	case "every quarter", "every three months", "quarterly":
		return RhythmQuarterly
	}
	return ""
}

// Words say how often, as the end of a sentence.
func (r Rhythm) Words() string {
	switch r {
	case RhythmWeekly:
		return "every week"
	case RhythmFortnightly:
		return "every two weeks"
	case RhythmMonthly:
		return "every month"
	case RhythmQuarterly:
		return "every three months"
	}
	return ""
}

// minuteOf reads a time of day: 9:30, 14.00.
func minuteOf(text string) (int, bool) {
	found := regexp.MustCompile(`^\s*(\d{1,2})[:.](\d\d)\s*$`).FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(found[1]) // digits, by the expression
	minute, _ := strconv.Atoi(found[2])
	return hour*60 + minute, hour < 24 && minute < 60
}

// weekOfMonth is which of its weekdays in the month a day is: the first to the fourth,
// or -1 for the last where it is the fifth, which not every month has.
func (m Meetings) weekOfMonth() int {
	if n := (m.First.Day()-1)/7 + 1; n < 5 {
		return n
	}
	return -1
}

// SameTimes reports whether two forms say the same of when people meet.
func (m Meetings) SameTimes(other Meetings) bool {
	return m.Rhythm == other.Rhythm && m.First.Equal(other.First) && m.At == other.At
}

// mostMeetings bounds how far ahead the next meeting is looked for: weekly for ten
// years.
const mostMeetings = 520

// From is the first meeting that begins after an instant, on the clock of a place.
func (m Meetings) From(after time.Time, place *time.Location) time.Time {
	week := m.weekOfMonth()
	for n := range mostMeetings {
		day := m.First
		switch m.Rhythm {
		case RhythmWeekly:
			day = day.AddDate(0, 0, 7*n)
		case RhythmFortnightly:
			day = day.AddDate(0, 0, 14*n)
		case RhythmMonthly:
			day = weekdayIn(m.First, n, week)
		default:
			day = weekdayIn(m.First, 3*n, week)
		}
		at := time.Date(day.Year(), day.Month(), day.Day(), m.At/60, m.At%60, 0, 0, place)
		if at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// weekdayIn is the weekday of a day, so many months later: the first to the fourth of
// that month, or the last.
func weekdayIn(first time.Time, months, week int) time.Time {
	begin := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, months, 0)
	day := begin.AddDate(0, 0, (int(first.Weekday())-int(begin.Weekday())+7)%7)
	if week > 0 {
		return day.AddDate(0, 0, 7*(week-1))
	}
	for next := day.AddDate(0, 0, 7); next.Month() == begin.Month(); next = next.AddDate(0, 0, 7) {
		day = next
	}
	return day
}
