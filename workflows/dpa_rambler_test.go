package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// newDPARambler lets random people of both sides do random things to a collection.
func newDPARambler(s *story, seed uint64) *rambler {
	return &rambler{s: s, rnd: rand.New(rand.NewPCG(seed, 11)),
		people: []string{"acme.1", "acme.2", "privacy-pam", "legal-lee", "board-bea", "it-ida", "owner-ola", "requester-rae", "stranger-stan"}}
}

// collects does one thing to a collection.
func (r *rambler) collects(process string) {
	s := r.s
	v := s.view()
	running := slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool { return p.ID == process && p.Ended.IsZero() })
	var open []review.Request
	for _, q := range v.Requests {
		if q.Process == process && (q.Closed == nil || r.rnd.IntN(8) == 0) {
			open = append(open, q)
		}
	}
	if !running || len(open) == 0 {
		return
	}
	q := pick(r, open...)
	who := pick(r, r.people...)
	s.ids++
	id := fmt.Sprintf("x%d", s.ids)
	act := review.Act{ID: id, Process: process, Request: q.ID, Person: s.person(who), Written: review.Written{Inside: "digest"}}
	switch r.rnd.IntN(16) {
	default:
		s.send(process, UpdateAnswer, id, r.someAnswer(id, who, q))
		return
	case 0:
		act.Kind = review.TakeBack
	case 1:
		if r.rnd.IntN(6) > 0 {
			return
		}
		act.Kind = review.Recuse
	case 2:
		act.Kind, act.To, act.Until = review.Delegate, s.person(pick(r, r.people...)), s.env.Now().Add(time.Duration(r.rnd.IntN(200))*time.Hour)
	case 3:
		act.Kind, act.Request, act.Person = pick(r, review.Hold, review.Resume, review.Resume), "", s.person("owner-ola")
	case 4:
		act.Kind, act.Step, act.Person = review.Reopen, pick(r, "ask", "points", "sign"), s.person("owner-ola")
	case 5:
		act.Kind, act.Person, act.Role, act.Group = review.AddSeat, s.person("owner-ola"), pick(r, "it", "board", review.VendorRole), r.rnd.IntN(2)
		if q.Kind == review.Checklist {
			return // a second checker would want as many findings
		}
	case 6:
		s.apply(pick(r, "acme.1", "acme.2", "it-ida"), func(p *playbook.Person) { p.Left = !p.Left })
		return
	}
	s.send(process, UpdateAct, id, act)
}

// someAnswer is mostly what whoever holds a seat could well say.
func (r *rambler) someAnswer(id, who string, q review.Request) review.Answer {
	s := r.s
	if holders := q.Seatings[r.rnd.IntN(len(q.Seatings))].Holders; len(holders) > 0 && r.rnd.IntN(5) > 0 {
		who = holders[r.rnd.IntN(len(holders))].Person
	}
	a := review.Answer{ID: id, Request: q.ID, Version: q.Current(), Verdict: pick(r, q.Verdicts()...), Person: s.person(who), Channel: pick(r, "web", "mail", "slack"),
		Written: review.Written{Inside: "digest", Vendor: pick(r, "", "digest")}, ForVendor: r.rnd.IntN(8) == 0}
	if (a.Verdict == playbook.Withdraw || a.Verdict == playbook.Refuse || a.Verdict == playbook.Waive) && r.rnd.IntN(6) > 0 {
		a.Verdict = q.Verdicts()[0]
	}
	switch q.Kind {
	case review.Delivery:
		r.texts++
		a.Documents = []string{s.agreement(fmt.Sprintf("%s-%d", id, r.texts), pick(r, func(*engagement.Reading) {}, func(*engagement.Reading) {}, unreadable, anNDA))}
		if r.rnd.IntN(8) == 0 {
			a.Documents = pick(r, nil, []string{"sha256:nowhere"}, append(a.Documents, "sha256:nowhere"))
		}
	case review.Checklist:
		found(somePoints(r)...)(&a)
		if r.rnd.IntN(6) == 0 {
			a.Findings = a.Findings[1:]
		}
	case review.Decision:
		a.Verdict = pick(r, review.Approve, review.Approve, review.Approve, review.Changes, review.Reject)
	}
	return a
}
