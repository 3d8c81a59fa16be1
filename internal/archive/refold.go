package archive

import (
	"context"
	"database/sql"
	"fmt"

	"gangway/internal/dossier"
)

// foldVersion names the fold that the stored views were made with. Raise it when
// dossier.CaseView.Apply or review.Request.Apply make another view of the same
// entries, or when what is stored of a view changes: opening an archive then
// makes all of them again from the journal.
const foldVersion = 1

// refold makes the views again when an older fold made them, all in one
// transaction. The journal is not touched.
func (a *Archive) refold(ctx context.Context) error {
	return a.write(ctx, "folding the views anew", later, func(q querier) error {
		if err := a.db.calm(ctx, q); err != nil {
			return fmt.Errorf("keeping others from appending: %w", err)
		}
		var version int
		if _, err := queryOne(ctx, q, []any{&version}, `SELECT value FROM state WHERE name = 'fold'`); err != nil {
			return fmt.Errorf("reading which fold made the views: %w", err)
		}
		if version == foldVersion {
			return nil
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM inbox; DELETE FROM answered; DELETE FROM requests; DELETE FROM case_people; DELETE FROM case_processes`); err != nil {
			return fmt.Errorf("clearing the views: %w", err)
		}
		cases, err := queryAll(ctx, q, func(rows *sql.Rows) (c openCase, err error) {
			err = rows.Scan(&c.seq, &c.id)
			return c, err
		}, `SELECT seq, id FROM cases ORDER BY seq`)
		if err != nil {
			return fmt.Errorf("listing the cases to fold: %w", err)
		}
		for _, c := range cases {
			if err := c.refold(ctx, q); err != nil {
				return err
			}
		}
		if _, err := q.ExecContext(ctx, `UPDATE state SET value = ? WHERE name = 'fold'`, foldVersion); err != nil {
			return fmt.Errorf("noting which fold made the views: %w", err)
		}
		return nil
	})
}

// refold folds the chain of a case that was not loaded.
func (c *openCase) refold(ctx context.Context, q querier) error {
	_, err := queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
		var l dossier.Line
		var text string
		if err := rows.Scan(&l.N, &l.Conflict, &text); err != nil {
			return none, err
		}
		if err := decode(text, &l.Entry); err != nil {
			return none, err
		}
		c.apply(l)
		return none, nil
	}, `SELECT n, conflict, entry FROM lines WHERE chain = ? ORDER BY n`, c.id)
	if err != nil {
		return fmt.Errorf("folding case %s: %w", c.id, err)
	}
	return c.save(ctx, q)
}
