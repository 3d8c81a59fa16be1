package assembly

import (
	"context"
	"fmt"
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

// playDrills moves the clocks of drills until ctx ends: months on paper take a minute.
// While somebody has a task of a drill, its clock is the real one.
func (h *House) playDrills(ctx context.Context) {
	timer := time.NewTimer(drillsLooked)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		pause := drillsLooked
		drills, err := h.moveDrills(ctx)
		if err != nil && ctx.Err() == nil {
			h.log.Warn("the clock of a drill was not moved, and is tried again", "error", err)
		} else if drills > 0 {
			pause = drillLooked
		}
		timer.Reset(pause)
	}
}

// moveDrills moves the clock of each drill that waits for nothing else, and counts those
// that are open.
func (h *House) moveDrills(ctx context.Context) (drills int, err error) {
	open, err := h.Archive.OpenProcesses(ctx)
	if err != nil {
		return 0, fmt.Errorf("looking for drills: %w", err)
	}
	for _, id := range open {
		if !strings.HasPrefix(id, workflows.DrillPrefix("")) {
			continue
		}
		drills++
		err := h.moveDrill(ctx, id)
		if err != nil {
			return drills, err
		}
	}
	return drills, nil
}

// moveDrill sets a drill's clock to when it wants something next. Another worker that does
// the same changes nothing.
func (h *House) moveDrill(ctx context.Context, id string) error {
	clock := h.Rehearse(id)
	next, quiet, err := clock.Due(ctx)
	if err != nil || !quiet || next.IsZero() {
		return err
	}
	v, err := h.Archive.Case(ctx, id)
	if err != nil {
		return fmt.Errorf("reading a drill: %w", err)
	}
	if !v.Closed.IsZero() || slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Closed == nil }) {
		return nil
	}
	return clock.Jump(ctx, next)
}
