package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.temporal.io/api/serviceerror"

	"gangway/internal/review"
)

// How the delivery loop paces itself.
const (
	loopEvery   = time.Second
	leaseFor    = 15 * time.Second
	loopTimeout = 5 * time.Second
	// loopAtOnce is to how many processes a pass delivers at the same time, so
	// that one that is stuck doesn't keep the others waiting.
	loopAtOnce = 8
)

// Run delivers what is queued and starts what is reserved, until ctx ends. Any
// number of desks may run it: a lease per process keeps the order.
func (d *Desk) Run(ctx context.Context) {
	tick := time.NewTicker(loopEvery)
	defer tick.Stop()
	defer func() { // a quiet end: nobody has to start these again
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), loopTimeout)
		defer cancel()
		d.noteStarts(last)
	}()
	for {
		d.deliverAll(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.wake:
		}
	}
}

// deliverAll makes one pass; what can't be done now is left for the next.
func (d *Desk) deliverAll(ctx context.Context) {
	d.startAll(ctx)
	processes, err := d.store.QueuedProcesses(ctx)
	if err != nil {
		d.log.Warn("listing queued answers", "error", err)
		return
	}
	var wg sync.WaitGroup
	room := make(chan struct{}, loopAtOnce)
	for _, p := range processes {
		room <- struct{}{}
		wg.Go(func() { defer func() { <-room }(); d.deliverTo(ctx, p) })
	}
	wg.Wait()
}

// startAll starts what is reserved. One that can't be started keeps the others
// waiting only while the engine itself is away.
func (d *Desk) startAll(ctx context.Context) {
	d.noteStarts(ctx)
	reserved, err := d.store.Unstarted(ctx)
	if err != nil {
		d.log.Warn("listing reserved cases", "error", err)
		return
	}
	for _, r := range reserved {
		if d.starts.has(r.Case) {
			continue
		}
		err = d.registerReserved(ctx, r)
		if err == nil {
			err = d.startReserved(ctx, r)
		}
		if err == nil {
			continue
		}
		d.log.Info("a reserved case can't be started yet", "case", r.Case, "error", err)
		if away(err) {
			return
		}
	}
}

// away reports that the engine could not be asked at all.
func away(err error) bool {
	var unavailable *serviceerror.Unavailable
	var late *serviceerror.DeadlineExceeded
	return errors.As(err, &unavailable) || errors.As(err, &late) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// deliverTo sends one process its queued rows in order of receipt.
func (d *Desk) deliverTo(ctx context.Context, process string) {
	name := "queue/" + process
	mine, err := d.store.Lease(ctx, name, d.holder, leaseFor)
	if err != nil || !mine {
		return
	}
	defer func() {
		_ = d.store.Release(context.WithoutCancel(ctx), name, d.holder) //nolint:errcheck // it runs out by itself
	}()
	for ctx.Err() == nil {
		q, more, err := d.store.NextQueued(ctx, process)
		if err != nil || !more {
			return
		}
		out, err := d.update(ctx, q, loopTimeout)
		if err != nil {
			d.log.Info("a queued answer can't be delivered yet", "answer", q.ID, "process", process, "error", err)
			return
		}
		err = d.store.Settle(ctx, q, out)
		if err != nil {
			d.log.Warn("settling a queued answer", "answer", q.ID, "error", err)
			return
		}
		mine, err = d.store.Lease(ctx, name, d.holder, leaseFor)
		if err != nil || !mine {
			return
		}
	}
}

// Pending lists what was received from a person and is being delivered.
func (d *Desk) Pending(ctx context.Context, who review.Address) ([]review.Queued, error) {
	p, err := d.client(ctx, who, "seeing what is being delivered")
	if err != nil {
		return nil, err
	}
	return d.store.QueuedOf(ctx, p.ID)
}
