package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// begin takes SQLite's write lock, waiting while another process holds it. soft:
// the commit is not to wait for the disk; the next that waits brings it there too,
// since both stand in the same log.
func (s *sqlite) begin(ctx context.Context, soft bool) error {
	if soft != s.soft {
		level := "PRAGMA synchronous = FULL"
		if soft {
			level = "PRAGMA synchronous = NORMAL"
		}
		// Nobody's context ends it: given up half-way, s.soft would say the wrong thing.
		if _, err := s.own.ExecContext(context.Background(), level); err != nil {
			return fmt.Errorf("choosing whether to wait for the disk: %w", err)
		}
		s.soft = soft
	}
	err := insist(ctx, executing(ctx, s.own, "BEGIN IMMEDIATE"))
	if err != nil { // whose caller gave up just then it may have begun all the same
		return errors.Join(fmt.Errorf("beginning a transaction: %w", err), s.rollback())
	}
	return nil
}

// insist does what takes SQLite's write lock, again while another process holds
// it, for as long as lockWait. The pause is for what SQLite refuses without waiting.
func insist(ctx context.Context, do func() error) error {
	deadline := time.Now().Add(lockWait)
	for {
		err := do()
		if e := (*driver.Error)(nil); !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Millisecond):
		}
	}
}

// executing is a statement to insist on.
func executing(ctx context.Context, q querier, statement string) func() error {
	return func() error {
		_, err := q.ExecContext(ctx, statement)
		return err
	}
}

// rollback ends a transaction that SQLite has not ended itself, as it does on
// some errors (a full disk is one).
func (s *sqlite) rollback() error {
	_, err := s.conn.ExecContext(context.Background(), "ROLLBACK")
	if e := (*driver.Error)(nil); errors.As(err, &e) && e.Code() == sqlite3.SQLITE_ERROR {
		return nil // no transaction is active
	}
	return err
}

func (s *sqlite) read(ctx context.Context, do func(q querier) error) error {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx) // as it is: preparing would need a second connection of the pool
}

// scrub writes the database anew when an erasure asks for it: secure_delete
// overwrites what is deleted, but what moved between pages, and the write-ahead
// log, can still hold a text. Nothing else is written meanwhile.
func (s *sqlite) scrub(ctx context.Context) error {
	if err := s.gate.enter(ctx, later); err != nil {
		return fmt.Errorf("waiting to write the database anew: %w", err)
	}
	defer s.gate.leave()
	s.end()
	if s.closed {
		return errors.New("writing the database anew: the archive is closed")
	}
	var due bool
	if _, err := queryOne(ctx, s.conn, []any{&due}, scrubDueQuery); err != nil {
		return fmt.Errorf("asking whether the database must be written anew: %w", err)
	}
	if !due {
		return nil
	}
	if err := insist(ctx, executing(ctx, s.conn, `VACUUM`)); err != nil {
		return fault("writing the database anew", err)
	}
	if err := s.emptyLog(ctx); err != nil {
		return fault("emptying the write-ahead log", err)
	}
	if err := insist(ctx, executing(ctx, s.conn, `UPDATE state SET value = 0 WHERE name = 'scrub'`)); err != nil {
		return fault("noting that the database was written anew", err)
	}
	return nil
}

// emptyLog moves the write-ahead log into the database and cuts it to nothing. A
// reader that still sees an older state holds it up.
func (s *sqlite) emptyLog(ctx context.Context) error {
	deadline := time.Now().Add(lockWait)
	for {
		var busy, pages, moved int
		if _, err := queryOne(ctx, s.conn, []any{&busy, &pages, &moved}, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
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
