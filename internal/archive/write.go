package archive

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"gangway/internal/dossier"
)

// lockWait is how long a transaction waits for another process's, at most.
const lockWait = 30 * time.Second

// write runs do in one transaction on the write connection. Whatever fails, the
// commit included, leaves nothing behind. do must compute and talk to q only: no
// other I/O happens while everybody waits.
func (a *Archive) write(ctx context.Context, doing string, u urgency, do func(q querier) error) error {
	if err := a.gate.enter(ctx, u); err != nil {
		return fmt.Errorf("%s: waiting for a turn: %w", doing, err)
	}
	defer a.gate.leave()
	if a.closed {
		return fmt.Errorf("%s: the archive is closed", doing)
	}
	if err := a.begin(ctx); err != nil {
		return fault(doing, err)
	}
	err := do(a.conn)
	if err == nil {
		// From here a cancelled caller could not tell what happened.
		_, err = a.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	}
	if err == nil {
		return nil
	}
	if back := a.rollback(); back != nil {
		a.log.Error("rolling back", "doing", doing, "error", back)
	}
	return fault(doing, err)
}

// begin takes SQLite's write lock, waiting while another process holds it.
func (a *Archive) begin(ctx context.Context) error {
	deadline := time.Now().Add(lockWait)
	for {
		_, err := a.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		if err == nil {
			return nil
		}
		if e := (*sqlite.Error)(nil); !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY || ctx.Err() != nil || time.Now().After(deadline) {
			return fmt.Errorf("beginning a transaction: %w", err)
		}
	}
}

// rollback ends a transaction that SQLite has not ended itself, as it does on
// some errors (a full disk is one).
func (a *Archive) rollback() error {
	_, err := a.conn.ExecContext(context.Background(), "ROLLBACK")
	if e := (*sqlite.Error)(nil); errors.As(err, &e) && e.Code() == sqlite3.SQLITE_ERROR {
		return nil // no transaction is active
	}
	return err
}

// fault says what was being done; a full disk becomes FullError.
func fault(doing string, err error) error {
	if err = full(doing, err); err == nil || errors.As(err, new(dossier.FullError)) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// full turns the errors of a full disk or a full database into FullError and
// leaves others as they are.
func full(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return dossier.FullError{Doing: doing}
	}
	e := (*sqlite.Error)(nil)
	if errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE) {
		return dossier.FullError{Doing: doing}
	}
	return err
}
