package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// file is a record that is made of histories: what they gave to the record, chained
// anew, with the histories filed after it.
type file struct {
	entries   []dossier.Entry
	histories []*history.History
}

// filing takes what histories gave to the record.
func filing(t testing.TB, histories ...*history.History) *file {
	t.Helper()
	f := &file{histories: histories}
	for _, h := range histories {
		process, run := runOf(h)
		a, found := accountOf(h, process, run)
		if len(found) > 0 {
			t.Fatalf("%s: %v", process, found)
		}
		for _, r := range a.entries {
			if r.entry.Case != dossier.Register {
				f.entries = append(f.entries, r.entry)
			}
		}
	}
	return f
}

// story are all recorded histories of a story, as they were recorded.
func story(t testing.TB, name string) []*history.History {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "workflows", "testdata", "histories", "*", "v0.1.0-"+name+"-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no story %s, %v", name, err)
	}
	var all []*history.History
	for _, f := range files {
		all = append(all, golden(t, f))
	}
	return all
}

// verified files the histories, chains everything anew and holds it against the code.
func (f *file) verified(t testing.TB) Result {
	t.Helper()
	texts := make(map[string][]byte)
	entries := slices.Clone(f.entries)
	for _, h := range f.histories {
		text, err := Pack(h)
		if err != nil {
			t.Fatalf("packing a history: %v", err)
		}
		sum := sha256.Sum256(text)
		digest := "sha256:" + hex.EncodeToString(sum[:])
		texts[digest] = text
		e := f.entries[slices.IndexFunc(f.entries, func(e dossier.Entry) bool { return strings.HasPrefix(e.ID, e.Process+"#") && isOf(e, h) })]
		entries = append(entries, dossier.Entry{ID: e.Process + "#archive/history-" + e.Run, Case: e.Case, Process: e.Process, Run: e.Run,
			Kind: dossier.HistoryFiled, At: e.At, CaseAt: e.CaseAt, Detail: &dossier.Detail{Document: digest}})
	}
	var lines []dossier.Line
	prev := dossier.Genesis(entries[0].Case)
	for i, e := range entries {
		l := dossier.Line{N: i + 1, Entry: e, Prev: prev}
		l.Hash = dossier.LineHash(l)
		prev, lines = l.Hash, append(lines, l)
	}
	if err := dossier.CheckChain(lines); err != nil {
		t.Fatalf("the chain was made anew and does not hold: %v", err)
	}
	r, err := Verify(t.Context(), thisRelease, lines, func(m dossier.Mention) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(texts[m.Digest])), nil
	})
	if err != nil {
		t.Fatalf("verifying a record: %v", err)
	}
	return r
}

// isOf reports an entry of the run that a history was filed for. A forger who renames
// the run in the history does not rename it in the record.
func isOf(e dossier.Entry, h *history.History) bool {
	_, run := runOf(h)
	return e.Run == run
}

// ballot is the n-th entry by which an answer was counted.
func (f *file) ballot(t testing.TB, n int) *dossier.Entry {
	t.Helper()
	for i := range f.entries {
		if fact := f.entries[i].Fact; fact != nil && fact.Kind == review.FactCounted {
			if n == 0 {
				return &f.entries[i]
			}
			n--
		}
	}
	t.Fatal("the record has no such answer")
	return nil
}

// TestVerifyStories: in what the engine recorded, journal and histories say the same, and
// so do histories of one another. Nothing is contradicted, and what other code recorded is
// not called replayed.
func TestVerifyStories(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"live", "clock", "withdrawn", "quarrel", "steered", "agreed", "collected", "whole"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			histories := story(t, name)
			r := filing(t, histories...).verified(t)
			if len(r.Histories) != len(histories) || r.Contradicted() {
				t.Errorf("%d of %d histories; %v", len(r.Histories), len(histories), r.Differences)
			}
			for _, h := range r.Histories {
				if (h.Verdict == Replayed) != (len(h.Differences) == 0) {
					t.Errorf("%s: %s, %v", h.Process, h.Verdict, h.Differences)
				}
			}
		})
	}
}

// TestVerifyWhole: every run is replayed, to the last input.
func TestVerifyWhole(t *testing.T) {
	t.Parallel()
	r := filing(t, one(t, "dpa/collected-1")).verified(t)
	if !r.Whole() || r.Contradicted() || len(r.Histories) != 1 || r.Release != thisRelease {
		t.Errorf("%+v", r)
	}
}

// answerOf is an answer that a process was given, and what it came to.
func answerOf(t testing.TB, h *history.History, n int) (given, came *history.HistoryEvent) {
	t.Helper()
	for _, e := range h.GetEvents() {
		u := e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest()
		if u.GetInput().GetName() != workflows.UpdateAnswer {
			continue
		}
		if n > 0 {
			n--
			continue
		}
		for _, c := range h.GetEvents() {
			if a := c.GetWorkflowExecutionUpdateCompletedEventAttributes(); a != nil && a.GetMeta().GetUpdateId() == u.GetMeta().GetUpdateId() {
				return e, c
			}
		}
	}
	t.Fatal("the history has no such answer")
	return nil, nil
}

// TestAFlippedAnswer: somebody makes an approval a rejection, or the other way round, and
// makes digests, chain and signature anew. However much of what follows they rewrite
// too, it is found and named until nothing is left that says otherwise.
func TestAFlippedAnswer(t *testing.T) {
	t.Parallel()
	const verdict = "verdict"
	base := one(t, "contract/agreed-1")
	flips := []struct {
		name   string
		change func(t *testing.T, f *file)
		want   []string // among what is found
	}{
		{"in the journal alone", func(t *testing.T, f *file) {
			e := f.ballot(t, 0)
			fact, b := *e.Fact, *e.Fact.Ballot
			b.Verdict = review.Reject
			e.Fact, fact.Ballot = &fact, &b
		}, []string{`the answer web-`, `of jonas, verdict: the history has "approve", the journal says "reject"`, "the entry contract/brightwell-payroll/1#"}},
		{"in the history alone", func(t *testing.T, f *file) {
			given, _ := answerOf(t, f.histories[0], 0)
			edit(t, given.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), verdict, "reject")
		}, []string{`of jonas, verdict: the history has "reject", its outcome`, `of jonas, verdict: the history has "reject", the journal says "approve"`, "what came of the Update answer"}},
		{"and what they were told", func(t *testing.T, f *file) {
			given, came := answerOf(t, f.histories[0], 0)
			edit(t, given.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), verdict, "reject")
			edit(t, came.GetWorkflowExecutionUpdateCompletedEventAttributes().GetOutcome().GetSuccess(), verdict, "reject")
		}, []string{`of jonas, verdict: the history has "reject", the journal says "approve"`, `refusal: the history has nothing, the code says "needs-reason"`}},
		{"and what the record was given", func(t *testing.T, f *file) {
			given, came := answerOf(t, f.histories[0], 0)
			edit(t, given.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), verdict, "reject")
			edit(t, came.GetWorkflowExecutionUpdateCompletedEventAttributes().GetOutcome().GetSuccess(), verdict, "reject")
			recordedAs(t, f.histories[0], "jonas")
		}, []string{`of jonas, verdict: the history has "reject", the journal says "approve"`, "the entry contract/brightwell-payroll/1#"}},
		{"and the journal", func(t *testing.T, f *file) {
			given, came := answerOf(t, f.histories[0], 0)
			edit(t, given.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetArgs(), verdict, "reject")
			edit(t, came.GetWorkflowExecutionUpdateCompletedEventAttributes().GetOutcome().GetSuccess(), verdict, "reject")
			recordedAs(t, f.histories[0], "jonas")
			f.entries = filing(t, f.histories[0]).entries
		}, []string{"what came of the Update answer"}}, // the code refuses a rejection without a reason
	}
	for _, flip := range flips {
		t.Run(flip.name, func(t *testing.T) {
			t.Parallel()
			f := filing(t, proto.Clone(base).(*history.History))
			flip.change(t, f)
			r := f.verified(t)
			if !r.Contradicted() || r.Whole() {
				t.Fatalf("an answer was turned round and nothing is found: %+v", r)
			}
			var found []string
			for _, d := range append(r.Differences, r.Histories[0].Differences...) {
				found = append(found, d.String())
			}
			for _, want := range flip.want {
				if !strings.Contains(strings.Join(found, "\n"), want) {
					t.Errorf("nothing says %s:\n%s", want, strings.Join(found, "\n"))
				}
			}
		})
	}
}

// recordedAs makes somebody's first counted answer a rejection in what the record was
// given.
func recordedAs(t testing.TB, h *history.History, person string) {
	t.Helper()
	for _, e := range h.GetEvents() {
		a := e.GetActivityTaskScheduledEventAttributes()
		if e.GetEventType() != enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED || a.GetActivityType().GetName() != recordActivity {
			continue
		}
		account, _ := accountOf(&history.History{Events: []*history.HistoryEvent{e}}, "", "")
		for i, r := range account.entries {
			if f := r.entry.Fact; f != nil && f.Kind == review.FactCounted && f.Ballot.Person == person {
				edit(t, a.GetInput(), fmt.Sprintf("entries.%d.fact.ballot.verdict", i), "reject")
				return
			}
		}
	}
	t.Fatalf("the record was given no answer of %s", person)
}

// TestJournalAndHistories: what the one has and the other has not is found both ways.
func TestJournalAndHistories(t *testing.T) {
	t.Parallel()
	base := one(t, "contract/agreed-1")
	for _, c := range []struct {
		name   string
		change func(t *testing.T, f *file)
		want   string
	}{
		{"an answer that nobody gave", func(t *testing.T, f *file) {
			e := *f.ballot(t, 0)
			fact, b := *e.Fact, *e.Fact.Ballot
			b.Answer, b.Person = "web-made-up", "helen"
			e.ID, e.Fact, fact.Ballot = e.Process+"#desk/made-up", &fact, &b
			f.entries = append(f.entries, e)
		}, `the answer web-made-up of helen: the history has nothing, the journal says "approve"`},
		{"an answer that was left out", func(t *testing.T, f *file) {
			gone := f.ballot(t, 1).ID
			f.entries = slices.DeleteFunc(f.entries, func(e dossier.Entry) bool { return e.ID == gone })
		}, "the journal knows nothing of it"},
		{"an entry that was never made", func(_ *testing.T, f *file) {
			e := f.entries[0]
			e.ID = e.Process + "#999"
			f.entries = append(f.entries, e)
		}, "the entry contract/brightwell-payroll/1#999: the history has nothing"},
		{"another hour", func(t *testing.T, f *file) {
			f.entries[2].At = f.entries[2].At.Add(time.Hour)
		}, ", at: the history has"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := filing(t, proto.Clone(base).(*history.History))
			c.change(t, f)
			r := f.verified(t)
			i := slices.IndexFunc(r.Differences, func(d Difference) bool { return strings.Contains(d.String(), c.want) && d.By == byJournal })
			if i < 0 || r.Histories[0].Verdict != Replayed {
				t.Errorf("%s; found is %v", r.Histories[0].Verdict, r.Differences)
			}
		})
	}
}

// TestTies: what one history says of another is held against that one, whatever release
// recorded them.
func TestTies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, story string
		change      func(t *testing.T, h *history.History) bool
		want        string
	}{
		{"what a child was given", "agreed", func(t *testing.T, h *history.History) bool {
			p := h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
			if p.GetWorkflowType().GetName() != workflows.ContractType {
				return false
			}
			edit(t, p.GetInput(), "owner", "somebody")
			return true
		}, `what is given to contract/brightwell-payroll/1, in the history of onboarding/brightwell-payroll/1, owner: the history has "maya", the history of contract/brightwell-payroll/1 (event 1) says "somebody"`},
		{"what a child came to", "agreed", func(t *testing.T, h *history.History) bool {
			a := h.GetEvents()[len(h.GetEvents())-1].GetWorkflowExecutionCompletedEventAttributes()
			if h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName() != workflows.ContractType {
				return false
			}
			edit(t, a.GetResult(), "result", "refused")
			return true
		}, "what comes of contract/brightwell-payroll/1"},
		{"what the next run began with", "watched-*", func(t *testing.T, h *history.History) bool {
			a := h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
			if a.GetContinuedExecutionRunId() == "" {
				return false
			}
			edit(t, a.GetInput(), "owner", "somebody")
			return true
		}, "what is given to "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			histories := story(t, c.story)
			if whole := filing(t, histories...).verified(t); whole.Contradicted() {
				t.Fatalf("before anything was changed: %v", whole.Differences)
			}
			f := filing(t, histories...)
			if !slices.ContainsFunc(histories, func(h *history.History) bool { return c.change(t, h) }) {
				t.Fatal("nothing was changed")
			}
			r := f.verified(t)
			if len(r.Differences) == 0 || !strings.Contains(r.Differences[0].String(), c.want) {
				t.Errorf("found is %v", r.Differences)
			}
		})
	}
}
