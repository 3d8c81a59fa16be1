package workflows

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// rambler lets random people do random things to a case.
type rambler struct {
	s      *story
	rnd    *rand.Rand
	people []string
	texts  int
}

func pick[T any](r *rambler, from ...T) T { return from[r.rnd.IntN(len(from))] }

// anything does one thing to whatever is there now; most of it is refused.
func (r *rambler) anything() {
	s, who := r.s, pick(r, r.people...)
	v := s.view()
	if len(v.Requests) == 0 || !v.Closed.IsZero() {
		return
	}
	q := pick(r, v.Requests...)
	if q.Closed != nil && r.rnd.IntN(4) > 0 { // mostly about what is open
		q = v.Requests[len(v.Requests)-1]
	}
	if ended := func() bool {
		for _, p := range v.Processes {
			if p.ID == q.Process && !p.Ended.IsZero() {
				return true
			}
		}
		return false
	}(); ended {
		return
	}
	r.texts++
	fresh := func() string {
		return s.text(fmt.Sprintf("t%d", r.texts), contractText(fmt.Sprintf(", %d", r.rnd.IntN(3)), fmt.Sprintf(" %d", r.texts)))
	}
	reason := review.Written{Inside: "digest"}
	s.ids++
	id := fmt.Sprintf("x%d", s.ids)
	act := review.Act{ID: id, Process: q.Process, Request: q.ID, Person: s.person(who), Written: reason}
	switch r.rnd.IntN(20) {
	default:
		if holders := q.Seatings[r.rnd.IntN(len(q.Seatings))].Holders; len(holders) > 0 && r.rnd.IntN(3) > 0 {
			who = holders[r.rnd.IntN(len(holders))].Person
		}
		a := review.Answer{ID: id, Request: q.ID, Version: max(0, q.Current()-r.rnd.IntN(2)), Verdict: pick(r, q.Verdicts()...), Person: s.person(who), Written: reason}
		if a.Verdict == playbook.Withdraw && r.rnd.IntN(4) > 0 {
			a.Verdict = q.Verdicts()[0]
		}
		if a.Verdict == review.Delivered {
			a.Documents = []string{pick(r, fresh(), "sha256:v1", "sha256:nowhere")}
		}
		s.send(q.Process, UpdateAnswer, id, a)
		return
	case 0:
		act.Kind = review.TakeBack
	case 1:
		act.Kind = review.Recuse
		if r.rnd.IntN(3) > 0 {
			return
		}
	case 2:
		act.Kind, act.To, act.Until = review.Delegate, s.person(pick(r, r.people...)), s.env.Now().Add(time.Duration(r.rnd.IntN(200))*time.Hour)
	case 3:
		act.Kind, act.Until = review.Snooze, s.env.Now().Add(time.Duration(r.rnd.IntN(200))*time.Hour)
	case 4:
		act.Kind, act.Name, act.Document, act.Person = review.Submit, ContractDocument, fresh(), s.person("owner-ola")
	case 5:
		act.Kind, act.Process, act.Step, act.Person = review.Reopen, s.in.Process, pick(r, "check", "review", "access"), s.person("owner-ola")
	case 6:
		s.apply(who, func(p *playbook.Person) {
			switch r.rnd.IntN(4) {
			case 0:
				p.Left = !p.Left
			case 1:
				p.Roles = pick(r, []string{"legal"}, []string{"it", "finance"}, nil)
			default:
				p.Away = []playbook.Away{{From: s.env.Now(), Until: s.env.Now().Add(time.Duration(r.rnd.IntN(300)) * time.Hour)}}
			}
		})
		return
	case 7, 8, 9, 10, 11:
		act = r.steering(act, q)
	}
	s.send(act.Process, UpdateAct, id, act)
}

// steering makes an act by which the owner steers, or once in a while a person's
// replacement, or a mail that came back.
func (r *rambler) steering(act review.Act, q review.Request) review.Act {
	s := r.s
	act.Kind = pick(r, review.Extend, review.Hold, review.Resume, review.Resume, review.Ask, review.AddSeat, review.Correct, review.SendChanges, review.Undelivered)
	act.To, act.Until = s.person(pick(r, r.people...)), s.env.Now().Add(time.Duration(r.rnd.IntN(400))*time.Hour)
	if act.Kind == review.Undelivered {
		return act
	}
	if r.rnd.IntN(5) > 0 {
		act.Person = s.person(pick(r, "owner-ola", "deputy-dan"))
	}
	switch act.Kind {
	case review.Hold, review.Resume, review.Ask:
		act.Process, act.Request = s.in.Process, ""
	case review.AddSeat:
		act.Role, act.Mandatory, act.Group = pick(r, "", "it", "legal", "finance", "buyer"), r.rnd.IntN(2) == 0, r.rnd.IntN(3)
	case review.Correct:
		act.Process, act.Request = s.in.Process, ""
		var facts playbook.Facts
		for _, c := range s.view().Corrections {
			facts, _ = facts.Corrected(c.Field, c.Values, c.Amount)
		}
		s.correcting(s.in.Common, facts, pick(r, []string{"health"}, nil)...)(&act)
	}
	return act
}

// Whatever people do in whatever order, the record is the state, nobody is told
// of what is not in it, every copy follows, one timer is live, and the case ends
// when the owner ends it.
func TestRandomPeopleDoingRandomThings(t *testing.T) {
	for seed := range uint64(12 / sampled) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			people := []string{"buyer-bo", "legal-lee", "legal-lou", "finance-fay", "it-ida", "backup-bea", "deputy-dan"}
			audit := stepOf(t, "audit", "intake", seat("legal"), seat("it"))
			audit.Tiers = []engagement.Tier{1}
			notice := stepOf(t, "notice", "intake", seat("finance"))
			notice.Tiers = []engagement.Tier{3}
			check := stepOf(t, "check", "intake", seat("buyer"), seat("legal"))
			check.Policy.Waivable, check.Policy.Groups[0].Rule = true, review.RuleAny
			contract := reviewStepOf(t, seat("legal", "2"), seat("finance", "3"), seat("it"))
			contract.Policy.Groups = append(contract.Policy.Groups, review.Group{Name: "sign", Rule: review.RuleAll, Seats: []review.Seat{seat("buyer")}})
			s := newStory(t, people, []string{"intake", "contract", "activation"}, check, audit, notice, contract, stepOf(t, "access", "activation", seat("it"), seat("finance")))
			for _, p := range people[:5] {
				s.know(p, func(p *playbook.Person) { p.Backups, p.Manager = []string{"backup-bea"}, "owner-ola" })
			}
			s.in.Deputy = "deputy-dan"
			s.in.Tiers = []playbook.TierRule{{Tier: 1, When: playbook.Condition{Data: []string{"health"}}}, {Tier: 3}}
			s.seen.naps = true // what a correction adds waits beside the contract review
			if seed%2 == 0 {
				s.in.Contract = s.text("v1", contractText("", ""))
			}
			s.anyOutcome = true
			r := &rambler{s: s, rnd: rand.New(rand.NewPCG(seed, 7)), people: append(people, "owner-ola", "requester-rae", "stranger-stan")}
			at := time.Duration(0)
			for range 120 {
				at += time.Duration(1+r.rnd.IntN(40)) * time.Hour
				s.on(at, func() {
					for range 1 + r.rnd.IntN(3) {
						r.anything()
					}
				})
			}
			s.on(at+time.Hour, func() {
				if s.view().Closed.IsZero() {
					s.act(s.in.Process, "requester-rae", review.Withdraw, func(a *review.Act) { a.Person.Active = true }) // may have left by now
				}
			})
			s.play()
			s.checkSteering()
			n := map[review.Status]int{}
			for _, o := range s.last {
				n[o.Status]++
			}
			t.Logf("%v, %d requests, %d lines, %d processes", n, len(s.view().Requests), s.view().Lines, len(s.view().Processes))
		})
	}
}
