package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// checked prepares an onboarding whose due diligence wants an answer of every vendor,
// a certificate of those of tier 1, and a staff check where health data are touched.
func checked(t *testing.T) *story {
	t.Helper()
	steps := stepsOf(diligenceSteps(t), "iso", "mfa", "staff", "risk", "risk-sign")
	for i := range steps {
		switch steps[i].ID {
		case "iso":
			steps[i].Tiers = []engagement.Tier{1}
		case "staff":
			steps[i].When = playbook.Condition{Data: []string{"health"}}
		}
	}
	s := newDiligence(t, append(steps, stepOf(t, "access", "activation", seat("it")))...)
	s.in.Stages = []string{"checks", "activation"}
	s.in.Facts = playbook.Facts{Data: []string{"names"}}
	s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health", "payment"}}}, {Tier: 3}}
	s.root = s.in.Process
	s.seen.naps = true // the child and its onboarding each may have a timer
	return s
}

// corrects corrects the data that the intake names.
func (s *story) corrects(facts playbook.Facts, data ...string) {
	s.act(s.in.Process, "owner-ola", review.Correct, func(a *review.Act) {
		a.Field, a.Values = playbook.FieldData, data
		own := slices.DeleteFunc(s.view().Requests, func(r review.Request) bool { return r.Process != s.in.Process })
		c, _ := playbook.Correct(s.in.Steps, s.in.Tiers, s.view().Tier, facts, *a, playbook.Stand(own, []string{"risk-sign"}))
		a.Digest = c.Digest
	})
}

// An intake that is corrected while the vendor is looked at: what the new tier and the
// new facts want is asked besides, what they no longer want is closed, and what was
// accepted stays.
func TestDiligenceCorrectedInTheMiddle(t *testing.T) {
	s := checked(t)
	facts := s.in.Facts
	s.on(1*day, func() { s.wantAsked("mfa"); s.providesAll() })
	s.on(2*day, func() {
		s.wantAsked("risk") // nothing else is wanted of such a vendor
		s.corrects(facts, "health", "names")
	})
	s.on(3*day, func() {
		s.wantAsked("iso", "staff")
		s.wantClosed("risk", review.Open, "superseded")
		s.provides("acme.1", "iso")
		s.corrects(playbook.Facts{Data: []string{"health", "names"}}, "payment")
	})
	s.on(4*day, func() {
		s.wantClosed("staff", review.Open, "superseded")
		s.wantAsked("iso-accept")
		s.approvesAll()
		s.corrects(playbook.Facts{Data: []string{"payment"}}, "health")
	})
	s.on(5*day, func() { s.wantAsked("staff"); s.provides("acme.1", "staff") })
	s.on(6*day, func() { s.wantAsked("staff-accept"); s.approvesAll() })
	s.on(7*day, func() { s.wantAsked("risk"); s.provides("security-sam", "risk") })
	s.on(8*day, s.approvesAll)
	s.on(9*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantResult("diligence/acme/1", ResultSigned)
	if got := s.evidence(); !slices.Equal(got, []string{"mfa accepted", "staff not-needed", "iso accepted", "staff accepted"}) {
		t.Errorf("evidence: %q", got)
	}
}

// A vendor of whom nothing is to be known any more is through.
func TestDiligenceOfNothing(t *testing.T) {
	s := checked(t)
	s.in.Steps = slices.DeleteFunc(s.in.Steps, func(p playbook.Step) bool { return p.ID != "staff" && p.ID != "access" })
	s.in.Facts.Data = []string{"health"}
	s.on(1*day, func() {
		s.wantAsked("staff")
		s.act(s.in.Process, "owner-ola", review.Correct, func(a *review.Act) {
			a.Field, a.Values = playbook.FieldData, []string{"names"}
			c, _ := playbook.Correct(s.in.Steps, s.in.Tiers, 1, s.in.Facts, *a, playbook.Standing{})
			a.Digest = c.Digest
		})
	})
	s.on(2*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantResult("diligence/acme/1", ResultCleared)
}

// A refusal does not end the case: the owner begins the part again, and in the end the
// vendor is through. Who declared a conflict is never seated again.
func TestDiligenceRefusedAndBegunAgain(t *testing.T) {
	s := checked(t)
	s.know("security-sid", func(p *playbook.Person) { p.Roles = []string{"security"} })
	s.on(1*day, s.providesAll)
	s.on(2*day, func() { s.act("diligence/acme/1", "security-sam", review.Recuse, s.about("risk")) })
	s.on(3*day, func() { s.provides("security-sid", "risk") })
	s.on(4*day, func() {
		s.answer("board-bea", "risk-sign", review.Reject)
		s.answer("legal-lee", "risk-sign", review.Approve)
	})
	s.on(5*day, func() { s.answer("owner-ola", "settle-risk-sign", playbook.RefuseVendor) })
	s.on(6*day, func() {
		s.wantResult("diligence/acme/1", ResultRefused)
		s.onlyAgainOrOut(playbook.ChorePart+"-diligence", "risk-sign")
		s.answer("owner-ola", playbook.ChorePart+"-diligence", playbook.AskAgain)
	})
	s.on(7*day, func() { s.wantAsked("mfa"); s.providesAll() })
	s.on(8*day, func() {
		if r := s.open("risk"); r.Process != "diligence/acme/2" || !slices.Contains(r.Recused, "security-sam") || !r.Holds("security", "security-sid", s.env.Now()) {
			t.Errorf("asked %+v", r)
		}
		s.provides("security-sid", "risk")
	})
	s.on(9*day, s.approvesAll)
	s.on(10*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantResult("diligence/acme/2", ResultSigned)
}

// Holding the case, going back before the part, and withdrawing reach it.
func TestDiligenceFollowsItsCase(t *testing.T) {
	s := checked(t)
	s.in.Stages = []string{"intake", "checks", "activation"}
	s.in.Steps = append(s.in.Steps, stepOf(t, "check", "intake", seat("legal")))
	s.on(time.Hour, func() { s.answer("legal-lee", "check", review.Approve) })
	s.on(1*day, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
	s.on(30*day, func() {
		if s.open("mfa").Held.IsZero() {
			t.Error("the part is not held")
		}
		s.act(s.in.Process, "owner-ola", review.Resume)
	})
	s.on(31*day, func() { s.act(s.in.Process, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "check" }) })
	s.on(32*day, func() {
		s.wantResult("diligence/acme/1", ResultReopened)
		s.wantClosed("mfa", review.Open, ResultReopened)
		s.answer("legal-lee", "check", review.Approve)
	})
	s.on(33*day, func() { s.wantAsked("mfa"); s.act("diligence/acme/2", "owner-ola", review.Withdraw) })
	if out := s.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked mfa", "32 asked mfa", "33 "+playbook.WhyWithdrawn)
	if n := len(s.rec.of(dossier.RiskSigned)); n > 0 {
		t.Error("a record is signed")
	}
}
