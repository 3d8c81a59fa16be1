package assembly

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gangway/internal/review"
	"gangway/workflows"
)

// How often drills are looked for, and how often one that there is is looked at.
const (
	drillsLooked = 15 * time.Second
	drillLooked  = 500 * time.Millisecond
)

// drillLook is what a look at a drill saw. What its processes say one after the other
// is no picture of one moment, so a clock is moved when two looks in a row saw the same:
// else it could pass over a part that hears at that very moment that it may go on.
type drillLook struct {
	next  time.Time
	lines int
}

// playDrills moves the clocks of drills until ctx ends: months on paper take a minute.
// While somebody has a task of a drill, its clock is the real one.
func (h *House) playDrills(ctx context.Context) {
	timer := time.NewTimer(drillsLooked)
	defer timer.Stop()
	seen := map[string]drillLook{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		pause := drillsLooked
		drills, err := h.moveDrills(ctx, seen)
		if err != nil && ctx.Err() == nil {
			h.log.Warn("the clock of a drill was not moved, and is tried again", "error", err)
		} else if drills > 0 {
			pause = drillLooked
		}
		timer.Reset(pause)
	}
}

// moveDrills moves the clock of each drill that waits for nothing else, and counts those
// that are open. What it saw of them is kept in seen.
func (h *House) moveDrills(ctx context.Context, seen map[string]drillLook) (drills int, err error) {
	open, err := h.Archive.OpenProcesses(ctx)
	if err != nil {
		return 0, fmt.Errorf("looking for drills: %w", err)
	}
	for _, id := range open {
		if !strings.HasPrefix(id, workflows.DrillPrefix("")) {
			continue
		}
		drills++
		look, err := h.moveDrill(ctx, id, seen[id])
		if err != nil {
			return drills, err
		}
		seen[id] = look
	}
	maps.DeleteFunc(seen, func(id string, _ drillLook) bool { return !slices.Contains(open, id) })
	return drills, nil
}

// moveDrill sets a drill's clock to when it wants something next, where the last look saw
// the same. Another worker that does the same changes nothing.
func (h *House) moveDrill(ctx context.Context, id string, last drillLook) (drillLook, error) {
	clock := h.Rehearse(id)
	next, quiet, err := clock.Due(ctx)
	if err != nil || !quiet || next.IsZero() {
		return drillLook{}, err
	}
	v, err := h.Archive.Case(ctx, id)
	if err != nil {
		return drillLook{}, fmt.Errorf("reading a drill: %w", err)
	}
	if !v.Closed.IsZero() || slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Closed == nil }) {
		return drillLook{}, nil
	}
	look := drillLook{next: next, lines: v.Lines}
	if !look.next.Equal(last.next) || look.lines != last.lines {
		return look, nil
	}
	return drillLook{}, clock.Jump(ctx, next)
}
