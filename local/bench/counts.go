package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"
)

// The limits of the exact numbers. The bare ones are those of the page that the
// product was agreed on; measured ones may not be read more generously.
const (
	most       = 2.2
	mostCalls  = 37
	mostEvents = 66
	mostBytes  = 7700
	mostStart  = 24 << 10
)

// cost is what one gate cost the engine.
type cost struct {
	calls, events, bytes, start int
	by                          map[string]int
	history                     *history.History
}

// settle is how long the people of a gate think, so that each answer finds its
// process at rest and the counts are the same in every run.
const settle = 400 * time.Millisecond

func measureCounts(ctx context.Context, g *ground, t *table) error {
	bare, err := g.countBare(ctx, "bare-count", least())
	if err != nil {
		return err
	}
	own, err := g.countOwn(ctx)
	if err != nil {
		return err
	}
	err = g.alike(ctx, own)
	if err != nil {
		return err
	}
	t.add(line{what: "remote calls", bare: float64(bare.calls), own: float64(own.calls), most: most, ceiling: mostCalls})
	t.add(line{what: "history events", bare: float64(bare.events), own: float64(own.events), most: most, ceiling: mostEvents})
	t.add(line{what: "history bytes without start", bare: float64(bare.bytes), own: float64(own.bytes), most: most, ceiling: mostBytes})
	t.add(line{what: "start payload bytes", bare: float64(bare.start), own: float64(own.start), ceiling: mostStart})
	for _, m := range sorted(own.by) {
		t.note("%-32s %3d of %3d calls", m, own.by[m], bare.by[m])
	}
	if g.events {
		for _, e := range own.history.Events {
			t.note("%3d %-50s %5d", e.EventId, e.EventType, proto.Size(e))
		}
	}
	return nil
}

// alike holds the bare gate that rates are held against to gangway's own: as
// many activities and as many Updates, or the comparison would be of two things.
func (g *ground) alike(ctx context.Context, own cost) error {
	bare, err := g.countBare(ctx, "bare-like", like())
	if err != nil {
		return err
	}
	for _, kind := range []enums.EventType{enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED} {
		if b, o := bare.of(kind), own.of(kind); b != o {
			return fmt.Errorf("the bare gate has %d events %s, gangway's %d: bring like() in line", b, kind, o)
		}
	}
	return nil
}

// of counts the events of a kind.
func (c cost) of(kind enums.EventType) int {
	n := 0
	for _, e := range c.history.GetEvents() {
		if e.GetEventType() == kind {
			n++
		}
	}
	return n
}

func (g *ground) countBare(ctx context.Context, id string, in bareIn) (cost, error) {
	g.tap.take()
	_, err := bareStart(ctx, g.bare, id, in)
	if err != nil {
		return cost{}, err
	}
	for seat := range seats {
		err := g.atRest(ctx, id)
		if err == nil {
			err = bareSay(ctx, g.bare, id, seat)
		}
		if err != nil {
			return cost{}, err
		}
	}
	err = g.atRest(ctx, id)
	if err != nil {
		return cost{}, err
	}
	return g.spent(ctx, id)
}

func (g *ground) countOwn(ctx context.Context) (cost, error) {
	g.tap.take()
	id, err := g.house.open(ctx, "count")
	if err != nil {
		return cost{}, err
	}
	for seat := range seats {
		err := g.atRest(ctx, id)
		if err == nil {
			err = g.house.say(ctx, id, seat)
		}
		if err != nil {
			return cost{}, err
		}
	}
	err = g.atRest(ctx, id)
	if err != nil {
		return cost{}, err
	}
	return g.spent(ctx, id)
}

// atRest waits until nothing of a process is on its way, over a connection that
// is not counted.
func (g *ground) atRest(ctx context.Context, id string) error {
	c, err := connect(ctx, g.place, g.log)
	if err != nil {
		return fmt.Errorf("connecting to look at a process: %w", err)
	}
	defer c.Close()
	for {
		pause(ctx)
		d, err := c.DescribeWorkflowExecution(ctx, id, "")
		if err != nil {
			return fmt.Errorf("looking at a process: %w", err)
		}
		if d.GetPendingWorkflowTask() == nil && len(d.GetPendingActivities()) == 0 {
			return nil
		}
	}
}

func pause(ctx context.Context) {
	select {
	case <-time.After(settle):
	case <-ctx.Done():
	}
}

// spent reads what a process that ended has cost.
func (g *ground) spent(ctx context.Context, id string) (cost, error) {
	var c cost
	c.calls, c.by = g.tap.take()
	c.history = &history.History{}
	it := g.bare.GetWorkflowHistory(ctx, id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for it.HasNext() {
		e, err := it.Next()
		if err != nil {
			return cost{}, fmt.Errorf("reading a history: %w", err)
		}
		c.history.Events = append(c.history.Events, e)
	}
	last := c.history.Events[len(c.history.Events)-1]
	if last.EventType != enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED {
		return cost{}, fmt.Errorf("%s has not ended: its last event is %s", id, last.EventType)
	}
	c.events = len(c.history.Events)
	first := proto.Clone(c.history.Events[0]).(*history.HistoryEvent)
	attr := first.GetWorkflowExecutionStartedEventAttributes()
	c.start = proto.Size(attr.GetInput())
	attr.Input = &common.Payloads{}
	c.bytes = proto.Size(first)
	for _, e := range c.history.Events[1:] {
		c.bytes += proto.Size(e)
	}
	return c, nil
}
