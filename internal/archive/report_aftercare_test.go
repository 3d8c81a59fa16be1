package archive

import (
	"testing"
	"time"

	"gangway/internal/dossier"
)

// TestReportOfAnAftercareOpensWithWhatIsLeft: the supplement names the exit and its
// certificate in its first sentence, and calls nothing done that is open, failed, unchecked
// or waived.
func TestReportOfAnAftercareOpensWithWhatIsLeft(t *testing.T) {
	t.Parallel()
	day := time.Date(2029, 9, 30, 0, 0, 0, 0, time.UTC)
	lines := func(states ...string) (all []dossier.Line) {
		add := func(kind dossier.Kind, d dossier.Detail) {
			all = append(all, dossier.Line{N: len(all) + 1, Entry: dossier.Entry{Kind: kind, Detail: &d}})
		}
		add(dossier.CaseOpened, dossier.Detail{Predecessor: "exit/acme/1"})
		add(dossier.DocumentFiled, dossier.Detail{Name: "certificate", Document: "sha256:c"})
		for i, s := range states {
			add(dossier.MatterSettled, dossier.Detail{Name: string(rune('a' + i)), Result: "open"})
			add(dossier.MatterSettled, dossier.Detail{Name: string(rune('a' + i)), Result: s})
		}
		return all
	}
	const what = "What outlived the exit exit/acme/1 of acme, as its certificate sha256:c says, "
	for _, c := range []struct {
		state dossier.CaseState
		lines []dossier.Line
		want  string
	}{
		{dossier.Running, lines("done", "waived", "open"), what + "has been followed since 30 September 2029: of 3 things 1 are done, 1 are waived by name, and 1 are open, failed or unchecked. Nothing in it is final."},
		{"done", lines("done", "done"), what + "came to its end on 30 September 2029: 2 things were followed, and each is done."},
		{"done", lines("done", "failed"), what + "was followed no longer from 30 September 2029 on: of 2 things 1 are done, 0 are waived by name, and 1 are open, failed or unchecked."},
		{dossier.Ended, lines("done", "waived", "not-checkable", ""), what + "was followed no longer from 30 September 2029 on: of 4 things 1 are done, 1 are waived by name, and 2 are open, failed or unchecked."},
	} {
		p := reporter{c: contents{lines: c.lines}, view: dossier.CaseView{ID: "aftercare/acme/1", Vendor: "acme", State: c.state, Opened: day, Closed: day}}
		if got := p.answer(); got != c.want {
			t.Errorf("as %s it opens with\n\t%s\nwant\n\t%s", c.state, got, c.want)
		}
	}
	if got := (reporter{view: dossier.CaseView{ID: "exit/acme/1", Opened: day}}).cared(); got != "" {
		t.Errorf("another case is %q", got)
	}
}
