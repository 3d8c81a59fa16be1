package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// want makes the named chore the one that the owner is asked about an item; the empty
// name asks nothing. A chore that is no longer needed is closed.
func (d *diligence) want(ctx workflow.Context, it *item, name string) {
	open := it.chore != nil && it.chore.req.Closed == nil
	if open && it.wanted == name {
		return
	}
	if open {
		d.shut(ctx, it.chore, review.Open, "superseded")
	}
	it.chore, it.wanted = nil, name
	if name != "" {
		it.chore = d.openItemChore(ctx, it, name)
	}
}

// openItemChore asks the owner what becomes of an item. The choices are the ways on
// that it has; each needs a reason.
func (d *diligence) openItemChore(ctx workflow.Context, it *item, name string) *asked {
	chore := playbook.NewChore(name, playbook.Diligence, d.process.in.Chores)
	chore.Step.ID = settleName(it.step)
	chore.Step.Title += ": " + it.step.Title
	var options []review.Verdict
	switch name {
	case playbook.ChoreSame, playbook.ChoreIncomplete, playbook.ChoreUnreadable:
		options = append(options, playbook.TakeAnyway)
	}
	if it.step.AsksVendor() {
		options = append(options, playbook.AskVendor)
	}
	if name == playbook.ChoreNotAccepted || !it.step.AsksVendor() {
		options = append(options, playbook.AskAgain)
	}
	if it.step.Policy.Waivable {
		options = append(options, playbook.Waive)
	}
	options = append(options, playbook.Withdraw)
	return d.open(ctx, question{step: chore.Step, options: options, reasoned: options, toVendor: playbook.Outward(options)})
}

// choreDone acts on what the owner answered about an item. To ask the same people
// again means those who refused what the vendor delivered, or our own who delivered.
func (d *diligence) choreDone(ctx workflow.Context, it *item) {
	b := *it.chore.req.Standing(playbook.OwnerSeat)
	d.shut(ctx, it.chore, review.Met, "decided")
	it.chore, it.wanted = nil, ""
	switch b.Verdict {
	case playbook.TakeAnyway:
		it.phase, it.odd = itemJudged, ""
	case playbook.AskVendor:
		d.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: it.step.ID, Version: it.round, Written: b.Written})
		d.askAfresh(ctx, it, b.Answer)
	case playbook.AskAgain:
		if it.decision != nil && it.step.AsksVendor() {
			d.askAgain(ctx, it.decision, b.Person, b.Answer)
			return
		}
		d.askAfresh(ctx, it, "")
	case playbook.Waive:
		it.phase, it.reason = itemWaiving, b
	case playbook.Withdraw:
		d.quit(ctx, b)
	}
}

// quit ends the process by a chore's answer.
func (d *diligence) quit(ctx workflow.Context, b review.Ballot) {
	d.result.Result, d.result.By = ResultWithdrawn, b.Person
	d.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
}

// waive asks the owner until when the item is waived, and waives it. What is delivered
// meanwhile is taken instead. A date that has passed is asked for again.
func (d *diligence) waive(ctx workflow.Context, it *item) (again bool) {
	now := d.now(ctx)
	if it.ask.req.Closed == nil && it.ask.req.Tally(now).State == review.Met {
		d.shut(ctx, it.waiver, review.Open, "superseded")
		it.waiver, it.phase = nil, itemAsked
		return true
	}
	if it.waiver == nil {
		chore := playbook.NewChore(playbook.ChoreWaiver, playbook.Diligence, d.process.in.Chores)
		chore.Step.ID = playbook.ChoreWaiver + "-" + it.step.ID
		chore.Step.Title, chore.Step.Expiry = it.step.Title+": "+chore.Step.Title, engagement.ExpiryWaiver
		it.waiver = d.open(ctx, question{step: chore.Step})
		return false
	}
	if it.waiver.req.Tally(now).State != review.Met {
		return false
	}
	d.shut(ctx, it.waiver, review.Met, "decided")
	ends := expiring(d.process.in.Process, it.waiver)
	if len(ends) == 0 || !ends[0].On.After(now) {
		it.waiver = nil
		return true
	}
	b := standing(it.waiver.req)[0]
	ends[0].Name, ends[0].Person = it.step.ID, b.Person
	d.waived(ctx, it, ends, now)
	return true
}

// waived notes who waived an item, why and until when.
func (d *diligence) waived(ctx workflow.Context, it *item, ends []engagement.Expiry, now time.Time) {
	for _, a := range []*asked{it.ask, it.decision} {
		if a != nil && a.req.Closed == nil {
			d.apply(ctx, a, []review.Fact{{Kind: review.FactWaived, Request: a.req.ID, At: now, Person: it.reason.Person, Answer: it.reason.Answer}})
			d.shut(ctx, a, a.req.Tally(now).State, "waived")
		}
	}
	it.phase, it.ends, it.document = itemWaived, ends, ends[0].Document
	d.note(ctx, dossier.Evidence, it.reason.Person, it.reason.Answer, nil, &dossier.Detail{Step: it.step.ID, Result: playbook.EvidenceWaived,
		Document: it.document, Version: it.round, Ends: ends[0].On, Written: it.reason.Written})
}
