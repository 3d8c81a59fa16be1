package workflows

import (
	"slices"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// waysBack lists the steps to which the owner may go back: none once the point of no
// return is passed.
func (x *departing) waysBack() []string {
	var ids []string
	for _, d := range x.duties {
		if d.done && !x.noReturn && d.leg != legInside && d.leg.before(legClosing) {
			ids = append(ids, d.step.ID)
		}
	}
	return ids
}

// goBack goes back to the leg of a step that the owner named. Where that is the plan,
// what runs by the old one ends first, and begins anew by the next.
func (x *departing) goBack(ctx workflow.Context) (again bool) {
	act := *x.reopened
	i := slices.IndexFunc(x.duties, func(d *duty) bool { return d.step.ID == act.Step })
	to := x.duties[i].leg
	if !x.leg.before(legTransition) && to.before(legTransition) {
		if x.endParts(ctx, act) {
			return false
		}
		for _, p := range x.parts {
			p.taken, p.stale = true, true
		}
	}
	x.reopened = nil
	if to.before(legTransition) {
		x.decompress()
	}
	x.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Stage: string(to), Written: act.Written})
	x.wayBack(ctx, to, act.Person.ID, act.ID, "")
	return true
}

// staysCutOff is how an exit is called off after access was cut for cause.
const staysCutOff = "cut-off"

// withdraw calls the exit off, once no part of it runs any more. Until the point of no
// return that may be done, after an emergency's cut too: those who ratify it may have said
// no, and then the vendor stays. But nothing comes back by that: what was taken away is
// given anew, to each person by somebody named, or stays away.
func (x *departing) withdraw(ctx workflow.Context) {
	act := *x.withdrawn
	if x.endParts(ctx, act) || x.awaitsHandover(ctx) {
		return
	}
	x.result.Result, x.result.By = ResultWithdrawn, act.Person.ID
	d := &dossier.Detail{Written: act.Written}
	if x.cut {
		d.Result = staysCutOff
	}
	x.note(ctx, dossier.Withdrawn, act.Person.ID, act.ID, nil, d)
}

// stopNow ends an exit that can't be finished, without a certificate. What is open is in
// the record.
func (x *departing) stopNow(ctx workflow.Context) {
	act := *x.stopped
	if x.endParts(ctx, act) {
		return
	}
	for _, p := range x.parts {
		if !p.taken {
			p.chore = nil
			p.taken, p.matters = true, slices.Clone(p.result.Matters)
		}
	}
	for _, m := range x.blocking(ctx, x.matters()) {
		x.noteMatter(ctx, m, review.Written{})
	}
	x.result.Result, x.result.By = ResultIncomplete, act.Person.ID
	x.note(ctx, dossier.ExitStopped, act.Person.ID, act.ID, nil, &dossier.Detail{Result: ResultIncomplete, Written: act.Written})
}

// passReturn passes the point of no return. From here on the exit is finished, or stopped
// without a certificate; it is not called off.
func (x *departing) passReturn(ctx workflow.Context) {
	if x.drill() {
		return
	}
	x.noReturn, x.stops, x.settles, x.returned = true, true, false, x.now(ctx)
	x.reopens = nil
	x.want(ctx, "")
	x.note(ctx, dossier.NoReturn, "", "", nil, &dossier.Detail{Document: x.plan})
}

// tellOversight tells the oversight of the vendor that an exit follows it, once the vendor
// knows: what it does outside, meetings called off for one, would say so before.
func (x *departing) tellOversight(ctx workflow.Context) {
	if x.in.Oversight == "" || x.drill() || !x.overseen.IsZero() {
		return
	}
	x.overseen = x.now(ctx)
	future := workflow.SignalExternalWorkflow(ctx, x.in.Oversight, "", SignalExit, exitNews{Exit: x.process.in.Process})
	x.sends(ctx, future)
	workflow.GoNamed(ctx, "tell the oversight", func(ctx workflow.Context) {
		if future.Get(ctx, nil) != nil { // it is over, and watches nothing
			x.handed = cmpHanded(x.handed)
			x.changes++
		}
	})
}

// cmpHanded is what was handed over, or that nothing was.
func cmpHanded(h *handedOver) *handedOver {
	if h != nil {
		return h
	}
	return &handedOver{}
}

// overseenBy is until when an answer of the oversight is waited for where the exit is
// called off; zero: it is not.
func (x *departing) overseenBy() time.Time {
	if x.overseen.IsZero() || x.handed != nil || x.withdrawn == nil {
		return time.Time{}
	}
	return x.overseen.AddDate(0, 0, 1)
}

// awaitsHandover reports whether the oversight was told, and has not answered yet.
func (x *departing) awaitsHandover(ctx workflow.Context) bool {
	by := x.overseenBy()
	return !by.IsZero() && x.now(ctx).Before(by)
}

// handOn starts what goes on when the exit is over: the oversight of a vendor who stays,
// or what follows open backups and waivers to their end. Both are cases of their own.
func (x *departing) handOn(ctx workflow.Context) error {
	switch {
	case x.drill():
		return nil
	case x.result.Result == ResultExited && len(x.backups())+len(x.waivers()) > 0:
		return x.startAftercare(ctx)
	case x.result.Result == ResultWithdrawn && x.handed != nil && x.handed.Oversight.Process != "":
		return x.restoreOversight(ctx)
	}
	return nil
}

// restoreOversight has another oversight go on with what the last one watched.
func (x *departing) restoreOversight(ctx workflow.Context) error {
	in := x.handed.Oversight
	id, err := x.followed(ctx, OversightPrefix(x.in.Vendor), string(playbook.Oversight))
	if err != nil {
		return err
	}
	in.Case, in.Process, in.Parent, in.Anchor, in.Predecessor, in.Held = id, id, "", x.anchor, x.process.in.Case, nil
	in.Recused = union(in.Recused, x.recused)
	return x.startAfter(ctx, OversightType, id, string(playbook.Oversight), in)
}

// startAftercare hands open backups and waivers to a case of its own, whose dossier is the supplement.
func (x *departing) startAftercare(ctx workflow.Context) error {
	id, err := x.followed(ctx, AftercarePrefix(x.in.Vendor), exit.PartAftercare)
	if err != nil {
		return err
	}
	in := AftercareInput{Common: x.commonOf(exit.PartAftercare, id), Predecessor: x.process.in.Case, Certificate: x.result.Certificate,
		Backups: x.backups(), Waivers: x.waivers(), Roster: x.roster(), PlaybookDocument: x.in.PlaybookDocument}
	in.Case, in.Parent, in.Held = id, "", nil
	in.Declared, in.Stated, in.Together = nil, nil, false
	x.result.Aftercare = id
	return x.startAfter(ctx, AftercareType, id, exit.PartAftercare, in)
}

// followed reserves the number of a case that follows this one.
func (x *departing) followed(ctx workflow.Context, prefix, key string) (string, error) {
	x.ended = true
	x.working++
	defer func() { x.working-- }()
	n, err := call(ctx, patient("number of what follows"), actNumber, acts.Number, activities.NumberIn{Prefix: prefix, Key: x.requestID(key)})
	return ProcessID(prefix, n), err
}

// startAfter starts a case that goes on when this one ends.
func (x *departing) startAfter(ctx workflow.Context, kind, id, summary string, in any) error {
	apart, _ := workflow.NewDisconnectedContext(ctx)
	cctx := workflow.WithChildOptions(apart, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:         summary,
	})
	x.working++
	defer func() { x.working-- }()
	err := workflow.ExecuteChildWorkflow(cctx, kind, in).GetChildWorkflowExecution().Get(ctx, nil)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return err
	}
	x.note(ctx, dossier.HandedOver, "", "", nil, &dossier.Detail{Result: summary, Parent: id})
	return nil
}
