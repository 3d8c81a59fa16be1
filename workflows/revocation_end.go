package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/exit"
)

// finish ends the process when every look was made and nothing blocks. Where the exit may
// have more for it, it says so and stays.
func (r *revocation) finish(ctx workflow.Context) {
	switch {
	case r.looked < len(lookAfter()) || !r.confirmed || !r.settled():
	case !r.in.Stays || r.in.Parent == "" || r.enough:
		r.result.Result = ResultDone
	case !r.rested:
		r.rested = true
		r.sends(ctx, workflow.SignalExternalWorkflow(ctx, r.in.Parent, "", SignalPart, PartNews{Word: NewsLooked}))
	}
}

// tellForgotten tells the exit once of each asset that the newest look met and that
// nobody thought of.
func (r *revocation) tellForgotten(ctx workflow.Context) {
	fresh := slices.DeleteFunc(slices.Clone(r.seen.Forgotten), func(a exit.Asset) bool { return slices.Contains(r.forgotten, a.ID) })
	if len(fresh) == 0 || r.in.Parent == "" {
		return
	}
	for _, a := range fresh {
		r.forgotten = append(r.forgotten, a.ID)
	}
	r.sends(ctx, workflow.SignalExternalWorkflow(ctx, r.in.Parent, "", SignalPart,
		PartNews{Word: NewsFound, Document: r.seen.Evidence, Assets: fresh, Repositories: r.seen.List}))
}
