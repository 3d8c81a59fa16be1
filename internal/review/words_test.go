package review_test

import (
	"testing"

	"gangway/internal/review"
)

// Every word that gangway knows is said in words of its own, none like another,
// and a playbook's option in its own.
func TestWordsOfVerdictsAndActs(t *testing.T) {
	t.Parallel()
	say, said := map[string]bool{}, map[string]bool{}
	known := []review.Verdict{review.Approve, review.Changes, review.Reject, review.Delivered, review.Scored, review.Done,
		"next-version", "ask-again", "waive", "withdraw", "sent"}
	for _, v := range known {
		if v.Say() == "" || v.Said() == "" || say[v.Say()] || said[v.Said()] {
			t.Errorf("%s: %q, %q", v, v.Say(), v.Said())
		}
		say[v.Say()], said[v.Said()] = true, true
	}
	if option := review.Verdict("go-slow"); option.Say() != "Go slow" || option.Said() != "go slow" {
		t.Errorf("an option: %q, %q", option.Say(), option.Said())
	}
	if review.Verdict("").Say() != "" {
		t.Error("nothing is said as something")
	}
	for _, k := range []review.ActKind{review.Extend, review.Hold, review.Resume, review.Ask, review.AddSeat, review.Correct, review.SendChanges} {
		if !k.Steers() || say[k.Say()] || k.Say() == "" {
			t.Errorf("%s: %q", k, k.Say())
		}
		say[k.Say()] = true
	}
	if review.Withdraw.Steers() || review.Undelivered.Steers() || review.TakeBack.Say() != "Take back" {
		t.Error("an act that steers nothing does")
	}
}
