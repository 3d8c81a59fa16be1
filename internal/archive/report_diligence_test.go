package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// Every entry of a due diligence is a sentence that names the item, the document and
// the day.
func TestReportOfADueDiligence(t *testing.T) {
	ends := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind dossier.Kind
		d    dossier.Detail
		want string
	}{
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceAccepted, Version: 2, Document: "sha256:cert", Ends: ends},
			"What was delivered for “iso” was accepted (version 2, sha256:cert); it is good until 31 March 2027."},
		{dossier.Evidence, dossier.Detail{Step: "mfa", Result: playbook.EvidenceAccepted, Version: 1, Document: "sha256:mfa"},
			"What was delivered for “mfa” was accepted (version 1, sha256:mfa)."},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceWaived, Ends: ends}, "The case owner waived “iso” until 31 March 2027."},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceRanOut, Ends: ends}, "What stood for “iso” ran out on 31 March 2027; it was asked for again."},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceNotNeeded}, "A vendor such as this one does not need “iso” any more."},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: "some-word"}, "“iso” is now some word."},
		{dossier.RiskSigned, dossier.Detail{Document: "sha256:risk", Version: 1, Ends: ends},
			"The risk record was signed (version 1, sha256:risk); the first of what it rests on runs out on 31 March 2027."},
		{dossier.RiskSigned, dossier.Detail{}, "The risk record was signed."},
	} {
		e := dossier.Entry{Kind: c.kind, Detail: &c.d}
		if got := (reporter{}).sentence(e); got != c.want {
			t.Errorf("%s %+v reads\n\t%s\nwant\n\t%s", c.kind, c.d, got, c.want)
		}
	}
	hostile := dossier.Entry{Kind: dossier.Evidence, Detail: &dossier.Detail{Step: "a\nb" + strings.Repeat("c", 900), Result: playbook.EvidenceWaived}}
	if got := (reporter{}).sentence(hostile); strings.Contains(got, "\n") || len(got) > 300 {
		t.Errorf("a step's id spreads over the report: %q", got)
	}
}
