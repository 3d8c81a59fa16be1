package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

// AddSession keeps a session under the digest of its secret, and in the same
// transaction notes it in the register where e says so (nil: it doesn't).
func (g gatehouse) AddSession(ctx context.Context, hash string, s access.Session, e *dossier.Entry) error {
	return g.archive.write(ctx, "keeping a session", first, func(q querier) error {
		done, err := q.ExecContext(ctx, `INSERT INTO sessions (hash, id, person, device, made, seen, until) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (hash) DO NOTHING`, hash, s.ID, s.Person, s.Device, s.Made.UnixMicro(), s.Seen.UnixMicro(), s.Until.UnixMicro())
		if err != nil {
			return err
		}
		return noteOnce(ctx, q, done, e)
	})
}

// noteOnce writes an entry of the register when a statement changed something.
func noteOnce(ctx context.Context, q querier, done sql.Result, e *dossier.Entry) error {
	n, err := done.RowsAffected()
	if err != nil || n == 0 || e == nil {
		return err
	}
	p, err := prepare(*e, nil)
	if err != nil {
		return err
	}
	return appendAll(ctx, q, []pending{p})
}

const (
	sessionColumns  = `id, person, device, made, seen, until`
	sessionQuery    = `SELECT ` + sessionColumns + ` FROM sessions WHERE hash = ? AND until > ?`
	sessionsOfQuery = `SELECT ` + sessionColumns + ` FROM sessions WHERE person = ? AND until > ? ORDER BY made DESC, id`
)

// SessionBy returns the session of a secret, by its digest. One that ended is a
// dossier.NotFoundError.
func (g gatehouse) SessionBy(ctx context.Context, hash string) (access.Session, error) {
	found, err := queryAll(ctx, g.archive.reads, scanSession, sessionQuery, hash, g.archive.now().UnixMicro())
	if err != nil {
		return access.Session{}, fmt.Errorf("looking for a session: %w", err)
	}
	if len(found) == 0 {
		return access.Session{}, dossier.NotFoundError{What: "session"}
	}
	return found[0], nil
}

// Sessions lists a person's sessions, the newest first.
func (g gatehouse) Sessions(ctx context.Context, person string) ([]access.Session, error) {
	all, err := queryAll(ctx, g.archive.reads, scanSession, sessionsOfQuery, person, g.archive.now().UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("listing somebody's sessions: %w", err)
	}
	return all, nil
}

func scanSession(rows *sql.Rows) (s access.Session, err error) {
	var made, seen, until int64
	err = rows.Scan(&s.ID, &s.Person, &s.Device, &made, &seen, &until)
	s.Made, s.Seen, s.Until = instant(made), instant(seen), instant(until)
	return s, err
}

// instant reads microseconds since 1970.
func instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// maybe reads an instant that a row may lack.
func maybe(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return instant(micros.Int64)
}

// SawSession notes when a session was used last; a time that isn't later changes
// nothing.
func (g gatehouse) SawSession(ctx context.Context, hash string, at time.Time) error {
	return g.archive.change(ctx, "noting that a session was used", `UPDATE sessions SET seen = ? WHERE hash = ? AND seen < ?`, at.UnixMicro(), hash, at.UnixMicro())
}

// DropSession ends the session of a secret, by its digest.
func (g gatehouse) DropSession(ctx context.Context, hash string) error {
	return g.archive.change(ctx, "ending a session", `DELETE FROM sessions WHERE hash = ?`, hash)
}

// EndSession ends one of a person's sessions; one that ended already stays so.
func (g gatehouse) EndSession(ctx context.Context, person, id string) error {
	return g.archive.change(ctx, "ending one of somebody's sessions", `DELETE FROM sessions WHERE person = ? AND id = ?`, person, id)
}

// change runs one statement in a transaction of its own.
func (a *Archive) change(ctx context.Context, doing, query string, args ...any) error {
	return a.write(ctx, doing, first, func(q querier) error {
		_, err := q.ExecContext(ctx, query, args...)
		return err
	})
}

// ShutOut ends every session, link and token of a person, and notes that in the
// register when e says so.
func (g gatehouse) ShutOut(ctx context.Context, person string, e *dossier.Entry) error {
	now := g.archive.now().UnixMicro()
	return g.archive.write(ctx, "ending somebody's access", first, func(q querier) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM sessions WHERE person = ?`, person); err != nil {
			return fmt.Errorf("ending all sessions of a person: %w", err)
		}
		if _, err := q.ExecContext(ctx, `UPDATE links SET used = ? WHERE person = ? AND used IS NULL`, now, person); err != nil {
			return fmt.Errorf("ending all links of a person: %w", err)
		}
		if _, err := q.ExecContext(ctx, `UPDATE tokens SET revoked = ? WHERE person = ? AND revoked IS NULL`, now, person); err != nil {
			return fmt.Errorf("revoking all tokens of a person: %w", err)
		}
		if e == nil {
			return nil
		}
		p, err := prepare(*e, nil)
		if err != nil {
			return err
		}
		return appendAll(ctx, q, []pending{p})
	})
}

// Rows that ended are kept for a while: links for the limits of a day, tokens so
// that their person can see what became of them.
const (
	keepLinks  = 24 * time.Hour
	keepTokens = 90 * 24 * time.Hour
	keepAways  = 90 * 24 * time.Hour
)

// Sweep removes sessions, links, tokens, pairings (they hold what somebody is
// called), absences, drafts and events of a mail provider that ended or came long
// enough ago. Tickets stay: an old mail still leads to its request.
func (g gatehouse) Sweep(ctx context.Context) error {
	now := g.archive.now()
	return g.archive.write(ctx, "sweeping what ended", later, func(q querier) error {
		for _, sweep := range []struct {
			query string
			until time.Time
		}{
			{`DELETE FROM sessions WHERE until <= ?`, now},
			{`DELETE FROM links WHERE until <= ?`, now.Add(-keepLinks)},
			{`DELETE FROM tokens WHERE until <= ?`, now.Add(-keepTokens)},
			{`DELETE FROM pairings WHERE until <= ?`, now},
			{sweepAways, now.Add(-keepAways)},
			{`DELETE FROM portal_sessions WHERE until <= ?`, now},
			{`DELETE FROM portal_links WHERE until <= ?`, now.Add(-keepPortalLinks)},
			{`DELETE FROM drafts WHERE at <= ?`, now.Add(-keepDrafts)},
			{`DELETE FROM mail_events WHERE at <= ?`, now.Add(-keepMailEvents)},
		} {
			if _, err := q.ExecContext(ctx, sweep.query, sweep.until.UnixMicro()); err != nil {
				return fmt.Errorf("removing rows that ended: %w", err)
			}
		}
		return nil
	})
}
