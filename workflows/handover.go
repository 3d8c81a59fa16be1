package workflows

import (
	"slices"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// handOver starts the oversight of a vendor that went live, as a case of its own that
// goes on when this one ends. It comes after the last decision: from here on nothing
// that people say changes the case.
func (o *onboarding) handOver(ctx workflow.Context) error {
	if o.result != ResultLive || !o.in.Oversee {
		return nil
	}
	o.ended = true
	o.working++
	defer func() { o.working-- }()
	n, err := call(ctx, patient("number of the oversight"), actNumber, acts.Number,
		activities.NumberIn{Prefix: OversightPrefix(o.in.Vendor), Key: o.requestID(string(playbook.Oversight))})
	if err != nil {
		return err
	}
	id := ProcessID(OversightPrefix(o.in.Vendor), n)
	in := o.common(playbook.Oversight, id)
	in.Case, in.Parent, in.Held, in.Recused, in.Declared, in.Stated, in.Together = id, "", nil, nil, nil, nil, false
	in.Steps = overseen(slices.DeleteFunc(slices.Clone(o.in.Steps), func(s playbook.Step) bool { return !o.applies(s) }), in.Tier)
	apart, _ := workflow.NewDisconnectedContext(ctx)
	cctx := workflow.WithChildOptions(apart, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:         "oversight",
	})
	started := workflow.ExecuteChildWorkflow(cctx, OversightType, OversightInput{Common: in, Predecessor: o.in.Case, Expiries: o.expiries,
		Watch: o.in.Watch, ExitPlan: o.exitPlan, Contract: o.signed, Contacts: o.contacts, Facts: *o.facts, DPAWhen: o.in.DPAWhen, PlaybookDocument: o.in.PlaybookDocument}).GetChildWorkflowExecution()
	err = started.Get(ctx, nil)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return err
	}
	o.oversight = id
	o.note(ctx, dossier.HandedOver, "", "", nil, &dossier.Detail{Result: string(playbook.Oversight), Parent: id})
	return nil
}
