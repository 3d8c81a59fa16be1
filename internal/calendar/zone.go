package calendar

import (
	"fmt"
	"sort"
	"time"
)

// widestOffset bounds what Check believes; the widest that any zone ever had is under 16 hours.
const widestOffset = 24 * 60 * 60

// Offset is one row of a zone's table.
type Offset struct {
	From    time.Time `json:"from"`    // from this instant on, until the next row's
	Seconds int       `json:"seconds"` // east of UTC
}

// Zone is a time zone as a table, sorted by From. The first offset holds before its From too, the last one for ever.
type Zone struct {
	Name    string   `json:"name"`
	Offsets []Offset `json:"offsets"`
}

// Table writes down the offsets that loc has from one instant to the other, both included: a first row at from, then
// a row for every change, exact to the second. A nil loc is UTC; with until not after from there is one row.
//
// It probes once a day and bisects where two probes differ, so a change that is undone within the same day is not seen;
// no zone has had one.
func Table(loc *time.Location, from, until time.Time) Zone {
	if loc == nil {
		loc = time.UTC
	}
	from = plain(from)
	zone := Zone{Name: loc.String(), Offsets: []Offset{{From: from, Seconds: offsetAt(loc, from.Unix())}}}
	const day = 24 * 60 * 60
	low, last := from.Unix(), until.Unix()
	for low < last {
		high := min(low+day, last)
		for offsetAt(loc, low) != offsetAt(loc, high) {
			low = change(loc, low, high)
			zone.Offsets = append(zone.Offsets, Offset{From: time.Unix(low, 0).UTC(), Seconds: offsetAt(loc, low)})
		}
		low = high
	}
	return zone
}

// change finds a second in (low, high] at which loc's offset leaves the one it has at low; the offsets at low and high differ.
func change(loc *time.Location, low, high int64) int64 {
	was := offsetAt(loc, low)
	for high-low > 1 {
		middle := low + (high-low)/2
		if offsetAt(loc, middle) == was {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

func offsetAt(loc *time.Location, second int64) int {
	_, seconds := time.Unix(second, 0).In(loc).Zone()
	return seconds
}

// at gives the offset that holds at t and the instant at which the next one begins; changes is false when none does.
// The next instant is after t even in a table that is not sorted: the walks over a zone end because of it.
func (z Zone) at(t time.Time) (offset time.Duration, next time.Time, changes bool) {
	after := sort.Search(len(z.Offsets), func(i int) bool { return z.Offsets[i].From.After(t) })
	if after < len(z.Offsets) {
		next, changes = z.Offsets[after].From, true
	}
	if len(z.Offsets) == 0 {
		return 0, next, changes
	}
	return seconds(z.Offsets[max(after-1, 0)].Seconds), next, changes
}

// instant is the first instant at which the zone's clock shows wall (given as if it were UTC) or later: the first pass
// where clocks are set back, the moment of the change where wall was skipped.
func (z Zone) instant(wall time.Time) time.Time {
	for i, o := range z.Offsets {
		t := wall.Add(-seconds(o.Seconds))
		if i > 0 && t.Before(o.From) {
			return plain(o.From)
		}
		if i == len(z.Offsets)-1 || t.Before(z.Offsets[i+1].From) {
			return t
		}
	}
	return wall
}

// wall is what the zone's clock shows at t, as if it were UTC.
func (z Zone) wall(t time.Time) time.Time {
	offset, _, _ := z.at(t)
	return plain(t).Add(offset)
}

func (z Zone) check(from time.Time) error {
	if len(z.Offsets) == 0 {
		return fmt.Errorf("zone %q has no offsets", z.Name)
	}
	if first := z.Offsets[0].From; first.After(from) {
		return fmt.Errorf("zone %q begins at %s, after the snapshot does", z.Name, first.Format(time.RFC3339))
	}
	for i, o := range z.Offsets {
		if o.Seconds < -widestOffset || o.Seconds > widestOffset {
			return fmt.Errorf("zone %q has an offset of %d seconds, more than a day", z.Name, o.Seconds)
		}
		if i > 0 && !z.Offsets[i-1].From.Before(o.From) {
			return fmt.Errorf("zone %q has offsets out of order at %s", z.Name, o.From.Format(time.RFC3339))
		}
	}
	return nil
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// plain drops location and monotonic reading, which would otherwise leak into comparisons and payloads.
func plain(t time.Time) time.Time { return t.Round(0).UTC() }
