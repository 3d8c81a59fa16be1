package outbox_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/outbox"
)

func TestPostingIDs(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 0, 0, 500, time.FixedZone("CET", 3600))
	for got, want := range map[string]string{
		outbox.CardID("lena", "c1#signoff/1"):  "card/lena/c1#signoff/1",
		outbox.HomeID("lena"):                  "home/lena",
		outbox.BoardID("c1"):                   "board/c1",
		outbox.LineID("web-1"):                 "line/web-1",
		outbox.NudgeID("n1"):                   "nudge/n1",
		outbox.WordID("n1"):                    "word/n1",
		outbox.TidingsID("c1#signoff/1", at):   "tidings/c1#signoff/1/2026-03-02T09:00:00.0000005Z",
		outbox.VerdictID("slack-MFRGG2LBMI4A"): "verdict/slack-MFRGG2LBMI4A",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestPostingIDsDiffer: two things to show never fall together, whatever their
// ids, as long as people and cases have no slash in theirs.
func TestPostingIDsDiffer(t *testing.T) {
	t.Parallel()
	plain := rapid.StringMatching(`[a-z#/-]{0,4}`)
	person := rapid.StringMatching(`[a-z-]{0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		p1, p2 := person.Draw(t, "person"), person.Draw(t, "other person")
		r1, r2 := plain.Draw(t, "request"), plain.Draw(t, "other request")
		if same := p1 == p2 && r1 == r2; same != (outbox.CardID(p1, r1) == outbox.CardID(p2, r2)) {
			t.Fatalf("cards of %q, %q and %q, %q", p1, r1, p2, r2)
		}
		at1 := time.Unix(0, rapid.Int64Range(0, 3).Draw(t, "at"))
		at2 := time.Unix(0, rapid.Int64Range(0, 3).Draw(t, "other at"))
		if same := r1 == r2 && at1.Equal(at2); same != (outbox.TidingsID(r1, at1) == outbox.TidingsID(r2, at2)) {
			t.Fatalf("tidings of %q at %s and %q at %s", r1, at1, r2, at2)
		}
		all := []string{outbox.CardID(p1, r1), outbox.HomeID(r1), outbox.BoardID(r1), outbox.LineID(r1), outbox.NudgeID(r1),
			outbox.WordID(r1), outbox.TidingsID(r1, at1), outbox.VerdictID(r1)}
		known := map[string]bool{}
		for _, id := range all {
			if known[id] {
				t.Fatalf("%s twice", id)
			}
			known[id] = true
		}
	})
}
