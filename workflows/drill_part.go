package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
)

// drilling is a part of an exit that is rehearsed: each of its steps takes its deadline,
// what it would do to systems is looked at and put down, and what stands in the way is
// what its matters say.
type drilling struct {
	*concerns
	in     ExitPartInput
	turns  []drillTurn
	looked bool
	went   bool // it was told to cut
	cutAt  time.Time
	roster string
	seen   string // digest of the inventory
	result ExitPartResult
}

// drillTurn is steps that are played side by side: those of one purpose.
type drillTurn struct {
	plays []*drillStep
	cuts  bool // access is cut before it
}

// drillStep is a step and how it was played.
type drillStep struct {
	step   playbook.Step
	times  int
	played practice
}

// drillPart rehearses a part of an exit.
func drillPart(ctx workflow.Context, in ExitPartInput, part string) (ExitPartResult, error) {
	ctx = forDrill(ctx, in.Order)
	p := begin(ctx, in.Common, playbook.Process(part))
	p.held = in.Held
	d := &drilling{concerns: &concerns{process: p, part: part}, in: in, went: in.SameDay}
	d.setOut()
	workflow.GoNamed(ctx, "part", func(ctx workflow.Context) {
		for {
			var n PartNews
			workflow.GetSignalChannel(ctx, SignalPart).Receive(ctx, &n)
			d.went = d.went || n.Word == NewsGo
			d.changes++
		}
	})
	return d.run(ctx, in, &d.result, d.step)
}

// setOut puts the part's steps in their turns. A step for kinds of assets that nobody
// named has none. Before it may cut, a revocation only says whose access it is.
func (d *drilling) setOut() {
	var last playbook.Purpose
	cut := false
	for _, s := range d.in.Steps {
		if len(s.Assets) > 0 && !slices.ContainsFunc(d.in.Assets, func(a exit.Asset) bool { return slices.Contains(s.Assets, a.Kind) }) {
			continue
		}
		if len(d.turns) == 0 || s.Does != last {
			cuts := d.part == exit.PartRevocation && !cut && s.Does != exit.DoesRoster && s.Does != exit.DoesMore
			cut = cut || cuts
			d.turns = append(d.turns, drillTurn{cuts: cuts})
		}
		last = s.Does
		x := &drillStep{step: s}
		if s.Does == exit.DoesSession {
			for _, a := range d.in.Areas {
				x.times = max(x.times, a.Sessions)
			}
		}
		t := &d.turns[len(d.turns)-1]
		t.plays = append(t.plays, x)
	}
	if d.part == exit.PartRevocation && !cut {
		d.turns = append(d.turns, drillTurn{cuts: true})
	}
}

// step looks at the state and does the next thing; again says that the state has to be
// looked at anew before sleeping.
func (d *drilling) step(ctx workflow.Context) (again bool, err error) {
	if !d.looked {
		d.looked = true
		return true, d.look(ctx)
	}
	for _, t := range d.turns {
		if t.cuts && d.cutAt.IsZero() {
			if !d.went {
				return false, nil
			}
			return true, d.cut(ctx)
		}
		open := false
		for _, x := range t.plays {
			if !d.practise(ctx, x.step, x.times, d.in.Order.WithPeople, &x.played) {
				open = true
				d.wakeAt(ctx, x.played.instants()...)
			}
		}
		if open {
			return false, nil
		}
	}
	if last := lookAfter()[len(lookAfter())-1]; !d.cutAt.IsZero() && d.now(ctx).Before(d.cutAt.Add(last)) {
		d.wakeAt(ctx, d.cutAt.Add(last))
		return false, nil
	}
	for _, t := range d.turns {
		for _, x := range t.plays {
			d.result.Rehearsed = append(d.result.Rehearsed, x.played.rehearsed(d.part, x.step))
			if x.played.state != "" {
				d.becomes(ctx, x.step.ID, "", x.played.matter(d.process.in.Process, d.part, x.step))
			}
		}
	}
	d.result.Result = ResultDone
	return false, nil
}

// wakeAt has the process woken at the first of some instants that are to come.
func (d *drilling) wakeAt(ctx workflow.Context, instants ...time.Time) {
	for _, at := range instants {
		if at.After(d.now(ctx)) && (d.wake.IsZero() || at.Before(d.wake)) {
			d.wake = at
		}
	}
}

// lacks puts down what stands in the way of an exit.
func (d *drilling) lacks(ctx workflow.Context, name, why string, found int) {
	d.becomes(ctx, name, "", exit.Matter{State: exit.StateOpen, Why: why, Found: found})
}

// look puts down who would be asked, and what the plan does not say.
func (d *drilling) look(ctx workflow.Context) error {
	err := d.foresee(ctx, d.process.in.Steps, func(step string, seats int) { d.lacks(ctx, step+"-seats", whyVacant, seats) })
	if err != nil {
		return err
	}
	switch d.part {
	case exit.PartTransfer:
		for _, a := range d.in.Areas {
			if a.Receiver == "" {
				d.lacks(ctx, a.ID, whyNoReceiver, 0)
			}
		}
		if len(d.in.Areas) == 0 {
			d.lacks(ctx, "areas", whyNoneNamed, 0)
		}
	case exit.PartHandover:
		return d.lookAtAssets(ctx)
	case exit.PartRevocation:
		return d.lookAtAccess(ctx)
	}
	return nil
}

// lookAtAssets says which assets nobody takes over, and restores the repositories: what was
// copied and can't be restored would be lost. What would be transferred is put down.
func (d *drilling) lookAtAssets(ctx workflow.Context) error {
	listed := false
	for _, a := range d.in.Assets {
		listed = listed || a.Kind == exit.AssetRepository
		if a.Receiver == "" {
			d.lacks(ctx, a.ID, whyNoReceiver, 0)
		}
	}
	if len(d.in.Assets) == 0 {
		d.lacks(ctx, "assets", whyNoneNamed, 0)
	}
	if !listed || d.in.Repositories == "" {
		return nil
	}
	in := activities.RepositoriesIn{List: d.in.Repositories}
	d.working++
	defer func() { d.working--; d.changes++ }()
	out, err := call(ctx, onRepositories("copies of the repositories"), actKeepRepositories, acts.KeepRepositories, in)
	if err == nil {
		in.Evidence = out.Evidence
		out, err = call(ctx, onRepositories("copies restored"), actRestoreRepositories, acts.RestoreRepositories, in)
	}
	if temporal.IsCanceledError(err) {
		return err
	}
	if err != nil {
		d.becomes(ctx, "repositories", "", exit.Matter{State: exit.StateNotCheckable, Why: string(doubtAway)})
		return nil
	}
	for _, r := range out.Repositories {
		if r.State == exit.StateDone {
			d.becomes(ctx, r.Asset+"-restored", "", exit.Matter{State: exit.StateDone, Document: out.Evidence})
			continue
		}
		d.becomes(ctx, r.Asset+"-restored", "", exit.Matter{State: exit.StateNotCheckable, Why: whyNoRestore, Document: out.Evidence})
	}
	in.Evidence = out.Evidence
	moved, err := call(ctx, onRepositories("repositories that would be transferred"), actTransferRepositories, acts.TransferRepositories, in)
	if temporal.IsCanceledError(err) {
		return err
	}
	if err == nil && moved.Evidence != "" {
		d.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: evidenceDocument, Document: moved.Evidence, Version: 1})
	}
	return nil
}

// lookAtAccess looks where the vendor's people can be, and whether the plan knows.
func (d *drilling) lookAtAccess(ctx workflow.Context) error {
	if d.in.Roster == "" {
		d.lacks(ctx, matterRoster, whyNoRoster, 0)
		return nil
	}
	d.working++
	defer func() { d.working--; d.changes++ }()
	made, err := call(ctx, patient("the vendor's accounts"), actRoster, acts.Roster, activities.RosterIn{Vendor: d.in.Vendor, Sources: []string{d.in.Roster}})
	if temporal.IsCanceledError(err) {
		return err
	}
	if err != nil {
		d.lacks(ctx, matterRoster, whyUnread, 0)
		return nil
	}
	d.roster = made.Roster
	d.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: RosterDocument, Document: d.roster, Version: 1})
	out, err := call(ctx, resumed("inventory of the vendor's access"), actInventory, acts.Inventory, activities.InventoryIn{Roster: d.roster, Plan: d.in.Plan})
	if temporal.IsCanceledError(err) {
		return err
	}
	if err != nil {
		d.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateNotCheckable, Why: string(doubtAway)})
		return nil
	}
	d.seen = out.Evidence
	if out.Evidence != "" {
		d.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: InventoryDocument, Document: out.Evidence, Version: 1})
	}
	if out.More > 0 {
		d.lacks(ctx, "accounts", whyUnplanned, out.More)
	}
	for _, c := range out.Counts {
		if len(c.Doubts) > 0 {
			d.becomes(ctx, string(c.Place), "", exit.Matter{State: exit.StateNotCheckable, Why: string(c.Doubts[0]), Document: out.Evidence})
		}
	}
	return nil
}

// cut puts down what would be cut, and what nobody could say is the vendor's.
func (d *drilling) cut(ctx workflow.Context) error {
	d.cutAt = d.now(ctx)
	if d.seen == "" {
		return nil
	}
	d.working++
	out, err := call(ctx, resumed("what would be taken away"), actCut, acts.Cut, activities.InventoryIn{Roster: d.roster, Evidence: d.seen})
	d.working--
	d.changes++
	if temporal.IsCanceledError(err) {
		return err
	}
	if err != nil {
		d.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateNotCheckable, Why: string(doubtAway), Document: d.seen})
		return nil
	}
	if out.Evidence != "" {
		d.note(ctx, dossier.DocumentFiled, "", "", nil, &dossier.Detail{Name: CutDocument, Document: out.Evidence, Version: 1})
	}
	d.becomes(ctx, matterCut, "", exit.Matter{State: exit.StateNotNeeded, Why: whyRehearsed, Found: out.Cut + out.Left, Document: out.Evidence})
	if out.HeldBack > 0 {
		d.lacks(ctx, "held-back", whyNotTheirs, out.HeldBack)
	}
	return nil
}
