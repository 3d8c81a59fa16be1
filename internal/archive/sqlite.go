package archive

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const databaseFile = "archive.db"

// lockWait is how long a transaction waits for another process's, at most.
const lockWait = 30 * time.Second

// sqlite is an archive's database in one file.
type sqlite struct {
	dir, file string
	log       *slog.Logger

	writer *sql.DB   // owns the one write connection
	conn   *sql.Conn // that connection; used under gate only
	own    *prepared // over conn, likewise
	round  *round    // the transaction that stays open for the next; under gate
	amid   bool      // somebody's part of a transaction is being written; under gate
	soft   bool      // commits don't wait for the disk just now; under gate
	gate   gate
	closed bool // under gate
	reads  *sql.DB
	pages  *prepared // over reads
	filing sync.Mutex
}

// openSQLite opens the one write connection. A file that is not ours to write is
// refused before a connection could touch it.
func openSQLite(ctx context.Context, dir string, maxPages int, log *slog.Logger) (*sqlite, error) {
	s := &sqlite{dir: dir, file: filepath.Join(dir, databaseFile), log: log}
	if err := precheck(s.file); err != nil {
		return nil, err
	}
	// SQLite would make the file with the process's umask.
	f, err := os.OpenFile(s.file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making the archive's database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("closing the archive's new database: %w", err)
	}
	// 100 ms: beginning a transaction waits on in begin, which can be cancelled.
	// 8,000 pages of 4 kB: the log is copied into the file every 32 MB instead of every
	// 4, since a page that many answers changed is then copied once; 16 MB of pages are
	// kept, since this connection alone writes and knows them to be true.
	writing := []string{"busy_timeout(100)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "wal_autocheckpoint(8000)", "cache_size(-16000)"}
	if maxPages > 0 {
		writing = append(writing, "max_page_count("+strconv.Itoa(maxPages)+")")
	}
	if s.writer, err = sql.Open("sqlite", dsn(s.file, "rw", writing)); err != nil {
		return nil, fmt.Errorf("opening the archive's database: %w", err)
	}
	s.writer.SetMaxOpenConns(1)
	// Who makes the file writes its log's mode into it, and SQLite tells another that
	// does so in the same moment "busy" at once, without waiting out its timeout.
	err = insist(ctx, func() (err error) {
		s.conn, err = s.writer.Conn(ctx)
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the archive's database: %w", err), s.writer.Close())
	}
	s.own = newPrepared(s.conn)
	return s, nil
}

// reader opens the read connections.
func (s *sqlite) reader() (querier, error) {
	var err error
	if s.reads, err = sql.Open("sqlite", dsn(s.file, "ro", []string{"busy_timeout(5000)", "query_only(1)"})); err != nil {
		return nil, fmt.Errorf("opening the archive's database for reading: %w", err)
	}
	s.reads.SetMaxOpenConns(readers)
	s.reads.SetMaxIdleConns(readers)
	s.pages = newPrepared(s.reads)
	return s.pages, nil
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
		return foreignError{what: file}
	}
	version, id := binary.BigEndian.Uint32(header[60:]), binary.BigEndian.Uint32(header[68:])
	return accept(file, int(version), int(id))
}

// accept refuses a file that is not ours or that a newer release wrote. An empty
// database has neither version nor id.
func accept(file string, version, id int) error {
	steps, err := schemaSteps("sqlite")
	switch {
	case err != nil:
		return err
	case version == 0 && id == 0:
		return nil
	case id != applicationID:
		return foreignError{what: file}
	case version > len(steps):
		return newerError{what: file, has: version, want: len(steps)}
	}
	return nil
}

func (s *sqlite) steps() ([]string, error) { return schemaSteps("sqlite") }

func (s *sqlite) version(ctx context.Context, q querier) (int, error) {
	var version, id, tables int
	if _, err := queryOne(ctx, q, []any{&version}, `PRAGMA user_version`); err != nil {
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	}
	if _, err := queryOne(ctx, q, []any{&id}, `PRAGMA application_id`); err != nil {
		return 0, fmt.Errorf("reading the archive's mark: %w", err)
	}
	if _, err := queryOne(ctx, q, []any{&tables}, `SELECT count(*) FROM sqlite_schema`); err != nil {
		return 0, fmt.Errorf("counting the archive's tables: %w", err)
	}
	if id != applicationID && (version != 0 || tables != 0) {
		return 0, foreignError{what: s.dir}
	}
	return version, nil
}

func (s *sqlite) mark(ctx context.Context, q querier, version int) error {
	_, err := q.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, version))
	return err
}

// calm has nothing to do: transactions take turns.
func (s *sqlite) calm(context.Context, querier) error { return nil }

// alone ignores the name, and other processes: a shared archive on SQLite is for
// programs that one person started.
func (s *sqlite) alone(context.Context, string) (release func(), err error) {
	s.filing.Lock()
	return s.filing.Unlock, nil
}

// Close waits for the write that is going on.
func (s *sqlite) Close() error {
	if err := s.gate.enter(context.Background(), first); err != nil {
		return err
	}
	defer s.gate.leave()
	s.end()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	if s.reads != nil {
		errs = append(errs, s.pages.Close(), s.reads.Close())
	}
	if err := errors.Join(append(errs, s.own.Close(), s.conn.Close(), s.writer.Close())...); err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}

// sqliteFull reports whether the error is that of a full disk or database.
func sqliteFull(err error) bool {
	e := (*driver.Error)(nil)
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}
