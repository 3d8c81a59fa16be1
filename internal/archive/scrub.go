package archive

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// scrub writes the database anew when an erasure asks for it: secure_delete
// overwrites what is deleted, but what moved between pages, and the write-ahead
// log, can still hold a text. Nothing else is written meanwhile.
func (a *Archive) scrub(ctx context.Context) error {
	if err := a.gate.enter(ctx, later); err != nil {
		return fmt.Errorf("waiting to write the database anew: %w", err)
	}
	defer a.gate.leave()
	if a.closed {
		return errors.New("writing the database anew: the archive is closed")
	}
	var due bool
	if _, err := queryOne(ctx, a.conn, []any{&due}, `SELECT value FROM state WHERE name = 'scrub'`); err != nil {
		return fmt.Errorf("asking whether the database must be written anew: %w", err)
	}
	if !due {
		return nil
	}
	if _, err := a.conn.ExecContext(ctx, `VACUUM`); err != nil {
		return fault("writing the database anew", err)
	}
	if err := a.emptyLog(ctx); err != nil {
		return fault("emptying the write-ahead log", err)
	}
	if _, err := a.conn.ExecContext(ctx, `UPDATE state SET value = 0 WHERE name = 'scrub'`); err != nil {
		return fault("noting that the database was written anew", err)
	}
	return nil
}

// emptyLog moves the write-ahead log into the database and cuts it to nothing. A
// reader that still sees an older state holds it up.
func (a *Archive) emptyLog(ctx context.Context) error {
	deadline := time.Now().Add(lockWait)
	for {
		var busy, pages, moved int
		if _, err := queryOne(ctx, a.conn, []any{&busy, &pages, &moved}, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("a reader keeps an older state open; erase again once it has ended")
		}
	}
}
