package archive

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestReportOfAnExitOpensWithItsCertificate: what became of it is the first sentence, and
// an exit without a certificate says so.
func TestReportOfAnExitOpensWithItsCertificate(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	papers := []dossier.DocumentView{{Name: "certificate", Document: "sha256:old"}, {Name: "plan", Document: "sha256:p"}, {Name: "certificate", Document: "sha256:c"}, {Name: "drill-report", Document: "sha256:r"}}
	for _, c := range []struct {
		id    string
		state dossier.CaseState
		want  string
	}{
		{"exit/acme/1", "exited", "acme is off: the certificate of 30 September 2026, sha256:c, calls nothing open, failed or unchecked."},
		{"exit/acme/1", "incomplete", "Leaving acme was stopped on 30 September 2026 without a certificate: something of it is open, failed or unchecked."},
		{"exit/acme/1", dossier.Ended, "Leaving acme was called off on 30 September 2026."},
		{"exit/acme/1", dossier.Running, "Leaving acme has been under way since 30 September 2026. Nothing in it is final."},
		{"drill/acme/1", dossier.Running, "Leaving acme has been rehearsed since 30 September 2026. Nothing real is changed by it."},
		{"drill/acme/1", "done", "Leaving acme was rehearsed from 30 September 2026 to 30 September 2026; nothing real was changed. The report is sha256:r."},
	} {
		p := reporter{view: dossier.CaseView{ID: c.id, Vendor: "acme", State: c.state, Opened: day, Closed: day, Documents: papers}}
		if got := p.answer(); got != c.want {
			t.Errorf("%s as %s opens with\n\t%s\nwant\n\t%s", c.id, c.state, got, c.want)
		}
	}
	if got := (reporter{view: dossier.CaseView{ID: "onboarding/acme/1", Opened: day}}).left(); got != "" {
		t.Errorf("another case is %q", got)
	}
	hostile := reporter{}.exiting(dossier.FoundLater, &dossier.Detail{Values: []string{"a\nb\u202e" + strings.Repeat("x", 2000)}})
	if strings.ContainsAny(hostile, "\n\u202e") || len(hostile) > 1000 {
		t.Errorf("hostile words read %.100q…", hostile)
	}
}

// TestReportOpensWithHowTheyAreLeft: the mode, the day, the reason and who comes after stand
// among the first facts, as they were settled at the last; another case has none of it.
func TestReportOpensWithHowTheyAreLeft(t *testing.T) {
	t.Parallel()
	order := func(after string, successor ...string) dossier.Line {
		return dossier.Line{Entry: dossier.Entry{Kind: dossier.ExitOrdered, Detail: &dossier.Detail{Result: "for-cause", Field: "security-breach", Name: after, Values: successor,
			Ends: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)}}}
	}
	p := reporter{view: dossier.CaseView{ID: "exit/acme/1", Vendor: "acme"}}
	p.c.lines = []dossier.Line{order("undecided"), {Entry: dossier.Entry{Kind: dossier.CaseClosed}}, order("replaced", "heron"), {Entry: dossier.Entry{Kind: dossier.Certified}}}
	want := reportFact{"How they are left", "The vendor is to be off by 30 September 2026 (for cause, because of security breach); another vendor does the work then: heron."}
	if got := p.facts(); !slices.Contains(got, want) {
		t.Errorf("the facts are %q", got)
	}
	p.c.lines = p.c.lines[1:2]
	if got := p.facts(); slices.ContainsFunc(got, func(f reportFact) bool { return f.Name == want.Name }) {
		t.Errorf("another case has %q", got)
	}
}

// TestReportSaysWhatOutlivesTheContract: of each clause where it stands, or that it is
// missing, in the words of the checklist.
func TestReportSaysWhatOutlivesTheContract(t *testing.T) {
	t.Parallel()
	r := review.Request{Points: []engagement.Point{{ID: "confidentiality", Title: "Confidentiality"}, {ID: "liability", Title: "Liability"}, {ID: "non-solicit", Title: "Hiring each other's people"}}}
	b := review.Ballot{Findings: []engagement.Finding{{Point: "confidentiality", Places: []string{"11.2"}}, {Point: "non-solicit", Missing: true}, {Point: "liability", Places: []string{"14.1", "14.3"}},
		{Point: "of-a-later-release", Missing: true}}}
	if got, want := foundIn(&b, &r), " Found: Confidentiality at 11.2; Liability at 14.1, 14.3. Missing: Hiring each other's people; of-a-later-release."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestReportSaysThatThereWasNobodyToTell: an empty bench is no word to the program.
func TestReportSaysThatThereWasNobodyToTell(t *testing.T) {
	t.Parallel()
	told := func(person string) string {
		return (reporter{}).sentence(dossier.Entry{Kind: dossier.Request, Fact: &review.Fact{Kind: review.FactTold, Request: "exit/acme/1:close.1", Person: person, Why: "backup"}})
	}
	if got := told(""); !strings.HasPrefix(got, "There was nobody to tell of ") || strings.Contains(got, "gangway") {
		t.Errorf("an empty bench reads %q", got)
	}
	if got := told("olga"); !strings.HasPrefix(got, "olga was told of ") {
		t.Errorf("who was told reads %q", got)
	}
}
