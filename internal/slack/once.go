package slack

import (
	"context"
	"sync"
	"time"
)

// Slack delivers again for up to an hour what was not acknowledged (Events API;
// for envelopes it promises no end).
const (
	rememberedFor = time.Hour
	// mostTaken bounds what is remembered; beyond it a delivery is taken as if it
	// were new, and the desk knows its answer by its id.
	mostTaken = 20_000
	// mostHeld bounds the replies that are remembered, in bytes: lists that somebody
	// asks for all the time are some ten thousand each.
	mostHeld = 16 << 20
)

// once remembers what was taken, and what was replied, so that the same delivery
// gets the same reply, also while the first is still being taken.
type once struct {
	mu    sync.Mutex
	taken map[string]*taking
	swept time.Time
	held  int // bytes of the replies in taken, once for each key
}

// taking is one delivery.
type taking struct {
	at    time.Time
	done  chan struct{} // closed when reply is there
	reply Reply
	// kept: the reply stands. Otherwise nothing was recorded, and the next
	// delivery is taken anew.
	kept bool
}

// begin returns the delivery under any of the keys, and whether the caller is the
// first and has to finish it.
func (o *once) begin(now time.Time, keys ...string) (t *taking, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sweep(now)
	for _, k := range keys {
		if t := o.taken[k]; t != nil && now.Sub(t.at) < rememberedFor {
			return t, false
		}
	}
	t = &taking{at: now, done: make(chan struct{})}
	for _, k := range keys {
		o.taken[k] = t
	}
	return t, true
}

// finish says what was replied; what is not kept is forgotten.
func (o *once) finish(t *taking, reply Reply, kept bool, keys ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t.reply, t.kept = reply, kept
	close(t.done)
	for _, k := range keys {
		switch {
		case o.taken[k] != t: // forgotten meanwhile
		case kept:
			o.held += len(reply.Body)
		default:
			delete(o.taken, k)
		}
	}
	if o.held > mostHeld {
		o.forget()
	}
}

// wait is the reply to the same delivery, once the first is through; false: it
// was not recorded, or ctx ended before.
func (t *taking) wait(ctx context.Context) (Reply, bool) {
	select {
	case <-t.done:
		return t.reply, t.kept
	case <-ctx.Done():
		return Reply{}, false
	}
}

// sweep drops what is old, at most once a minute and whenever it is full; the
// caller holds the lock.
func (o *once) sweep(now time.Time) {
	if o.taken == nil {
		o.taken = map[string]*taking{}
	}
	if now.Sub(o.swept) < time.Minute && len(o.taken) < mostTaken {
		return
	}
	o.swept = now
	for k, t := range o.taken {
		if now.Sub(t.at) >= rememberedFor {
			delete(o.taken, k)
			o.held -= len(t.reply.Body) // of one that is not finished yet, nothing
		}
	}
	if len(o.taken) >= mostTaken {
		o.forget()
	}
}

// forget drops everything; the caller holds the lock.
func (o *once) forget() {
	clear(o.taken)
	o.held = 0
}
