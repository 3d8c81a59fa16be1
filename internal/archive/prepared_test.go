package archive

import (
	"context"
	"testing"
	"time"
)

// A statement that failed, or that a cancelled caller left, runs again: what is
// kept prepared keeps nothing of the last time.
func TestPreparedStatementsStartAnew(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	ctx := t.Context()
	s := inFile(a)
	const query = `INSERT INTO vendors (slug, name) VALUES (?, ?)`
	if err := s.write(ctx, "naming", first, func(q querier) error {
		_, err := q.ExecContext(ctx, query, "acme", "Acme")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for name, with := range map[string]context.Context{"the same key": ctx, "a cancelled caller": gone} {
		err := s.write(ctx, "naming", first, func(q querier) error {
			_, err := q.ExecContext(with, query, "acme", "Other")
			return err
		})
		if err == nil {
			t.Errorf("%s: it was written twice", name)
		}
	}
	if err := s.write(ctx, "naming", first, func(q querier) error {
		_, err := q.ExecContext(ctx, query, "bolt", "Bolt")
		return err
	}); err != nil {
		t.Error("after one that failed:", err)
	}
	for slug, want := range map[string]string{"acme": "Acme", "bolt": "Bolt"} {
		if got, _, err := a.Vendor(ctx, slug); got != want || err != nil {
			t.Errorf("%s is %q, %v", slug, got, err)
		}
	}
}

// What changes the schema or the connection is not kept, nor more than a bound.
func TestPreparedKeepsWhatItShould(t *testing.T) {
	t.Parallel()
	p := inFile(openTest(t, t.TempDir())).own
	for _, query := range []string{`PRAGMA user_version`, `VACUUM`, `CREATE TABLE x (y)`, `SELECT nothing FROM nowhere`} {
		if p.statement(t.Context(), query) != nil {
			t.Errorf("kept: %s", query)
		}
	}
	one := p.statement(t.Context(), `SELECT slug FROM vendors`)
	if one == nil || one != p.statement(t.Context(), `SELECT slug FROM vendors`) {
		t.Error("a query is prepared again each time")
	}
	for n := range kept {
		p.statement(t.Context(), `SELECT slug FROM vendors LIMIT `+string(rune('0'+n%10))+` OFFSET `+string(rune('0'+n/10%10))+string(rune('0'+n/100)))
	}
	if len(p.ready) > kept {
		t.Errorf("%d are kept", len(p.ready))
	}
	var n int
	if _, err := queryOne(t.Context(), p, []any{&n}, `SELECT count(*) + 7 FROM vendors`); err != nil || n != 7 {
		t.Errorf("beyond the bound: %d, %v", n, err)
	}
}

// Statements prepared on a reader see what was written since, and a migration.
func TestPreparedReadsSeeWhatIsNew(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	ctx := t.Context()
	for _, name := range []string{"One", "Two"} {
		if err := a.NameVendor(ctx, "acme", name); err != nil {
			t.Fatal(err)
		}
		if got, _, err := a.Vendor(ctx, "acme"); got != name || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, name)
		}
	}
	if err := a.write(ctx, "migrating", later, func(q querier) error {
		_, err := q.ExecContext(ctx, `ALTER TABLE vendors ADD COLUMN note TEXT`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, _, err := a.Vendor(ctx, "acme"); got != "Two" || err != nil {
		t.Errorf("after a change of the schema: %q, %v", got, err)
	}
}

// Readers that hold every connection don't wait for each other: no query within
// a transaction asks for a second connection.
func TestReadTransactionsNeedOneConnection(t *testing.T) {
	t.Parallel()
	a := openTest(t, t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	inside, all, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	for range readers {
		go func() {
			ended <- a.read(ctx, func(q querier) error {
				inside <- struct{}{}
				<-all // hold one
				var n int
				_, err := queryOne(ctx, q, []any{&n}, `SELECT count(*) + 1 FROM vendors`)
				return err
			})
		}()
	}
	for range readers {
		<-inside
	}
	close(all)
	for range readers {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
