package workflows

import (
	"math/rand/v2"
	"testing"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestNothingIsCalledDoneThatIsNot: whatever the vendor has, whatever can't be seen or
// taken away, and whatever people say in whichever order, what is called done was seen
// clean, what is waived has a name, a reason and an end, and nothing was taken from
// anybody else. What playPart and the estate hold is held for each.
func TestNothingIsCalledDoneThatIsNot(t *testing.T) {
	for seed := range uint64(6 / sampled) {
		r := rand.New(rand.NewPCG(seed, 7))
		t.Run("", func(t *testing.T) { randomRevocation(t, r) })
	}
}

func randomRevocation(t *testing.T, r *rand.Rand) {
	places := inventory.Places()
	var has []inventory.Finding
	for i := range 1 + r.IntN(5) {
		f := theirs(places[r.IntN(len(places)-1)], "", string(rune('a'+i)))
		f.LastOwner, f.Unsure = r.IntN(5) == 0, r.IntN(5) == 0
		if r.IntN(4) == 0 {
			f.Identity.Login = "staff"
		}
		has = append(has, f)
	}
	s, e := newRevocation(t, has...)
	s.anyOutcome = true
	for _, f := range has {
		e.keep[f.Title] = r.IntN(3) == 0
	}
	if r.IntN(2) == 0 {
		e.dim[places[r.IntN(len(places))]] = entitlement.DoubtPermission
	}
	for hour := 1; hour < 24*70; hour += 1 + r.IntN(40) {
		what, whose := r.IntN(6), r.IntN(2)
		s.on(time.Duration(hour)*time.Hour, func() { s.randomly(e, what, whose) })
	}
	s.on(80*day, func() { // in the end everything is seen to by hand
		e.byHand(func() { e.has, e.dim, e.away = nil, map[inventory.Place]entitlement.Doubt{}, false })
		s.goes()
	})
	for i := range 60 {
		s.on(81*day+time.Duration(i)*12*time.Hour, func() { s.finally() })
	}
	s.on(120*day, func() {
		s.env.SignalWorkflow(SignalWithdraw, review.Act{ID: "w", Kind: review.Withdraw, Person: s.person("owner-ola")})
	})
	out := s.playPart(RevocationType)
	if out.Result != ResultDone {
		t.Errorf("it ended %s", out.Result)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range has {
		for _, title := range e.cuts {
			if title == f.Title && (f.LastOwner || f.Unsure || f.Identity.Login != devLogin) {
				t.Errorf("%+v was taken away", f)
			}
		}
	}
}

// isOpen reports whether a step is asked now.
func (s *story) isOpen(step string) bool {
	v := s.view()
	for i := len(v.Requests) - 1; i >= 0; i-- {
		if v.Requests[i].Step == step {
			return v.Requests[i].Closed == nil
		}
	}
	return false
}

// randomly is one thing that people, or the world, may do.
func (s *story) randomly(e *estate, what, whose int) {
	if s.env.IsWorkflowCompleted() {
		return
	}
	chore := playbook.ChoreSettle + "-" + playbook.ChoreStillThere
	switch {
	case what == 0 && s.isOpen(exit.DoesRoster):
		s.enrols("it-ida", []string{devLogin, "an/other"}[whose])
	case what == 1:
		s.goes()
	case what == 2 && s.isOpen(exit.DoesSystems):
		s.says("it-ida", exit.DoesSystems)
	case what == 3 && s.isOpen(exit.DoesSecond):
		s.answer("security-sam", exit.DoesSecond, []review.Verdict{review.Approve, review.Reject}[whose])
	case what == 4 && s.isOpen(chore):
		if whose == 0 {
			s.answer("owner-ola", chore, playbook.LookAgain)
			return
		}
		s.waives(playbook.ChoreStillThere, s.env.Now().AddDate(0, 0, 9))
	case what == 5:
		e.byHand(func() { e.away = whose == 0 && !e.away })
	}
}

// finally is what people do who want it to end.
func (s *story) finally() {
	if s.env.IsWorkflowCompleted() {
		return
	}
	chore := playbook.ChoreSettle + "-" + playbook.ChoreStillThere
	switch {
	case s.isOpen(exit.DoesRoster):
		s.enrols("it-ida", devLogin)
	case s.isOpen(exit.DoesSystems):
		s.says("it-ida", exit.DoesSystems)
	case s.isOpen(exit.DoesSecond):
		s.answer("security-sam", exit.DoesSecond, review.Approve)
	case s.isOpen(chore):
		s.answer("owner-ola", chore, playbook.LookAgain)
	case s.isOpen(playbook.ChoreWaiver + "-" + playbook.ChoreStillThere):
		s.waivesUntil(playbook.ChoreStillThere, s.env.Now().AddDate(0, 0, 1))
	}
}
