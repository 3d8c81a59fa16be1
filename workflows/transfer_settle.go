package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// settleSilent asks the owner about an area in which nobody answers.
func (c *teaching) settleSilent(ctx workflow.Context, a *area, waits *asked) {
	if silent(waits) {
		c.settle(ctx, a, whySilent)
		return
	}
	c.settle(ctx, a, "")
}

// settle asks the owner about an area, or no longer. What was not shown, or not judged,
// or not signed is never done by the owner's word.
func (c *teaching) settle(ctx workflow.Context, a *area, why string) {
	var ways []review.Verdict
	switch why {
	case "":
	case whyNoStep:
		ways = append(ways, playbook.Waive)
	default:
		if why == whySilent && silent(a.material) && a.material.step.AsksVendor() {
			ways = append(ways, playbook.AskVendor)
		}
		ways = append(ways, playbook.AskAgain)
		if why == whySilent && a.at == areaTaught {
			ways = append(ways, ourSide)
		}
		if slices.ContainsFunc(c.steps(), func(s *playbook.Step) bool { return s.Policy.Waivable }) {
			ways = append(ways, playbook.Waive)
		}
	}
	c.want(ctx, &a.charge, why, ways...)
}

// choose acts on what the owner said of an area.
func (c *teaching) choose(ctx workflow.Context, a *area, b review.Ballot) {
	switch b.Verdict {
	case playbook.Waive:
		if a.why == "" {
			a.why = whySilent
		}
		a.reason, a.at = b, areaWaiving
	case ourSide:
		a.ours = true
		if silent(a.material) {
			c.closeAs(ctx, a.material, "superseded")
			a.came = true
		}
		if a.session != nil && silent(a.session.ask) {
			c.closeAs(ctx, a.session.ask, "superseded")
			c.callOff(ctx, a.session)
			a.session, a.left = nil, 0
		}
	case playbook.AskVendor:
		a.words = b.Answer
		c.note(ctx, dossier.SentToVendor, b.Person, b.Answer, nil, &dossier.Detail{Name: a.material.step.ID, Written: b.Written})
		c.askAnew(ctx, a)
	default:
		c.askAnew(ctx, a)
	}
}

// askAnew has whoever is silent asked once more, and an area that got stuck taught and
// shown once more.
func (c *teaching) askAnew(ctx workflow.Context, a *area) {
	switch {
	case a.at == areaStuck:
		c.onceMore(a)
		return
	case a.at == areaTaught && silent(a.material):
		c.closeAs(ctx, a.material, "superseded")
		a.material = nil
	}
	if a.session != nil && silent(a.session.ask) {
		c.closeAs(ctx, a.session.ask, "superseded")
		c.callOff(ctx, a.session)
		a.session = nil
	}
	switch {
	case a.at == areaShown && silent(a.shown):
		c.closeAs(ctx, a.shown, "superseded")
		a.shown = nil
	case a.at == areaJudged && silent(a.judged):
		c.closeAs(ctx, a.judged, "superseded")
		a.judged = c.judges(ctx, a.shown, a.judged.req.Makers)
	case a.at == areaSigned && silent(a.signed):
		c.closeAs(ctx, a.signed, "superseded")
		a.signed = c.signs(ctx, a)
	}
}

// waiveArea asks until when an area is waived, and waives it.
func (c *teaching) waiveArea(ctx workflow.Context, a *area) {
	until, document := c.waive(ctx, &a.charge)
	if until.IsZero() {
		return
	}
	for _, x := range []*asked{a.material, a.shown, a.judged, a.signed} {
		c.closeAs(ctx, x, "waived")
	}
	if a.session != nil {
		c.closeAs(ctx, a.session.ask, "waived")
		c.callOff(ctx, a.session)
	}
	a.matter = c.matter(a.id)
	m := &a.matter
	m.State, m.By, m.Until, m.Why, m.Document, m.Answer = exit.StateWaived, a.reason.Person, until, a.why, document, a.reason.Answer
	a.at = areaOver
	c.settled(ctx, *m)
	c.changes++
}

// reopenedNote notes that the owner has something done once more.
func (p *passing) reopenedNote(ctx workflow.Context, act review.Act) {
	p.note(ctx, dossier.Reopened, act.Person.ID, act.ID, nil, &dossier.Detail{Step: act.Step, Written: act.Written})
}
