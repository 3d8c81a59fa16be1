package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// want makes the named chore the one that the owner is asked, of being the request
// that it settles; the empty name asks nothing. A chore that is no longer needed
// is closed.
func (c *collection) want(ctx workflow.Context, name string, of *asked) {
	open := c.chore != nil && c.chore.req.Closed == nil
	if open && c.chore.step.ID == name {
		return
	}
	if open {
		c.shut(ctx, c.chore, review.Open, "superseded")
	}
	c.chore = nil
	if name != "" {
		c.chore = c.openChore(ctx, name, playbook.DPA, of, []review.Verdict{playbook.AskVendor, playbook.AskAgain, playbook.Refuse})
	}
}

// choreDone acts on what the owner answered.
func (c *collection) choreDone(ctx workflow.Context) {
	b := *c.chore.req.Standing(playbook.OwnerSeat)
	c.shut(ctx, c.chore, review.Met, "decided")
	switch b.Verdict {
	case playbook.TakeAnyway:
		c.phase = checking
	case playbook.AskVendor:
		c.again(ctx, b, engagement.DPAPoints())
	case playbook.SendMissing:
		c.again(ctx, b, c.lacking(ctx))
	case playbook.AskAgain:
		c.askAgain(ctx, c.sign, b.Person, b.Answer)
	case playbook.Waive:
		now := c.now(ctx)
		c.apply(ctx, c.sign, []review.Fact{{Kind: review.FactWaived, Request: c.sign.req.ID, At: now, Person: b.Person, Answer: b.Answer}})
		c.shut(ctx, c.sign, c.sign.req.Tally(now).State, "waived")
		c.result.Result, c.result.By = ResultWaived, b.Person
	case playbook.Refuse:
		c.result.Result, c.result.By = ResultRefused, b.Person
	case playbook.Withdraw:
		c.result.Result, c.result.By = ResultWithdrawn, b.Person
		c.note(ctx, dossier.Withdrawn, b.Person, b.Answer, nil, &dossier.Detail{Written: b.Written})
	}
}

// again goes back to the vendor with the owner's words: the next round asks for
// what is expected. What people said of the round before stays in the record and
// counts for nothing in the next.
func (c *collection) again(ctx workflow.Context, b review.Ballot, expected []engagement.Point) {
	d := &dossier.Detail{Name: DPADocument, Version: c.round, Written: b.Written}
	for _, p := range c.expectedOf(b, expected) {
		d.Points = append(d.Points, p.ID)
	}
	c.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, d)
	if c.sign != nil {
		c.shut(ctx, c.sign, c.sign.req.Tally(c.now(ctx)).State, "superseded")
	}
	for i := range expected { // where they might stand in another text says nothing
		expected[i].Proposed = nil
	}
	c.words, c.expected = b.Answer, expected
	c.ask, c.check, c.sign = nil, nil, nil
	c.phase, c.reopens = fromVendor, nil
}

// expectedOf are the points that the vendor is told lack: none where they are
// asked anew for another reason.
func (c *collection) expectedOf(b review.Ballot, expected []engagement.Point) []engagement.Point {
	if b.Verdict == playbook.SendMissing {
		return expected
	}
	return nil
}

// withdraw ends the collection because somebody withdrew it, or because its case
// goes back to an earlier step.
func (c *collection) withdraw(ctx workflow.Context) {
	c.result.Result, c.result.By = ResultWithdrawn, c.withdrawn.Person.ID
	if c.withdrawn.Kind == review.Reopen {
		c.result.Result = ResultReopened
	}
	c.note(ctx, dossier.Withdrawn, c.withdrawn.Person.ID, c.withdrawn.ID, nil, &dossier.Detail{Written: c.withdrawn.Written})
}

// reopen goes back to asking the vendor, or to the checklist of what they
// delivered; what was asked since is closed, and stays in the record.
func (c *collection) reopen(ctx workflow.Context) {
	act := *c.reopened
	c.reopened = nil
	c.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Written: act.Written})
	for _, a := range c.asks {
		if a.req.Closed == nil && a.req.AskText == "" {
			c.shut(ctx, a, a.req.Tally(c.now(ctx)).State, "reopened")
		}
	}
	c.chore, c.check, c.sign = nil, nil, nil
	if act.Step == c.steps.Check.ID {
		c.phase, c.reopens = checking, []string{c.steps.Ask.ID}
		return
	}
	c.phase, c.reopens, c.ask = fromVendor, nil, nil
	c.words, c.expected = "", engagement.DPAPoints()
}
