package github

import "time"

// Content-creating calls: GitHub takes 80 a minute and 500 an hour of a user or an
// installation, and asks for a second between any two that change something (its
// pages "Rate limits" and "Best practices for using the REST API"). Several workers
// share that, and so does whatever else uses the same app: we stay at half.
const (
	mostMinute = 40
	mostHour   = 250
	between    = time.Second
)

// shortPause is how long a call waits by itself; for more the caller is told when to
// come again.
const shortPause = 3 * time.Second

// pace says when a call that changes something may be made.
type pace struct {
	made []time.Time // of the last hour, the oldest first
}

// free is how long to wait until the next; it counts nothing.
func (p *pace) free(now time.Time) time.Duration {
	for len(p.made) > 0 && !p.made[0].After(now.Add(-time.Hour)) {
		p.made = p.made[1:]
	}
	var wait time.Duration
	need := func(n int, span time.Duration) {
		if len(p.made) >= n {
			wait = max(wait, p.made[len(p.made)-n].Add(span).Sub(now))
		}
	}
	need(1, between)
	need(mostMinute, time.Minute)
	need(mostHour, time.Hour)
	return wait
}

// take counts one.
func (p *pace) take(now time.Time) { p.made = append(p.made, now) }
