package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Holiday is a day on which nobody who keeps its set works, whatever the week says.
type Holiday struct {
	Date Date   `json:"date"`
	Name string `json:"name"`
}

// HolidaySet is a named list of holidays, sorted by date, one a day.
type HolidaySet struct {
	Name string    `json:"name"`
	Days []Holiday `json:"days"`
}

func (h HolidaySet) has(d Date) bool {
	_, found := slices.BinarySearchFunc(h.Days, d, func(day Holiday, d Date) int { return day.Date.Compare(d) })
	return found
}

// Snapshot is what a process knows of zones and holidays from From to Until (36 months by custom). Zones and sets are
// sorted by name.
type Snapshot struct {
	From     time.Time    `json:"from"`
	Until    time.Time    `json:"until"`
	Zones    []Zone       `json:"zones"`
	Holidays []HolidaySet `json:"holidays"`
}

// Check reports the first fault: From not before Until; zones, offsets, sets or days that are out of order or double;
// a name that is empty; a zone whose table begins after From; an offset or a date that cannot be.
func (s Snapshot) Check() error {
	if !s.From.Before(s.Until) {
		return fmt.Errorf("checking the calendar snapshot: it ends at %s, not after it begins at %s",
			s.Until.Format(time.RFC3339), s.From.Format(time.RFC3339))
	}
	previous := ""
	for _, z := range s.Zones {
		if z.Name <= previous {
			return fmt.Errorf("checking the calendar snapshot: zone %q after %q: want names, sorted, each once", z.Name, previous)
		}
		if err := z.check(s.From); err != nil {
			return fmt.Errorf("checking the calendar snapshot: %w", err)
		}
		previous = z.Name
	}
	previous = ""
	for _, set := range s.Holidays {
		if set.Name <= previous {
			return fmt.Errorf("checking the calendar snapshot: holiday set %q after %q: want names, sorted, each once", set.Name, previous)
		}
		if err := set.check(); err != nil {
			return fmt.Errorf("checking the holidays of the calendar snapshot: %w", err)
		}
		previous = set.Name
	}
	return nil
}

func (h HolidaySet) check() error {
	for i, day := range h.Days {
		if err := day.Date.check(); err != nil {
			return fmt.Errorf("set %q: %w", h.Name, err)
		}
		if i > 0 && h.Days[i-1].Date.Compare(day.Date) >= 0 {
			return fmt.Errorf("set %q has %s (%s) out of order or twice", h.Name, day.Date, day.Name)
		}
	}
	return nil
}

// Has refuses a schedule that this snapshot cannot serve: the zone or the holiday set is not in it, the hours are faulty
// (see Week.Check), or the week has no working minute. All that is wrong is named in one error.
func (s Snapshot) Has(sch Schedule) error {
	var faults []error
	if _, ok := s.zone(sch.Zone); !ok {
		faults = append(faults, fmt.Errorf("the calendar has no zone %q", sch.Zone))
	}
	if _, ok := s.set(sch.Holidays); !ok && sch.Holidays != "" {
		faults = append(faults, fmt.Errorf("the calendar has no holiday set %q", sch.Holidays))
	}
	if err := sch.Week.Check(); err != nil {
		faults = append(faults, err)
	}
	if !sch.Week.works() {
		faults = append(faults, errors.New("the week has no working minute"))
	}
	return errors.Join(faults...)
}

// Local is t with the wall clock of a zone, as a time in a fixed zone that bears its name. An unknown zone gives UTC.
func (s Snapshot) Local(zone string, t time.Time) time.Time {
	z, ok := s.zone(zone)
	if !ok {
		return plain(t)
	}
	offset, _, _ := z.at(t)
	return plain(t).In(time.FixedZone(z.Name, int(offset/time.Second)))
}

// zone finds a table by its name; without one the empty table stands for UTC.
func (s Snapshot) zone(name string) (Zone, bool) {
	i, found := slices.BinarySearchFunc(s.Zones, name, func(z Zone, name string) int { return cmp.Compare(z.Name, name) })
	if !found {
		return Zone{}, false
	}
	return s.Zones[i], true
}

func (s Snapshot) set(name string) (HolidaySet, bool) {
	i, found := slices.BinarySearchFunc(s.Holidays, name, func(h HolidaySet, name string) int { return cmp.Compare(h.Name, name) })
	if !found {
		return HolidaySet{}, false
	}
	return s.Holidays[i], true
}
