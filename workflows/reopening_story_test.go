package workflows

import (
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// lateGate prepares an onboarding of tier 3 that is corrected to tier 1, which wants a
// competition, when it has come to its last stage.
func lateGate(t *testing.T, stages []string, more ...playbook.Step) *story {
	t.Helper()
	offers := stepOf(t, "offers", "competition", seat("buyer"))
	offers.Kind, offers.Does, offers.Offers, offers.Tiers = review.Delivery, playbook.DoesOffers, 2, []engagement.Tier{1}
	single := stepOf(t, "single", "competition", seat("board"), seat("legal"))
	single.Does, single.Tiers = playbook.DoesWaive, []engagement.Tier{1}
	steps := append([]playbook.Step{offers, single, stepOf(t, "access", "live", seat("it"))}, more...)
	s := newStory(t, []string{"buyer-bo", "board-bea", "legal-lee", "it-ida"}, stages, steps...)
	s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health"}}}, {Tier: 3}}
	return s
}

// corrected has the owner make it tier 1, and wants the choice asked.
func (s *story) corrected() {
	s.t.Helper()
	s.wantNobodyAsked(playbook.ChoreCompetition)
	s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
}

// The choice of a competition that a correction added to a stage which has passed goes on
// when a later stage is reopened.
func TestReopenedTheChoiceOfACompetitionGoesOn(t *testing.T) {
	for name, first := range map[string]string{"a stage that was gone through": "competition", "a stage that was passed over": "checks"} {
		t.Run(name, func(t *testing.T) {
			s := lateGate(t, []string{"competition", "checks", "live"}, stepOf(t, "need", first, seat("it")), stepOf(t, "check", "checks", seat("legal")))
			s.on(1*day, func() { s.answer("it-ida", "need", review.Approve) })
			s.on(2*day, func() { s.answer("legal-lee", "check", review.Approve) })
			s.on(3*day, s.corrected)
			s.on(4*day, func() {
				first := s.open(playbook.ChoreCompetition)
				s.act(s.in.Process, "owner-ola", review.Reopen, step("check"))
				if a := s.open(playbook.ChoreCompetition); a.Closed != nil || a.ID != first.ID {
					t.Errorf("the choice is %s, closed %+v", a.ID, a.Closed)
				}
			})
			s.on(5*day, func() { s.answer("owner-ola", playbook.ChoreCompetition, playbook.CollectOffers) })
			s.on(6*day, func() {
				s.wantNobodyAsked("single")
				if first == "checks" {
					s.answer("it-ida", "need", review.Approve)
				}
				s.answer("legal-lee", "check", review.Approve)
			})
			s.on(7*day, func() {
				s.wantNobodyAsked("access") // but for the one that was closed
				s.answer("buyer-bo", "offers", review.Delivered, deliver("sha256:offers"))
			})
			s.on(8*day, func() { s.answer("it-ida", "access", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
		})
	}
}

// Reopened is a stage before that of the competition, which the case had passed over: the
// choice comes again in its turn.
func TestReopenedTheIntakeComesToTheCompetition(t *testing.T) {
	s := lateGate(t, []string{"intake", "competition", "live"}, stepOf(t, "need", "intake", seat("it")))
	s.on(1*day, func() { s.answer("it-ida", "need", review.Approve) })
	s.on(2*day, s.corrected)
	s.on(3*day, func() { s.act(s.in.Process, "owner-ola", review.Reopen, step("need")) })
	s.on(4*day, func() {
		s.wantClosed(playbook.ChoreCompetition, review.Open, "reopened")
		s.answer("it-ida", "need", review.Approve)
	})
	s.on(5*day, func() {
		if v := s.view(); v.Stage != "competition" {
			t.Errorf("the case is at %s", v.Stage)
		}
		s.answer("owner-ola", playbook.ChoreCompetition, playbook.SingleSource, withReason)
	})
	s.on(6*day, func() {
		s.wantNobodyAsked("offers")
		s.answer("board-bea", "single", review.Approve)
		s.answer("legal-lee", "single", review.Approve)
	})
	s.on(7*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// What was delivered for a step that a correction added, and waits to be accepted, is
// accepted or asked for again though a later stage was reopened.
func TestReopenedWhatIsToBeAcceptedGoesOn(t *testing.T) {
	plan := stepOf(t, "plan", "intake", seat("buyer"))
	plan.Kind, plan.Tiers = review.Task, []engagement.Tier{1}
	plan.Accept = &review.Policy{Groups: []review.Group{{Name: "accepts", Rule: review.RuleAll, Seats: []review.Seat{seat("board")}}}}
	s := lateGate(t, []string{"intake", "checks", "live"}, stepOf(t, "need", "intake", seat("it")), plan, stepOf(t, "check", "checks", seat("legal")))
	s.in.Steps = s.in.Steps[2:] // no competition
	s.on(1*day, func() { s.answer("it-ida", "need", review.Approve) })
	s.on(2*day, func() { s.answer("legal-lee", "check", review.Approve) })
	s.on(3*day, s.corrected)
	s.on(4*day, func() { s.answer("buyer-bo", "plan", review.Done) })
	s.on(5*day, func() { s.act(s.in.Process, "owner-ola", review.Reopen, step("check")) })
	s.on(6*day, func() { s.answer("legal-lee", "check", review.Approve) })
	s.on(7*day, func() { s.answer("board-bea", "plan-accept", review.Reject) })
	s.on(8*day, func() { s.answer("buyer-bo", "plan", review.Done) })
	s.on(9*day, func() { s.answer("board-bea", "plan-accept", review.Approve) })
	s.on(10*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}
