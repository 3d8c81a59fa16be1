package archive

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
)

// kept bounds the statements that are kept prepared; the archive has fewer.
const kept = 256

// preparer is a connection, or a pool of them.
type preparer interface {
	querier
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepared keeps the statements that go through it ready: reading a statement's
// text takes SQLite about as long as carrying it out. It may be used by many at
// once where what it is over may.
type prepared struct {
	over preparer

	mu    sync.Mutex
	ready map[string]*sql.Stmt
}

func newPrepared(over preparer) *prepared {
	return &prepared{over: over, ready: map[string]*sql.Stmt{}}
}

// statement is nil for what is run as it is: what changes the schema or the
// connection, scripts, and what can't be prepared, so that running it says why.
func (p *prepared) statement(ctx context.Context, query string) *sql.Stmt {
	word, _, _ := strings.Cut(query, " ")
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE":
	default:
		return nil
	}
	s, full := p.known(query)
	if s != nil || full {
		return s
	}
	// Not under the lock: a pool may have to wait for a connection, which somebody
	// who wants a statement holds.
	s, err := p.over.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.ready[query]; other != nil { // was faster
		_ = s.Close() // it was never run
		return other
	}
	p.ready[query] = s
	return s
}

func (p *prepared) known(query string) (s *sql.Stmt, full bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready[query], len(p.ready) >= kept
}

// ExecContext is the querier's.
func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := p.statement(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return p.over.ExecContext(ctx, query, args...)
}

// QueryContext is the querier's.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := p.statement(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return p.over.QueryContext(ctx, query, args...)
}

// QueryRowContext is the querier's.
func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := p.statement(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return p.over.QueryRowContext(ctx, query, args...)
}

// Close gives the statements free, before what they are over is closed.
func (p *prepared) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, s := range p.ready {
		errs = append(errs, s.Close())
	}
	clear(p.ready)
	return errors.Join(errs...)
}
