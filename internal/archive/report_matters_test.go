package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
)

// What became of each thing of an exit is a sentence that names it, its state and the
// evidence, and says where there is none.
func TestReportOfAnExitsMatters(t *testing.T) {
	for want, d := range map[string]dossier.Detail{
		"“r-7” is now done by max (sha256:sheet).": {Name: "r-7", Result: "done", By: "max", Document: "sha256:sheet"},
		"“payroll” is now waived until 31 March 2027 by ola: vendor silent (sha256:waiver).": {Name: "payroll", Result: "waived", By: "ola",
			Ends: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), Values: []string{"vendor-silent"}, Document: "sha256:waiver"},
		"“authors” is now not checkable: no GitHub is set up for gangway (without evidence).": {Name: "authors", Result: "not-checkable", Values: []string{"not-set-up"}},
	} {
		if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.MatterSettled, Detail: &d}); got != want {
			t.Errorf("%+v reads\n\t%s\nwant\n\t%s", d, got, want)
		}
	}
	when := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	for want, d := range map[string]dossier.Detail{
		"Session 2 about “payroll” was set for 3 March 2026 09:00 UTC; invited: ann, ola.":            {Name: "payroll", Version: 2, Starts: when, Result: "invited", Values: []string{"ann", "ola"}},
		"Session 2 about “payroll” was held with ann; who was there is written down in sha256:sheet.": {Name: "payroll", Version: 2, Result: "held", Values: []string{"ann"}, Document: "sha256:sheet"},
		"Session 1 about “payroll” was held; who was there is written down in no document.":           {Name: "payroll", Version: 1, Result: "held"},
		"Session 1 about “payroll” was taken out of the calendars of: ann.":                           {Name: "payroll", Version: 1, Result: "cancelled", Values: []string{"ann"}},
		"Session 1 about “payroll” could not be put into anybody's calendar.":                         {Name: "payroll", Version: 1, Result: "none"},
	} {
		if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.SessionSet, Detail: &d}); got != want {
			t.Errorf("%+v reads\n\t%s\nwant\n\t%s", d, got, want)
		}
	}
	hostile := dossier.Detail{Name: "a\nb" + strings.Repeat("c", 900), Result: "done"}
	if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.MatterSettled, Detail: &hostile}); strings.Contains(got, "\n") || len(got) > 300 {
		t.Errorf("an id spreads over the report: %q", got)
	}
}
