package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// Whatever people press, however often Slack brings it, wherever the process is
// thrown away, and whatever the case does meanwhile: one decision at most stands
// for each seat, whoever was acknowledged is in the record with what they were
// told, and all cards come to show what is so.
func TestWeave(t *testing.T) {
	t.Parallel()
	blank, dirs := blankArchive(t, t.TempDir()), t.TempDir()
	var n atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		var ends []func()
		defer func() {
			for _, end := range slices.Backward(ends) {
				end()
			}
		}()
		l := newLoom(t, blank, filepath.Join(dirs, fmt.Sprint(n.Add(1))), func(end func()) { ends = append(ends, end) })
		if lost := rapid.IntRange(0, 3).Draw(t, "twins"); lost > 0 {
			l.spare += lost
			l.slack.Order(slacktest.Failure{Method: PostMessage, How: slacktest.Lost, Skip: rapid.IntRange(0, 3).Draw(t, "skip"), Times: lost})
		}
		l.noisy = true
		l.quiet(5 * time.Minute)
		l.noisy = false
		for range rapid.IntRange(12, 40).Draw(t, "steps") {
			if l.now().isDead() {
				l.restart()
			}
			l.step(t)
			l.always()
		}
		l.mended()
		l.quiet(4 * time.Hour)
		l.always()
		l.recorded()
		l.converged()
	})
}

// mended is a day on which nothing goes wrong any more.
func (l *loom) mended() {
	l.slack.Mend()
	l.slack.Release()
	l.slack.EditWindow(0)
	l.engine.mu.Lock()
	l.engine.away, l.engine.lost = 0, 0
	l.engine.mu.Unlock()
	l.restart()
	l.clock.forward(leaseFor + time.Second)
}

// quiet lets the process, desk and the loop do all that is to do within a time.
func (l *loom) quiet(within time.Duration) {
	l.t.Helper()
	ctx, begin := context.Background(), l.clock.now()
	for range 2000 {
		l.pass()
		if err := l.engine.files(ctx); err != nil {
			l.t.Fatalf("filing: %v", err)
		}
		l.engine.tells(ctx, l.now().app)
		next, err := l.now().app.turn(ctx)
		if err != nil && !l.noisy {
			l.t.Fatalf("a turn on a quiet day: %v", err)
		}
		due, err := l.store.Postings(ctx, begin.Add(within), 1)
		if err != nil {
			l.t.Fatalf("looking: %v", err)
		}
		if len(due) == 0 {
			return
		}
		if due[0].Next.After(next) {
			next = due[0].Next
		}
		if next.Sub(begin) > within {
			return
		}
		l.clock.to(next)
	}
	l.t.Fatalf("it never comes to rest")
}

// always holds after every step.
func (l *loom) always() {
	l.t.Helper()
	if f := l.slack.Faults(); len(f) > 0 {
		l.t.Fatalf("Slack took what it should not have been sent: %q", f)
	}
	calls := l.slack.Calls("")
	for _, c := range calls[min(l.seen, len(calls)):] {
		if u, _ := l.slack.User(c.Args["user_id"]); c.Method == PublishView && u.Deleted { // the page of somebody who is gone
			continue
		}
		for _, word := range []string{"invalid_", "no_text", "msg_too_long", "too_many", "missing_"} {
			if strings.HasPrefix(c.Answer, word) && !strings.HasPrefix(c.Answer, "invalid_trigger") {
				l.t.Fatalf("%s was answered %s: %v", c.Method, c.Answer, c.Args)
			}
		}
	}
	l.seen = len(calls)
	l.engine.mu.Lock()
	broken := l.engine.broken
	l.engine.mu.Unlock()
	if len(broken) > 0 {
		l.t.Fatalf("the engine: %q", broken)
	}
	copies := map[[2]string][]string{}
	for _, m := range l.slack.Messages("") {
		for _, b := range buttonsOf(m.Blocks) {
			ticket, _, _ := strings.Cut(b.value, menuMark)
			if key := [2]string{m.Channel, ticket}; !m.Deleted && m.Ephemeral == "" && m.ThreadTS == "" && !slices.Contains(copies[key], m.TS) {
				copies[key] = append(copies[key], m.TS)
			}
		}
	}
	for key, all := range copies {
		if len(all) > 1+l.spare {
			l.t.Fatalf("%s has %d cards of one request, where at most %d replies were lost", key[0], len(all), l.spare)
		}
	}
}

// recorded holds, once all is filed: each seat has one decision at a time, and
// whoever was acknowledged finds in the record what they were told.
func (l *loom) recorded() {
	l.t.Helper()
	lines, err := l.store.Lines(context.Background(), weaveCase)
	if err != nil {
		l.t.Fatalf("reading the record: %v", err)
	}
	if err := dossier.CheckChain(lines); err != nil {
		l.t.Fatalf("the record: %v", err)
	}
	requests, counted, acted := map[string]*review.Request{}, map[string][]*review.Ballot{}, map[string]int{}
	for _, line := range lines {
		f := line.Entry.Fact
		if line.Conflict {
			l.t.Errorf("%s stands twice", line.Entry.ID)
		}
		if f == nil {
			continue
		}
		r := requests[f.Request]
		if r == nil {
			r = &review.Request{}
			requests[f.Request] = r
		}
		if f.Kind == review.FactCounted {
			if b := r.Standing(f.Seat); b != nil || r.Closed != nil {
				l.t.Errorf("%s counts for %s, where %+v stands", f.Answer, f.Seat, b)
			}
			counted[f.Answer] = append(counted[f.Answer], f.Ballot)
		} else if f.Answer != "" && f.Kind != review.FactRefused {
			acted[f.Answer]++
		}
		r.Apply(*f)
	}
	for id, all := range l.told {
		last := l.finally(id, all)
		b := counted[id]
		switch counts := last.Status == review.Counted || last.Status == review.Already; {
		case counts && len(b)+acted[id] == 0:
			l.t.Errorf("%s was told that it counts, and the record has nothing of it", id)
		case counts && len(b) > 1, !counts && len(b)+acted[id] > 0:
			l.t.Errorf("%s was told %+v, and the record counts it %d times", id, last, len(b)+acted[id])
		case counts && len(b) == 1 && (b[0].Seat != last.Seat || b[0].Verdict != last.Verdict):
			l.t.Errorf("%s was told %+v, and the record has %+v", id, last, b[0])
		}
	}
}

// finally is what somebody's answer came to.
func (l *loom) finally(id string, all []review.Outcome) review.Outcome {
	l.t.Helper()
	kept, known, err := l.store.Receipt(context.Background(), id)
	if err != nil {
		l.t.Fatalf("reading a receipt: %v", err)
	}
	if !known || kept.Status == review.Pending {
		l.t.Errorf("%s was told %+v, and nothing came of it: %+v", id, all, kept)
	}
	for _, out := range all {
		if out.Status != review.Pending && !sameOutcome(out, kept) {
			l.t.Errorf("%s was told %+v, and came to %+v", id, out, kept)
		}
	}
	return kept
}

// converged holds once nothing is left to do: every place shows its card as it is
// made now, and whoever is asked and is in Slack has one.
func (l *loom) converged() {
	l.t.Helper()
	ctx, app := context.Background(), l.now().app
	for _, at := range l.pressed {
		if _, err := l.store.PlaceAt(ctx, at[0], at[1]); err != nil {
			l.t.Errorf("what was pressed at %s in %s does not follow: %v", at[1], at[0], err)
		}
	}
	for _, id := range []string{weaveOne, weaveTwo} {
		r, err := l.store.Request(ctx, id)
		if err != nil {
			l.t.Fatalf("reading a request: %v", err)
		}
		for _, name := range weavers() {
			who, _, err := l.store.Person(ctx, name)
			if err != nil {
				l.t.Fatalf("reading a person: %v", err)
			}
			s, err := app.sceneOf(ctx, r, who, "")
			if err != nil {
				l.t.Fatalf("a scene: %v", err)
			}
			m := s.card()
			if f := m.faults(); len(f) > 0 {
				l.t.Errorf("the card of %s: %q", name, f)
			}
			places, err := l.store.Places(ctx, outbox.CardID(name, id))
			if err != nil {
				l.t.Fatalf("looking where it stands: %v", err)
			}
			standing := 0
			for _, p := range places {
				got, found := l.slack.Message(p.Channel, p.Stamp)
				if !found || got.Deleted { // nobody touched it since it was deleted
					continue
				}
				standing++
				if d := cmp.Diff(shown(m.wire(0)), shown(wire(map[string]any{"text": got.Text, "blocks": got.Blocks}))); d != "" || p.Digest != m.digest() {
					l.t.Errorf("%s sees of %s what is not so (-now +shown):\n%s", name, id, d)
				}
			}
			u, _ := l.slack.User(userID(name))
			if waits(&r, name, s) && !u.Deleted && len(places) == 0 {
				l.t.Errorf("%s is asked %s and has no card of it; shown elsewhere: %d", name, id, len(l.other.shown))
			}
		}
	}
}

// shown is a message without what says only which revision of it this is.
func shown(raw []byte) any {
	var m map[string]any
	_ = json.Unmarshal(raw, &m) // it was written here or by Slack
	blocks, _ := m["blocks"].([]any)
	for _, b := range blocks {
		if o, ok := b.(map[string]any); ok {
			delete(o, "block_id")
		}
	}
	return m
}
