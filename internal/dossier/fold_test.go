package dossier_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

func TestFoldOfAWholeCase(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	entry := func(h int, process, run string, kind dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Case: onboarding, Process: process, Run: run, Kind: kind, At: at(100 + h), CaseAt: at(h), Actor: "rita", Detail: &d}
	}
	fact := func(h int, f review.Fact) dossier.Entry {
		f.Request, f.At = "q1", at(h)
		return dossier.Entry{Case: onboarding, Process: contract, Kind: dossier.Request, CaseAt: at(h), Fact: &f}
	}
	comparison := engagement.Comparison{Changed: []string{"8.4"}, Same: 90}
	entries := []dossier.Entry{
		entry(0, onboarding, "r1", dossier.CaseOpened, dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Sponsor: "sid",
			Rehearsal: true, Playbook: "small", Digest: "sha256:p"}),
		entry(1, onboarding, "r1", dossier.ProcessStarted, dossier.Detail{}),
		entry(1, onboarding, "r1", dossier.TierSet, dossier.Detail{Tier: 2}),
		entry(1, onboarding, "r1", dossier.StageReached, dossier.Detail{Stage: "contract"}),
		entry(2, contract, "s1", dossier.ProcessStarted, dossier.Detail{Parent: onboarding}),
		entry(2, contract, "s1", dossier.DocumentFiled, dossier.Detail{Name: "contract", Version: 1, Document: "sha256:c", Size: 7,
			Media: "text/plain", ForVendor: true, Comparison: &comparison}),
		fact(3, review.Fact{Kind: review.FactOpened, Opened: &review.Request{ID: "q1", Title: "Legal"}}),
		fact(4, review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "a1", Person: "lena", Verdict: review.Approve}}),
		fact(4, review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "a1", Person: "lena", Verdict: review.Approve}}),
		fact(5, review.Fact{Kind: review.FactClosed, State: review.Met, Why: "decided"}),
		entry(6, contract, "s2", dossier.ProcessEnded, dossier.Detail{Result: "signed"}),
		entry(7, onboarding, "r1", dossier.ProcessEnded, dossier.Detail{Result: "live"}),
		entry(7, onboarding, "r1", dossier.CaseClosed, dossier.Detail{Result: "live"}),
		entry(8, contract, "s1", dossier.HistoryFiled, dossier.Detail{Document: "sha256:h"}),
		entry(9, onboarding, "", dossier.Sealed, dossier.Detail{Document: "sha256:d"}),
	}
	want := dossier.CaseView{
		ID: onboarding, Vendor: "acme", Owner: "olga", Requester: "rita", Sponsor: "sid", State: dossier.Live, Stage: "contract",
		Rehearsal: true, Tier: 2, Playbook: "small", Digest: "sha256:p", Opened: at(0), Closed: at(7), Sealed: true, Lines: 15, Last: at(9),
		Processes: []dossier.ProcessView{
			{ID: onboarding, Started: at(1), Ended: at(7), Result: "live", Runs: []string{"r1"}},
			{ID: contract, Parent: onboarding, Started: at(2), Ended: at(6), Result: "signed", Runs: []string{"s1", "s2"},
				Filed: []dossier.FiledHistory{{Run: "s1", Document: "sha256:h"}}},
		},
		Requests: []review.Request{{ID: "q1", Title: "Legal",
			Ballots: []review.Ballot{{Answer: "a1", Person: "lena", Verdict: review.Approve}},
			Closed:  &review.Closing{State: review.Met, At: at(5), Why: "decided"}}},
		Documents: []dossier.DocumentView{{Process: contract, Name: "contract", Version: 1, Document: "sha256:c", Size: 7, Media: "text/plain",
			By: "rita", At: at(2), ForVendor: true, Comparison: &comparison}},
	}
	got := dossier.Fold(linesOf(entries))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the view (-want +got):\n%s", diff)
	}
	if got.Request("q1") == nil || got.Request("q2") != nil {
		t.Error("Request finds the wrong requests")
	}
}

func TestFoldReopens(t *testing.T) {
	t.Parallel()
	entries := append(closedCase(), dossier.Entry{Process: onboarding, Kind: dossier.Reopened})
	if got := dossier.Fold(linesOf(entries)); got.State != dossier.Running {
		t.Errorf("a reopened case is %s", got.State)
	}
}

// TestFoldKnowsRequestsByTheirFacts: later facts find a request by the id that
// its opening was recorded under.
func TestFoldKnowsRequestsByTheirFacts(t *testing.T) {
	t.Parallel()
	fact := func(f review.Fact) dossier.Entry { return dossier.Entry{Kind: dossier.Request, Fact: &f} }
	got := dossier.Fold(linesOf([]dossier.Entry{
		fact(review.Fact{Kind: review.FactOpened, Request: "q1", Opened: &review.Request{Title: "Legal"}}),
		fact(review.Fact{Kind: review.FactOpened, Request: "q2"}),
		fact(review.Fact{Kind: review.FactCounted, Request: "q1", Ballot: &review.Ballot{Answer: "a1"}}),
		fact(review.Fact{Kind: review.FactCounted, Request: "q3", Ballot: &review.Ballot{Answer: "a2"}}),
	}))
	if len(got.Requests) != 1 || got.Request("q1") == nil || len(got.Request("q1").Ballots) != 1 {
		t.Errorf("the requests: %+v", got.Requests)
	}
}

func TestFoldLeavesConflictsOut(t *testing.T) {
	t.Parallel()
	twice := []dossier.Entry{
		{ID: "p#1", Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "intake"}},
		{ID: "p#1", Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "live"}},
	}
	if got := dossier.Fold(linesOf(twice)); got.Stage != "intake" || got.Lines != 1 {
		t.Errorf("folded to stage %q after %d lines", got.Stage, got.Lines)
	}
}

// TestFoldTakesAnything: an entry may lack what its kind should have (an older
// version wrote it); the fold must not fall over, and counts it.
func TestFoldTakesAnything(t *testing.T) {
	t.Parallel()
	kinds := []dossier.Kind{dossier.CaseOpened, dossier.CaseClosed, dossier.ProcessStarted, dossier.ProcessEnded, dossier.StageReached,
		dossier.TierSet, dossier.Request, dossier.DocumentFiled, dossier.SentToVendor, dossier.Withdrawn, dossier.Reopened, dossier.Attempt,
		dossier.Noted, dossier.Jumped, dossier.HistoryFiled, dossier.PeopleChanged, dossier.PlaybookUsed, dossier.KeyMade, dossier.Sealed,
		dossier.Erased, dossier.Bound, dossier.Unbound, "of a later version"}
	facts := []review.FactKind{review.FactOpened, review.FactGroup, review.FactCounted, review.FactRefused, review.FactTakenBack,
		review.FactRecused, review.FactSeated, review.FactUnseated, review.FactSnoozed, review.FactVersion, review.FactTold,
		review.FactLost, review.FactClosed, review.FactWaived, review.FactSuperseded}
	rapid.Check(t, func(t *rapid.T) {
		var v, again dossier.CaseView
		n := rapid.IntRange(1, 20).Draw(t, "entries")
		for range n {
			e := dossier.Entry{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), CaseAt: noon, Process: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "process")}
			if rapid.Bool().Draw(t, "detailed") {
				e.Detail = &dossier.Detail{Stage: "s", Result: "live", Document: "sha256:x"}
			}
			if rapid.Bool().Draw(t, "factual") {
				e.Fact = &review.Fact{Kind: rapid.SampledFrom(facts).Draw(t, "fact"), Request: rapid.SampledFrom([]string{"", "q1"}).Draw(t, "request")}
				if rapid.Bool().Draw(t, "opened") {
					e.Fact.Opened = &review.Request{ID: "q1", Seatings: []review.Seating{{Seat: "legal"}}}
				}
			}
			v.Apply(e)
			again.Apply(e)
		}
		if v.Lines != n {
			t.Fatalf("%d entries were counted as %d", n, v.Lines)
		}
		a, _ := json.Marshal(v)
		b, _ := json.Marshal(again)
		if string(a) != string(b) {
			t.Fatalf("the same entries gave two views:\n%s\n%s", a, b)
		}
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		`there is no case "x"`:             dossier.NotFoundError{What: "case", ID: "x"},
		`entry 3 of p came before entry 2`: dossier.GapError{Process: "p", Want: 2, Got: 3},
		`filing a document: no space left`: dossier.FullError{Doing: "filing a document"},
		`c, line 2: the hash is gone`:      dossier.BrokenError{Chain: "c", N: 2, What: "the hash is gone"},
	} {
		if err.Error() != want {
			t.Errorf("%T says %q, want %q", err, err, want)
		}
	}
	if gone, full := (dossier.NotFoundError{}), (dossier.FullError{}); !gone.NotFound() || full.Hint() == "" {
		t.Error("a fault lost its mark or its hint")
	}
}
