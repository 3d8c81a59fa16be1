package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// shownPassport is a copy that came when acme was taken on board, which an oversight
// watched over until now.
func (s *story) shownPassport(days int) engagement.Expiry {
	s.rec.entries = append(s.rec.entries, dossier.Entry{ID: "onboarding/acme/1#1", Case: "onboarding/acme/1", Process: "onboarding/acme/1", Kind: dossier.DocumentFiled,
		Detail: &dossier.Detail{Document: "sha256:passport"}})
	return expiry("passport", engagement.ExpiryCopy, days, func(e *engagement.Expiry) {
		e.Document, e.Process = "sha256:passport", "diligence/acme/1"
	})
}

// returning plays a return of data in which all is well until the certificate is checked,
// on day 5; whoever opens what came says since when it is loaded, or does not.
func returning(t *testing.T, loaded bool) *story {
	t.Helper()
	s := newDataReturn(t)
	for i, step := range s.in.Steps {
		if step.Does == exit.DoesOpened {
			s.in.Steps[i].Points = append(slices.Clone(step.Points), engagement.Point{ID: exit.PointLoaded, Title: "Loaded", Kind: engagement.PointDate, Optional: true})
		}
	}
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseReturn) })
	s.on(2*day, func() { s.sends(exit.DoesReturned, "export", archiveOf(t, "planted.csv", "1,2\n")) })
	s.on(3*day, func() {
		s.says("it-ida", exit.DoesOpened, func(a *review.Answer) {
			a.Findings = slices.DeleteFunc(a.Findings, func(f engagement.Finding) bool { return !loaded && f.Point == exit.PointLoaded })
		})
	})
	s.on(4*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(5*day, func() {
		if len(s.rec.erased) > 0 {
			t.Errorf("erased before the vendor's deletion is certified: %q", s.rec.erased)
		}
		s.looksFor()
	})
	return s
}

// wantErased asserts what was erased, and that the case's record says so of each.
func (s *story) wantErased(documents ...string) {
	s.t.Helper()
	var said []string
	for _, e := range s.rec.of(dossier.WatchEnded) {
		if e.Detail.Result == "erased" && e.Case == s.root {
			said = append(said, e.Detail.Expiry.Document)
		}
	}
	if !slices.Equal(s.rec.erased, documents) || !slices.Equal(said, documents) {
		s.t.Errorf("erased %q, which the record says of %q; want %q", s.rec.erased, said, documents)
	}
}

// What came back is loaded, the vendor has deleted the rest, and what is not kept for ever
// was kept for a vendor who is left: all of it is erased here, at once and at the end.
func TestCopiesGoWithTheVendor(t *testing.T) {
	s := returning(t, true)
	passport := s.shownPassport(400)
	out := s.playPart(DataReturnType, func(in *ExitPartInput) {
		in.Copies, in.CopiesOf = []engagement.Expiry{passport}, "onboarding/acme/1"
	})
	if m := wantMatter(t, out, matterCopies, exit.StateDone); m.By != "it-ida" || m.Answer == "" {
		t.Errorf("%+v", m)
	}
	s.wantErased("sha256:passport", "sha256:export")
}

// The data are deleted by the vendor, and so nobody is to say of any that they are loaded:
// copies that are here still go by the rule alone, and their matter says that they did.
func TestCopiesThatNobodyIsAskedAbout(t *testing.T) {
	s := newDataReturn(t)
	passport := s.shownPassport(400)
	s.on(1*day, func() { s.answer("privacy-pia", exit.DoesChoice, chooseDelete) })
	s.on(2*day, func() { s.certifies(monday.AddDate(0, 6, 0)) })
	s.on(3*day, func() { s.looksFor() })
	out := s.playPart(DataReturnType, func(in *ExitPartInput) {
		in.Copies, in.CopiesOf = []engagement.Expiry{passport}, "onboarding/acme/1"
	})
	if m := wantMatter(t, out, matterCopies, exit.StateDone); m.By != "" || m.Why != exit.WhyErased {
		t.Errorf("%+v", m)
	}
	s.wantErased("sha256:passport")
}

// Nobody says that what came is loaded where it is needed: it is not erased, and nothing is
// called done. The owner says so by name; the record refuses once, and they say so again.
func TestCopiesOfWhatNobodyLoaded(t *testing.T) {
	s := returning(t, false)
	settle := playbook.ChoreSettle + "-" + playbook.ChoreCopies
	s.on(6*day, func() {
		s.wantErased()
		s.rec.mu.Lock()
		s.rec.keeps = 1
		s.rec.mu.Unlock()
		s.answer("owner-ola", settle, playbook.AskAgain)
	})
	s.on(7*day, func() {
		s.wantErased()
		s.answer("owner-ola", settle, playbook.AskAgain)
	})
	out := s.playPart(DataReturnType)
	if m := wantMatter(t, out, matterCopies, exit.StateDone); m.By != "owner-ola" || m.Answer == "" {
		t.Errorf("%+v", m)
	}
	s.wantErased("sha256:export")
	var why []string
	for _, e := range s.rec.of(dossier.MatterSettled) {
		if e.Detail.Name == s.root+":"+matterCopies {
			why = append(why, append(e.Detail.Values, e.Detail.Result)[0])
		}
	}
	if !slices.Equal(why, []string{whyNotLoaded, whyKept, string(exit.StateDone)}) {
		t.Errorf("the record says %q", why)
	}
}

// A copy that has to stay is waived, by name and until a day; it is on the certificate.
func TestCopiesThatStayForAWhile(t *testing.T) {
	s := returning(t, false)
	s.on(6*day, func() { s.waives(playbook.ChoreCopies, monday.AddDate(1, 0, 0)) })
	out := s.playPart(DataReturnType)
	if m := wantMatter(t, out, matterCopies, exit.StateWaived); m.By != "owner-ola" || m.Why != whyNotLoaded || len(out.Expiries) != 1 {
		t.Errorf("%+v, %+v", m, out.Expiries)
	}
	s.wantErased()
}

// A vendor who takes their time makes no copy stay: on its day it is erased, on hold too,
// and a day later where the record refused it.
func TestCopiesWhoseDaysEndWhileDataAreWaitedFor(t *testing.T) {
	s := newDataReturn(t)
	passport := s.shownPassport(10)
	s.on(8*day, func() {
		s.env.SignalWorkflow(SignalSteer, review.Act{ID: "h", Kind: review.Hold, Process: s.root, Person: s.person("owner-ola"), Written: review.Written{Inside: "digest"}, At: s.env.Now()})
	})
	s.on(10*day-2*time.Hour, func() {
		s.wantErased()
		s.rec.mu.Lock()
		s.rec.keeps = 1
		s.rec.mu.Unlock()
	})
	s.on(11*day-2*time.Hour, func() { s.wantErased() })
	s.on(12*day, func() {
		s.wantErased("sha256:passport")
		s.env.SignalWorkflow(SignalWithdraw, review.Act{ID: "w", Kind: review.Withdraw, Person: s.person("owner-ola")})
	})
	out := s.playPart(DataReturnType, func(in *ExitPartInput) {
		in.Copies, in.CopiesOf = []engagement.Expiry{passport}, "onboarding/acme/1"
	})
	if out.Result != ResultWithdrawn || len(out.Copies) != 0 {
		t.Errorf("got %+v", out)
	}
}

// A return of data that comes to no end gives back what it was handed and has still.
func TestCopiesAreGivenBack(t *testing.T) {
	s := newDataReturn(t)
	passport := s.shownPassport(10)
	licence := passport
	licence.ID, licence.On, licence.Document = "licence", monday.AddDate(1, 0, 0), "sha256:licence"
	s.on(12*day, func() {
		s.env.SignalWorkflow(SignalWithdraw, review.Act{ID: "w", Kind: review.Withdraw, Person: s.person("owner-ola")})
	})
	out := s.playPart(DataReturnType, func(in *ExitPartInput) {
		in.Copies, in.CopiesOf = []engagement.Expiry{passport, licence}, "onboarding/acme/1"
	})
	if out.Result != ResultWithdrawn || len(out.Copies) != 1 || out.Copies[0] != licence {
		t.Errorf("got %+v", out)
	}
	s.wantErased("sha256:passport")
}
