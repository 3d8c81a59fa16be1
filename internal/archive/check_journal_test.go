package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
)

// changeBeside runs a statement on the tables, past the archive.
func changeBeside(t *testing.T, a *Archive, statement string) {
	t.Helper()
	err := a.write(context.Background(), "changing what is stored", later, func(q querier) error {
		_, err := q.ExecContext(context.Background(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCheckJournalFindsEveryChange: whatever is changed in the tables, the chain
// that it is in is named.
func TestCheckJournalFindsEveryChange(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *Archive{
		"SQLite":     func(t *testing.T) *Archive { return openTest(t, t.TempDir()) },
		"PostgreSQL": func(t *testing.T) *Archive { return openOn(t, t.TempDir(), postgrestest.Shared(t).Database(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			a := open(t)
			sample(t, a)
			const other = "onboarding/bolt/1"
			for v := range 50 { // past what one worker takes at a time
				id := fmt.Sprintf("exit/v%d/1", v)
				var list []dossier.Entry
				for n := range 50 {
					list = append(list, dossier.Entry{ID: fmt.Sprintf("%s#%d", id, n+1), Case: id, Process: id, Kind: dossier.Noted})
				}
				if err := a.Append(ctx, list); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.Append(ctx, []dossier.Entry{{ID: other + "#1", Case: other, Process: other, Kind: dossier.Noted}}); err != nil {
				t.Fatal(err)
			}
			whole, err := a.CheckJournal(ctx)
			if err != nil || len(whole.Broken) > 0 || whole.Chains != 53 || whole.Lines != 2500+5+1+1 {
				t.Fatalf("%+v, %v", whole, err)
			}
			for _, c := range []struct{ do, undo, chain string }{
				{`UPDATE lines SET entry = replace(entry, 'olga', 'eve') WHERE n = 1`, `UPDATE lines SET entry = replace(entry, 'eve', 'olga') WHERE n = 1`, "onboarding/acme/1"},
				{`UPDATE lines SET entry = replace(entry, '"note"', '7') WHERE chain = 'exit/v7/1' AND n = 4`, `UPDATE lines SET entry = replace(entry, '"kind":7', '"kind":"note"') WHERE chain = 'exit/v7/1' AND n = 4`, "exit/v7/1"},
				{`UPDATE chains SET n = n + 1 WHERE chain = 'onboarding/bolt/1'`, `UPDATE chains SET n = n - 1 WHERE chain = 'onboarding/bolt/1'`, other},
				{`UPDATE chains SET chain = 'zzz' WHERE chain = 'exit/v49/1'`, `UPDATE chains SET chain = 'exit/v49/1' WHERE chain = 'zzz'`, "exit/v49/1"},
				{`UPDATE lines SET n = 1000 WHERE chain = 'exit/v8/1' AND n = 2`, `UPDATE lines SET n = 2 WHERE chain = 'exit/v8/1' AND n = 1000`, "exit/v8/1"},
			} {
				changeBeside(t, a, c.do)
				got, err := a.CheckJournal(ctx)
				if err != nil || !strings.Contains(fmt.Sprint(errors.Join(got.Broken...)), c.chain) {
					t.Errorf("%s: %v, %v", c.do, got.Broken, err)
				}
				changeBeside(t, a, c.undo)
			}
			if whole, err := a.CheckJournal(ctx); err != nil || len(whole.Broken) > 0 {
				t.Errorf("%+v, %v", whole, err)
			}
			changeBeside(t, a, `DELETE FROM lines WHERE chain = 'onboarding/bolt/1'`)
			if got, err := a.CheckJournal(ctx); err != nil || len(got.Broken) != 1 || !strings.Contains(got.Broken[0].Error(), other) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// BenchmarkCheckJournal checks 20,000 lines: a million must take 30 s at most on
// two cores.
func BenchmarkCheckJournal(b *testing.B) {
	for name, o := range map[string]func(b *testing.B) Options{
		"SQLite": func(b *testing.B) Options { return Options{Dir: b.TempDir()} },
		"PostgreSQL": func(b *testing.B) Options {
			return Options{Dir: b.TempDir(), Database: postgrestest.Start(b).Database(b)}
		},
	} {
		b.Run(name, func(b *testing.B) {
			ctx := context.Background()
			a, err := Open(ctx, o(b))
			if err != nil {
				b.Fatal(err)
			}
			defer a.Close()
			const lines = 20_000
			for n := 0; n < lines; {
				var list []pending
				for range 500 {
					var err error
					for _, e := range manyEntries(n)[:2] {
						e.ID = fmt.Sprint(e.ID, "x", n)
						e.Case = fmt.Sprintf("onboarding/v%d/1", n/50)
						p, broken := prepare(e, nil)
						list, err = append(list, p), errors.Join(err, broken)
						n++
					}
					if err != nil {
						b.Fatal(err)
					}
				}
				if err := a.write(ctx, "appending many", later, func(q querier) error { return appendAll(ctx, q, list) }); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				c, err := a.CheckJournal(ctx)
				if err != nil || len(c.Broken) > 0 || c.Lines != lines {
					b.Fatalf("%+v, %v", c, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N)*50, "s/1,000,000")
		})
	}
}
