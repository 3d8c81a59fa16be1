package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/workflows"
)

// openAtOnce is how many cases are opened at a time where only their number
// counts.
const openAtOnce = 16

// mostLate is how long the last of so many reminders may take before it counts as
// lost.
const mostLate = 5 * time.Minute

// measureReminders lets so many reminders fall due at one instant: bare ones are
// a timer and one activity each, gangway's are recorded, shown and in the record.
func measureReminders(ctx context.Context, g *ground, t *table) error {
	bare, err := g.remindBare(ctx, "timer", 0)
	if err != nil {
		return err
	}
	// gangway looks who holds the seat now before it tells anybody: what that costs
	// by itself.
	like, err := g.remindBare(ctx, "timer-looks", 1)
	if err != nil {
		return err
	}
	own, err := g.remindOwn(ctx)
	if err != nil {
		return err
	}
	t.add(line{what: fmt.Sprintf("%d due at once, drained", g.reminders), bare: bare.rate, own: own.rate, unit: "/s", least: leastRate})
	t.add(line{what: "  processor time each", bare: bare.work, own: own.work, unit: "ms"})
	t.add(line{what: "  beside bare ones with two activities", bare: like.rate, own: own.rate, unit: "/s"})
	missing, twice, err := g.remindersRecorded(ctx)
	if err != nil {
		return err
	}
	t.must(missing == 0 && twice == 0, "none lost, none twice in the record (%d missing, %d twice)", missing, twice)
	t.note("gangway's last reminder was shown %.1f s after it was due", own.late.Seconds())
	return nil
}

// inTime is an instant by which n things are surely done, when some of them took
// that long.
func inTime(n int, took time.Duration, some int) time.Time {
	return time.Now().Add(3*took*time.Duration(n)/time.Duration(some) + 10*time.Second)
}

func (g *ground) remindBare(ctx context.Context, name string, looks int) (_ drain, err error) {
	start := func(at time.Time, name string) func(context.Context, int) error {
		return func(ctx context.Context, i int) error {
			_, err := g.bare.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: fmt.Sprintf("%s-%d", name, i), TaskQueue: bareQueue}, bareTimer, at, looks)
			if err != nil {
				return fmt.Errorf("starting a bare timer: %w", err)
			}
			return nil
		}
	}
	const some = 50
	begun := time.Now()
	err = each(ctx, some, start(begun, name+"-warm"))
	if err != nil {
		return drain{}, err
	}
	due := inTime(g.reminders, time.Since(begun), some)
	err = each(ctx, g.reminders, start(due, name))
	if err != nil {
		return drain{}, err
	}
	return g.drained(ctx, due, func(i int) string { return fmt.Sprintf("%s-%d", name, i) })
}

func (g *ground) remindOwn(ctx context.Context) (_ drain, err error) {
	name := func(i int) string { return fmt.Sprintf("remind-%d", i) }
	err = each(ctx, g.reminders, func(ctx context.Context, i int) error {
		asked := g.bells.wait(caseOf(name(i)), 1)
		_, err := g.house.openAs(ctx, name(i), singleName, true)
		if err != nil {
			return err
		}
		return until(ctx, asked)
	})
	if err != nil {
		return drain{}, err
	}
	wants := make([]time.Time, g.reminders)
	begun := time.Now()
	err = each(ctx, g.reminders, func(ctx context.Context, i int) error {
		next, _, err := g.house.Rehearse(caseOf(name(i))).Due(ctx)
		wants[i] = next
		return err
	})
	if err != nil {
		return drain{}, err
	}
	// Each clock is set so that the case's own instant comes at the same real one.
	due := inTime(g.reminders, time.Since(begun), g.reminders).Add(5 * time.Second)
	err = each(ctx, g.reminders, func(ctx context.Context, i int) error {
		h, err := g.house.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{UpdateID: "jump", WorkflowID: caseOf(name(i)), UpdateName: workflows.UpdateJump,
			Args: []any{workflows.Jump{Anchor: calendar.Anchor{Real: due.UTC(), Case: wants[i]}}}, WaitForStage: client.WorkflowUpdateStageCompleted})
		if err == nil {
			err = h.Get(ctx, nil)
		}
		if err != nil {
			return fmt.Errorf("setting a case's clock: %w", err)
		}
		return nil
	})
	if err != nil {
		return drain{}, err
	}
	return g.drained(ctx, due, func(i int) string { return reminded(caseOf(name(i))) })
}

// drain is how fast reminders were told that were due at one instant.
type drain struct {
	rate float64       // a second
	late time.Duration // the last one
	work float64       // processor time of each, in ms
}

// drained waits until every bell has rung.
func (g *ground) drained(ctx context.Context, due time.Time, gate func(i int) string) (_ drain, err error) {
	if time.Now().After(due) {
		return drain{}, errors.New("the reminders were due before all were set: this machine is too busy to measure it")
	}
	for i := range g.reminders {
		if g.bells.rang(gate(i)) > 0 {
			return drain{}, fmt.Errorf("%s rang before it was due", gate(i))
		}
	}
	before := worked()
	ctx, cancel := context.WithDeadline(ctx, due.Add(mostLate))
	defer cancel()
	for i := range g.reminders {
		err := until(ctx, g.bells.wait(gate(i), 1))
		if err != nil {
			return drain{}, fmt.Errorf("waiting for %s to ring: %w", gate(i), err)
		}
	}
	late := time.Since(due)
	work := float64((worked() - before).Microseconds()) / 1000
	return drain{rate: float64(g.reminders) / late.Seconds(), late: late, work: work / float64(g.reminders)}, nil
}

// remindersRecorded counts, from the record, the cases without a reminder and
// those with more than one.
func (g *ground) remindersRecorded(ctx context.Context) (missing, twice int, err error) {
	for i := range g.reminders {
		lines, err := g.house.Archive.Lines(ctx, caseOf(fmt.Sprintf("remind-%d", i)))
		if err != nil {
			return 0, 0, err
		}
		n := 0
		for _, l := range lines {
			if l.Entry.Kind == dossier.Request && l.Entry.Fact != nil && l.Entry.Fact.Why == playbook.WhyReminder {
				n++
			}
		}
		switch {
		case n == 0:
			missing++
		case n > 1:
			twice++
		}
	}
	return missing, twice, nil
}

// each does something n times, some at once, and stops at the first error.
func each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range openAtOnce {
		wg.Go(func() {
			for i := range jobs {
				err := do(ctx, i)
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return context.Cause(ctx)
}
