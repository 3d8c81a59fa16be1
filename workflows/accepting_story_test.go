package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// approving is a task of it's whose result it also has to accept.
func approving(t *testing.T, people ...string) *story {
	plan := stepOf(t, "plan", "prepare", seat("it"))
	plan.Kind = review.Task
	plan.Accept = &review.Policy{Groups: []review.Group{{Name: "second look", Rule: review.RuleAll, Seats: []review.Seat{seat("it")}}}}
	s := newStory(t, people, []string{"prepare"}, plan)
	s.seen.naps = true
	return s
}

// Nobody says of their own work that it will do: whoever else has the role is asked, and
// neither an answer nor a delegation brings the maker onto the seat.
func TestNobodyAcceptsWhatTheyDelivered(t *testing.T) {
	s := approving(t, "it-ida", "it-ivo")
	s.know("it-ivo", func(p *playbook.Person) { p.Backups = []string{"it-ida"} })
	s.on(1*time.Hour, func() { s.answer("it-ida", "plan", review.Done) })
	s.on(2*time.Hour, func() {
		if r := s.open("plan-accept"); !slices.Equal(r.Makers, []string{"it-ida"}) || !r.Holds("it", "it-ivo", s.env.Now()) {
			t.Errorf("asked is %+v of work by %v", r.Seatings, r.Makers)
		}
		s.refused(s.answer("it-ida", "plan-accept", review.Approve), review.OwnWork)
		s.refused(s.act(s.in.Process, "it-ivo", review.Delegate, s.about("plan-accept"), func(a *review.Act) { a.To, a.Until = s.person("it-ida"), monday.Add(9*day) }), review.BadDelegate)
		s.refused(s.act(s.in.Process, "owner-ola", review.AddSeat, s.about("plan-accept"), func(a *review.Act) { a.To = s.person("it-ida") }), review.BadDelegate)
	})
	s.on(4*day, func() { // the backup's turn has come and gone
		if r := s.open("plan-accept"); len(held(&r, s.env.Now())) != 1 {
			t.Errorf("held by %v", held(&r, s.env.Now()))
		}
		s.answer("it-ivo", "plan-accept", review.Approve)
	})
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	if slices.Contains(s.told("it-ida"), "0 asked plan-accept") {
		t.Error("the maker was asked")
	}
}

// Where nobody else has the role the owner is told at once, and names somebody.
func TestOwnWorkWaitsForSomebodyElse(t *testing.T) {
	s := approving(t, "it-ida", "ops-olga")
	s.on(1*time.Hour, func() { s.answer("it-ida", "plan", review.Done) })
	s.on(2*time.Hour, func() {
		if r := s.open("plan-accept"); r.Tally(s.env.Now()).State != review.Vacant {
			t.Errorf("it stands %+v", r.Tally(s.env.Now()))
		}
		if told := s.told("owner-ola"); !slices.Contains(told, "0 vacant plan-accept") {
			t.Errorf("the owner was told %v", told)
		}
		s.apply("ops-olga", func(p *playbook.Person) { p.Roles = append(p.Roles, "it") })
	})
	s.on(1*day, func() { s.answer("ops-olga", "plan-accept", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}
