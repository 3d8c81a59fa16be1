package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/outbox"
)

// replyLimits bound how often somebody is answered automatically: two programs
// that answer each other stop there.
func replyLimits() []access.Limit { return []access.Limit{{Most: 5, In: time.Hour}} }

// ReplyToArrival keeps the one letter that answers a mail: why it did not count
// and where it would, or what was received. It goes to whom we know, never to the
// sender that the mail claims. The letter names the person, the case, the
// requests, the arrival (Of) and Why; the rest is filled in here. kept is false
// where the person can't be reached, was answered too often within the hour, or the
// mail was automatic.
func (p *Post) ReplyToArrival(ctx context.Context, l outbox.Letter) (kept bool, err error) {
	if l.Of == "" || l.Person == "" || l.Why == "" {
		return false, errors.New("answering a mail: the letter names no arrival, no person or no reason")
	}
	if l.Why == string(arrivals.IsAutomatic) { // two programs would talk to each other
		return false, nil
	}
	who, reachable, err := p.recipient(ctx, l.Person)
	if err != nil || !reachable {
		return false, err
	}
	l.ID, l.Kind, l.Made = outbox.ReplyID(l.Of), outbox.Reply, p.now()
	if l.Case != "" {
		v, err := p.o.Store.CaseHead(ctx, l.Case)
		if err != nil {
			return false, fmt.Errorf("reading the case of a mail that is answered: %w", err)
		}
		l.Rehearsal, l.Outside = v.Rehearsal, isOutside(who, &v)
	}
	earlier, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByPerson, Of: l.Person})
	if err != nil {
		return false, fmt.Errorf("looking for earlier answers to somebody: %w", err)
	}
	var times []time.Time
	for _, e := range earlier {
		if e.ID == l.ID {
			return true, nil
		}
		if e.Kind == outbox.Reply && (e.Why == outbox.WhyReceived) == (l.Why == outbox.WhyReceived) { // who answers much still hears what did not count
			times = append(times, e.Made)
		}
	}
	if access.Wait(replyLimits(), times, l.Made) > 0 {
		return false, nil
	}
	return true, p.PutLetter(ctx, l)
}
