package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

const ticketQuery = `SELECT hash, request, version, person, channel, made FROM tickets WHERE hash = ?`

// PutTicket keeps a ticket, before it is sent. The same one again changes nothing,
// but that a contact's ticket is also their link to the portal, which lives
// access.PortalLinkFor from the last time on, unless it was revoked.
func (g gatehouse) PutTicket(ctx context.Context, t access.Ticket) error {
	return g.archive.write(ctx, "keeping a ticket", first, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO tickets (hash, request, version, person, channel, made) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (hash) DO NOTHING`, t.Hash, t.Request, t.Version, t.Person, t.Channel, t.Made.UnixMicro())
		if err != nil || !playbook.IsContact(t.Person) {
			return err
		}
		l := access.PortalLink{Hash: t.Hash, Person: t.Person, Request: t.Request, Made: t.Made, Until: t.Made.Add(access.PortalLinkFor)}
		l.Vendor, _, _ = strings.Cut(t.Person, ".")
		if _, err := queryOne(ctx, q, []any{&l.Case}, `SELECT case_id FROM requests WHERE id = ?`, t.Request); err != nil {
			return fmt.Errorf("looking for the case of a contact's ticket: %w", err)
		}
		return putPortalLink(ctx, q, l)
	})
}

// TicketBy returns a ticket by its digest, or dossier.NotFoundError.
func (g gatehouse) TicketBy(ctx context.Context, hash string) (access.Ticket, error) {
	found, err := queryAll(ctx, g.archive.reads, func(rows *sql.Rows) (t access.Ticket, err error) {
		var made int64
		err = rows.Scan(&t.Hash, &t.Request, &t.Version, &t.Person, &t.Channel, &made)
		t.Made = instant(made)
		return t, err
	}, ticketQuery, hash)
	if err != nil {
		return access.Ticket{}, fmt.Errorf("looking for a ticket: %w", err)
	}
	if len(found) == 0 {
		return access.Ticket{}, dossier.NotFoundError{What: "ticket"}
	}
	return found[0], nil
}
