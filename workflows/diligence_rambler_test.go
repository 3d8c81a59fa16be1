package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// diligenceRambler lets random people of both sides do random things to a due
// diligence.
type diligenceRambler struct{ *rambler }

// looksInto does one thing to it.
func (r diligenceRambler) looksInto() {
	s := r.s
	v := s.view()
	running := slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == s.root && p.Ended.IsZero() })
	var open []review.Request
	for _, q := range v.Requests {
		if q.Closed == nil || r.rnd.IntN(12) == 0 {
			open = append(open, q)
		}
	}
	if !running || len(open) == 0 {
		return
	}
	q := pick(r.rambler, open...)
	who := pick(r.rambler, r.people...)
	s.ids++
	id := fmt.Sprintf("x%d", s.ids)
	act := review.Act{ID: id, Process: s.root, Request: q.ID, Person: s.person(who), Written: review.Written{Inside: "digest", Vendor: pick(r.rambler, "", "digest")}}
	switch r.rnd.IntN(22) {
	default:
		s.send(s.root, UpdateAnswer, id, r.answers(id, who, q))
		return
	case 0:
		act.Kind = review.TakeBack
	case 1:
		if r.rnd.IntN(8) > 0 {
			return
		}
		act.Kind = review.Recuse
	case 2:
		act.Kind, act.To, act.Until = review.Delegate, s.person(pick(r.rambler, r.people...)), s.env.Now().Add(time.Duration(r.rnd.IntN(200))*time.Hour)
	case 3:
		act.Kind, act.Request, act.Person = pick(r.rambler, review.Hold, review.Resume, review.Resume), "", s.person("owner-ola")
	case 4:
		act.Kind, act.Step, act.Person = review.Reopen, pick(r.rambler, "iso", "mfa", "staff", "reference-a", "risk", "risk-sign"), s.person("owner-ola")
	case 5:
		act.Kind, act.Person, act.Role, act.Group = review.AddSeat, s.person("owner-ola"), pick(r.rambler, "it", "board"), r.rnd.IntN(2)
		if q.Kind != review.Decision {
			return
		}
	case 6:
		s.apply(pick(r.rambler, "acme.1", "acme.2", "finance-fay"), func(p *playbook.Person) { p.Left = !p.Left })
		return
	case 7:
		c := TierChange{Tier: pick(r.rambler, engagement.Tier(1), 2, 3), Facts: playbook.Facts{Data: pick(r.rambler, nil, []string{"health"})}}
		if s.env.SignalWorkflowByID(s.root, SignalTier, c) != nil {
			s.t.Error("the signal came not through")
		}
		return
	}
	s.send(s.root, UpdateAct, id, act)
}

// answers is mostly what whoever holds a seat could well say.
func (r diligenceRambler) answers(id, who string, q review.Request) review.Answer {
	s := r.s
	if holders := q.Seatings[r.rnd.IntN(len(q.Seatings))].Holders; len(holders) > 0 && r.rnd.IntN(6) > 0 {
		who = holders[r.rnd.IntN(len(holders))].Person
	}
	a := review.Answer{ID: id, Request: q.ID, Version: q.Current(), Verdict: pick(r.rambler, q.Verdicts()...), Person: s.person(who), Channel: "web",
		Written: review.Written{Inside: "digest", Vendor: pick(r.rambler, "", "digest", "digest")}, ForVendor: q.Kind == review.Delivery && r.rnd.IntN(10) == 0}
	if (a.Verdict == playbook.Withdraw || a.Verdict == playbook.RefuseVendor) && r.rnd.IntN(10) > 0 {
		a.Verdict = q.Verdicts()[0]
	}
	s.fillIn(&a, q)
	if q.Kind == review.Delivery && len(q.Points) == 0 {
		a.Documents = []string{s.file(id, "1. A paper.\n")}
	}
	if q.Kind == review.Decision && r.rnd.IntN(3) > 0 {
		a.Verdict = review.Approve
	}
	validTo(s.env.Now().Add(time.Duration(r.rnd.IntN(400)-20) * 4 * time.Hour))(&a)
	if len(a.Findings) > 0 && r.rnd.IntN(8) == 0 {
		lacksPoint(pick(r.rambler, a.Findings...).Point)(&a)
	}
	if len(a.Findings) > 0 && r.rnd.IntN(12) == 0 {
		a.Findings = a.Findings[1:]
	}
	return a
}

// Whatever people do in whatever order: nothing counts as accepted that people did not
// accept, nothing that ran out is behind a signed record, no record is signed but by
// people, for the very document, and no copy outlives its days or is forgotten.
func TestDiligenceRandomPeopleDoingRandomThings(t *testing.T) {
	var mu sync.Mutex // the seeds run beside each other
	results := map[string]int{}
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				steps := stepsOf(diligenceSteps(t), "iso", "insurance", "staff", "mfa", "reference-a", "risk", "risk-sign")
				for i := range steps {
					steps[i].Deadlines.Remind = []calendar.Span{span(t, "1 working day")}
					steps[i].Policy.Waivable = steps[i].Policy.Waivable || i%2 == 1 && seed%3 == 0
				}
				steps[1].Tiers, steps[2].When, steps[3].Tiers = []engagement.Tier{1, 2}, playbook.Condition{Data: []string{"health"}}, []engagement.Tier{1}
				s := newDiligence(t, steps...)
				s.in.Tier, s.in.Facts.Data = engagement.Tier(1+seed%3), pick(&rambler{rnd: rand.New(rand.NewPCG(seed, 1))}, nil, []string{"health"})
				s.anyOutcome = true
				r := diligenceRambler{&rambler{s: s, rnd: rand.New(rand.NewPCG(seed, 17)),
					people: []string{"acme.1", "acme.2", "security-sam", "finance-fay", "legal-lee", "board-bea", "buyer-bo", "it-ida", "owner-ola", "requester-rae", "stranger-stan"}}}
				at := time.Duration(0)
				for range 160 {
					at += time.Duration(1+r.rnd.IntN(24)) * time.Hour
					s.on(at, func() {
						for range 1 + r.rnd.IntN(4) {
							r.looksInto()
						}
					})
				}
				s.on(at+time.Hour, func() {
					if s.view().Closed.IsZero() && s.view().Processes[0].Ended.IsZero() {
						s.act(s.root, "requester-rae", review.Withdraw)
					}
				})
				var out PartResult
				if seed%2 == 0 {
					out = s.playDiligence(waitedFor)
				} else {
					out = s.playDiligence()
				}
				if left := s.leftCopies(out); len(left) > 0 {
					t.Errorf("left are %q", left)
				}
				mu.Lock()
				results[out.Result]++
				mu.Unlock()
				t.Logf("%s after %d requests, evidence %q", out.Result, len(s.view().Requests), s.evidence())
			})
		}
	})
	if results[ResultSigned] == 0 {
		t.Errorf("nothing was ever signed: the stories are too wild: %v", results)
	}
	t.Logf("results %v", results)
}
