package workflows

import (
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// outsideSeat is a seat for somebody of neither side.
func outsideSeat(id string) review.Seat {
	return review.Seat{ID: id, Role: review.OutsideRole, Mandatory: true}
}

// names lets the owner name somebody from outside for a seat of a process, as desk does:
// the process is told that somebody came.
func (s *story) names(id, process, seat string) {
	s.apply(id, func(p *playbook.Person) {
		p.Employer, p.Roles, p.Left = review.OutsideRole, []string{review.OutsideRole, review.OutsideRole + ":" + process + ":" + seat}, false
	})
}

// The seat is empty until the owner names somebody, who then is asked, answers for it,
// and for nothing else. Whoever was named for another process is not seated here.
func TestSomebodyFromOutsideReadsTheContract(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal"), outsideSeat("counsel")))
	s.know("@outside.7", func(p *playbook.Person) {
		p.Employer, p.Roles = review.OutsideRole, []string{review.OutsideRole, review.OutsideRole + ":" + "contract/other/1" + ":" + "counsel"}
	})
	s.on(1*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve)
		if r := s.open("review"); len(r.Seating("counsel").Holders) != 0 {
			t.Errorf("%+v hold the seat before anybody is named", r.Seatings)
		}
	})
	s.on(1*day, func() { s.names("@outside.1", s.root, "counsel") })
	s.on(2*day, func() {
		s.refused(s.answer("legal-lee", "review", review.Approve, func(a *review.Answer) { a.Seat = "counsel" }), review.NoSeat)
		s.refused(s.act(s.root, "@outside.1", review.Withdraw), review.NotOwner)
		s.refused(s.act(s.root, "legal-lee", review.Delegate, s.about("review"), func(a *review.Act) {
			a.Seat, a.To, a.Until = "counsel", s.person("finance-fay"), monday.AddDate(0, 1, 0)
		}), review.NoSeat)
		s.answer("@outside.1", "review", review.Changes, func(a *review.Answer) { a.Channel = "portal" })
	})
	s.on(3*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent) })
	s.on(4*day, func() {
		s.answer("acme.1", playbook.ChoreNext, review.Delivered, deliver(s.text("v2", contractText(", ever", ""))), func(a *review.Answer) { a.Channel = "portal" })
	})
	s.on(5*day, func() {
		s.answer("legal-lee", "review", review.Approve)
		s.answer("@outside.1", "review", review.Approve, func(a *review.Answer) { a.Channel = "portal" })
	})
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Result != ResultSigned || out.Version != 2 {
		t.Errorf("got %+v", out)
	}
	s.wantTold("@outside.1", "1 asked review", "4 asked review")
	s.wantTold("@outside.7")
	s.wantTold("owner-ola", "0 vacant review", "2 asked send", "3 asked next")
}

// Whoever was named and is ended leaves the seat, which the next person takes.
func TestSomebodyElseFromOutside(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal"), outsideSeat("counsel")))
	s.on(1*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve)
		s.names("@outside.1", s.root, "counsel")
	})
	s.on(1*day, func() { s.apply("@outside.1", func(p *playbook.Person) { p.Left = true }) })
	s.on(2*day, func() {
		s.refused(s.answer("@outside.1", "review", review.Approve), review.NotActive)
		s.names("@outside.2", s.root, "counsel")
	})
	s.on(3*day, func() { s.answer("@outside.2", "review", review.Approve) })
	s.playCounter(s.text("v1", contractText("", "")))
	s.wantTold("@outside.2", "2 asked review")
}
