package stories

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestGoldenExit is a whole life: a small vendor is taken on board, works, and is left on the command
// line, with the exit's own parts on the real engine and a real look at GitHub. What
// GitHub shows to nobody is waived by name. The dossier of the exit verifies, and the
// code does again what its histories say. With GANGWAY_RECORD=1 these are written to the
// workflows' testdata.
func TestGoldenExit(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	contract := s.wants()
	s.needed()
	s.sworn()
	s.agreed(contract)
	s.speaks()
	s.o.sealed(dossier.Live)
	watch := s.o.overseen()
	watch.quiet()

	by := watch.now().AddDate(0, 5, 0).Format(time.DateOnly)
	s.gangway("maya", "exit", "brightwell-payroll-ltd", "--in-house", "--by", by, "--mode", "planned", "--reason", "we do it ourselves", "--confirm", "Brightwell").ends(1, "is not the vendor's name; type Brightwell Payroll Ltd")
	done := s.gangway("maya", "exit", "brightwell-payroll-ltd", "--in-house", "--by", by, "--mode", "planned", "--reason", "we do it ourselves", "--confirm", "brightwell-payroll-ltd").ends(0, "")
	o := &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
	s.leaves(o)
	v := o.sealed("exited")
	if v.Closed.Before(v.Opened.AddDate(0, 0, 30)) {
		t.Errorf("it ended on %s, before anybody looked again", v.Closed)
	}
	for _, p := range v.Processes {
		for _, run := range p.Runs {
			o.keep("exit", p.ID, run)
		}
	}
	o.replayed()
	if v := watch.until("its oversight is over", func(v dossier.CaseView) bool { return !v.Closed.IsZero() }); v.Closed.IsZero() {
		t.Errorf("the vendor is off, and still watched")
	}
}

// leaves has everybody answer what an exit asks, until it is over.
func (s *small) leaves(o *onboarding) {
	s.t.Helper()
	for range 600 {
		next := o.quiet()
		if v := o.view(); !v.Closed.IsZero() {
			return
		}
		answered := false
		for _, r := range o.open() {
			answered = s.partsWith(o, r) || answered
		}
		switch {
		case answered:
		case next.IsZero():
			s.t.Fatalf("nobody is asked anything, and no day is waited for\n%s", describe(o.view()))
		default:
			if err := s.Rehearse(o.id).Jump(context.Background(), next); err != nil {
				s.t.Fatalf("jumping to %s: %v", next, err)
			}
		}
	}
	s.t.Fatalf("the exit does not end\n%s", describe(o.view()))
}

// partsWith lets one of those answer who are asked by an exit. What the vendor sends
// comes by post, and maya files it.
func (s *small) partsWith(o *onboarding, r asked) bool {
	s.t.Helper()
	who, is := r.next(o.now())
	if !is {
		return false
	}
	sound, q := o.sound(), *r.Request
	sound.own["account-1-login"] = "nadia-rahman"
	if q.Step == "data-returned" { // the data themselves, and not where they are fetched
		q.Points = slices.Clone(q.Points)
		for i := range q.Points {
			q.Points[i].Optional = q.Points[i].Optional && q.Points[i].Kind != engagement.PointFile
		}
	}
	person, f := sound.answers(&q, who)
	if slices.Contains(r.Options, playbook.Waive) && strings.HasPrefix(r.Step, playbook.ChoreSettle) {
		f.Verdict = playbook.Waive
	}
	f.ID = "web-" + freshID()
	out, err := s.Desk.Answer(context.Background(), f.Answer(as(person), time.Now()))
	if err != nil || out.Status != review.Counted && out.Status != review.Already {
		s.t.Fatalf("%s answers %s to %s: %+v, %v", person, f.Verdict, r.ID, out, err)
	}
	return true
}
