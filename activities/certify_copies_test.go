package activities

import (
	"strings"
	"testing"

	"gangway/internal/exit"
)

// The face of a certificate never says of a copy of our data that it is gone, or that there
// is none, where nobody has said so: of a backup whose day went by before the page was
// made, or where the certificate of deletion itself was waived.
func TestACertificateSaysWhichCopiesAreNotKnownToBeGone(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	const none, uncertified = "No copy of our data outlives the exit", "Nobody certified which copies of our data outlive the exit"
	passed, waived, silent := sound(), sound(), sound()
	passed.Backups = append(passed.Backups, exit.Backup{ID: "backup-2", On: passed.At.AddDate(0, -1, 0)})
	waived.Matters = append(waived.Matters, exit.Matter{ID: "data-return/acme/1:certificate", Part: exit.PartDataReturn, Name: "certificate", State: exit.StateWaived,
		By: "owner-ola", Answer: "a8", Until: waived.At.AddDate(1, 0, 0), Why: "silent"})
	silent.Matters, silent.Backups = waived.Matters, nil
	bare := sound()
	bare.Backups = nil
	for name, c := range map[string]struct {
		cert         exit.Certificate
		says, leaves []string
	}{
		"one to come":        {sound(), []string{"1 backups with our data are not known to be gone", "30 November 2026: backup-1\n"}, []string{none, uncertified, "passed"}},
		"one whose day went": {passed, []string{"2 backups", "30 November 2026: backup-1\n", "30 August 2026: backup-2; that day has passed, and nobody has confirmed yet that it is gone"}, []string{none}},
		"waived, with one":   {waived, []string{"1 backups", "Whether there are others nobody certified"}, []string{none}},
		"waived, with none":  {silent, []string{uncertified}, []string{none, "are not known"}},
		"none":               {bare, []string{none}, []string{uncertified, "are not known"}},
	} {
		out, err := a.Certify(t.Context(), exit.Issue{Certificate: c.cert})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		page := read(t, s, out.Page)
		for _, want := range c.says {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q:\n%s", name, want, page)
			}
		}
		for _, not := range c.leaves {
			if strings.Contains(page, not) {
				t.Errorf("%s: the page says %q:\n%s", name, not, page)
			}
		}
	}
}
