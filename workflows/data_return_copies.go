package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// matterCopies is what becomes of the copies that are here.
const matterCopies = "copies"

// Why a copy is here still.
const (
	whyNotLoaded = "not-loaded" // nobody said that what came back is loaded where it is needed
	whyKept      = "kept"       // the record refuses to erase it, or does not have it
)

// Rules by which an exit erases copies, as they stand in the record.
const (
	ruleLoaded = "the exit: what came back is loaded where it is needed"
	ruleLeft   = "the exit: the vendor is left, and copies that are not kept for ever go with it"
)

// copyHere is one copy in our store that goes with the vendor.
type copyHere struct {
	expiry engagement.Expiry
	rule   string
	chains []string // cases, of which one has it
	handed bool     // by the exit, which has it back if it is here still
	due    time.Time
	waits  bool // for somebody's word
	gone   bool
}

// copiesHere are all of them. counted: they are known, which they are once everything else
// is seen to; again: somebody said that they can go. word is who said so last.
type copiesHere struct {
	all            []copyHere
	counted, again bool
	word           review.Ballot
}

// goNow takes the owner's word that copies can go.
func (c *copiesHere) goNow(b review.Ballot) {
	c.again, c.word = true, b
	for i := range c.all {
		c.all[i].waits = false
	}
}

// saysLoaded reports whether who opened what came back says since when it is loaded.
func (d *dataReturn) saysLoaded(b review.Ballot) bool {
	return slices.ContainsFunc(b.Findings, func(f engagement.Finding) bool { return f.Point == exit.PointLoaded && !f.On.IsZero() })
}

// asksLoaded reports whether the playbook asks for that. One that does not keeps what came.
func (d *dataReturn) asksLoaded() bool {
	return d.back != nil && slices.ContainsFunc(d.back.check.Points, func(p engagement.Point) bool { return p.ID == exit.PointLoaded })
}

// takeCopies takes those that the exit hands over.
func (d *dataReturn) takeCopies() {
	for _, e := range d.in.Copies {
		d.copies.all = append(d.copies.all, copyHere{expiry: e, rule: ruleLeft, chains: []string{d.in.CopiesOf, e.Process, d.process.in.Case}, handed: true, due: e.On})
	}
}

// eraseDue erases those whose days are over while data are waited for, also on hold: a
// vendor who is slow makes no copy stay longer than was said. One that the record refuses
// is tried again a day later.
func (d *dataReturn) eraseDue(ctx workflow.Context) (again bool, err error) {
	if d.copies.counted {
		return false, nil
	}
	for i := range d.copies.all {
		c := &d.copies.all[i]
		switch {
		case c.gone:
			continue
		case !c.due.After(d.now(ctx)):
			c.gone, err = d.eraseIn(ctx, *c)
			c.due = d.now(ctx).AddDate(0, 0, 1)
			return true, err
		case d.wake.IsZero() || c.due.Before(d.wake):
			d.wake = c.due
		}
	}
	return false, nil
}

// copiesLeft are those that the exit has back from a return of data that came to no end.
func (d *dataReturn) copiesLeft() []engagement.Expiry {
	if d.result.Result == ResultDone {
		return nil
	}
	var left []engagement.Expiry
	for _, c := range d.copies.all {
		if c.handed && !c.gone {
			left = append(left, c.expiry)
		}
	}
	return left
}

// findCopies says which copies there are besides. What was delivered goes, also what would
// not do, once the data are back; where they never came somebody answers for that already.
func (d *dataReturn) findCopies(ctx workflow.Context) {
	d.copies.counted = true
	if !d.asksLoaded() || d.matter(matterReturned).State != exit.StateDone {
		return
	}
	d.copies.word = d.loaded
	for i, digest := range d.came {
		e := engagement.Expiry{ID: d.process.in.Process + ":" + matterReturned + "-" + strconv.Itoa(i+1), Kind: engagement.ExpiryCopy, Name: matterReturned,
			On: d.now(ctx), Document: digest, Process: d.process.in.Process}
		d.copies.all = append(d.copies.all, copyHere{expiry: e, rule: ruleLoaded, chains: []string{d.process.in.Case}, waits: d.loaded.Answer == ""})
	}
}

// eraseCopies erases what is here, after everything else is seen to. What stays is the
// owner's to settle.
func (d *dataReturn) eraseCopies(ctx workflow.Context) (again bool, err error) {
	if !d.copies.counted && d.settled() {
		d.findCopies(ctx)
		d.copies.again = len(d.copies.all) > 0
	}
	if !d.copies.again {
		return false, nil
	}
	d.copies.again = false
	to, chore := exit.Matter{State: exit.StateDone, By: d.copies.word.Person, Answer: d.copies.word.Answer}, ""
	if to.Answer == "" { // nobody was to be asked
		to.Why = exit.WhyErased
	}
	for i := range d.copies.all {
		c := &d.copies.all[i]
		why := whyNotLoaded
		if !c.gone && !c.waits {
			why = whyKept
			c.gone, err = d.eraseIn(ctx, *c)
			if err != nil {
				return false, err
			}
		}
		if !c.gone {
			to = exit.Matter{State: exit.StateFailed, Why: why, Found: to.Found + 1}
			chore = playbook.ChoreCopies
		}
	}
	d.becomes(ctx, matterCopies, chore, to)
	return true, nil
}

// eraseIn erases a copy in the first of its cases that has it, and puts that down.
func (p *process) eraseIn(ctx workflow.Context, c copyHere) (gone bool, err error) {
	for _, chain := range c.chains {
		if chain == "" || c.expiry.Document == "" {
			continue
		}
		refused, err := p.eraseBy(ctx, chain, c.expiry.Document, c.rule)
		if err != nil {
			return false, err
		}
		if !refused {
			e := c.expiry
			p.note(ctx, dossier.WatchEnded, "", "", nil, &dossier.Detail{Expiry: &e, Result: "erased"})
			return true, nil
		}
	}
	return false, nil
}
