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
		var version int
		if _, err := queryOne(ctx, q, []any{&version}, `SELECT value FROM state WHERE name = 'fold'`); err != nil {
			return fmt.Errorf("reading which fold made the views: %w", err)
		}
		if version == foldVersion {
			return nil
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM inbox; DELETE FROM requests`); err != nil {
			return fmt.Errorf("clearing the views: %w", err)
		}
		cases, err := queryAll(ctx, q, scanString, `SELECT id FROM cases ORDER BY seq`)
		if err != nil {
			return fmt.Errorf("listing the cases to fold: %w", err)
		}
		for _, id := range cases {
			if err := refoldCase(ctx, q, id); err != nil {
				return err
			}
		}
		if _, err := q.ExecContext(ctx, `UPDATE state SET value = ? WHERE name = 'fold'`, foldVersion); err != nil {
			return fmt.Errorf("noting which fold made the views: %w", err)
		}
		return nil
	})
}

func refoldCase(ctx context.Context, q querier, id string) error {
	c := openCase{id: id}
	_, err := queryAll(ctx, q, func(rows *sql.Rows) (none struct{}, err error) {
		text, err := scanString(rows)
		if err != nil {
			return none, err
		}
		var e dossier.Entry
		if err := decode(text, &e); err != nil {
			return none, err
		}
		c.apply(e)
		return none, nil
	}, `SELECT entry FROM lines WHERE chain = ? AND conflict = 0 ORDER BY n`, id)
	if err != nil {
		return fmt.Errorf("folding case %s: %w", id, err)
	}
	return c.save(ctx, q)
}
