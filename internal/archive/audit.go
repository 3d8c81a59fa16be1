package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gangway/internal/dossier"
)

// atFormat is how the column at has instants.
const atFormat = "2006-01-02T15:04:05"

const (
	betweenQuery    = `SELECT chain, ` + lineColumns + ` FROM lines WHERE at >= ? AND at <= ? ORDER BY chain, n`
	countLinesQuery = `SELECT count(*) FROM lines WHERE chain = ? AND n >= ? AND n <= ?`
)

// Between gives every line whose entry was made in [from, to) to each, chain by
// chain in the order of their numbers. It reads as it goes, so that a year's
// record needs no more memory than a day's; an error of each ends it.
func (a *Archive) Between(ctx context.Context, from, to time.Time, each func(chain string, l dossier.Line) error) error {
	last := to.UTC()
	if last.Year() > 9999 { // which as text comes before the years that are
		last = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	}
	rows, err := a.reads.QueryContext(ctx, betweenQuery, from.UTC().Format(atFormat), last.Format(atFormat))
	if err != nil {
		return fmt.Errorf("reading the record by time: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		chain, l, err := scanChainLine(rows)
		if err != nil {
			return fmt.Errorf("reading a line of the record by time: %w", err)
		}
		if l.Entry.At.Before(from) || !l.Entry.At.Before(to) {
			continue
		}
		if err := each(chain, l); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the record by time to its end: %w", err)
	}
	return nil
}

// CountLines counts the lines of a chain from one number to another, both
// included: where none is missing, as many as there are numbers. last is the
// number of the chain's last line, as its head says; 0: there is no such chain.
func (a *Archive) CountLines(ctx context.Context, chain string, from, to int) (n, last int, err error) {
	err = a.read(ctx, func(q querier) error {
		if _, err := queryOne(ctx, q, []any{&last}, `SELECT n FROM chains WHERE chain = ?`, chain); err != nil {
			return err
		}
		_, err := queryOne(ctx, q, []any{&n}, countLinesQuery, chain, from, to)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("counting lines of the chain %s: %w", chain, err)
	}
	return n, last, nil
}

// scanChainLine reads a line with the name of its chain before it.
func scanChainLine(rows *sql.Rows) (string, dossier.Line, error) {
	var chain string
	l, err := scanLineAfter(rows, &chain)
	return chain, l, err
}
