package workflows

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// jump sets every open process of the case to one later instant.
func (s *story) jump(to time.Time) {
	s.t.Helper()
	for _, p := range s.view().Processes {
		if p.Ended.IsZero() {
			s.ids++
			s.send(p.ID, UpdateJump, "jump"+p.ID+to.String(), Jump{Anchor: calendar.Anchor{Real: s.env.Now(), Case: to}})
		}
	}
}

// rehearsed is an onboarding whose clock may be moved.
func rehearsed(t *testing.T) *story {
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"contract", "activation"}, reviewStepOf(t, seat("legal")), stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.in.Rehearsal, s.in.Anchor = true, calendar.Anchor{Real: monday, Case: monday}
	return s
}

// A rehearsal jumps from one instant at which something happens to the next:
// weeks of case time in an afternoon, everything at its own time.
func TestRehearsalJumpsFromDueToDue(t *testing.T) {
	s := rehearsed(t)
	var jumps []int
	for i := range 6 {
		s.on(time.Duration(i+1)*time.Minute, func() {
			due := s.due("contract/acme/1")
			if due.Busy || due.Next.IsZero() {
				t.Errorf("jump %d: due is %+v", i, due)
			}
			if parent := s.due(s.in.Process); !parent.Next.IsZero() {
				t.Errorf("the onboarding wants something at %s while its review runs", parent.Next)
			}
			jumps = append(jumps, int(due.Next.Sub(monday)/day))
			s.jump(due.Next)
		})
	}
	s.on(10*time.Minute, func() {
		if due := s.due("contract/acme/1"); !due.Next.IsZero() {
			t.Errorf("the clock still wants %+v", due)
		}
		s.answer("legal-lee", "review", review.Approve)
	})
	s.on(11*time.Minute, func() { // what starts now starts at the case's time
		due := s.due(s.in.Process)
		if d := int(due.Next.Sub(monday) / day); d != 11 {
			t.Errorf("the next reminder is on day %d, want 11", d)
		}
		s.jump(due.Next)
	})
	s.on(12*time.Minute, func() { s.answer("it-ida", "access", review.Approve) })
	s.play()
	if want := []int{2, 3, 4, 7, 8, 9}; !slices.Equal(jumps, want) {
		t.Errorf("jumped to days %v, want %v", jumps, want)
	}
	s.wantTold("legal-lee", "0 asked review", "2 reminder review", "4 reminder review")
	s.wantTold("it-ida", "9 asked access", "11 reminder access")
	s.wantTold("owner-ola", "9 owner review")
	last := s.rec.entries[len(s.rec.entries)-1]
	if real, cas := last.At.Sub(monday), last.CaseAt.Sub(monday); real > time.Hour || cas < 11*day {
		t.Errorf("the last entry is at %s, case time %s", last.At, last.CaseAt)
	}
	v := s.view()
	if !v.Rehearsal || v.Now(s.env.Now()).Before(monday.Add(11*day)) {
		t.Errorf("the record's case is at %s, rehearsal %t", v.Now(s.env.Now()), v.Rehearsal)
	}
}

// A contract review that starts after a jump starts at the case's time.
func TestAContractReviewStartsAtTheCasesTime(t *testing.T) {
	s := threeStages(t)
	s.in.Rehearsal, s.in.Anchor = true, calendar.Anchor{Real: monday, Case: monday}
	s.on(1*time.Minute, func() { s.jump(monday.Add(30 * day)) })
	s.on(2*time.Minute, func() { s.answer("buyer-bo", "check", review.Approve) })
	s.on(3*time.Minute, func() {
		if d := s.due("contract/acme/1"); d.Now.Before(monday.Add(30 * day)) {
			t.Errorf("the review is at %s", d.Now)
		}
		s.act(s.in.Process, "owner-ola", review.Withdraw)
	})
	s.play()
	s.wantTold("legal-lee", "30 asked review")
}

// Time never goes back: a jump that comes after a farther one changes nothing.
func TestAJumpNeverGoesBack(t *testing.T) {
	s := rehearsed(t)
	s.on(1*time.Minute, func() { s.jump(monday.Add(10 * day)) })
	s.on(2*time.Minute, func() { s.jump(monday.Add(5 * day)) })
	s.on(3*time.Minute, func() {
		if now := s.due("contract/acme/1").Now; now.Before(monday.Add(10 * day)) {
			t.Errorf("the case is at %s", now)
		}
		s.act(s.in.Process, "owner-ola", review.Withdraw)
	})
	s.play()
	if n := len(s.rec.of(dossier.Jumped)); n != 2 {
		t.Errorf("%d jumps are in the record, want one a process", n)
	}
	// A jump over everything tells each person once, not once for all that was passed.
	s.wantTold("legal-lee", "0 asked review", "10 reminder review")
}

// verdict keeps how an Update ended.
type verdict struct{ err error }

func (v *verdict) Accept()                 {}
func (v *verdict) Reject(err error)        { v.err = err }
func (v *verdict) Complete(_ any, e error) { v.err = e }

// The clock of a case that is no rehearsal cannot be moved.
func TestOnlyARehearsalJumps(t *testing.T) {
	s := once(t)
	var v verdict
	s.on(1*time.Hour, func() {
		s.env.UpdateWorkflow(UpdateJump, "jump", &v, Jump{Anchor: calendar.Anchor{Real: s.env.Now(), Case: s.env.Now().Add(10 * day)}})
	})
	s.on(2*time.Hour, func() {
		if now := s.due(s.in.Process).Now; !now.Before(monday.Add(day)) {
			t.Errorf("the case is at %s", now)
		}
		s.answer("it-ida", "access", review.Approve)
	})
	s.play()
	var app *temporal.ApplicationError
	if !errors.As(v.err, &app) || app.Type() != ErrNotRehearsal || !app.NonRetryable() {
		t.Errorf("the jump came to %v", v.err)
	}
	if n := len(s.rec.of(dossier.Jumped)); n != 0 {
		t.Errorf("%d jumps are in the record", n)
	}
}
