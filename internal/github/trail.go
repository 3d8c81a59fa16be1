package github

import (
	"context"
	"sync"
	"time"

	"gangway/internal/entitlement"
)

// trail is the calls that were made for one grant, as evidence.
type trail struct {
	mu   sync.Mutex
	made []entitlement.Probe
	sent int // calls, also those that are one line too many
}

// trailKey is where a trail is in its context.
type trailKey struct{}

// mostProbes bounds a trail: a list of very many pages is one line too many for each.
const mostProbes = 200

// trailing is a context whose calls are written down.
func trailing(ctx context.Context) (context.Context, *trail) {
	t := &trail{}
	return context.WithValue(ctx, trailKey{}, t), t
}

// follow writes a call down where somebody asked for it.
func follow(ctx context.Context, k call, n *note, err error, at time.Time) {
	t, _ := ctx.Value(trailKey{}).(*trail)
	if t == nil {
		return
	}
	p := entitlement.Probe{Call: k.name, Status: n.status, Request: requestID(n.header), At: at.UTC()}
	if e, failed := faultOf(err); failed {
		p.Said = string(e.Fault)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent++
	if len(t.made) < mostProbes {
		t.made = append(t.made, p)
	}
}

func (t *trail) probes() []entitlement.Probe {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.made
}

// calls is how many were made.
func (t *trail) calls() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent
}
