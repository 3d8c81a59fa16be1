package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

const pairingQuery = `SELECT id, channel, address, name, made, until, used FROM pairings WHERE hash = ? AND used = 0 AND until > ?`

// AddPairing keeps a one-time link under the digest of its secret. The same again
// changes nothing.
func (g gatehouse) AddPairing(ctx context.Context, hash string, p access.Pairing) error {
	if hash == "" || p.ID == "" || p.Channel == "" || p.Address == "" {
		return errors.New("keeping a pairing: it has no digest, no id, no channel or no address")
	}
	return g.archive.change(ctx, "keeping a pairing", `INSERT INTO pairings (id, hash, channel, address, name, made, until, used)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO NOTHING`,
		p.ID, hash, p.Channel, p.Address, p.Name, micro(p.Made), micro(p.Until))
}

// PairingBy returns the pairing of a secret, by its digest, and changes nothing.
// One that was used or is too old is a dossier.NotFoundError.
func (g gatehouse) PairingBy(ctx context.Context, hash string) (access.Pairing, error) {
	found, err := queryAll(ctx, g.archive.reads, scanPairing, pairingQuery, hash, micro(g.archive.now()))
	if err != nil {
		return access.Pairing{}, fmt.Errorf("looking for a pairing: %w", err)
	}
	if len(found) == 0 {
		return access.Pairing{}, dossier.NotFoundError{What: "pairing"}
	}
	return found[0], nil
}

func scanPairing(rows *sql.Rows) (p access.Pairing, err error) {
	var made, until, used int64
	err = rows.Scan(&p.ID, &p.Channel, &p.Address, &p.Name, &made, &until, &used)
	p.Made, p.Until, p.Used = fromMicro(made), fromMicro(until), fromMicro(used)
	return p, err
}

// UsePairing uses a pairing up: true for exactly one of all who try. One that is
// too old is used by nobody.
func (g gatehouse) UsePairing(ctx context.Context, id string) (won bool, err error) {
	err = g.archive.write(ctx, "using a pairing", first, func(q querier) error {
		var err error
		won, err = g.usePairing(ctx, q, id)
		return err
	})
	return won && err == nil, err
}

// usePairing also forgets what the chat called the address's owner.
func (g gatehouse) usePairing(ctx context.Context, q querier, id string) (bool, error) {
	now := micro(g.archive.now())
	done, err := q.ExecContext(ctx, `UPDATE pairings SET used = ?, name = '' WHERE id = ? AND used = 0 AND until > ?`, now, id, now)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// PairUp uses a pairing and binds its address, both or neither. b names a person;
// its channel and address are those of the pairing, whatever it says. A pairing that
// was used or is too old is a dossier.NotFoundError, but for the person whose the
// address became by it: then nothing is left to do.
func (g gatehouse) PairUp(ctx context.Context, id string, b access.Binding, e *dossier.Entry) error {
	return g.archive.write(ctx, "binding an address by a pairing", first, func(q querier) error {
		found, err := queryOne(ctx, q, []any{&b.Channel, &b.Address}, `SELECT channel, address FROM pairings WHERE id = ?`, id)
		if err != nil {
			return fmt.Errorf("looking for the pairing to use: %w", err)
		}
		if !found {
			return dossier.NotFoundError{What: "pairing"}
		}
		won, err := g.usePairing(ctx, q, id)
		if err != nil {
			return fmt.Errorf("using the pairing: %w", err)
		}
		if won {
			return bind(ctx, q, b, e)
		}
		var theirs bool
		if _, err := queryOne(ctx, q, []any{&theirs}, `SELECT EXISTS (SELECT 1 FROM bindings b JOIN pairings p ON p.channel = b.channel AND p.address = b.address
			WHERE p.id = ? AND p.used > 0 AND b.person = ?)`, id, b.Person); err != nil {
			return fmt.Errorf("looking whose the address of a used pairing is: %w", err)
		}
		if !theirs {
			return dossier.NotFoundError{What: "pairing"}
		}
		return nil
	})
}
