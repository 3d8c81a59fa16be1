package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gangway/internal/outbox"
)

const (
	// leaseFor is for how long one process writes before others may. It is renewed
	// before it is leaseAgain old, and a look at a posting ends within what is left:
	// mostLook, and mostPost for what may not be cut short.
	leaseFor   = 20 * time.Second
	leaseAgain = 5 * time.Second
	leaseName  = "slack"
	// mostLooked bounds how many postings a turn looks through. Those that are not
	// among them have waited for less.
	mostLooked = 2000
	// mostInARow failures end a turn: Slack is away, and what is due can wait.
	mostInARow = 3
	idleFor    = 10 * time.Second
)

// errNotOurs: another process writes.
var errNotOurs = errors.New("another process writes to Slack")

// Run brings to Slack what is due until ctx ends. What goes wrong is logged by ids
// and tried again. One process of a deployment does so at a time.
func (a *App) Run(ctx context.Context) error {
	defer a.release(context.WithoutCancel(ctx))
	for ctx.Err() == nil {
		next, err := a.turn(ctx)
		if err != nil && ctx.Err() == nil {
			a.o.Log.Error("writing to Slack", "error", err)
		}
		timer := time.NewTimer(min(a.o.Every, max(next.Sub(a.now()), 10*time.Millisecond)))
		select {
		case <-ctx.Done():
		case <-a.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

func (a *App) release(ctx context.Context) {
	a.turns.Lock()
	defer a.turns.Unlock()
	if a.leased.IsZero() {
		return
	}
	a.leased = time.Time{}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.o.Store.Release(ctx, leaseName, a.holder); err != nil {
		a.o.Log.Warn("letting others write to Slack", "error", err)
	}
}

// lease takes or renews the right to write.
func (a *App) lease(ctx context.Context) error {
	now := a.now()
	if since := now.Sub(a.leased); !a.leased.IsZero() && since >= 0 && since < leaseAgain {
		return nil
	}
	mine, err := a.o.Store.Lease(ctx, leaseName, a.holder, leaseFor)
	switch {
	case err != nil:
		a.leased = time.Time{}
		return fmt.Errorf("taking the lease: %w", err)
	case !mine:
		a.leased = time.Time{}
		return errNotOurs
	}
	a.leased = now
	return nil
}

// turn looks at everything that is due, once, and says when to look again.
func (a *App) turn(ctx context.Context) (next time.Time, err error) {
	a.turns.Lock()
	defer a.turns.Unlock()
	now := a.now()
	if now.Before(a.idle) {
		return a.idle, nil
	}
	if err := a.lease(ctx); err != nil {
		if errors.Is(err, errNotOurs) {
			err = nil
		}
		return now.Add(a.o.Every), err
	}
	ends := errors.Join(a.tellEnds(ctx), a.tellNews(ctx))
	first, soon := a.attention(now)
	list, err := a.due(ctx, first)
	if err != nil {
		return now.Add(a.o.Every), err
	}
	next = soon
	errs := []error{ends}
	still := map[string]string{} // waited for, and not done yet
	defer func() { a.attend(still) }()
	for failures, i := 0, 0; i < len(list) && ctx.Err() == nil; i++ {
		if err := a.lease(ctx); err != nil {
			errs = append(errs, err)
			break
		}
		if a.attended() { // somebody else waits now: they come first
			next = a.now()
			break
		}
		p := list[i]
		at, err := a.look(ctx, p, first[p.ID])
		next = earlier(next, at)
		if answer, waits := first[p.ID]; waits && !at.IsZero() {
			still[p.ID] = answer
		}
		var call *CallError
		switch {
		case err == nil && at.IsZero():
			failures = 0
		case errors.As(err, &call) && call.Fault != Limited:
			failures++
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("showing %s: %w", p.ID, err))
		}
		if failures >= mostInARow {
			a.idle = a.now().Add(idleFor)
			break
		}
	}
	// Other processes put rows too, and only the earliest instant is kept in mind.
	return earlier(next, a.now().Add(a.o.Every)), errors.Join(errs...)
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// attention is what somebody waits for, and when something is due that is known
// by now; both are given away.
func (a *App) attention(now time.Time) (first map[string]string, soon time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first, a.first = a.first, map[string]string{}
	if a.soon.After(now) {
		return first, a.soon
	}
	a.soon = time.Time{}
	return first, time.Time{}
}

// attended reports whether somebody waits who is not known to this turn.
func (a *App) attended() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.first) > 0
}

// attend keeps in mind those who wait still.
func (a *App) attend(still map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, answer := range still {
		if _, known := a.first[id]; !known && len(a.first) < mostFirst {
			a.first[id] = answer
		}
	}
}

// due is what is to be looked at, in the order in which it is.
func (a *App) due(ctx context.Context, first map[string]string) ([]outbox.Posting, error) {
	list, err := a.o.Store.Postings(ctx, a.now(), mostLooked)
	if err != nil {
		return nil, fmt.Errorf("looking for what is due: %w", err)
	}
	if len(list) == mostLooked { // those who wait may stand behind
		for id := range first {
			p, err := a.o.Store.Posting(ctx, id)
			if err == nil && !slices.ContainsFunc(list, func(o outbox.Posting) bool { return o.ID == id }) {
				list = append(list, p)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y outbox.Posting) int {
		return cmp.Compare(rank(x, first), rank(y, first)) // within a rank the longest due stays first
	})
	return list, nil
}

// rank orders what is due: what somebody waits for, then what is new, then copies
// of what was seen, then what nobody waits for.
func rank(p outbox.Posting, first map[string]string) int {
	if _, waits := first[p.ID]; waits {
		return 0
	}
	switch {
	case p.Kind == outbox.Verdict:
		return 1
	case p.Kind == outbox.Home:
		return 6
	case p.Kind == outbox.Line:
		return 5
	case p.Kind == outbox.Board:
		return 4
	case p.State == outbox.Due:
		return 2
	}
	return 3
}
