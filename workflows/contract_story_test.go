package workflows

import (
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

func TestSignedOffAfterOneRoundOfChanges(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(2*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(3*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(4*time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(9*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(9*day+2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	out := s.play()
	if out.Result != ResultLive || out.Contract != "sha256:v2" {
		t.Errorf("got %+v, want live with version 2", out)
	}
	s.wantClosed("review", review.Met, "decided")
	s.wantTold("finance-fay", "0 asked review")
	s.wantTold("legal-lee", "0 asked review", "9 asked review")
	s.wantTold("owner-ola", "0 asked send", "0 asked next")
}

// Three weeks: an intake check, a review by two groups one after the other with
// one round of changes, and an activation.
func TestTwentyOneDaysToSigned(t *testing.T) {
	contract := reviewStepOf(t, seat("legal"), seat("finance", "3"))
	contract.Policy.Groups = append(contract.Policy.Groups, review.Group{Name: "signatory", Rule: review.RuleAll, Seats: []review.Seat{seat("board")}})
	s := newStory(t, []string{"buyer-bo", "legal-lee", "finance-fay", "board-bea", "it-ida"}, []string{"intake", "contract", "activation"},
		stepOf(t, "check", "intake", seat("buyer")), contract, stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*day, func() { s.answer("buyer-bo", "check", review.Approve) })
	s.on(2*day, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(4*day+time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(7*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(14*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(15*day, func() { s.refused(s.answer("board-bea", "review", review.Approve), review.NotYet) })
	s.on(16*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(18*day, func() { s.answer("board-bea", "review", review.Approve) })
	s.on(21*day, func() { s.answer("it-ida", "access", review.Approve) })
	out := s.play()
	if out.Result != ResultLive || out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	v := s.view()
	if v.State != "live" || v.Stage != "activation" || v.Tier != 2 || v.Closed.Sub(monday).Truncate(day) != 21*day {
		t.Errorf("the case is %s at %s since %s", v.State, v.Stage, v.Closed)
	}
	s.wantTold("buyer-bo", "0 asked check")
	s.wantTold("legal-lee", "1 asked review", "3 reminder review", "14 asked review")
	s.wantTold("finance-fay", "1 asked review")
	s.wantTold("board-bea", "16 asked review")
	s.wantTold("it-ida", "18 asked access")
	s.wantTold("owner-ola", "4 asked send", "7 asked next")
	s.wantEntries(t, "process-started", "case-opened", "document", "document", "tier", "stage", "stage",
		"process-started", "document", "sent-to-vendor", "document", "process-ended", "stage", "process-ended", "case-closed", "case-closed")
}

func TestChangesWantedTwice(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay", "tax-tom"}, []string{"contract"},
		reviewStepOf(t, seat("legal", "2"), seat("finance", "3"), seat("tax")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(2*time.Hour, func() { s.answer("tax-tom", "review", review.Approve) })
	s.on(3*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(1*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	// The second version touches clause 2 alone: legal, and tax who reads all of it.
	s.on(2*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(2*day+1*time.Hour, func() { s.answer("tax-tom", "review", review.Changes) })
	s.on(2*day+2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(3*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	// The third touches clause 3 alone: finance, and tax who wanted the change.
	s.on(4*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v3", contractText(", ever", " net"))))
	})
	s.on(4*day+1*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(4*day+2*time.Hour, func() { s.answer("tax-tom", "review", review.Approve) })
	if out := s.play(); out.Contract != "sha256:v3" {
		t.Errorf("got %+v, want version 3 signed", out)
	}
	s.wantTold("legal-lee", "0 asked review", "2 asked review")
	s.wantTold("finance-fay", "0 asked review", "4 asked review")
	s.wantTold("tax-tom", "0 asked review", "2 asked review", "4 asked review")
	s.wantTold("owner-ola", "0 asked send", "1 asked next", "2 asked send", "3 asked next")
	sent := s.rec.of("sent-to-vendor")
	if len(sent) != 2 || sent[0].Detail.Version != 1 || sent[1].Detail.Version != 2 || sent[0].Actor != "owner-ola" || sent[0].Detail.Written.Empty() {
		t.Errorf("what went to the vendor: %+v", sent)
	}
}

// One who wanted changes is asked again even where the next version changed
// nothing that they read.
func TestWhoWantedChangesIsAskedAgainWhateverChanged(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal", "2"), seat("finance", "3")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("finance-fay", "review", review.Changes) })
	s.on(2*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(3*time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(1*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(1*day+1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(1*day+2*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.play()
	s.wantTold("finance-fay", "0 asked review", "1 asked review")
}

// The wish for changes waits for those who have not answered, until the due
// date; then the vendor gets the list that there is.
func TestChangesWaitForTheOthersUntilDue(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance", "3")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(6*day, func() { s.wantTold("owner-ola") })
	s.on(7*day+time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(8*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(8*day+time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve)
		s.answer("finance-fay", "review", review.Approve)
	})
	s.play()
	s.wantTold("owner-ola", "7 asked send", "7 asked next")
	s.wantTold("finance-fay", "0 asked review", "2 reminder review", "4 reminder review", "8 asked review")
}

// Changes that were taken back after they went out, and others that come
// instead, go out as well: the vendor never misses a list.
func TestTakenBackInBetween(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(2*time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(4*day, func() {
		s.refused(s.act("contract/acme/1", "owner-ola", review.TakeBack, s.about("review")), review.NotYours)
		s.refused(s.act("contract/acme/1", "legal-lee", review.TakeBack, s.about("review"), func(a *review.Act) { a.Written = review.Written{} }), review.NeedsReason)
		s.act("contract/acme/1", "legal-lee", review.TakeBack, s.about("review"))
	})
	s.on(4*day+time.Hour, func() {
		s.refused(s.act("contract/acme/1", "legal-lee", review.TakeBack, s.about("review")), review.NotYours)
		s.wantClosed("next", review.Open, "superseded")
		s.answer("legal-lee", "review", review.Changes)
	})
	s.on(5*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(6*day, func() { s.act("contract/acme/1", "legal-lee", review.TakeBack, s.about("review")) })
	s.on(9*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.play()
	if n := len(s.rec.of("sent-to-vendor")); n != 2 {
		t.Errorf("%d lists went to the vendor, want 2", n)
	}
	s.wantTold("owner-ola", "0 asked send", "0 asked next", "4 asked send", "5 asked next")
	s.wantTold("legal-lee", "0 asked review", "8 reminder review") // two working days after the second take-back
	r := s.open("review")
	if len(r.Ballots) != 3 || !r.Ballots[0].TakenBack || !r.Ballots[1].TakenBack || r.Ballots[2].TakenBack {
		t.Errorf("ballots %+v, want two taken back and one that stands", r.Ballots)
	}
}

func TestRejectedAndOnWithANextVersion(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal", "2"), seat("finance", "3")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(2*time.Hour, func() {
		s.refused(s.answer("owner-ola", "settle-review", playbook.Waive), review.WrongVerdict)
		s.refused(s.answer("owner-ola", "settle-review", playbook.NextVersion, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
		s.refused(s.answer("legal-lee", "settle-review", playbook.NextVersion), review.NoSeat)
		s.answer("owner-ola", "settle-review", playbook.NextVersion)
	})
	s.on(2*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText("", " net"))))
	})
	s.on(2*day+time.Hour, func() {
		s.answer("finance-fay", "review", review.Approve)
		s.answer("legal-lee", "review", review.Approve)
	})
	if out := s.play(); out.Result != ResultLive || out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	s.wantTold("owner-ola", "0 asked settle-review", "0 asked next")
	s.wantTold("legal-lee", "0 asked review", "2 asked review")
}

func TestRejectedAndWaivedWhereAllowed(t *testing.T) {
	step := reviewStepOf(t, seat("legal"))
	step.Policy.Waivable = true
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, step)
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(2*time.Hour, func() { s.answer("owner-ola", "settle-review", playbook.Waive) })
	if out := s.play(); out.Result != ResultLive || out.Contract != "sha256:v1" {
		t.Errorf("got %+v", out)
	}
	s.wantResult("contract/acme/1", ResultWaived)
	s.wantClosed("review", review.Denied, "waived")
	if r := s.open("review"); !r.Waived || r.Ballots[0].Verdict != review.Reject {
		t.Errorf("the rejection is not in the record beside the waiver: %+v", r)
	}
}

func TestRejectedAndWithdrawn(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"contract", "activation"}, reviewStepOf(t, seat("legal")), stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(2*time.Hour, func() { s.answer("owner-ola", "settle-review", playbook.Withdraw) })
	if out := s.play(); out.Result != ResultWithdrawn || out.Contract != "" {
		t.Errorf("got %+v, want withdrawn and no contract", out)
	}
	s.wantResult("contract/acme/1", ResultWithdrawn)
	s.wantTold("it-ida")
	if w := s.rec.of("withdrawn"); len(w) != 1 || w[0].Actor != "owner-ola" || w[0].Detail.Written.Empty() {
		t.Errorf("withdrawn entries: %+v", w)
	}
}

// A veto refuses the group at once, whatever the others said or still have to say.
func TestVeto(t *testing.T) {
	step := reviewStepOf(t, review.Seat{ID: "legal", Role: "legal", Veto: true}, seat("finance"), seat("tax"))
	step.Policy.Groups[0].Rule = review.RuleAny
	step.Policy.Groups[0].Rule, step.Policy.Groups[0].N = review.RuleSome, 2
	step.Policy.Waivable = true
	s := newStory(t, []string{"legal-lee", "finance-fay", "tax-tom"}, []string{"contract"}, step)
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("finance-fay", "review", review.Approve) })
	s.on(2*time.Hour, func() { s.answer("legal-lee", "review", review.Reject) })
	s.on(1*day, func() { s.wantTold("owner-ola", "0 asked settle-review") })
	s.on(2*day, func() { s.answer("owner-ola", "settle-review", playbook.Waive) })
	s.play()
	s.wantClosed("review", review.Denied, "waived")
	s.wantTold("tax-tom", "0 asked review") // nobody is reminded of what is refused
}
