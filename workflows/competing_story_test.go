package workflows

import (
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// gate prepares an onboarding whose first stage is the competition gate: buyer-bo
// collects offers, or board-bea and legal-lee allow a single source.
func gate(t *testing.T) *story {
	t.Helper()
	offers := stepOf(t, "offers", "competition", seat("buyer"))
	offers.Kind, offers.Does, offers.Offers = review.Delivery, playbook.DoesOffers, 2
	single := stepOf(t, "single", "competition", seat("board"), seat("legal"))
	single.Does = playbook.DoesWaive
	beside := stepOf(t, "need", "competition", seat("it"))
	return newStory(t, []string{"buyer-bo", "board-bea", "legal-lee", "it-ida"}, []string{"competition", "live"},
		offers, single, beside, stepOf(t, "access", "live", seat("it")))
}

func TestCompetitionByOffers(t *testing.T) {
	s := gate(t)
	s.on(1*day, func() {
		s.wantNobodyAsked("offers")
		s.wantNobodyAsked("single")
		s.answer("it-ida", "need", review.Approve)
		s.answer("owner-ola", playbook.ChoreCompetition, playbook.CollectOffers)
	})
	s.on(2*day, func() {
		s.wantNobodyAsked("single")
		s.wantNobodyAsked("access")
		s.answer("buyer-bo", "offers", review.Delivered, deliver("sha256:offers"))
	})
	s.on(3*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// A single source needs a reason and a quorum; who is refused it may still collect
// offers.
func TestCompetitionBySingleSource(t *testing.T) {
	s := gate(t)
	s.on(1*day, func() {
		s.answer("it-ida", "need", review.Approve)
		s.refused(s.answer("owner-ola", playbook.ChoreCompetition, playbook.SingleSource, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
	})
	s.on(2*day, func() { s.answer("owner-ola", playbook.ChoreCompetition, playbook.SingleSource, withReason) })
	s.on(3*day, func() {
		s.wantNobodyAsked("offers")
		s.answer("board-bea", "single", review.Approve)
		s.answer("legal-lee", "single", review.Reject)
	})
	s.on(4*day, func() { s.answer("owner-ola", "settle-single", playbook.AskAgain, withReason) })
	s.on(5*day, func() {
		s.wantNobodyAsked("single")
		s.answer("owner-ola", playbook.ChoreCompetition, playbook.CollectOffers)
	})
	s.on(6*day, func() { s.answer("buyer-bo", "offers", review.Delivered, deliver("sha256:offers")) })
	s.on(7*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// Where the playbook knows one way only, nobody has to choose.
func TestCompetitionWithoutAChoice(t *testing.T) {
	s := gate(t)
	s.in.Steps = append(s.in.Steps[:1], s.in.Steps[2:]...)
	s.on(1*day, func() {
		s.wantNobodyAsked(playbook.ChoreCompetition)
		s.answer("it-ida", "need", review.Approve)
		s.answer("buyer-bo", "offers", review.Delivered, deliver("sha256:offers"))
	})
	s.on(2*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// exitPlan prepares an onboarding that needs a signed exit plan.
func exitPlan(t *testing.T) *story {
	t.Helper()
	plan := stepOf(t, "plan", "exit-plan", seat("buyer"))
	plan.Kind, plan.Does, plan.Expiry = review.Task, playbook.DoesExitPlan, engagement.ExpiryExitPlan
	plan.Points = []engagement.Point{{ID: "tested", Kind: engagement.PointDate, Expires: true}}
	plan.Accept = &review.Policy{Groups: []review.Group{{Name: "signs", Rule: review.RuleAll, Seats: []review.Seat{seat("board")}}}}
	return newStory(t, []string{"buyer-bo", "board-bea", "it-ida"}, []string{"exit-plan", "live"}, plan, stepOf(t, "access", "live", seat("it")))
}

// filled answers the plan's form; its sheet is the last document.
func filled(sheet string) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Documents = []string{"sha256:annex", sheet}
		a.Findings = []engagement.Finding{{Point: "tested", On: monday.AddDate(1, 0, 0)}}
	}
}

// Nothing goes live before the exit plan is signed; what is refused is asked for
// again, and the signature is for the very sheet.
func TestNoGoLiveWithoutASignedExitPlan(t *testing.T) {
	s := exitPlan(t)
	s.on(1*day, func() { s.answer("buyer-bo", "plan", review.Done, filled("sha256:first")) })
	s.on(2*day, func() {
		s.wantNobodyAsked("access")
		if r := s.open("plan-accept"); len(r.Versions) != 1 || r.Versions[0].Document != "sha256:first" {
			t.Errorf("what is to be signed is %+v", r.Versions)
		}
		s.answer("board-bea", "plan-accept", review.Reject)
	})
	s.on(3*day, func() {
		s.wantNobodyAsked("access")
		s.answer("buyer-bo", "plan", review.Done, filled("sha256:second"))
	})
	s.on(4*day, func() { s.answer("board-bea", "plan-accept", review.Approve) })
	s.on(5*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive || out.Oversight != "" {
		t.Errorf("got %+v", out)
	}
}

func withReason(a *review.Answer) { a.Written.Inside = "digest" }
