package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// child is the id of the pilots' first in onboardings of acme.
const firstPilot = "pilot/acme/1"

// newPiloted prepares an onboarding that runs a pilot, everything of it asked at once
// but for the halfway decision, and asks for access afterwards.
func newPiloted(t *testing.T) *story {
	steps := pilotSteps(t)
	unhurried(steps)
	steps[2].After = calendar.Span{}
	for i := range steps {
		steps[i].Stage = "checks"
	}
	steps = append(steps, stepOf(t, "access", "activation", seat("it")))
	s := newStory(t, []string{"ops-olga", "users-uma", "it-ida", "board-bea", "finance-fay", "legal-lee", "backup-bo"}, []string{"checks", "activation"}, steps...)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.know("ops-olga", func(p *playbook.Person) { p.Backups = []string{"backup-bo"} })
	s.seen.naps = true
	return s
}

// tries plays a pilot up to its decision, from a day on.
func (s *story) tries(from time.Duration, points int) {
	s.on(from+day, func() { s.brings("import"); s.brings("report") })
	s.on(from+9*day+time.Hour, func() { s.answer("board-bea", "halfway", review.Approve) })
	s.on(from+10*day, func() {
		for _, p := range []string{"ops-olga", "users-uma", "it-ida"} {
			s.scores(p, points, points, 2*points)
		}
	})
}

// An onboarding waits for its pilot, and goes on by its go.
func TestPilotOfAnOnboarding(t *testing.T) {
	s := newPiloted(t)
	s.tries(0, 4)
	s.on(11*day, func() { s.wantNobodyAsked("access"); s.decides() })
	s.on(12*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantResult(firstPilot, ResultGo)
	if p := s.view().Pilot; p == nil || p.Score != 80 || p.Result != ResultGo || p.Changed || len(p.Milestones) != 2 {
		t.Errorf("the case's pilot is %+v", p)
	}
}

// After a no-go the owner has the word: another pilot, or the end. Nobody is taken on
// board by silence.
func TestPilotOfAnOnboardingNoGo(t *testing.T) {
	s := newPiloted(t)
	s.tries(0, 1)
	s.on(11*day, func() { s.answer("board-bea", "go", review.Reject); s.answer("legal-lee", "go", review.Reject) })
	s.on(12*day, func() { s.onlyAgainOrOut("part-pilot", "go") })
	s.on(100*day, func() { s.wantNobodyAsked("access"); s.answer("owner-ola", "part-pilot", playbook.AskAgain) })
	s.on(100*day+time.Hour, func() { s.brings("import"); s.act("pilot/acme/2", "owner-ola", review.Stop) })
	s.on(101*day, func() { s.answer("owner-ola", "part-pilot", playbook.Withdraw) })
	if out := s.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	s.wantResult(firstPilot, ResultRefused)
	s.wantResult("pilot/acme/2", ResultStopped)
}

// onlyAgainOrOut lets the owner try everything after a refusal: there are two ways on,
// each with a reason, and no act goes round them.
func (s *story) onlyAgainOrOut(chore, step string) {
	s.t.Helper()
	if got := s.open(chore); !slices.Equal(got.Verdicts(), []review.Verdict{playbook.AskAgain, playbook.Withdraw}) || !slices.Equal(got.Reasoned, got.Verdicts()) {
		s.t.Errorf("after the refusal the owner may say %v, with a reason %v", got.Verdicts(), got.Reasoned)
	}
	for _, v := range []review.Verdict{review.Approve, review.Done, review.Delivered, review.Changes, review.Reject, playbook.Waive, playbook.TakeAnyway, playbook.NextVersion, playbook.RefuseVendor, playbook.SingleSource} {
		s.refused(s.answer("owner-ola", chore, v), review.WrongVerdict)
	}
	s.refused(s.answer("owner-ola", chore, playbook.AskAgain, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
	for kind, why := range map[review.ActKind]review.Refusal{review.Reopen: review.WrongAct, review.Stop: review.WrongAct, review.Submit: review.WrongAct, review.SendChanges: review.WrongAct} {
		s.refused(s.act(s.in.Process, "owner-ola", kind, func(a *review.Act) { a.Step = step }), why)
	}
	for who, why := range map[string]review.Refusal{"it-ida": review.NoSeat, "requester-rae": review.NoSeat} {
		s.refused(s.answer(who, chore, playbook.AskAgain), why)
	}
}

// A correction of the intake, which changes the case's tier and steps, changes nothing
// by which a pilot is judged that has begun.
func TestPilotOfAnOnboardingCorrected(t *testing.T) {
	s := newPiloted(t)
	s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health"}}}, {Tier: 3}}
	strict := pilotSteps(t)[3]
	strict.Stage, strict.Threshold, strict.Tiers = "checks", 90, []engagement.Tier{1}
	for i := range s.in.Steps {
		if s.in.Steps[i].Does == playbook.DoesScore {
			s.in.Steps[i].Tiers = []engagement.Tier{2, 3}
		}
	}
	s.in.Steps = append(s.in.Steps, strict)
	s.tries(0, 4)
	s.on(5*day, func() {
		s.act(s.in.Process, "owner-ola", review.Correct, s.correcting(s.in.Common, playbook.Facts{}, "health"))
	})
	s.on(11*day, func() {
		if r := s.open("go"); r.Threshold != 60 || r.Score != 80 {
			t.Errorf("decided about %d of %d", r.Score, r.Threshold)
		}
		s.decides()
	})
	s.on(12*day, func() { s.answer("it-ida", "access", review.Approve) })
	s.play()
	if f := s.rec.of(dossier.PilotFrozen); len(f) != 1 || f[0].Detail.Threshold != 60 || s.view().Pilot.Changed {
		t.Errorf("frozen: %+v", f)
	}
}

// A case on hold holds its pilot; a conflict in it holds in the whole case; a case
// that is withdrawn withdraws it.
func TestPilotOfAnOnboardingFollowsItsCase(t *testing.T) {
	s := newPiloted(t)
	s.tries(7*day, 4)
	s.on(1*time.Hour, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
	s.on(7*day, func() {
		if h := s.due(firstPilot); !h.Next.IsZero() {
			t.Errorf("on hold the pilot wants something at %s", h.Next)
		}
		s.act(s.in.Process, "owner-ola", review.Resume)
	})
	s.on(16*day+3*time.Hour, func() { s.act(firstPilot, "ops-olga", review.Recuse, s.about("points")) })
	s.on(17*day+time.Hour, func() { s.scores("backup-bo", 4, 4, 8) })
	s.on(18*day, s.decides)
	s.on(19*day, func() {
		if r := s.open("access"); !slices.Contains(r.Recused, "ops-olga") {
			t.Errorf("asked next is %+v", r)
		}
		s.act(s.in.Process, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "go" })
	})
	s.on(20*day, func() { s.brings("import"); s.act(s.in.Process, "owner-ola", review.Withdraw) })
	s.anyOutcome = true // ops-olga's points, which come after the conflict
	if out := s.play(); out.Result != ResultWithdrawn {
		t.Errorf("got %+v", out)
	}
	s.wantResult(firstPilot, ResultGo)
	s.wantResult("pilot/acme/2", ResultWithdrawn)
}
