package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// receivers are whom a point of a form may name besides the client's own: where it says
// who receives something in an exit, the people of the vendor who comes after.
func (d *Desk) receivers(ctx context.Context, q *review.Request, point string, people []playbook.Person) ([]string, error) {
	if !exit.Receives(point) {
		return nil, nil
	}
	view, err := d.store.Case(ctx, q.Case)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, BusyError{fmt.Errorf("looking up who comes after: %w", err)}
	}
	var ids []string
	for _, p := range people {
		if view.Successor != "" && p.Employer == view.Successor && playbook.IsContact(p.ID) && !p.Left {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// comesAfter reports whether a contact is of the vendor who takes over in a case, as long as
// it runs and nothing says that they do not.
func comesAfter(v *dossier.CaseView, c playbook.Contact) bool {
	return v.Successor != "" && v.Successor == c.Vendor && v.Vendor != c.Vendor && v.State == dossier.Running
}

// receiverSeat is the seat of a request that is a contact's by name, because their vendor
// receives what it is about, and that they hold or answered; empty: none.
func receiverSeat(v *dossier.CaseView, q *review.Request, c playbook.Contact, d *Desk) string {
	if !comesAfter(v, c) || q.Receiver != c.Vendor || q.Kind != review.Task && q.Kind != review.Decision {
		return ""
	}
	for _, s := range q.Policy.Seats() {
		answered := func(b review.Ballot) bool { return b.Person == c.ID && b.Seat == s.ID }
		if s.Role == review.NamedPrefix+c.ID && (q.Holds(s.ID, c.ID, v.Now(d.now())) || slices.ContainsFunc(q.Ballots, answered)) {
			return s.ID
		}
	}
	return ""
}

// mayReceive refuses a contact whose vendor has something to sign first: nothing is shown
// to them before.
func (r reception) mayReceive(ctx context.Context, c playbook.Contact) error {
	err := r.desk.checkSigned(ctx, c.Vendor)
	var unsigned InputError
	if errors.As(err, &unsigned) {
		return invalid("sign that first: it is among your tasks", "this is shown once the confidentiality agreement is signed")
	}
	return err
}

// received is a task as it is shown to somebody who takes over: what they receive with it,
// and nothing of what anybody else says or has.
func (r reception) received(ctx context.Context, t *access.VendorTask, v *dossier.CaseView, q *review.Request, c playbook.Contact, queued []review.Queued) error {
	seat := receiverSeat(v, q, c, r.desk)
	s, group, _ := q.Seat(seat)
	in := &access.Receiving{Seat: seat, Version: q.Current(), Verdicts: q.Verdicts(), Attest: s.Attest, Statements: map[string]string{}}
	for _, word := range in.Verdicts {
		if word == review.Changes || word == review.Reject || slices.Contains(q.Reasoned, word) {
			in.Reasoned = append(in.Reasoned, word)
		}
	}
	for _, id := range s.Attest {
		in.Statements[id] = r.desk.Statement(ctx, v.ID, id)
	}
	t.Receives, t.State, t.Sheet = in, taskState(v, q), q.Sheet
	if t.State == access.TaskOpen && q.Tally(t.Now).Group != group {
		t.State = access.TaskReceived // others are asked first, or were
	}
	if group < len(q.Clocks) && q.Closed == nil {
		t.Due = q.Clocks[group].Due
	}
	for _, p := range q.Points {
		if p.Kind != engagement.PointPerson { // which of our own are there is not for them
			t.Points = append(t.Points, p)
		}
	}
	if err := r.sentAsReceiver(ctx, t, q, c, queued); err != nil {
		return err
	}
	for _, digest := range q.Given {
		found, err := r.desk.store.Reading(ctx, digest)
		if err != nil && !isNotFound(err) {
			return fmt.Errorf("reading what a receiver is given: %w", err)
		}
		found.Document = digest
		in.Papers = append(in.Papers, found)
	}
	return r.receivedAbout(ctx, in, v, q)
}

// sentAsReceiver adds what a receiver answered themselves.
func (r reception) sentAsReceiver(ctx context.Context, t *access.VendorTask, q *review.Request, c playbook.Contact, queued []review.Queued) error {
	ballots := slices.DeleteFunc(slices.Clone(q.Ballots), func(b review.Ballot) bool { return b.Person != c.ID || b.TakenBack || b.Void })
	for _, b := range ballots {
		d := access.Delivery{Answer: b.Answer, At: b.At, By: c.Name}
		line, filed, err := r.desk.store.AnswerLine(ctx, b.Answer)
		if err != nil {
			return fmt.Errorf("looking when a receiver answered: %w", err)
		}
		if filed {
			d.At = line.Entry.At
		}
		for _, digest := range b.Documents {
			p, err := r.sentPaper(ctx, b.Person, q.ID, digest)
			if err != nil {
				return err
			}
			d.Papers = append(d.Papers, p)
		}
		t.Deliveries = append(t.Deliveries, d)
	}
	for _, w := range queued {
		if w.Request == q.ID && !w.Act && !slices.ContainsFunc(t.Deliveries, func(d access.Delivery) bool { return d.Answer == w.ID }) {
			t.Deliveries = append(t.Deliveries, access.Delivery{Answer: w.ID, At: w.At, By: c.Name, Pending: true})
		}
	}
	return nil
}

// receivedAbout adds what the things are called that a request is about, by the plan that
// is carried out, and the sessions that there were about them. Of the plan no other line
// is shown.
func (r reception) receivedAbout(ctx context.Context, in *access.Receiving, v *dossier.CaseView, q *review.Request) error {
	lines, err := r.desk.store.Lines(ctx, v.ID)
	if err != nil {
		return fmt.Errorf("reading what a receiver takes over: %w", err)
	}
	plan := ""
	for _, l := range lines {
		e := l.Entry
		switch {
		case e.Detail == nil:
		case e.Kind == dossier.PlanRead && e.Detail.Result == "read":
			plan = e.Detail.Document
		case e.Kind == dossier.SessionSet && e.Process == q.Process && e.Detail.Result == "held" && slices.Contains(q.About, e.Detail.Name):
			in.Sessions = append(in.Sessions, e.Detail.Starts)
		}
	}
	var sheet engagement.Sheet
	if plan != "" {
		sheet, err = r.sheet(ctx, plan)
		if err != nil && !isNotFound(err) { // erased since
			return fmt.Errorf("reading what the plan calls what a receiver takes over: %w", err)
		}
	}
	for _, id := range q.About {
		name := id
		for _, l := range sheet.Lines {
			if l.Point.ID == id+"-"+exit.OfWhat && l.Words != "" {
				name = l.Words
			}
		}
		in.About = append(in.About, name)
	}
	return nil
}

// ReceivedDocument opens a document that somebody who takes over is given with a task of
// theirs, as it was filed, and notes that they had it; ReceivedText the text that was found
// in it. Any other document is not there for them.
func (r reception) ReceivedDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	return r.given(ctx, who, request, digest, "as-filed", r.desk.store.Get)
}

// ReceivedText opens the text that was found in such a document.
func (r reception) ReceivedText(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	return r.given(ctx, who, request, digest, "as-text", r.desk.store.TextOf)
}

// given opens a document for whom it is given with a task. Nobody has it before the record
// says so.
func (r reception) given(ctx context.Context, who review.Address, request, digest, how string,
	open func(context.Context, string) (dossier.Paper, io.ReadCloser, error)) (dossier.Paper, io.ReadCloser, error) {
	none := dossier.Paper{}
	c, q, err := r.task(ctx, who, request)
	if err != nil {
		return none, nil, err
	}
	if q.Receiver != c.Vendor || digest == "" || !slices.Contains(q.Given, digest) {
		return none, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	paper, from, err := open(ctx, digest)
	if err != nil {
		return none, nil, err
	}
	if err := r.noteOpened(ctx, who, c, q, digest, how); err != nil {
		_ = from.Close() //nolint:errcheck // nothing was read
		return none, nil, err
	}
	return paper, from, nil
}

// noteOpened writes down, once for each way, that somebody who takes over opened what they
// were given: its digest, and nothing of it.
func (r reception) noteOpened(ctx context.Context, who review.Address, c playbook.Contact, q *review.Request, digest, how string) error {
	id := "opened-" + how + "-" + strings.TrimPrefix(digest, "sha256:") + "-" + c.ID + "-" + strings.ReplaceAll(q.ID, "/", "-")
	_, known, err := r.desk.store.AnswerLine(ctx, id)
	if err != nil {
		return BusyError{fmt.Errorf("looking whether a receiver opened it before: %w", err)}
	}
	if known {
		return nil
	}
	view, err := r.desk.store.Case(ctx, q.Case)
	if err != nil {
		return BusyError{fmt.Errorf("looking up the case of what a receiver opened: %w", err)}
	}
	now := r.desk.now().UTC()
	err = r.desk.store.Append(ctx, []dossier.Entry{{ID: q.Process + "#desk/" + id, Case: q.Case, Process: q.Process, Kind: dossier.Noted,
		At: now, CaseAt: view.Now(now).UTC(), Actor: c.ID, Answer: id,
		Detail: &dossier.Detail{Name: string(review.NoteOpened), Person: c.ID, Channel: who.Channel, Result: how, Digest: digest, Step: q.Step, Request: q.ID}}})
	if err != nil {
		return BusyError{fmt.Errorf("noting what a receiver opened: %w", err)}
	}
	return nil
}

// admitReceiver lets somebody who takes over answer for the seat that is theirs by name,
// from their page, with what they sent for it. Whatever else they ask for is as if it were
// not there.
func (d *Desk) admitReceiver(ctx context.Context, a review.Answer, p review.Person, q *review.Request) (review.Refusal, error) {
	view, err := d.store.Case(ctx, q.Case)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up the case that a receiver answers in: %w", err)}
	}
	c, err := d.store.Contact(ctx, p.ID)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up the receiver who answers: %w", err)}
	}
	seat := receiverSeat(&view, q, c, d)
	switch {
	case c.State != playbook.ContactActive:
		return review.NotActive, nil
	case !comesAfter(&view, c):
		return review.Unknown, nil
	case seat == "" || a.Seat != "" && a.Seat != seat:
		return review.Unknown, d.noteAttempt(ctx, a, p, &view, q)
	case a.From.Channel != front:
		return review.NeedsBrowser, nil
	case a.ForVendor || !slices.Contains(q.Verdicts(), a.Verdict):
		return review.WrongVerdict, nil
	}
	if err := d.reception.mayReceive(ctx, c); err != nil {
		return "", err
	}
	for _, digest := range a.Documents {
		ours, err := d.reception.theirs(ctx, c, q, digest)
		if err != nil {
			return "", err
		}
		if !ours {
			return review.NeedsDocument, nil
		}
	}
	return "", nil
}
