package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// graded is an onboarding whose tier depends on the data and the cost: tier 1 has
// a data check in the first stage and a dry run in the last, tier 3 a notice.
func graded(t *testing.T) *story {
	forTiers := func(s playbook.Step, tiers ...engagement.Tier) playbook.Step { s.Tiers = tiers; return s }
	mandatory := seat("legal")
	mandatory.Mandatory = true
	s := newStory(t, []string{"it-ida", "legal-lee", "data-dee", "buyer-bo"}, []string{"intake", "contract", "activation"},
		stepOf(t, "access", "intake", seat("it")),
		forTiers(stepOf(t, "data", "intake", seat("data")), 1),
		forTiers(stepOf(t, "notice", "intake", seat("buyer")), 3),
		forTiers(stepOf(t, "law", "intake", mandatory), 3),
		reviewStepOf(t, seat("legal")),
		stepOf(t, "go", "activation", seat("it")),
		forTiers(stepOf(t, "dry-run", "activation", seat("it")), 1))
	s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health"}}}, {Tier: 3}}
	s.in.Contract = s.text("v1", contractText("", ""))
	return s
}

// correcting is an act that corrects the data, as the owner was shown it.
func (s *story) correcting(in Common, facts playbook.Facts, data ...string) func(*review.Act) {
	return func(a *review.Act) {
		a.Field, a.Values = playbook.FieldData, data
		v := s.view()
		own := v.Requests
		var reviewing []string
		for _, p := range v.Processes {
			if p.Parent != "" && p.Ended.IsZero() {
				reviewing = append(reviewing, "review")
			}
		}
		c, _ := playbook.Correct(in.Steps, s.in.Tiers, v.Tier, facts, *a, playbook.Stand(own, reviewing))
		a.Digest = c.Digest
	}
}

// A stricter tier asks what it adds, also in a stage that has passed, and waits
// for it; nothing that was decided is asked again.
func TestCorrectToAStricterTier(t *testing.T) {
	s := graded(t)
	s.on(1*time.Hour, func() {
		s.answer("it-ida", "access", review.Approve)
		s.answer("buyer-bo", "notice", review.Approve)
		s.answer("legal-lee", "law", review.Approve)
	})
	s.on(2*time.Hour, func() {
		health := s.correcting(s.in.Common, playbook.Facts{}, "health")
		s.refused(s.act(s.in.Process, "it-ida", review.Correct, health), review.NotOwner)
		s.refused(s.act(s.in.Process, "owner-ola", review.Correct, health, noReason), review.NeedsReason)
		s.refused(s.act(s.in.Process, "owner-ola", review.Correct, health, func(a *review.Act) { a.Digest = "" }), review.Outdated)
		s.refused(s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{})), review.NoField)
		s.act(s.in.Process, "owner-ola", review.Correct, health)
	})
	s.on(3*time.Hour, func() {
		if v := s.view(); v.Tier != 1 || len(v.Corrections) != 1 || v.Corrections[0].From != 3 {
			t.Errorf("tier %d, corrections %+v", v.Tier, v.Corrections)
		}
		s.answer("legal-lee", "review", review.Approve)
	})
	s.seen.naps = true // the review and the added step each wait on a timer
	s.on(1*day, func() {
		if r := s.view().Stage; r != "contract" {
			t.Errorf("the case is at %s without its added step", r)
		}
		s.answer("data-dee", "data", review.Approve)
	})
	s.on(2*day, func() { s.answer("it-ida", "go", review.Approve); s.answer("it-ida", "dry-run", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("data-dee", "0 asked data")
	s.wantTold("it-ida", "0 asked access", "1 asked go dry-run")
	s.wantTold("buyer-bo", "0 asked notice")
}

// A step that the new tier doesn't have is closed, unless an answer of a
// mandatory seat stands in it.
func TestCorrectClosesWhatNobodyHasToAnswer(t *testing.T) {
	s := graded(t)
	s.in.Steps[3].Policy.Groups = append(s.in.Steps[3].Policy.Groups, review.Group{Name: "sign", Rule: review.RuleAll, Seats: []review.Seat{seat("it")}})
	s.on(1*time.Hour, func() { s.answer("legal-lee", "law", review.Approve) })
	s.on(2*time.Hour, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
	})
	s.on(3*time.Hour, func() {
		s.wantClosed("notice", review.Open, "superseded")
		if r := s.open("law"); r.Closed != nil {
			t.Errorf("an answer of a mandatory seat was closed away: %+v", r.Closed)
		}
		s.answer("it-ida", "law", review.Approve)
		s.answer("it-ida", "access", review.Approve)
		s.answer("data-dee", "data", review.Approve)
	})
	s.on(4*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(5*time.Hour, func() { s.answer("it-ida", "go", review.Approve); s.answer("it-ida", "dry-run", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// Another review of the contract, which the corrected tier wants, comes after
// the one that runs; going back doesn't lose what was added.
func TestCorrectToATierWithAnotherReview(t *testing.T) {
	s := graded(t)
	s.in.Steps[4].Tiers = []engagement.Tier{3}
	strict := reviewStepOf(t, seat("data"))
	strict.ID, strict.Tiers = "strict", []engagement.Tier{1}
	s.in.Steps = slices.Insert(s.in.Steps, 5, strict)
	s.seen.naps = true
	for _, step := range []string{"access", "notice", "law"} {
		who := map[string]string{"access": "it-ida", "notice": "buyer-bo", "law": "legal-lee"}[step]
		s.on(1*time.Hour, func() { s.answer(who, step, review.Approve) })
	}
	s.on(2*time.Hour, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
	})
	s.on(3*time.Hour, func() { s.answer("legal-lee", "review", review.Approve); s.answer("data-dee", "data", review.Approve) })
	s.on(1*day, func() { s.answer("data-dee", "strict", review.Approve) })
	s.on(2*day, func() { s.act(s.in.Process, "owner-ola", review.Reopen, step("strict")) })
	s.on(3*day, func() { s.answer("data-dee", "strict", review.Approve) })
	s.on(4*day, func() { s.answer("it-ida", "go", review.Approve); s.answer("it-ida", "dry-run", review.Approve) })
	out := s.play()
	if out.Result != ResultLive || out.Contract != "sha256:v1" {
		t.Errorf("got %+v", out)
	}
}
