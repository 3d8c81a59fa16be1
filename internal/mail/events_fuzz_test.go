package mail

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/outbox"
)

// FuzzEvents: whatever is signed, only our own mails are named, and only classes
// of faults are kept.
func FuzzEvents(f *testing.F) {
	f.Add([]byte(`[{"email":"helen@example.org","timestamp":1513299569,"smtp-id":"<gw.x@example.org>","event":"bounce","type":"blocked","status":"5.1.1","sg_event_id":"e1","gangway_message":"gw.y@example.org"}]`))
	f.Add([]byte(`[{"event":7,"sg_event_id":{},"gangway_message":["gw.y@example.org"]}, {}, null]`))
	f.Add([]byte(`[[[[`))
	f.Add([]byte(`{"event":"bounce"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := readEvents(body)
		if err != nil {
			return
		}
		for _, e := range events {
			if m := e.Message; m != "" && (!strings.HasPrefix(m, "gw.") || len(m) > 200 || strings.ContainsAny(m, " \r\n<>")) {
				t.Errorf("%q is taken for a mail of ours", m)
			}
			s, says := e.settled(time.Unix(0, 0))
			if says && s.State != outbox.Sent && s.State != outbox.Bounced || strings.Contains(s.Fault, "@") || len(s.Fault) > 20 {
				t.Errorf("%+v", s)
			}
		}
	})
}
