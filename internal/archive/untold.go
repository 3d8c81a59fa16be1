package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
)

// mostUntold bounds how many entries come at once. Those that are told of are left out
// of the next, so that the others follow.
const mostUntold = 200

// untoldQuery asks for entries of so many kinds, of cases that have a board, that have
// no line below it. It goes by the index of time; what is older than asked for is not
// read.
func untoldQuery(kinds int) string {
	marks := make([]string, kinds)
	for i := range marks {
		marks[i] = fmt.Sprint("?", i+2)
	}
	return `SELECT entry FROM lines WHERE at >= ?1 AND conflict = 0 AND kind IN (` + strings.Join(marks, ", ") + `)
		AND EXISTS (SELECT 1 FROM postings WHERE postings.id = '` + outbox.BoardID("") + `' || lines.chain)
		AND NOT EXISTS (SELECT 1 FROM postings WHERE postings.id = '` + outbox.LineID("") + `' || lines.id)
		ORDER BY at, chain, n LIMIT ` + fmt.Sprint(mostUntold)
}

// Untold lists entries of these kinds, made since then, of cases that have a board in a
// chat and no line of them below it yet: the oldest first, at most mostUntold.
func (p pinboard) Untold(ctx context.Context, since time.Time, kinds []dossier.Kind) ([]dossier.Entry, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	args := []any{since.UTC().Format(atFormat)}
	for _, k := range kinds {
		args = append(args, string(k))
	}
	all, err := queryAll(ctx, p.archive.reads, scanEntry, untoldQuery(len(kinds)), args...)
	if err != nil {
		return nil, fmt.Errorf("looking for entries that have no line in a chat: %w", err)
	}
	return all, nil
}

// CaseEntry returns the entry of a case's chain by its id, or dossier.NotFoundError.
func (p pinboard) CaseEntry(ctx context.Context, caseID, id string) (dossier.Entry, error) {
	all, err := queryAll(ctx, p.archive.reads, scanEntry, `SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 0`, caseID, id)
	if err != nil {
		return dossier.Entry{}, fmt.Errorf("reading an entry of a case: %w", err)
	}
	if len(all) == 0 {
		return dossier.Entry{}, dossier.NotFoundError{What: "entry of " + caseID, ID: id}
	}
	return all[0], nil
}

func scanEntry(rows *sql.Rows) (e dossier.Entry, err error) {
	var text string
	if err := rows.Scan(&text); err != nil {
		return e, err
	}
	return e, decode(text, &e)
}
