package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

const (
	portalLinkQuery    = `SELECT hash, person, vendor, case_id, request, made, until, revoked FROM portal_links WHERE hash = ?`
	portalSessionQuery = `SELECT hash, person, vendor, link, device, made, until FROM portal_sessions WHERE hash = ? AND until > ?`
	// A link of no case leads to all that its person has.
	ofCase             = `person = ?1 AND (case_id IN (?2, '') OR ?2 = '')`
	endSessionsOfLinks = `DELETE FROM portal_sessions WHERE person = ?1 AND link IN (SELECT hash FROM portal_links WHERE ` + ofCase + ` AND revoked > 0)`
	revokeLinksQuery   = `UPDATE portal_links SET revoked = ?3 WHERE ` + ofCase + ` AND revoked = 0`
)

// keepPortalLinks is how long after its end a link is remembered, so that who
// comes by it is told that it ended rather than that there never was one.
const keepPortalLinks = 180 * 24 * time.Hour

// PutPortalLink keeps a contact's link under the digest of its secret, before it is
// sent. The same one again can only make it live longer: what was revoked stays so.
func (f frontoffice) PutPortalLink(ctx context.Context, l access.PortalLink) error {
	if l.Hash == "" || l.Person == "" || !l.Made.Before(l.Until) {
		return errors.New("keeping a contact's link: it has no secret, no person or no end")
	}
	return f.archive.write(ctx, "keeping a contact's link", first, func(q querier) error { return putPortalLink(ctx, q, l) })
}

func putPortalLink(ctx context.Context, q querier, l access.PortalLink) error {
	_, err := q.ExecContext(ctx, `INSERT INTO portal_links (hash, person, vendor, case_id, request, made, until, revoked)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET until = excluded.until
		WHERE portal_links.revoked = 0 AND portal_links.until < excluded.until AND portal_links.person = excluded.person`,
		l.Hash, l.Person, l.Vendor, l.Case, l.Request, micro(l.Made), micro(l.Until), micro(l.Revoked))
	return err
}

// PortalLink returns the link of a secret by its digest and changes nothing, also
// one that ended or was revoked (access.PortalLink.Opens says so); or
// dossier.NotFoundError.
func (f frontoffice) PortalLink(ctx context.Context, hash string) (access.PortalLink, error) {
	found, err := queryAll(ctx, f.archive.reads, func(rows *sql.Rows) (l access.PortalLink, err error) {
		var made, until, revoked int64
		err = rows.Scan(&l.Hash, &l.Person, &l.Vendor, &l.Case, &l.Request, &made, &until, &revoked)
		l.Made, l.Until, l.Revoked = fromMicro(made), fromMicro(until), fromMicro(revoked)
		return l, err
	}, portalLinkQuery, hash)
	if err != nil {
		return access.PortalLink{}, fmt.Errorf("looking for a contact's link: %w", err)
	}
	if len(found) == 0 {
		return access.PortalLink{}, dossier.NotFoundError{What: "link of a contact"}
	}
	return found[0], nil
}

// RevokePortalLinks revokes the links that lead a contact to a case, or to any case
// where none is named, and ends the browsers that came in by them. It returns how
// many links that were.
func (f frontoffice) RevokePortalLinks(ctx context.Context, person, caseID string, at time.Time) (int, error) {
	if person == "" || at.IsZero() {
		return 0, errors.New("revoking a contact's links: nobody or no instant is named")
	}
	var n int
	err := f.archive.write(ctx, "revoking a contact's links", first, func(q querier) (err error) {
		n, err = revokePortal(ctx, q, person, caseID, micro(at))
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func revokePortal(ctx context.Context, q querier, person, caseID string, at int64) (int, error) {
	done, err := q.ExecContext(ctx, revokeLinksQuery, person, caseID, at)
	if err != nil {
		return 0, fmt.Errorf("marking links as revoked: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("counting the links that were revoked: %w", err)
	}
	if _, err = q.ExecContext(ctx, endSessionsOfLinks, person, caseID); err != nil {
		return 0, fmt.Errorf("ending the browsers of links that were revoked: %w", err)
	}
	return int(n), nil
}

// PutPortalSession keeps a browser in which a contact came in, under the digest of
// its secret, unless the link by which they came was revoked or ended meanwhile:
// that is a dossier.NotFoundError.
func (f frontoffice) PutPortalSession(ctx context.Context, s access.PortalSession) error {
	if s.Hash == "" || s.Person == "" || s.Link == "" || !s.Made.Before(s.Until) {
		return errors.New("keeping a contact's session: it has no secret, no person, no link or no end")
	}
	return f.archive.write(ctx, "keeping a contact's session", first, func(q querier) error {
		// The link's row is written, so that a revocation comes before this or after it.
		done, err := q.ExecContext(ctx, `UPDATE portal_links SET revoked = 0 WHERE hash = ? AND person = ? AND revoked = 0 AND until > ?`, s.Link, s.Person, micro(s.Made))
		if err != nil {
			return fmt.Errorf("holding the link of a session: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil {
			return fmt.Errorf("reading whether the link of a session is open: %w", err)
		} else if n == 0 {
			return dossier.NotFoundError{What: "open link of a contact"}
		}
		_, err = q.ExecContext(ctx, `INSERT INTO portal_sessions (hash, person, vendor, link, device, made, until) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (hash) DO NOTHING`, s.Hash, s.Person, s.Vendor, s.Link, s.Device, micro(s.Made), micro(s.Until))
		return err
	})
}

// PortalSession returns the session of a secret, by its digest. One that ended is a
// dossier.NotFoundError.
func (f frontoffice) PortalSession(ctx context.Context, hash string) (access.PortalSession, error) {
	found, err := queryAll(ctx, f.archive.reads, func(rows *sql.Rows) (s access.PortalSession, err error) {
		var made, until int64
		err = rows.Scan(&s.Hash, &s.Person, &s.Vendor, &s.Link, &s.Device, &made, &until)
		s.Made, s.Until = fromMicro(made), fromMicro(until)
		return s, err
	}, portalSessionQuery, hash, micro(f.archive.now()))
	if err != nil {
		return access.PortalSession{}, fmt.Errorf("looking for a contact's session: %w", err)
	}
	if len(found) == 0 {
		return access.PortalSession{}, dossier.NotFoundError{What: "session of a contact"}
	}
	return found[0], nil
}

// EndPortalSession ends the session of a secret, by its digest.
func (f frontoffice) EndPortalSession(ctx context.Context, hash string) error {
	return f.archive.change(ctx, "ending a contact's session", `DELETE FROM portal_sessions WHERE hash = ?`, hash)
}

// EndPortalSessions ends every session of a contact; their links still open.
func (f frontoffice) EndPortalSessions(ctx context.Context, person string) error {
	return f.archive.change(ctx, "ending all sessions of a contact", `DELETE FROM portal_sessions WHERE person = ?`, person)
}
