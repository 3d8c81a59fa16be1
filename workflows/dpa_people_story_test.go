package workflows

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A collection is withdrawn at each of its moments; whoever asked for it may.
func TestDPAWithdrawnInTheMiddle(t *testing.T) {
	for at, when := range []time.Duration{12 * time.Hour, 36 * time.Hour, 60 * time.Hour, 84 * time.Hour} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			s := newCollection(t)
			s.on(1*day, func() {
				if at > 0 {
					s.delivers(s.agreement("dpa1"))
				}
			})
			s.on(2*day, func() {
				if at > 1 {
					s.checks()
				}
			})
			s.on(3*day, func() {
				if at > 2 {
					s.answer("legal-lee", "sign", review.Approve)
				}
			})
			s.on(when, func() {
				s.refused(s.act(s.root, "acme.1", review.Withdraw), review.VendorPerson)
				s.act(s.root, "requester-rae", review.Withdraw)
			})
			if out := s.playDPA(); out.Result != ResultWithdrawn || out.By != "requester-rae" {
				t.Errorf("got %+v", out)
			}
			if len(s.rec.of(dossier.DPAInForce)) > 0 {
				t.Error("it is in force")
			}
		})
	}
}

// The contact hands over: the colleague takes the seat, and the one before them
// may deliver no more. A client's person can't be put into the vendor's seat, and a
// contact can't take over a part in the case.
func TestDPAContactHandsOver(t *testing.T) {
	s := newCollection(t)
	replaced := func(id, leaver string, by review.Person) {
		s.ids++
		s.send(s.root, UpdatePeople, fmt.Sprintf("%s%d", id, s.ids), PeopleChange{People: []review.Person{by}, Replaced: &Replaced{Leaver: leaver, By: by, Actor: "owner-ola"}})
	}
	s.on(1*day, func() { replaced("over", "acme.1", s.person("acme.2")) })
	s.on(2*day, func() {
		s.refused(s.answer("acme.1", "ask", review.Delivered, deliver(s.agreement("dpa0"))), review.NoSeat)
		replaced("never", "owner-ola", s.person("acme.2"))
		replaced("wrong", "acme.2", s.person("legal-lee"))
	})
	s.on(3*day, func() {
		r := s.open("ask")
		if r.Owner != "owner-ola" || r.Holds("vendor", "legal-lee", s.env.Now()) {
			t.Errorf("%+v", r)
		}
		for _, h := range r.Seatings[0].Holders {
			if h.Person != "acme.1" && h.Person != "acme.2" {
				t.Errorf("the vendor's seat is held by %+v", h)
			}
		}
		s.answer("acme.1", "ask", review.Delivered, deliver(s.agreement("dpa1"))) // who is the first of the bench again
	})
	s.on(4*day, func() { s.checks() })
	s.on(5*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce {
		t.Errorf("got %+v", out)
	}
}

// "Not me any more": the contact's seat is filled by the next, and with nobody left
// the owner is told.
func TestDPAContactsEnd(t *testing.T) {
	s := newCollection(t)
	ends := func(p *playbook.Person) { p.Left = true }
	s.on(1*day, func() { s.apply("acme.1", ends) })
	s.on(2*day, func() { s.apply("acme.2", ends) })
	s.on(3*day, func() {
		if r := s.open("ask"); r.Tally(s.env.Now()).State != review.Vacant {
			t.Errorf("the request is %+v", r.Seatings)
		}
		s.know("acme.3", func(p *playbook.Person) { p.Employer = "acme" })
		s.apply("acme.3", func(*playbook.Person) {})
	})
	s.on(4*day, func() { s.answer("acme.3", "ask", review.Delivered, deliver(s.agreement("dpa1"))) })
	s.on(5*day, func() { s.checks() })
	s.on(6*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.2", "1 asked ask")
	s.wantTold("acme.3", "3 asked ask")
	s.wantTold("owner-ola", "2 vacant ask")
}

// A client's person who goes over to the vendor loses their seats in the checklist
// and the decision; the owner's successor may file for the vendor, who was owner may
// not.
func TestDPAPeopleChange(t *testing.T) {
	s := newCollection(t)
	s.know("privacy-pia", func(p *playbook.Person) { p.Roles = []string{"privacy"} })
	s.on(1*day, func() {
		by := s.person("legal-lee")
		s.send(s.root, UpdatePeople, "succession", PeopleChange{People: []review.Person{by}, Replaced: &Replaced{Leaver: "owner-ola", By: by, Actor: "owner-ola"}})
	})
	s.on(2*day, func() {
		s.refused(s.answer("owner-ola", "ask", review.Delivered, deliver(s.agreement("dpa1")), forVendor), review.NotOwner)
		s.answer("legal-lee", "ask", review.Delivered, deliver(s.agreement("dpa1")), forVendor)
	})
	s.on(3*day, func() {
		s.apply("privacy-pam", func(p *playbook.Person) { p.Employer = "acme" })
		s.refused(s.answer("privacy-pam", "points", review.Checked, found()), review.VendorPerson)
	})
	s.on(4*day, func() { s.answer("privacy-pia", "points", review.Checked, found()) })
	s.on(5*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce {
		t.Errorf("got %+v", out)
	}
	s.wantTold("privacy-pia", "3 asked points")
}

// A conflict of interest takes somebody off the checklist, and they are not asked to
// sign either.
func TestDPARecusal(t *testing.T) {
	steps := collectionSteps(t)
	steps[2].Policy.Groups[0].Seats[0].Role = "privacy"
	s := newCollection(t, steps...)
	s.know("privacy-pia", func(p *playbook.Person) { p.Roles = []string{"privacy"} })
	s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(2*day, func() { s.act(s.root, "privacy-pam", review.Recuse, s.about("points")) })
	s.on(3*day, func() { s.answer("privacy-pia", "points", review.Checked, found()) })
	s.on(4*day, func() {
		s.refused(s.answer("privacy-pam", "sign", review.Approve), review.IsRecused)
		s.answer("privacy-pia", "sign", review.Approve)
		s.answer("board-bea", "sign", review.Approve)
	})
	if out := s.playDPA(); out.Result != ResultInForce || !slices.Equal(out.Recused, []string{"privacy-pam"}) {
		t.Errorf("got %+v", out)
	}
}

// On hold nobody is chased and what comes counts; the owner may go back to the
// asking and to the checklist.
func TestDPAHeldAndReopened(t *testing.T) {
	s := newCollection(t)
	steps := func(step string) func(*review.Act) { return func(a *review.Act) { a.Step = step } }
	s.on(1*day, func() { s.act(s.root, "owner-ola", review.Hold) })
	s.on(20*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(21*day, func() { s.wantNobodyAsked("points"); s.act(s.root, "owner-ola", review.Resume) })
	s.on(22*day, func() {
		s.refused(s.act(s.root, "owner-ola", review.Reopen, steps("points")), review.WrongAct)
		s.checks("gdpr-28-3-b")
	})
	s.on(23*day, func() { s.act(s.root, "owner-ola", review.Reopen, steps("points")) })
	s.on(24*day, func() { s.wantClosed(playbook.ChoreLacking, review.Open, "reopened"); s.checks() })
	s.on(25*day, func() { s.act(s.root, "owner-ola", review.Reopen, steps("ask")) })
	s.on(26*day, func() { s.wantClosed("sign", review.Open, "reopened"); s.delivers(s.agreement("dpa2")) })
	s.on(27*day, func() { s.checks() })
	s.on(28*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce || out.Document != "sha256:dpa2" || out.Version != 2 {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked ask", "25 asked ask")
}

// A playbook without the steps starts nothing.
func TestDPAWithoutSteps(t *testing.T) {
	s := newCollection(t, reviewStepOf(t, seat("legal")))
	in := DPAInput{Common: s.in.Common}
	in.Process, in.Case = s.root, s.root
	s.start(DPAType, s.root, in)
	if s.env.GetWorkflowError() == nil {
		t.Error("it ran")
	}
}

// Whatever people do in whatever order, nothing comes into force without a checklist
// that people answered and an approval that people gave, for that document.
func TestDPARandomPeopleDoingRandomThings(t *testing.T) {
	var inForce atomic.Int32 // the seeds run beside each other
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(24) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				steps := collectionSteps(t)
				steps[2].Policy.Waivable = seed%2 == 0
				steps[2].Deadlines.Remind = []calendar.Span{span(t, "1 working day")}
				s := newCollection(t, steps...)
				s.anyOutcome = true
				r := newDPARambler(s, seed)
				at := time.Duration(0)
				for range 90 {
					at += time.Duration(1+r.rnd.IntN(40)) * time.Hour
					s.on(at, func() {
						for range 1 + r.rnd.IntN(3) {
							r.collects(s.root)
						}
					})
				}
				s.on(at+time.Hour, func() {
					if s.view().Closed.IsZero() {
						s.act(s.root, "requester-rae", review.Withdraw)
					}
				})
				out := s.playDPA()
				if out.Result == ResultInForce {
					inForce.Add(1)
				}
				t.Logf("%s after %d deliveries, %d requests", out.Result, out.Version, len(s.view().Requests))
			})
		}
	})
	if inForce.Load() == 0 {
		t.Error("nothing ever came into force: the stories are too wild")
	}
}

func somePoints(r *rambler) []string {
	var missing []string
	for _, p := range engagement.DPAPoints() {
		if r.rnd.IntN(60) == 0 {
			missing = append(missing, p.ID)
		}
	}
	return missing
}

// A notice about several requests says how often the person was told of the one that
// they were told of most, and the earliest due date.
func TestNoticesSayHowOftenAndUntilWhen(t *testing.T) {
	remind := func(id, due string, at ...string) playbook.Step {
		s := stepOf(t, id, "intake", seat("it"))
		s.Deadlines = playbook.Deadlines{Due: span(t, due)}
		for _, x := range at {
			s.Deadlines.Remind = append(s.Deadlines.Remind, span(t, x))
		}
		return s
	}
	s := newStory(t, []string{"it-ida"}, []string{"intake"}, remind("rare", "9 working days", "3 working days"),
		remind("often", "4 working days", "1 working day", "2 working days", "3 working days"))
	s.on(3*day+time.Hour, func() { s.answer("it-ida", "rare", review.Approve); s.answer("it-ida", "often", review.Approve) })
	s.play()
	var got []string
	for _, n := range s.rec.notices {
		got = append(got, fmt.Sprintf("%d %d until %d", len(n.Requests), n.Nth, int(n.Due.Sub(monday)/day)))
	}
	if want := []string{"2 1 until 4", "1 2 until 4", "1 3 until 4", "2 4 until 4"}; !slices.Equal(got, want) {
		t.Errorf("notices %q, want %q", got, want)
	}
}
