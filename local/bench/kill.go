package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.temporal.io/api/enums/v1"
)

const (
	// sticky is the worker's own: how long an answer waits for a worker that was
	// killed before another takes over. Both sides have it here.
	sticky = 750 * time.Millisecond
	// mostAfterKill is within what the next answer has to be counted.
	mostAfterKill = 1500
	killWorkers   = 2
)

// crew are worker processes, one of which ends now and then.
type crew struct {
	g       *ground
	role    string
	members []*child
}

func (g *ground) hire(role string, n int) (*crew, error) {
	c := &crew{g: g, role: role}
	for range n {
		err := c.add()
		if err != nil {
			c.end()
			return nil, err
		}
	}
	return c, nil
}

func (c *crew) add() error {
	k, _, err := spawn(calling{Role: c.role, Place: c.g.place, Sticky: sticky}, c.g.bells)
	if err != nil {
		return fmt.Errorf("starting a worker's process: %w", err)
	}
	c.members = append(c.members, k)
	return nil
}

func (c *crew) end() {
	for _, k := range c.members {
		k.end()
	}
	c.members = nil
}

// side is one of the two that are set side by side.
type side struct {
	role string
	id   func(i int) string
	open func(ctx context.Context, i int) error
	say  func(ctx context.Context, i, seat int) error
}

func (g *ground) sides(what string) (bare, own side) {
	name := func(i int) string { return fmt.Sprintf("%s-%d", what, i) }
	bare = side{role: roleBare, id: func(i int) string { return "bare-" + name(i) }}
	bare.open = func(ctx context.Context, i int) error {
		asked := g.bells.wait(bare.id(i), like().First)
		_, err := bareStart(ctx, g.bare, bare.id(i), like())
		if err != nil {
			return err
		}
		return until(ctx, asked)
	}
	bare.say = func(ctx context.Context, i, seat int) error { return bareSay(ctx, g.bare, bare.id(i), seat) }
	own = side{role: roleGangway, id: func(i int) string { return caseOf(name(i)) }}
	own.open = func(ctx context.Context, i int) error {
		asked := g.bells.wait(own.id(i), seats)
		_, err := g.house.open(ctx, name(i))
		if err != nil {
			return err
		}
		return until(ctx, asked)
	}
	own.say = func(ctx context.Context, i, seat int) error { return g.house.say(ctx, own.id(i), seat) }
	return bare, own
}

// ending is a way in which a worker ends: by which signal, and whether the answer
// comes at that instant or once the process is gone. At the instant, the engine
// may still hand its task to a process that is being torn down, and waits ten
// seconds for it, as long as its task may take.
type ending struct {
	what string
	by   syscall.Signal
	gone bool
	most float64 // ms
	few  bool    // each takes long: a third of them
}

func (e ending) times(n int) int {
	if e.few {
		return (n + 2) / 3
	}
	return n
}

func endings() []ending {
	return []ending{
		{"SIGKILL", syscall.SIGKILL, true, mostAfterKill, false},
		{"a graceful stop begins", syscall.SIGTERM, false, mostAfterKill, false},
		{"SIGKILL, at the instant", syscall.SIGKILL, false, 0, true},
	}
}

// measureKill ends one of two workers, that which has a case in its cache, and
// answers that case.
func measureKill(ctx context.Context, g *ground, t *table) error {
	bare, own := g.sides("kill")
	took := make([][2][]time.Duration, len(endings()))
	for i, s := range []side{bare, own} {
		c, err := g.hire(s.role, killWorkers)
		if err != nil {
			return err
		}
		for k, e := range endings() {
			took[k][i], err = c.loses(ctx, s, k*g.kills, e.times(g.kills), e)
			if err != nil {
				c.end()
				return err
			}
		}
		c.end()
	}
	for k, e := range endings() {
		t.add(line{what: "answer after " + e.what + ", p50", bare: ms(took[k][0], 50), own: ms(took[k][1], 50), unit: "ms"})
		t.add(line{what: fmt.Sprintf("  the slowest of %d", len(took[k][1])), bare: ms(took[k][0], 100), own: ms(took[k][1], 100), unit: "ms", ceiling: e.most})
		t.note("gangway's, ms: %s", list(took[k][1]))
	}
	t.note("both sides wait %d ms for a worker that is gone; %d of gangway's answers were queued first, which is in their time",
		sticky.Milliseconds(), g.house.pending.Load()+g.house.busy.Load())
	return nil
}

func list(all []time.Duration) string {
	text := make([]string, len(all))
	for i, d := range all {
		text[i] = fmt.Sprint(d.Milliseconds())
	}
	return strings.Join(text, " ")
}

// loses ends a worker n times, and returns how long the next answer took each
// time.
func (c *crew) loses(ctx context.Context, s side, from, n int, e ending) ([]time.Duration, error) {
	var took []time.Duration
	for i := from; i < from+n; i++ {
		err := s.open(ctx, i)
		if err == nil {
			err = s.say(ctx, i, 0) // so that some worker has it
		}
		if err != nil {
			return nil, err
		}
		pause(ctx)
		pid, err := c.g.cachedBy(ctx, s.id(i))
		if err != nil {
			return nil, err
		}
		victim := slices.IndexFunc(c.members, func(k *child) bool { return k.pid() == pid })
		if victim < 0 {
			return nil, fmt.Errorf("%s is worked on by %s, which is none of ours", s.id(i), pid)
		}
		k := c.members[victim]
		c.members = slices.Delete(c.members, victim, victim+1)
		k.signal(e.by)
		if e.gone {
			<-k.ended
		}
		begun := time.Now()
		err = s.say(ctx, i, 1)
		took = append(took, time.Since(begun))
		k.end()
		if err == nil {
			err = c.add()
		}
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// cachedBy is the process id of the worker that has a process in its cache: the
// one that did its last step.
func (g *ground) cachedBy(ctx context.Context, id string) (pid string, err error) {
	it := g.bare.GetWorkflowHistory(ctx, id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for it.HasNext() {
		e, err := it.Next()
		if err != nil {
			return "", fmt.Errorf("reading who works on a process: %w", err)
		}
		if done := e.GetWorkflowTaskCompletedEventAttributes(); done != nil {
			pid, _, _ = strings.Cut(done.GetIdentity(), "@")
		}
	}
	if pid == "" {
		return "", errors.New("nobody has worked on a process")
	}
	return pid, nil
}
