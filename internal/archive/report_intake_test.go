package archive

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// wantedStory is a case whose intake says what the vendor is for.
func wantedStory(intake string) *story {
	s := openStory()
	s.add(storyCase, "run-a", dossier.DocumentFiled, "rita", dossier.Detail{Name: intakeName, Document: s.paper(intake), Media: "application/json"})
	return s
}

// TestReportSaysWhatTheVendorIsFor in the words of the intake, shown as text.
func TestReportSaysWhatTheVendorIsFor(t *testing.T) {
	t.Parallel()
	decided := section(t, reportOf(t, wantedStory(`{"vendor":{"name":"Acme","service":"payroll <b>monthly</b>","contacts":[{"name":"Nadia","mail":"n@acme.example"}]},
		"reason":"it is\u202e slow","alternative":"train a second person","success":["paid on the day","few corrections"],"yearlyCost":18600,"baselineCost":0,"currency":"GBP","summary":"they pay us","interest":"yes","whichInterest":"a \u202eshare",
		"taught":[{"exit":"exit/zeta/1","vendor":"zeta","name":"Zeta <i>Ltd</i>","lessons":["late","cost"]}],"data":["personal","payment"],"systems":["bank-portal"]}`)), "decided")
	for _, want := range []string{"Service payroll <b>monthly</b>", "Wanted because it is⟨U+202E⟩ slow", "In-house alternative train a second person",
		"What success is paid on the day few corrections", "Yearly cost 18600 GBP", "Cost today 0 GBP", "In short they pay us",
		"The requester's own interest declared: a ⟨U+202E⟩share", "What leaving others taught Lessons of the exit of Zeta <i>Ltd</i>: what was promised came late; it cost more than was agreed (exit/zeta/1)", "Data touched personal, payment", "Systems touched bank-portal"} {
		if !strings.Contains(decided, want) {
			t.Errorf("want %q in %q", want, decided)
		}
	}
	if strings.Contains(decided, "Nadia") || strings.Contains(decided, "acme.example") {
		t.Error("the page spreads the vendor's contacts")
	}
	for name, s := range map[string]*story{"no intake": openStory(), "no JSON": wantedStory("dear diary"), "empty": wantedStory("{}")} {
		if decided := section(t, reportOf(t, s), "decided"); strings.Contains(decided, "Wanted because") || strings.Contains(decided, "leaving others") || strings.Contains(decided, "Yearly cost") {
			t.Errorf("%s: the page says %q", name, decided)
		}
	}
	for id, want := range map[string]string{"exit/acme/1": "Left because", "drill/acme/1": "Rehearsed because", "onboarding/acme/1": "Wanted because"} {
		if got := (reporter{view: dossier.CaseView{ID: id}}).reasonOf(); got != want {
			t.Errorf("the reason of %s is called %q, want %q", id, got, want)
		}
	}
	erased := wantedStory(`{"reason":"private"}`)
	last := erased.entries[len(erased.entries)-1]
	erased.add(storyCase, "", dossier.Erased, "olga", dossier.Detail{Document: last.Detail.Document, Rule: "art. 17"})
	erased.texts = erased.texts[:len(erased.texts)-1]
	if page := reportOf(t, erased); strings.Contains(page, "private") || !strings.Contains(page, "erased on") {
		t.Error("an erased intake is not told as one")
	}
}
