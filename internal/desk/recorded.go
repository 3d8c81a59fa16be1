package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// recorded reads what somebody was told about an answer or act from the line
// that it left, for when there is no receipt. A request's own facts are folded up
// to that line, so that also the state after it is the one of then.
func (d *Desk) recorded(ctx context.Context, l dossier.Line) (review.Outcome, error) {
	e := l.Entry
	switch {
	case e.Fact != nil && e.Fact.Outcome != nil:
		return *e.Fact.Outcome, nil
	case e.Detail != nil && e.Detail.Outcome != nil:
		return *e.Detail.Outcome, nil
	case e.Fact == nil: // an act on the process: a version filed, a withdrawal
		return review.Outcome{Status: review.Counted, By: e.Actor, At: e.CaseAt}, nil
	}
	lines, err := d.store.Lines(ctx, e.Case)
	if err != nil {
		return review.Outcome{}, fmt.Errorf("reading the record up to an answer: %w", err)
	}
	var view dossier.CaseView
	for _, x := range lines {
		if x.N <= l.N && !x.Conflict {
			view.Apply(x.Entry)
		}
	}
	out := review.Outcome{Status: review.Counted, Request: e.Fact.Request, Seat: e.Fact.Seat, By: e.Actor, At: e.CaseAt}
	i := slices.IndexFunc(view.Requests, func(r review.Request) bool { return r.ID == e.Fact.Request })
	if i < 0 {
		return out, nil
	}
	r := &view.Requests[i]
	out.State, out.Version = r.Tally(e.CaseAt).State, r.Current()
	for _, b := range r.Ballots {
		if b.Answer == e.Answer {
			out.Seat, out.By, out.At, out.Verdict, out.Version = b.Seat, b.Person, b.At, b.Verdict, b.Version
		}
	}
	for _, a := range r.Acts {
		if a.Answer == e.Answer {
			out.Seat, out.By, out.At, out.Verdict = a.Outcome.Seat, a.Outcome.By, a.Outcome.At, a.Outcome.Verdict
			if a.Outcome.Verdict != "" { // what was taken back
				out.Version = a.Outcome.Version
			}
		}
	}
	return out, nil
}
