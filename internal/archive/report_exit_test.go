package archive

import (
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
)

// TestReportOfAnExitOpensWithItsCertificate: what became of it is the first sentence, and
// an exit without a certificate says so.
func TestReportOfAnExitOpensWithItsCertificate(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	papers := []dossier.DocumentView{{Name: "certificate", Document: "sha256:old"}, {Name: "plan", Document: "sha256:p"}, {Name: "certificate", Document: "sha256:c"}}
	for _, c := range []struct {
		id    string
		state dossier.CaseState
		want  string
	}{
		{"exit/acme/1", "exited", "acme is off since 30 September 2026, by the certificate sha256:c: nothing is open, failed or unchecked in it."},
		{"exit/acme/1", "incomplete", "Leaving acme was stopped on 30 September 2026 without a certificate: something of it is open, failed or unchecked."},
		{"exit/acme/1", dossier.Ended, "Leaving acme was called off on 30 September 2026."},
		{"exit/acme/1", dossier.Running, "Leaving acme has been under way since 30 September 2026. Nothing in it is final."},
		{"drill/acme/1", dossier.Running, "Leaving acme has been rehearsed since 30 September 2026. Nothing real is changed by it."},
		{"drill/acme/1", "done", "Leaving acme was rehearsed from 30 September 2026 to 30 September 2026; nothing real was changed. The report is sha256:c."},
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
