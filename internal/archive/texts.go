package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// KeepText keeps what somebody wrote under the id of their answer or act, before
// a workflow hears of it, and returns the digests that may enter the workflow.
// The first text of an id wins: later calls return its digests, also when the
// text has moved into the journal or was erased.
func (a *Archive) KeepText(ctx context.Context, answerID string, t review.Text) (review.Written, error) {
	var w review.Written
	if answerID == "" {
		return w, errors.New("keeping a text: it has no answer id")
	}
	if t.Empty() { // nothing to keep, and a text that comes later under this id may
		known, found, err := written(ctx, a.reads, answerID)
		if found || err != nil {
			return known, err
		}
		return w, nil
	}
	var b dossier.Body
	if err := settle(dossier.Body{Inside: t.Inside, Vendor: t.Vendor}, &b); err != nil {
		return w, fmt.Errorf("keeping a text: %w", err)
	}
	salt := newSalt()
	if b.Inside != "" {
		w.Inside = dossier.BodyDigest(salt, dossier.Body{Inside: b.Inside})
	}
	if b.Vendor != "" {
		w.Vendor = dossier.BodyDigest(salt, dossier.Body{Vendor: b.Vendor})
	}
	var stands review.Written
	err := a.write(ctx, "keeping a text", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO texts (answer, salt, inside, vendor, written_inside, written_vendor)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (answer) DO NOTHING`, answerID, salt, b.Inside, b.Vendor, w.Inside, w.Vendor)
		if err != nil {
			return err
		}
		stands, _, err = written(ctx, q, answerID)
		return err
	})
	if err != nil {
		return review.Written{}, err
	}
	return stands, nil
}

func written(ctx context.Context, q querier, answer string) (review.Written, bool, error) {
	var w review.Written
	found, err := queryOne(ctx, q, []any{&w.Inside, &w.Vendor}, `SELECT written_inside, written_vendor FROM texts WHERE answer = ?`, answer)
	if err != nil {
		return w, false, fmt.Errorf("reading a text's digests: %w", err)
	}
	return w, found, nil
}

const textQuery = `SELECT body FROM lines WHERE answer = ? AND body IS NOT NULL AND conflict = 0 ORDER BY seq LIMIT 1`

// whereverQuery is one statement, so of one moment: the text may just be moving.
const whereverQuery = `SELECT 1, inside, vendor, NULL AS body FROM texts WHERE answer = ? AND salt IS NOT NULL
	UNION ALL SELECT 2, NULL, NULL, body FROM (` + textQuery + `) AS moved ORDER BY 1 LIMIT 1`

// Text returns what was written with an answer or act: from where it waits, or
// from the journal. There is none when nothing was written or it was erased.
func (a *Archive) Text(ctx context.Context, answerID string) (review.Text, bool, error) {
	var inside, vendor, body sql.NullString
	found, err := queryOne(ctx, a.reads, []any{new(int), &inside, &vendor, &body}, whereverQuery, answerID, answerID)
	if err != nil {
		return review.Text{}, false, fmt.Errorf("reading a text: %w", err)
	}
	if !found {
		return review.Text{}, false, nil
	}
	if !body.Valid {
		return review.Text{Inside: inside.String, Vendor: vendor.String}, true, nil
	}
	var b dossier.Body
	if err := decode(body.String, &b); err != nil {
		return review.Text{}, false, fmt.Errorf("reading a text in the journal: %w", err)
	}
	t := review.Text{Inside: b.Inside, Vendor: b.Vendor}
	return t, !t.Empty(), nil
}

func stagedText(ctx context.Context, q querier, answer string) (t review.Text, salt string, found bool, err error) {
	var s, inside, vendor sql.NullString
	found, err = queryOne(ctx, q, []any{&s, &inside, &vendor}, `SELECT salt, inside, vendor FROM texts WHERE answer = ? AND salt IS NOT NULL`, answer)
	if err != nil {
		return t, "", false, fmt.Errorf("looking for a staged text: %w", err)
	}
	return review.Text{Inside: inside.String, Vendor: vendor.String}, s.String, found, nil
}

// takeText moves a text out of the staging table; its digests stay.
func takeText(ctx context.Context, q querier, answer string) (review.Text, string, bool, error) {
	t, salt, found, err := stagedText(ctx, q, answer)
	if err != nil || !found {
		return t, "", false, err
	}
	r, err := q.ExecContext(ctx, clearText+` AND salt IS NOT NULL`, answer)
	if err != nil {
		return t, "", false, fmt.Errorf("taking a staged text: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 { // an entry in another chain took it
		return review.Text{}, "", false, err
	}
	return t, salt, true, nil
}

const clearText = `UPDATE texts SET salt = NULL, inside = NULL, vendor = NULL WHERE answer = ?`

func dropText(ctx context.Context, q querier, answer string) error {
	if _, err := q.ExecContext(ctx, clearText, answer); err != nil {
		return fmt.Errorf("clearing a staged text: %w", err)
	}
	return nil
}
