package web

import (
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// Every entry of a due diligence has a sentence of its own.
func TestTimelineOfADueDiligence(t *testing.T) {
	t.Parallel()
	until := time.Date(2027, 3, 31, 12, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		kind dossier.Kind
		d    dossier.Detail
		want string
	}{
		{dossier.Evidence, dossier.Detail{Step: "staff-checks", Result: playbook.EvidenceAccepted}, "What was delivered for Staff checks was accepted"},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceAccepted, Ends: until}, "What was delivered for Iso was accepted; it is good until 31 Mar 2027"},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceWaived, Ends: until}, "Ola waived Iso until 31 Mar 2027"},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceRanOut, Ends: until}, "What stood for Iso ran out on 31 Mar 2027; it was asked for again"},
		{dossier.Evidence, dossier.Detail{Step: "iso", Result: playbook.EvidenceNotNeeded}, "Iso is not needed of this vendor any more"},
		{dossier.Erased, dossier.Detail{Document: "sha256:passport", Rule: "copies"}, "A document was erased under the rule copies"},
		{dossier.RiskSigned, dossier.Detail{Version: 1}, "The risk record was signed"},
		{dossier.RiskSigned, dossier.Detail{Version: 2, Ends: until}, "The risk record was signed (version 2); the first of what it rests on runs out on 31 Mar 2027"},
	} {
		e := dossier.Entry{Kind: x.kind, CaseAt: day(20), Actor: "ola", Process: "diligence/acme/1", Detail: &x.d}
		got := timeline([]dossier.Line{{N: 1, Entry: e}}, dossier.CaseView{ID: "diligence/acme/1"}, names{byID: map[string]string{"ola": "Ola"}}, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s %s reads\n\t%s\nwant\n\t%s", x.kind, x.d.Result, text, x.want)
		}
	}
}
