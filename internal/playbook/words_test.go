package playbook

import (
	"strings"
	"testing"

	"gangway/internal/review"
)

// Every word that gangway knows is said in words of its own, none like another,
// and a playbook's option in its own.
func TestWordsOfVerdictsAndActs(t *testing.T) {
	t.Parallel()
	say, said := map[string]bool{}, map[string]bool{}
	known := []review.Verdict{review.Approve, review.Changes, review.Reject, review.Delivered, review.Scored, review.Done,
		NextVersion, AskAgain, Waive, Withdraw, Sent, review.Checked, TakeAnyway, AskVendor, SendMissing, Refuse, RefuseVendor,
		CollectOffers, SingleSource, Renew, Renegotiate, Leave, Extend, Collect, Remove, Drop, TakeIt}
	for _, v := range known {
		if Say(v) == "" || Said(v) == "" || say[Say(v)] || said[Said(v)] {
			t.Errorf("%s: %q, %q", v, Say(v), Said(v))
		}
		say[Say(v)], said[Said(v)] = true, true
		if len(strings.Fields(Say(v))) < 2 && len(Say(v)) < 6 {
			t.Errorf("%s is offered as %q, which nobody understands by itself", v, Say(v))
		}
	}
	if option := review.Verdict("go-slow"); Say(option) != "Go slow" || Said(option) != "go slow" {
		t.Errorf("an option: %q, %q", Say(option), Said(option))
	}
	if Say("") != "" {
		t.Error("nothing is said as something")
	}
	for _, k := range []review.ActKind{review.Extend, review.Hold, review.Resume, review.Ask, review.AddSeat, review.Correct, review.SendChanges} {
		if !k.Steers() || say[SayAct(k)] || SayAct(k) == "" {
			t.Errorf("%s: %q", k, SayAct(k))
		}
		say[SayAct(k)] = true
	}
	if review.Withdraw.Steers() || review.Undelivered.Steers() || SayAct(review.TakeBack) != "Take back" {
		t.Error("an act that steers nothing does")
	}
}
