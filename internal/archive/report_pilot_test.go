package archive

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestReportSaysWhatBecameOfThePilot: what it is judged by, how late each milestone
// was, the points when all have scored, and how it ended.
func TestReportSaysWhatBecameOfThePilot(t *testing.T) {
	t.Parallel()
	s := openStory()
	criteria := []engagement.Criterion{{ID: "quality", Title: "Quality of work", Weight: 70, Most: 5}, {ID: "deadlines", Title: "Deadlines", Weight: 30, Most: 10}}
	add := func(kind dossier.Kind, d dossier.Detail) {
		s.add(storyCase, "run-a", kind, "olga", d)
	}
	fact := func(id string, f review.Fact) { // of a request besides the story's own
		e := s.fact(f)
		e.Fact.Request = id
	}
	milestone := func(result string, late int) {
		add(dossier.Milestone, dossier.Detail{Step: "import", Request: "nobody", Result: result, Late: late})
	}
	add(dossier.PilotFrozen, dossier.Detail{Digest: "sha256:1234", Criteria: criteria, Threshold: 60})
	milestone(dossier.MilestoneOverdue, 0)
	milestone(dossier.MilestoneDelivered, 540)
	milestone(dossier.MilestoneDelivered, -60)
	milestone(dossier.MilestoneMissing, 480)
	milestone(dossier.MilestoneMissing, -30)
	scores := []review.Score{{Criterion: "quality", Points: 4}, {Criterion: "deadlines", Points: 9}, {Criterion: "gone", Points: 1}}
	for _, id := range []string{"open", "scored"} {
		asked := review.Request{ID: id, Title: "Points " + id, Kind: review.Rating, Blind: true, Criteria: criteria, Policy: review.Policy{
			Groups: []review.Group{{Name: "scorers", Rule: review.RuleAll, Seats: []review.Seat{{ID: "ops", Role: "ops"}}}}}}
		fact(id, review.Fact{Kind: review.FactOpened, Opened: &asked})
		fact(id, review.Fact{Kind: review.FactCounted, Person: "olga", Ballot: &review.Ballot{Answer: "a-" + id, Person: "olga", Seat: "ops", Verdict: review.Scored, Scores: scores}})
	}
	fact("scored", review.Fact{Kind: review.FactClosed, State: review.Met, Why: "decided", At: storyNoon})
	add(dossier.ScoresOpened, dossier.Detail{Request: "scored", Digest: "sha256:1234", Score: 83, Threshold: 60})
	add(dossier.PilotStopped, dossier.Detail{Step: "halfway"})
	add(dossier.PilotStopped, dossier.Detail{})
	page := reportOf(t, s)
	timeline := section(t, page, "timeline")
	for _, want := range []string{
		"What the pilot is judged by was frozen (sha256:1234): Quality of work 70, Deadlines 30 of 100; 60 are needed.",
		"The milestone “import” was due, and was not delivered.",
		"The milestone “import” was delivered 9 working hours late.",
		"The milestone “import” was delivered 1 working hour early.",
		"The milestone “import” was never delivered; it was then 8 working hours late.",
		"The milestone “import” was never delivered.",
		"Points: Quality of work 4 of 5; Deadlines 9 of 10; gone 1.",
		"All scores of the pilot were opened at once: 83 of 100, where 60 are needed.",
		"The pilot was stopped by its halfway decision.",
		"stopped the pilot early.",
		"The points were not opened to anybody.",
	} {
		if !strings.Contains(timeline, want) {
			t.Errorf("%q is not in\n%s", want, timeline)
		}
	}
	if n := strings.Count(page, "Quality of work 4 of 5"); n != 1 {
		t.Errorf("points stand on the page %d times: those of the open score are not to", n)
	}
	if strings.Contains(page, "of the kind “") {
		t.Error("a kind has no words of its own")
	}
	if want := "under way, with 83 of 100 where 60 are needed"; !strings.Contains(page, want) {
		t.Errorf("%q is no fact of the case", want)
	}
	notable := section(t, page, "notable")
	for want, there := range map[string]bool{"was frozen": true, "9 working hours late": true, "never delivered": true, "1 working hour early": false} {
		if strings.Contains(notable, want) != there {
			t.Errorf("%q is among what is notable: %t", want, !there)
		}
	}
}

// TestTheAnswerOfAPilot: a case that is a pilot takes nobody on board.
func TestTheAnswerOfAPilot(t *testing.T) {
	t.Parallel()
	v := func(state string, pilot *dossier.Pilot) reporter {
		return reporter{view: dossier.CaseView{ID: "pilot/acme/1", Vendor: "acme", State: dossier.CaseState(state), Opened: storyNoon, Closed: storyNoon, Pilot: pilot}}
	}
	ended := func(result string, score int) *dossier.Pilot {
		return &dossier.Pilot{Ended: storyNoon, Result: result, Opened: storyNoon, Score: score, Threshold: 60}
	}
	for want, p := range map[string]reporter{
		"has been under way since":                    v("running", nil),
		": go, with 80 of 100 where 60 are needed.":   v("go", ended("go", 80)),
		": no-go, with 10 of 100 where 60 are needed": v("refused", ended("refused", 10)),
		": stopped early.":                            v("stopped", &dossier.Pilot{Ended: storyNoon, Result: "stopped"}),
		"ended on 2 March 2026: withdrawn.":           v("withdrawn", nil),
		"not what was frozen at its start":            v("go", &dossier.Pilot{Ended: storyNoon, Result: "go", Changed: true}),
	} {
		if got := p.answer(); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
