package stories

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// TestWholeTheYearsAfter: a vendor works for two years. Each year it is asked in the portal
// what else it does, and jonas says on the page whether that will do. The oversight is a
// case of its own, so with his first answer there he states that he has no interest in the
// vendor; a year later the very request that he left open asks him for it again.
func TestWholeTheYearsAfter(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	contract := s.wants()
	s.needed()
	s.sworn()
	s.agreed(contract)
	s.speaks()
	v := s.o.sealed(dossier.Live)
	began := v.Last
	s.o = s.o.overseen()

	r := s.comes("declaration")
	if days := s.o.now().Sub(began).Hours() / 24; days < 300 || days > 366 {
		t.Errorf("the vendor is asked again after %.0f days", days)
	}
	s.posted.nadia.Inbox.Expect(t, clientName, "What else do you do")
	s.nadia.deliversVersion(r, []byte("1. We resell nothing, and nobody of yours has a share in us.\n"))
	s.states("jonas", "declaration-accept")
	first := s.o.now()

	r = s.comes("declaration")
	s.nadia.deliversVersion(r, []byte("1. Since spring we advise on pensions too.\n"))
	if r = s.o.asked("jonas", "declaration-accept"); !slices.Contains(r.Declared, "jonas") || s.owes("jonas", r) {
		t.Errorf("within the year jonas is to state again that he has no interest: %v", r.Declared)
	}
	s.passes(first.AddDate(1, 0, 0).Add(time.Hour))
	s.states("jonas", "declaration-accept")
	if n := len(s.statements("jonas")); n != 2 {
		t.Errorf("jonas stated his interests %d times", n)
	}
}

// comes lets time pass until a step is asked.
func (s *small) comes(step string) (found review.Request) {
	s.t.Helper()
	for range 80 {
		next := s.o.quiet()
		for _, r := range s.o.open() {
			if r.Step == step {
				return *r.Request
			}
		}
		if next.IsZero() {
			break
		}
		s.passes(next)
	}
	s.t.Fatalf("%s is never asked\n%s", step, describe(s.o.view()))
	return found
}

// passes lets time pass until a moment, as often as the clock wants something before.
func (s *small) passes(until time.Time) {
	s.t.Helper()
	for s.o.now().Before(until) {
		next := s.o.quiet()
		if next.IsZero() || next.After(until) {
			next = until
		}
		if err := s.Rehearse(s.o.id).Jump(context.Background(), next); err != nil {
			s.t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	s.o.quiet()
}

// states: without the statement on interests an answer is sent back; with it, it counts.
func (s *small) states(person, step string) {
	t := s.t
	t.Helper()
	r := s.o.asked(person, step)
	at := s.at(person)
	if !s.owes(person, r) {
		t.Errorf("%s is not asked for a statement with %s", person, r.ID)
	}
	f := at.opens(query("/request", "id", r.ID)).form("/request/answer")
	f.values.Set("verdict", string(r.Verdicts()[0]))
	shown := at.sends(f)
	if shown.status == http.StatusOK || !strings.Contains(shown.text, "no interest of my own") {
		t.Fatalf("without a statement %s is told: %d %s", person, shown.status, shown.text)
	}
	f = shown.form("/request/answer")
	f.values.Set("verdict", string(r.Verdicts()[0]))
	f.ticks()
	at.counts(at.sends(f), step)
}

// owes reports whether the page asks somebody for a statement on interests.
func (s *small) owes(person string, r review.Request) bool {
	s.t.Helper()
	f := s.at(person).opens(query("/request", "id", r.ID)).form("/request/answer")
	if f == nil {
		s.t.Fatalf("%s finds no form for %s", person, r.ID)
	}
	return slices.Contains(f.boxes["attest"], "no-conflict")
}

// statements are the answers of a person that came with one on interests. An answer counts
// a moment before it is filed.
func (s *small) statements(person string) []dossier.Line {
	s.t.Helper()
	s.o.quiet()
	return slices.DeleteFunc(s.o.lines(), func(l dossier.Line) bool {
		f := l.Entry.Fact
		return f == nil || f.Kind != review.FactCounted || l.Entry.Actor != person || !slices.Contains(f.Ballot.Attest, "no-conflict")
	})
}
