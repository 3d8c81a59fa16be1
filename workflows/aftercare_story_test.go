package workflows

import (
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// newAftercare prepares following three backups of acme, two of which run out together.
func newAftercare(t *testing.T) (*story, AftercareInput) {
	t.Helper()
	step := leavingStep(t, exit.PartAftercare, exit.DoesBackup, review.Delivery, vendorSeat())
	step.Accept = &review.Policy{Groups: []review.Group{{Name: "accept", Rule: review.RuleAll, Seats: []review.Seat{seat("privacy")}}}}
	s := newStory(t, []string{"privacy-pia"}, nil, step)
	s.know("acme.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "acme" })
	s.root = "aftercare/acme/1"
	in := AftercareInput{Common: s.in.Common, Predecessor: "exit/acme/1", Certificate: s.text("certificate", "{}")}
	in.Case, in.Process = s.root, s.root
	for i, months := range []int{2, 2, 7} {
		in.Backups = append(in.Backups, exit.Backup{ID: "data-return/acme/1:backup-" + string(rune('1'+i)), On: monday.AddDate(0, months, 0), Document: "sha256:deleted"})
	}
	return s, in
}

func (s *story) playAftercare(in AftercareInput) ExitPartResult {
	s.t.Helper()
	var out ExitPartResult
	s.run(AftercareType, in.Process, in, &out)
	for _, m := range out.Matters {
		if out.Result == ResultDone && m.State != exit.StateDone && m.State != exit.StateWaived {
			s.t.Errorf("it is called done, and %s is %s", m.Name, m.State)
		}
	}
	return out
}

// Each backup is asked about on its day, those of one day together, and not before; what
// the vendor says is accepted by somebody of ours, who has it asked again once.
func TestBackupsAreFollowedToTheirEnd(t *testing.T) {
	s, in := newAftercare(t)
	gone := func(name string) func() { return func() { s.sends(exit.DoesBackup, name, "gone") } }
	s.on(60*day, func() {
		if len(s.view().Requests) > 0 {
			t.Error("somebody is asked about a backup before its day")
		}
	})
	s.on(62*day, gone("one"))
	s.on(63*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Changes) })
	s.on(64*day, gone("two"))
	s.on(65*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	s.on(66*day, func() {
		if n := len(s.view().Requests); n != 4 {
			t.Errorf("%d requests for backups of one day", n)
		}
	})
	s.on(220*day, gone("three"))
	s.on(221*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	out := s.playAftercare(in)
	if out.Result != ResultDone || len(out.Matters) != 3 {
		t.Errorf("%+v", out)
	}
	for _, m := range out.Matters {
		if m.By != "privacy-pia" || m.State != exit.StateDone || m.ID != "aftercare/acme/1:"+m.Name {
			t.Errorf("%+v", m)
		}
	}
	opened := s.rec.of(dossier.CaseOpened)
	if len(opened) != 2 || opened[0].Detail.Predecessor != "exit/acme/1" || opened[1].Case != dossier.Register {
		t.Errorf("the case was opened as %+v", opened)
	}
}

// Nobody of the vendor is there any more: the owner files in their place what shows that
// one is gone, and waives the other, by name and until a day.
func TestABackupThatNobodyConfirms(t *testing.T) {
	s, in := newAftercare(t)
	s.on(90*day, func() {
		s.open(playbook.ChoreSettle + "-" + playbook.ChoreNoBackup)
		s.answer("owner-ola", exit.DoesBackup, review.Delivered, deliver(s.text("letter", "gone")), forVendor)
	})
	s.on(91*day, func() { s.answer("privacy-pia", exit.DoesBackup+acceptSuffix, review.Approve) })
	s.on(250*day, func() { s.waives(playbook.ChoreNoBackup, monday.AddDate(2, 0, 0)) })
	out := s.playAftercare(in)
	if m := wantMatter(t, out, "backup-1", exit.StateDone); m.Document != "sha256:letter" {
		t.Errorf("%+v", m)
	}
	if m := wantMatter(t, out, "backup-3", exit.StateWaived); m.By != "owner-ola" || m.Until.Before(monday.Add(400*day)) {
		t.Errorf("%+v", m)
	}
	if len(out.Expiries) != 1 || s.env.Now().Before(monday.Add(250*day)) {
		t.Errorf("%+v at %s", out.Expiries, s.env.Now().Format(time.DateOnly))
	}
}
