package dossier_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

const onboarding, contract = "onboarding/acme/1", "contract/acme/1"

// closedCase is the least that can be sealed: two processes, one of them with a
// continued run, everything filed.
func closedCase() []dossier.Entry {
	e := func(process, run string, kind dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Process: process, Run: run, Kind: kind, At: noon, CaseAt: noon, Detail: &d}
	}
	return []dossier.Entry{
		e(onboarding, "r1", dossier.CaseOpened, dossier.Detail{Vendor: "acme"}),
		e(onboarding, "r1", dossier.ProcessStarted, dossier.Detail{}),
		e(contract, "s1", dossier.ProcessStarted, dossier.Detail{Parent: onboarding}),
		e(contract, "s2", dossier.ProcessEnded, dossier.Detail{Result: "signed"}),
		e(onboarding, "r1", dossier.ProcessEnded, dossier.Detail{Result: "live"}),
		e(onboarding, "r1", dossier.CaseClosed, dossier.Detail{Result: "live"}),
		e(contract, "s1", dossier.HistoryFiled, dossier.Detail{Document: "sha256:s1"}),
		e(contract, "s2", dossier.HistoryFiled, dossier.Detail{Document: "sha256:s2"}),
		e(onboarding, "r1", dossier.HistoryFiled, dossier.Detail{Document: "sha256:r1"}),
	}
}

func linesOf(entries []dossier.Entry) []dossier.Line {
	for i := range entries {
		if entries[i].ID == "" {
			entries[i].ID = string(rune('a' + i))
		}
	}
	return chained(onboarding, entries, nil)
}

func TestComplete(t *testing.T) {
	t.Parallel()
	without := func(k int) []dossier.Entry {
		e := closedCase()
		return append(e[:k:k], e[k+1:]...)
	}
	with := func(more ...dossier.Entry) []dossier.Entry { return append(closedCase(), more...) }
	cases := map[string]struct {
		entries []dossier.Entry
		want    []string
		view    bool // complete as far as the view alone tells
	}{
		"complete":       {entries: closedCase(), view: true},
		"nothing at all": {want: []string{"no entry says that the case was opened", "the case is not closed", "no process of the case is known"}},
		"never opened":   {entries: without(0), want: []string{"no entry says that the case was opened"}},
		"open":           {entries: without(5), want: []string{"the case is not closed"}},
		"a run of a child is not filed": {entries: without(6),
			want: []string{"the history of contract/acme/1, run s1, is not filed"}},
		"a continued run is not filed": {entries: without(7),
			want: []string{"the history of contract/acme/1, run s2, is not filed"}},
		"a process that was ended from outside": {entries: without(3), view: true},
		"reopened": {entries: with(dossier.Entry{Process: onboarding, Kind: dossier.Reopened}),
			want: []string{"the case is not closed"}},
		"a run that only an entry names": {entries: with(dossier.Entry{Process: onboarding, Run: "r2", Kind: dossier.Noted}),
			want: []string{"the history of onboarding/acme/1, run r2, is not filed"}},
		"a process without a run": {entries: with(dossier.Entry{Process: "contract/acme/2", Kind: dossier.ProcessStarted}),
			want: []string{"no run of contract/acme/2 is known"}},
		"a process that only an entry names": {entries: with(dossier.Entry{Process: "contract/acme/2", Run: "z", Kind: dossier.Noted}),
			want: []string{"the history of contract/acme/2, run z, is not filed"}, view: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := linesOf(c.entries)
			view := dossier.Fold(lines)
			if diff := cmp.Diff(c.want, dossier.Complete(view, lines)); diff != "" {
				t.Errorf("lacks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(view, dossier.Fold(lines)); diff != "" {
				t.Errorf("asking changed the view:\n%s", diff)
			}
			if got := dossier.Complete(view, nil); (len(got) == 0) != c.view {
				t.Errorf("the view alone lacks %q", got)
			}
		})
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	fact := func(f review.Fact) dossier.Entry { return dossier.Entry{Kind: dossier.Request, Fact: &f} }
	entries := []dossier.Entry{
		{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "vendor", Document: "sha256:v"}},
		{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "contract", Document: "sha256:c1", ReadAs: "sha256:c1text"}},
		fact(review.Fact{Kind: review.FactOpened, Opened: &review.Request{
			Versions: []review.Version{{Number: 1, Document: "sha256:c1"}, {Number: 2, Document: "sha256:c2"}},
			Ballots:  []review.Ballot{{Documents: []string{"sha256:old"}}}}}),
		fact(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 3, Document: "sha256:c3"}}),
		fact(review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Documents: []string{"sha256:d1", "sha256:d2", ""}}}),
		{Kind: dossier.HistoryFiled, Process: "p", Run: "r1", Detail: &dossier.Detail{Document: "sha256:h"}},
		{Kind: dossier.HistoryFiled, Process: "p", Run: "r2", Detail: &dossier.Detail{Document: "sha256:h"}},
		{Kind: dossier.HistoryFiled, Process: "p", Run: "r2", Detail: &dossier.Detail{Document: "sha256:h"}},
		{Kind: dossier.Erased, At: noon, Detail: &dossier.Detail{Document: "sha256:d1", Rule: "art. 17"}},
		{Kind: dossier.Erased, At: noon, Detail: &dossier.Detail{Document: "sha256:late", Rule: "art. 17"}},
		{Kind: dossier.SentToVendor, Detail: &dossier.Detail{Document: "sha256:late"}},
		{Kind: dossier.Sealed, Detail: &dossier.Detail{Document: "sha256:dossier"}},
		{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "back", Document: "sha256:back"}},
		{Kind: dossier.Erased, At: noon, Detail: &dossier.Detail{Document: "sha256:back", Rule: "art. 17"}},
		{Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Name: "back", Document: "sha256:back"}},
		{Kind: dossier.PlaybookUsed, Detail: &dossier.Detail{Digest: "sha256:not-a-document"}},
		{Kind: dossier.Noted},
		{Kind: dossier.HistoryFiled},
	}
	want := []dossier.Mention{
		{Digest: "sha256:v", N: 1}, {Digest: "sha256:c1", N: 2}, {Digest: "sha256:c1text", N: 2}, {Digest: "sha256:c2", N: 3}, {Digest: "sha256:old", N: 3},
		{Digest: "sha256:c3", N: 4}, {Digest: "sha256:d1", N: 5, Erased: &dossier.Erasure{On: noon, Rule: "art. 17"}}, {Digest: "sha256:d2", N: 5},
		{Digest: "sha256:h", N: 6, History: true, Process: "p", Run: "r1"}, {Digest: "sha256:h", N: 7, History: true, Process: "p", Run: "r2"},
		{Digest: "sha256:late", N: 11}, // named after it was erased: it must be there
		{Digest: "sha256:back", N: 13}, // filed again
	}
	if diff := cmp.Diff(want, dossier.Mentions(linesOf(entries))); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
}
