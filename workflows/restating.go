package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// statementMonths is for how long a statement on interests stands.
const statementMonths = 12

// Statement is when somebody last stated that they have no interest in the vendor.
type Statement struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"` // case time
}

// statedAt completes statements with those of people of whom only the name was handed on:
// theirs was made as the process began.
func statedAt(known []Statement, declared []string, now time.Time) []Statement {
	all := slices.Clone(known)
	for _, id := range declared {
		if !slices.ContainsFunc(all, func(s Statement) bool { return s.Person == id }) {
			all = append(all, Statement{Person: id, At: now})
		}
	}
	return all
}

// state keeps that somebody's statement stands, as of a moment; false: a newer one is
// known already.
func (p *process) state(person string, at time.Time) bool {
	i := slices.IndexFunc(p.stated, func(s Statement) bool { return s.Person == person })
	if i >= 0 && !p.stated[i].At.Before(at) {
		return false
	}
	if i < 0 {
		p.stated = append(p.stated, Statement{})
		i = len(p.stated) - 1
	}
	p.stated[i] = Statement{Person: person, At: at}
	if !slices.Contains(p.declared, person) {
		p.declared = append(p.declared, person)
	}
	return true
}

// restate lets statements stand no more that were made a year ago: whoever answers next
// makes theirs again.
func (p *process) restate(ctx workflow.Context) {
	now := p.now(ctx)
	p.unstate(ctx, func(s Statement) bool { return !engagement.MonthsLater(s.At, statementMonths).After(now) })
}

// factsChanged lets all statements stand no more that were made before a fact of the
// intake was corrected: somebody may have an interest in what the vendor is now.
func (p *process) factsChanged(ctx workflow.Context, at time.Time) {
	p.corrected = at
	p.unstate(ctx, func(s Statement) bool { return !s.At.After(at) })
}

// unstate lets some statements stand no more, in open requests too.
func (p *process) unstate(ctx workflow.Context, which func(Statement) bool) {
	for _, s := range slices.Clone(p.stated) {
		if !which(s) {
			continue
		}
		p.stated = slices.DeleteFunc(p.stated, func(x Statement) bool { return x.Person == s.Person })
		p.declared = slices.DeleteFunc(p.declared, func(id string) bool { return id == s.Person })
		for _, a := range p.asks {
			if a.req.Closed == nil && slices.Contains(a.req.Declared, s.Person) {
				p.apply(ctx, a, []review.Fact{{Kind: review.FactUndeclared, Request: a.req.ID, At: p.now(ctx), Person: s.Person}})
				p.follow(a, p.now(ctx))
			}
		}
	}
}

// takeStatements takes over what was stated in a part that has ended, but for what was
// said before the newest correction.
func (p *process) takeStatements(lists ...[]Statement) {
	for _, list := range lists {
		for _, s := range list {
			if s.At.After(p.corrected) {
				p.state(s.Person, s.At)
			}
		}
	}
}
