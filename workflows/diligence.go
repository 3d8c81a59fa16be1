package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ResultCleared ends a due diligence of which nothing is left open and for which the
// playbook wants no risk record.
const ResultCleared = "cleared"

// diligence is a due diligence's own state besides what every process has.
type diligence struct {
	*process
	in    DiligenceInput
	facts playbook.Facts
	items []*item
	kept  []keptCopy
	// fill and sign are the requests of the risk record, the newest of each; chore is
	// what the owner is asked about it, filled counts how often it was filled in.
	fill, sign, chore *asked
	filled            int
	retold            []TierChange
	result            PartResult
}

// DueDiligence asks for everything that is to be known of a vendor before a contract:
// all items of its tier together, each delivered by the vendor's people or by our own,
// and accepted or waived by people. What runs out meanwhile is asked for again. It
// ends with a risk record that people fill in and sign.
func DueDiligence(ctx workflow.Context, in DiligenceInput) (PartResult, error) {
	p := begin(ctx, in.Common, playbook.Diligence)
	p.held = in.Held
	d := &diligence{process: p, in: in, facts: in.Facts}
	for _, s := range in.Steps {
		if d.isItem(s) && d.applies(s) {
			d.items = append(d.items, &item{step: s})
		}
	}
	if len(d.items) == 0 && len(in.Only) > 0 {
		return PartResult{}, temporal.NewNonRetryableApplicationError("the playbook has none of the items that are to be asked again", ErrNoItems, nil)
	}
	if in.Parent == "" {
		p.caseOpened(ctx)
		p.openedAlone(ctx, in.Intake, in.PlaybookDocument)
	}
	workflow.GoNamed(ctx, "retier", d.hearTier)
	err := p.hear(ctx)
	if err != nil {
		return PartResult{}, err
	}
	err = d.loop(ctx)
	if temporal.IsCanceledError(err) {
		d.result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil {
		return PartResult{}, err
	}
	p.shutAll(ctx, d.result.Result)
	err = d.letGo(ctx)
	if err != nil {
		return PartResult{}, err
	}
	p.shutAll(ctx, d.result.Result) // what was asked while copies were still kept
	d.result.Recused, d.result.Declared, d.result.Stated = p.recused, p.declared, p.stated
	d.result.Outward = p.outward()
	end := &dossier.Detail{Result: d.result.Result, Document: d.result.Document, Vendor: in.Vendor}
	p.note(ctx, dossier.ProcessEnded, d.result.By, "", nil, end)
	if in.Parent == "" {
		p.caseClosed(ctx, d.result.By, end)
	}
	p.report(ctx, News{Result: d.result.Result, By: d.result.By, Document: d.result.Document, Recused: p.recused, Expiries: d.result.Expiries})
	return d.result, p.filed(ctx)
}

// isItem reports whether a step of the playbook is an item of this process.
func (d *diligence) isItem(s playbook.Step) bool {
	return s.Process == playbook.Diligence && s.Kind == review.Delivery && s.Does == "" &&
		(len(d.in.Only) == 0 || slices.Contains(d.in.Only, s.ID))
}

// applies reports whether a step is asked of a vendor such as this one.
func (d *diligence) applies(s playbook.Step) bool {
	return s.Applies(d.process.in.Tier) && s.When.Holds(d.facts)
}

func (d *diligence) loop(ctx workflow.Context) error {
	for d.result.Result == "" {
		again, err := d.step(ctx)
		if err != nil {
			return err
		}
		if again || d.result.Result != "" {
			continue
		}
		d.wake = d.next(ctx)
		err = d.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// step looks at the state and does the next thing; again says that the state
// has to be looked at anew before sleeping.
func (d *diligence) step(ctx workflow.Context) (again bool, err error) {
	switch {
	case d.withdrawn != nil:
		d.withdraw(ctx)
		return false, nil
	case d.due(ctx) >= 0: // the law knows no hold
		return true, d.eraseDue(ctx)
	case d.held != nil:
		return false, nil
	case d.reopened != nil:
		d.reopen(ctx)
		return true, nil
	case len(d.retold) > 0:
		d.retier(ctx)
		return true, nil
	}
	d.runOut(ctx)
	d.reopens = d.decided()
	for _, it := range d.items {
		again, err = d.bring(ctx, it)
		if again || err != nil || d.result.Result != "" {
			return again, err
		}
	}
	if slices.ContainsFunc(d.items, func(it *item) bool { return !it.phase.over() }) {
		return false, nil
	}
	return d.riskRecord(ctx), nil
}

// next is when the clock wants something of the process: evidence runs out, or a copy
// is kept long enough. On hold nothing is asked for again.
func (d *diligence) next(ctx workflow.Context) time.Time {
	var next time.Time
	earlier := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, k := range d.here() {
		earlier(k.until)
	}
	if d.held != nil || d.result.Result != "" {
		return next
	}
	for _, it := range d.items {
		earlier(firstEnd(it.ends))
	}
	return next
}

// firstEnd is the first of the dates; zero: there is none.
func firstEnd(all []engagement.Expiry) time.Time {
	var first time.Time
	for _, e := range all {
		if first.IsZero() || e.On.Before(first) {
			first = e.On
		}
	}
	return first
}

// runOut has evidence asked for again whose date has passed, and waivers: whoever
// signs the risk record signs it with what is good then.
func (d *diligence) runOut(ctx workflow.Context) {
	now := d.now(ctx)
	for _, it := range d.items {
		ends := firstEnd(it.ends)
		if ends.IsZero() || ends.After(now) || !it.phase.over() || it.phase == itemDropped {
			continue
		}
		d.note(ctx, dossier.Evidence, "", "", nil, &dossier.Detail{Step: it.step.ID, Result: playbook.EvidenceRanOut, Document: it.document, Version: it.round, Ends: ends})
		d.unsign(ctx, "superseded")
		d.askAfresh(ctx, it, "")
	}
}

// decided are the steps that may be asked again now.
func (d *diligence) decided() []string {
	var ids []string
	for _, it := range d.items {
		if it.phase == itemGood || it.phase == itemWaived {
			ids = append(ids, it.step.ID)
		}
	}
	if d.fill != nil && d.fill.req.Closed != nil {
		ids = append(ids, d.fill.step.ID)
	}
	return ids
}

// withdraw ends the process because somebody withdrew it, or because its case goes
// back to an earlier step.
func (d *diligence) withdraw(ctx workflow.Context) {
	d.result.Result, d.result.By = ResultWithdrawn, d.withdrawn.Person.ID
	if d.withdrawn.Kind == review.Reopen {
		d.result.Result = ResultReopened
	}
	d.note(ctx, dossier.Withdrawn, d.withdrawn.Person.ID, d.withdrawn.ID, nil, &dossier.Detail{Written: d.withdrawn.Written})
}

// reopen asks an item again that was accepted or waived, or has the risk record filled
// in anew. What was signed of the record meanwhile counts for nothing.
func (d *diligence) reopen(ctx workflow.Context) {
	act := *d.reopened
	d.reopened = nil
	d.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Written: act.Written})
	d.unsign(ctx, "reopened")
	i := slices.IndexFunc(d.items, func(it *item) bool { return it.step.ID == act.Step })
	if i < 0 {
		d.fill = nil
		return
	}
	words := ""
	if act.Written.Vendor != "" {
		words = act.ID
	}
	d.askAfresh(ctx, d.items[i], words)
}

// hearTier is the coroutine that hears of a corrected intake.
func (d *diligence) hearTier(ctx workflow.Context) {
	for {
		var c TierChange
		workflow.GetSignalChannel(ctx, SignalTier).Receive(ctx, &c)
		d.retold = append(d.retold, c)
		d.changes++
	}
}

// retier brings the items to a corrected intake: those that it drops are closed unless
// they are decided, those that it adds are asked.
func (d *diligence) retier(ctx workflow.Context) {
	c := d.retold[0]
	d.retold = d.retold[1:]
	d.process.in.Tier, d.facts = c.Tier, c.Facts
	for _, it := range d.items {
		switch wanted := d.applies(it.step); {
		case !wanted && !it.phase.over():
			d.shutItem(ctx, it, "superseded")
			it.phase, it.ends = itemDropped, nil
			d.note(ctx, dossier.Evidence, "", "", nil, &dossier.Detail{Step: it.step.ID, Result: playbook.EvidenceNotNeeded})
		case wanted && it.phase == itemDropped:
			d.unsign(ctx, "superseded")
			d.askAfresh(ctx, it, "")
		}
	}
	for _, s := range d.in.Steps {
		known := slices.ContainsFunc(d.items, func(it *item) bool { return it.step.ID == s.ID })
		if !known && d.isItem(s) && d.applies(s) {
			d.unsign(ctx, "superseded")
			d.items = append(d.items, &item{step: s})
		}
	}
}
