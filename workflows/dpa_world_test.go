package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// collectionSteps are the three parts of a collection: the vendor's people deliver,
// privacy-pam checks, legal-lee and board-bea sign.
func collectionSteps(t *testing.T) []playbook.Step {
	part := func(id string, kind review.Kind, seats ...review.Seat) playbook.Step {
		s := reviewStepOf(t, seats...)
		s.ID, s.Title, s.Process, s.Kind = id, id, playbook.DPA, kind
		return s
	}
	ask := part("ask", review.Delivery, review.Seat{ID: "vendor", Role: review.VendorRole, Mandatory: true})
	ask.Deadlines = playbook.Deadlines{Due: span(t, "10 working days"), Backup: span(t, "7 working days"), Owner: span(t, "11 working days"),
		Remind: []calendar.Span{span(t, "5 working days"), span(t, "8 working days"), span(t, "10 working days"), span(t, "13 working days")}}
	return []playbook.Step{ask, part("points", review.Checklist, seat("privacy")), part("sign", review.Decision, seat("legal"), seat("board"))}
}

// newCollection prepares a collection from acme, whose contacts are acme.1 and
// acme.2; personal data need an agreement.
func newCollection(t *testing.T, steps ...playbook.Step) *story {
	t.Helper()
	if steps == nil {
		steps = collectionSteps(t)
	}
	s := newStory(t, []string{"privacy-pam", "legal-lee", "board-bea", "it-ida"}, []string{"contract"}, steps...)
	for _, id := range []string{"acme.1", "acme.2"} {
		s.know(id, func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	}
	s.in.DPAWhen, s.in.Facts = playbook.Condition{Data: []string{"personal"}}, playbook.Facts{Data: []string{"payment", "personal"}}
	s.rec.readings = map[string]engagement.Reading{}
	s.root = "dpa/acme/1"
	return s
}

// playDPA runs the story as a collection of its own.
func (s *story) playDPA(change ...func(*DPAInput)) DPAResult {
	s.t.Helper()
	in := DPAInput{Common: s.in.Common, Facts: s.in.Facts, When: s.in.DPAWhen}
	in.Process, in.Case = s.root, s.root
	for _, c := range change {
		c(&in)
	}
	var out DPAResult
	s.run(DPAType, in.Process, in, &out)
	s.checkForce()
	return out
}

// agreement puts a document into the store that was read as an agreement; change may
// say that it was read as something else.
func (s *story) agreement(name string, change ...func(*engagement.Reading)) string {
	digest := s.text(name, "1. Personal data are processed on documented instructions only.\n2. The end of "+name+".\n")
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	found := engagement.Reading{Document: digest, Media: "application/pdf", Size: 7, Kind: engagement.KindDPA}
	for _, c := range change {
		c(&found)
	}
	s.rec.readings[digest] = found
	return digest
}

func unreadable(r *engagement.Reading) { r.Flags = []engagement.ReadingFlag{engagement.FlagUnreadable} }
func anNDA(r *engagement.Reading)      { r.Kind = engagement.KindNDA }

// found answers a checklist: every point at clause 1, but for those that are
// missing, and the agreement ends a year after Monday.
func found(missing ...string) func(*review.Answer) {
	return func(a *review.Answer) {
		for _, p := range engagement.DPAPoints() {
			f := engagement.Finding{Point: p.ID, Places: []string{"1"}}
			switch {
			case slices.Contains(missing, p.ID):
				f = engagement.Finding{Point: p.ID, Missing: true}
			case p.ID == engagement.PointEnds:
				f = engagement.Finding{Point: p.ID, On: monday.AddDate(1, 0, 0)}
			case p.ID == engagement.PointLookAgain:
				f = engagement.Finding{Point: p.ID, On: monday.AddDate(0, 6, 0)}
			}
			a.Findings = append(a.Findings, f)
		}
	}
}

// forVendor files in the vendor's place, with the source.
func forVendor(a *review.Answer) { a.ForVendor, a.Written = true, review.Written{Inside: "digest"} }

// telling writes words for the vendor.
func telling(a *review.Answer) { a.Written = review.Written{Inside: "digest", Vendor: "digest"} }

// delivers, checks and signs are the steps of a story in which all goes well.
func (s *story) delivers(digest string) { s.answer("acme.1", "ask", review.Delivered, deliver(digest)) }
func (s *story) checks(missing ...string) {
	s.answer("privacy-pam", "points", review.Checked, found(missing...))
}
func (s *story) signs() {
	s.answer("legal-lee", "sign", review.Approve)
	s.answer("board-bea", "sign", review.Approve)
}

// wantNobodyAsked asserts that no request of a step is open.
func (s *story) wantNobodyAsked(step string) {
	s.t.Helper()
	for _, r := range s.view().Requests {
		if r.Step == step && r.Closed == nil {
			s.t.Errorf("at %s: %s is asked", s.env.Now().Format(time.DateTime), r.ID)
		}
	}
}

// checkForce holds every agreement in force to what people answered: a checklist
// that found everything and an approval of all seats, both by people of the client,
// for this very document.
func (s *story) checkForce() {
	s.t.Helper()
	v := s.view()
	for _, e := range s.rec.of(dossier.DPAInForce) {
		if e.Case != s.root {
			continue
		}
		checked, approved := false, false
		for _, r := range v.Requests {
			if r.Process != e.Process || r.Closed == nil || r.Closed.Why != "decided" || len(r.Versions) == 0 || r.Versions[0].Document != e.Detail.Document {
				continue
			}
			people := standing(&r)
			ours := len(people) > 0 && !slices.ContainsFunc(people, func(b review.Ballot) bool { return s.person(b.Person).Employer != "" || b.Channel == "" })
			whole := !slices.ContainsFunc(people, func(b review.Ballot) bool {
				return len(engagement.Lacking(engagement.DPAPoints(), b.Findings)) > 0
			})
			checked = checked || ours && r.Kind == review.Checklist && whole
			approved = approved || ours && r.Kind == review.Decision && len(people) == len(r.Policy.Seats()) && !r.Waived &&
				!slices.ContainsFunc(people, func(b review.Ballot) bool { return b.Verdict != review.Approve })
		}
		if !checked || !approved {
			s.t.Errorf("%s is in force; checked by people: %v, approved by people: %v", e.Detail.Document, checked, approved)
		}
	}
}
