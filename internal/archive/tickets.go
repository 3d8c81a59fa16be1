package archive

import (
	"context"
	"database/sql"
	"fmt"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

const ticketQuery = `SELECT hash, request, version, person, channel, made FROM tickets WHERE hash = ?`

// PutTicket keeps a ticket, before it is sent. The same one again changes
// nothing.
func (g gatehouse) PutTicket(ctx context.Context, t access.Ticket) error {
	return g.archive.change(ctx, "keeping a ticket", `INSERT INTO tickets (hash, request, version, person, channel, made) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO NOTHING`, t.Hash, t.Request, t.Version, t.Person, t.Channel, t.Made.UnixMicro())
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
