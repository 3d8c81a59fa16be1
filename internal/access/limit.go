package access

import (
	"slices"
	"time"
)

// Limit bounds how often something may happen.
type Limit struct {
	Most int
	In   time.Duration
}

// LinkLimits are how many sign-in mails one person, or one address that is
// nobody's, gets.
func LinkLimits() []Limit { return []Limit{{3, 15 * time.Minute}, {10, 24 * time.Hour}} }

// Wait is how long after now the next one may come, given when the earlier ones
// came; zero: at once.
func Wait(limits []Limit, earlier []time.Time, now time.Time) time.Duration {
	var longest time.Duration
	for _, l := range limits {
		var within []time.Time
		for _, t := range earlier {
			if now.Sub(t) < l.In {
				within = append(within, t)
			}
		}
		if len(within) < l.Most {
			continue
		}
		slices.SortFunc(within, time.Time.Compare)
		// the one that has to leave the window before there is room again
		longest = max(longest, l.In-now.Sub(within[len(within)-l.Most]))
	}
	return longest
}
