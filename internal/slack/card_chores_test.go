package slack

import (
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// wholeScenes are requests of a whole onboarding: what gangway asks the owner, a form, a
// blind score, a checklist of clauses, a contract of which every section must be read,
// and what comes up while a vendor works.
func wholeScenes() map[string]scene {
	all := map[string]scene{}
	put := func(name string, change func(r *review.Request)) {
		all[name] = sceneOf("helen", func(s *scene) {
			r := &s.Request
			r.Versions, r.Document, r.Reasoned = nil, "", nil
			r.Policy = review.Policy{Groups: []review.Group{{Name: "asked", Rule: review.RuleAll, Seats: []review.Seat{{ID: playbook.OwnerSeat, Role: review.OwnerRole, Mandatory: true}}}}}
			r.Seatings = []review.Seating{{Seat: playbook.OwnerSeat, Holders: []review.Holder{holder("helen")}}}
			r.Requester = ""
			change(r)
		})
	}
	for _, name := range []string{playbook.ChoreText, playbook.ChoreSend, playbook.ChoreNext, playbook.ChoreSettle, playbook.ChoreAsk, playbook.ChoreUnreadable, playbook.ChoreOtherKind, playbook.ChoreSame,
		playbook.ChoreLacking, playbook.ChoreRefused, playbook.ChoreFailed, playbook.ChoreCompetition, playbook.ChoreAccess, playbook.ChorePart, playbook.ChoreRunOut, playbook.ChoreIncomplete, playbook.ChoreSilent,
		playbook.ChoreNotAccepted, playbook.ChoreWaiver, playbook.ChoreClauses, playbook.ChoreCopy} {
		c := playbook.NewChore(name, playbook.Onboarding, playbook.Deadlines{})
		put(name, func(r *review.Request) {
			r.Step, r.Kind, r.Title, r.Ask, r.Options, r.Reasoned, r.ToVendor, r.Points = c.Step.ID, c.Step.Kind, c.Step.Title, c.Step.Ask, c.Options, c.Reasoned, playbook.Outward(c.Options), c.Step.Points
			r.Sheet = len(r.Points) > 0
		})
	}
	put("risk record", func(r *review.Request) {
		r.Kind, r.Title, r.Sheet, r.Points = review.Task, "The risk record", true, []engagement.Point{{ID: "risk-1", Title: "Risk <!channel>", Kind: engagement.PointText}}
	})
	put("blind score", func(r *review.Request) {
		r.Kind, r.Title, r.Blind, r.Criteria = review.Rating, "Points for the pilot", true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 5}}
	})
	put("go", func(r *review.Request) {
		r.Kind, r.Title, r.Reasoned = review.Decision, "Go, or no go?", []review.Verdict{review.Approve}
	})
	put("notice", func(r *review.Request) {
		r.Kind, r.Title, r.Options, r.Reasoned = review.Task, "The contract comes to its end: renew, renegotiate or leave?", []review.Verdict{playbook.Renew, playbook.Renegotiate, playbook.Leave}, []review.Verdict{playbook.Renew, playbook.Leave}
	})
	put("access ends", func(r *review.Request) {
		r.Kind, r.Title, r.Options = review.Task, "Access ends: renew or remove?", []review.Verdict{playbook.Extend, playbook.Remove}
	})
	return all
}

// TestNoCardOffersWhatIsRefused: whatever a card of a whole onboarding lets people press
// is counted: at once where it is given at once, with a reason where it asks for one. What
// takes more leads to the page, and says so where a phone shows one line alone.
func TestNoCardOffersWhatIsRefused(t *testing.T) {
	t.Parallel()
	pressed := 0
	for name, s := range wholeScenes() {
		m := s.card()
		if faults := m.faults(); len(faults) > 0 {
			t.Errorf("%s: Slack refuses the card: %q", name, faults)
		}
		if !strings.Contains(m.text, clean(s.Request.Title)) {
			t.Errorf("%s: a phone shows %q", name, m.text)
		}
		if s.byPage() {
			if !strings.Contains(m.text, "Answer on the web page") || !strings.Contains(string(m.wire(0)), s.page()) || strings.Contains(string(m.wire(0)), `"action_id":"answer`) {
				t.Errorf("%s: %q, %s", name, m.text, m.wire(0))
			}
			continue
		}
		for _, v := range s.Request.Verdicts() {
			pressed++
			if !strings.Contains(m.text, playbook.Say(v)) {
				t.Errorf("%s: a phone does not say “%s”: %q", name, playbook.Say(v), m.text)
			}
			a := review.Answer{ID: "x", Request: s.Request.ID, Verdict: v, Version: s.Request.Current(), Person: review.Person{ID: "helen", Active: true}, Channel: Channel, At: s.Now}
			if !s.atOnce(v) {
				a.Written.Inside = "digest"
			}
			r := s.Request.Clone()
			if out, _ := r.Judge(a, s.Now); !out.OK() {
				t.Errorf("%s: “%s” is offered, and refused: %s", name, playbook.Say(v), out.Refusal)
			}
		}
	}
	if pressed < 15 {
		t.Errorf("%d answers can be pressed: the test looks in the wrong place", pressed)
	}
}
