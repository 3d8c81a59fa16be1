package desk

import (
	"context"
	"slices"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// formError says what is wrong with a form, at its points.
type formError struct {
	InputError
	points map[string]string
}

// Unwrap is the error without its points.
func (e formError) Unwrap() error { return e.InputError }

// Points is what is wrong and what to do about it, by the ids of the points.
func (e formError) Points() map[string]string { return e.points }

// asksAccess reports whether a request asks who gets access to code: by its points, and
// by what its step is for.
func (d *Desk) asksAccess(ctx context.Context, q *review.Request) (playbook.Playbook, bool, error) {
	const first = playbook.RowAccess + "-1-" + entitlement.GrantLogin
	var none playbook.Playbook
	if q == nil || !q.Sheet || q.Kind != review.Task || !slices.ContainsFunc(q.Points, func(p engagement.Point) bool { return p.ID == first }) {
		return none, false, nil
	}
	rules, err := d.rulesOf(ctx, q.Case)
	if err != nil {
		return none, false, BusyError{err}
	}
	does := func(s playbook.Step) bool { return s.ID == q.Step && s.Does == playbook.DoesAccess }
	return rules, slices.ContainsFunc(rules.Steps, does), nil
}

// checkAccess refuses a form of accesses that nobody could carry out, while whoever
// fills it in is there to correct it: the process would only find out once somebody
// signed it.
func (d *Desk) checkAccess(ctx context.Context, q *review.Request, a *review.Answer) error {
	if !review.Positive(a.Verdict) {
		return nil
	}
	rules, is, err := d.asksAccess(ctx, q)
	if err != nil || !is {
		return err
	}
	sheet, err := engagement.FillSheet(q.Title, q.Points, a.Findings, a.Words)
	if err != nil {
		return invalid("answer the points that are asked, each once", "the form can't be read: %w", err)
	}
	wrong := formError{points: map[string]string{}}
	for _, f := range entitlement.FaultsIn(sheet, caseDay(q, d.now()), rules.Watch.AccessDays) {
		wrong.Faults = append(wrong.Faults, f)
		if wrong.points[f.Point] == "" {
			wrong.points[f.Point] = f.Problem + "; " + f.Hint()
		}
	}
	if len(wrong.Faults) == 0 {
		return nil
	}
	wrong.hint = wrong.Faults[0].(entitlement.BadGrantError).Hint() + "; nothing was sent"
	return wrong
}

// caseDay is the case's day, as far as a request tells: in a rehearsal its calendar is
// ahead.
func caseDay(q *review.Request, now time.Time) time.Time {
	if q.Opened.After(now) {
		return q.Opened
	}
	return now
}

// looker asks GitHub how an access stands, and changes nothing.
type looker interface {
	Look(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error)
}

// lookWithin bounds how long a page waits for GitHub, all accesses of a form together.
const lookWithin = 4 * time.Second

// AccessNow is what GitHub knows now of the accesses on which somebody is to decide by a
// request that waits for them, as the version that they decide on has them: nothing
// where a request is about none, or no GitHub is set up. An access of which GitHub could not be asked is
// not-checkable, without a doubt of its own.
func (c clerk) AccessNow(ctx context.Context, who review.Address, request string) ([]entitlement.Standing, error) {
	if c.looks == nil {
		return nil, nil
	}
	waiting, err := c.desk.Waiting(ctx, who)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(waiting, func(q review.Request) bool { return q.ID == request })
	if i < 0 || waiting[i].Kind != review.Decision || waiting[i].Document == "" || len(waiting[i].Versions) == 0 {
		return nil, nil
	}
	q := waiting[i]
	rules, err := c.desk.rulesOf(ctx, q.Case)
	if err != nil {
		c.desk.log.Warn("reading a case's playbook", "case", q.Case, "error", err)
		return nil, nil
	}
	if !slices.ContainsFunc(rules.Steps, func(s playbook.Step) bool { return s.ID == q.Document && s.Does == playbook.DoesAccess }) {
		return nil, nil
	}
	sheet, err := c.desk.reception.sheet(ctx, q.Versions[len(q.Versions)-1].Document)
	if isNotFound(err) { // erased since
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	grants, err := entitlement.GrantsIn(sheet)
	if err != nil {
		return nil, invalid("ask for the form again", "what is asked for can't be carried out: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	var all []entitlement.Standing
	for _, g := range grants {
		s, err := c.looks.Look(ctx, g)
		if err != nil {
			c.desk.log.Info("GitHub was not asked before an access is accepted", "request", request, "grant", g.ID, "error", err)
			place := "repository/" + g.Repository
			if g.Team != "" {
				place = "team/" + g.Team
			}
			s = entitlement.Standing{Grant: g.ID, Login: g.Login, Place: place, Role: g.Role, Until: g.Until, Verdict: entitlement.VerdictNotCheckable}
		}
		all = append(all, s)
	}
	return all, nil
}
