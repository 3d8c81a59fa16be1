package desk

import (
	"net/netip"
	"sync"
	"time"

	"gangway/internal/access"
)

// maxKept bounds how many keys a limiter remembers.
const maxKept = 4096

// limiter counts in memory what strangers do, by a key of theirs. It forgets the
// key unused longest when it is full, so it slows strangers down and protects
// nobody alone: what must hold is counted in the archive as well.
type limiter struct {
	limits []access.Limit
	keep   time.Duration

	mu   sync.Mutex
	came map[string][]time.Time
}

func newLimiter(limits ...access.Limit) *limiter {
	l := &limiter{limits: limits, came: map[string][]time.Time{}}
	for _, x := range limits {
		l.keep = max(l.keep, x.In)
	}
	return l
}

// take counts one more under the key, or says how long until there is room. What
// is refused isn't counted: waiting helps.
func (l *limiter) take(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	var still []time.Time
	for _, t := range l.came[key] {
		if now.Sub(t) < l.keep {
			still = append(still, t)
		}
	}
	wait := access.Wait(l.limits, still, now)
	if wait == 0 {
		still = append(still, now)
	}
	if _, known := l.came[key]; !known && len(l.came) >= maxKept {
		l.forget(now)
	}
	l.came[key] = still
	return wait
}

// forget makes room: everything that no limit looks at any more, or else the key
// unused longest.
func (l *limiter) forget(now time.Time) {
	oldest, since := "", now
	for key, came := range l.came {
		last := came[len(came)-1]
		if now.Sub(last) >= l.keep {
			delete(l.came, key)
		} else if oldest == "" || last.Before(since) {
			oldest, since = key, last
		}
	}
	if len(l.came) >= maxKept {
		delete(l.came, oldest)
	}
}

// network is the part of a connection's address that is one subscriber's: a /64
// of IPv6, an address of IPv4. Anything else is one and the same stranger.
func network(from string) string {
	addr, err := netip.ParseAddr(from)
	if ap, also := netip.ParseAddrPort(from); err != nil && also == nil {
		addr, err = ap.Addr(), nil
	}
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return ""
	}
	return p.String()
}

// limitedError refuses whoever asks too often.
type limitedError struct {
	after time.Duration
	hint  string // empty: about mails
}

// Error says so.
func (limitedError) Error() string { return "this was asked for too often" }

// Limited marks the error for channels that know only the small interface.
func (limitedError) Limited() bool { return true }

// RetryAfter is when to come back.
func (e limitedError) RetryAfter() time.Duration { return e.after }

// Hint says what to do.
func (e limitedError) Hint() string {
	if e.hint != "" {
		return e.hint
	}
	return "look for the mail that was sent already, also among the unwanted ones; then try again later"
}
