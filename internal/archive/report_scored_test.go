package archive

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// scoredStory is a case with a score that two people gave blind, each with a note, of
// which one was erased.
func scoredStory(closed *review.Fact) *story {
	s := openStory()
	of := func(f review.Fact) *dossier.Entry {
		e := s.fact(f)
		e.Fact.Request, e.Answer = "points", f.Answer
		return e
	}
	of(review.Fact{Kind: review.FactOpened, Opened: &review.Request{ID: "points", Case: storyCase, Process: storyContract, Step: "pilot-score", Kind: review.Rating,
		Title: "How was it?", Blind: true, Criteria: []engagement.Criterion{{ID: "quality", Title: "Quality of work", Weight: 100, Most: 5}},
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "ops"}, {ID: "it"}, {ID: "legal"}}}}},
		Seatings: []review.Seating{{Seat: "ops"}, {Seat: "it"}, {Seat: "legal"}}, Clocks: []review.Clock{{}}}})
	for _, x := range []struct{ person, seat, note string }{
		{"lena", "ops", "They answered within\u202e the hour, <b>every</b> time."}, {"sven", "it", "Asked the same thing four times."}, {"dora", "legal", ""},
	} {
		e := of(review.Fact{Kind: review.FactCounted, Answer: "a-" + x.person, Person: x.person, Ballot: &review.Ballot{Answer: "a-" + x.person, Person: x.person, Seat: x.seat,
			Verdict: review.Scored, Scores: []review.Score{{Criterion: "quality", Points: 3}}}})
		if x.note != "" {
			s.text(e, dossier.Body{Inside: x.note})
		}
		if x.person == "sven" {
			s.erased = append(s.erased, e.ID)
		}
	}
	if closed != nil {
		of(*closed)
	}
	return s
}

// TestReportHasTheScorersNotes: who, which criterion, what mark, and what they noted;
// of a note that was erased the rule and the digest.
func TestReportHasTheScorersNotes(t *testing.T) {
	t.Parallel()
	for why, state := range map[string]review.State{"decided": review.Met, "stopped": review.Open} {
		page := reportOf(t, scoredStory(&review.Fact{Kind: review.FactClosed, State: state, Why: why}))
		part := strings.Join(strings.Fields(section(t, page, "scored")), " ")
		for _, want := range []string{
			"How was it? pilot-score in " + storyContract,
			"Lena Lang (lena) , seat ops", "Quality of work 100 of 100 3 of 5",
			"Noted, for inside They answered within⟨U+202E⟩ the hour, <b>every</b> time.",
			"(sven) , seat it", "What was noted here was erased on", "under art. 17. Its digest stays:",
			"Dora Dahl (dora) , seat legal", "Nothing was noted.",
		} {
			if !strings.Contains(part, want) {
				t.Errorf("%s: %q is not in\n%s", why, want, part)
			}
		}
		if strings.Contains(page, "<b>every</b>") || strings.Contains(page, "four times") {
			t.Errorf("%s: a note is markup, or stands there though it was erased", why)
		}
		if !strings.Contains(section(t, page, "timeline"), "<b>every</b> time.") {
			t.Errorf("%s: the line of the answer lacks what was written", why)
		}
		if scored := strings.Contains(page, "weighted score"); scored != (state == review.Met) {
			t.Errorf("%s: it has a weighted score: %v", why, scored)
		}
	}
}

// TestReportMasksBlindNotes: a note tells as much as a mark, wherever on the page.
func TestReportMasksBlindNotes(t *testing.T) {
	t.Parallel()
	for name, closed := range map[string]*review.Fact{"open": nil, "reopened": {Kind: review.FactClosed, State: review.Open, Why: review.WhyReopened},
		"withdrawn": {Kind: review.FactClosed, State: review.Open, Why: review.WhyWithdrawn}} {
		page := reportOf(t, scoredStory(closed))
		if strings.Contains(page, "within") || strings.Contains(page, "3 of 5") || strings.Contains(page, `id="scored"`) {
			t.Errorf("%s: what was given blind stands on the page", name)
		}
		if !strings.Contains(page, "points were not opened") && !strings.Contains(page, "which nobody sees yet") {
			t.Errorf("%s: nothing says that points were given", name)
		}
	}
}

// TestAScorersNoteIsErasedByRule: in a real archive it goes from the dossier and its
// journal, the digest stays where it was, and the dossier still verifies.
func TestAScorersNoteIsErasedByRule(t *testing.T) {
	t.Parallel()
	s := scoredStory(&review.Fact{Kind: review.FactClosed, State: review.Met, Why: "decided"})
	s.erased = nil
	a, key := filed(t, s), storyKey(1)
	reads := func() (page, whole string) {
		file := exported(t, a, key, storySeal)
		if v := judged(t, file, key.Fingerprint()); !v.Intact {
			t.Errorf("the dossier is not intact: %+v", v)
		}
		for _, m := range members(t, file) {
			text := string(bytesOf(t, m))
			if whole += text; m.path == reportPath {
				page = text
			}
		}
		return page, whole
	}
	if page, _ := reads(); !strings.Contains(section(t, page, "scored"), "four times.") {
		t.Fatal("the note is not beside its marks")
	}
	lines, err := a.Lines(t.Context(), storyCase)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Entry.Answer != "a-sven" {
			continue
		}
		if err := a.Erase(t.Context(), storyCase, []string{l.Entry.ID}, "art. 17", "olga"); err != nil {
			t.Fatal(err)
		}
		page, whole := reads()
		if strings.Contains(whole, "four times") {
			t.Error("the note stands in the dossier still")
		}
		if part := section(t, page, "scored"); l.BodyDigest == "" || !strings.Contains(part, l.BodyDigest) || !strings.Contains(part, "under art. 17") || !strings.Contains(part, "the hour") {
			t.Errorf("the section reads\n%s", part)
		}
		return
	}
	t.Fatal("nobody answered")
}
