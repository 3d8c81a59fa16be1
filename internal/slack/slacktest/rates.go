package slacktest

import "time"

const (
	// burst is how many messages a channel takes at once; documented as "short
	// bursts".
	burst = 3
)

// bucket holds what may still be called.
type bucket struct {
	left float64
	at   time.Time
}

// take takes one of a bucket that holds most and fills up with perMinute, or says
// how long to wait.
func (b *bucket) take(now time.Time, most, perMinute int) time.Duration {
	if b.at.IsZero() {
		b.left = float64(most)
	} else {
		b.left = min(float64(most), b.left+now.Sub(b.at).Minutes()*float64(perMinute))
	}
	b.at = now
	if b.left < 1 {
		return max(time.Second, time.Duration((1-b.left)/float64(perMinute)*float64(time.Minute)))
	}
	b.left--
	return 0
}

// hurry counts a call and says how long its caller must wait; the caller holds
// the lock.
func (s *Server) hurry(name string, perMinute int, channel string) time.Duration {
	if name == "chat.postMessage" && channel != "" {
		if wait := s.bucket(name+" "+channel).take(s.now(), burst, 60); wait > 0 {
			return wait
		}
	}
	return s.bucket(name).take(s.now(), perMinute, perMinute)
}

func (s *Server) bucket(name string) *bucket {
	b := s.buckets[name]
	if b == nil {
		b = &bucket{}
		s.buckets[name] = b
	}
	return b
}
