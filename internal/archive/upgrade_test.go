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

// before keeps the rows that an archive of version 4 could have.
func before(rows string) string {
	var kept strings.Builder
	for row := range strings.Lines(rows) {
		fresh := false
		for _, table := range []string{"postings", "places", "bindings", "pairings", "aways"} {
			fresh = fresh || strings.HasPrefix(row, "INSERT INTO "+table+" ")
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

// TestVersionFourOpensOnSQLite: an archive with letters and tickets, as version 4
// wrote it, has the tables of chats and lost nothing.
func TestVersionFourOpensOnSQLite(t *testing.T) {
	t.Parallel()
	fresh := openTest(t, t.TempDir())
	sample(t, fresh)
	want, rows := dump(t, fresh.reads)
	steps, err := fresh.db.steps()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	load(t, filepath.Join(dir, databaseFile), fmt.Sprintf("PRAGMA application_id = %d;\nPRAGMA user_version = 4;\n", applicationID)+
		strings.Join(steps[:4], "\n")+"\nDELETE FROM state;\n"+before(rows))
	a := openTest(t, dir)
	schema, got := dump(t, a.reads)
	if d := cmp.Diff(before(rows), got); d != "" {
		t.Errorf("rows (-version 4 +now)\n%s", d)
	}
	if schema != want {
		t.Errorf("the schema is another (-want +got)\n%s", cmp.Diff(want, schema))
	}
	chats(t, a)
}

// TestVersionFourOpensOnPostgres is the same there.
func TestVersionFourOpensOnPostgres(t *testing.T) {
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
	url := postgrestest.Shared(t).Database(t)
	p, err := openPostgres(context.Background(), url, fresh.log)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.writing.Exec(strings.Join(steps[:4], "\n") + "\nDELETE FROM state;\nCREATE TABLE gangway_archive (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), version BIGINT NOT NULL);\n" +
		strings.Replace(parentsFirst(before(rows)), now, "INSERT INTO gangway_archive VALUES ('true', '4')", 1))
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
	a := openOn(t, t.TempDir(), url)
	schema, got := pgDump(t, a.reads)
	if d := cmp.Diff(before(rows), got); d != "" {
		t.Errorf("rows (-version 4 +now)\n%s", d)
	}
	if schema != want {
		t.Errorf("the schema is another (-want +got)\n%s", cmp.Diff(want, schema))
	}
	chats(t, a)
}

// chats: what was there is there, and what is new goes.
func chats(t *testing.T, a *Archive) {
	t.Helper()
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	holdsSample(t, a, "version 4")
	_, letter := a.Letter(ctx, "n1")
	_, ticket := a.TicketBy(ctx, "h")
	err := errors.Join(letter, ticket,
		a.PutPosting(ctx, outbox.Posting{ID: outbox.HomeID("lena"), Kind: outbox.Home, Person: "lena", Made: at}),
		a.PutPlace(ctx, outbox.Place{Posting: outbox.HomeID("lena"), Channel: "D1", Stamp: "1.0", Made: at}),
		a.Bind(ctx, access.Binding{Channel: "slack", Address: "T1:U1", Person: "lena", How: access.ByFile, Made: at}, nil),
		a.SetAway(ctx, "lena", "w1", playbook.Away{From: at, Until: at.Add(time.Hour)}, nil))
	if err != nil {
		t.Error(err)
	}
	if p, _, err := a.Person(ctx, "lena"); err != nil || len(p.Away) != 1 {
		t.Error(p, err)
	}
}
