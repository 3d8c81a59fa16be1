package review_test

import (
	"testing"

	"gangway/internal/review"
)

// Who delivered what is judged has no part in judging it: they are never seated, their
// answer is refused with a reason of its own, and a seat can't be passed to them.
func TestNobodyJudgesTheirOwnWork(t *testing.T) {
	t.Parallel()
	bo, lee := review.Person{ID: "bo", Roles: []string{"legal"}, Active: true}, review.Person{ID: "lee", Roles: []string{"legal"}, Active: true}
	r := review.Request{ID: "p:a.1", Kind: review.Decision, Makers: []string{"bo"}, Clocks: make([]review.Clock, 1),
		Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}}}}},
		Seatings: []review.Seating{{Seat: "legal"}}}
	bench := []review.Bench{{Seat: "legal", Candidates: []review.Candidate{{Person: bo, Via: review.ViaRole}, {Person: lee, Via: review.ViaRole}}}}
	r.Fold(r.Assign(bench, monday))
	if !r.Holds("legal", "lee", monday) || r.Holds("legal", "bo", monday) || r.MayHold("legal", bo, monday) {
		t.Errorf("seated are %+v", r.Seatings)
	}
	out, _ := r.Judge(review.Answer{ID: "x", Request: r.ID, Verdict: review.Approve, Person: bo, Channel: "web"}, monday)
	if out.Refusal != review.OwnWork || out.Refusal.Sentence() == review.Refusal("").Sentence() {
		t.Errorf("told %+v: %s", out, out.Refusal.Sentence())
	}
	act, _ := r.Act(review.Act{ID: "y", Kind: review.Delegate, Request: r.ID, Person: lee, To: bo, Until: monday.AddDate(0, 0, 3)}, monday)
	if act.Refusal != review.BadDelegate {
		t.Errorf("passed on: %+v", act)
	}
	c := r.Clone()
	c.Makers[0] = "somebody"
	if r.Makers[0] != "bo" {
		t.Error("a clone shares who made it")
	}
}
