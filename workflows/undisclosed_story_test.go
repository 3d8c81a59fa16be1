package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// confidential is an onboarding in which a vendor of tier 1 signs before anything is
// asked of them, and one of tier 3 doesn't have to.
func confidential(t *testing.T) *story {
	forTier := func(s playbook.Step, tier engagement.Tier) playbook.Step { s.Tiers = []engagement.Tier{tier}; return s }
	vendor := review.Seat{ID: "vendor", Role: review.VendorRole, Mandatory: true}
	nda := forTier(stepOf(t, "nda", "nda", vendor), 1)
	nda.Kind, nda.Does = review.Delivery, playbook.DoesNDA
	nda.Accept = &review.Policy{Groups: []review.Group{{Name: "law", Rule: review.RuleAll, Seats: []review.Seat{seat("legal")}}}}
	questions := forTier(stepOf(t, "questions", "checks", vendor), 1)
	questions.Kind = review.Delivery
	item := forTier(stepOf(t, "company", "checks", vendor), 1)
	item.Process, item.Kind = playbook.Diligence, review.Delivery
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake", "nda", "checks", "activation"},
		stepOf(t, "access", "intake", seat("it")), nda, questions, item, forTier(stepOf(t, "look", "checks", seat("it")), 1),
		stepOf(t, "go", "activation", seat("it")))
	s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health"}}}, {Tier: 3}}
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	return s
}

// A corrected intake wants an agreement signed after its stage went by: the vendor is
// asked for it alone, our own people go on, and what was withheld is asked once it was
// accepted.
func TestNothingGoesOutBeforeALateAgreementIsSigned(t *testing.T) {
	s := confidential(t)
	silent := func(when string) {
		for _, step := range []string{"questions", "company"} {
			if v := s.view(); slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == step }) {
				t.Errorf("%s: the vendor is asked %s", when, step)
			}
		}
	}
	s.on(1*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
	s.on(2*time.Hour, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
	})
	s.on(3*time.Hour, func() {
		silent("nothing is signed")
		s.answer("it-ida", "look", review.Approve)
		s.answer("it-ida", "go", review.Approve)
		s.answer("acme.1", "nda", review.Delivered, deliver(s.text("nda", "unsigned")))
	})
	s.on(4*time.Hour, func() {
		silent("nobody accepted it")
		s.answer("legal-lee", "nda-accept", review.Reject)
	})
	s.on(5*time.Hour, func() {
		silent("it was not accepted")
		s.answer("acme.1", "nda", review.Delivered, deliver(s.text("nda2", "signed")))
	})
	s.on(1*day, func() { s.answer("legal-lee", "nda-accept", review.Approve) })
	s.on(2*day, func() {
		s.answer("acme.1", "questions", review.Delivered, deliver(s.text("q", "answers")))
		s.answer("acme.1", "company", review.Delivered, deliver(s.text("c", "accounts")))
	})
	s.seen.naps = true
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked nda", "0 asked nda", "1 asked questions", "1 asked company", "2 "+playbook.WhyLive)
}

// What was withheld is not asked where a second correction takes it back.
func TestWhatIsWithheldIsAskedOnlyIfItStillApplies(t *testing.T) {
	s := confidential(t)
	s.on(1*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
	s.on(2*time.Hour, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
	})
	s.on(3*time.Hour, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{Data: []string{"health"}}, "none"))
	})
	s.on(1*day, func() {
		if v := s.view(); v.Tier == 1 {
			t.Error("the tier is 1 still")
		}
		if r := s.open("nda"); r.Closed == nil {
			s.answer("acme.1", "nda", review.Delivered, deliver(s.text("nda", "signed")))
		}
	})
	s.on(2*day, func() {
		if v := s.view(); slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == "nda-accept" }) {
			s.answer("legal-lee", "nda-accept", review.Approve)
		}
		s.answer("it-ida", "go", review.Approve)
		if r := s.open("look"); r.Closed == nil {
			s.answer("it-ida", "look", review.Approve)
		}
	})
	s.seen.naps = true
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked nda", "2 "+playbook.WhyLive)
}
