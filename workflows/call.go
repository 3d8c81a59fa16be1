package workflows

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"gangway/activities"
)

// acts names activities by their methods; it is nil and is never called.
var acts *activities.Activities

// call runs an activity under its name in histories. The method only gives the
// types, so that a wrong input is a compile error.
func call[In, Out any](ctx workflow.Context, o workflow.ActivityOptions, name string, _ func(context.Context, In) (Out, error), in In) (Out, error) {
	var out Out
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, o), name, in).Get(ctx, &out)
	return out, err
}
