package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/outbox"
)

// wants are the ways to want postings, with how many rows of the crowd's 100,000
// they may touch.
func wants() map[string]asked {
	ask := func(w outbox.Want, most int) asked {
		condition, of := wanted(w)
		a := asked{query: wantQuery(condition, len(w.Kinds)), most: most, args: []any{int64(1), of}}
		for _, k := range w.Kinds {
			a.args = append(a.args, string(k))
		}
		return a
	}
	const id = "onboarding/v500/1"
	home := []outbox.PostingKind{outbox.Home, outbox.Board}
	return map[string]asked{
		"one":                 ask(outbox.Want{ID: "card/500"}, 4),
		"of a request":        ask(outbox.Want{Request: id + ":legal.1"}, 4),
		"of a case":           ask(outbox.Want{Case: id}, 4),
		"of a case, one kind": ask(outbox.Want{Case: id, Kinds: home}, 1),
		"of a person":         ask(outbox.Want{Person: "p3"}, 400),
		"a person's home":     ask(outbox.Want{Person: "p3", Kinds: home}, 0),
		"settled":             {settleOpenQuery, 4, []any{1, "standing", 0, 0, "", "card/500", 1, 1}},
		"settled as said":     {settleSaidQuery, 4, []any{1, "said", 0, 0, "", "card/500", 1, 1}},
		"a place, changed":    {`UPDATE places SET posting = ?, digest = ?, gone = ? WHERE channel = ? AND stamp = ?`, 4, []any{"card/500", "", 0, "D500", "500.0"}},
		"links revoked":       {revokeLinksQuery, 4, []any{"i99500", "onboarding/v99500/1", 1}},
		"sessions ended":      {endSessionsOfLinks, 8, []any{"i99500", "onboarding/v99500/1"}},
		"all links revoked":   {revokeLinksQuery, 4, []any{"i99500", "", 1}},
		"erased":              {`DELETE FROM places WHERE posting IN (SELECT id FROM postings WHERE person = ? AND person <> '')`, 400, []any{"p3"}},
	}
}

// wantsOnSQLite: no want reads the table through.
func wantsOnSQLite(t *testing.T, a *Archive) {
	t.Helper()
	for name, ask := range wants() {
		for _, step := range planOf(t, a.reads, ask.query, ask.args) {
			if strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
	for _, step := range planOf(t, a.reads, untoldQuery(3), []any{"2026-03-02T09:00:00", "milestone", "pilot", "lapsed"}) {
		if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "lines") && strings.HasPrefix(step, "SEARCH lines ") && !strings.Contains(step, "lines_at (at>?)") {
			t.Errorf("entries without a line: %s", step)
		}
	}
	wantedOne(t, a)
}

// wantsOnPostgres runs each and undoes it.
func wantsOnPostgres(t *testing.T, a *Archive) {
	t.Helper()
	ctx, undo := context.Background(), errors.New("undo")
	for name, ask := range wants() {
		err := a.write(ctx, "explaining", first, func(q querier) error {
			texts, err := queryAll(ctx, q, scanFirst, `EXPLAIN (ANALYZE, FORMAT JSON) `+ask.query, ask.args...)
			if err != nil {
				return err
			}
			var plans []struct{ Plan plan }
			if err := json.Unmarshal([]byte(texts[0]), &plans); err != nil {
				return err
			}
			if touched, through := plans[0].Plan.count(); touched > ask.most && crowded() == 100_000 || len(through) > 0 {
				t.Errorf("%s touches %d rows, want at most %d; reads through: %q\n%s", name, touched, ask.most, through, plans[0].Plan)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantedOne(t, a)
}

// wantedOne: of all that stand the one that is wanted is found, and then none.
func wantedOne(t *testing.T, a *Archive) {
	t.Helper()
	ctx, now := context.Background(), time.Now()
	for _, want := range []int{0, 1, 0} {
		all, err := a.Postings(ctx, now, 100)
		if err != nil || len(all) != want {
			t.Fatalf("%d are due, want %d: %v", len(all), want, err)
		}
		if want == 0 {
			err = a.WantPostings(ctx, outbox.Want{Case: "onboarding/v500/1", At: now})
		} else {
			err = a.SettlePosting(ctx, "card/500", outbox.Looked{State: outbox.Standing, Shown: all[0].Wanted})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWantsHaveEveryWay: a want by two things, or by none, is none.
func TestWantsHaveEveryWay(t *testing.T) {
	t.Parallel()
	for _, w := range []outbox.Want{{}, {ID: "a", Request: "b"}, {Request: "a", Case: "b"}, {Case: "a", Person: "b"}, {ID: "a", Person: "b"}} {
		if condition, of := wanted(w); condition != "" || of != "" {
			t.Errorf("%+v: %s %s", w, condition, of)
		}
	}
	if got := wantQuery("id = ?2", 2); !strings.HasSuffix(got, "AND kind IN (?3, ?4)") {
		t.Error(fmt.Sprint("two kinds: ", got))
	}
}
