package desk

import (
	"context"
	"fmt"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outside reports whether something was said where the vendor's people speak.
func outside(from review.Address, p review.Person) bool {
	return from.Channel == front || from.Channel == post && p.Employer != ""
}

// admitVendor lets a contact deliver to the vendor's seat that they hold, what they
// sent for it, and nothing else; a refusal says no more than that.
func (d *Desk) admitVendor(ctx context.Context, a review.Answer, p review.Person) (review.Refusal, error) {
	if p.Employer == review.OutsideRole {
		return d.admitOutside(ctx, a, p)
	}
	q, err := d.store.Request(ctx, a.Request)
	if err == nil && q.Receiver != "" && q.Receiver == p.Employer {
		return d.admitReceiver(ctx, a, p, &q)
	}
	if isNotFound(err) || err == nil && q.Vendor != p.Employer {
		return review.Unknown, nil
	}
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up what a contact answers: %w", err)}
	}
	view, err := d.store.Case(ctx, q.Case)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up the case that a contact answers in: %w", err)}
	}
	c, err := d.store.Contact(ctx, p.ID)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up the contact who answers: %w", err)}
	}
	seat := vendorSeat(&q, p.ID, view.Now(d.now()))
	switch {
	case c.State != playbook.ContactActive:
		return review.NotActive, nil
	case seat == "" || a.Seat != "" && a.Seat != seat:
		return review.NoSeat, d.noteAttempt(ctx, a, p, &view, &q)
	case a.ForVendor:
		return review.NotOwner, nil
	case a.Verdict != review.Delivered:
		return review.WrongVerdict, nil
	case len(a.Documents) == 0 && !q.Sheet: // what is filled in becomes one
		return review.NeedsDocument, nil
	}
	for _, digest := range a.Documents {
		ours, err := d.reception.theirs(ctx, c, &q, digest)
		if err != nil {
			return "", err
		}
		if !ours {
			return review.NeedsDocument, nil
		}
	}
	return "", nil
}

// noteAttempt writes down that a contact tried to answer what is not theirs, as
// often as a late answer would be.
func (d *Desk) noteAttempt(ctx context.Context, a review.Answer, p review.Person, v *dossier.CaseView, q *review.Request) error {
	if d.late.take(v.ID+" "+p.ID, d.now()) > 0 {
		return nil
	}
	_, known, err := d.store.AnswerLine(ctx, a.ID)
	if err != nil || known {
		return err
	}
	now := d.now().UTC()
	out := review.Outcome{Status: review.Refused, Refusal: review.NoSeat, Request: q.ID, By: p.ID, At: v.Now(now).UTC()}
	err = d.store.Append(ctx, []dossier.Entry{{ID: q.Process + "#desk/" + a.ID, Case: v.ID, Process: q.Process, Kind: dossier.Attempt,
		At: now, CaseAt: out.At, Actor: p.ID, Answer: a.ID, Detail: &dossier.Detail{Outcome: &out}}})
	if err != nil {
		return BusyError{fmt.Errorf("recording what a contact tried: %w", err)}
	}
	return nil
}

// told is what a contact is told of an outcome: what became of what they sent, and
// nothing of who else answered or where the request stands inside.
func told(out review.Outcome, contact string) review.Outcome {
	t := review.Outcome{Status: out.Status, Refusal: out.Refusal, Request: out.Request, Missing: out.Missing}
	if out.By == contact && out.Status != review.Refused {
		t.Seat, t.Verdict, t.By, t.At = out.Seat, out.Verdict, out.By, out.At
	}
	return t
}

// admitForVendor lets the owner of a case, or whoever stands in, file in the
// vendor's place, with the source as the reason.
func (d *Desk) admitForVendor(ctx context.Context, a review.Answer) (review.Refusal, error) {
	q, err := d.store.Request(ctx, a.Request)
	if isNotFound(err) {
		return review.Unknown, nil
	}
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up what is filed for the vendor: %w", err)}
	}
	p, view, err := d.inCase(ctx, a.From, access.SeeCase, q.Case)
	switch {
	case isNotFound(err):
		return review.Unknown, nil
	case err != nil:
		return "", err
	case !access.May(p, access.Steer, &view):
		return review.NotOwner, nil
	case a.Text.Empty():
		return review.NeedsSource, nil
	}
	return "", nil
}
