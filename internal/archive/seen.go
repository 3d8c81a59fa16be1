package archive

import (
	"context"
	"fmt"
	"slices"

	"gangway/internal/dossier"
)

// saveSeen writes who may see the case, where that changed. A person whom a
// request involved once stays, so rows are added one by one.
func (c *openCase) saveSeen(ctx context.Context, q querier, was, is index) error {
	gone := func(person string) bool { return !slices.Contains(is.seen, person) }
	known := was.seen
	if was.open != is.open || len(known) == 0 || slices.ContainsFunc(known, gone) {
		if _, err := q.ExecContext(ctx, `DELETE FROM case_seen WHERE case_seq = ?`, c.seq); err != nil {
			return fmt.Errorf("clearing who may see case %s: %w", c.id, err)
		}
		known = nil
	}
	open := 0
	if is.open {
		open = 1
	}
	for _, person := range is.seen {
		if slices.Contains(known, person) {
			continue
		}
		if _, err := q.ExecContext(ctx, `INSERT INTO case_seen (person, open, case_seq) VALUES (?, ?, ?)`, person, open, c.seq); err != nil {
			return fmt.Errorf("noting who may see case %s: %w", c.id, err)
		}
	}
	return nil
}

const (
	seenQuery      = `SELECT c.id, c.view FROM case_seen s JOIN cases c ON c.seq = s.case_seq WHERE s.person = ? ORDER BY s.case_seq DESC`
	seenAfterQuery = `SELECT s.open, s.case_seq FROM cases c JOIN case_seen s ON s.case_seq = c.seq WHERE c.id = ? AND s.person = ? LIMIT 1`
	seenPageQuery  = `SELECT c.id, c.view FROM case_seen s JOIN cases c ON c.seq = s.case_seq
		WHERE s.person = ? AND (s.open, s.case_seq) < (?, ?) ORDER BY s.open DESC, s.case_seq DESC LIMIT ?`
)

// SeenPage is CasePage for the cases to which a person has a tie. A case to which
// they have none is not found, as one that isn't there.
func (a *Archive) SeenPage(ctx context.Context, person, after string, most int) ([]dossier.CaseView, error) {
	open, seq := 2, 0 // before every case
	if after != "" {
		found, err := queryOne(ctx, a.reads, []any{&open, &seq}, seenAfterQuery, after, person)
		if err != nil {
			return nil, fmt.Errorf("looking where a page of somebody's cases begins: %w", err)
		}
		if !found {
			return nil, dossier.NotFoundError{What: "case", ID: after}
		}
	}
	views, err := a.views(ctx, seenPageQuery, person, open, seq, most)
	if err != nil {
		return nil, fmt.Errorf("reading a page of the cases that somebody may see: %w", err)
	}
	return views, nil
}

// SeenCases is Cases for the cases to which a person has a tie.
func (a *Archive) SeenCases(ctx context.Context, person string) ([]dossier.CaseView, error) {
	views, err := a.views(ctx, seenQuery, person)
	if err != nil {
		return nil, fmt.Errorf("reading the cases that somebody may see: %w", err)
	}
	return views, nil
}

// ReceiptOwner returns whom a receipt was made out to, if there is one.
func (a *Archive) ReceiptOwner(ctx context.Context, answerID string) (string, bool, error) {
	var person string
	found, err := queryOne(ctx, a.reads, []any{&person}, `SELECT person FROM receipts WHERE answer = ?`, answerID)
	if err != nil {
		return "", false, fmt.Errorf("reading whose a receipt is: %w", err)
	}
	return person, found, nil
}
