package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestReportSaysHowTheCaseWasSteered: whatever the owner did to the course of a
// case stands among what is notable, with its reason, and in the timeline.
func TestReportSaysHowTheCaseWasSteered(t *testing.T) {
	t.Parallel()
	s := openStory()
	reason := func(e *dossier.Entry, why string) { s.text(e, dossier.Body{Inside: why}) }
	due := storyNoon.AddDate(0, 0, 20)
	reason(s.add(storyCase, "run-a", dossier.Held, "olga", dossier.Detail{}), "their insurer asks for time")
	s.fact(review.Fact{Kind: review.FactHeld})
	reason(s.add(storyCase, "run-a", dossier.Resumed, "olga", dossier.Detail{}), "the insurer is content")
	s.fact(review.Fact{Kind: review.FactResumed})
	s.fact(review.Fact{Kind: review.FactDue, Due: due, Why: "resumed"})
	reason(s.fact(review.Fact{Kind: review.FactDue, Person: "olga", Due: due.Add(time.Hour), Why: "extended", Answer: "x1"}), "dora is ill")
	reason(s.fact(review.Fact{Kind: review.FactDue, Person: "olga", Due: due, Why: "sent-early", Answer: "x2"}), "enough to go on with")
	reason(s.fact(review.Fact{Kind: review.FactAdded, Person: "olga", Answer: "x3",
		New: &review.Seat{ID: "tax", Role: review.NamedPrefix + "olga", Mandatory: true}}), "somebody should read the tax clause")
	s.fact(review.Fact{Kind: review.FactAdded, Person: "olga", Answer: "x4", New: &review.Seat{ID: "works", Role: "works-council"}})
	reason(s.add(storyCase, "run-a", dossier.Corrected, "olga", dossier.Detail{Field: "data", Values: []string{"personal", "health"},
		From: 3, Tier: 1, Added: []string{"dpo"}, Dropped: []string{"quick"}, Kept: []string{"legal"}}), "they will see sick notes")
	s.add(storyCase, "run-a", dossier.Corrected, "olga", dossier.Detail{Field: "yearlyCost", Amount: 9000, From: 1, Tier: 1})
	s.add(storyCase, "run-a", dossier.OwnerChanged, "olga", dossier.Detail{Owner: "dora", Deputy: "leo", Sponsor: "olga"})
	page := reportOf(t, s)
	notable, timeline := section(t, page, "notable"), section(t, page, "timeline")
	for _, want := range []string{
		"The case was put on hold: answers still counted, nobody was asked or reminded.",
		"Written, for inside their insurer asks for time",
		"The case goes on; every due date was moved by the time on hold.",
		"Olga Ochs (olga) extended “Sign off the contract”: group 1 is due 22 March 2026, 13:00 UTC.",
		"Olga Ochs (olga) closed the round of “Sign off the contract” early, to send the changes wanted so far.",
		"Olga Ochs (olga) added seat tax for Olga Ochs (olga) to group 1 of “Sign off the contract”, which must agree.",
		"added seat works for the role works-council to group 1 of “Sign off the contract”.",
		"The intake was corrected: data is personal, health. The vendor was " + "tier",
		"Steps added: dpo. Steps dropped: quick. Steps kept all the same: legal.",
		"The intake was corrected: yearlyCost is 9000.",
		"The case owner is now Dora Dahl (dora), the deputy leo, the sponsor Olga Ochs (olga).",
	} {
		if want = strings.TrimSuffix(want, "tier"); !strings.Contains(notable, want) || !strings.Contains(timeline, want) {
			t.Errorf("%q is not in both of\n%s\n%s", want, notable, timeline)
		}
	}
	for _, only := range []string{"stood still from here on.", "“Sign off the contract” went on.", "is due 22 March 2026, 12:00 UTC after the hold."} {
		if !strings.Contains(timeline, only) || strings.Contains(notable, only) {
			t.Errorf("%q belongs into the timeline alone", only)
		}
	}
	if strings.Contains(page, "of the kind “") {
		t.Error("a kind has no words of its own")
	}
}
