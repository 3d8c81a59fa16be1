package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gangway/internal/dossier"
)

const lineColumns = `n, entry, conflict, prev, hash, body_digest, salt, body, erased_on, erased_rule`

// Lines returns a chain from its first line on; none for a chain without lines.
func (a *Archive) Lines(ctx context.Context, chain string) ([]dossier.Line, error) {
	lines, err := queryAll(ctx, a.reads, scanLine, `SELECT `+lineColumns+` FROM lines WHERE chain = ? ORDER BY n`, chain)
	if err != nil {
		return nil, fmt.Errorf("reading the chain %s: %w", chain, err)
	}
	return lines, nil
}

const answerLineQuery = `SELECT ` + lineColumns + ` FROM lines WHERE answer = ? AND conflict = 0 ORDER BY seq LIMIT 1`

// AnswerLine returns the first line that an answer or act left, if any.
func (a *Archive) AnswerLine(ctx context.Context, answerID string) (dossier.Line, bool, error) {
	lines, err := queryAll(ctx, a.reads, scanLine, answerLineQuery, answerID)
	if err != nil {
		return dossier.Line{}, false, fmt.Errorf("reading an answer's line: %w", err)
	}
	if len(lines) == 0 {
		return dossier.Line{}, false, nil
	}
	return lines[0], true, nil
}

func scanLine(rows *sql.Rows) (dossier.Line, error) { return scanLineAfter(rows) }

// scanLineAfter reads a line whose columns come after others, read into before.
func scanLineAfter(rows *sql.Rows, before ...any) (dossier.Line, error) {
	var l dossier.Line
	var entry string
	var salt, body, on, rule sql.NullString
	dest := append(before, &l.N, &entry, &l.Conflict, &l.Prev, &l.Hash, &l.BodyDigest, &salt, &body, &on, &rule)
	if err := rows.Scan(dest...); err != nil {
		return l, err
	}
	if err := decode(entry, &l.Entry); err != nil {
		return l, fmt.Errorf("reading the entry of line %d: %w", l.N, err)
	}
	l.Salt = salt.String
	if body.Valid {
		l.Body = new(dossier.Body)
		if err := decode(body.String, l.Body); err != nil {
			return l, fmt.Errorf("reading the body of line %d: %w", l.N, err)
		}
	}
	if on.Valid {
		at, err := time.Parse(time.RFC3339Nano, on.String)
		if err != nil {
			return l, fmt.Errorf("reading the erasure of line %d: %w", l.N, err)
		}
		l.Erased = &dossier.Erasure{On: at, Rule: rule.String}
	}
	return l, nil
}
