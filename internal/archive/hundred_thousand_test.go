package archive

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/archive/postgrestest"
)

// A record of many cases, made by SQL that both databases understand: of the
// cases all but the newest 2,000 are over and sealed; olga owns all of them, one
// person of ten asked for each and is asked in it. So each of ten people has 200
// requests waiting.
const (
	manyOpen = 2000
	askedFor = `'p' || (i % 10)`
	caseName = `'onboarding/v' || i || '/1'`
)

// bulk are the statements that fill the tables with n cases.
func bulk(n int) []string {
	open := fmt.Sprintf(`CASE WHEN i >= %d THEN 1 ELSE 0 END`, n-manyOpen)
	view := fmt.Sprintf(`'{"id":"' || %s || '","vendor":"acme","owner":"olga","last":"2026-03-02T09:00:00Z"}'`, caseName)
	// Of these every row is about case i.
	each := map[string]string{
		"cases (seq, id, view, open, seal, unfiled)":                            `i + 1, ` + caseName + `, ` + view + `, ` + open + `, 0, 0`,
		"chains (chain, n, head)":                                               caseName + `, 2, 'sha256:0'`,
		"requests (id, case_id, pos, request)":                                  caseName + ` || ':legal.1', ` + caseName + `, 0, '{"id":"x"}'`,
		"lines (seq, chain, n, id, kind, answer, conflict, entry, prev, hash)":  `2 * i + 1, ` + caseName + `, 1, ` + caseName + ` || '#1', 'case-opened', 'web-' || i, 0, '{}', '', ''`,
		"lines (seq, chain, n, id, kind, answer, conflict, entry, prev, hash) ": `2 * i + 2, 'register', i + 1, ` + caseName + ` || '#2', 'note', NULL, 0, '{}', '', ''`,
		"case_people (person, open, case_seq)":                                  `'olga', ` + open + `, i + 1`,
		"case_people (person, open, case_seq) ":                                 askedFor + `, ` + open + `, i + 1`,
		"case_seen (person, open, case_seq)":                                    askedFor + `, ` + open + `, i + 1`,
		"case_processes (process, case_seq, pos, open)":                         caseName + `, i + 1, 0, ` + open,
		"answered (person, request, at, case_seq, pos)":                         askedFor + `, ` + caseName + ` || ':legal.1', i, i + 1, 0`,
		"receipts (answer, person, request, status, outcome)":                   `'web-' || i, ` + askedFor + `, ` + caseName + ` || ':legal.1', 'counted', '{}'`,
		"case_documents (case_id, digest)":                                      caseName + `, 'sha256:' || i`,
		"documents (digest, size, media)":                                       `'sha256:' || i, 1, 'text/plain'`,
		"sessions (hash, id, person, device, made, seen, until)":                `'h' || i, 'i' || i, 'p' || (i % 1000), '', i, i, i`,
		"tokens (hash, id, person, name, made, until)":                          `'h' || i, 'i' || i, 'p' || (i % 1000), '', i, i`,
		"links (id, hash, person, next, made, until, tries)":                    `'i' || i, 'h' || i, 'p' || (i % 1000), '', i, i, 0`,
		"tickets (hash, request, version, person, channel, made)":               `'h' || i, ` + caseName + `, 1, ` + askedFor + `, 'mail', i`,
		// Every posting stands, and nobody wants any.
		"postings (id, kind, person, case_id, request, posting, state, wanted, shown, next_look, tries, fault)": `'card/' || i, 'card', 'p' || (i % 1000), ` + caseName + `, ` + caseName + ` || ':legal.1', '{}', 'standing', 1, 1, 0, 0, ''`,
		"places (channel, stamp, posting, digest, gone, made)":                                                  `'D' || (i % 1000), i || '.0', 'card/' || i, '', 0, i`,
		"bindings (address, channel, person, how, made)":                                                        `'i' || i, 'slack', 'p' || (i % 1000), 'file', i`,
		"pairings (id, hash, channel, address, name, made, until, used)":                                        `'i' || i, 'h' || i, 'slack', 'T1:U' || i, '', i, i, 0`,
		"aways (id, person, starts, ends, backup, made, ended)":                                                 `'i' || i, 'p' || (i % 1000), i, i, '', i, 0`,
		"arrivals (id, came, state, kind, person, case_id, answer, arrival)":                                    `'i' || i, i, 'settled', CASE WHEN i % 100 = 0 THEN 'stray' ELSE 'comment' END, 'p' || (i % 1000), ` + caseName + `, 'mail-' || i, '{}'`,
		"contacts (id, vendor, n, mail, contact)":                                                               `'i' || i, 'v' || i, 1, 'm' || i, '{}'`,
		"portal_links (hash, person, vendor, case_id, request, made, until, revoked)":                           `'h' || i, 'i' || i, 'v' || i, ` + caseName + `, '', i, i, 0`,
		"portal_sessions (hash, person, vendor, link, device, made, until)":                                     `'h' || i, 'i' || i, 'v' || i, 'h' || i, '', i, i`,
		"drafts (person, request, fields, at)":                                                                  `'i' || i, ` + caseName + `, CAST('' AS BYTEA), i`,
		"readings (document, text, reading)":                                                                    `'sha256:' || i, 'sha256:t' || i, '{}'`,
		"mail_events (id, at)":                                                                                  `'i' || i, i`,
		"reservations (seq, intake, case_id, started)":                                                          `i + 1, 'intake' || i, ` + caseName + `, 1`,
	}
	numbers := func(from int) string {
		return fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, from, n-1)
	}
	first := "cases (seq, id, view, open, seal, unfiled)" // others refer to it
	second := "requests (id, case_id, pos, request)"
	all := []string{first, second}
	for table := range each {
		if table != first && table != second {
			all = append(all, table)
		}
	}
	for k, table := range all {
		from := 0
		if strings.HasPrefix(each[table], "'h'") || strings.HasPrefix(each[table], "'i'") {
			from = n * 9 / 10 // fewer sign in than there are cases
		}
		all[k] = `INSERT INTO ` + table + ` ` + numbers(from) + `SELECT ` + each[table] + ` FROM n`
	}
	return append(all, `INSERT INTO inbox (person, request) `+numbers(n-manyOpen)+`SELECT `+askedFor+`, `+caseName+` || ':legal.1' FROM n`,
		// What was answered of what is open is back: no receipt hides it.
		`DELETE FROM receipts WHERE answer IN (`+numbers(n-manyOpen)+`SELECT 'web-' || i FROM n)`, `ANALYZE`)
}

// asked is a query as the archive asks it, and how many rows it may touch.
type asked struct {
	query string
	most  int
	args  []any
}

// hot are the queries behind pages, sign-in, the desk and the keeper.
func hot() map[string]asked {
	const id = "onboarding/v500/1"
	return map[string]asked{
		"inbox":           {waitingQuery, 2000, []any{"p3"}},
		"request":         {requestQuery, 2, []any{id + ":legal.1"}},
		"line of answer":  {answerLineQuery, 2, []any{"web-500"}},
		"text of answer":  {textQuery, 2, []any{"web-500"}},
		"receipt":         {receiptQuery, 2, []any{"web-500"}},
		"queue":           {nextQueuedQuery, 2, []any{id}},
		"unfiled":         {unfiledQuery, 2, nil},
		"to seal":         {sealReadyQuery, 2, nil},
		"open processes":  {openProcessesQuery, 2 * manyOpen, nil},
		"case of":         {caseOfQuery, 4, []any{id}},
		"cases of many":   {casesOfQuery, 500, []any{"olga", 101}},
		"cases of":        {casesOfQuery, 500, []any{"p3", 101}},
		"first page":      {casePageQuery, 300, []any{2, 0, 101}},
		"page":            {casePageQuery, 300, []any{0, 50000, 101}},
		"cases in":        {casesInQuery, 2, []any{"onboarding/v99500/", "onboarding/v995000"}},
		"answered":        {answeredQuery, 100, []any{"p3", 20}},
		"seen page":       {seenPageQuery, 500, []any{"p3", 0, 50000, 101}},
		"seen first page": {seenPageQuery, 500, []any{"p3", 2, 0, 101}},
		"chain":           {`SELECT ` + lineColumns + ` FROM lines WHERE chain = ? ORDER BY n`, 4, []any{id}},
		"known":           {`SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 0`, 2, []any{id, id + "#1"}},
		"conflicts":       {`SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 1`, 2, []any{"register", id + "#2"}},
		"register of case": {`SELECT ` + lineColumns + ` FROM lines WHERE chain = ? AND id >= ? AND id < ? AND conflict = 0`, 4,
			[]any{"register", id + "#", id + "$"}},
		"requests":      {`SELECT request FROM requests WHERE case_id = ? ORDER BY pos`, 2, []any{id}},
		"who has it":    {`SELECT case_id FROM case_documents WHERE digest = ? ORDER BY case_id`, 2, []any{"sha256:500"}},
		"reserved":      {`SELECT case_id, input FROM reservations WHERE started = 0 ORDER BY seq`, 2, nil},
		"session":       {sessionQuery, 2, []any{"h99500", 0}},
		"sessions of":   {sessionsOfQuery, 300, []any{"p3", 0}},
		"token":         {tokenQuery, 2, []any{"h99500", 0}},
		"ticket":        {ticketQuery, 2, []any{"h99500"}},
		"old sessions":  {`SELECT hash FROM sessions WHERE until <= ?`, 20, []any{90_003}},
		"due postings":  {duePostingsQuery, 0, []any{int64(1) << 60, 100}},
		"posting":       {postingQuery, 2, []any{"card/500"}},
		"places":        {placesQuery, 2, []any{"card/500"}},
		"place":         {placeQuery, 2, []any{"D500", "500.0"}},
		"binding":       {bindingQuery, 2, []any{"slack", "i99500"}},
		"bindings":      {bindingsOfQuery, 200, []any{"p3", "slack"}},
		"pairing":       {pairingQuery, 2, []any{"h99500", 0}},
		"old pairings":  {`SELECT id FROM pairings WHERE until <= ?`, 20, []any{90_003}},
		"aways":         {awaysQuery, 300, []any{"p3"}},
		"old aways":     {`SELECT id FROM aways WHERE made <= ?1 AND ends <= ?1`, 20, []any{90_003}},
		"person":        {personQuery, 300, []any{"p3"}},
		"arrival":       {arrivalQuery, 2, []any{"i99500"}},
		"kept arrivals": {keptArrivalsQuery, 2, []any{100}},
		"of a case":     {caseArrivalsQuery, 4, []any{"onboarding/v99500/1", 100}},
		"strays":        {kindArrivalsQuery, 200, []any{"stray", 100}},
		"contact":       {contactQuery, 2, []any{"i99500"}},
		"contacts":      {contactsQuery, 4, []any{"v99500"}},
		"contacts by":   {contactsByQuery, 4, []any{"m99500"}},
		"portal link":   {portalLinkQuery, 2, []any{"h99500"}},
		"portal in":     {portalSessionQuery, 2, []any{"h99500", 0}},
		"draft":         {draftQuery, 2, []any{"i99500", "onboarding/v99500/1"}},
		"reading":       {readingQuery, 2, []any{"sha256:500"}},
		"old events":    {`SELECT id FROM mail_events WHERE at <= ?`, 20, []any{90_003}},
		"old drafts":    {`SELECT person FROM drafts WHERE at <= ?`, 20, []any{90_003}},
		"old visits":    {`SELECT hash FROM portal_sessions WHERE until <= ?`, 20, []any{90_003}},
		"the last line": {`SELECT n, head FROM chains WHERE chain = ?`, 2, []any{id}},
	}
}

// crowded is how many cases there are: 100,000, fewer under the race detector.
func crowded() int {
	if many < 5000 || testing.Short() {
		return 5000
	}
	return 100_000
}

// TestHundredThousandCasesOnSQLite: no query of a page reads a table through.
func TestHundredThousandCasesOnSQLite(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := openTest(t, t.TempDir())
	for _, statement := range append([]string{`PRAGMA synchronous = OFF`, `PRAGMA cache_size = -200000`}, bulk(crowded())...) {
		if _, err := inFile(a).conn.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for name, ask := range hot() {
		for _, step := range planOf(t, a.reads, ask.query, ask.args) {
			if strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" && !strings.Contains(step, "USING INDEX") ||
				strings.Contains(step, "B-TREE FOR ORDER BY") && name != "inbox" && name != "sessions of" && name != "aways" && name != "cases in" {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
	waitsForTwoHundred(t, a)
	wantsOnSQLite(t, a)
}

// TestHundredThousandCasesOnPostgres: PostgreSQL runs each query and says how
// many rows it touched.
func TestHundredThousandCasesOnPostgres(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := postgrestest.Shared(t).Database(t)
	if crowded() < 100_000 { // where few rows make a scan cheaper: is there an index at all?
		url += "&enable_seqscan=off"
	}
	a := openOn(t, t.TempDir(), url)
	for _, statement := range bulk(crowded()) {
		if _, err := a.db.(*postgres).writing.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for name, ask := range hot() {
		plan := explained(t, a, ask)
		touched, through := plan.count()
		if touched > ask.most && crowded() == 100_000 || len(through) > 0 {
			t.Errorf("%s touches %d rows, want at most %d; reads through: %q\n%s", name, touched, ask.most, through, plan)
		}
	}
	waitsForTwoHundred(t, a)
	wantsOnPostgres(t, a)
}

// waitsForTwoHundred: the rows are such as the archive reads.
func waitsForTwoHundred(t *testing.T, a *Archive) {
	t.Helper()
	start := time.Now()
	rows, err := queryAll(context.Background(), a.reads, scanFirst, waitingQuery, "p3")
	if err != nil || len(rows) != manyOpen/10 {
		t.Errorf("%d wait, want %d: %v", len(rows), manyOpen/10, err)
	}
	page, err := a.CasePage(context.Background(), "", 101)
	if err != nil || len(page) != 101 {
		t.Errorf("a page of %d cases: %v", len(page), err)
	}
	t.Logf("an inbox of %d and a page of cases: %v", len(rows), time.Since(start).Round(time.Millisecond))
}
