package archive

import (
	"context"
	"strings"
	"testing"
)

// TestAccessQueriesUseIndexes: every page asks who is signed in and what they may
// see.
func TestAccessQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for name, query := range map[string]string{
		"session": sessionQuery, "sessions": sessionsOfQuery, "link": linkQuery, "links": liveLinksQuery, "token": tokenQuery, "tokens": tokensOfQuery,
		"ticket": ticketQuery, "person": personQuery, "seen": seenQuery, "seen after": seenAfterQuery, "seen page": seenPageQuery,
		"binding": bindingQuery, "bindings": bindingsOfQuery, "pairing": pairingQuery, "aways": awaysQuery, "posting": postingQuery, "due postings": duePostingsQuery,
		"place": placeQuery, "places": placesQuery, "settle": settleOpenQuery, "settle said": settleSaidQuery, "settle for good": settleQuery,
		"sweep pairings": `DELETE FROM pairings WHERE until <= ?`, "sweep aways": sweepAways,
		"sweep sessions": `DELETE FROM sessions WHERE until <= ?`, "sweep links": `DELETE FROM links WHERE until <= ?`, "sweep tokens": `DELETE FROM tokens WHERE until <= ?`,
	} {
		args := make([]any, strings.Count(query, "?"))
		for i := range args {
			args[i] = 1
		}
		for _, step := range planOf(t, a.reads, query, args) {
			if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "B-TREE FOR ORDER BY") && (name == "seen page" || name == "due postings" || name == "places") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}

// TestSeenIsFilledFromOlderRecords: a record of before the table was there has it
// filled when it is opened.
func TestSeenIsFilledFromOlderRecords(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	a, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Append(ctx, manyEntries(9)); err != nil {
		t.Fatal(err)
	}
	err = a.change(ctx, "making it old", `DELETE FROM case_seen`)
	if err == nil {
		err = a.change(ctx, "making it older", `UPDATE state SET value = 0 WHERE name = 'fold'`)
	}
	if err == nil {
		err = a.Close()
	}
	if err == nil {
		a, err = Open(ctx, Options{Dir: dir})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for person, want := range map[string]int{"olga": 1, "p9": 1, "p8": 0} {
		if views, err := a.SeenCases(ctx, person); err != nil || len(views) != want {
			t.Errorf("%s sees %d cases, want %d: %v", person, len(views), want, err)
		}
	}
}
