package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
)

// isCopy: the copy goes away, which is nobody's to renew.
func isCopy(e engagement.Expiry) bool { return e.Kind == engagement.ExpiryCopy }

// copiesHanded are the copies that the oversight watched over until the exit began: since
// then nobody else erases them.
func (x *departing) copiesHanded() []engagement.Expiry {
	if x.handed == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(x.handed.Oversight.Expiries), func(e engagement.Expiry) bool { return !isCopy(e) })
}

// passCopies hands them to the return of data, which erases them when all of that is over,
// whatever their days are, or on their day if that comes sooner: no vendor is there any
// more for whom they were kept.
func (x *departing) passCopies() (copies []engagement.Expiry, of string) {
	copies = x.copiesHanded()
	if len(copies) == 0 {
		return nil, ""
	}
	of = x.handed.Oversight.Predecessor
	x.handed.Oversight.Expiries = slices.DeleteFunc(slices.Clone(x.handed.Oversight.Expiries), isCopy)
	return copies, of
}

// copiesBack takes those back that a return of data leaves which came to no end: the
// next one gets them, or whoever oversees a vendor who stays. One that broke off does not
// say what it erased, and erasing again does no harm.
func (x *departing) copiesBack(p *exitPart) {
	back := p.result.Copies
	if p.err != nil {
		back = p.copies
	}
	if len(back) > 0 && x.handed != nil {
		x.handed.Oversight.Expiries = append(slices.Clone(x.handed.Oversight.Expiries), back...)
	}
}

// nextCopy is when the first copy's days are over; zero: none is here.
func (x *departing) nextCopy() time.Time {
	var next time.Time
	for _, e := range x.copiesHanded() {
		if next.IsZero() || e.On.Before(next) {
			next = e.On
		}
	}
	return next
}

// eraseOverdue erases a copy whose days are over while the exit goes on, also while it is
// on hold. One that the record refuses is tried again a day later.
func (x *departing) eraseOverdue(ctx workflow.Context) (erased bool, err error) {
	copies := x.copiesHanded()
	i := slices.IndexFunc(copies, func(e engagement.Expiry) bool { return !e.On.After(x.now(ctx)) })
	if i < 0 {
		return false, nil
	}
	return true, x.eraseHanded(ctx, copies[i])
}

// eraseLeft erases at the end what no return of data did. A vendor who stays is overseen
// again, and the oversight has them back.
func (x *departing) eraseLeft(ctx workflow.Context) error {
	if x.result.Result == ResultWithdrawn {
		return nil
	}
	for _, e := range x.copiesHanded() {
		err := x.eraseHanded(ctx, e) // one that is refused stands in the log
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *departing) eraseHanded(ctx workflow.Context, e engagement.Expiry) error {
	rule := "the playbook: copies of " + e.Name + " are not kept for ever"
	gone, err := x.eraseIn(ctx, copyHere{expiry: e, rule: rule, chains: []string{x.handed.Oversight.Predecessor, e.Process}})
	if err != nil {
		return err
	}
	all := slices.Clone(x.handed.Oversight.Expiries)
	i := slices.IndexFunc(all, func(o engagement.Expiry) bool { return o.ID == e.ID })
	switch {
	case i < 0:
		return nil
	case gone:
		all = slices.Delete(all, i, i+1)
	default:
		all[i].On = x.now(ctx).AddDate(0, 0, 1)
	}
	x.handed.Oversight.Expiries = all
	return nil
}
