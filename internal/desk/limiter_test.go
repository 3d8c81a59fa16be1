package desk

import (
	"fmt"
	"testing"
	"time"

	"gangway/internal/access"
)

func TestLimiterForgetsTheOldest(t *testing.T) {
	t.Parallel()
	l := newLimiter(access.Limit{Most: 1, In: time.Hour})
	now := monday()
	for i := range 2 * maxKept {
		now = now.Add(time.Millisecond)
		if wait := l.take(fmt.Sprint(i), now); wait != 0 {
			t.Fatalf("%d waits %s", i, wait)
		}
		if len(l.came) > maxKept {
			t.Fatalf("it keeps %d", len(l.came))
		}
	}
	same(t, "the newest waits", true, l.take(fmt.Sprint(2*maxKept-1), now) > 0)
	same(t, "the oldest is forgotten", time.Duration(0), l.take("0", now))
	now = now.Add(2 * time.Hour)
	l.take("fresh", now)
	same(t, "what no limit looks at goes at once", 1, len(l.came))
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "192.0.2.7:443": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "[2001:db8::1]:443": "2001:db8::/64", "2001:db8::ffff": "2001:db8::/64",
		"fe80::1%eth0": "fe80::/64", "": "", "@": "", "example.com:80": "",
	} {
		same(t, from, want, network(from))
	}
}
