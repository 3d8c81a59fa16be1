package archive

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/access"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// since names the tables that came with a version of the schema.
func since(version int) []string {
	return map[int][]string{
		5: {"postings", "places", "bindings", "pairings", "aways"},
		6: {"arrivals", "cursors", "contacts", "portal_links", "portal_sessions", "drafts", "readings", "mail_events"},
	}[version]
}

// before keeps the rows that an archive of an older version could have.
func before(version int, rows string) string {
	var kept strings.Builder
	for row := range strings.Lines(rows) {
		fresh := false
		for v := version + 1; len(since(v)) > 0; v++ {
			for _, table := range since(v) {
				fresh = fresh || strings.HasPrefix(row, "INSERT INTO "+table+" ")
			}
		}
		if !fresh {
			kept.WriteString(row)
		}
	}
	return kept.String()
}

// parentsFirst puts the rows in front that others refer to.
func parentsFirst(rows string) string {
	ordered := make([]string, 3)
	for row := range strings.Lines(rows) {
		k := 2
		if strings.HasPrefix(row, "INSERT INTO cases ") {
			k = 0
		} else if strings.HasPrefix(row, "INSERT INTO requests ") {
			k = 1
		}
		ordered[k] += row
	}
	return strings.Join(ordered, "")
}

// older are versions from which an archive is brought up to date here; testdata has
// the first.
func older() []int { return []int{4, 5} }

// TestOlderVersionOpensOnSQLite: an archive as an older version wrote it has the
// tables that came since, and lost nothing.
func TestOlderVersionOpensOnSQLite(t *testing.T) {
	t.Parallel()
	fresh := openTest(t, t.TempDir())
	sample(t, fresh)
	want, rows := dump(t, fresh.reads)
	steps, err := fresh.db.steps()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range older() {
		dir, had := t.TempDir(), before(version, rows)
		load(t, filepath.Join(dir, databaseFile), fmt.Sprintf("PRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", applicationID, version)+
			strings.Join(steps[:version], "\n")+"\nDELETE FROM state;\n"+had)
		a := openTest(t, dir)
		schema, got := dump(t, a.reads)
		if d := cmp.Diff(had, got); d != "" {
			t.Errorf("rows (-version %d +now)\n%s", version, d)
		}
		if schema != want {
			t.Errorf("from version %d the schema is another (-want +got)\n%s", version, cmp.Diff(want, schema))
		}
		goesOn(t, a, version)
	}
}

// TestOlderVersionOpensOnPostgres is the same there.
func TestOlderVersionOpensOnPostgres(t *testing.T) {
	t.Parallel()
	fresh := onServer(t)
	sample(t, fresh)
	want, rows := pgDump(t, fresh.reads)
	steps, err := fresh.db.steps()
	if err != nil {
		t.Fatal(err)
	}
	now := fmt.Sprintf("INSERT INTO gangway_archive VALUES ('true', '%d')", len(steps))
	if !strings.Contains(rows, now) {
		t.Fatalf("no version in\n%s", rows)
	}
	for _, version := range older() {
		url, had := postgrestest.Shared(t).Database(t), before(version, rows)
		p, err := openPostgres(context.Background(), url, fresh.log)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.writing.Exec(strings.Join(steps[:version], "\n") + "\nDELETE FROM state;\nCREATE TABLE gangway_archive (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), version BIGINT NOT NULL);\n" +
			strings.Replace(parentsFirst(had), now, fmt.Sprintf("INSERT INTO gangway_archive VALUES ('true', '%d')", version), 1))
		if err := errors.Join(err, p.Close()); err != nil {
			t.Fatal(err)
		}
		a := openOn(t, t.TempDir(), url)
		schema, got := pgDump(t, a.reads)
		if d := cmp.Diff(had, got); d != "" {
			t.Errorf("rows (-version %d +now)\n%s", version, d)
		}
		if schema != want {
			t.Errorf("from version %d the schema is another (-want +got)\n%s", version, cmp.Diff(want, schema))
		}
		goesOn(t, a, version)
	}
}

// goesOn: what was there is there, and what is new goes.
func goesOn(t *testing.T, a *Archive, version int) {
	t.Helper()
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	holdsSample(t, a, fmt.Sprint("version ", version))
	_, letter := a.Letter(ctx, "n1")
	_, ticket := a.TicketBy(ctx, "h")
	err := errors.Join(letter, ticket,
		a.PutPosting(ctx, outbox.Posting{ID: outbox.HomeID("lena"), Kind: outbox.Home, Person: "lena", Made: at}),
		a.PutPlace(ctx, outbox.Place{Posting: outbox.HomeID("lena"), Channel: "D1", Stamp: "1.0", Made: at}),
		a.Bind(ctx, access.Binding{Channel: "slack", Address: "T1:U1", Person: "lena", How: access.ByFile, Made: at}, nil),
		a.SetAway(ctx, "lena", "w1", playbook.Away{From: at, Until: at.Add(time.Hour)}, nil),
		mailed(a, "m9", "acme.9"))
	if err != nil {
		t.Error(err)
	}
	if p, _, err := a.Person(ctx, "lena"); err != nil || len(p.Away) != 1 {
		t.Error(p, err)
	}
}
