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
	linkColumns    = `id, person, next, made, until, used, tries`
	linkQuery      = `SELECT ` + linkColumns + ` FROM links WHERE hash = ? AND used IS NULL AND until > ?`
	liveLinksQuery = `SELECT ` + linkColumns + ` FROM links WHERE person = ? AND used IS NULL AND until > ? AND made > ? AND tries < ? ORDER BY made DESC, id`
)

// AddLink keeps a one-time link under the digest of its secret, unless its person
// had as many as the limits allow: then wait is how long until the next one. The
// same link again changes nothing.
func (g gatehouse) AddLink(ctx context.Context, hash string, l access.Link, limits []access.Limit) (wait time.Duration, err error) {
	err = g.archive.write(ctx, "keeping a one-time link", first, func(q querier) error {
		wait = 0
		if len(limits) > 0 {
			if err := oneAtATime(ctx, q, l.Person); err != nil {
				return err
			}
			made, err := queryAll(ctx, q, scanInstant, `SELECT made FROM links WHERE person = ? AND made > ? AND id <> ? ORDER BY made DESC LIMIT 100`,
				l.Person, l.Made.Add(-keepLinks).UnixMicro(), l.ID)
			if err != nil {
				return fmt.Errorf("counting somebody's links: %w", err)
			}
			if wait = access.Wait(limits, made, l.Made); wait > 0 {
				return nil
			}
		}
		_, err := q.ExecContext(ctx, `INSERT INTO links (id, hash, person, next, made, until, tries) VALUES (?, ?, ?, ?, ?, ?, 0)
			ON CONFLICT (id) DO NOTHING`, l.ID, hash, l.Person, l.Next, l.Made.UnixMicro(), l.Until.UnixMicro())
		return err
	})
	return wait, err
}

// oneAtATime lets nobody else count this person's links until the transaction
// ends: a row that somebody is about to write is waited for, on any database. It
// is gone again before anybody could read it.
func oneAtATime(ctx context.Context, q querier, person string) error {
	name := "links/" + person
	_, err := q.ExecContext(ctx, `INSERT INTO leases (name, holder, until) VALUES (?, '', 0) ON CONFLICT (name) DO UPDATE SET until = 0`, name)
	if err == nil {
		_, err = q.ExecContext(ctx, `DELETE FROM leases WHERE name = ?`, name)
	}
	if err != nil {
		return fmt.Errorf("waiting for a turn at somebody's links: %w", err)
	}
	return nil
}

func scanInstant(rows *sql.Rows) (time.Time, error) {
	var micros int64
	err := rows.Scan(&micros)
	return instant(micros), err
}

// LinkBy returns the link of a secret, by its digest, and changes nothing. One
// that was used or is too old is a dossier.NotFoundError. Wrong codes end only its
// code: whoever knows somebody's address could else keep them out.
func (g gatehouse) LinkBy(ctx context.Context, hash string) (access.Link, error) {
	found, err := queryAll(ctx, g.archive.reads, scanLink, linkQuery, hash, g.archive.now().UnixMicro())
	if err != nil {
		return access.Link{}, fmt.Errorf("looking for a one-time link: %w", err)
	}
	if len(found) == 0 {
		return access.Link{}, dossier.NotFoundError{What: "one-time link"}
	}
	return found[0], nil
}

func scanLink(rows *sql.Rows) (l access.Link, err error) {
	var made, until int64
	var used sql.NullInt64
	err = rows.Scan(&l.ID, &l.Person, &l.Next, &made, &until, &used, &l.Tries)
	l.Made, l.Until, l.Used = instant(made), instant(until), maybe(used)
	return l, err
}

// TryLinks counts a try at the code of every link of a person whose code is good
// still, and returns those links. It counts before anybody compares: so many guesses at
// one moment are no more than so many one after the other.
func (g gatehouse) TryLinks(ctx context.Context, person string) ([]access.Link, error) {
	now := g.archive.now()
	var tried []access.Link
	err := g.archive.write(ctx, "counting a try at a code", first, func(q querier) error {
		var err error
		if tried, err = queryAll(ctx, q, scanLink, liveLinksQuery, person, now.UnixMicro(), now.Add(-keepLinks).UnixMicro(), access.MaxTries); err != nil {
			return fmt.Errorf("looking for somebody's links: %w", err)
		}
		live := tried[:0]
		for _, l := range tried {
			done, err := q.ExecContext(ctx, `UPDATE links SET tries = tries + 1 WHERE id = ? AND used IS NULL AND tries < ?`, l.ID, access.MaxTries)
			if err != nil {
				return fmt.Errorf("counting a try: %w", err)
			}
			n, err := done.RowsAffected()
			if err != nil {
				return fmt.Errorf("reading whether a try counted: %w", err)
			}
			if n == 1 {
				l.Tries++
				live = append(live, l)
			}
		}
		tried = live
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tried, nil
}

// UseLink uses a link up: true for exactly one of all who try. A link that is
// too old is used by nobody.
func (g gatehouse) UseLink(ctx context.Context, id string) (bool, error) {
	now := g.archive.now().UnixMicro()
	var won bool
	err := g.archive.write(ctx, "using a one-time link", first, func(q querier) error {
		done, err := q.ExecContext(ctx, `UPDATE links SET used = ? WHERE id = ? AND used IS NULL AND until > ?`, now, id, now)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		won = n == 1
		return err
	})
	if err != nil {
		return false, err
	}
	return won, nil
}

// LinkUsed reports whether the link with that id is there and was used.
func (g gatehouse) LinkUsed(ctx context.Context, id string) (bool, error) {
	var n int
	found, err := queryOne(ctx, g.archive.reads, []any{&n}, `SELECT 1 FROM links WHERE id = ? AND used IS NOT NULL`, id)
	if err != nil {
		return false, fmt.Errorf("looking whether a link was used: %w", err)
	}
	return found, nil
}
