package desk

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxOutsiders bounds the people of neither side who are named for one process.
const maxOutsiders = 10

// NameOutside names somebody of neither side for a seat of a request that is theirs to
// hold: c has their name and mail address. They are asked by a mail whose link leads to
// this document and request, and to nothing else. For the case owner. Named again by
// the same address for the same seat they are who they were.
func (r roster) NameOutside(ctx context.Context, who review.Address, request, seat string, c playbook.Contact) (playbook.Contact, error) {
	var none playbook.Contact
	q, err := r.desk.Request(ctx, who, request)
	if err != nil {
		return none, err
	}
	p, view, err := r.steering(ctx, who, q.Case)
	if err != nil {
		return none, err
	}
	s, _, ok := q.Seat(seat)
	if !ok || s.Role != review.OutsideRole {
		return none, invalid("name the seat whose role is "+review.OutsideRole, "this seat is not for somebody from outside")
	}
	if q.Closed != nil {
		return none, invalid("there is nothing left to read", "this is no longer asked for")
	}
	named := engagement.Contact{Name: strings.TrimSpace(c.Name), Mail: normal(c.Mail)}
	if err := r.checkOutside(ctx, named, view.Vendor); err != nil {
		return none, err
	}
	done, err := r.alone(ctx, review.OutsideRole)
	if err != nil {
		return none, err
	}
	defer done()
	there, err := r.outsiders(ctx, q.Process)
	if err != nil {
		return none, err
	}
	for _, x := range there {
		switch {
		case normal(x.Mail) == named.Mail && x.Seat == seat:
			return x, r.tell(ctx, x)
		case normal(x.Mail) == named.Mail:
			return none, invalid("name somebody else: one person fills one seat", "they hold another seat of this process")
		case x.Seat == seat:
			return none, invalid("end them first, or ask them", "somebody was named for this seat")
		}
	}
	if len(there) >= maxOutsiders {
		return none, invalid("end those who are no longer asked", "%d people from outside are named already", len(there))
	}
	now := r.desk.now().UTC()
	o := playbook.Contact{Vendor: review.OutsideRole, Name: named.Name, Mail: named.Mail, State: playbook.ContactActive, By: p.ID,
		Case: q.Case, Process: q.Process, Seat: seat, Made: now, Changed: now}
	o.ID, err = r.desk.store.NextContact(ctx, review.OutsideRole)
	if err != nil {
		return none, fmt.Errorf("giving somebody from outside an id: %w", err)
	}
	return o, r.change(ctx, o, p.ID)
}

// checkOutside refuses who can't be of neither side: one's own people, and those of
// the vendor.
func (r roster) checkOutside(ctx context.Context, named engagement.Contact, vendor string) error {
	err := r.checkNamed(ctx, named)
	if err != nil {
		return err
	}
	list, err := r.desk.store.ContactsBy(ctx, named.Mail)
	if err != nil {
		return fmt.Errorf("looking whether somebody works for the vendor: %w", err)
	}
	if slices.ContainsFunc(list, func(c playbook.Contact) bool { return c.Vendor == vendor }) {
		return invalid("name somebody of neither side", "this is the address of one of the vendor's people")
	}
	return nil
}

// outsiders are the people of neither side who are named for a process now.
func (r roster) outsiders(ctx context.Context, process string) ([]playbook.Contact, error) {
	all, err := r.desk.store.Contacts(ctx, review.OutsideRole)
	if err != nil {
		return nil, fmt.Errorf("looking up who was named from outside: %w", err)
	}
	return slices.DeleteFunc(all, func(c playbook.Contact) bool {
		return c.Process != process || c.State != playbook.ContactActive
	}), nil
}

// OutsidersOf are the people of neither side who were ever named in a case, for whoever
// may see it.
func (r roster) OutsidersOf(ctx context.Context, who review.Address, caseID string) ([]playbook.Contact, error) {
	_, _, err := r.desk.inCase(ctx, who, access.SeeCase, caseID)
	if err != nil {
		return nil, err
	}
	all, err := r.desk.store.Contacts(ctx, review.OutsideRole)
	if err != nil {
		return nil, fmt.Errorf("listing who was named from outside: %w", err)
	}
	return slices.DeleteFunc(all, func(c playbook.Contact) bool { return c.Case != caseID }), nil
}

// EndOutside takes somebody of neither side off their seat; their link and visits end.
// What they answered stands. For the case owner.
func (r roster) EndOutside(ctx context.Context, who review.Address, caseID, id string) error {
	p, _, err := r.steering(ctx, who, caseID)
	if err != nil {
		return err
	}
	c, err := r.desk.store.Contact(ctx, id)
	if isNotFound(err) || err == nil && (c.Vendor != review.OutsideRole || c.Case != caseID) {
		return dossier.NotFoundError{What: "outside reviewer", ID: id}
	}
	if err != nil {
		return fmt.Errorf("looking up who was named from outside: %w", err)
	}
	return r.end(ctx, c, p.ID)
}

// outsider is who asks, where they are of neither side, and their case.
func (r reception) outsider(ctx context.Context, who review.Address) (playbook.Contact, dossier.CaseView, error) {
	c, err := r.guest(ctx, who, "")
	if err == nil && (who.Channel != front || c.Vendor != review.OutsideRole) {
		err = unknownPerson{}
	}
	if err != nil {
		return playbook.Contact{}, dossier.CaseView{}, err
	}
	view, err := r.desk.store.Case(ctx, c.Case)
	if err != nil {
		return c, dossier.CaseView{}, fmt.Errorf("looking up the case of somebody from outside: %w", err)
	}
	return c, view, nil
}

// isOutsiders reports whether a request is what somebody of neither side was named
// for: they hold their seat, or answered it.
func isOutsiders(q *review.Request, c playbook.Contact, v *dossier.CaseView, d *Desk) bool {
	seat, _, ok := q.Seat(c.Seat)
	if !ok || seat.Role != review.OutsideRole || q.Process != c.Process {
		return false
	}
	return q.Holds(c.Seat, c.ID, v.Now(d.now())) || slices.ContainsFunc(q.Ballots, func(b review.Ballot) bool { return b.Person == c.ID })
}

// OutsideTasks are what somebody of neither side was asked to read, the newest first:
// one, unless the review was begun anew in the same process.
func (r reception) OutsideTasks(ctx context.Context, who review.Address) ([]access.OutsideTask, error) {
	c, view, err := r.outsider(ctx, who)
	if err != nil {
		return nil, err
	}
	name, phone, err := r.asker(ctx, &view)
	if err != nil {
		return nil, err
	}
	var tasks []access.OutsideTask
	for i := range slices.Backward(view.Requests) {
		q := &view.Requests[i]
		if !isOutsiders(q, c, &view, r.desk) {
			continue
		}
		t := access.OutsideTask{Request: q.ID, Seat: c.Seat, Title: q.Title, Ask: q.Ask, Vendor: r.desk.VendorName(ctx, view.Vendor), Asker: name, Phone: phone,
			Asked: q.Opened, Now: view.Now(r.desk.now()), Rehearsal: view.Rehearsal, Version: q.Current(), Versions: q.Clone().Versions,
			Verdicts: q.Verdicts(), ReadAll: q.ReadAll}
		for j := range t.Versions {
			t.Versions[j].Touched = nil // which other seats there are
		}
		for _, v := range t.Verdicts {
			if v == review.Changes || v == review.Reject || slices.Contains(q.Reasoned, v) {
				t.Reasoned = append(t.Reasoned, v)
			}
		}
		seat, group, _ := q.Seat(c.Seat)
		t.Attest = seat.Attest
		if !slices.Contains(q.Declared, c.ID) {
			t.Declaration = q.Declaration
		}
		t.Statements = map[string]string{}
		for _, id := range append(slices.Clone(t.Attest), t.Declaration) {
			if id != "" {
				t.Statements[id] = r.desk.Statement(ctx, view.ID, id)
			}
		}
		if b := q.Standing(c.Seat); b != nil && b.Person == c.ID {
			own := *b
			t.Answered = &own
		}
		t.Open = q.Closed == nil && t.Answered == nil && q.Tally(t.Now).Group == group && q.Holds(c.Seat, c.ID, t.Now)
		if group < len(q.Clocks) && q.Closed == nil {
			t.Due = q.Clocks[group].Due
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// OutsideDocument opens a version of the document that somebody of neither side was
// asked to read, as it was filed; OutsideText the text that was found in it. Any other
// document is not there for them.
func (r reception) OutsideDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	err := r.mayRead(ctx, who, request, digest)
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	return r.desk.store.Get(ctx, digest)
}

// OutsideText opens the text that was found in such a version.
func (r reception) OutsideText(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error) {
	err := r.mayRead(ctx, who, request, digest)
	if err != nil {
		return dossier.Paper{}, nil, err
	}
	return r.desk.store.TextOf(ctx, digest)
}

func (r reception) mayRead(ctx context.Context, who review.Address, request, digest string) error {
	c, view, err := r.outsider(ctx, who)
	if err != nil {
		return err
	}
	q := view.Request(request)
	known := q != nil && isOutsiders(q, c, &view, r.desk) &&
		slices.ContainsFunc(q.Versions, func(v review.Version) bool { return v.Document != "" && v.Document == digest })
	if !known {
		return dossier.NotFoundError{What: "document", ID: digest}
	}
	return nil
}

// admitOutside lets somebody of neither side answer for the seat that they were named
// for, with words and nothing else; a refusal says no more than that.
func (d *Desk) admitOutside(ctx context.Context, a review.Answer, p review.Person) (review.Refusal, error) {
	c, err := d.store.Contact(ctx, p.ID)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up who answers from outside: %w", err)}
	}
	q, err := d.store.Request(ctx, a.Request)
	if isNotFound(err) || err == nil && q.Process != c.Process {
		return review.Unknown, nil
	}
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up what somebody from outside answers: %w", err)}
	}
	view, err := d.store.Case(ctx, q.Case)
	if err != nil {
		return "", BusyError{fmt.Errorf("looking up the case that is answered from outside: %w", err)}
	}
	switch {
	case c.State != playbook.ContactActive:
		return review.NotActive, nil
	case !isOutsiders(&q, c, &view, d) || cmp.Or(a.Seat, c.Seat) != c.Seat:
		return review.NoSeat, d.noteAttempt(ctx, a, p, &view, &q)
	case a.ForVendor || len(a.Documents) > 0:
		return review.WrongVerdict, nil
	}
	return "", nil
}
