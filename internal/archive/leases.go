package archive

import (
	"context"
	"fmt"
	"time"
)

// Lease gives a name to one holder at a time: true when the holder has it, new,
// renewed, or taken over from one whose time ran out. ttl counts from the
// archive's clock; clocks of machines that share the archive must agree to well
// below it.
func (a *Archive) Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	now := a.now()
	var has bool
	err := a.write(ctx, "taking a lease", first, func(q querier) error {
		r, err := q.ExecContext(ctx, `INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
			WHERE leases.holder = excluded.holder OR leases.until <= ?`,
			name, holder, now.Add(ttl).UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		has = n > 0
		return err
	})
	if err != nil {
		return false, err
	}
	return has, nil
}

// Release gives a lease back; one that somebody else holds stays theirs.
func (a *Archive) Release(ctx context.Context, name, holder string) error {
	return a.write(ctx, "giving a lease back", first, func(q querier) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM leases WHERE name = ? AND holder = ?`, name, holder); err != nil {
			return fmt.Errorf("deleting a lease: %w", err)
		}
		return nil
	})
}
