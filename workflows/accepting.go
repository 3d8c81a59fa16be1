package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// acceptSuffix makes the id of the decision on what a step delivered.
const acceptSuffix = "-accept"

// accepting is something delivered on which somebody decides.
type accepting struct {
	of, decision *asked
}

// done takes what a met step brought: it is to be accepted where the playbook says by
// whom, else it is good as it is.
func (o *onboarding) done(ctx workflow.Context, a *asked) {
	o.fileSheets(ctx, a)
	if a.step.Accept == nil {
		o.good(ctx, a, deliveredIn(a.req))
		return
	}
	o.accepts = append(o.accepts, accepting{of: a, decision: o.openAccept(ctx, a, makers(a.req)...)})
}

// fileSheets notes what a met step brought among the case's documents: what came with it,
// and the sheet that was filled in last.
func (p *process) fileSheets(ctx workflow.Context, a *asked) {
	version := 1
	for _, r := range p.rounds {
		if r.step == a.step.ID {
			version = r.n
		}
	}
	for _, b := range standing(a.req) {
		for i, document := range b.Documents {
			d := &dossier.Detail{Name: a.step.ID, Document: document, Version: version, ForVendor: b.ForVendor, Written: b.Written}
			if i == len(b.Documents)-1 && a.req.Sheet {
				d.Media = engagement.SheetMedia
			}
			p.note(ctx, dossier.DocumentFiled, b.Person, b.Answer, nil, d)
		}
	}
}

// openAccept asks whether what was delivered will do. Answers are for the very
// document. Makers are kept from judging it.
func (p *process) openAccept(ctx workflow.Context, a *asked, makers ...string) *asked {
	s := a.step
	s.ID, s.Kind, s.Policy = a.step.ID+acceptSuffix, review.Decision, *a.step.Accept
	s.Title, s.Ask = playbook.AcceptWords(a.step)
	s.Points, s.Form, s.Accept, s.Does, s.ReadAll, s.Criteria = nil, "", nil, "", false, nil
	q := question{step: s, requester: s.Barred(p.in.Requester), makers: makers}
	if document := deliveredIn(a.req); document != "" {
		q.document, q.versions = a.step.ID, []review.Version{{Number: 1, Document: document, At: p.now(ctx)}}
	}
	return p.open(ctx, q)
}

// deliveredIn is the digest of what stands as delivered: the sheet where one was filled
// in, since it is the last of an answer's documents.
func deliveredIn(r *review.Request) string {
	document := ""
	for _, b := range standing(r) {
		if len(b.Documents) > 0 {
			document = b.Documents[len(b.Documents)-1]
		}
	}
	return document
}

// accepted brings on what waits to be accepted, and reports whether anything does.
// What will not do is asked for again; who decided so and why stands in the record.
func (o *onboarding) accepted(ctx workflow.Context) (open bool) {
	for _, w := range o.accepts {
		d := w.decision
		if d.req.Closed != nil {
			continue
		}
		switch t := d.req.Tally(o.now(ctx)); {
		case t.State == review.Met:
			o.shut(ctx, d, review.Met, "decided")
			o.good(ctx, w.of, decidedOn(d.req))
		case t.State.Decided():
			o.shut(ctx, d, t.State, "decided")
			o.askStep(ctx, w.of.step)
			open = true
		default:
			open = true
		}
	}
	return open
}

// decidedOn is the digest of the document that those who decided had before them; empty
// where it was none.
func decidedOn(r *review.Request) string {
	if len(r.Versions) == 0 {
		return ""
	}
	return r.Versions[len(r.Versions)-1].Document
}

// good takes what a step brought into the case: the document as it was decided on.
func (o *onboarding) good(ctx workflow.Context, a *asked, document string) {
	if a.step.Does == playbook.DoesExitPlan {
		o.exitPlan = document
	}
	if a.step.Does == playbook.DoesContacts {
		o.contacts = document
	}
	if a.step.Does == playbook.DoesAccess {
		o.grants = append(o.grants, &granting{of: a, sheet: document})
		return // each access has an end of its own
	}
	o.expiries = slices.DeleteFunc(o.expiries, func(e engagement.Expiry) bool { return e.Process == o.process.in.Process && e.Name == a.step.ID })
	o.expiries = append(o.expiries, expiring(o.process.in.Process, a)...)
	if a.step.Does == playbook.DoesInterest {
		o.expiries = append(o.expiries, interestsAgain(o.process.in.Process, a, document, o.now(ctx)))
	}
}

// interestsAgain has the vendor say again in a year what else it does and for whom. Who
// accepted it this time does so then.
func interestsAgain(process string, a *asked, document string, accepted time.Time) engagement.Expiry {
	e := engagement.Expiry{ID: process + ":" + a.step.ID + "/again", Kind: engagement.ExpiryDeclaration, Name: a.step.ID,
		On: engagement.MonthsLater(accepted, 12), Document: document, Process: process}
	if a.step.Accept != nil {
		e.Role = approver(a.step)
	}
	return e
}

// expiring are the dates of a form after which what was filled in no longer holds.
func expiring(process string, a *asked) []engagement.Expiry {
	var all []engagement.Expiry
	for _, b := range standing(a.req) {
		for _, f := range b.Findings {
			i := slices.IndexFunc(a.req.Points, func(p engagement.Point) bool { return p.ID == f.Point && p.Expires })
			if i < 0 || f.On.IsZero() {
				continue
			}
			e := engagement.Expiry{ID: process + ":" + a.step.ID + "/" + f.Point, Kind: a.step.Expiry, Name: a.step.ID, On: f.On, Process: process}
			if e.Kind == "" {
				e.Kind = engagement.ExpiryEvidence
			}
			e.Document = deliveredIn(a.req)
			all = append(all, e)
		}
	}
	return all
}
