package workflows

import (
	"slices"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// contractChild is a running contract review.
type contractChild struct {
	id     string
	future workflow.ChildWorkflowFuture
	done   bool
	told   bool // that it should end
	held   bool // what it was told last
	taken  bool // its result is in the case's state
	result ContractResult
	err    error
}

// startContract starts a contract review under the next number of the vendor's
// contracts. It may be cancelled with its parent, never terminated: it has
// copies to close.
func (o *onboarding) startContract(ctx workflow.Context) error {
	prefix := ContractPrefix(o.in.Vendor)
	key := o.requestID(playbook.ContractStage)
	o.working++
	n, err := call(ctx, patient("number of the contract review"), actNumber, acts.Number, activities.NumberIn{Prefix: prefix, Key: key})
	o.working--
	if err != nil {
		return err
	}
	in := ContractInput{Common: o.process.in, First: o.contract, FiledBy: o.in.Requester}
	in.Process, in.Parent, in.Anchor, in.Recused = ProcessID(prefix, n), o.in.Process, o.anchor, o.recused
	in.Steps, in.Tier, in.Held = nil, o.in.Tier, o.held
	o.reviewing = nil
	for _, s := range o.in.Steps {
		if s.Process == playbook.Contract && s.Applies(o.in.Tier) {
			if len(in.Steps) == 0 {
				o.reviewing = []string{s.ID}
			}
			in.Steps = append(in.Steps, s)
		}
	}
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            in.Process,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WaitForCancellation:   true,
		StaticSummary:         "contract review",
	})
	child := &contractChild{id: in.Process, held: in.Held != nil, future: workflow.ExecuteChildWorkflow(cctx, ContractType, in)}
	o.child = child
	workflow.GoNamed(ctx, "contract", func(ctx workflow.Context) {
		child.err = child.future.Get(ctx, &child.result)
		child.done = true
		o.changes++
	})
	return nil
}

// endChild tells a running contract review to end and reports whether it still
// runs.
func (o *onboarding) endChild(ctx workflow.Context, act *review.Act) (running bool) {
	if o.child == nil || o.child.done {
		return false
	}
	if !o.child.told {
		o.child.told = true
		o.child.future.SignalChildWorkflow(ctx, SignalWithdraw, *act)
	}
	return true
}

// childEnded waits for a contract review that was cancelled with its parent, so
// that nothing of the case is recorded after its end.
func (o *onboarding) childEnded(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return o.child == nil || o.child.done })
}

// tellChild lets a running contract review follow a hold or a resume.
func (o *onboarding) tellChild(ctx workflow.Context) {
	if o.child == nil || o.child.done || o.child.held == (o.held != nil) {
		return
	}
	o.child.held = o.held != nil
	act := o.steered
	act.ID, act.Process = act.ID+"@"+o.child.id, o.child.id
	o.child.future.SignalChildWorkflow(ctx, SignalSteer, act)
}

// takeResult takes a contract review's result into the case's state.
func (o *onboarding) takeResult(res ContractResult) {
	for _, id := range res.Recused {
		if !slices.Contains(o.recused, id) {
			o.recused = append(o.recused, id)
		}
	}
	o.process.reviewed = slices.DeleteFunc(o.process.reviewed, func(id string) bool { return slices.Contains(o.reviewing, id) })
	if res.Result == ResultSigned || res.Result == ResultWaived {
		o.process.reviewed = append(o.process.reviewed, o.reviewing...)
	}
	o.reviewing = nil
}
