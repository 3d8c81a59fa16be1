package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestReportSaysWhatBecameOfTheClauses: every entry of a pack and of a signed copy has
// words of its own, and what an auditor asks about first is among the notable.
func TestReportSaysWhatBecameOfTheClauses(t *testing.T) {
	t.Parallel()
	s := openStory()
	for _, result := range []string{"found", "missing", "wanted", "carried", "touched", "something-new"} {
		s.add(storyCase, "run-a", dossier.ClausesFound, "", dossier.Detail{Step: "commercial", Version: 2, Result: result, Points: []string{"payment", "ip"}})
	}
	s.add(storyCase, "run-a", dossier.ClauseWaived, "olga", dossier.Detail{Step: "commercial", Version: 2, Points: []string{"audit"},
		Ends: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC), Written: review.Written{Inside: "sha256:reason"}})
	for _, result := range []string{"same", "accepted", "sent-back"} {
		s.add(storyCase, "run-a", dossier.CopyExecuted, "olga", dossier.Detail{Document: "sha256:1234", Version: 2, Result: result})
	}
	page := reportOf(t, s)
	timeline, notable := section(t, page, "timeline"), section(t, page, "notable")
	for _, want := range []string{
		"Of the clauses “commercial”, version 2 has, as somebody found: payment, ip.",
		"Of the clauses “commercial”, version 2 lacks: payment, ip. The case owner says what follows.",
		"version 2 lacks, and the vendor is asked for: payment, ip.",
		"version 2 has, with the same words as in the version before: payment, ip.",
		"version 2 has other words where these were found, so that they are looked for again: payment, ip.",
		"version 2: payment, ip (something-new).",
		"The contract may do without a clause of “commercial” until 2 March 2027: audit (version 2).",
		"The signed copy (sha256:1234) says what was approved, version 2, clause by clause.",
		"It was taken with a reason.", "It was sent back.",
	} {
		if !strings.Contains(timeline, want) {
			t.Errorf("%q is not in\n%s", want, timeline)
		}
	}
	for _, want := range []string{"may do without a clause", "It was taken with a reason.", "It was sent back."} {
		if !strings.Contains(notable, want) {
			t.Errorf("%q is not notable", want)
		}
	}
	if strings.Contains(notable, "clause by clause") || strings.Contains(page, "of the kind “") {
		t.Error("a copy that is the approved text is notable, or a kind has no words")
	}
}
