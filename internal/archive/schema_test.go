package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// inFile is the archive's database, where that is SQLite.
func inFile(a *Archive) *sqlite { return a.db.(*sqlite) }

func openTest(t *testing.T, dir string) *Archive {
	t.Helper()
	return openOn(t, dir, "")
}

// dump writes a database as SQL: what checked-in databases of older versions are
// kept as, so that a review sees what changes.
func dump(t *testing.T, q querier) (schema, rows string) {
	t.Helper()
	ctx := context.Background()
	read := func(query string) []string {
		all, err := queryAll(ctx, q, scanString, query)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	schema = strings.Join(read(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`), ";\n") + ";\n"
	for _, table := range read(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`) {
		var quoted []string
		for _, column := range read(`SELECT name FROM pragma_table_info('` + table + `') ORDER BY cid`) {
			quoted = append(quoted, "quote("+column+")")
		}
		for _, row := range read(`SELECT ` + strings.Join(quoted, ` || ', ' || `) + ` FROM ` + table + ` ORDER BY 1`) {
			rows += fmt.Sprintf("INSERT INTO %s VALUES (%s);\n", table, row)
		}
	}
	return schema, rows
}

// sample fills an archive with one of everything.
func sample(t *testing.T, a *Archive) {
	t.Helper()
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	const id = "onboarding/acme/1"
	try := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(n int, e dossier.Entry) dossier.Entry {
		e.ID, e.Case, e.Process, e.At, e.CaseAt = fmt.Sprintf("%s#%d", id, n), id, id, at, at
		return e
	}
	r := review.Request{ID: id + "/legal", Case: id, Process: id, Step: "legal", Kind: review.Decision, Owner: "olga", Vendor: "acme",
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "security", Role: "security"}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lena"}}}, {Seat: "security", Holders: []review.Holder{{Person: "sam"}}}}}
	b := review.Ballot{Answer: "web-0", Seat: "security", Person: "sam", Verdict: review.Approve, At: at}
	_, err := a.KeepText(ctx, "web-1", review.Text{Inside: "it's \"odd\""})
	_, err2 := a.KeepText(ctx, "web-2", review.Text{Vendor: "staged"})
	try(err, err2)
	try(a.Append(ctx, []dossier.Entry{
		entry(1, dossier.Entry{Kind: dossier.CaseOpened, Answer: "web-1", Detail: &dossier.Detail{Vendor: "acme", Owner: "olga"}}),
		entry(2, dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactOpened, Request: r.ID, At: at, Opened: &r}}),
		entry(2, dossier.Entry{Kind: dossier.Noted}), // a conflict
		entry(3, dossier.Entry{Kind: dossier.ProcessStarted, Run: "run-1", Detail: &dossier.Detail{}}),
		entry(4, dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactCounted, Request: r.ID, Seat: b.Seat, Person: b.Person, Answer: b.Answer, At: at, Ballot: &b}}),
	}))
	_, _, err = a.ApplyPeople(ctx, []playbook.Person{{ID: "lena", Name: "Lena"}}, "olga")
	_, _, err2 = a.OpenCase(ctx, "intake-1", "onboarding/acme", []byte(`{}`), dossier.Name{}, nil, nil)
	_, err3 := a.NumberFor(ctx, "contract/acme", "k")
	_, err4 := a.Lease(ctx, "sweep", "one", time.Hour)
	try(err, err2, err3, err4, a.NameVendor(ctx, "acme", "Acme GmbH"))
	try(a.KeepReceipt(ctx, "web-1", "rita", "", review.Outcome{Status: review.Counted}))
	try(a.Enqueue(ctx, review.Queued{ID: "web-3", Process: id, Person: "sam", Payload: []byte(`{}`), At: at}))
	_, err = a.Put(ctx, strings.NewReader("a contract"), 0)
	try(err)
	try(a.PutLetter(ctx, outbox.Letter{ID: "n1", Person: "lena", Kind: outbox.Asked, Case: id, Made: at}),
		a.PutTicket(ctx, access.Ticket{Hash: "h", Request: r.ID, Person: "lena", Channel: "mail", Made: at}),
		a.PutPosting(ctx, outbox.Posting{ID: outbox.CardID("lena", r.ID), Kind: outbox.Card, Person: "lena", Case: id, Request: r.ID, Made: at}),
		a.PutPlace(ctx, outbox.Place{Posting: outbox.CardID("lena", r.ID), Channel: "D1", Stamp: "1.0", Made: at}),
		a.Bind(ctx, access.Binding{Channel: "slack", Address: "T1:U1", Person: "lena", How: access.ByFile, Made: at}, nil),
		a.AddPairing(ctx, "h", access.Pairing{ID: "p1", Channel: "slack", Address: "T1:U2", Name: "Sam", Made: at, Until: at.Add(time.Hour)}),
		a.SetAway(ctx, "lena", "w1", playbook.Away{From: at, Until: at.Add(time.Hour), Backup: "sam"}, nil), mailed(a, "m1", "acme.1"))
}

// mailed is one of each of what mail both ways keeps.
func mailed(a *Archive, id, contact string) error {
	ctx, at := context.Background(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	paper, err := a.Put(ctx, strings.NewReader("From: a@example.com\n\n"+id), 0)
	_, _, err2 := a.PutArrival(ctx, arrivals.Arrival{ID: id, Raw: paper.Digest, Size: paper.Size, Came: at})
	_, err3 := a.NewMailEvent(ctx, id, at)
	until := time.Now().Add(time.Hour)
	return errors.Join(err, err2, err3,
		a.SettleArrival(ctx, arrivals.Arrival{ID: id, Kind: arrivals.Stray, Why: []arrivals.Why{arrivals.NoToken}, Done: at}),
		a.PutCursor(ctx, arrivals.Cursor{Mailbox: "gangway/INBOX", Validity: 1<<32 - 1, Last: 7, At: at}),
		a.PutContact(ctx, playbook.Contact{ID: contact, Vendor: "acme", Name: "Vera", Mail: "Vera@acme.example", State: playbook.ContactActive, By: "lena", Made: at, Changed: at}),
		a.PutPortalLink(ctx, access.PortalLink{Hash: "l" + id, Person: contact, Vendor: "acme", Case: "onboarding/acme/1", Made: at, Until: until}),
		a.PutPortalSession(ctx, access.PortalSession{Hash: "s" + id, Person: contact, Vendor: "acme", Link: "l" + id, Made: at, Until: until}),
		a.PutDraft(ctx, contact, "r", []byte("{}"), at),
		a.PutReading(ctx, engagement.Reading{Document: paper.Digest, Media: "text/plain", At: at}))
}

// TestOlderVersionsOpen opens an archive of every released version: what it held
// must be there, and its schema must be the one of a new archive. The dump of a
// version that is about to be released is recorded with GANGWAY_RECORD=1 and then
// never changes.
func TestOlderVersionsOpen(t *testing.T) {
	t.Parallel()
	steps, err := schemaSteps("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	fresh := openTest(t, t.TempDir())
	sample(t, fresh)
	want, rows := dump(t, fresh.reads)
	newest := filepath.Join("testdata", fmt.Sprintf("v%d.sql", len(steps)))
	if _, err := os.Stat(newest); os.Getenv("GANGWAY_RECORD") != "" && errors.Is(err, os.ErrNotExist) {
		head := fmt.Sprintf("PRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", applicationID, len(steps))
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(newest, []byte(head+want+rows), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	released, err := filepath.Glob("testdata/v*.sql")
	if err != nil || len(released) == 0 {
		t.Fatal(released, err)
	}
	for _, v := range released {
		text, err := os.ReadFile(v)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		load(t, filepath.Join(dir, databaseFile), string(text))
		a := openTest(t, dir)
		got, _ := dump(t, a.reads)
		if got != want {
			t.Errorf("migrated from %s the schema is\n%s\nwant\n%s", v, got, want)
		}
		holdsSample(t, a, v)
	}
}

// holdsSample checks that what sample wrote is there, however the archive came
// by it, and that it goes on. Lines may have been added.
func holdsSample(t *testing.T, a *Archive, v string) {
	t.Helper()
	ctx := context.Background()
	lines, err := a.Lines(ctx, "onboarding/acme/1")
	if err != nil || len(lines) < 5 || dossier.CheckChain(lines) != nil || lines[0].Body == nil || lines[0].Body.Inside != `it's "odd"` {
		t.Errorf("%s: lines %+v, %v, %v", v, lines, err, dossier.CheckChain(lines))
	}
	view, err := a.Case(ctx, "onboarding/acme/1")
	stored, _ := json.Marshal(view)
	folded, _ := json.Marshal(dossier.Fold(lines))
	if err != nil || string(stored) != string(folded) {
		t.Errorf("%s: view %s, fold %s, %v: does the fold give another view than it did? Then raise foldVersion", v, stored, folded, err)
	}
	waiting, err := a.Waiting(ctx, "lena")
	if err != nil || len(waiting) != 1 {
		t.Errorf("%s: waiting %v, %v", v, waiting, err)
	}
	if err := a.Append(ctx, []dossier.Entry{{ID: fmt.Sprintf("onboarding/acme/1#%d", len(lines)), Case: "onboarding/acme/1", Kind: dossier.Noted}}); err != nil {
		t.Errorf("%s: %v", v, err)
	}
}

func load(t *testing.T, file, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(file, "rwc", []string{"journal_mode(WAL)"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openTest(t, dir)
	sample(t, a)
	steps, err := schemaSteps("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	before, rows := dump(t, a.reads)
	err = a.migrate(ctx, append(steps, `CREATE TABLE more (x TEXT)`, `INSERT INTO more VALUES (1); INSERT INTO nowhere VALUES (1)`))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint("version ", len(steps)+2)) {
		t.Error(err)
	}
	if s, r := dump(t, a.reads); s != before || r != rows {
		t.Error("a migration that failed left something")
	}
	if err := a.migrate(ctx, append(steps, `CREATE TABLE more (x TEXT); INSERT INTO more SELECT id FROM cases`)); err != nil {
		t.Fatal(err)
	}
	var n, version int
	if err := errors.Join(
		inFile(a).reads.QueryRow(`SELECT count(*) FROM more WHERE x = 'onboarding/acme/1'`).Scan(&n),
		inFile(a).reads.QueryRow(`PRAGMA user_version`).Scan(&version),
	); err != nil || n != 1 || version != len(steps)+1 {
		t.Error(n, version, err)
	}
	var newer newerError
	if err := a.migrate(ctx, steps); !errors.As(err, &newer) {
		t.Errorf("a newer schema was taken: %v", err)
	}
}

// TestViewsAreFoldedAnew: views that an older fold left are made again from the
// journal, and in the order of the cases.
func TestViewsAreFoldedAnew(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	a := openTest(t, dir)
	sample(t, a)
	const bolt = "onboarding/bolt/1"
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err := a.Append(ctx, []dossier.Entry{ // one that is over and has a conflict after its seal
		{ID: bolt + "#1", Case: bolt, Process: bolt, CaseAt: at, Kind: dossier.CaseOpened, Detail: &dossier.Detail{Owner: "olga", Requester: "rita", Sponsor: "olga"}},
		{ID: bolt + "#2", Case: bolt, Process: bolt, CaseAt: at, Kind: dossier.ProcessEnded, Run: "run-1"},
		{ID: bolt + "#3", Case: bolt, Process: bolt, CaseAt: at, Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}},
		{ID: bolt + "#archive/history-run-1", Case: bolt, Process: bolt, Run: "run-1", Kind: dossier.HistoryFiled, Detail: &dossier.Detail{}},
		{ID: bolt + "#archive/seal-4", Case: bolt, Process: bolt, Kind: dossier.Sealed, Detail: &dossier.Detail{Revision: 4}},
		{ID: bolt + "#2", Case: bolt, Kind: dossier.Noted},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, want := dump(t, a.reads)
	_, err = inFile(a).conn.ExecContext(ctx, `UPDATE state SET value = 0 WHERE name = 'fold';
		UPDATE cases SET view = '{"id":"old"}', anchor = '{}', open = 1 - open, seal = 1 - seal, unfiled = 1 - unfiled; DELETE FROM inbox;
		UPDATE answered SET at = 7; UPDATE case_people SET open = 1 - open; UPDATE case_processes SET open = 1 - open, pos = 7; UPDATE requests SET request = '{}'`)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, got := dump(t, openTest(t, dir).reads); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
