package mail

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

// TestThePageSaysTheWordsThatCount: the table of docs/mail.md is the vocabulary, no
// word more and none less.
func TestThePageSaysTheWordsThatCount(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/mail.md")
	if err != nil {
		t.Fatal(err)
	}
	languages := map[string]string{"any": "", "English": "en", "Deutsch": "de", "Français": "fr", "Español": "es", "Português": "pt", "Nederlands": "nl", "Italiano": "it", "Polski": "pl"}
	verdicts := []review.Verdict{review.Approve, review.Changes, review.Reject, review.Done}
	var said []Phrase
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		code, is := languages[strings.TrimSpace(cells[0])]
		if !is || len(cells) != 1+len(verdicts) {
			continue
		}
		for i, v := range verdicts {
			said = append(said, Phrase{Language: code, Verdict: v, Words: strings.Split(strings.TrimSpace(cells[i+1]), ", ")})
		}
	}
	if len(said) != len(slices.Collect(maps.Keys(languages)))*len(verdicts) {
		t.Fatalf("%d cells", len(said))
	}
	if diff := cmp.Diff(Vocabulary(), said); diff != "" {
		t.Errorf("the page differs from what is read (-read +page):\n%s", diff)
	}
}
