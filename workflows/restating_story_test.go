package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// A case that lasts longer than a year asks everybody for their statement again, in
// whatever is open, and once.
func TestInterestsAreStatedAgainAfterAYear(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "it-ida"}, []string{"intake", "later"},
		stepOf(t, "risk", "intake", seat("legal")), stepOf(t, "data", "intake", seat("it")), stepOf(t, "again", "later", seat("legal")), stepOf(t, "more", "later", seat("legal")))
	s.in.Declaration = interests
	s.on(1*day, func() { s.answer("legal-lee", "risk", review.Approve, declares) })
	s.on(370*day, func() { s.answer("it-ida", "data", review.Approve, declares) })
	s.on(371*day, func() {
		if r := s.open("again"); slices.Contains(r.Declared, "legal-lee") || !slices.Contains(r.Declared, "it-ida") {
			t.Errorf("after a year %v stand", r.Declared)
		}
		s.refused(s.answer("legal-lee", "again", review.Approve), review.NeedsInterest)
		s.answer("legal-lee", "again", review.Approve, declares)
	})
	s.on(372*day, func() { s.answer("legal-lee", "more", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// What is open when the year is over asks for the statement again, whether or not
// anything happens on that day.
func TestInterestsOfAnOpenRequestAfterAYear(t *testing.T) {
	s := newStory(t, []string{"legal-lee"}, []string{"intake"}, stepOf(t, "risk", "intake", seat("legal")), stepOf(t, "data", "intake", seat("legal")))
	s.in.Declaration = interests
	s.on(1*day, func() { s.answer("legal-lee", "risk", review.Approve, declares) })
	s.on(300*day, func() {
		if r := s.open("data"); !slices.Equal(r.Declared, []string{"legal-lee"}) {
			t.Errorf("in the year %v stand", r.Declared)
		}
	})
	s.on(400*day, func() { s.refused(s.answer("legal-lee", "data", review.Approve), review.NeedsInterest) })
	s.on(401*day, func() { s.answer("legal-lee", "data", review.Approve, declares) })
	s.play()
}

// A corrected fact is a new question: everybody states again whether they have an
// interest, in the case and in its parts that run; what they said after it counts.
func TestInterestsAreStatedAgainAfterACorrection(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "security-sam"}, []string{"intake", "contract", "after"},
		stepOf(t, "risk", "intake", seat("legal"), seat("security")), reviewStepOf(t, seat("legal"), seat("security")), stepOf(t, "access", "after", seat("security")))
	s.in.Declaration, s.in.Together = interests, true
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		s.answer("legal-lee", "risk", review.Approve, declares)
		s.answer("security-sam", "risk", review.Approve, declares)
	})
	s.on(1*day, func() {
		if r := s.open("review"); len(r.Declared) != 2 {
			t.Errorf("the review knows of %v", r.Declared)
		}
		s.correct("data", "health")
	})
	s.on(2*day, func() {
		if r := s.open("review"); len(r.Declared) != 0 {
			t.Errorf("after the correction %v stand", r.Declared)
		}
		s.refused(s.answer("legal-lee", "review", review.Approve), review.NeedsInterest)
		s.answer("legal-lee", "review", review.Approve, declares)
		s.answer("security-sam", "review", review.Approve, declares)
	})
	s.on(3*day, func() { s.answer("security-sam", "access", review.Approve) })
	if out := s.play(); out.Result != ResultLive {
		t.Errorf("got %+v", out)
	}
}

// correct corrects a fact of the intake as the owner was shown.
func (s *story) correct(field string, values ...string) {
	s.t.Helper()
	act := review.Act{Field: field, Values: values}
	v := s.view()
	c, _ := playbook.Correct(s.in.Steps, s.in.Tiers, v.Tier, s.in.Facts, act, playbook.Stand(v.Requests, []string{"review"}))
	s.act(s.in.Process, "owner-ola", review.Correct, func(a *review.Act) { a.Field, a.Values, a.Digest = field, values, c.Digest })
}

// An oversight asks for the statement with the first answer, and again with the first
// after a year, whatever runs it took.
func TestInterestsInAnOversight(t *testing.T) {
	sameAsUndisturbed(t, func(v *vigil) {
		v.in.Declaration = interests
		v.after(31, func() {
			v.refused(v.says("owner-ola", "waiver", playbook.Extend, goodUntil(200)), review.NeedsInterest)
			v.says("owner-ola", "waiver", playbook.Extend, goodUntil(200), declares)
		})
		v.after(171, func() { v.says("owner-ola", "waiver", playbook.Extend, goodUntil(500)) })
		v.after(471, func() {
			v.refused(v.says("owner-ola", "waiver", playbook.Extend, goodUntil(900)), review.NeedsInterest)
			v.says("owner-ola", "waiver", playbook.Extend, goodUntil(900), declares)
		})
		v.offAfter(500)
	}, expiry("financials", engagement.ExpiryWaiver, 60))
}
