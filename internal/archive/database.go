package archive

import (
	"context"
	"database/sql"
	"errors"
)

// readers bounds the read connections: pages and the API read a few rows each,
// and more connections than cores only take turns.
const readers = 4

// querier is what a transaction and a read share. Queries have `?` or `?1`, on
// every database; truth values are the integers 0 and 1.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// database is what SQLite and PostgreSQL do differently.
type database interface {
	// write runs do in one transaction; see Archive.write.
	write(ctx context.Context, doing string, u urgency, do func(q querier) error) error
	// read runs do in one read transaction: everything it sees is of one moment.
	read(ctx context.Context, do func(q querier) error) error
	// steps are the migrations in order: step i leads to version i+1.
	steps() ([]string, error)
	// version reads the schema's version within the transaction that migrates, 0
	// for an empty database, and refuses one that is not ours.
	version(ctx context.Context, q querier) (int, error)
	// mark writes the schema's version.
	mark(ctx context.Context, q querier, version int) error
	// calm keeps all others from appending until the transaction ends.
	calm(ctx context.Context, q querier) error
	// reader is what single reads go through; it is asked for once the schema stands.
	reader() (querier, error)
	// scrub removes from the database's files, as far as it can, what was erased.
	scrub(ctx context.Context) error
	// alone keeps others who name the same out until release is called.
	alone(ctx context.Context, name string) (release func(), err error)
	// Close waits for the writes that are going on; closing again does nothing.
	Close() error
}

// write runs do in one transaction. Whatever fails, the commit included, leaves
// nothing behind. do must compute and talk to q only: others may wait for it. It
// may be run more than once, so it must not add to what it did before.
//
// On SQLite transactions take turns. On PostgreSQL they run side by side, each
// statement seeing what was committed before it: who reads to decide what to
// write locks a name first (lockName), or lets the writing statement decide. A
// row that somebody else inserted meanwhile under the same key makes do run again.
func (a *Archive) write(ctx context.Context, doing string, u urgency, do func(q querier) error) error {
	return a.db.write(ctx, doing, u, do)
}

// read runs do in one read transaction: everything it sees is of one moment.
func (a *Archive) read(ctx context.Context, do func(q querier) error) error {
	return a.db.read(ctx, do)
}

// locker is a transaction that runs beside others.
type locker interface {
	lockName(ctx context.Context, name string) error
}

// lockName keeps transactions that lock the same name out until this one ends.
// Where transactions take turns it does nothing. Who locks several names takes
// them in their order, so that two never wait for each other.
func lockName(ctx context.Context, q querier, name string) error {
	if l, ok := q.(locker); ok {
		return l.lockName(ctx, name)
	}
	return nil
}

// openDatabase brings the schema and the views up to date, in that order, and
// then opens the readers.
func (a *Archive) openDatabase(ctx context.Context) error {
	steps, err := a.db.steps()
	if err != nil {
		return err
	}
	if err := a.migrate(ctx, steps); err != nil {
		return err
	}
	if err := a.refold(ctx); err != nil {
		return err
	}
	a.reads, err = a.db.reader()
	return err
}

// queryAll reads every row of a query with scan.
func queryAll[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// queryOne reads the first column of the only row into dest and reports whether
// there was one.
func queryOne(ctx context.Context, q querier, dest []any, query string, args ...any) (bool, error) {
	err := q.QueryRowContext(ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func scanString(r *sql.Rows) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}
