package workflows

import (
	"errors"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// ExecutedDocument is the name under which the signed copy is filed.
const ExecutedDocument = "executed"

// What became of a signed copy, as the record says it.
const (
	copySame     = "same" // clause by clause the text that was approved
	copyAccepted = "accepted"
	copySentBack = "sent-back"
)

// signedCopy is the signed copy that was filed last.
type signedCopy struct {
	document string
	// odd: it is not the approved text, or can't be compared with it.
	odd bool
	// touched: some text differs, as far as there is any.
	touched []review.Touch
	number  int // copies that were filed
	by      review.Ballot
}

// executedStep is the step that asks for the signed copy, nil where the tier has none.
func (p *process) executedStep() *playbook.Step {
	for i, s := range p.in.Steps {
		if s.Process == playbook.Contract && s.Does == playbook.DoesExecuted && s.Applies(p.in.Tier) {
			return &p.in.Steps[i]
		}
	}
	return nil
}

// finish brings on what follows the sign-off: clauses that a waived review left open,
// then the signed copy.
func (c *contractReview) finish(ctx workflow.Context) (again bool, err error) {
	step := c.executedStep()
	switch {
	case c.looking(ctx, false):
		c.want(ctx, "")
	case c.lacking(ctx):
		c.want(ctx, playbook.ChoreClauses)
	case step == nil:
		c.end(ctx, review.Ballot{})
	case c.copy.odd:
		c.want(ctx, playbook.ChoreCopy)
	case c.executed == nil:
		c.want(ctx, "")
		c.executed = c.open(ctx, question{step: *step})
	case c.executed.req.Tally(c.now(ctx)).State == review.Met:
		c.shut(ctx, c.executed, review.Met, "decided")
		return true, c.compareCopy(ctx)
	}
	return false, nil
}

// lacking reports whether the owner has to say what becomes of a clause.
func (c *contractReview) lacking(ctx workflow.Context) bool {
	points, _, _ := c.missing(ctx)
	return len(points) > 0
}

// compareCopy compares the signed copy with the text that was approved.
func (c *contractReview) compareCopy(ctx workflow.Context) error {
	b := standing(c.executed.req)[0]
	document := copyIn(c.executed.req, b)
	if document == "" {
		c.executed = nil
		c.refuse(ctx, b.Answer, b.Person, review.Outcome{By: b.Person}, review.NeedsDocument)
		return nil
	}
	c.copy = signedCopy{document: document, number: c.copy.number + 1, by: b}
	d := &dossier.Detail{Name: ExecutedDocument, Document: document, Version: c.copy.number, ForVendor: b.ForVendor, Written: b.Written}
	in := activities.CompareIn{Document: document, Seats: []activities.SeatScope{{Seat: playbook.OwnerSeat}},
		Earlier: []activities.EarlierDocument{{Version: 1, Document: c.approved.Document}}}
	c.working++
	out, err := call(ctx, thorough("compare the signed copy"), actCompare, acts.Compare, in)
	c.working--
	c.changes++
	var app *temporal.ApplicationError
	switch {
	case errors.As(err, &app): // final: no text can be had from it
		c.copy.odd, c.copy.touched = true, []review.Touch{{Version: 1, Seats: []string{playbook.OwnerSeat}}}
	case err != nil:
		return err
	default:
		d.Size, d.Media, d.ReadAs, d.Clauses, d.Comparison = out.Size, out.Media, out.ReadAs, out.Clauses, out.Last
		c.copy.odd, c.copy.touched = out.Last == nil || !out.Last.Empty(), out.Touched
	}
	c.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, d)
	if !c.copy.odd {
		c.noteCopy(ctx, copySame, review.Ballot{})
		c.end(ctx, b)
	}
	return nil
}

// copyIn is the signed copy in an answer: what answers a line that wants a file, else
// the first document that is not the sheet.
func copyIn(r *review.Request, b review.Ballot) string {
	for _, f := range b.Findings {
		if f.Document != "" {
			return f.Document
		}
	}
	documents := b.Documents
	if r.Sheet && len(documents) > 0 {
		documents = documents[:len(documents)-1]
	}
	if len(documents) == 0 {
		return ""
	}
	return documents[0]
}

// settleCopy acts on what the owner said of a copy that differs.
func (c *contractReview) settleCopy(ctx workflow.Context, b review.Ballot) {
	if b.Verdict == playbook.TakeAnyway {
		c.noteCopy(ctx, copyAccepted, b)
		c.end(ctx, c.copy.by)
		return
	}
	c.noteCopy(ctx, copySentBack, b)
	c.copy.odd, c.executed = false, nil
}

func (c *contractReview) noteCopy(ctx workflow.Context, result string, b review.Ballot) {
	c.note(ctx, dossier.CopyExecuted, b.Person, b.Answer, nil, &dossier.Detail{Document: c.copy.document, Version: c.approved.Version, Result: result, Written: b.Written})
}

// end makes the result, with what has to be watched from now on: of what the signed
// copy's form says, and of the clauses.
func (c *contractReview) end(_ workflow.Context, b review.Ballot) {
	c.result = *c.approved
	c.result.Executed = c.copy.document
	c.result.Expiries = c.clauseExpiries()
	if c.executed == nil {
		return
	}
	own := expiring(c.process.in.Process, c.executed)
	for i := range own {
		own[i].Kind, own[i].Document = engagement.ExpiryContract, c.copy.document
		if c.executed.step.Expiry != "" {
			own[i].Kind = c.executed.step.Expiry
		}
		terms(&own[i], b)
	}
	c.result.Expiries = append(own, c.result.Expiries...)
}

// mostRenewal bounds for how many months a contract goes on by itself: a hundred years.
const mostRenewal = 1200

// mostRise bounds by how many per cent a year a price rises.
const mostRise = 1000

// terms adds when notice must be given, and whether, for how long and at what price the
// contract goes on without.
func terms(e *engagement.Expiry, b review.Ballot) {
	if e.Kind != engagement.ExpiryContract {
		return
	}
	for _, f := range b.Findings {
		switch {
		case f.Point == engagement.PointNotice && f.Number != nil:
			e.NoticeDays = int(*f.Number)
		case f.Point == engagement.PointRenews:
			e.Renews = slices.Contains(f.Choices, engagement.Yes)
		case f.Point == engagement.PointRenewsFor && f.Number != nil:
			e.RenewMonths = int(min(max(*f.Number, 0), mostRenewal))
		case f.Point == engagement.PointPriceRise && f.Number != nil:
			e.PriceRise = int(min(max(*f.Number, 0), mostRise))
		}
	}
}
