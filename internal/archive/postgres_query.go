package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"
)

// rewriting gives our queries to PostgreSQL in its own form.
type rewriting struct {
	q querier
	p *postgres
}

// ExecContext runs a statement. Without arguments there may be several.
func (r rewriting) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.q.ExecContext(ctx, r.p.rewrite(query, args), storable(args)...)
}

// QueryContext runs a query.
func (r rewriting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.q.QueryContext(ctx, r.p.rewrite(query, args), storable(args)...)
}

// QueryRowContext runs a query for one row.
func (r rewriting) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return r.q.QueryRowContext(ctx, r.p.rewrite(query, args), storable(args)...)
}

// transaction runs beside others.
type transaction struct{ rewriting }

func (t transaction) lockName(ctx context.Context, name string) error {
	if _, err := t.ExecContext(ctx, `SELECT pg_advisory_xact_lock(?)`, t.p.lockKey(name)); err != nil {
		return fmt.Errorf("locking what others may write: %w", err)
	}
	return nil
}

// rewrite caches: there are as many queries as the code has.
func (p *postgres) rewrite(query string, args []any) string {
	if len(args) == 0 { // a schema's comments may ask questions
		return query
	}
	if known, ok := p.queries.Load(query); ok {
		return known.(string)
	}
	text := dollars(query)
	p.queries.Store(query, text)
	return text
}

// dollars writes `?` as $1, $2 and so on, and `?2` as $2; what is quoted stays.
func dollars(query string) string {
	var b strings.Builder
	n, quoted := 0, false
	for i := range len(query) {
		c := query[i]
		switch {
		case c == '\'':
			quoted = !quoted
		case c == '?' && !quoted:
			b.WriteByte('$')
			if i+1 == len(query) || query[i+1] < '0' || query[i+1] > '9' {
				n++
				fmt.Fprint(&b, n)
			}
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// storable makes truth values integers, and replaces in text what PostgreSQL's
// can't hold (zero bytes, and bytes that are no UTF-8): an id of a stranger's
// with such in it is then found nowhere instead of being an error.
func storable(args []any) []any {
	var all []any
	for i, arg := range args {
		var is any
		switch v := arg.(type) {
		case bool:
			is = int64(0)
			if v {
				is = int64(1)
			}
		case string:
			if utf8.ValidString(v) && !strings.ContainsRune(v, 0) {
				continue
			}
			is = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
		default:
			continue
		}
		if all == nil {
			all = append([]any(nil), args...)
		}
		all[i] = is
	}
	if all == nil {
		return args
	}
	return all
}
