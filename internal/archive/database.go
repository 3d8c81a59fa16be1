package archive

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const databaseFile = "archive.db"

// readers bounds the read connections: pages and the API read a few rows each,
// and more connections than cores only take turns.
const readers = 4

// querier is what a transaction and a read share.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// openDatabase opens the one write connection, brings the schema up to date and
// then opens the readers: a file that is not ours to write is refused before the
// first connection could touch it.
func (a *Archive) openDatabase(ctx context.Context, maxPages int) error {
	file := filepath.Join(a.dir, databaseFile)
	if err := precheck(file); err != nil {
		return err
	}
	// SQLite would make the file with the process's umask.
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("making the archive's database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("closing the archive's new database: %w", err)
	}
	// 100 ms: beginning a transaction waits on in begin, which can be cancelled.
	writing := []string{"busy_timeout(100)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"}
	if maxPages > 0 {
		writing = append(writing, "max_page_count("+strconv.Itoa(maxPages)+")")
	}
	if a.writer, err = sql.Open("sqlite", dsn(file, "rw", writing)); err != nil {
		return fmt.Errorf("opening the archive's database: %w", err)
	}
	a.writer.SetMaxOpenConns(1)
	if a.conn, err = a.writer.Conn(ctx); err != nil {
		return fmt.Errorf("connecting to the archive's database: %w", err)
	}
	steps, err := schemaSteps()
	if err != nil {
		return err
	}
	if err := a.migrate(ctx, steps); err != nil {
		return err
	}
	if err := a.refold(ctx); err != nil {
		return err
	}
	if a.reads, err = sql.Open("sqlite", dsn(file, "ro", []string{"busy_timeout(5000)", "query_only(1)"})); err != nil {
		return fmt.Errorf("opening the archive's database for reading: %w", err)
	}
	a.reads.SetMaxOpenConns(readers)
	a.reads.SetMaxIdleConns(readers)
	return nil
}

func dsn(file, mode string, pragmas []string) string {
	q := url.Values{"mode": {mode}, "_pragma": pragmas}
	return "file://" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}

// precheck reads the header of a database file that is there, without SQLite:
// opening it could already replay a journal into it. The offsets are SQLite's
// file format: 60 user version, 68 application id.
func precheck(file string) error {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the archive's database: %w", err)
	}
	header := make([]byte, 100)
	n, err := io.ReadFull(f, header)
	if shut := f.Close(); shut != nil {
		return fmt.Errorf("closing the archive's header: %w", shut)
	}
	if n == 0 {
		return nil // made, and never written
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading the archive's header: %w", err)
	}
	if n < len(header) || string(header[:16]) != "SQLite format 3\x00" {
		return foreignError{file: file}
	}
	version, id := binary.BigEndian.Uint32(header[60:]), binary.BigEndian.Uint32(header[68:])
	return accept(file, int(version), int(id))
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
