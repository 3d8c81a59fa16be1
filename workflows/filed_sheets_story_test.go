package workflows

import (
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// What the steps of the onboarding itself brought stands among the case's documents, as
// what the due diligence brought does: every sheet, by whom, and by the digest that the
// answer named.
func TestSheetsOfTheOnboardingAreFiledDocuments(t *testing.T) {
	w := newWhole(t, 1)
	w.plays()
	v := w.view()
	for _, s := range w.book.Steps {
		if s.Process != playbook.Onboarding || s.Kind == review.Decision {
			continue
		}
		for _, r := range v.Requests {
			if r.Step != s.ID || r.Closed == nil || r.Closed.State != review.Met {
				continue
			}
			b := r.Ballots[len(r.Ballots)-1]
			filed := slices.IndexFunc(v.Documents, func(d dossier.DocumentView) bool { return d.Document == deliveredIn(&r) })
			if filed < 0 {
				t.Errorf("what %s brought is no document of the case", s.ID)
				continue
			}
			if d := v.Documents[filed]; d.Name != s.ID || d.Process != w.in.Process || d.Version != 1 || d.By != b.Person || r.Sheet && d.Media != engagement.SheetMedia {
				t.Errorf("%s was filed as %+v", s.ID, d)
			}
		}
	}
	for _, name := range []string{"nda", "offers", "interests", "exit-plan", "contacts", "access", "backup-people", "protocol", "processing"} {
		if !slices.ContainsFunc(v.Documents, func(d dossier.DocumentView) bool { return d.Name == name }) {
			t.Errorf("%s is not among the documents", name)
		}
	}
}

// What was filled in again, because it would not do, is the next version.
func TestSheetThatIsAskedAgainIsTheNextVersion(t *testing.T) {
	w := newWhole(t, 1)
	w.expect("exit-plan-accept").by("sponsor-sue").wantsChanges()
	w.plays()
	var versions []int
	for _, d := range w.view().Documents {
		if d.Name == "exit-plan" && d.Process == w.in.Process {
			versions = append(versions, d.Version)
		}
	}
	if !slices.Equal(versions, []int{1, 2}) {
		t.Errorf("versions of the exit plan: %v", versions)
	}
}
