package desk

import (
	"context"
	"fmt"
	"io"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// client lets those in who may do something that is about no case; access says
// who that is.
func (d *Desk) client(ctx context.Context, who review.Address, do access.Verb) (playbook.Person, error) {
	p, _, err := d.who(ctx, who)
	if err != nil {
		return playbook.Person{}, err
	}
	may := access.May(p, do, nil)
	if do == access.ChangePeople && !may {
		people, _, err := d.store.People(ctx)
		if err != nil {
			return playbook.Person{}, fmt.Errorf("looking for an operator: %w", err)
		}
		may = access.MayChangePeople(p, people)
	}
	if !may {
		return playbook.Person{}, ForbiddenError{string(do)}
	}
	return p, nil
}

// inCase lets somebody into a case, or says of it what it says of cases that
// aren't there: that a vendor is looked at is not for everybody.
func (d *Desk) inCase(ctx context.Context, who review.Address, do access.Verb, caseID string) (playbook.Person, dossier.CaseView, error) {
	var none dossier.CaseView
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return playbook.Person{}, none, err
	}
	view, err := d.store.Case(ctx, caseID)
	if err != nil {
		return playbook.Person{}, none, err
	}
	if !access.May(p, do, &view) {
		return p, access.Outline(view), dossier.NotFoundError{What: "case", ID: caseID}
	}
	return p, view, nil
}

// outlined keeps of each case what somebody may know of it who may list them all.
func outlined(p playbook.Person, views []dossier.CaseView) []dossier.CaseView {
	for i := range views {
		if !access.May(p, access.SeeCase, &views[i]) {
			views[i] = access.Outline(views[i])
		}
	}
	return views
}

// Waiting lists the requests that wait for somebody.
func (d *Desk) Waiting(ctx context.Context, who review.Address) ([]review.Request, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	list, err := d.store.Waiting(ctx, p.ID)
	return d.unseen(p, list), err
}

// Receipt is what somebody was told about an answer, and the line it left in
// the record once the record has caught up. Somebody else's is shown to whoever
// may read that line.
func (d *Desk) Receipt(ctx context.Context, who review.Address, answerID string) (review.Outcome, dossier.Line, bool, error) {
	var none dossier.Line
	p, err := d.client(ctx, who, access.SeeOwn)
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
	if known || filed {
		err = d.mayReadReceipt(ctx, who, p, answerID, line)
		if err != nil {
			return review.Outcome{}, none, false, err
		}
	}
	if filed {
		line, err = d.unseenLine(ctx, p, line)
		if err != nil {
			return review.Outcome{}, none, false, err
		}
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

// mayReadReceipt lets the one whose receipt it is read it, and those who may read
// the line that it is about.
func (d *Desk) mayReadReceipt(ctx context.Context, who review.Address, p playbook.Person, answerID string, line dossier.Line) error {
	whose, known, err := d.store.ReceiptOwner(ctx, answerID)
	if err != nil {
		return fmt.Errorf("looking whose receipt it is: %w", err)
	}
	if !known {
		whose = line.Entry.Actor
	}
	if whose == p.ID {
		return nil
	}
	if line.Entry.Case != "" {
		_, _, err = d.inCase(ctx, who, access.SeeRecord, line.Entry.Case)
		if err == nil || !isNotFound(err) {
			return err
		}
	}
	return dossier.NotFoundError{What: "receipt", ID: answerID}
}

// Cases lists the cases that somebody may see, newest first; of those that they
// may only know to be there, the outline.
func (d *Desk) Cases(ctx context.Context, who review.Address) ([]dossier.CaseView, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	if !access.May(p, access.ListCases, nil) {
		views, err := d.store.SeenCases(ctx, p.ID)
		return d.unseenIn(p, views), err
	}
	views, err := d.store.Cases(ctx)
	return d.unseenIn(p, outlined(p, views)), err
}

// maxPage bounds every list that is asked for by its length.
const maxPage = 500

// CasePage lists the cases of Cases, those that run first, then the newest first:
// at most that many from the one after the case named on.
func (d *Desk) CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	most = max(1, min(most, maxPage))
	if !access.May(p, access.ListCases, nil) {
		views, err := d.store.SeenPage(ctx, p.ID, after, most)
		return d.unseenIn(p, views), err
	}
	views, err := d.store.CasePage(ctx, after, most)
	return d.unseenIn(p, outlined(p, views)), err
}

// CasesOf lists the cases that somebody owns, asked for or sponsors, in the order
// of CasePage, at most that many.
func (d *Desk) CasesOf(ctx context.Context, who review.Address, most int) ([]dossier.CaseView, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	views, err := d.store.CasesOf(ctx, p.ID, max(1, min(most, maxPage)))
	return d.unseenIn(p, views), err
}

// Answered lists the requests that somebody answered last, at most that many.
func (d *Desk) Answered(ctx context.Context, who review.Address, most int) ([]review.Request, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return nil, err
	}
	list, err := d.store.Answered(ctx, p.ID, max(1, min(most, maxPage)))
	return d.unseen(p, list), err
}

// Request returns one request of a case that somebody may see.
func (d *Desk) Request(ctx context.Context, who review.Address, id string) (review.Request, error) {
	p, err := d.client(ctx, who, access.SeeOwn)
	if err != nil {
		return review.Request{}, err
	}
	r, err := d.store.Request(ctx, id)
	if err != nil {
		return review.Request{}, err
	}
	_, _, err = d.inCase(ctx, who, access.SeeRecord, r.Case)
	if isNotFound(err) {
		err = dossier.NotFoundError{What: "request", ID: id}
	}
	if err != nil {
		return review.Request{}, err
	}
	return d.unseen(p, []review.Request{r})[0], nil
}

// Case returns one case; its outline to whoever may only know that it is there.
func (d *Desk) Case(ctx context.Context, who review.Address, id string) (dossier.CaseView, error) {
	p, view, err := d.inCase(ctx, who, access.SeeCase, id)
	if err != nil && !(view.ID != "" && access.May(p, access.ListCases, nil)) {
		return dossier.CaseView{}, err
	}
	return d.unseenIn(p, []dossier.CaseView{view})[0], nil
}

// Lines returns the record of a case, texts included.
func (d *Desk) Lines(ctx context.Context, who review.Address, caseID string) ([]dossier.Line, error) {
	p, view, err := d.inCase(ctx, who, access.SeeRecord, caseID)
	if err != nil {
		return nil, err
	}
	lines, err := d.store.Lines(ctx, caseID)
	return d.unseenLines(p, &view, lines), err
}

// File keeps an uploaded document, once it was read. It belongs to no case until an
// answer, an act or an intake names it. What can't be taken is not kept.
func (d *Desk) File(ctx context.Context, who review.Address, r io.Reader) (dossier.Paper, error) {
	_, err := d.client(ctx, who, access.File)
	if err != nil {
		return dossier.Paper{}, err
	}
	if d.papers == nil { // nothing is there to read with
		return d.store.Put(ctx, r, engagement.MaxDocument)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxRaw+1))
	if err != nil {
		return dossier.Paper{}, fmt.Errorf("receiving a document to file: %w", err)
	}
	found, err := d.read(ctx, "", "", raw)
	if err != nil {
		return dossier.Paper{}, err
	}
	if found.Fault != "" {
		return dossier.Paper{}, notTaken(found)
	}
	return dossier.Paper{Digest: found.Document, Size: found.Size, Media: found.Media}, nil
}

// Document opens a document of a case.
func (d *Desk) Document(ctx context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error) {
	_, view, err := d.inCase(ctx, who, access.SeeRecord, caseID)
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	if isHistory(&view, digest) && d.scoring(&view) {
		return dossier.Paper{}, nil, blindYet("the engine's history")
	}
	of, err := d.store.HasCaseDocument(ctx, caseID, digest)
	if err != nil {
		return dossier.Paper{}, nil, fmt.Errorf("looking for the document in the case: %w", err)
	}
	if !of {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	paper, body, err := d.store.Get(ctx, digest)
	if err != nil {
		return paper, nil, err
	}
	found, err := d.store.Reading(ctx, digest)
	switch {
	case err != nil && !isNotFound(err):
		_ = body.Close() // only opened
		return paper, nil, fmt.Errorf("looking what a document is: %w", err)
	case err == nil && found.Media == engagement.SheetMedia: // which its bytes don't tell
		paper.Media = found.Media
	}
	return paper, body, nil
}

// Dossier writes a case's dossier: the sealed one, or that of an open case,
// which says so. While people score blind there is none: it would show their points.
func (d *Desk) Dossier(ctx context.Context, who review.Address, caseID string, w io.Writer) error {
	_, view, err := d.inCase(ctx, who, access.SeeRecord, caseID)
	if err != nil {
		return err
	}
	if d.scoring(&view) {
		return blindYet("a dossier")
	}
	return d.sealer.Export(ctx, caseID, w)
}

// Fingerprint is what an auditor gets beforehand to know our signature by.
func (d *Desk) Fingerprint(context.Context) string { return d.sealer.Fingerprint() }
