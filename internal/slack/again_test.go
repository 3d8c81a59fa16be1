package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"gangway/internal/review"
)

// TestTheSameAskedAgain: a request without a document has rounds, and nobody reads
// of versions or of changes that there are not.
func TestTheSameAskedAgain(t *testing.T) {
	t.Parallel()
	refused := func(s *scene) {
		s.Request.Versions, s.Request.Document = nil, ""
		s.Request.Ballots = []review.Ballot{{Answer: "a1", Seat: "legal", Person: "helen", Verdict: review.Changes, At: hour(10)},
			{Answer: "a2", Seat: "security", Person: "sam", Verdict: review.Approve, At: hour(10)}}
	}
	over := sceneOf("helen", refused)
	line := caseScene{Now: over.Now, People: over.People}.step(over.Request)
	if !strings.HasPrefix(line, "✏️ ") || !strings.Contains(line, "changes wanted") || strings.Contains(line, "  ") || strings.Contains(line, "Due") {
		t.Errorf("the board says %q", line)
	}
	for _, person := range []string{"helen", "sam"} {
		s := sceneOf(person, refused)
		s.Request.Versions = []review.Version{{Number: 1, At: hour(11), Touched: []review.Touch{{Version: 0, Seats: []string{"legal"}}}}}
		m := s.card()
		blocks, err := json.Marshal(m.blocks(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{m.text, string(blocks)} {
			if strings.Contains(words, "ersion") || strings.Contains(words, "has changed") || strings.Contains(words, "*Document*") {
				t.Errorf("%s reads %s", person, words)
			}
		}
		if person == "helen" && !strings.Contains(string(blocks), "the same is asked once more") {
			t.Errorf("she reads %s", blocks)
		}
	}
}
