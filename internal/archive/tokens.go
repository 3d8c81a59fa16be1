package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

const (
	tokenColumns  = `id, person, name, made, until, seen, revoked`
	tokenQuery    = `SELECT ` + tokenColumns + ` FROM tokens WHERE hash = ? AND revoked IS NULL AND until > ?`
	tokensOfQuery = `SELECT ` + tokenColumns + ` FROM tokens WHERE person = ? ORDER BY made DESC, id`
)

// AddToken keeps a token under the digest of its secret, and notes it in the
// register in the same transaction. The same token again changes nothing.
func (g gatehouse) AddToken(ctx context.Context, hash string, t access.Token, e *dossier.Entry) error {
	return g.archive.write(ctx, "keeping a token", first, func(q querier) error {
		done, err := q.ExecContext(ctx, `INSERT INTO tokens (hash, id, person, name, made, until) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
			hash, t.ID, t.Person, t.Name, t.Made.UnixMicro(), t.Until.UnixMicro())
		if err != nil {
			return err
		}
		return noteOnce(ctx, q, done, e)
	})
}

// TokenBy returns the token of a secret, by its digest. One that is revoked or
// too old is a dossier.NotFoundError.
func (g gatehouse) TokenBy(ctx context.Context, hash string) (access.Token, error) {
	found, err := queryAll(ctx, g.archive.reads, scanToken, tokenQuery, hash, g.archive.now().UnixMicro())
	if err != nil {
		return access.Token{}, fmt.Errorf("looking for a token: %w", err)
	}
	if len(found) == 0 {
		return access.Token{}, dossier.NotFoundError{What: "token"}
	}
	return found[0], nil
}

// Tokens lists a person's tokens, the newest first, those that ended lately
// included.
func (g gatehouse) Tokens(ctx context.Context, person string) ([]access.Token, error) {
	all, err := queryAll(ctx, g.archive.reads, scanToken, tokensOfQuery, person)
	if err != nil {
		return nil, fmt.Errorf("listing somebody's tokens: %w", err)
	}
	return all, nil
}

func scanToken(rows *sql.Rows) (t access.Token, err error) {
	var made, until int64
	var seen, revoked sql.NullInt64
	err = rows.Scan(&t.ID, &t.Person, &t.Name, &made, &until, &seen, &revoked)
	t.Made, t.Until, t.Seen, t.Revoked = instant(made), instant(until), maybe(seen), maybe(revoked)
	return t, err
}

// SawToken notes when a token was used last; a time that isn't later changes
// nothing.
func (g gatehouse) SawToken(ctx context.Context, hash string, at time.Time) error {
	return g.archive.change(ctx, "noting that a token was used", `UPDATE tokens SET seen = ? WHERE hash = ? AND (seen IS NULL OR seen < ?)`, at.UnixMicro(), hash, at.UnixMicro())
}

// RevokeToken ends one of a person's tokens, and notes it in the register the
// first time. A token that isn't theirs is a dossier.NotFoundError.
func (g gatehouse) RevokeToken(ctx context.Context, person, id string, e *dossier.Entry) error {
	now := g.archive.now().UnixMicro()
	return g.archive.write(ctx, "revoking a token", first, func(q querier) error {
		var n int
		found, err := queryOne(ctx, q, []any{&n}, `SELECT 1 FROM tokens WHERE person = ? AND id = ?`, person, id)
		if err != nil {
			return fmt.Errorf("looking for the token to revoke: %w", err)
		}
		if !found {
			return dossier.NotFoundError{What: "token", ID: id}
		}
		done, err := q.ExecContext(ctx, `UPDATE tokens SET revoked = ? WHERE person = ? AND id = ? AND revoked IS NULL`, now, person, id)
		if err != nil {
			return err
		}
		return noteOnce(ctx, q, done, e)
	})
}
