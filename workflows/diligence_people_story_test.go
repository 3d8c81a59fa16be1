package workflows

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// It is withdrawn at each of its moments; the vendor's people may not.
func TestDiligenceWithdrawnInTheMiddle(t *testing.T) {
	for at := range 5 {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			s := newDiligence(t, stepsOf(diligenceSteps(t), "iso", "reference-a", "risk", "risk-sign")...)
			for i, do := range []func(){s.providesAll, s.approvesAll, func() { s.provides("security-sam", "risk") },
				func() { s.answer("legal-lee", "risk-sign", review.Approve) }} {
				s.on(time.Duration(i+1)*day, func() {
					if at > i {
						do()
					}
				})
			}
			s.on(5*day, func() {
				s.refused(s.act(s.root, "acme.1", review.Withdraw), review.VendorPerson)
				s.refused(s.act(s.root, "legal-lee", review.Withdraw), review.NotOwner)
				s.act(s.root, "requester-rae", review.Withdraw)
			})
			if out := s.playDiligence(waitedFor); out.Result != ResultWithdrawn || out.By != "requester-rae" || len(out.Expiries) > 0 {
				t.Errorf("got %+v", out)
			}
			if len(s.rec.of(dossier.RiskSigned)) > 0 {
				t.Error("a record is signed")
			}
		})
	}
}

// The owner withdraws by a chore, of an item or of the risk record.
func TestDiligenceWithdrawnByAChore(t *testing.T) {
	t.Run("of an item", func(t *testing.T) {
		s := newDiligence(t, stepsOf(diligenceSteps(t), "financials", "mfa")...)
		s.on(1*day, s.providesAll)
		s.on(2*day, func() { s.answer("finance-fay", "financials-accept", review.Reject) })
		s.on(3*day, func() { s.answer("owner-ola", "settle-financials", playbook.Withdraw) })
		if out := s.playDiligence(waitedFor); out.Result != ResultWithdrawn || out.By != "owner-ola" {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("of the record", func(t *testing.T) {
		s := newDiligence(t, stepsOf(diligenceSteps(t), "mfa", "risk", "risk-sign")...)
		s.on(1*day, s.providesAll)
		s.on(2*day, func() { s.provides("security-sam", "risk") })
		s.on(3*day, func() {
			s.answer("board-bea", "risk-sign", review.Reject)
			s.answer("legal-lee", "risk-sign", review.Reject)
		})
		s.on(4*day, func() { s.answer("owner-ola", "settle-risk-sign", playbook.Withdraw) })
		if out := s.playDiligence(waitedFor); out.Result != ResultWithdrawn {
			t.Errorf("got %+v", out)
		}
	})
}

// The risk record is not signed at once: it is filled in anew, asked again, and in the
// end refused, waived where the playbook lets the owner, or signed.
func TestDiligenceRiskRecordNotSigned(t *testing.T) {
	const settle = "settle-risk-sign"
	for word, want := range map[review.Verdict]string{review.Approve: ResultSigned, playbook.RefuseVendor: ResultRefused, playbook.Waive: ResultWaived} {
		t.Run(want, func(t *testing.T) {
			steps := stepsOf(diligenceSteps(t), "iso", "risk", "risk-sign")
			steps[2].Policy.Waivable = word == playbook.Waive
			s := newDiligence(t, steps...)
			s.on(1*day, s.providesAll)
			s.on(2*day, s.approvesAll)
			s.on(3*day, func() { s.provides("security-sam", "risk") })
			s.on(4*day, func() {
				s.answer("legal-lee", "risk-sign", review.Changes)
				s.answer("board-bea", "risk-sign", review.Approve)
			})
			s.on(5*day, func() {
				if r := s.open(settle); slices.Contains(r.Options, playbook.Waive) != steps[2].Policy.Waivable {
					t.Errorf("the owner may %v", r.Options)
				}
				s.answer("owner-ola", settle, playbook.NextVersion)
			})
			s.on(6*day, func() {
				s.wantAsked("risk")
				s.wantClosed("risk-sign", review.Wanted, "superseded")
				s.provides("security-sam", "risk")
			})
			s.on(7*day, func() {
				if r := s.open("risk-sign"); r.Current() != 2 || len(r.Ballots) > 0 {
					t.Errorf("asked is %+v", r)
				}
				s.answer("legal-lee", "risk-sign", review.Reject)
				s.answer("board-bea", "risk-sign", review.Approve)
			})
			s.on(8*day, func() { s.answer("owner-ola", settle, playbook.AskAgain) })
			s.on(9*day, func() {
				if word == review.Approve {
					s.answer("legal-lee", "risk-sign", review.Approve)
					return
				}
				s.answer("legal-lee", "risk-sign", review.Reject)
			})
			s.on(10*day, func() {
				if word != review.Approve {
					s.answer("owner-ola", settle, word)
				}
			})
			out := s.playDiligence(waitedFor)
			if out.Result != want || (want == ResultRefused) != (len(out.Expiries) == 0) || want != ResultSigned && out.By != "owner-ola" {
				t.Errorf("got %+v", out)
			}
		})
	}
}

// A contact hands over; whoever accepts leaves, and whoever fills in declares a
// conflict: others take their places, and what they said stands or falls.
func TestDiligencePeopleReplaced(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso", "risk", "risk-sign")...)
	for _, id := range []string{"security-sid", "legal-lou"} {
		s.know(id, func(p *playbook.Person) { p.Roles = []string{id[:len(id)-4]} })
	}
	s.on(1*day, func() {
		s.ids++
		by := s.person("acme.2")
		s.send(s.root, UpdatePeople, "over", PeopleChange{People: []review.Person{by}, Replaced: &Replaced{Leaver: "acme.1", By: by, Actor: "owner-ola"}})
	})
	s.on(2*day, func() {
		s.refused(s.provides("acme.1", "iso"), review.NoSeat)
		s.provides("acme.2", "iso")
	})
	s.on(3*day, func() { s.apply("security-sam", func(p *playbook.Person) { p.Left = true }) })
	s.on(4*day, func() {
		s.refused(s.answer("security-sam", "iso-accept", review.Approve), review.NotActive)
		s.answer("security-sid", "iso-accept", review.Approve)
	})
	s.on(5*day, func() { s.provides("security-sid", "risk") })
	s.on(6*day, func() { s.answer("legal-lee", "risk-sign", review.Approve) })
	s.on(7*day, func() { s.act(s.root, "legal-lee", review.Recuse, s.about("risk-sign")) })
	s.on(8*day, func() {
		s.refused(s.answer("legal-lee", "risk-sign", review.Approve), review.IsRecused)
		s.answer("legal-lou", "risk-sign", review.Approve)
		s.answer("board-bea", "risk-sign", review.Approve)
	})
	if out := s.playDiligence(waitedFor); out.Result != ResultSigned || !slices.Equal(out.Recused, []string{"legal-lee"}) {
		t.Errorf("got %+v", out)
	}
}

// The owner leaves: the deputy gets what the owner was asked, and answers it.
func TestDiligenceOwnerLeaves(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "financials")...)
	s.know("deputy-dan", func(p *playbook.Person) { p.Roles = []string{"deputy"} })
	s.in.Deputy = "deputy-dan"
	s.on(1*day, s.providesAll)
	s.on(2*day, func() { s.answer("finance-fay", "financials-accept", review.Reject) })
	s.on(3*day, func() { s.apply("owner-ola", func(p *playbook.Person) { p.Left = true }) })
	s.on(4*day, func() { s.answer("deputy-dan", "settle-financials", playbook.AskAgain) })
	s.on(5*day, s.approvesAll)
	if out := s.playDiligence(waitedFor); out.Result != ResultCleared {
		t.Errorf("got %+v", out)
	}
}

// On hold nobody is chased, nothing is asked for again, and what comes counts; after it
// what ran out meanwhile is asked for at once.
func TestDiligenceHeldAndReopened(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso", "mfa", "risk", "risk-sign")...)
	steps := func(step string) func(*review.Act) { return func(a *review.Act) { a.Step = step } }
	words := ""
	s.on(1*day, func() { s.provides("acme.1", "iso", validTo(monday.Add(10*day))) })
	s.on(2*day, s.approvesAll)
	s.on(3*day, func() { s.act(s.root, "owner-ola", review.Hold) })
	s.on(20*day, func() {
		s.wantAsked("mfa")
		s.provides("acme.1", "mfa")
		s.refused(s.act(s.root, "owner-ola", review.Reopen, steps("iso")), review.OnHold)
	})
	s.on(21*day, func() { s.wantAsked("mfa"); s.act(s.root, "owner-ola", review.Resume) })
	s.on(22*day, func() { s.wantAsked("iso"); s.provides("acme.1", "iso") })
	s.on(23*day, s.approvesAll)
	s.on(24*day, func() {
		s.refused(s.act(s.root, "owner-ola", review.Reopen, steps("risk")), review.WrongAct)
		s.provides("security-sam", "risk")
	})
	s.on(25*day, func() {
		s.refused(s.act(s.root, "legal-lee", review.Reopen, steps("mfa")), review.NotOwner)
		words = s.act(s.root, "owner-ola", review.Reopen, steps("mfa"), func(a *review.Act) { a.Written.Vendor = "digest" })
	})
	s.on(26*day, func() {
		s.wantAsked("mfa")
		s.wantClosed("risk-sign", review.Open, "reopened")
		if r := s.open("mfa"); r.VendorText != words {
			t.Errorf("asked again %+v", r)
		}
		s.provides("acme.1", "mfa")
	})
	s.on(27*day, func() { s.wantAsked("risk-sign"); s.act(s.root, "owner-ola", review.Reopen, steps("risk")) })
	s.on(28*day, func() { s.wantAsked("risk"); s.provides("security-sam", "risk") })
	s.on(29*day, s.approvesAll)
	if out := s.playDiligence(waitedFor); out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked iso mfa", "21 asked iso", "25 asked mfa")
}

// Reminders, the second contact and the owner come by the clock, one message for all
// that one person is asked.
func TestDiligenceClock(t *testing.T) {
	steps := stepsOf(diligenceSteps(t), "iso", "financials", "mfa")
	for i := range steps {
		steps[i].Deadlines = playbook.Deadlines{Due: span(t, "10 working days"), Backup: span(t, "7 working days"), Owner: span(t, "11 working days"),
			Remind: []calendar.Span{span(t, "5 working days"), span(t, "8 working days")}}
	}
	s := newDiligence(t, steps...)
	s.on(8*day, func() { s.provides("acme.1", "financials") })
	s.on(20*day, func() { s.provides("acme.1", "iso"); s.provides("acme.1", "mfa") })
	s.on(21*day, s.approvesAll)
	s.on(28*day, s.approvesAll) // what was late with those who accept is as late as ever
	if out := s.playDiligence(waitedFor); out.Result != ResultCleared {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked iso financials mfa", "7 reminder iso financials mfa", "10 reminder iso mfa")
	s.wantTold("acme.2", "9 backup iso mfa", "16 reminder iso mfa")
	s.wantTold("owner-ola", "15 owner iso mfa", "15 asked settle-iso settle-mfa")
}

// What ran out of a vendor that works is asked for alone, and no risk record is made.
func TestDiligenceOfOneItemAgain(t *testing.T) {
	s := newDiligence(t)
	only := func(ids ...string) func(*DiligenceInput) {
		return func(in *DiligenceInput) { in.Only = ids }
	}
	s.on(1*day, func() { s.wantAsked("iso", "staff"); s.providesAll() })
	s.on(2*day, s.approvesAll)
	out := s.playDiligence(waitedFor, only("iso", "staff"))
	if out.Result != ResultCleared || len(out.Expiries) != 2 || out.Expiries[0].Name != "iso" || out.Expiries[1].Kind != engagement.ExpiryCopy {
		t.Errorf("got %+v", out)
	}
}

// Items that the playbook does not have start nothing.
func TestDiligenceOfUnknownItems(t *testing.T) {
	s := newDiligence(t)
	in := DiligenceInput{Common: s.in.Common, Only: []string{"nothing"}}
	in.Process, in.Case = s.root, s.root
	s.start(DiligenceType, s.root, in)
	if s.env.GetWorkflowError() == nil {
		t.Error("it ran")
	}
}

// A task that does both is signed by those who accept it.
func TestDiligenceRiskRecordSignedByThoseWhoAccept(t *testing.T) {
	steps := stepsOf(diligenceSteps(t), "mfa", "risk")
	steps[1].Does = playbook.DoesRisk
	steps[1].Accept = &review.Policy{Groups: []review.Group{{Name: "sign", Rule: review.RuleAll, Seats: []review.Seat{seat("board")}}}}
	s := newDiligence(t, steps...)
	s.on(1*day, s.providesAll)
	s.on(2*day, func() { s.provides("security-sam", "risk") })
	s.on(3*day, func() { s.wantAsked("risk-accept"); s.answer("board-bea", "risk-accept", review.Changes) })
	s.on(4*day, func() { s.answer("owner-ola", "settle-risk-accept", playbook.NextVersion) })
	s.on(5*day, func() { s.provides("security-sam", "risk") })
	s.on(6*day, func() { s.answer("board-bea", "risk-accept", review.Approve) })
	if out := s.playDiligence(waitedFor); out.Result != ResultSigned || out.Document != s.open("risk").Ballots[0].Documents[0] {
		t.Errorf("got %+v", out)
	}
}

// Whoever delivered something, or filed it for the vendor, or filled in the risk
// record, does not say whether it will do, whatever roles they have.
func TestDiligenceNobodyJudgesTheirOwnWork(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "financials", "reference-a", "risk", "risk-sign")...)
	roles := func(id string, roles ...string) { s.know(id, func(p *playbook.Person) { p.Roles = roles }) }
	roles("buyer-bo", "buyer", "legal")
	roles("owner-ola", "owner", "finance")
	roles("security-sam", "security", "board")
	s.know("board-bob", func(p *playbook.Person) { p.Roles = []string{"board"} })
	s.on(1*day, func() {
		s.provides("owner-ola", "financials", forVendor)
		s.provides("buyer-bo", "reference-a")
	})
	s.on(2*day, func() {
		s.refused(s.answer("owner-ola", "financials-accept", review.Approve), review.OwnWork)
		s.refused(s.answer("buyer-bo", "reference-a-accept", review.Approve), review.OwnWork)
		s.answer("finance-fay", "financials-accept", review.Approve)
		s.answer("legal-lee", "reference-a-accept", review.Approve)
	})
	s.on(3*day, func() { s.provides("security-sam", "risk") })
	s.on(4*day, func() {
		s.refused(s.answer("security-sam", "risk-sign", review.Approve), review.OwnWork)
		s.approvesAll()
	})
	if out := s.playDiligence(waitedFor); out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
}
