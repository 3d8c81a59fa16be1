package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gangway/internal/access"
	"gangway/internal/dossier"
)

const (
	bindingColumns  = `channel, address, person, how, made`
	bindingQuery    = `SELECT ` + bindingColumns + ` FROM bindings WHERE channel = ? AND address = ?`
	bindingsOfQuery = `SELECT ` + bindingColumns + ` FROM bindings WHERE person = ? AND channel = ? ORDER BY made DESC, address`
)

// boundError says that an address is somebody else's. It doesn't say whose.
type boundError struct{ channel string }

// Error names the channel.
func (e boundError) Error() string {
	return "this address of " + e.channel + " is somebody else's"
}

// Hint says what to do about it.
func (e boundError) Hint() string {
	return "ask whoever keeps the people file to release the address first"
}

// Invalid marks the error for callers that know only the small interface.
func (e boundError) Invalid() bool { return true }

// Bind says that an address is a person's, and notes it in the register in the
// same transaction. The same person's once more changes nothing, however it came
// about; somebody else's is an error that says so by Invalid.
func (g gatehouse) Bind(ctx context.Context, b access.Binding, e *dossier.Entry) error {
	return g.archive.write(ctx, "binding an address", first, func(q querier) error { return bind(ctx, q, b, e) })
}

// bind lets one at a time decide whose an address is.
func bind(ctx context.Context, q querier, b access.Binding, e *dossier.Entry) error {
	if b.Channel == "" || b.Address == "" || b.Person == "" {
		return errors.New("a binding has a channel, an address and a person")
	}
	if err := lockAddress(ctx, q, b.Channel, b.Address); err != nil {
		return err
	}
	var whose string
	found, err := queryOne(ctx, q, []any{&whose}, `SELECT person FROM bindings WHERE channel = ? AND address = ?`, b.Channel, b.Address)
	switch {
	case err != nil:
		return fmt.Errorf("looking whose an address is: %w", err)
	case found && whose != b.Person:
		return boundError{channel: b.Channel}
	case found:
		return nil
	}
	done, err := q.ExecContext(ctx, `INSERT INTO bindings (channel, address, person, how, made) VALUES (?, ?, ?, ?, ?)`,
		b.Channel, b.Address, b.Person, b.How, micro(b.Made))
	if err != nil {
		return fmt.Errorf("storing whose an address is: %w", err)
	}
	return noteOnce(ctx, q, done, e)
}

// lockAddress comes before the register's lock, everywhere.
func lockAddress(ctx context.Context, q querier, channel, address string) error {
	return lockName(ctx, q, "address "+channel+" "+address)
}

// BindingBy returns whose an address is, or dossier.NotFoundError.
func (g gatehouse) BindingBy(ctx context.Context, channel, address string) (access.Binding, error) {
	found, err := queryAll(ctx, g.archive.reads, scanBinding, bindingQuery, channel, address)
	if err != nil {
		return access.Binding{}, fmt.Errorf("looking for a binding: %w", err)
	}
	if len(found) == 0 {
		return access.Binding{}, dossier.NotFoundError{What: "binding"}
	}
	return found[0], nil
}

// BindingsOf lists a person's addresses in a channel, the newest first.
func (g gatehouse) BindingsOf(ctx context.Context, channel, person string) ([]access.Binding, error) {
	all, err := queryAll(ctx, g.archive.reads, scanBinding, bindingsOfQuery, person, channel)
	if err != nil {
		return nil, fmt.Errorf("listing somebody's addresses: %w", err)
	}
	return all, nil
}

func scanBinding(rows *sql.Rows) (b access.Binding, err error) {
	var made int64
	err = rows.Scan(&b.Channel, &b.Address, &b.Person, &b.How, &made)
	b.Made = fromMicro(made)
	return b, err
}

// Unbind lets an address be nobody's, and notes it in the register; one that is
// nobody's already stays so, and nothing is noted. What its person was shown there
// is wanted anew in the same transaction: whoever has the address reads no further.
func (g gatehouse) Unbind(ctx context.Context, channel, address string, e *dossier.Entry) error {
	return g.archive.write(ctx, "releasing an address", first, func(q querier) error {
		if err := lockAddress(ctx, q, channel, address); err != nil {
			return err
		}
		var whose string
		found, err := queryOne(ctx, q, []any{&whose}, `SELECT person FROM bindings WHERE channel = ? AND address = ?`, channel, address)
		if err != nil || !found {
			return err
		}
		done, err := q.ExecContext(ctx, `DELETE FROM bindings WHERE channel = ? AND address = ?`, channel, address)
		if err == nil {
			err = wantOf(ctx, q, whose, g.archive.now())
		}
		if err != nil {
			return err
		}
		return noteOnce(ctx, q, done, e)
	})
}
