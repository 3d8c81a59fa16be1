package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// step points an act at a step; until gives it a date; to a person.
func step(id string) func(*review.Act) { return func(a *review.Act) { a.Step = id } }

func until(at time.Time) func(*review.Act) { return func(a *review.Act) { a.Until = at } }

func (s *story) to(person string) func(*review.Act) {
	return func(a *review.Act) { a.To = s.person(person) }
}

func noReason(a *review.Act) { a.Written = review.Written{} }

// A hold stops reminders and clocks, not answers; what was still to come when it
// began comes later by as much working time, in the contract review as well.
func TestHoldAndResume(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "finance-fay", "it-ida"}, []string{"contract", "activation"},
		reviewStepOf(t, seat("legal"), seat("finance")), stepOf(t, "access", "activation", seat("it")))
	s.in.Contract = s.text("v1", contractText("", ""))
	var due time.Time
	s.on(1*day, func() {
		due = s.open("review").Clocks[0].Due
		s.refused(s.act(s.in.Process, "legal-lee", review.Hold), review.NotOwner)
		s.refused(s.act(s.in.Process, "owner-ola", review.Hold, noReason), review.NeedsReason)
		s.refused(s.act(s.in.Process, "owner-ola", review.Resume), review.NotOnHold)
		s.act(s.in.Process, "owner-ola", review.Hold)
	})
	s.on(1*day+time.Minute, func() {
		v := s.view()
		if v.Held == nil || v.Held.By != "owner-ola" || !v.Held.Since.Equal(monday.Add(day)) {
			t.Errorf("the case is held: %+v", v.Held)
		}
		if n := len(s.seen.timers); n != 0 {
			t.Errorf("%d timers are live while the case is held", n)
		}
		r := s.open("review")
		if !r.Held.Equal(monday.Add(day)) {
			t.Errorf("the review is held since %s", r.Held)
		}
		if !slices.ContainsFunc(s.rec.copies, func(c review.Copy) bool { return c.Request == r.ID && c.At.Equal(r.Held) }) {
			t.Error("the copies of the review don't show that it is held")
		}
		s.refused(s.act(s.in.Process, "owner-ola", review.Hold), review.OnHold)
		s.refused(s.act(s.in.Process, "owner-ola", review.Ask, s.to("legal-lee")), review.OnHold)
	})
	s.on(3*day, func() {
		s.answer("finance-fay", "review", review.Approve)
		s.act("contract/acme/1", "finance-fay", review.TakeBack, s.about("review"))
		s.answer("finance-fay", "review", review.Approve)
	})
	s.on(30*day, func() { s.act(s.in.Process, "owner-ola", review.Resume) })
	s.on(30*day+time.Hour, func() {
		// Tuesday nine o'clock to Wednesday nine o'clock four weeks on: 21 working days.
		if got, want := s.open("review").Clocks[0].Due, s.in.Calendar.Add(office(), due, 21*8*time.Hour); !got.Equal(want) {
			t.Errorf("due %s, was %s, want %s", got, due, want)
		}
		if s.view().Held != nil {
			t.Error("the case is still held")
		}
	})
	s.on(35*day+time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(36*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("legal-lee", "0 asked review", "31 reminder review", "35 reminder review")
	s.wantTold("finance-fay", "0 asked review")
	if n := len(s.rec.of(dossier.Held)); n != 2 {
		t.Errorf("%d processes were held, want onboarding and contract review", n)
	}
}

// Nothing opens while the case is held: what was decided meanwhile is acted upon
// on resume, and withdrawing works all the same.
func TestNothingOpensWhileHeld(t *testing.T) {
	for _, withdraw := range []bool{false, true} {
		t.Run(map[bool]string{true: "withdrawn", false: "resumed"}[withdraw], func(t *testing.T) {
			s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake", "activation"},
				stepOf(t, "access", "intake", seat("it")), stepOf(t, "data", "activation", seat("legal")))
			s.on(1*time.Hour, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
			s.on(2*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
			s.on(20*day, func() {
				s.wantTold("it-ida", "0 asked access")
				s.wantTold("legal-lee")
				if withdraw {
					s.act(s.in.Process, "owner-ola", review.Withdraw)
				} else {
					s.act(s.in.Process, "owner-ola", review.Resume)
				}
			})
			if !withdraw {
				s.on(21*day, func() { s.wantTold("legal-lee", "20 asked data"); s.answer("legal-lee", "data", review.Approve) })
			}
			want := map[bool]string{true: ResultWithdrawn, false: ResultLive}[withdraw]
			if out := s.play(); out.Result != want {
				t.Errorf("got %+v", out)
			}
		})
	}
}

// The next group is asked when the case goes on, and a seat that emptied
// meanwhile is filled then.
func TestNoGroupIsAskedWhileHeld(t *testing.T) {
	two := stepOf(t, "access", "intake", seat("it"))
	two.Policy.Groups = append(two.Policy.Groups, review.Group{Name: "sign", Rule: review.RuleAll, Seats: []review.Seat{seat("legal")}})
	s := newStory(t, []string{"it-ida", "legal-lee", "legal-lou"}, []string{"intake"}, two)
	s.on(1*time.Hour, func() { s.act(s.in.Process, "owner-ola", review.Hold) })
	s.on(2*time.Hour, func() { s.answer("it-ida", "access", review.Approve) })
	s.on(3*time.Hour, func() { s.apply("legal-lee", leaves) })
	s.on(5*day, func() {
		if r := s.open("access"); !r.Clocks[1].Opened.IsZero() {
			t.Error("a group was asked while the case was held")
		}
		s.wantTold("legal-lou")
		s.wantTold("owner-ola")
		s.act(s.in.Process, "owner-ola", review.Resume)
	})
	s.on(6*day, func() { s.answer("legal-lou", "access", review.Approve) })
	s.play()
	s.checkSteering()
	s.wantTold("legal-lou", "5 asked access")
}

// Whoever got a seat in a review reads the next version as those do who had one.
func TestAnAddedSeatReadsTheNextVersion(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "tax-tom"}, []string{"contract"}, reviewStepOf(t, seat("legal", "2")))
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		s.act("contract/acme/1", "owner-ola", review.AddSeat, step("review"), s.to("tax-tom"))
	})
	s.on(2*time.Hour, func() { s.answer("tax-tom", "review", review.Approve) })
	s.on(3*time.Hour, func() {
		s.text("v2", contractText("", ", in gold"))
		s.act("contract/acme/1", "owner-ola", review.Submit, submit("sha256:v2"))
	})
	s.on(1*day, func() {
		s.answer("legal-lee", "review", review.Approve)
		if r := s.open("review"); r.Closed != nil || r.Standing("tax-tom") != nil {
			t.Error("what the added seat said of the first version counts for the second")
		}
		s.answer("tax-tom", "review", review.Approve)
	})
	if out := s.play(); out.Contract != "sha256:v2" {
		t.Errorf("got %+v", out)
	}
	s.wantTold("tax-tom", "0 asked review", "0 asked review")
}

// An extension moves the due date and everything still to come; nothing rings
// twice. It is never shorter, never in the past, and the owner's alone.
func TestExtend(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it"), seat("legal")))
	to := monday.Add(21*day + 8*time.Hour) // five working days become sixteen
	s.on(3*day, func() {
		s.wantTold("it-ida", "0 asked access", "2 reminder access")
		s.refused(s.act(s.in.Process, "it-ida", review.Extend, step("access"), until(to)), review.NotOwner)
		s.refused(s.act(s.in.Process, "owner-ola", review.Extend, step("access"), until(monday)), review.BadTime)
		s.refused(s.act(s.in.Process, "owner-ola", review.Extend, step("access"), until(monday.Add(4*day))), review.NotLater)
		s.refused(s.act(s.in.Process, "owner-ola", review.Extend, step("nothing"), until(to)), review.Unknown)
		s.act(s.in.Process, "owner-ola", review.Extend, step("access"), until(to))
	})
	s.on(3*day+time.Hour, func() {
		if due := s.open("access").Clocks[0].Due; !due.Equal(to) {
			t.Errorf("due %s, want %s", due, to)
		}
	})
	s.on(60*day, func() { s.answer("it-ida", "access", review.Approve); s.answer("legal-lee", "access", review.Approve) })
	s.play()
	if told := s.told("it-ida"); len(told) != 3 || told[2] < "18" {
		t.Errorf("it-ida was told %v, want the second reminder after the extension", told)
	}
	if told := s.told("owner-ola"); !slices.Contains(told, "24 owner access") {
		t.Errorf("the owner was told %v", told)
	}
}

// A round whose due date has passed goes on when it is extended.
func TestExtendWhatIsOverdue(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it"), seat("legal")))
	s.on(1*day, func() { s.answer("it-ida", "access", review.Changes) })
	s.on(8*day, func() {
		s.open("settle-access")
		s.act(s.in.Process, "owner-ola", review.Extend, step("access"), until(monday.Add(20*day)))
	})
	s.on(9*day, func() {
		s.wantClosed("settle-access", review.Open, "superseded")
		s.act(s.in.Process, "it-ida", review.TakeBack, s.about("access"))
		s.answer("it-ida", "access", review.Approve)
		s.answer("legal-lee", "access", review.Approve)
	})
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// A question beside the playbook blocks nothing and ends by its answer or with
// the case.
func TestAskSomebodyBesideThePlaybook(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee", "tax-tom"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it")))
	s.know("vendor-vi", func(p *playbook.Person) { p.Employer = "acme" })
	var id string
	s.on(1*time.Hour, func() {
		s.refused(s.act(s.in.Process, "it-ida", review.Ask, s.to("legal-lee")), review.NotOwner)
		s.refused(s.act(s.in.Process, "owner-ola", review.Ask, s.to("vendor-vi")), review.BadPerson)
		s.refused(s.act(s.in.Process, "owner-ola", review.Ask, s.to("owner-ola")), review.BadPerson)
		s.refused(s.act(s.in.Process, "owner-ola", review.Ask, s.to("legal-lee"), noReason), review.NeedsReason)
		id = s.act(s.in.Process, "owner-ola", review.Ask, s.to("legal-lee"))
	})
	s.on(2*time.Hour, func() {
		s.wantTold("legal-lee", "0 asked ask")
		if r := s.open("ask"); r.AskText != id || r.Kind != review.Task || len(r.Policy.Seats()) != 1 {
			t.Errorf("asked %+v", r)
		}
		s.refused(s.answer("legal-lee", "ask", review.Done, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
		s.answer("legal-lee", "ask", review.Done)
	})
	s.on(3*time.Hour, func() {
		s.wantClosed("ask", review.Met, "decided")
		s.act(s.in.Process, "owner-ola", review.Ask, s.to("tax-tom"))
	})
	s.on(1*day, func() { s.answer("it-ida", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("an open question holds up the case: %+v", out)
	}
	s.wantClosed("ask", review.Open, ResultLive)
	if e := s.rec.of(dossier.Request); !slices.ContainsFunc(e, func(e dossier.Entry) bool {
		return e.Answer == id && e.Fact.Kind == review.FactOpened && e.Actor == "owner-ola"
	}) {
		t.Error("no entry leads to the question's text")
	}
}

// A seat that is added is asked, and waited for; it can't be there twice.
func TestAddSeat(t *testing.T) {
	s := newStory(t, []string{"it-ida", "legal-lee", "tax-tom"}, []string{"intake"}, stepOf(t, "access", "intake", seat("it")))
	role := func(r string) func(*review.Act) { return func(a *review.Act) { a.Role, a.Mandatory = r, true } }
	s.on(4*day, func() {
		s.refused(s.act(s.in.Process, "it-ida", review.AddSeat, step("access"), role("legal")), review.NotOwner)
		s.refused(s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), role("it")), review.SeatThere)
		s.refused(s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), s.to("it-ida")), review.BadDelegate)
		s.refused(s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), s.to("requester-rae")), review.BadDelegate)
		s.refused(s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), role("@person/requester-rae")), review.WrongAct)
		s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), role("legal"))
		s.act(s.in.Process, "owner-ola", review.AddSeat, step("access"), s.to("tax-tom"))
	})
	s.on(5*day, func() { s.answer("it-ida", "access", review.Approve); s.answer("tax-tom", "access", review.Approve) })
	s.on(8*day+time.Hour, func() {
		if r := s.open("access"); r.Closed != nil || !r.Policy.Groups[0].Seats[1].Mandatory {
			t.Errorf("the step is over without its added seat: %+v", r.Closed)
		}
		s.answer("legal-lee", "access", review.Approve)
	})
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("legal-lee", "4 asked access", "8 reminder access")
	if n := len(s.in.Steps[0].Policy.Seats()); n != 1 {
		t.Errorf("the playbook's own step has %d seats now", n)
	}
}

// The owner ends a round early: those who were silent are not waited for, and
// the vendor's next version asks them again.
func TestSendChangesEarly(t *testing.T) {
	for name, forVendor := range map[string]string{"then asked for the list": "", "with the list": "list"} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, []string{"legal-lee", "finance-fay"}, []string{"contract"}, reviewStepOf(t, seat("legal"), seat("finance")))
			s.in.Contract = s.text("v1", contractText("", ""))
			send := func(a *review.Act) { a.Written.Vendor = forVendor }
			s.on(1*time.Hour, func() {
				s.refused(s.act("contract/acme/1", "owner-ola", review.SendChanges, send), review.NoChanges)
				s.answer("legal-lee", "review", review.Changes)
			})
			s.on(2*time.Hour, func() {
				s.refused(s.act("contract/acme/1", "legal-lee", review.SendChanges, send), review.NotOwner)
				s.refused(s.act(s.in.Process, "owner-ola", review.SendChanges, send), review.WrongAct)
				s.act("contract/acme/1", "owner-ola", review.SendChanges, send)
			})
			s.on(3*time.Hour, func() {
				if forVendor == "" {
					s.answer("owner-ola", "send", playbook.Sent, func(a *review.Answer) { a.Written.Inside = "digest" })
				} else if len(s.rec.of(dossier.SentToVendor)) != 1 {
					t.Error("the list is not sent")
				}
			})
			s.on(1*day, func() {
				s.text("v2", contractText(", ever", ""))
				s.answer("owner-ola", "next", review.Delivered, deliver("sha256:v2"))
			})
			s.on(2*day, func() {
				s.answer("legal-lee", "review", review.Approve)
				s.answer("finance-fay", "review", review.Approve)
			})
			if out := s.play(); out.Contract != "sha256:v2" {
				t.Errorf("got %+v", out)
			}
			s.wantTold("finance-fay", "0 asked review", "1 asked review")
		})
	}
}

// A mail that comes back makes the request undelivered; the next one that
// arrives ends that.
func TestUndelivered(t *testing.T) {
	s := once(t)
	lost := func() {
		s.send(s.in.Process, UpdateAct, "bounce", review.Act{ID: "bounce", Kind: review.Undelivered, Request: s.open("access").ID, Person: review.Person{ID: "it-ida"}})
	}
	is := func(want bool) {
		if r := s.open("access"); r.Seating("it").Holders[0].Undelivered != want {
			t.Errorf("at %s undelivered is %t", s.env.Now(), !want)
		}
	}
	s.on(1*time.Hour, lost)
	s.on(2*time.Hour, func() { is(true); lost() })
	s.on(3*day, func() { is(false); s.answer("it-ida", "access", review.Approve) })
	s.play()
	n := 0
	for _, e := range s.rec.of(dossier.Request) {
		if e.Fact.Kind == review.FactLost {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d entries say that it did not arrive, want one", n)
	}
}

// One person takes another's place everywhere in the case, once.
func TestReplacePeople(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "legal-lou", "it-ida", "sponsor-sue"}, []string{"contract"},
		reviewStepOf(t, seat("legal"), seat("it")))
	s.seen.naps = true // the question and the review each wait on a timer
	s.in.Contract, s.in.Sponsor = s.text("v1", contractText("", "")), "sponsor-sue"
	replace := func(from, by string, n string) {
		s.know(from, leaves)
		for _, p := range []string{s.in.Process, "contract/acme/1"} {
			s.send(p, UpdatePeople, "replace"+n+p, PeopleChange{Revision: 2, People: []review.Person{s.person(from), s.person(by)},
				Replaced: &Replaced{Leaver: from, By: s.person(by), Actor: "sponsor-sue", Answer: "replace" + n}})
		}
	}
	s.on(1*time.Hour, func() { replace("legal-lee", "legal-lou", "1") })
	s.on(2*time.Hour, func() { replace("owner-ola", "sponsor-sue", "2") })
	s.on(3*time.Hour, func() {
		if v := s.view(); v.Owner != "sponsor-sue" || v.Sponsor != "sponsor-sue" {
			t.Errorf("the case is owned by %s", v.Owner)
		}
		if r := s.open("review"); r.Owner != "sponsor-sue" {
			t.Errorf("what is open is still owned by %s", r.Owner)
		}
		replace("legal-lee", "legal-lou", "3")
		s.refused(s.act(s.in.Process, "owner-ola", review.Hold), review.NotActive)
		s.act(s.in.Process, "sponsor-sue", review.Ask, s.to("it-ida"))
	})
	s.on(1*day, func() { s.answer("legal-lou", "review", review.Approve); s.answer("it-ida", "review", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
	s.wantTold("legal-lou", "0 asked review")
	if n := len(s.rec.of(dossier.OwnerChanged)); n != 2 {
		t.Errorf("%d entries say that the owner changed, want one a process", n)
	}
}

// checkSteering holds what is true however a case was steered: nobody is told
// anything while it is held, nothing is asked then, every seat that was mandatory
// or had a veto is so at the end, and no step is dropped in which such a seat has
// answered.
func (s *story) checkSteering() {
	s.t.Helper()
	held, asked := map[string]bool{}, map[string]*review.Request{}
	for _, e := range s.rec.entries {
		switch {
		case e.Kind == dossier.Held || e.Kind == dossier.Resumed:
			held[e.Process] = e.Kind == dossier.Held
		case e.Fact == nil:
		case e.Fact.Kind == review.FactOpened:
			r := e.Fact.Opened.Clone()
			asked[e.Fact.Request] = &r
		case held[e.Process] && (e.Fact.Kind == review.FactTold || e.Fact.Kind == review.FactGroup):
			s.t.Errorf("%s: %s of %s while the case is held", e.ID, e.Fact.Kind, e.Fact.Request)
		case e.Fact.Kind == review.FactClosed && e.Fact.Why == "superseded" && playbookStep(s, asked[e.Fact.Request].Step) && asked[e.Fact.Request].Guarded():
			s.t.Errorf("%s: a mandatory seat was closed away", e.ID)
		}
		if e.Fact != nil && asked[e.Fact.Request] != nil && e.Fact.Kind != review.FactOpened {
			asked[e.Fact.Request].Apply(*e.Fact)
		}
	}
	for _, e := range s.rec.of(dossier.Request) {
		if e.Fact.Kind != review.FactOpened {
			continue
		}
		for _, was := range e.Fact.Opened.Policy.Seats() {
			is, _, there := asked[e.Fact.Request].Seat(was.ID)
			if !there || was.Mandatory && !is.Mandatory || was.Veto && !is.Veto {
				s.t.Errorf("%s lost the seat %s", e.Fact.Request, was.ID)
			}
		}
	}
}

// playbookStep: what the owner is asked in between is moot when it is.
func playbookStep(s *story, id string) bool {
	return slices.ContainsFunc(s.in.Steps, func(p playbook.Step) bool { return p.ID == id })
}
