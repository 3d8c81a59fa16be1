package archive_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/archive/postgrestest"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// sqlOn runs a statement beside the archive.
func sqlOn(t *testing.T, url, statement string) {
	t.Helper()
	db := must[*sql.DB](t)(sql.Open("pgx", url))
	_, err := db.ExecContext(context.Background(), statement)
	ok(t, errors.Join(err, db.Close()))
}

// TestPostgresRestartsInMidAppend crashes the server while four append, each
// repeating what failed: nothing is half there, nothing twice, what was
// acknowledged stands, and the archive goes on without being opened again.
func TestPostgresRestartsInMidAppend(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := postgrestest.Start(t)
	a := openAt(t, archive.Options{Dir: t.TempDir(), Database: server.Database(t)})
	const pairs = 40
	var appended, failures atomic.Int64
	calm := make(chan struct{}) // closed when the last crash is over
	done := make(chan error, 4)
	for i := range 4 {
		go func() {
			p := newCase(fmt.Sprintf("onboarding/v%d/1", i))
			for n := 0; n < pairs || !closed(calm); n++ {
				two := []dossier.Entry{p.say(dossier.Entry{Kind: dossier.Noted}), p.say(dossier.Entry{Kind: dossier.Noted})}
				if _, err := a.KeepText(ctx, fmt.Sprint(p.id, n), review.Text{Inside: "text"}); err != nil {
					failures.Add(1) // an urgent write may fail; the append must stand in the end
				}
				for a.Append(ctx, two) != nil {
					failures.Add(1)
				}
				appended.Add(1)
			}
			done <- nil
		}()
	}
	for range 3 {
		for was := appended.Load(); appended.Load() < was+8; { // something is going on
			if _, err := a.Lines(ctx, "onboarding/v0/1"); err != nil && appended.Load() == was {
				continue
			}
		}
		server.Restart(t)
	}
	close(calm)
	for range 4 {
		ok(t, <-done)
	}
	t.Logf("%d appends, %d tries failed", appended.Load(), failures.Load())
	for { // connections of before the crash may still be in the pool, and fail once
		_, lines := a.Lines(ctx, "onboarding/v0/1")
		_, view := a.Case(ctx, "onboarding/v0/1")
		if lines == nil && view == nil || ctx.Err() != nil {
			break
		}
	}
	total := 0
	for i := range 4 {
		id := fmt.Sprintf("onboarding/v%d/1", i)
		lines := chain(t, a, id)
		total += len(lines)
		for n, l := range lines {
			same(t, "id", fmt.Sprintf("%s#%d", id, n+1), l.Entry.ID)
		}
		same(t, "view", dossier.Fold(lines), must[dossier.CaseView](t)(a.Case(ctx, id)))
	}
	same(t, "lines", int(2*appended.Load()), total)
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestPostgresStopsAndFsyncOff: while the server is away writes fail as plain
// errors, afterwards they don't; and a server that does not wait for its disk is
// refused.
func TestPostgresStopsAndFsyncOff(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	server := postgrestest.Start(t)
	o := archive.Options{Dir: dir, Database: server.Database(t)}
	a := openAt(t, o)
	p := newCase(acme).opened()
	server.Stop(t)
	err := a.Append(ctx, p.rest)
	if err == nil || errors.As(err, new(dossier.FullError)) {
		t.Errorf("appended to a server that is away: %v", err)
	}
	if _, err := a.Lines(ctx, acme); err == nil {
		t.Error("read from a server that is away")
	}
	refused(t, archive.Options{Dir: t.TempDir(), Database: o.Database}, "connecting to the database")
	server.Restart(t)
	p.file(t, a)
	same(t, "lines", 2, len(chain(t, a, acme)))
	sqlOn(t, o.Database, `ALTER SYSTEM SET fsync = off`)
	server.Restart(t)
	refused(t, o, "fsync is off")
}

// TestPostgresFullDisk puts the journal's lines on a small disk, full of which an
// append leaves nothing.
func TestPostgresFullDisk(t *testing.T) {
	dir := smallDisk(t)
	server := postgrestest.Start(t)
	url := server.Database(t)
	a := openAt(t, archive.Options{Dir: t.TempDir(), Database: url})
	server.Folder(t, dir)
	sqlOn(t, url, `CREATE TABLESPACE small LOCATION '`+dir+`'`)
	sqlOn(t, url, `ALTER TABLE lines SET TABLESPACE small`)
	fillJournal(t, a)
}

func TestPostgresIsRefusedWithAHint(t *testing.T) {
	t.Parallel()
	server := postgrestest.Shared(t)
	good := server.Database(t)
	const secret = "hunter2%zz"
	for url, want := range map[string]string{
		"postgres://gangway:" + secret + "@127.0.0.1/x":                      "the URL of the database can't be read",
		strings.Replace(good, "/gangway_", "/missing_", 1):                   "does not exist",
		"postgres://gangway:hunter2@127.0.0.1:1/x?sslmode=disable":           "connecting to the database x",
		strings.Replace(good, "gangway@", "nobody:hunter2@", 1):              "nobody",
		"postgres://gangway@127.0.0.1:1/x?sslmode=disable&connect_timeout=x": "can't be read",
	} {
		refused(t, archive.Options{Dir: t.TempDir(), Database: url}, want)
		_, err := archive.Open(context.Background(), archive.Options{Dir: t.TempDir(), Database: url})
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	sqlOn(t, good, `CREATE TABLE invoices (id int)`)
	refused(t, archive.Options{Dir: t.TempDir(), Database: good}, "is not an archive of gangway")
	own := openAt(t, archive.Options{Dir: t.TempDir(), Database: good + "&search_path=gangway"})
	newCase(acme).opened().file(t, own)
	sqlOn(t, good, `UPDATE gangway.gangway_archive SET version = 999`)
	refused(t, archive.Options{Dir: t.TempDir(), Database: good + "&search_path=gangway"}, "has schema version 999")
	dir := t.TempDir()
	ok(t, openAt(t, archive.Options{Dir: dir}).Close())
	refused(t, archive.Options{Dir: dir, Database: good + "&search_path=other"}, "holds an archive")
	latin := server.Database(t)
	name := latin[strings.LastIndex(latin, "/")+1 : strings.Index(latin, "?")]
	sqlOn(t, good, `CREATE DATABASE `+name+`_latin ENCODING 'LATIN1' TEMPLATE template0`)
	t.Cleanup(func() { sqlOn(t, latin, `DROP DATABASE `+name+`_latin`) })
	refused(t, archive.Options{Dir: t.TempDir(), Database: strings.Replace(latin, name, name+"_latin", 1)}, "its encoding is LATIN1")
}

// TestPostgresCommitsWaitForTheDisk, whatever the database says; but a receipt's
// need not, and what comes after one waits again.
func TestPostgresCommitsWaitForTheDisk(t *testing.T) {
	t.Parallel()
	url := postgrestest.Shared(t).Database(t)
	name := url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]
	sqlOn(t, url, `ALTER DATABASE `+name+` SET synchronous_commit = off`)
	sqlOn(t, url, `CREATE TABLE seen (value text); CREATE SCHEMA own`)
	a := openAt(t, archive.Options{Dir: t.TempDir(), Database: url + "&search_path=own"})
	sqlOn(t, url, `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN INSERT INTO public.seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END$$;
		CREATE FUNCTION see_receipt() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN INSERT INTO public.seen VALUES ('receipt ' || current_setting('synchronous_commit')); RETURN NEW; END$$;
		CREATE TRIGGER see AFTER INSERT ON own.lines FOR EACH ROW EXECUTE FUNCTION see();
		CREATE TRIGGER see AFTER INSERT ON own.receipts FOR EACH ROW EXECUTE FUNCTION see_receipt()`)
	for i := range 6 { // more than there are connections
		ok(t, a.KeepReceipt(context.Background(), fmt.Sprint("web-", i), "lena", "r", review.Outcome{Status: review.Counted}))
	}
	newCase(acme).opened().file(t, a)
	db := must[*sql.DB](t)(sql.Open("pgx", url))
	var got string
	err := db.QueryRowContext(context.Background(), `SELECT string_agg(DISTINCT value, ', ' ORDER BY value) FROM seen`).Scan(&got)
	ok(t, errors.Join(err, db.Close()))
	same(t, "synchronous_commit", "on, receipt off", got)
}

// TestPostgresTakesOddText: what PostgreSQL's text can't hold is no error.
func TestPostgresTakesOddText(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := openAt(t, archive.Options{Dir: t.TempDir(), Database: postgrestest.Shared(t).Database(t)})
	_, err := a.Request(ctx, "x\x00y\xff")
	isNotFound(t, err)
	w := must[review.Written](t)(a.KeepText(ctx, "web-1", review.Text{Inside: "a\x00b\xffc"}))
	p := newCase(acme).opened()
	p.say(dossier.Entry{Kind: dossier.Noted, Answer: "web-1", Actor: "a\x00b\xff", Detail: &dossier.Detail{Name: `n\u0000\` + "\x00n"}})
	p.file(t, a)
	ok(t, a.Append(ctx, p.rest))
	lines := chain(t, a, acme)
	same(t, "text", "a\uFFFDb\uFFFDc", lines[2].Body.Inside)
	same(t, "digest", w.Inside, dossier.BodyDigest(lines[2].Salt, dossier.Body{Inside: lines[2].Body.Inside}))
	same(t, "name", `n\u0000\`+"\uFFFDn", lines[2].Entry.Detail.Name)
}
