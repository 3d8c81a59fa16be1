package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestReportSaysWhatBecameOfTheAgreement: every entry of a collection has words of
// its own, what was found is listed point by point, and what came into force is a
// fact of the case.
func TestReportSaysWhatBecameOfTheAgreement(t *testing.T) {
	t.Parallel()
	s := openStory()
	ends, again := time.Date(2029, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)
	looked := func(d dossier.Detail) {
		d.Document, d.Version = "sha256:1234", 1
		s.add(storyCase, "run-a", dossier.Examined, "", d)
	}
	s.add(storyCase, "run-a", dossier.DPANeed, "", dossier.Detail{Result: playbook.Needed, Values: []string{"personal", "payment"}})
	s.add(storyCase, "run-a", dossier.DPANeed, "", dossier.Detail{Result: playbook.NotNeeded})
	looked(dossier.Detail{Result: playbook.ChoreUnreadable, Flags: []engagement.ReadingFlag{engagement.FlagUnreadable}})
	looked(dossier.Detail{Result: playbook.ChoreOtherKind, Looks: engagement.KindNDA})
	looked(dossier.Detail{Result: playbook.ChoreSame})
	looked(dossier.Detail{Result: "readable", Looks: engagement.KindDPA, Flags: []engagement.ReadingFlag{engagement.FlagTracked}})
	s.fact(review.Fact{Kind: review.FactCounted, Person: "olga", Ballot: &review.Ballot{Answer: "a1", Person: "olga", Seat: "legal", Verdict: review.Checked,
		Findings: []engagement.Finding{{Point: "gdpr-28-3-a", Places: []string{"2.2", "3.1"}}, {Point: "gdpr-28-3-b", Missing: true}, {Point: "ends", On: ends}}}})
	s.add(storyCase, "run-a", dossier.DPAInForce, "", dossier.Detail{Document: "sha256:1234", Version: 2, Starts: storyNoon, Ends: ends, LookAgain: again})
	read := "sha256:" + strings.Repeat("5", 64)
	s.add(storyCase, "run-a", dossier.DocumentFiled, "", dossier.Detail{Name: "dpa", Document: "sha256:" + strings.Repeat("4", 64), ReadAs: read, Version: 2})
	page := reportOf(t, s)
	if want := "the text of dpa, version 2 as it was read"; !strings.Contains(page, want) || !strings.Contains(page, read) {
		t.Errorf("%q (%s) is not among the documents", want, read)
	}
	timeline := section(t, page, "timeline")
	for _, want := range []string{
		"A data processing agreement is needed: the intake names personal, payment.",
		"No data processing agreement is needed: the intake names no data of a kind that is listed.",
		"no text can be had from it. Noticed when it was read: unreadable.",
		"it does not look like a data processing agreement, but like a non disclosure agreement.",
		"it is what was delivered before.",
		"it can be read, and looks like a data processing agreement. Noticed when it was read: tracked changes.",
		"Found: gdpr-28-3-a at 2.2, 3.1; ends on 31 December 2029. Missing: gdpr-28-3-b.",
		"The data processing agreement is in force (version 2, sha256:1234) until 31 December 2029, to be looked at again on 2 March 2027.",
	} {
		if !strings.Contains(timeline, want) {
			t.Errorf("%q is not in\n%s", want, timeline)
		}
	}
	if strings.Contains(page, "of the kind “") {
		t.Error("a kind has no words of its own")
	}
	if want := "until 31 December 2029, to be looked at again on 2 March 2027"; !strings.Contains(page, "Data processing agreement") || strings.Count(page, want) < 2 {
		t.Errorf("%q is no fact of the case", want)
	}
}

// TestTheAnswerOfACollection: a case that collects an agreement is not one that takes
// somebody on board.
func TestTheAnswerOfACollection(t *testing.T) {
	t.Parallel()
	v := func(state string, dpa *dossier.Agreement) reporter {
		return reporter{view: dossier.CaseView{ID: "dpa/acme/1", Vendor: "acme", State: dossier.CaseState(state), Opened: storyNoon, Closed: storyNoon, DPA: dpa}}
	}
	for want, p := range map[string]reporter{
		"has been under way since":        v("running", nil),
		"acme is in force until 2 March":  v("in-force", &dossier.Agreement{Document: "sha256:1", Since: storyNoon, Ends: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)}),
		"without an end that was found":   v("in-force", &dossier.Agreement{Document: "sha256:1", Since: storyNoon}),
		"is not needed":                   v("not-needed", nil),
		"There is no agreement in force":  v("refused", nil),
		"ended as \"withdrawn\"":          v("withdrawn", &dossier.Agreement{Need: "needed"}),
		"no agreement in force from this": v("waived", nil),
	} {
		if got := p.answer(); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}
