package github

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

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

// The hour's limit of all calls is what GitHub says in each answer. A minute has 900
// points of REST calls: one for reading, five for changing something (its page "Rate
// limits for the REST API"). An inventory, which is thousands of calls, takes half.
const (
	pointsMinute = 450
	pointsRead   = 1
	pointsChange = 5
)

// pace says when a call that changes something may be made.
type pace struct {
	made []time.Time // what created something in the last hour, the oldest first
	last time.Time   // of any that changed something
}

// free is how long to wait until the next; it counts nothing.
func (p *pace) free(now time.Time, k call) time.Duration {
	for len(p.made) > 0 && !p.made[0].After(now.Add(-time.Hour)) {
		p.made = p.made[1:]
	}
	var wait time.Duration
	if !p.last.IsZero() {
		wait = max(wait, p.last.Add(between).Sub(now))
	}
	if k.removes() {
		return wait
	}
	need := func(n int, span time.Duration) {
		if len(p.made) >= n {
			wait = max(wait, p.made[len(p.made)-n].Add(span).Sub(now))
		}
	}
	need(mostMinute, time.Minute)
	need(mostHour, time.Hour)
	return wait
}

// take counts one.
func (p *pace) take(now time.Time, k call) {
	p.last = now
	if !k.removes() {
		p.made = append(p.made, now)
	}
}

// gentleKey marks a context whose calls leave half of the limits to others.
type gentleKey struct{}

// gently is a context for very many calls.
func gently(ctx context.Context) context.Context { return context.WithValue(ctx, gentleKey{}, true) }

func isGentle(ctx context.Context) bool { return ctx.Value(gentleKey{}) != nil }

// quota is the hour's, as GitHub last said it, and when the next gentle call may be made.
type quota struct {
	most, left int
	reset      time.Time
	next       time.Time
}

// free is how long a gentle call waits: shortly for its share of the minute, or for the
// next hour where half of this one's calls are made, whoever made them.
func (q *quota) free(now time.Time) (short, long time.Duration) {
	if q.most > 0 && 2*q.left <= q.most && now.Before(q.reset) {
		long = q.reset.Sub(now) + time.Second // the reset is told in whole seconds
	}
	return q.next.Sub(now), min(long, mostLimited)
}

// take counts a gentle call.
func (q *quota) take(now time.Time, k call) {
	points := pointsRead
	if k.changes() {
		points = pointsChange
	}
	if q.next.Before(now) {
		q.next = now
	}
	q.next = q.next.Add(time.Duration(points) * time.Minute / pointsMinute)
}

// learn reads what an answer says of the hour's limit.
func (q *quota) learn(h http.Header) {
	most, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset, err3 := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || err2 != nil || err3 != nil || most <= 0 || reset <= 0 || reset > 1<<40 {
		return // an Enterprise Server without limits says nothing
	}
	q.most, q.left, q.reset = most, left, time.Unix(reset, 0)
}
