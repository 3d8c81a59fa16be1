package web

import (
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestNotesOfTheVendorsPeopleAreTold in words, each with whom it is about.
func TestNotesOfTheVendorsPeopleAreTold(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]*dossier.Detail{
		"A document of Vera was not taken: not scanned":                               {Name: string(review.NoteDocument), Person: "vera", Result: "not-scanned"},
		"Vera of the vendor is now ended":                                             {Name: string(review.NoteContact), Person: "vera", Result: "ended"},
		"gangway says that the vendor withdraws; it ends when the case owner says so": {Name: string(review.NoteWithdraws)},
		"The mailbox of Vera said that they are away":                                 {Name: string(review.NoteAway), Person: "vera"},
		"gangway noted": {Name: string(review.NoteAway)},
	} {
		var tl telling
		tl.who = names{byID: map[string]string{"vera": "Vera"}}
		tl.noted(dossier.Entry{}, d)
		var said strings.Builder
		for _, p := range tl.words {
			said.WriteString(p.Text)
		}
		if said.String() != want {
			t.Errorf("told %q, want %q", said.String(), want)
		}
	}
}
