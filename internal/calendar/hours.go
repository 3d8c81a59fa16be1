package calendar

import (
	"fmt"
	"time"
)

const minutesADay = 24 * 60

// Hours is a span of a day in minutes from local midnight, Start included and End not: 09:00 to 17:00 is {540, 1020}.
// End may be 1440; work past midnight is two spans, one on each weekday.
type Hours struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Week holds the working hours of each day, by time.Weekday: Sunday comes first. A day off has none.
type Week [7][]Hours

// Check refuses hours outside the day, empty ones, and spans of one day that overlap or are out of order.
// A week without any hours passes: whether that is wanted is for Snapshot.Has to say.
func (w Week) Check() error {
	for day, spans := range w {
		end := 0
		for _, h := range spans {
			if h.Start < 0 || h.End > minutesADay || h.Start >= h.End {
				return fmt.Errorf("%s has hours from minute %d to minute %d: want a start before the end, both within 0 and %d",
					time.Weekday(day), h.Start, h.End, minutesADay)
			}
			if h.Start < end {
				return fmt.Errorf("%s has hours that overlap or are out of order at minute %d", time.Weekday(day), h.Start)
			}
			end = h.End
		}
	}
	return nil
}

// works tells whether any hours of the week hold a minute of the day.
func (w Week) works() bool {
	for _, spans := range w {
		for _, h := range spans {
			if max(h.Start, 0) < min(h.End, minutesADay) {
				return true
			}
		}
	}
	return false
}

// Schedule is when a person, or a process, works. Zone and Holidays name entries of a Snapshot; empty Holidays: none are kept.
type Schedule struct {
	Zone     string `json:"zone"`
	Week     Week   `json:"week"`
	Holidays string `json:"holidays"`
}
