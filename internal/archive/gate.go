package archive

import (
	"context"
	"slices"
	"sync"
)

// urgency orders those who wait for the write connection.
type urgency int

const (
	// first is for what somebody waits for: texts, queue, leases.
	first urgency = iota
	// soon is first for what need not wait for the disk: everybody sees it at once,
	// and what a power cut takes of it is found out again, or done again without
	// harm.
	soon
	// later is for everything else.
	later
)

// patience is how many urgent writes may pass a waiting one, so that a rush of
// answers delays the journal and never stops it.
const patience = 16

// gate hands the write connection to one at a time: the urgent before the
// others, each in the order in which they came. The zero gate is free.
type gate struct {
	mu     sync.Mutex
	busy   bool
	passed int // urgent ones let through in a row while others waited
	urgent []chan struct{}
	others []chan struct{}
}

// enter waits for the turn; leave or handOn must follow a nil error. Whoever is
// given the turn at the moment of giving up has it: what goes with it may not be
// lost.
func (g *gate) enter(ctx context.Context, u urgency) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if !g.busy {
		g.busy = true
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	line := g.line(u)
	*line = append(*line, turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	i := slices.Index(*line, turn)
	if i >= 0 {
		*line = slices.Delete(*line, i, i+1)
	}
	g.mu.Unlock()
	if i < 0 {
		return nil
	}
	return ctx.Err()
}

func (g *gate) line(u urgency) *[]chan struct{} {
	if u == later {
		return &g.others
	}
	return &g.urgent
}

// leave gives the connection to the next one, if there is one.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy = g.next()
}

// handOn is leave for who has something to pass on: without anybody to take it,
// it reports so and the turn goes on.
func (g *gate) handOn() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.next()
}

// next lets the next one in; g.mu is held.
func (g *gate) next() bool {
	line := &g.urgent
	if len(g.urgent) == 0 || len(g.others) > 0 && g.passed >= patience {
		line, g.passed = &g.others, 0
	} else {
		g.passed++
	}
	if len(*line) == 0 {
		return false
	}
	close((*line)[0])
	*line = slices.Delete(*line, 0, 1)
	return true
}
