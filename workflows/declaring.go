package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// declaredBefore tells a request that somebody's statement on interests stands in the
// case since it was opened, so that they aren't asked for it twice.
func (p *process) declaredBefore(ctx workflow.Context, a *asked, person string) {
	wants := a.req.Closed == nil && a.req.Declaration != "" && !slices.Contains(a.req.Declared, person)
	if wants && slices.Contains(p.declared, person) {
		p.apply(ctx, a, []review.Fact{{Kind: review.FactDeclared, Request: a.req.ID, At: p.now(ctx), Person: person}})
	}
}

// declaredWith keeps that somebody's statement on interests came with an answer; every
// other request in which they hold a seat hears of it, and shows it no more.
func (p *process) declaredWith(ctx workflow.Context, a *asked, person string) {
	if !slices.Contains(a.req.Declared, person) || slices.Contains(p.declared, person) {
		return
	}
	p.state(person, p.now(ctx))
	p.share(ctx, Interest{Declared: person, At: p.now(ctx)})
	for _, other := range p.asks {
		if len(other.req.SeatsOf(person, p.now(ctx))) > 0 {
			p.declaredBefore(ctx, other, person)
		}
	}
}

// lacking are the competences that a seat asks for and whoever joins it is not known to
// have.
func lacking(a *asked, seat string, who review.Person) []string {
	s, _, _ := a.req.Seat(seat)
	return engagement.Lacks(s.Competence, who.Competences)
}
