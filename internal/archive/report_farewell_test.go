package archive

import (
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// What the report says of the vendor's people who were told of the end is one sentence of
// its own each; what the owner sent before reads as it always did.
func TestReportOfTheEndForTheVendor(t *testing.T) {
	t.Parallel()
	for result, want := range map[string]string{
		"":                    "The case owner sent this to the vendor.",
		playbook.WhyLive:      "acme.1 is told that the vendor was taken on.",
		playbook.WhyDeclined:  "acme.1 is told that it was decided not to take the vendor on.",
		playbook.WhyWithdrawn: "acme.1 is told that this goes no further.",
		playbook.WhyOff:       "acme.1 is told that the vendor is off, and what still binds both sides.",
		playbook.WhyStays:     "acme.1 is told that the exit is called off, and the vendor stays.",
		playbook.WhyReleased:  "acme.1, who was to take over, is told that nothing is asked of them any more.",
		"unreached":           "acme.1 could not be told how it ended.",
	} {
		d := &dossier.Detail{Person: "acme.1", Result: result}
		if got := (reporter{}).sentence(dossier.Entry{Kind: dossier.SentToVendor, Detail: d}); got != want {
			t.Errorf("%q reads %q, want %q", result, got, want)
		}
	}
}
