package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// Note records what a channel reports without anybody having decided. A case or
// request that isn't there is an error with a NotFound method.
func (d *Desk) Note(ctx context.Context, n review.Note) error {
	err := checkNote(n)
	if err != nil {
		return err
	}
	why := ""
	if n.From.Channel == post || n.From.Channel == front {
		_, _, err = d.reception.task(ctx, n.From, n.Request)
		switch {
		case err == nil && n.Kind == review.NoteComment:
			why = outbox.WhyWrote
		case err != nil && n.From.Channel == front: // the vendor's people write of what is theirs
			return err
		case err != nil && !isNotFound(err):
			return BusyError{err}
		}
	}
	return d.note(ctx, n, why)
}

// note is Note for what was checked; why the case owner is told of it, empty: they
// read it in the case.
func (d *Desk) note(ctx context.Context, n review.Note, why string) error {
	err := checkWords([]string{n.Person, n.Request, n.Case})
	if err == nil {
		err = checkID(n.ID)
	}
	if err != nil {
		return err
	}
	person, _, err := d.speaker(ctx, n.From, n.Request)
	if err != nil && !isNotFound(err) {
		return BusyError{err}
	}
	if n.From.Channel == chat && err != nil { // whoever says something there was looked up, unlike who sends a mail
		return unlinkedError{}
	}
	view, err := d.store.Case(ctx, n.Case)
	if isNotFound(err) {
		return fmt.Errorf("looking up the case of a note: %w", err)
	}
	if err != nil {
		return BusyError{fmt.Errorf("looking up the case of a note: %w", err)}
	}
	process := n.Case
	if n.Request != "" {
		if !slices.ContainsFunc(view.Requests, func(r review.Request) bool { return r.ID == n.Request }) {
			return dossier.NotFoundError{What: "request", ID: n.Request}
		}
		process = processOf(n.Request)
	}
	w, err := d.keep(ctx, n.ID, n.Text)
	if err != nil {
		return err
	}
	// Said once, however often and whenever it is found out or brought again: the
	// record would take it for another, since its time is.
	_, known, err := d.store.AnswerLine(ctx, n.ID)
	if err != nil {
		return BusyError{fmt.Errorf("looking for an earlier note: %w", err)}
	}
	if !known {
		err = d.fileNote(ctx, n, process, person.ID, view, w)
	}
	if err == nil && why != "" {
		err = d.tellOwner(ctx, &view, n, why)
	}
	if err != nil {
		return err
	}
	if n.Kind == review.NoteUndelivered && n.Request != "" && n.Person != "" {
		return d.tellUndelivered(ctx, n)
	}
	return nil
}

// fileNote writes a note into the record.
func (d *Desk) fileNote(ctx context.Context, n review.Note, process, actor string, view dossier.CaseView, w review.Written) error {
	detail := &dossier.Detail{Name: string(n.Kind), Written: w}
	switch n.Kind {
	case review.NoteUnreached:
		detail.Person, detail.Channel, detail.Result, detail.Instead = n.Person, n.Channel, n.Reason, n.Instead
	case review.NoteContact:
		detail.Person, detail.Channel, detail.Result = n.Person, n.Channel, n.Reason
	case review.NoteAway:
		detail.Person, detail.Channel, detail.Request, detail.Ends = n.Person, n.Channel, n.Request, n.Until.UTC()
		if n.Until.IsZero() {
			detail.Ends = n.Until
		}
		if detail.Person == "" {
			detail.Person = actor
		}
	}
	err := d.store.Append(ctx, []dossier.Entry{{ID: process + "#desk/" + n.ID, Case: n.Case, Process: process, Kind: dossier.Noted,
		At: n.At.UTC(), CaseAt: view.Now(n.At).UTC(), Actor: actor, Answer: n.ID, Detail: detail}})
	if err != nil {
		return BusyError{fmt.Errorf("recording a note: %w", err)}
	}
	return nil
}

func checkNote(n review.Note) error {
	err := checkID(n.ID)
	if err != nil {
		return err
	}
	switch n.Kind {
	case review.NoteComment, review.NoteAway:
	case review.NoteUndelivered, review.NoteUnreached: // which channels say of somebody, and nobody of anybody
		if n.From.ID != "" || !n.Text.Empty() {
			return invalid("a channel says it, in words of ours", "nobody reports a failed delivery in a person's name or with a text")
		}
	default:
		return invalid("a note is a comment, an absence or a failed delivery", "there is no note of the kind %.40q", n.Kind)
	}
	if n.Kind == review.NoteUnreached {
		err = checkUnreached(n)
		if err != nil {
			return err
		}
	}
	return checkWords([]string{n.Person, n.Request})
}

// checkUnreached lets nothing into the record but words that we know.
func checkUnreached(n review.Note) error {
	reasons := []string{"", review.UnreachedNoAccount, review.UnreachedNoMailMatch, review.UnreachedGuest, review.UnreachedBot,
		review.UnreachedDeleted, review.UnreachedElsewhere, review.UnreachedDisabled}
	switch {
	case n.Person == "":
		return invalid("name the person", "the note says of nobody that they are not reached")
	case !slices.Contains(reasons, n.Reason):
		return invalid("give one of the reasons of review.Note", "%.40q is no reason why somebody is not reached", n.Reason)
	case n.Channel != chat && n.Channel != post || n.Instead != "" && n.Instead != chat && n.Instead != post:
		return invalid("name a channel that tells people", "one of %.40q and %.40q is no channel", n.Channel, n.Instead)
	}
	return nil
}
