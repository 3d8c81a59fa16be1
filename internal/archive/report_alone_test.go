package archive

import (
	"testing"

	"gangway/internal/dossier"
)

// TestReportOfAPartAlone: the answer says what was done, and not that anybody was taken
// on board.
func TestReportOfAPartAlone(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"diligence/acme/1": "The due diligence of Acme Ltd has been under way since 2 March 2026. Nothing in it is final.",
		"contract/acme/2":  "The review of a contract with Acme Ltd has been under way since 2 March 2026. Nothing in it is final.",
	} {
		c := closedStory().contents()
		c.view = dossier.CaseView{ID: id, Vendor: "acme", State: dossier.Running, Opened: storyNoon}
		p := reporter{c: c, view: c.view}
		if got := p.answer(); got != want {
			t.Errorf("%s: %q", id, got)
		}
		c.view.State, c.view.Closed = "signed-off", storyNoon.AddDate(0, 1, 0)
		p = reporter{c: c, view: c.view}
		if got := p.answer(); got != want[:len(want)-len(" has been under way since 2 March 2026. Nothing in it is final.")]+" ended on 2 April 2026: signed off." {
			t.Errorf("%s ended: %q", id, got)
		}
	}
}
