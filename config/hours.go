package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/calendar"
)

var clockSpan = regexp.MustCompile(`^(\d{1,2}):(\d{2})[-–](\d{1,2}):(\d{2})$`)

// ParseHours reads working hours: days, then times, as often as wanted.
//
//	Mon-Fri 09:00-17:30
//	Mon-Thu 08:30-12:30 13:15-17:00, Fri 08:30-13:00
//	Sun, Tue, Thu 10:00-14:00
//
// Days are English, in full or three letters, and a range may run over the end
// of the week. Times are on the 24-hour clock; 24:00 ends a day, and work past
// midnight is two entries. The error says which word cannot be read; the hours
// of one day must not overlap.
func ParseHours(text string) (calendar.Week, error) {
	text = strings.NewReplacer(",", " ", ";", " ").Replace(text)
	var week calendar.Week
	var days []int
	timed := true // whether the days so far have got their times
	for _, word := range strings.Fields(text) {
		if word[0] >= '0' && word[0] <= '9' {
			h, err := parseTimes(word)
			if err != nil {
				return calendar.Week{}, err
			}
			if len(days) == 0 {
				return calendar.Week{}, fmt.Errorf("%s comes before any day (want, for example, Mon-Fri 09:00-17:00)", word)
			}
			for _, d := range days {
				week[d] = append(week[d], h)
			}
			timed = true
			continue
		}
		if timed {
			days = nil
		}
		timed = false
		more, err := parseDays(word)
		if err != nil {
			return calendar.Week{}, err
		}
		days = append(days, more...)
	}
	if !timed || len(days) == 0 {
		return calendar.Week{}, fmt.Errorf("the hours %.40q name no times (want, for example, Mon-Fri 09:00-17:00)", text)
	}
	for d := range week {
		slices.SortFunc(week[d], func(a, b calendar.Hours) int { return a.Start - b.Start })
	}
	if err := week.Check(); err != nil {
		return calendar.Week{}, err
	}
	return week, nil
}

func parseTimes(word string) (calendar.Hours, error) {
	m := clockSpan.FindStringSubmatch(word)
	if m == nil {
		return calendar.Hours{}, fmt.Errorf("%.40q is no span of hours (want, for example, 09:00-17:00)", word)
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // one or two digits: cannot fail
	}
	h := calendar.Hours{Start: n[0]*60 + n[1], End: n[2]*60 + n[3]}
	if n[1] > 59 || n[3] > 59 || h.End > 24*60 {
		return calendar.Hours{}, fmt.Errorf("%s is not on the clock (00:00 to 24:00)", word)
	}
	if h.Start >= h.End {
		return calendar.Hours{}, fmt.Errorf("%s ends before it begins (work past midnight is two entries: to 24:00 and from 00:00 on the next day)", word)
	}
	return h, nil
}

func parseDays(word string) ([]int, error) {
	from, to, ranged := strings.Cut(strings.ReplaceAll(word, "–", "-"), "-")
	a, err := parseDay(from)
	if err != nil || !ranged {
		return []int{a}, err
	}
	b, err := parseDay(to)
	if err != nil {
		return nil, err
	}
	days := []int{a}
	for a != b {
		a = (a + 1) % 7
		days = append(days, a)
	}
	return days, nil
}

func parseDay(word string) (int, error) {
	names := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	w := strings.ToLower(word)
	for i, name := range names {
		if len(w) >= 3 && strings.HasPrefix(name, w) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%.40q is no day of the week (Mon, Tue, Wed, Thu, Fri, Sat, Sun)", word)
}
