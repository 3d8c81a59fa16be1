package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A version that comes while the review runs: answers for the old one stand, and
// still count, where the text that the seat reads is the same; elsewhere they
// are refused as stale.
func TestVersionWhileTheReviewRuns(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay", "services-sid", "tax-tom"}, []string{"contract"},
		reviewStepOf(t, seat("legal", "2"), seat("finance", "3"), seat("services", "1"), seat("tax")))
	s.in.Contract = s.text("v1", contractText("", ""))
	old := func(a *review.Answer) { a.Version = 1 }
	s.on(1*time.Hour, func() {
		s.answer("finance-fay", "review", review.Approve)
		s.answer("tax-tom", "review", review.Approve)
	})
	s.on(1*day, func() {
		s.text("v2", contractText(", ever", ""))
		s.refused(s.act("contract/acme/1", "legal-lee", review.Submit, submit("sha256:v2")), review.NotOwner)
		s.act("contract/acme/1", "requester-rae", review.Submit, submit("sha256:v2"))
	})
	s.on(1*day+time.Minute, func() {
		s.answer("services-sid", "review", review.Approve, old)
		s.refused(s.answer("legal-lee", "review", review.Approve, old), review.Stale)
		s.refused(s.answer("legal-lee", "review", review.Approve, func(a *review.Answer) { a.Version = 7 }), review.NoVersion)
	})
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(3*day, func() { s.answer("tax-tom", "review", review.Approve) })
	if out := s.play(); out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	s.wantTold("finance-fay", "0 asked review")
	s.wantTold("legal-lee", "0 asked review", "1 asked review")
	s.wantTold("tax-tom", "0 asked review", "1 asked review")
	r := s.open("review")
	i := slices.IndexFunc(r.Ballots, func(b review.Ballot) bool { return b.Person == "services-sid" })
	if b := r.Ballots[i]; b.Version != 1 || b.Under != 2 {
		t.Errorf("the answer in flight is filed as for version %d under %d, want 1 under 2", b.Version, b.Under)
	}
}

// A version submitted while the owner should send what is wanted makes the chore
// moot.
func TestVersionInsteadOfSending(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(1*day, func() {
		s.act("contract/acme/1", "owner-ola", review.Submit, submit(s.text("v2", contractText(", ever", ""))))
	})
	s.on(1*day+time.Hour, func() {
		s.wantClosed(playbook.ChoreSend, review.Open, "superseded")
		s.refused(s.answer("owner-ola", playbook.ChoreSend, playbook.Sent), review.Closed)
		s.answer("legal-lee", "review", review.Approve)
	})
	s.play()
	if n := len(s.rec.of(dossier.SentToVendor)); n != 0 {
		t.Errorf("%d lists went out", n)
	}
}

// Documents that can't be read, or are not there, are refused, and the owner is
// asked on until there is one.
func TestUnreadableAndMissingDocuments(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v0", "\x00\x01\xff binary")
	s.on(1*time.Hour, func() {
		s.wantTold("owner-ola", "0 asked text")
		s.refused(s.answer("owner-ola", playbook.ChoreText, review.Delivered), review.NeedsDocument)
		s.answer("owner-ola", playbook.ChoreText, review.Delivered, deliver("sha256:nowhere"))
	})
	s.on(1*day, func() {
		s.answer("owner-ola", playbook.ChoreText, review.Delivered, deliver(s.text("v1", contractText("", ""))))
	})
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Changes) })
	s.on(2*day+time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(3*day, func() { s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver("sha256:v0")) })
	s.on(4*day, func() {
		s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))))
	})
	s.on(4*day+time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	if out := s.play(); out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	s.wantTold("owner-ola", "0 asked text", "0 asked text", "2 asked send", "2 asked next", "3 asked next")
	var why []review.Refusal
	for _, e := range s.rec.of(dossier.Attempt) {
		why = append(why, e.Detail.Outcome.Refusal)
	}
	if want := []review.Refusal{review.Unreadable, review.Unreadable, review.Unreadable}; !slices.Equal(why, want) {
		t.Errorf("attempts %v, want %v", why, want)
	}
}

// The text of a version that is there is refused, submitted or delivered.
func TestTheSameDocumentTwice(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
	s.in.Contract = s.text("v1", contractText("", ""))
	submitted := func(why review.Refusal, digest, name string) {
		s.refused(s.act("contract/acme/1", "owner-ola", review.Submit, submit(digest), func(a *review.Act) { a.Name = name }), why)
	}
	s.on(1*time.Hour, func() {
		submitted(review.Duplicate, "sha256:v1", ContractDocument)
		submitted(review.NeedsDocument, "", ContractDocument)
		submitted(review.WrongAct, "sha256:v2", "dpa")
		s.answer("legal-lee", "review", review.Changes)
	})
	s.on(2*time.Hour, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(1*day, func() { s.answer("owner-ola", playbook.ChoreNext, review.Delivered, deliver("sha256:v1")) })
	s.on(2*day, func() {
		s.wantTold("legal-lee", "0 asked review")
		s.text("v2", contractText(", ever", ""))
		s.act("contract/acme/1", "owner-ola", review.Submit, submit("sha256:v2"))
		submitted(review.Duplicate, "sha256:v2", ContractDocument) // taken in, not read yet
	})
	s.on(3*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.play()
	s.wantTold("owner-ola", "0 asked send", "0 asked next", "1 asked next")
	if r := s.open("review"); r.Current() != 2 {
		t.Errorf("there are %d versions, want 2", r.Current())
	}
	s.wantTold("legal-lee", "0 asked review", "2 asked review")
}

// Each tier has a review of its own, or none: then the stage is passed over, and
// nothing is signed off by nobody.
func TestTheTiersOwnReview(t *testing.T) {
	strict, light := reviewStepOf(t, seat("legal")), reviewStepOf(t, seat("buyer"))
	strict.ID, strict.Tiers = "strict", []engagement.Tier{1}
	light.ID, light.Tiers = "light", []engagement.Tier{2}
	t.Run("second tier", func(t *testing.T) {
		s := newStory(t, []string{"legal-lee", "buyer-bo", "it-ida"}, []string{"contract", "activation"}, strict, light, stepOf(t, "access", "activation", seat("it")))
		s.in.Contract = s.text("v1", contractText("", ""))
		s.on(1*time.Hour, func() { s.answer("buyer-bo", "light", review.Approve) })
		reopen := func(step string) string {
			return s.act(s.in.Process, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = step })
		}
		s.on(1*day, func() { s.refused(reopen("strict"), review.WrongAct); reopen("light") })
		s.on(2*day, func() { s.answer("buyer-bo", "light", review.Approve) })
		s.on(3*day, func() { s.answer("it-ida", "access", review.Approve) })
		s.play()
		s.wantTold("legal-lee")
		s.wantResult("contract/acme/2", ResultSigned)
	})
	t.Run("third tier", func(t *testing.T) {
		s := newStory(t, []string{"it-ida"}, []string{"contract", "activation"}, strict, light, stepOf(t, "access", "activation", seat("it")))
		s.in.Tiers[0].Tier = 3
		s.in.Contract = s.text("v1", contractText("", ""))
		s.on(1*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.play(); out.Result != ResultLive || out.Contract != "" {
			t.Errorf("got %+v, want live and nothing signed", out)
		}
	})
	t.Run("alone", func(t *testing.T) {
		s := newStory(t, nil, nil, strict)
		in := ContractInput{Common: s.in.Common}
		in.Process, in.Case, in.Tier = "contract/acme/1", "contract/acme/1", 3
		s.start(ContractType, in.Process, in)
		var app *temporal.ApplicationError
		if err := s.env.GetWorkflowError(); !errors.As(err, &app) || app.Type() != ErrNoReview {
			t.Errorf("got %v, want %s", err, ErrNoReview)
		}
	})
}

// An amendment arrives: the contract review alone is a case of its own.
func TestContractReviewAlone(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, nil, reviewStepOf(t, seat("legal")))
	s.on(1*day, func() {
		s.answer("owner-ola", playbook.ChoreText, review.Delivered, deliver(s.text("v1", contractText("", ""))))
	})
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	out := s.playContract("")
	if out.Result != ResultSigned || out.Version != 1 || out.Document != "sha256:v1" {
		t.Errorf("got %+v", out)
	}
	s.wantEntries(t, "process-started", "case-opened", "document", "process-ended", "case-closed", "case-closed")
	v := s.view()
	if v.ID != "contract/acme/1" || v.Owner != "owner-ola" || v.Closed.IsZero() {
		t.Errorf("the case is %+v", v)
	}
	reg := s.rec.entries[len(s.rec.entries)-1]
	if reg.Case != dossier.Register || reg.Detail.Parent != v.ID {
		t.Errorf("the register is told %+v", reg)
	}
}

// Alone it is withdrawn like any other.
func TestContractReviewAloneWithdrawn(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, nil, reviewStepOf(t, seat("legal")))
	s.on(1*day, func() { s.act("contract/acme/1", "owner-ola", review.Withdraw) })
	out := s.playContract(s.text("v1", contractText("", "")))
	if out.Result != ResultWithdrawn || out.By != "owner-ola" || out.Document != "" {
		t.Errorf("got %+v", out)
	}
}
