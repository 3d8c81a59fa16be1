package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// overseen are the steps that an oversight may need: those of the processes that it
// begins, and who speaks for each side.
func overseen(steps []playbook.Step, tier engagement.Tier) []playbook.Step {
	var all []playbook.Step
	for _, s := range steps {
		if s.Applies(tier) && (s.Process == playbook.DPA || s.Process == playbook.Contract || s.Does == playbook.DoesContacts) {
			all = append(all, s)
		}
	}
	return all
}

// collects reports whether there are steps by which an agreement is collected.
func (o *oversight) collects() bool {
	_, ok := playbook.CollectionOf(o.in.Steps, o.in.Tier)
	return ok
}

// reviews reports whether there are steps by which a contract is reviewed.
func (o *oversight) reviews() bool {
	return slices.ContainsFunc(o.in.Steps, func(s playbook.Step) bool { return s.Process == playbook.Contract && s.Applies(o.in.Tier) })
}

// beginDPA begins the collection of a new agreement. It has a life of its own and
// reports what it comes to.
func (o *oversight) beginDPA(ctx workflow.Context, w *Watching) error {
	if !o.collects() { // the playbook does not say how: people do it in their own way
		o.askOwner(ctx, w, stageFailed)
		return nil
	}
	id, in, err := o.reserve(ctx, w, playbook.DPA, DPAPrefix(o.process.in.Vendor))
	if err != nil {
		return err
	}
	return o.begin(ctx, w, playbook.DPA, DPAType, id, in, DPAInput{Common: in, Facts: o.in.Facts, When: o.in.DPAWhen, Wanted: true, PlaybookDocument: o.in.PlaybookDocument})
}

// beginContract begins the review of a contract that is negotiated anew.
func (o *oversight) beginContract(ctx workflow.Context, w *Watching) error {
	id, in, err := o.reserve(ctx, w, playbook.Contract, ContractPrefix(o.process.in.Vendor))
	if err != nil {
		return err
	}
	return o.begin(ctx, w, playbook.Contract, ContractType, id, in, ContractInput{Common: in})
}

// reserve gives the process that is to renew something its number, by what it renews:
// however often it is tried, it is one process.
func (o *oversight) reserve(ctx workflow.Context, w *Watching, part playbook.Process, prefix string) (string, Common, error) {
	w.Tries++
	key := o.process.in.Process + ":" + w.Expiry.ID + "@" + w.Expiry.On.UTC().Format(time.DateOnly) + "." + strconv.Itoa(w.Tries)
	o.working++
	n, err := call(ctx, patient("number of the "+partSummary(part)), actNumber, acts.Number, activities.NumberIn{Prefix: prefix, Key: key})
	o.working--
	id := ProcessID(prefix, n)
	in := o.process.in
	in.Case, in.Process, in.Parent, in.Anchor, in.Reports, in.Held = id, id, "", o.anchor, o.process.in.Process, nil
	in.Recused, in.Declared, in.Stated, in.Steps = slices.Clone(o.recused), nil, nil, nil
	for _, s := range o.in.Steps {
		if s.Process == part && s.Applies(in.Tier) {
			in.Steps = append(in.Steps, s)
		}
	}
	return id, in, err
}

// begin starts a process that is a case of its own: it goes on whatever becomes of
// this one.
func (o *oversight) begin(ctx workflow.Context, w *Watching, part playbook.Process, kind, id string, common Common, in any) error {
	o.stopAsking(ctx, w)
	w.Begun, w.Stage, w.Again = id, stageBegun, o.now(ctx).AddDate(0, 0, silentDays)
	e := w.Expiry
	o.note(ctx, dossier.Begun, "", "", nil, &dossier.Detail{Expiry: &e, Parent: id, Result: string(part)})
	o.registered(ctx, common)
	apart, _ := workflow.NewDisconnectedContext(ctx) // cancelling this case cancels nothing that it began
	cctx := workflow.WithChildOptions(apart, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:         partSummary(part),
	})
	o.working++
	future := workflow.ExecuteChildWorkflow(cctx, kind, in)
	err := future.GetChildWorkflowExecution().Get(ctx, nil)
	o.working--
	o.changes++
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return err
	}
	if err == nil {
		o.hearOfItsEnd(ctx, id, future)
	}
	return nil
}

// silentDays is how long a process that was begun may say nothing before the owner is
// asked to look at it.
const silentDays = 90

// hearOfItsEnd hears of a process that broke off, or that somebody ended by hand where
// the engine runs: it reports nothing. Only the run that began it hears of that; for
// all others there are the days of silence.
func (o *oversight) hearOfItsEnd(ctx workflow.Context, id string, future workflow.ChildWorkflowFuture) {
	apart, _ := workflow.NewDisconnectedContext(ctx)
	workflow.GoNamed(apart, "end of "+id, func(ctx workflow.Context) {
		if future.Get(ctx, nil) == nil {
			return
		}
		o.news = append(o.news, News{Process: id, Result: ResultBroken})
		o.changes++
	})
}
