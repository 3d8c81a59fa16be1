package desk

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// Note records what a channel reports without anybody having decided. A case or
// request that isn't there is an error with a NotFound method.
func (d *Desk) Note(ctx context.Context, n review.Note) error {
	err := checkNote(n)
	if err != nil {
		return err
	}
	person, _, err := d.who(ctx, n.From)
	if err != nil && !isNotFound(err) {
		return BusyError{err}
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
	err = d.store.Append(ctx, []dossier.Entry{{ID: process + "#desk/" + n.ID, Case: n.Case, Process: process, Kind: dossier.Noted,
		At: n.At.UTC(), CaseAt: view.Now(n.At).UTC(), Actor: person.ID, Answer: n.ID, Detail: &dossier.Detail{Name: string(n.Kind), Written: w}}})
	if err != nil {
		return BusyError{fmt.Errorf("recording a note: %w", err)}
	}
	if n.Kind == review.NoteUndelivered && n.Request != "" && n.Person != "" {
		return d.tellUndelivered(ctx, n)
	}
	return nil
}

func checkNote(n review.Note) error {
	err := checkID(n.ID)
	if err != nil {
		return err
	}
	if !slices.Contains([]review.NoteKind{review.NoteComment, review.NoteAway, review.NoteUndelivered}, n.Kind) {
		return invalid("a note is a comment, an absence or a failed delivery", "there is no note of the kind %.40q", n.Kind)
	}
	return checkWords([]string{n.Person, n.Request})
}
