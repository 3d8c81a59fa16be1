package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
)

// onServer opens an archive in a database of its own.
func onServer(t *testing.T) *Archive {
	t.Helper()
	return openOn(t, t.TempDir(), postgrestest.Shared(t).Database(t))
}

// openOn opens an archive; without a url its database is a file.
func openOn(t *testing.T, dir, url string) *Archive {
	t.Helper()
	a, err := Open(context.Background(), Options{Dir: dir, Database: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// pgDump writes a PostgreSQL database as text: columns, indexes and, as SQL, rows.
func pgDump(t *testing.T, q querier) (schema, rows string) {
	t.Helper()
	ctx := context.Background()
	read := func(query string) []string {
		all, err := queryAll(ctx, q, scanString, query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return all
	}
	schema = strings.Join(read(`SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable, is_identity, column_default)
		FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`), "\n") + "\n" +
		strings.Join(read(`SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname`), "\n") + "\n"
	for _, table := range read(`SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname`) {
		columns := read(`SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '` + table + `' AND is_generated = 'NEVER' ORDER BY ordinal_position`)
		quoted := "quote_nullable(" + strings.Join(columns, ") || ', ' || quote_nullable(") + ")"
		for _, row := range read(`SELECT r FROM (SELECT ` + quoted + ` AS r FROM ` + table + `) x ORDER BY r COLLATE "C"`) {
			rows += fmt.Sprintf("INSERT INTO %s VALUES (%s);\n", table, row)
		}
		if slices.Contains(columns, "seq") {
			rows += fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', 'seq'), (SELECT coalesce(max(seq), 1) FROM %s));\n", table, table)
		}
	}
	return schema, rows
}

// TestPostgresOlderVersionsOpen opens an archive of every released version. The
// dump of a version is its steps and its rows, recorded with GANGWAY_RECORD=1.
func TestPostgresOlderVersionsOpen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	fresh := onServer(t)
	sample(t, fresh)
	want, _ := pgDump(t, fresh.reads)
	if os.Getenv("GANGWAY_RECORD") != "" {
		recordVersion(t, fresh)
	}
	released, err := filepath.Glob("testdata/postgres-v*.sql")
	if err != nil || len(released) == 0 {
		t.Fatal(released, err)
	}
	for _, v := range released {
		text, err := os.ReadFile(v)
		if err != nil {
			t.Fatal(err)
		}
		url := postgrestest.Shared(t).Database(t)
		p, err := openPostgres(ctx, url, fresh.log)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.writing.ExecContext(ctx, string(text))
		if err := errors.Join(err, p.Close()); err != nil {
			t.Fatal(err)
		}
		a := openOn(t, t.TempDir(), url)
		if got, _ := pgDump(t, a.reads); got != want {
			t.Errorf("migrated from %s the schema is another (-want +got):\n%s", v, cmp.Diff(want, got))
		}
		holdsSample(t, a, v)
	}
}

// recordVersion writes the dump of the newest version, unless there is one.
func recordVersion(t *testing.T, a *Archive) {
	steps, err := a.db.steps()
	if err != nil {
		t.Fatal(err)
	}
	newest := filepath.Join("testdata", fmt.Sprintf("postgres-v%d.sql", len(steps)))
	if _, err := os.Stat(newest); err == nil {
		return
	}
	_, rows := pgDump(t, a.reads)
	var text strings.Builder
	for _, s := range steps {
		text.WriteString(s)
	}
	fmt.Fprint(&text, "DELETE FROM state;\nCREATE TABLE gangway_archive (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), version BIGINT NOT NULL);\n", rows)
	if err := os.WriteFile(newest, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDatabasesHaveTheSameTables: a column that one of them lacks would be found
// by the first query that needs it, at a customer's.
func TestDatabasesHaveTheSameTables(t *testing.T) {
	t.Parallel()
	columns := func(q querier, query string) []string {
		all, err := queryAll(context.Background(), q, scanString, query)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	inFile := columns(openTest(t, t.TempDir()).reads, `SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END
		FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`)
	onServer := columns(onServer(t).reads, `SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'gangway_archive'`)
	if d := cmp.Diff(inFile, onServer); d != "" {
		t.Errorf("(-SQLite +PostgreSQL)\n%s", d)
	}
	indexes := func(q querier, query string) []string {
		all, err := queryAll(context.Background(), q, scanString, query)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	if d := cmp.Diff(
		indexes(openTest(t, t.TempDir()).reads, `SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`),
		indexes(openOnly(t), `SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND indexname !~ '(_pkey|_key)$'`)); d != "" {
		t.Errorf("indexes (-SQLite +PostgreSQL)\n%s", d)
	}
}

func openOnly(t *testing.T) querier { return onServer(t).reads }

func TestPostgresMigrationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := onServer(t)
	sample(t, a)
	steps, err := a.db.steps()
	if err != nil {
		t.Fatal(err)
	}
	before, rows := pgDump(t, a.reads)
	err = a.migrate(ctx, append(steps, `CREATE TABLE more (x TEXT)`, `INSERT INTO more VALUES (1); INSERT INTO nowhere VALUES (1)`))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint("version ", len(steps)+2)) {
		t.Error(err)
	}
	if s, r := pgDump(t, a.reads); s != before || r != rows {
		t.Error("a migration that failed left something")
	}
	if err := a.migrate(ctx, append(steps, `CREATE TABLE more (x TEXT); INSERT INTO more SELECT id FROM cases`)); err != nil {
		t.Fatal(err)
	}
	var n, version int
	if _, err := queryOne(ctx, a.reads, []any{&n, &version}, `SELECT (SELECT count(*) FROM more WHERE x = 'onboarding/acme/1'), version FROM gangway_archive`); err != nil || n != 1 || version != len(steps)+1 {
		t.Error(n, version, err)
	}
	if err := a.migrate(ctx, steps); !errors.As(err, new(newerError)) {
		t.Errorf("a newer schema was taken: %v", err)
	}
}

// TestManyStartAtOnce: one of many processes that start on an empty database
// makes the tables, and the others wait for it.
func TestManyStartAtOnce(t *testing.T) {
	t.Parallel()
	ctx, dir, url := context.Background(), t.TempDir(), postgrestest.Shared(t).Database(t)+"&search_path=gangway"
	done := make(chan error, 8)
	for i := range 8 {
		go func() {
			a, err := Open(ctx, Options{Dir: dir, Database: url})
			if err == nil {
				err = a.Append(ctx, []dossier.Entry{{ID: fmt.Sprintf("p%d#1", i), Case: "onboarding/acme/1", Kind: dossier.Noted}})
				err = errors.Join(err, a.Close())
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if lines, err := openOn(t, dir, url).Lines(ctx, "onboarding/acme/1"); err != nil || len(lines) != 8 || dossier.CheckChain(lines) != nil {
		t.Error(len(lines), err)
	}
}

// TestPostgresViewsAreFoldedAnew while another appends: what comes out is what
// the journal says.
func TestPostgresViewsAreFoldedAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := onServer(t)
	sample(t, a)
	_, want := pgDump(t, a.reads)
	damage := func() {
		t.Helper()
		_, err := a.db.(*postgres).writing.ExecContext(ctx, `UPDATE state SET value = 0 WHERE name = 'fold';
			UPDATE cases SET view = '{"id":"old"}', anchor = '{}', open = 1 - open; DELETE FROM inbox; UPDATE requests SET request = '{}'`)
		if err != nil {
			t.Fatal(err)
		}
	}
	damage()
	if err := a.refold(ctx); err != nil {
		t.Fatal(err)
	}
	if _, got := pgDump(t, a.reads); got != want {
		t.Errorf("(-want +got)\n%s", cmp.Diff(want, got))
	}
	damage()
	const id = "onboarding/acme/1"
	done := make(chan error, 1)
	go func() {
		for n := 5; n < 25; n++ {
			if err := a.Append(ctx, []dossier.Entry{{ID: fmt.Sprintf("%s#%d", id, n), Case: id, Process: id, Kind: dossier.Noted}}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	if err := errors.Join(a.refold(ctx), <-done); err != nil {
		t.Fatal(err)
	}
	holdsSample(t, a, "refolded")
}

var placeholder = regexp.MustCompile(`\$[0-9]+`)

func TestDollars(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`SELECT 1`:                            `SELECT 1`,
		`a = ? AND b = ?`:                     `a = $1 AND b = $2`,
		`a = ?2 AND b = ?1 AND c = ?2`:        `a = $2 AND b = $1 AND c = $2`,
		`a = '?' AND b = ? AND c = 'it''s ?'`: `a = '?' AND b = $1 AND c = 'it''s ?'`,
	} {
		if got := dollars(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
	if n := len(placeholder.FindAllString(dollars(waitingQuery), -1)); n != 1 {
		t.Errorf("the inbox has %d placeholders", n)
	}
}
