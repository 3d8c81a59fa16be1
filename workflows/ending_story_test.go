package workflows

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// threeStages is an onboarding with something to answer in each of its stages.
func threeStages(t *testing.T) *story {
	s := newStory(t, []string{"buyer-bo", "legal-lee", "it-ida"}, []string{"intake", "contract", "activation"},
		stepOf(t, "check", "intake", seat("buyer")), reviewStepOf(t, seat("legal")), stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	return s
}

// The owner, or who asked for it, withdraws at every stage; nobody else does.
func TestWithdrawnAtEachStage(t *testing.T) {
	for stage, who := range []string{"owner-ola", "requester-rae", "owner-ola", "owner-ola"} {
		t.Run(fmt.Sprintf("stage %d by %s", stage, who), func(t *testing.T) {
			s := threeStages(t)
			if stage > 0 {
				s.on(1*day, func() { s.answer("buyer-bo", "check", review.Approve) })
			}
			if stage == 2 { // while the owner is to settle a refusal
				s.on(2*day, func() { s.answer("legal-lee", "review", review.Reject) })
			}
			if stage == 3 {
				s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
			}
			s.on(3*day, func() {
				s.refused(s.act(s.in.Process, "legal-lee", review.Withdraw), review.NotOwner)
				s.refused(s.act(s.in.Process, "", review.Withdraw), review.UnknownPerson)
				s.refused(s.act(s.in.Process, who, review.Withdraw, func(a *review.Act) { a.Written = review.Written{} }), review.NeedsReason)
				s.refused(s.act(s.in.Process, who, review.Withdraw, func(a *review.Act) { a.Person.Employer = "acme" }), review.VendorPerson)
				s.act(s.in.Process, who, review.Withdraw)
				s.refused(s.act(s.in.Process, who, review.Withdraw), review.Closed)
			})
			if out := s.play(); out.Result != ResultWithdrawn || out.Contract != "" && stage != 3 {
				t.Errorf("got %+v", out)
			}
			v := s.view()
			if v.State != dossier.Ended || v.Closed.IsZero() {
				t.Errorf("the case is %s", v.State)
			}
			for _, p := range v.Processes {
				if p.Ended.IsZero() {
					t.Errorf("%s has not ended", p.ID)
				}
			}
			closed := s.rec.of(dossier.CaseClosed)
			if len(closed) != 2 || closed[0].Case != s.in.Case || closed[1].Case != dossier.Register || closed[1].Actor != who {
				t.Errorf("the case is closed by %+v", closed)
			}
		})
	}
}

// An earlier step is opened again: the running review ends, the case goes back,
// and a new review starts from the newest version; the old rounds stay.
func TestReopenedStep(t *testing.T) {
	s := threeStages(t)
	reopen := func(who string, step string) string {
		return s.act(s.in.Process, who, review.Reopen, func(a *review.Act) { a.Step = step })
	}
	s.on(1*day, func() {
		s.refused(reopen("owner-ola", "check"), review.WrongAct) // is open
		s.answer("buyer-bo", "check", review.Approve)
	})
	s.on(2*day, func() { s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review")) })
	s.on(3*day, func() {
		s.act("contract/acme/1", "owner-ola", review.Submit, submit(s.text("v2", contractText(", ever", ""))))
	})
	s.on(4*day, func() {
		s.refused(reopen("buyer-bo", "check"), review.NotOwner)
		s.refused(reopen("requester-rae", "check"), review.NotOwner)
		s.refused(reopen("owner-ola", "access"), review.WrongAct) // is to come
		s.refused(reopen("owner-ola", "nonsense"), review.WrongAct)
		reopen("owner-ola", "check")
		s.refused(reopen("owner-ola", "check"), review.WrongAct)
	})
	s.on(4*day+time.Hour, func() {
		s.wantResult("contract/acme/1", ResultReopened)
		s.wantClosed("review", review.Vacant, ResultReopened)
		if r := s.open("check"); r.ID != s.in.Process+":check.2" || r.Closed != nil {
			t.Errorf("check is %s, closed %+v", r.ID, r.Closed)
		}
		s.apply("counsel-cy", func(p *playbook.Person) { p.Roles = []string{"legal"} })
	})
	s.on(5*day, func() { s.answer("buyer-bo", "check", review.Approve) })
	s.on(6*day, func() {
		r := s.open("review")
		if r.Process != "contract/acme/2" || len(r.Versions) != 1 || r.Versions[0].Document != "sha256:v2" || !slices.Equal(r.Recused, []string{"legal-lee"}) {
			t.Errorf("the second review is %+v", r)
		}
		s.answer("counsel-cy", "review", review.Approve)
	})
	s.on(7*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive || out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	v := s.view()
	var ids []string
	for _, r := range v.Requests {
		ids = append(ids, r.ID)
	}
	want := []string{"onboarding/acme/1:check.1", "contract/acme/1:review.1", "onboarding/acme/1:check.2", "contract/acme/2:review.1", "onboarding/acme/1:access.1"}
	if !slices.Equal(ids, want) {
		t.Errorf("the record holds %v, want %v", ids, want)
	}
	if e := s.rec.of(dossier.Reopened); len(e) != 1 || e[0].Actor != "owner-ola" || e[0].Detail.Step != "check" || e[0].Detail.Stage != "intake" {
		t.Errorf("reopened entries: %+v", e)
	}
	s.wantResult("contract/acme/2", ResultSigned)
}

// A review that is done is opened again from the stage after it.
func TestReopenedReview(t *testing.T) {
	s := threeStages(t)
	s.on(1*day, func() { s.answer("buyer-bo", "check", review.Approve) })
	s.on(2*day, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(3*day, func() {
		s.act(s.in.Process, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "review" })
	})
	s.on(3*day+time.Hour, func() {
		s.wantClosed("access", review.Open, "reopened")
		s.refused(s.answer("it-ida", "access", review.Approve), review.Closed)
	})
	s.on(4*day, func() { s.act(s.in.Process, "owner-ola", review.Withdraw) })
	out := s.play()
	if out.Result != ResultWithdrawn || out.Contract != "" {
		t.Errorf("got %+v: what was opened again is not signed off", out)
	}
	s.wantResult("contract/acme/1", ResultSigned)
	s.wantResult("contract/acme/2", ResultWithdrawn)
	s.wantTold("legal-lee", "1 asked review", "3 asked review")
}

// An onboarding's own step is refused, asked again, and waived: approvals stay.
func TestRefusedOnboardingStep(t *testing.T) {
	step := stepOf(t, "risk", "intake", seat("legal"), seat("it"))
	step.Policy.Waivable = true
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"intake"}, step)
	s.on(1*time.Hour, func() { s.answer("it-ida", "risk", review.Approve) })
	s.on(2*time.Hour, func() { s.answer("legal-lee", "risk", review.Changes) })
	s.on(1*day, func() { s.answer("owner-ola", "settle-risk", playbook.AskAgain) })
	s.on(1*day+time.Hour, func() { s.answer("legal-lee", "risk", review.Reject) })
	s.on(2*day, func() {
		s.act(s.in.Process, "legal-lee", review.TakeBack, s.about("risk"))
	})
	s.on(2*day+time.Hour, func() {
		s.wantClosed("settle-risk", review.Open, "superseded")
		s.answer("legal-lee", "risk", review.Reject)
	})
	s.on(3*day, func() { s.answer("owner-ola", "settle-risk", playbook.Waive) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantClosed("risk", review.Denied, "waived")
	s.wantTold("it-ida", "0 asked risk")
	s.wantTold("legal-lee", "0 asked risk", "1 asked risk")
	s.wantTold("owner-ola", "0 asked settle-risk", "1 asked settle-risk", "2 asked settle-risk")
}

// A refused step of the onboarding ends it only when the owner says so.
func TestRefusedOnboardingStepWithdrawn(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"intake"}, stepOf(t, "risk", "intake", seat("legal")), stepOf(t, "data", "intake", seat("it")))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "risk", review.Reject) })
	s.on(30*day, func() {
		s.refused(s.answer("owner-ola", "settle-risk", playbook.Waive), review.WrongVerdict)
		s.answer("owner-ola", "settle-risk", playbook.Withdraw)
	})
	if out := s.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	s.wantClosed("data", review.Open, ResultWithdrawn)
	s.wantClosed("risk", review.Denied, ResultWithdrawn)
	if e := s.rec.of(dossier.Withdrawn); len(e) != 1 || e[0].Actor != "owner-ola" {
		t.Errorf("withdrawn entries: %+v", e)
	}
}

// An operator cancels the workflow: everything is closed and in the record, the
// contract review before its onboarding.
func TestCancelled(t *testing.T) {
	for _, stage := range []string{"intake", "contract"} {
		t.Run(stage, func(t *testing.T) {
			s := threeStages(t)
			if stage == "contract" {
				s.on(1*day, func() { s.answer("buyer-bo", "check", review.Approve) })
			}
			s.on(2*day, func() { s.env.CancelWorkflow() })
			s.start(OnboardingType, s.in.Process, s.in)
			if err := s.env.GetWorkflowError(); err != nil && !temporal.IsCanceledError(err) {
				t.Fatalf("the onboarding failed: %v", err)
			}
			s.check()
			if v := s.view(); v.State != dossier.Ended {
				t.Errorf("the case is %s", v.State)
			}
			if last := s.rec.entries[len(s.rec.entries)-1]; last.Kind != dossier.CaseClosed || last.Case != dossier.Register {
				t.Errorf("the last entry is %+v", last)
			}
			if stage == "contract" {
				s.wantResult("contract/acme/1", ResultWithdrawn)
			}
		})
	}
}

// Two onboardings of two vendors at once, over one record and the same people,
// don't touch each other.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	rec := newRecord()
	for i, vendor := range []string{"acme", "globex"} {
		t.Run(vendor, func(t *testing.T) {
			s := storyOf(t, rec, vendor, []string{"legal-lee"}, []string{"contract"}, reviewStepOf(t, seat("legal")))
			s.in.Contract = s.text("v1", contractText("", ""))
			s.on(1*day, func() {
				other := s.open("review")
				other.ID = "contract/elsewhere/1:review.1"
				s.ids++
				id := fmt.Sprintf("a%d", s.ids)
				s.send(other.Process, UpdateAnswer, id, review.Answer{ID: id, Request: other.ID, Verdict: review.Approve, Person: s.person("legal-lee")})
				s.refused(id, review.Unknown)
			})
			s.on(time.Duration(25+i)*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
			if out := s.play(); out.Result != ResultLive {
				t.Errorf("got %+v", out)
			}
			if v := s.view(); v.Vendor != vendor || len(v.Requests) != 1 || len(v.Requests[0].Ballots) != 1 {
				t.Errorf("the case holds %+v", v)
			}
			s.wantTold("legal-lee", "0 asked review")
		})
	}
}
