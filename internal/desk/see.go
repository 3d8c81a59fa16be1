package desk

import (
	"context"
	"fmt"
	"io"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// client lets the client's own active people in and nobody else: what a case
// holds is not for the vendor, nor for somebody who left.
func (d *Desk) client(ctx context.Context, who review.Address, doing string) (playbook.Person, error) {
	p, _, err := d.who(ctx, who)
	if err != nil {
		return playbook.Person{}, err
	}
	if p.Employer != "" || p.Left {
		return playbook.Person{}, ForbiddenError{doing}
	}
	return p, nil
}

// Waiting lists the requests that wait for somebody.
func (d *Desk) Waiting(ctx context.Context, who review.Address) ([]review.Request, error) {
	p, err := d.client(ctx, who, "seeing what waits")
	if err != nil {
		return nil, err
	}
	return d.store.Waiting(ctx, p.ID)
}

// Receipt is what somebody was told about an answer, and the line it left in
// the record once the record has caught up.
func (d *Desk) Receipt(ctx context.Context, who review.Address, answerID string) (review.Outcome, dossier.Line, bool, error) {
	var none dossier.Line
	p, err := d.client(ctx, who, "seeing a receipt")
	if err != nil {
		return review.Outcome{}, none, false, err
	}
	line, filed, err := d.store.AnswerLine(ctx, answerID)
	if err != nil {
		return review.Outcome{}, none, false, fmt.Errorf("looking for the answer in the record: %w", err)
	}
	out, known, err := d.store.Receipt(ctx, answerID)
	if err != nil {
		return review.Outcome{}, none, false, fmt.Errorf("looking for the receipt: %w", err)
	}
	if known {
		return out, line, filed, nil
	}
	if filed {
		out, err = d.recorded(ctx, line)
		return out, line, true, err
	}
	queued, err := d.store.QueuedOf(ctx, p.ID)
	if err != nil {
		return review.Outcome{}, none, false, fmt.Errorf("looking at the queue: %w", err)
	}
	for _, q := range queued {
		if q.ID == answerID {
			return review.Outcome{Status: review.Pending, Request: q.Request, By: q.Person, At: q.At}, none, false, nil
		}
	}
	return review.Outcome{}, none, false, dossier.NotFoundError{What: "receipt", ID: answerID}
}

// Cases lists every case, newest first.
func (d *Desk) Cases(ctx context.Context, who review.Address) ([]dossier.CaseView, error) {
	_, err := d.client(ctx, who, "seeing cases")
	if err != nil {
		return nil, err
	}
	return d.store.Cases(ctx)
}

// maxPage bounds every list that is asked for by its length.
const maxPage = 500

// CasePage lists cases, those that run first, then the newest first: at most that
// many from the one after the case named on.
func (d *Desk) CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error) {
	_, err := d.client(ctx, who, "seeing cases")
	if err != nil {
		return nil, err
	}
	return d.store.CasePage(ctx, after, max(1, min(most, maxPage)))
}

// CasesOf lists the cases that somebody owns, asked for or sponsors, in the order
// of CasePage, at most that many.
func (d *Desk) CasesOf(ctx context.Context, who review.Address, most int) ([]dossier.CaseView, error) {
	p, err := d.client(ctx, who, "seeing their cases")
	if err != nil {
		return nil, err
	}
	return d.store.CasesOf(ctx, p.ID, max(1, min(most, maxPage)))
}

// Answered lists the requests that somebody answered last, at most that many.
func (d *Desk) Answered(ctx context.Context, who review.Address, most int) ([]review.Request, error) {
	p, err := d.client(ctx, who, "seeing what they answered")
	if err != nil {
		return nil, err
	}
	return d.store.Answered(ctx, p.ID, max(1, min(most, maxPage)))
}

// Request returns one request.
func (d *Desk) Request(ctx context.Context, who review.Address, id string) (review.Request, error) {
	_, err := d.client(ctx, who, "seeing a request")
	if err != nil {
		return review.Request{}, err
	}
	return d.store.Request(ctx, id)
}

// Case returns one case.
func (d *Desk) Case(ctx context.Context, who review.Address, id string) (dossier.CaseView, error) {
	_, err := d.client(ctx, who, "seeing a case")
	if err != nil {
		return dossier.CaseView{}, err
	}
	return d.store.Case(ctx, id)
}

// Lines returns the record of a case, texts included.
func (d *Desk) Lines(ctx context.Context, who review.Address, caseID string) ([]dossier.Line, error) {
	_, err := d.client(ctx, who, "seeing the record of a case")
	if err != nil {
		return nil, err
	}
	return d.store.Lines(ctx, caseID)
}

// File keeps an uploaded document. It belongs to no case until an answer, an act
// or an intake names it.
func (d *Desk) File(ctx context.Context, who review.Address, r io.Reader) (dossier.Paper, error) {
	_, err := d.client(ctx, who, "filing a document")
	if err != nil {
		return dossier.Paper{}, err
	}
	return d.store.Put(ctx, r, engagement.MaxDocument)
}

// Document opens a document of a case.
func (d *Desk) Document(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error) {
	_, err := d.client(ctx, who, "opening a document")
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	of, err := d.store.HasCaseDocument(ctx, caseID, digest)
	if err != nil {
		return dossier.Paper{}, nil, fmt.Errorf("looking for the document in the case: %w", err)
	}
	if !of {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	return d.store.Get(ctx, digest)
}

// Dossier writes a case's dossier: the sealed one, or that of an open case,
// which says so.
func (d *Desk) Dossier(ctx context.Context, who review.Address, caseID string, w io.Writer) error {
	_, err := d.client(ctx, who, "taking the dossier")
	if err != nil {
		return err
	}
	return d.sealer.Export(ctx, caseID, w)
}

// Fingerprint is what an auditor gets beforehand to know our signature by.
func (d *Desk) Fingerprint(context.Context) string { return d.sealer.Fingerprint() }
