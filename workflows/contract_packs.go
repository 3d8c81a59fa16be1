package workflows

import (
	"errors"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// hearTier is the coroutine that hears of a corrected intake, which may want more
// clauses looked for.
func (c *contractReview) hearTier(ctx workflow.Context) {
	for {
		var t TierChange
		workflow.GetSignalChannel(ctx, SignalTier).Receive(ctx, &t)
		c.retold = append(c.retold, t)
		c.changes++
	}
}

// lookForMore adds the packs that a corrected intake wants besides. They are looked for
// in the text as it is now; what was found of the others stands.
func (c *contractReview) lookForMore(ctx workflow.Context) error {
	t := c.retold[0]
	c.retold = c.retold[1:]
	var fresh []*pack
	for _, s := range c.later {
		known := slices.ContainsFunc(c.packs, func(k *pack) bool { return k.step.ID == s.ID })
		if !known && s.Applies(t.Tier) && s.When.Holds(t.Facts) {
			fresh = append(fresh, newPack(s))
		}
	}
	c.packs = append(c.packs, fresh...)
	if len(fresh) == 0 || c.review == nil && c.approved == nil { // the first version has them looked for
		return nil
	}
	v := c.newest()
	c.working++
	out, err := call(ctx, thorough("look for more clauses"), actCompare, acts.Compare,
		activities.CompareIn{Document: v[0].Document, Seats: []activities.SeatScope{{Seat: playbook.OwnerSeat}}, Packs: soughtIn(fresh)})
	c.working--
	c.changes++
	var app *temporal.ApplicationError
	if err != nil && !errors.As(err, &app) { // final: then people look without proposals
		return err
	}
	for _, k := range fresh {
		var points []engagement.Point
		for _, l := range k.lines {
			point := l.point
			point.Cues, point.Proposed = nil, nil
			if i := slices.IndexFunc(out.Packs, func(p activities.PackPlaces) bool { return p.Step == k.step.ID }); i >= 0 {
				point.Proposed = placesOf(out.Packs[i].Proposed, point.ID)
			}
			points = append(points, point)
		}
		k.ask = c.open(ctx, question{step: k.step, document: ContractDocument, points: points, versions: v})
	}
	return nil
}

// settledText makes the review one in which nothing is looked for but packs, in a text
// that was signed off already.
func (c *contractReview) settledText(in ContractInput) {
	c.approved = &ContractResult{Result: ResultSigned, Version: 1, Document: in.Signed}
	c.filesAs = ""
	c.retold = []TierChange{{Tier: in.Tier, Facts: in.Facts}}
}

// owedPacks are the packs of clauses that the intake, as it is now, wants looked for in
// a contract that was signed off without.
func (o *onboarding) owedPacks() []playbook.Step {
	step := o.reviewStep()
	busy := slices.ContainsFunc(o.children, func(c *child) bool {
		return c.part == playbook.Contract && (!c.taken || c.chore != nil && c.chore.req.Closed == nil)
	})
	if !o.in.Renew || o.signed == "" || busy || step == nil || !slices.Contains(o.reviewed, step.ID) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.in.Steps), func(s playbook.Step) bool {
		return s.Process != playbook.Contract || s.Does != playbook.DoesClauses || !o.applies(s) || slices.Contains(o.looked, s.ID)
	})
}

// startPacks starts a contract review that looks for nothing but some packs.
func (o *onboarding) startPacks(ctx workflow.Context, packs []playbook.Step) error {
	id, err := o.number(ctx, ContractPrefix(o.in.Vendor), playbook.ContractStage, partSummary(playbook.Contract))
	if err != nil {
		return err
	}
	in := ContractInput{Common: o.common(playbook.Contract, id), Packs: packs, Signed: o.signed, Facts: *o.facts}
	in.Steps = nil
	o.start(ctx, &child{id: id, part: playbook.Contract, only: []string{}}, ContractType, in, in.Held != nil)
	return nil
}

// laterPacks are the packs that the intake does not want now, and may when corrected.
func (o *onboarding) laterPacks() []playbook.Step {
	return slices.DeleteFunc(slices.Clone(o.in.Steps), func(s playbook.Step) bool {
		return !o.in.Renew || s.Process != playbook.Contract || s.Does != playbook.DoesClauses || o.applies(s)
	})
}

// reads reports whether a contract review is the one that the vendor's tier wants now.
func (o *onboarding) reads(c *child) bool {
	step := o.reviewStep()
	return o.in.Renew && c.part == playbook.Contract && step != nil && slices.Contains(c.steps, step.ID)
}

// text is the version that is reviewed, or was signed off.
func (c *contractReview) text() review.Version {
	if c.review == nil {
		return review.Version{Number: c.approved.Version, Document: c.approved.Document}
	}
	return c.review.req.Versions[len(c.review.req.Versions)-1]
}
