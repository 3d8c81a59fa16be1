package web

import (
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestPointsOfAStoppedPilotAreShown: without a score of all, since not all gave theirs;
// those of what is asked anew are not.
func TestPointsOfAStoppedPilotAreShown(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	for why, shown := range map[string]bool{"stopped": true, review.WhyReopened: false, review.WhyWithdrawn: false, "": false} {
		r := review.Request{ID: "q", Kind: review.Rating, Blind: true, Criteria: []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}},
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "one"}, {ID: "two"}}}}},
			Seatings: []review.Seating{{Seat: "one"}, {Seat: "two"}}, Clocks: []review.Clock{{Opened: now}},
			Ballots: []review.Ballot{{Answer: "a", Seat: "one", Person: "lena", Verdict: review.Scored, Scores: []review.Score{{Criterion: "quality", Points: 4}}}}}
		if why != "" {
			r.Closed = &review.Closing{State: review.Open, Why: why, At: now}
		}
		table := names{}.scores(&r, now)
		if (table != nil) != shown || table != nil && (table.Total != "–" || table.Rows[0].Points[0] != "4") {
			t.Errorf("closed as %q: %+v", why, table)
		}
	}
}
