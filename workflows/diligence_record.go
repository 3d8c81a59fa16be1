package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// RiskDocument is the name under which risk records are filed.
const RiskDocument = "risk-record"

// riskSteps are the steps of the risk record: it is filled in, then signed. A task
// that does both is signed by those who accept it. Nil: the tier has none.
func (d *diligence) riskSteps() (fill, sign *playbook.Step) {
	for i, s := range d.in.Steps {
		switch {
		case s.Process != playbook.Diligence || !d.applies(s) || len(d.in.Only) > 0 && !slices.Contains(d.in.Only, s.ID):
		case s.Kind == review.Task && fill == nil:
			fill = &d.in.Steps[i]
		case s.Kind == review.Decision && s.Does == playbook.DoesRisk && sign == nil:
			sign = &d.in.Steps[i]
		}
	}
	return fill, sign
}

// riskRecord has the risk record filled in and signed, once every item is settled.
func (d *diligence) riskRecord(ctx workflow.Context) (again bool) {
	fill, sign := d.riskSteps()
	switch {
	case fill == nil && sign == nil:
		d.unsign(ctx, "superseded")
		d.result.Result = ResultCleared
		return false
	case d.chore != nil && d.chore.req.Closed == nil && d.chore.req.Tally(d.now(ctx)).State == review.Met:
		d.riskChoreDone(ctx)
		return true
	case fill != nil && (d.fill == nil || d.fill.req.Closed == nil):
		return d.fillIn(ctx, *fill)
	case d.sign == nil && sign != nil:
		d.sign = d.open(ctx, d.signing(*sign))
		return false
	case d.sign == nil && fill.Accept != nil:
		d.sign = d.openAccept(ctx, d.fill, makers(d.fill.req)...)
		return false
	case d.sign == nil: // nobody else signs it: it is good as it was filled in
		d.signed(ctx)
		return false
	}
	switch d.sign.req.Tally(d.now(ctx)).State {
	case review.Met:
		d.wantRisk(ctx, false)
		d.shut(ctx, d.sign, review.Met, "decided")
		d.signed(ctx)
	case review.Wanted, review.Denied:
		d.wantRisk(ctx, true)
	default:
		d.wantRisk(ctx, false)
	}
	return false
}

// fillIn asks for the risk record, and files what was filled in.
func (d *diligence) fillIn(ctx workflow.Context, step playbook.Step) (again bool) {
	if d.fill == nil {
		d.fill = d.open(ctx, question{step: step})
		return false
	}
	if d.fill.req.Tally(d.now(ctx)).State != review.Met {
		return false
	}
	d.shut(ctx, d.fill, review.Met, "decided")
	d.filled++
	d.result.Document = deliveredIn(d.fill.req)
	for _, b := range standing(d.fill.req) {
		if len(b.Documents) > 0 {
			d.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, &dossier.Detail{Name: RiskDocument, Document: b.Documents[len(b.Documents)-1],
				Version: d.filled, Media: engagement.SheetMedia, Written: b.Written})
		}
	}
	return true
}

// signing asks for the signatures under the very record.
func (d *diligence) signing(step playbook.Step) question {
	q := question{step: step, requester: step.Barred(d.process.in.Requester)}
	if d.fill != nil {
		q.document, q.makers = RiskDocument, makers(d.fill.req)
		q.versions = []review.Version{{Number: d.filled, Document: d.result.Document, At: d.fill.req.Closed.At}}
	}
	return q
}

// unsign takes back that the risk record is being filled in or signed, because what it
// rests on changes. A record that was filled in is kept: it is for those who sign to
// say whether it still holds.
func (d *diligence) unsign(ctx workflow.Context, why string) {
	d.wantRisk(ctx, false)
	if d.sign != nil {
		d.shut(ctx, d.sign, d.sign.req.Tally(d.now(ctx)).State, why)
		d.sign = nil
	}
	if d.fill != nil && d.fill.req.Closed == nil {
		d.shut(ctx, d.fill, d.fill.req.Tally(d.now(ctx)).State, why)
		d.fill = nil
	}
}

// wantRisk asks the owner, or asks them no longer, what becomes of a risk record that
// was not signed.
func (d *diligence) wantRisk(ctx workflow.Context, wanted bool) {
	open := d.chore != nil && d.chore.req.Closed == nil
	switch {
	case wanted && !open:
		on := []review.Verdict{playbook.AskAgain, playbook.RefuseVendor}
		if d.fill != nil {
			on = slices.Insert(on, 0, playbook.NextVersion)
		}
		d.chore = d.openChore(ctx, settleName(d.sign.step), playbook.Diligence, d.sign, on)
	case !wanted && open:
		d.shut(ctx, d.chore, review.Open, "superseded")
		d.chore = nil
	}
}

// riskChoreDone acts on what the owner answered about the risk record.
func (d *diligence) riskChoreDone(ctx workflow.Context) {
	b := *d.chore.req.Standing(playbook.OwnerSeat)
	d.shut(ctx, d.chore, review.Met, "decided")
	d.chore = nil
	switch b.Verdict {
	case playbook.NextVersion:
		d.unsign(ctx, "superseded")
		d.fill = nil
	case playbook.AskAgain:
		d.askAgain(ctx, d.sign, b.Person, b.Answer)
	case playbook.RefuseVendor:
		d.result.Result, d.result.By = ResultRefused, b.Person
	case playbook.Waive:
		now := d.now(ctx)
		d.apply(ctx, d.sign, []review.Fact{{Kind: review.FactWaived, Request: d.sign.req.ID, At: now, Person: b.Person, Answer: b.Answer}})
		d.shut(ctx, d.sign, d.sign.req.Tally(now).State, "waived")
		d.result.Result, d.result.By = ResultWaived, b.Person
	case playbook.Withdraw:
		d.quit(ctx, b)
	}
}

// signed ends the process with the record that people signed: it is noted in the case,
// and in the register.
func (d *diligence) signed(ctx workflow.Context) {
	d.result.Result = ResultSigned
	det := dossier.Detail{Vendor: d.in.Vendor, Document: d.result.Document, Version: d.filled, Ends: firstEnd(d.evidence())}
	d.note(ctx, dossier.RiskSigned, "", "", nil, &det)
	reg := det
	reg.Parent = d.process.in.Case
	d.noteIn(ctx, dossier.Register, dossier.RiskSigned, "", "", nil, &reg)
}

// evidence is what has to be watched of the items and of the risk record.
func (d *diligence) evidence() []engagement.Expiry {
	var all []engagement.Expiry
	for _, it := range d.items {
		all = append(all, it.ends...)
	}
	if d.fill != nil && d.fill.req.Closed != nil {
		for _, e := range expiring(d.process.in.Process, d.fill) {
			if d.fill.step.Expiry == "" {
				e.Kind = engagement.ExpiryReview
			}
			all = append(all, e)
		}
	}
	return all
}
