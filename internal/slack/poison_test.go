package slack

import (
	"context"
	"errors"
	"testing"
	"time"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// poisoned is a record in which one request can't be read, or breaks whoever
// reads it.
type poisoned struct {
	*rows
	bad    string
	panics bool
	reads  int
}

func (p *poisoned) Request(ctx context.Context, id string) (review.Request, error) {
	if id != p.bad {
		return p.rows.Request(ctx, id)
	}
	p.reads++
	if p.panics {
		panic("what the record has of it is unheard of")
	}
	return review.Request{}, errors.New("what the record has of it can't be read")
}

// TestAPostingThatAlwaysFailsHoldsUpNobody: others are served before it and behind
// it, it is tried less and less, and its person hears by the other channel.
func TestAPostingThatAlwaysFailsHoldsUpNobody(t *testing.T) {
	t.Parallel()
	for name, panics := range map[string]bool{"an error": false, "a panic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTestWorld(t, "ana", "ben", "cleo")
			p := &poisoned{rows: w.rows, bad: "q2", panics: panics}
			w.o.Store, w.noisy = p, true
			w.restart()
			for request, who := range map[string]string{"q1": "ana", "q2": "ben", "q3": "cleo"} {
				w.request(request, who)
				w.show("n-"+request, playbook.WhyAsked, who, request)
			}
			w.settle(time.Minute)
			w.isTrue("q1", "ana")
			w.isTrue("q3", "cleo")
			if panics && p.reads != 1 {
				t.Errorf("what breaks was tried %d times", p.reads)
			}
			w.settle(3 * time.Hour)
			if p.reads > 20 {
				t.Errorf("it was tried %d times", p.reads)
			}
			if len(w.other.shown) != 1 || w.other.shown[0].Person != "ben" {
				t.Errorf("by the other channel: %+v", w.other.shown)
			}
			if got := w.posting(outbox.CardID("ben", "q2")); got.State != outbox.Unreached {
				t.Errorf("its posting is %+v", got)
			}
		})
	}
}
