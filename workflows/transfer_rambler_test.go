package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// passingRambler lets random people of all sides do random things to something that
// passes from the vendor to others.
type passingRambler struct {
	*rambler
	reopens []string
	news    []PartNews
}

// passes does one thing to it.
func (r passingRambler) passes() {
	s := r.s
	v := s.view()
	running := slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == s.root && p.Ended.IsZero() })
	var open []review.Request
	for _, q := range v.Requests {
		if q.Closed == nil || r.rnd.IntN(15) == 0 {
			open = append(open, q)
		}
	}
	if !running || len(open) == 0 {
		return
	}
	q, who := pick(r.rambler, open...), pick(r.rambler, r.people...)
	s.ids++
	act := review.Act{ID: fmt.Sprintf("x%d", s.ids), Process: s.root, Request: q.ID, Person: s.person(who), Written: review.Written{Inside: "digest"}}
	switch r.rnd.IntN(24) {
	default:
		s.send(s.root, UpdateAnswer, act.ID, r.answers(act.ID, who, q))
		return
	case 0:
		act.Kind = review.TakeBack
	case 1:
		if act.Kind = review.Recuse; r.rnd.IntN(8) > 0 {
			return
		}
	case 2:
		act.Kind, act.To, act.Until = review.Delegate, s.person(pick(r.rambler, r.people...)), s.env.Now().Add(time.Duration(r.rnd.IntN(200))*time.Hour)
	case 3:
		act.Kind, act.Request, act.Person = pick(r.rambler, review.Hold, review.Resume, review.Resume), "", s.person("owner-ola")
	case 4:
		act.Kind, act.Step, act.Person = review.Reopen, pick(r.rambler, r.reopens...), s.person("owner-ola")
	case 5:
		s.apply(pick(r.rambler, "it-ida", "ops-ann", "acme.1"), func(p *playbook.Person) { p.Left = !p.Left })
		return
	case 6:
		if s.env.SignalWorkflowByID(s.root, SignalPart, pick(r.rambler, r.news...)) != nil {
			s.t.Error("the signal came not through")
		}
		return
	}
	s.send(s.root, UpdateAct, act.ID, act)
}

// answers is mostly what whoever holds a seat could well say.
func (r passingRambler) answers(id, who string, q review.Request) review.Answer {
	s := r.s
	if holders := q.Seatings[r.rnd.IntN(len(q.Seatings))].Holders; len(holders) > 0 && r.rnd.IntN(6) > 0 {
		who = holders[r.rnd.IntN(len(holders))].Person
	}
	a := review.Answer{ID: id, Request: q.ID, Version: q.Current(), Verdict: pick(r.rambler, q.Verdicts()...), Person: s.person(who), Channel: "web",
		Written: review.Written{Inside: "digest", Vendor: pick(r.rambler, "", "digest", "digest")}, ForVendor: q.Kind == review.Delivery && r.rnd.IntN(8) == 0}
	if q.Kind == review.Decision && r.rnd.IntN(3) > 0 {
		a.Verdict = review.Approve
	}
	for _, p := range q.Points {
		f := engagement.Finding{Point: p.ID}
		switch p.Kind {
		case engagement.PointDate:
			f.On = s.env.Now().Add(time.Duration(r.rnd.IntN(400)-20) * 4 * time.Hour)
		case engagement.PointYesNo:
			f.Choices = []string{pick(r.rambler, engagement.Yes, engagement.Yes, engagement.No)}
		case engagement.PointPerson:
			f.Choices = []string{pick(r.rambler, "it-ida", "it-ivo", "ops-ann", "owner-ola")}
		case engagement.PointNumber:
			n := int64(r.rnd.IntN(3))
			f.Number = &n
		case engagement.PointFile:
			f.Document = s.file(id+p.ID, "1. A proof.\n")
			a.Documents = append(a.Documents, f.Document)
		default:
			f.Said = true
		}
		if !p.Optional || r.rnd.IntN(2) == 0 {
			a.Findings = append(a.Findings, f)
		}
	}
	if q.Kind == review.Delivery || q.Sheet {
		a.Documents = append(a.Documents, s.text(id+"-sheet", "{}"))
	}
	return a
}

// wander lets people do things for some weeks; then the owner ends it as it stands.
func (r passingRambler) wander() {
	at := time.Duration(0)
	for range 150 {
		at += time.Duration(1+r.rnd.IntN(16)) * time.Hour
		r.s.on(at, func() {
			for range 1 + r.rnd.IntN(4) {
				r.passes()
			}
		})
	}
	r.s.on(at+time.Hour, func() {
		if v := r.s.view(); len(v.Processes) > 0 && v.Processes[0].Ended.IsZero() {
			r.s.act(r.s.root, "requester-rae", review.Withdraw)
		}
	})
}

// Whatever people do in whatever order: nothing that was learnt, and nothing that changed
// hands, counts as done that nobody showed or handed over, that nobody else judged or
// verified, or that its receiver did not take; and nothing is waived by nobody.
func TestTransferRandomPeopleDoingRandomThings(t *testing.T) {
	var mu sync.Mutex // the seeds run beside each other
	came := map[exit.State]int{}
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				count := func(out ExitPartResult) {
					mu.Lock()
					defer mu.Unlock()
					for _, m := range out.Matters {
						came[m.State]++
					}
					t.Logf("%s: %q", out.Result, states(out))
				}
				r := passingRambler{rambler: &rambler{rnd: rand.New(rand.NewPCG(seed, 23)),
					people: []string{"acme.1", "acme.2", "it-ida", "it-ivo", "hr-hal", "hr-han", "legal-lee", "ops-ann", "newco.1", "owner-ola", "requester-rae", "stranger-stan"}},
					reopens: []string{"received-payroll", "received-tax", "take-licence", "shown-tax"}, news: []PartNews{{Word: NewsGo}}}
				if seed%2 == 0 {
					l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "ops-ann"}, {ID: "tax", Sessions: 2}, {ID: "web", Receiver: "newco.1"}})
					r.s, l.anyOutcome = l.story, true
					if seed%4 == 0 {
						r.news = append(r.news, PartNews{Word: NewsAlone})
					}
					r.news = append(r.news, PartNews{Word: NewsSuccessor}, PartNews{Word: NewsSuccessor, Successor: "newco"})
					r.wander()
					count(l.teaches())
					return
				}
				s := newHandover(t)
				r.s, s.anyOutcome = s, true
				r.news = append(r.news, PartNews{Word: NewsFound, Assets: append(assetsOf(exit.AssetDomain, "", "d-8", "d-9"), assetsOf(exit.AssetStaff, "", "person-9")...)})
				if seed%4 == 1 {
					r.news = append(r.news, PartNews{Word: NewsAlone})
				}
				r.wander()
				assets := append(assetsOf(exit.AssetLicence, "", "l-1", "l-2", "l-3"), assetsOf(exit.AssetSecret, "legal-lee", "s-1", "s-2")...)
				count(s.playHandover(append(assets, assetsOf(exit.AssetStaff, "hr-hal", "person-1")...)))
			})
		}
	})
	if came[exit.StateDone] == 0 || came[exit.StateWaived] == 0 {
		t.Errorf("nothing was ever done, or nothing waived: the stories are too wild: %v", came)
	}
	t.Logf("states %v", came)
}
