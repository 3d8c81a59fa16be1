package githubtest

import (
	"net/http"
	"time"
)

// window is the hour within which calls are counted: it begins with its first call, and
// the next one begins when it is over.
type window struct {
	from  time.Time
	spent int
}

// take counts a call, or says when there is room again.
func (w *window) take(now time.Time, most int) (time.Time, bool) {
	if w.from.IsZero() || !now.Before(w.from.Add(time.Hour)) {
		*w = window{from: now}
	}
	if w.spent >= most {
		return w.from.Add(time.Hour), true
	}
	w.spent++
	return time.Time{}, false
}

// stands is how many calls are left, and when the next window begins.
func (w *window) stands(now time.Time, most int) (int, time.Time) {
	if w.from.IsZero() || !now.Before(w.from.Add(time.Hour)) {
		return most, now.Add(time.Hour)
	}
	return most - w.spent, w.from.Add(time.Hour)
}

// limit counts a call against the limits; the caller holds the lock.
func (s *Server) limit(t route, many bool) (reply, bool) {
	if many {
		s.exceeded["at once"]++
		return secondary(false, time.Minute), true
	}
	if at, over := s.hour.take(s.now(), s.o.PerHour); over {
		s.exceeded["calls an hour"]++
		return primary(false, at), true
	}
	points := 1
	if t.method != http.MethodGet {
		points = 5
	}
	over := []struct {
		what   string
		n      int
		most   int
		span   time.Duration
		counts bool
	}{
		{"points a minute", points, s.o.PointsMinute, time.Minute, t.pattern != signInPattern},
		{"content a minute", 1, s.o.ContentMinute, time.Minute, t.creates},
		{"content an hour", 1, s.o.ContentHour, time.Hour, t.creates},
	}
	for _, l := range over {
		if !l.counts {
			continue
		}
		if at, over := s.spendSome(l.what, l.n, l.most, l.span); over {
			s.exceeded[l.what]++
			return secondary(false, max(time.Second, at.Sub(s.now()).Round(time.Second))), true
		}
	}
	return reply{}, false
}

// spend takes one of what there is within a span, or says when there is one again.
func (s *Server) spend(what string, most int, span time.Duration) (time.Time, bool) {
	return s.spendSome(what, 1, most, span)
}

// spendSome takes several at once.
func (s *Server) spendSome(what string, n, most int, span time.Duration) (time.Time, bool) {
	now := s.now()
	spent := s.spent[what]
	for len(spent) > 0 && !spent[0].After(now.Add(-span)) {
		spent = spent[1:]
	}
	s.spent[what] = spent
	if len(spent)+n > most && len(spent) > 0 {
		return spent[min(len(spent)-1, len(spent)+n-most-1)].Add(span), true
	}
	for range n {
		s.spent[what] = append(s.spent[what], now)
	}
	return time.Time{}, false
}
