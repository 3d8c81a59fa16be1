package archive

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	sqlitedriver "modernc.org/sqlite"
)

// watch stands between an archive and SQLite: it counts the rows that reach us
// and keeps every statement, so that a test can ask what was read and how.
type watch struct {
	mu   sync.Mutex
	rows int
	said map[string][]driver.NamedValue // arguments of the last time, by statement
}

// watched opens the archive's connections anew, watched.
func watched(t *testing.T, a *Archive) *watch {
	t.Helper()
	s := inFile(a)
	w := &watch{said: map[string][]driver.NamedValue{}}
	file := filepath.Join(a.dir, databaseFile)
	for _, c := range []interface{ Close() error }{s.own, s.conn, s.writer, s.pages, s.reads} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.writer = sql.OpenDB(watchConnector{w, dsn(file, "rw", []string{"busy_timeout(100)", "foreign_keys(1)"})})
	s.writer.SetMaxOpenConns(1)
	s.reads = sql.OpenDB(watchConnector{w, dsn(file, "ro", []string{"busy_timeout(5000)", "query_only(1)"})})
	var err error
	s.pages = newPrepared(s.reads)
	a.reads = s.pages
	if s.conn, err = s.writer.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.own = newPrepared(s.conn)
	return w
}

// since forgets what was seen and returns it.
func (w *watch) since() (rows int, said map[string][]driver.NamedValue) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rows, said = w.rows, w.said
	w.rows, w.said = 0, map[string][]driver.NamedValue{}
	return rows, said
}

// searches fails the test where a statement reads a whole table other than those
// that are short.
func searches(t *testing.T, a *Archive, said map[string][]driver.NamedValue, short ...string) {
	t.Helper()
	for query, named := range said {
		if strings.HasPrefix(query, "BEGIN") || query == "COMMIT" {
			continue
		}
		args := make([]any, len(named))
		for i, n := range named {
			args[i] = n.Value
		}
		for _, step := range planOf(t, inFile(a).conn, query, args) {
			table, scans := strings.CutPrefix(step, "SCAN ")
			table, _, _ = strings.Cut(table, " ")
			if scans && step != "SCAN CONSTANT ROW" && !strings.Contains(" "+strings.Join(short, " ")+" ", " "+table+" ") {
				t.Errorf("%s\n%s", step, query)
			}
		}
	}
}

// planOf asks SQLite how it runs a statement.
func planOf(t *testing.T, q querier, query string, args []any) []string {
	t.Helper()
	plan, err := queryAll(context.Background(), q, func(rows *sql.Rows) (string, error) {
		var id, parent, unused int
		var step string
		err := rows.Scan(&id, &parent, &unused, &step)
		return step, err
	}, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return plan
}

type watchConnector struct {
	w   *watch
	dsn string
}

// Driver is the one that is watched.
func (c watchConnector) Driver() driver.Driver { return &sqlitedriver.Driver{} }

// Connect opens a watched connection.
func (c watchConnector) Connect(context.Context) (driver.Conn, error) {
	inner, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, fmt.Errorf("connecting to be watched: %w", err)
	}
	return watchConn{inner, c.w}, nil
}

type watchConn struct {
	driver.Conn
	w *watch
}

func (c watchConn) saw(query string, args []driver.NamedValue) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.w.said[query] = args
}

// BeginTx begins a transaction.
func (c watchConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// ExecContext keeps the statement and runs it.
func (c watchConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.saw(query, args)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

// QueryContext keeps the statement and counts its rows.
func (c watchConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.saw(query, args)
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return watchRows{rows, c.w}, nil
}

// PrepareContext prepares a watched statement.
func (c watchConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	inner, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return watchStmt{inner, c, query}, nil
}

type watchStmt struct {
	driver.Stmt
	c     watchConn
	query string
}

// ExecContext keeps the statement and runs it.
func (s watchStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.c.saw(s.query, args)
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext keeps the statement and counts its rows.
func (s watchStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.c.saw(s.query, args)
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	return watchRows{rows, s.c.w}, nil
}

type watchRows struct {
	driver.Rows
	w *watch
}

// Next counts.
func (r watchRows) Next(into []driver.Value) error {
	err := r.Rows.Next(into)
	if err == nil {
		r.w.mu.Lock()
		r.w.rows++
		r.w.mu.Unlock()
	}
	return err
}
