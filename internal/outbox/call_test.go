package outbox

import (
	"testing"
	"time"
)

// Only 202 is sent; what may have been taken is unknown; what is wrong with the
// mail is final; all else is tried again, no sooner than the service says.
func TestCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		call  Call
		want  State
		fault string
		next  time.Duration
		down  bool
	}{
		{Call{Heard: true, Status: 202}, Sent, "", 0, false},
		{Call{Heard: true, Status: 200}, Unknown, "service 200", 0, true}, // a sandbox
		{Call{Heard: true}, Unknown, "service", 0, true},
		{Call{Heard: true, Status: 502}, Unknown, "service 502", 0, true},
		{Call{Heard: true, Status: 504}, Unknown, "service 504", 0, true},
		{Call{}, Waiting, "connection", time.Minute, true},
		{Call{Heard: true, Status: 500}, Waiting, "service 500", time.Minute, true},
		{Call{Heard: true, Status: 503, Wait: 7 * time.Minute}, Waiting, "service 503", 7 * time.Minute, true},
		{Call{Heard: true, Status: 429, Wait: 20 * time.Second}, Waiting, "service 429", time.Minute, true},
		{Call{Heard: true, Status: 429, Wait: 9 * time.Hour}, Waiting, "service 429", time.Hour, true},
		{Call{Heard: true, Status: 401}, Waiting, "service 401", time.Minute, true},
		{Call{Heard: true, Status: 403}, Waiting, "service 403", time.Minute, true},
		{Call{Heard: true, Status: 301}, Waiting, "service 301", time.Minute, true},
		{Call{Heard: true, Status: 400}, Refused, "service 400", 0, false},
		{Call{Heard: true, Status: 413}, Refused, "service 413", 0, false},
		{Call{Heard: true, Status: 400, Wait: time.Minute}, Refused, "service 400", 0, false},
		{Call{Heard: true, Status: 500, First: monday().Add(-Patience)}, Refused, "service 500", 0, true},
	} {
		c.call.Tries, c.call.Now = 1, monday()
		got := c.call.Settle()
		if got.State != c.want || got.Fault != c.fault || !got.At.Equal(monday()) || c.next > 0 && got.Next.Sub(monday()) != c.next || c.call.Down() != c.down {
			t.Errorf("%+v: %+v, down %t", c.call, got, c.call.Down())
		}
	}
}
