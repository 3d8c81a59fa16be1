package workflows

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
)

// keptCopy is a copy that must not be kept for ever: of a passport, of a police check.
// The fact that it was shown stays.
type keptCopy struct {
	id, item, request, document string
	days                        int
	until                       time.Time // case time
	gone                        bool
}

// findCopies remembers which copies are erased when: every one that anybody delivered,
// also where it counts for nothing, from when it came.
func (d *diligence) findCopies() {
	for _, a := range d.asks {
		for _, b := range a.req.Ballots {
			for _, f := range b.Findings {
				i := slices.IndexFunc(a.req.Points, func(p engagement.Point) bool { return p.ID == f.Point && p.KeepDays > 0 })
				known := slices.ContainsFunc(d.kept, func(k keptCopy) bool { return k.request == a.req.ID && k.document == f.Document })
				if i < 0 || f.Document == "" || known {
					continue
				}
				days := a.req.Points[i].KeepDays
				k := keptCopy{id: a.req.ID + "/" + f.Point, item: a.step.ID, request: a.req.ID, document: f.Document, days: days, until: b.At.AddDate(0, 0, days)}
				if slices.ContainsFunc(d.kept, func(x keptCopy) bool { return x.id == k.id }) { // taken back, and delivered anew
					k.id += "/" + strconv.Itoa(len(d.kept))
				}
				d.kept = append(d.kept, k)
			}
		}
	}
}

// keepFrom counts the days of an item's copies anew, from when it was accepted.
func (d *diligence) keepFrom(it *item, now time.Time) {
	d.findCopies()
	for i, k := range d.kept {
		if k.request == it.ask.req.ID {
			d.kept[i].until = now.AddDate(0, 0, k.days)
		}
	}
}

// here are the copies that are still there.
func (d *diligence) here() []keptCopy {
	return slices.DeleteFunc(slices.Clone(d.kept), func(k keptCopy) bool { return k.gone })
}

// due is the place of a copy whose days are over; -1: none.
func (d *diligence) due(ctx workflow.Context) int {
	d.findCopies()
	now := d.now(ctx)
	return slices.IndexFunc(d.kept, func(k keptCopy) bool { return !k.gone && !k.until.After(now) })
}

// eraseDue erases a copy whose days are over. Where the record refuses for good it is
// tried again a day later.
func (d *diligence) eraseDue(ctx workflow.Context) error {
	due := d.due(ctx)
	refused, err := d.erase(ctx, d.kept[due])
	if err != nil {
		return err
	}
	d.kept[due].gone = !refused
	if refused {
		d.kept[due].until = d.now(ctx).AddDate(0, 0, 1)
	}
	return nil
}

// erase removes a copy's content.
func (d *diligence) erase(ctx workflow.Context, k keptCopy) (refused bool, err error) {
	return d.eraseCopy(ctx, d.process.in.Case, k.item, k.document)
}

// eraseCopy removes the content of a copy that a case has. It must be in the record by
// then, which would say otherwise that it never had it. Refused: the record has it not,
// or refuses for good.
func (p *process) eraseCopy(ctx workflow.Context, chain, item, document string) (refused bool, err error) {
	return p.eraseBy(ctx, chain, document, "the playbook: copies of "+item+" are not kept for ever")
}

// eraseBy is eraseCopy by a rule, in a machine's words.
func (p *process) eraseBy(ctx workflow.Context, chain, document, rule string) (refused bool, err error) {
	err = workflow.Await(ctx, func() bool { return len(p.outbox) == 0 && !p.filing })
	if err != nil {
		return false, err
	}
	p.working++
	out, err := call(ctx, patient("erase a copy"), actErase, acts.Erase,
		activities.EraseIn{Case: chain, Documents: []string{document}, Rule: rule})
	p.working--
	p.changes++
	var app *temporal.ApplicationError
	if errors.As(err, &app) { // final: everything else is tried for ever
		workflow.GetLogger(ctx).Error("the record does not erase a copy", "process", p.in.Process, "error", err)
		return true, nil
	}
	return len(out.Missing) > 0, err
}

// eraseUnwatched erases the copies of a case that ends without an oversight: nobody
// else would.
func (o *onboarding) eraseUnwatched(ctx workflow.Context) error {
	for _, e := range o.expiries {
		if o.oversight != "" || e.Kind != engagement.ExpiryCopy {
			continue
		}
		_, err := o.eraseCopy(ctx, o.in.Case, e.Name, e.Document) // one that is refused stands in the log
		if err != nil {
			return err
		}
	}
	return nil
}

// letGo sees to what has to be watched or erased after the end. Whoever waits for the
// process watches from now on; one that nobody waits for stays until its last copy is
// erased. What came to nothing keeps no copies.
func (d *diligence) letGo(ctx workflow.Context) error {
	d.findCopies()
	switch d.result.Result {
	case ResultSigned, ResultCleared, ResultWaived:
		d.result.Expiries = d.evidence()
		for _, it := range d.items {
			if it.phase != itemDropped {
				d.result.Items = append(d.result.Items, it.step.ID)
			}
		}
		if d.in.Parent != "" || d.in.Reports != "" {
			for _, k := range d.here() {
				d.result.Expiries = append(d.result.Expiries, engagement.Expiry{ID: k.id, Kind: engagement.ExpiryCopy, Name: k.item,
					On: k.until, Document: k.document, Process: d.process.in.Process})
			}
			return nil
		}
		err := d.outlast(ctx)
		if err != nil && !temporal.IsCanceledError(err) {
			return err
		}
	}
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for _, k := range d.here() {
		_, err := d.erase(ctx, k) // one that is refused stands in the log: an operator reads why
		if err != nil {
			return err
		}
	}
	return nil
}

// outlast waits until the last copy is erased, or somebody withdraws what is over:
// then nothing is kept any longer.
func (d *diligence) outlast(ctx workflow.Context) error {
	d.withdrawn, d.reopens = nil, nil
	for len(d.here()) > 0 && d.withdrawn == nil {
		if d.due(ctx) >= 0 {
			err := d.eraseDue(ctx)
			if err != nil {
				return err
			}
			continue
		}
		d.wake = d.next(ctx)
		err := d.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
