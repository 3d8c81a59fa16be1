package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gangway/internal/outbox"
)

const (
	// stuck is after how long a mail that is being sent counts as left behind by a
	// worker that was killed: far longer than send may take.
	stuck = 15 * time.Minute
	// mostSending bounds one mail, from MAIL to the last reply.
	mostSending = 5 * time.Minute
	// keepLinks is how long letters with one-time links are kept for an operator's
	// questions. The links in them live half an hour.
	keepLinks  = 7 * 24 * time.Hour
	purgeEvery = time.Hour
)

// owed is an outcome that the store would not take yet.
type owed struct {
	message string
	settled outbox.Settled
}

// Run sends what is due until ctx ends; a mail that is being handed over then is
// finished first. What goes wrong is logged by ids and tried again.
func (p *Post) Run(ctx context.Context) error {
	defer p.hangUp()
	for {
		pause := p.o.Every // also after an error: what can't be sent stays due
		if _, err := p.Deliver(ctx); err == nil {
			pause = p.pause(ctx)
		} else if ctx.Err() == nil {
			p.o.Log.Error("sending mail", "error", err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-p.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// pause is how long there is nothing to do, as far as is known: other processes
// put letters too.
func (p *Post) pause(ctx context.Context) time.Duration {
	next, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByNext})
	if err != nil || len(next) == 0 {
		return p.o.Every
	}
	// Not below a fraction of a second: a letter that another worker is at may be due.
	return min(p.o.Every, max(next[0].Next.Sub(p.now()), 100*time.Millisecond))
}

func (p *Post) hangUp() {
	p.round.Lock()
	defer p.round.Unlock()
	p.carrier.rest()
}

// Deliver sends everything that is due now and returns how
// many mails the server took. One that can't be sent holds up no other.
func (p *Post) Deliver(ctx context.Context) (int, error) {
	p.round.Lock()
	defer p.round.Unlock()
	errs := []error{p.tidy(ctx)}
	r := round{Post: p, seen: map[string]bool{}}
	for ctx.Err() == nil {
		due, err := p.o.Store.Letters(ctx, outbox.Which{By: outbox.ByDue, Now: p.now()})
		if err != nil {
			errs = append(errs, fmt.Errorf("looking for what is due: %w", err))
			break
		}
		fresh := false
		for _, l := range due {
			if r.seen[l.ID] || ctx.Err() != nil {
				continue
			}
			fresh, r.seen[l.ID] = true, true
			if err := r.deliver(ctx, l); err != nil {
				errs = append(errs, fmt.Errorf("sending letter %s: %w", l.ID, err))
			}
		}
		if !fresh {
			break
		}
	}
	if r.sent > 0 {
		p.carrier.rest()
	}
	return r.sent, errors.Join(append(errs, p.tell(context.WithoutCancel(ctx)))...)
}

// tidy does what comes before sending: outcomes that are owed, mails of workers
// that were killed, cases that ended, old links.
func (p *Post) tidy(ctx context.Context) error {
	now := p.now()
	still := p.owed[:0]
	for _, o := range p.owed {
		if _, err := p.o.Store.SettleLetters(ctx, o.message, o.settled); err != nil {
			still = append(still, o)
		}
	}
	p.owed = still
	n, err := p.o.Store.GiveUpLetters(ctx, now.Add(-stuck), now)
	errs := []error{err}
	if n > 0 {
		p.o.Log.Warn("mails of which nothing is known: their sender ended before the server's reply", "letters", n)
	}
	ended, err := p.o.Store.EndedCases(ctx)
	errs = append(errs, err)
	for _, id := range ended {
		errs = append(errs, p.tellEnd(ctx, id, false))
	}
	if now.Sub(p.purged) >= purgeEvery {
		p.purged = now
		errs = append(errs, p.o.Store.PurgeLetters(ctx, now.Add(-keepLinks)))
	}
	return errors.Join(errs...)
}

func (p *Post) tellEnd(ctx context.Context, id string, surely bool) error {
	v, err := p.o.Store.CaseHead(ctx, id)
	if err != nil {
		return fmt.Errorf("reading a case that ended: %w", err)
	}
	return p.tellRequester(ctx, &v, surely, outbox.Letter{ID: "outcome/" + id + "/ended", Why: outbox.WhyEnded, At: v.Closed})
}

// round is one pass over what is due.
type round struct {
	*Post
	seen map[string]bool
	// down is why nothing can be sent; nil: it wasn't tried, or can.
	down error
	sent int
}

// deliver sends the mail that a due letter leaves in.
func (r *round) deliver(ctx context.Context, due outbox.Letter) error {
	bundle, err := r.bundle(ctx, due)
	if err != nil || len(bundle) == 0 {
		return err
	}
	who, reachable, err := r.recipient(ctx, due.Person)
	if err != nil {
		return err
	}
	now := r.now()
	ids := idsOf(bundle)
	switch {
	case who.Left:
		return r.o.Store.SettleWaiting(ctx, ids, outbox.Settled{State: outbox.Dropped, Fault: "left", At: now})
	case !reachable:
		return r.o.Store.SettleWaiting(ctx, ids, outbox.Settled{State: outbox.Refused, Fault: "no address", At: now})
	}
	m := outbox.Mail{Letters: ids, Message: bundle[0].Message, At: now}
	if bundle[0].Lane() == outbox.LaneDigest && m.Message == "" && !bundle[0].Rehearsal && bundle[0].Again == "" {
		day, next, err := r.digest(ctx, who, now)
		if err != nil {
			return err
		}
		if next.After(now) {
			return r.o.Store.SettleWaiting(ctx, ids, outbox.Settled{State: outbox.Waiting, Next: next, At: now})
		}
		m.Person, m.Day = who.ID, day
	}
	c, err := r.compose(ctx, who, bundle, now)
	if err != nil {
		return errors.Join(err, r.unready(ctx, bundle, "record", now))
	}
	if c.empty() {
		return r.o.Store.SettleWaiting(ctx, ids, outbox.Settled{State: outbox.Dropped, At: now})
	}
	return r.hand(ctx, m, bundle, &c)
}

// bundle is the letters of the mail that a due one leaves in, as they stand; none
// where it waits no longer.
func (r *round) bundle(ctx context.Context, due outbox.Letter) ([]outbox.Letter, error) {
	waiting, err := r.o.Store.Letters(ctx, outbox.Which{By: outbox.ByWaiting, Of: due.Person})
	if err != nil {
		return nil, fmt.Errorf("looking for what leaves with it: %w", err)
	}
	now := r.now()
	for _, l := range waiting {
		if l.ID == due.ID {
			due = l
			break
		}
	}
	var late, rest []outbox.Letter
	for _, l := range waiting {
		if !l.Until.IsZero() && !now.Before(l.Until) {
			late = append(late, l)
			continue
		}
		rest = append(rest, l)
	}
	if len(late) > 0 {
		if err := r.o.Store.SettleWaiting(ctx, idsOf(late), outbox.Settled{State: outbox.Dropped, Fault: "too late", At: now}); err != nil {
			return nil, fmt.Errorf("ending letters that are worth nothing any more: %w", err)
		}
	}
	for _, l := range rest {
		if l.ID == due.ID {
			bundle := outbox.Bundle(l, rest)
			for _, b := range bundle {
				r.seen[b.ID] = true
			}
			return bundle, nil
		}
	}
	if len(waiting) >= outbox.MostLetters { // it stands behind too many others to be among them
		return []outbox.Letter{due}, nil
	}
	return nil, nil
}

// unready counts a try of letters whose mail could not even begin.
func (r *round) unready(ctx context.Context, bundle []outbox.Letter, fault string, now time.Time) error {
	s := outbox.Try{Phase: outbox.Reaching, Tries: triesOf(bundle) + 1, First: firstOf(bundle), Now: now}.Settle()
	s.Fault = fault
	return r.o.Store.SettleWaiting(ctx, idsOf(bundle), s)
}

func idsOf(letters []outbox.Letter) []string {
	ids := make([]string, 0, len(letters))
	for _, l := range letters {
		ids = append(ids, l.ID)
	}
	return ids
}

func triesOf(bundle []outbox.Letter) int {
	most := 0
	for _, l := range bundle {
		most = max(most, l.Tries)
	}
	return most
}

func firstOf(bundle []outbox.Letter) time.Time {
	var first time.Time
	for _, l := range bundle {
		if !l.First.IsZero() && (first.IsZero() || l.First.Before(first)) {
			first = l.First
		}
	}
	return first
}
