package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
)

const (
	bareQueue  = "bare"
	bareAnswer = "answer"
	notifyName = "notify"
	seats      = 3
)

// bareIn is what a bare gate starts with: how many activities run before, between
// and after the answers. One before and one after is the least that tells people.
type bareIn struct {
	// First run one after the other before anybody may answer, Each after every
	// answer but the last, Last after the last.
	First, Each, Last int
}

// least is a gate as an engineer would write it by hand.
func least() bareIn { return bareIn{First: 1, Last: 1} }

// like has as many activities as gangway's own gate: who holds the seats, what
// happened and whom to tell, and the same after each answer.
func like() bareIn { return bareIn{First: 2, Each: 1, Last: 1} }

// bareGate asks, takes three answers and says so.
func bareGate(ctx workflow.Context, in bareIn) (int, error) {
	answered, told := 0, 0
	err := workflow.SetUpdateHandler(ctx, bareAnswer, func(_ workflow.Context, who string) (string, error) {
		answered++
		return "counted " + who, nil
	})
	if err != nil {
		return 0, err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	id := workflow.GetInfo(ctx).WorkflowExecution.ID
	tell := func(bell string, times int) error {
		for range times {
			err := workflow.ExecuteActivity(ctx, notifyName, bell).Get(ctx, nil)
			if err != nil {
				return err
			}
		}
		return nil
	}
	err = tell(id, in.First)
	for err == nil && told < seats {
		err = workflow.Await(ctx, func() bool { return answered > told })
		if err != nil {
			break
		}
		told = answered // answers that came together are told of together, as gangway does
		if told < seats {
			err = tell(id, in.Each)
		} else {
			err = tell(decided(id), in.Last)
		}
	}
	return answered, err
}

// bareTimer waits for an instant and tells people, as a reminder written by hand.
// Looks are activities that it runs before that one.
func bareTimer(ctx workflow.Context, at time.Time, looks int) error {
	err := workflow.Sleep(ctx, at.Sub(workflow.Now(ctx)))
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	id := workflow.GetInfo(ctx).WorkflowExecution.ID
	for i := 0; i < looks && err == nil; i++ {
		err = workflow.ExecuteActivity(ctx, notifyName, id+"/looks").Get(ctx, nil)
	}
	if err != nil {
		return err
	}
	return workflow.ExecuteActivity(ctx, notifyName, id).Get(ctx, nil)
}

// stock is what came of an inventory, what was cut of it, and another inventory.
type stock struct {
	Before, After activities.InventoryOut
	Cut           activities.CutOut
}

// takeStock looks, cuts and looks again: gangway's own activities, in a process written by
// hand.
func takeStock(ctx workflow.Context, roster string) (out stock, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Hour, HeartbeatTimeout: stockBeat,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumInterval: time.Second}})
	if err = workflow.ExecuteActivity(ctx, "Inventory", activities.InventoryIn{Roster: roster}).Get(ctx, &out.Before); err != nil {
		return out, err
	}
	if err = workflow.ExecuteActivity(ctx, "Cut", activities.InventoryIn{Roster: roster, Evidence: out.Before.Evidence}).Get(ctx, &out.Cut); err != nil {
		return out, err
	}
	err = workflow.ExecuteActivity(ctx, "Inventory", activities.InventoryIn{Roster: roster, Evidence: out.Before.Evidence}).Get(ctx, &out.After)
	return out, err
}

// bareWorker works for the bare gate and the bare timer; sticky 0 is the engine's
// own.
func bareWorker(c client.Client, b *bells, sticky time.Duration) worker.Worker {
	w := worker.New(c, bareQueue, worker.Options{MaxConcurrentActivityExecutionSize: 32, StickyScheduleToStartTimeout: sticky})
	w.RegisterWorkflow(bareGate)
	w.RegisterWorkflow(bareTimer)
	w.RegisterActivityWithOptions(func(_ context.Context, gate string) error {
		b.ring(gate)
		return nil
	}, activity.RegisterOptions{Name: notifyName})
	return w
}

// decided is the bell that a gate rings at its end.
func decided(id string) string { return id + "/decided" }

// bareStart starts a bare gate.
func bareStart(ctx context.Context, c client.Client, id string, in bareIn) (client.WorkflowRun, error) {
	run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: bareQueue}, bareGate, in)
	if err != nil {
		return nil, fmt.Errorf("starting a bare gate: %w", err)
	}
	return run, nil
}

// bareSay sends one answer and waits for its result.
func bareSay(ctx context.Context, c client.Client, id string, seat int) error {
	h, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: id, UpdateName: bareAnswer, Args: []any{fmt.Sprint(seat)},
		WaitForStage: client.WorkflowUpdateStageCompleted})
	if err != nil {
		return fmt.Errorf("answering a bare gate: %w", err)
	}
	var said string
	return h.Get(ctx, &said)
}
