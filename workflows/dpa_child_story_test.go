package workflows

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// beside prepares an onboarding whose contract stage has a review and a collection,
// between an intake check and an activation.
func beside(t *testing.T) *story {
	t.Helper()
	s := newCollection(t, append(collectionSteps(t), stepOf(t, "check", "intake", seat("buyer")), reviewStepOf(t, seat("legal")), stepOf(t, "access", "activation", seat("it")))...)
	s.know("buyer-bo", func(p *playbook.Person) { p.Roles = []string{"buyer"} })
	s.in.Stages = []string{"intake", "contract", "activation"}
	s.in.Contract = s.text("v1", contractText("", ""))
	s.root = s.in.Process
	s.seen.naps = true // two children and their onboarding each have a timer
	s.on(time.Hour, func() { s.answer("buyer-bo", "check", review.Approve) })
	return s
}

// playBeside runs it as an onboarding.
func (s *story) playBeside() OnboardingResult {
	s.t.Helper()
	out := s.play()
	s.checkForce()
	return out
}

// asked reports whether a step was ever asked.
func (s *story) wasAsked(step string) bool {
	return slices.ContainsFunc(s.view().Requests, func(r review.Request) bool { return r.Step == step })
}

// Whichever of the two is over first, the next stage begins when both are.
func TestDPABesideTheReviewInAllOrders(t *testing.T) {
	for place := range 4 {
		t.Run(fmt.Sprint("the review ends as number ", place+1), func(t *testing.T) {
			s := beside(t)
			events := []func(){
				func() { s.delivers(s.agreement("dpa1")) },
				func() { s.checks() },
				s.signs,
			}
			events = slices.Insert(events, place, func() { s.answer("legal-lee", "review", review.Approve) })
			for i, do := range events {
				s.on(time.Duration(i+1)*day, func() {
					if s.wasAsked("access") {
						t.Errorf("the next stage began before event %d", i+1)
					}
					do()
				})
			}
			s.on(5*day, func() { s.answer("it-ida", "access", review.Approve) })
			out := s.playBeside()
			if out.Result != ResultLive || out.Contract != "sha256:v1" || out.DPA != "sha256:dpa1" {
				t.Errorf("got %+v", out)
			}
			s.wantResult("contract/acme/1", ResultSigned)
			s.wantResult("dpa/acme/1", ResultInForce)
			s.wantTold("it-ida", "4 asked access")
			if v := s.view(); v.DPA.Document != "sha256:dpa1" || v.DPA.Process != "dpa/acme/1" {
				t.Errorf("the case knows %+v", v.DPA)
			}
		})
	}
}

func TestDPANotNeededBesideTheReview(t *testing.T) {
	s := beside(t)
	s.in.Facts.Data = []string{"payment"}
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.playBeside(); out.Result != ResultLive || out.DPA != "" {
		t.Errorf("got %+v", out)
	}
	s.wantResult("dpa/acme/1", ResultNotNeeded)
}

// An intake that turns out to touch personal data after the contract's stage owes an
// agreement: it is collected beside the stage that the case is in, which waits.
func TestDPANeededAfterACorrection(t *testing.T) {
	s := beside(t)
	s.in.Facts.Data = nil
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "personal"))
	})
	s.on(3*day, func() { s.answer("it-ida", "access", review.Approve); s.delivers(s.agreement("dpa1")) })
	s.on(4*day, func() { s.checks() })
	s.on(5*day, s.signs)
	if out := s.playBeside(); out.Result != ResultLive || out.DPA != "sha256:dpa1" {
		t.Errorf("got %+v", out)
	}
	s.wantResult("dpa/acme/1", ResultNotNeeded)
	s.wantResult("dpa/acme/2", ResultInForce)
}

// A refusal never ends the case: it waits for the owner, who collects again, waives
// where the playbook lets them, or withdraws.
func TestDPARefusedBesideTheReview(t *testing.T) {
	refuse := func(s *story, on time.Duration) {
		s.on(on, func() { s.delivers(s.agreement(fmt.Sprint("dpa", on))) })
		s.on(on+1*day, func() { s.checks("gdpr-28-3-b") })
		s.on(on+2*day, func() { s.answer("owner-ola", playbook.ChoreLacking, playbook.Refuse) })
	}
	t.Run("again", func(t *testing.T) {
		s := beside(t)
		s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
		refuse(s, 2*day)
		s.on(5*day, func() {
			if r := s.open(playbook.ChoreRefused); slices.Contains(r.Options, playbook.Waive) || s.wasAsked("access") {
				t.Errorf("%+v", r.Options)
			}
			s.answer("owner-ola", playbook.ChoreRefused, playbook.AskAgain)
		})
		s.on(6*day, func() { s.delivers(s.agreement("good")) })
		s.on(7*day, func() { s.checks() })
		s.on(8*day, s.signs)
		s.on(9*day, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.playBeside(); out.Result != ResultLive || out.DPA != "sha256:good" {
			t.Errorf("got %+v", out)
		}
		s.wantResult("dpa/acme/2", ResultInForce)
	})
	t.Run("waived", func(t *testing.T) {
		s := beside(t)
		i := slices.IndexFunc(s.in.Steps, func(p playbook.Step) bool { return p.ID == "sign" })
		s.in.Steps[i].Policy.Waivable = true
		s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
		refuse(s, 2*day)
		s.on(5*day, func() { s.answer("owner-ola", playbook.ChoreRefused, playbook.Waive) })
		s.on(6*day, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.playBeside(); out.Result != ResultLive || out.DPA != "" {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("withdrawn while the review runs", func(t *testing.T) {
		s := beside(t)
		refuse(s, 2*day)
		s.on(5*day, func() { s.answer("owner-ola", playbook.ChoreRefused, playbook.Withdraw) })
		if out := s.playBeside(); out.Result != ResultWithdrawn {
			t.Errorf("got %+v", out)
		}
		s.wantResult("contract/acme/1", ResultWithdrawn)
		s.wantTold("it-ida")
	})
}

// One that is withdrawn takes the other and the case with it.
func TestDPAOneWithdrawsTheOther(t *testing.T) {
	for _, process := range []string{"dpa/acme/1", "contract/acme/1", "onboarding/acme/1"} {
		t.Run(process, func(t *testing.T) {
			s := beside(t)
			s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
			s.on(2*day, func() { s.act(process, "owner-ola", review.Withdraw) })
			if out := s.playBeside(); out.Result != ResultWithdrawn {
				t.Errorf("got %+v", out)
			}
			s.wantResult("dpa/acme/1", ResultWithdrawn)
			s.wantResult("contract/acme/1", ResultWithdrawn)
		})
	}
}

// A hold and its end reach both.
func TestDPAHoldReachesBoth(t *testing.T) {
	s := beside(t)
	s.on(1*day, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
	s.on(2*day, func() {
		for _, step := range []string{"review", "ask"} {
			if s.open(step).Held.IsZero() {
				t.Errorf("%s is not held", step)
			}
		}
	})
	s.on(30*day, func() { s.act(s.in.Process, "owner-ola", review.Resume) })
	s.on(31*day, func() { s.answer("legal-lee", "review", review.Approve); s.delivers(s.agreement("dpa1")) })
	s.on(32*day, func() { s.checks() })
	s.on(33*day, s.signs)
	s.on(34*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.playBeside(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked ask", "34 "+playbook.WhyLive)
}

// Going back to an earlier step ends both; going back to one of the two asks that one
// again and leaves the other as it is.
func TestDPAReopenReachesBoth(t *testing.T) {
	reopen := func(s *story, step string) {
		s.act(s.in.Process, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = step })
	}
	t.Run("an earlier step", func(t *testing.T) {
		s := beside(t)
		s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
		s.on(2*day, func() { reopen(s, "check") })
		s.on(3*day, func() { s.answer("buyer-bo", "check", review.Approve) })
		s.on(4*day, func() { s.answer("legal-lee", "review", review.Approve); s.delivers(s.agreement("dpa2")) })
		s.on(5*day, func() { s.checks() })
		s.on(6*day, s.signs)
		s.on(7*day, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.playBeside(); out.Result != ResultLive || out.DPA != "sha256:dpa2" || out.Contract != "sha256:v1" {
			t.Errorf("got %+v", out)
		}
		s.wantResult("dpa/acme/1", ResultReopened)
		s.wantResult("contract/acme/1", ResultReopened)
	})
	done := func(s *story) {
		s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve); s.delivers(s.agreement("dpa1")) })
		s.on(2*day, func() { s.checks() })
		s.on(3*day, s.signs)
	}
	t.Run("the collection", func(t *testing.T) {
		s := beside(t)
		done(s)
		s.on(4*day, func() { reopen(s, "ask") })
		s.on(5*day, func() { s.delivers(s.agreement("dpa2")) })
		s.on(6*day, func() { s.checks() })
		s.on(7*day, s.signs)
		s.on(8*day, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.playBeside(); out.Result != ResultLive || out.DPA != "sha256:dpa2" || out.Contract != "sha256:v1" {
			t.Errorf("got %+v", out)
		}
		if n := len(s.rec.of(dossier.ProcessStarted)); n != 4 {
			t.Errorf("%d processes, want the onboarding, one review, two collections", n)
		}
	})
	t.Run("the review", func(t *testing.T) {
		s := beside(t)
		done(s)
		s.on(4*day, func() { reopen(s, "review") })
		s.on(5*day, func() { s.answer("legal-lee", "review", review.Approve) })
		s.on(6*day, func() { s.answer("it-ida", "access", review.Approve) })
		if out := s.playBeside(); out.Result != ResultLive || out.DPA != "sha256:dpa1" || out.Contract != "sha256:v1" {
			t.Errorf("got %+v", out)
		}
		if n := len(s.rec.of(dossier.ProcessStarted)); n != 4 {
			t.Errorf("%d processes, want the onboarding, two reviews, one collection", n)
		}
	})
}

// A child that breaks off waits for the owner, who starts it again; the other goes on.
func TestDPAChildThatBreaksOff(t *testing.T) {
	s := beside(t)
	broken := 0
	const anything = "mock.Anything" // as the environment's matcher names it
	s.env.OnWorkflow(DPAType, anything, anything).Return(func(_ workflow.Context, in DPAInput) (DPAResult, error) {
		if in.Process != "dpa/acme/1" {
			t.Errorf("%s is started", in.Process)
		}
		broken++
		return DPAResult{}, errors.New("broke off")
	})
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() {
		if s.wasAsked("access") {
			t.Error("the next stage began")
		}
		s.answer("owner-ola", playbook.ChoreFailed+"-dpa", playbook.Withdraw)
	})
	if out := s.playBeside(); out.Result != ResultWithdrawn || broken == 0 {
		t.Errorf("got %+v", out)
	}
}
