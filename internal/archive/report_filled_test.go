package archive

import (
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestReportSaysWhatWasReadAndScored: and by whom nobody knew to be able to.
func TestReportSaysWhatWasReadAndScored(t *testing.T) {
	t.Parallel()
	r := review.Request{ID: "q", Kind: review.Rating, ReadAll: true, Criteria: []engagement.Criterion{{ID: "quality", Weight: 60, Most: 5}, {ID: "speed", Weight: 40, Most: 10}},
		Versions: []review.Version{{Number: 1, Sections: []string{"1", "2", "annex-a"}}},
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal"}, {ID: "security"}}}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lena", Lacks: []string{"law", "tax"}}}}, {Seat: "security"}},
		Ballots: []review.Ballot{{Answer: "a", Seat: "legal", Person: "lena", Verdict: review.Scored, Version: 1, Read: []string{"1-2"},
			Scores: []review.Score{{Criterion: "quality", Points: 5}, {Criterion: "speed", Points: 5}}}}}
	p := reporter{}
	if got := strings.Join(p.notes(&r, &r.Ballots[0]), "; "); got != "read sections 1-2; gave quality 5, speed 5; not known to have: law, tax" {
		t.Errorf("the answer's notes: %q", got)
	}
	if got := p.asked(&r).Decision; got != "open: not decided yet; weighted score 80 of 100 by 1; read by nobody: annex-a" {
		t.Errorf("the request: %q", got)
	}
	r.Ballots[0].Read, r.Ballots[0].Scores = []string{"all"}, nil
	if got := p.asked(&r).Decision; got != "open: not decided yet" {
		t.Errorf("without scores, and all read: %q", got)
	}
	read := review.Fact{Kind: review.FactRead, Request: "q", Person: "lena", Ballot: &review.Ballot{Person: "lena", Version: 1, Read: []string{"all"}}}
	if got := p.fact(&read); !strings.Contains(got, "lena read all sections of version 1") {
		t.Errorf("the line: %q", got)
	}
}

// TestReportMasksBlindScores: a dossier of an open case shows nobody's points to those
// who have yet to give theirs.
func TestReportMasksBlindScores(t *testing.T) {
	t.Parallel()
	r := review.Request{ID: "q", Kind: review.Rating, Blind: true, Criteria: []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}},
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "one"}, {ID: "two"}}}}},
		Seatings: []review.Seating{{Seat: "one"}, {Seat: "two"}},
		Ballots:  []review.Ballot{{Answer: "a", Seat: "one", Person: "lena", Verdict: review.Scored, Scores: []review.Score{{Criterion: "quality", Points: 3}}}}}
	p := reporter{}
	said := func() string { return strings.Join(p.notes(&r, &r.Ballots[0]), "; ") + " | " + p.asked(&r).Decision }
	if got := said(); got != "gave points, which nobody sees yet | open: not decided yet" {
		t.Errorf("open: %q", got)
	}
	r.Closed = &review.Closing{State: review.Open, Why: "withdrawn"}
	if got := said(); strings.Contains(got, "3") || strings.Contains(got, "60") {
		t.Errorf("withdrawn before all had scored: %q", got)
	}
	r.Closed = &review.Closing{State: review.Met, Why: "decided"}
	if got := said(); got != "gave quality 3 | done; weighted score 60 of 100 by 1" {
		t.Errorf("all have scored: %q", got)
	}
}
