package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Connections of one process, 24 at most. The urgent always find one of the
// writers free of the others. Who holds a document's lock also writes, so locks
// have connections of their own.
const (
	writers      = 12
	laterWriters = 8
	pageReaders  = 8
	lockHolders  = 4
)

// connectWait bounds one attempt to connect, where the URL says nothing.
const connectWait = 5 * time.Second

// postgres is an archive's database in a schema of a PostgreSQL database.
type postgres struct {
	name    string // of the database, for messages
	schema  string // as the URL names it; empty: the server's choice
	config  *pgx.ConnConfig
	log     *slog.Logger
	writing *sql.DB
	reading *sql.DB
	locking *sql.DB
	others  chan struct{} // holds a place for each write that isn't urgent
	queries sync.Map      // placeholders rewritten, by query

	use    sync.RWMutex // read-held by each write
	closed bool         // under use
}

// openPostgres checks the server that the URL names. A server that would lose
// what it acknowledged is refused.
func openPostgres(ctx context.Context, url string, log *slog.Logger) (*postgres, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, badURLError{} // pgx's own error could quote a password that it did not recognise
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectWait
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "gangway"
	}
	schema, _, _ := strings.Cut(config.RuntimeParams["search_path"], ",")
	p := &postgres{name: config.Database, schema: strings.Trim(schema, ` "`), config: config, log: log, others: make(chan struct{}, laterWriters)}
	p.writing, p.locking = p.pool(writers, writingSession), p.pool(lockHolders, writingSession)
	if err := p.check(ctx); err != nil {
		return nil, errors.Join(err, p.writing.Close(), p.locking.Close())
	}
	return p, nil
}

// writingSession makes a commit wait for the disk, whatever the server's default
// (a standby that must have it too stays), bounds the wait for a lock, and frees
// the locks of a process that stopped in the middle.
const writingSession = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
	SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'`

const readingSession = `SET default_transaction_read_only = on`

func (p *postgres) pool(most int, session string) *sql.DB {
	db := stdlib.OpenDB(*p.config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, session)
		return err
	}))
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxIdleTime(time.Minute)
	return db
}

// check asks the server what must be so.
func (p *postgres) check(ctx context.Context) error {
	var fsync, pages, encoding string
	err := p.writing.QueryRowContext(ctx, `SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('server_encoding')`).
		Scan(&fsync, &pages, &encoding)
	switch {
	case err != nil:
		return unreachableError{name: p.name, err: err}
	case fsync != "on":
		return settingError{name: p.name, is: "fsync is off", want: "set fsync = on in postgresql.conf: with it off an acknowledged answer can be lost"}
	case encoding != "UTF8":
		return settingError{name: p.name, is: "its encoding is " + encoding, want: "make the database with ENCODING 'UTF8'"}
	case pages != "on":
		p.log.Warn("PostgreSQL runs with full_page_writes off: a power cut can damage its files, unless the disk writes whole pages", "database", p.name)
	}
	return nil
}

func (p *postgres) reader() (querier, error) {
	p.reading = p.pool(pageReaders, readingSession)
	return rewriting{p.reading, p}, nil
}

func (p *postgres) read(ctx context.Context, do func(q querier) error) error {
	tx, err := p.reading.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(rewriting{tx, p})
}

var textColumn = regexp.MustCompile(`\bTEXT\b( COLLATE "C")?`)

// steps compare text byte by byte, as SQLite does and as ranges of ids need,
// whatever the database's own order is.
func (p *postgres) steps() ([]string, error) {
	steps, err := schemaSteps("postgres")
	for i := range steps {
		steps[i] = textColumn.ReplaceAllString(steps[i], `TEXT COLLATE "C"`)
	}
	return steps, err
}

// version takes the lock under which many processes that start at once migrate
// one after the other, however long the first one takes.
func (p *postgres) version(ctx context.Context, q querier) (int, error) {
	if _, err := q.ExecContext(ctx, `SET LOCAL lock_timeout = '10min'`); err != nil {
		return 0, fmt.Errorf("waiting longer than usual: %w", err)
	}
	if err := lockName(ctx, q, "schema"); err != nil {
		return 0, fmt.Errorf("waiting for others who migrate: %w", err)
	}
	if p.schema != "" {
		if _, err := q.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{p.schema}.Sanitize()); err != nil {
			return 0, fmt.Errorf("making the archive's schema: %w", err)
		}
	}
	var ours bool
	var tables int
	_, err := queryOne(ctx, q, []any{&ours, &tables}, `SELECT count(*) FILTER (WHERE relname = 'gangway_archive') > 0, count(*) FROM pg_class c
		WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`)
	switch {
	case err != nil:
		return 0, fmt.Errorf("counting the database's tables: %w", err)
	case !ours && tables > 0:
		return 0, foreignError{what: "the database " + p.name, database: true}
	case !ours:
		return 0, nil
	}
	var version int
	if _, err := queryOne(ctx, q, []any{&version}, `SELECT version FROM gangway_archive`); err != nil {
		return 0, fmt.Errorf("reading the archive's version: %w", err)
	}
	return version, nil
}

// mark writes the one row of the table that says whose the tables are.
func (p *postgres) mark(ctx context.Context, q querier, version int) error {
	_, err := q.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS gangway_archive (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), version BIGINT NOT NULL)`)
	if err == nil {
		_, err = q.ExecContext(ctx, `INSERT INTO gangway_archive (version) VALUES (?) ON CONFLICT (one) DO UPDATE SET version = excluded.version`, version)
	}
	return err
}

// calm waits for the appends that have begun; later ones wait at their first
// line, before they read the view that it changes.
func (p *postgres) calm(ctx context.Context, q querier) error {
	if _, err := q.ExecContext(ctx, `SET LOCAL lock_timeout = '10min'`); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, `LOCK TABLE lines IN EXCLUSIVE MODE`)
	return err
}

// lockKey is the advisory lock of a name within this archive.
func (p *postgres) lockKey(name string) int64 {
	sum := sha256.Sum256([]byte("gangway\x00" + p.schema + "\x00" + name))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// alone holds a lock of a connection of its own: it also counts for other
// processes, and ends with this one.
func (p *postgres) alone(ctx context.Context, name string) (release func(), err error) {
	tx, err := p.locking.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("connecting to lock a document: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(`+fmt.Sprint(p.lockKey("document "+name))+`)`); err != nil {
		return nil, errors.Join(fmt.Errorf("locking a document: %w", err), tx.Rollback())
	}
	return func() { _ = tx.Rollback() }, nil // nothing was written; the lock ends with the connection, at the latest
}

// Close waits for the writes that are going on.
func (p *postgres) Close() error {
	p.use.Lock()
	defer p.use.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	err := errors.Join(p.writing.Close(), p.locking.Close())
	if p.reading != nil {
		err = errors.Join(err, p.reading.Close())
	}
	if err != nil {
		return fmt.Errorf("closing the connections: %w", err)
	}
	return nil
}

// stateOf is the SQLSTATE of a server's error; empty for other errors.
func stateOf(err error) string {
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// postgresFull reports whether the server's disk is full (53100). Too little
// memory and too many connections pass, and are plain errors.
func postgresFull(err error) bool { return stateOf(err) == "53100" }
