package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// staffOnly is a due diligence of one item, with a copy that is kept for 30 days.
func staffOnly(t *testing.T) *story {
	return newDiligence(t, stepsOf(diligenceSteps(t), "staff", "risk", "risk-sign")...)
}

// Copies are erased when their days are over, also those of a delivery that was not
// accepted, and while the case is on hold.
func TestDiligenceErasesCopiesWhileItRuns(t *testing.T) {
	s := staffOnly(t)
	var first, second string
	s.on(1*day, func() { s.provides("acme.1", "staff") })
	s.on(2*day, func() {
		first = s.open("staff").Ballots[0].Documents[0]
		s.answer("security-sam", "staff-accept", review.Changes)
	})
	s.on(3*day, func() { s.answer("owner-ola", "settle-staff", "ask-vendor", telling) })
	s.on(4*day, func() { s.provides("acme.1", "staff") })
	s.on(5*day, func() { second = s.open("staff").Ballots[0].Documents[0]; s.approvesAll() })
	s.on(6*day, func() { s.act(s.root, "owner-ola", review.Hold) })
	s.on(30*day, func() {
		if len(s.rec.erased) > 0 {
			t.Errorf("erased before its days are over: %q", s.rec.erased)
		}
		s.rec.mu.Lock()
		s.rec.keeps = 1 // the record refuses once
		s.rec.mu.Unlock()
	})
	s.on(31*day+time.Hour, func() {
		if len(s.rec.erased) > 0 {
			t.Errorf("erased although the record refused: %q", s.rec.erased)
		}
	})
	s.on(32*day+time.Hour, func() {
		if !slices.Equal(s.rec.erased, []string{first}) {
			t.Errorf("erased %q, want %q", s.rec.erased, first)
		}
	})
	s.on(36*day, func() {
		if !slices.Equal(s.rec.erased, []string{first, second}) {
			t.Errorf("erased %q, want %q and %q", s.rec.erased, first, second)
		}
		s.act(s.root, "owner-ola", review.Resume)
	})
	s.on(37*day, func() { s.provides("security-sam", "risk") })
	s.on(38*day, s.approvesAll)
	out := s.playDiligence(waitedFor)
	if out.Result != ResultSigned || slices.ContainsFunc(out.Expiries, func(e engagement.Expiry) bool { return e.Kind == engagement.ExpiryCopy }) {
		t.Errorf("got %+v", out)
	}
	if left := s.leftCopies(out); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}

// One that nobody waits for stays until its last copy is erased; then it ends as it was
// signed.
func TestDiligenceAloneOutlastsItsCopies(t *testing.T) {
	s := staffOnly(t)
	s.on(1*day, func() { s.provides("acme.1", "staff") })
	s.on(2*day, s.approvesAll)
	s.on(3*day, func() { s.provides("security-sam", "risk") })
	s.on(4*day, s.approvesAll)
	s.on(5*day, func() {
		if len(s.rec.of(dossier.RiskSigned)) != 2 || !s.view().Closed.IsZero() {
			t.Error("it is not signed, or over already")
		}
		s.wantAsked()
		s.act(s.root, "owner-ola", review.Ask, func(a *review.Act) { a.To = s.person("it-ida") })
		s.refused(s.act(s.root, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "staff" }), review.WrongAct)
		if due := s.due(s.root); due.Next.Sub(monday).Truncate(day) > 32*day {
			t.Errorf("it sleeps until %s", due.Next)
		}
	})
	out := s.playDiligence()
	if out.Result != ResultSigned || len(out.Expiries) != 1 || len(s.rec.erased) != 1 {
		t.Errorf("got %+v, erased %q", out, s.rec.erased)
	}
	if over := s.view().Closed.Sub(monday).Truncate(day); over != 32*day {
		t.Errorf("it is over on day %d", over/day)
	}
}

// Whoever withdraws what is signed has its copies erased at once; the record stands.
func TestDiligenceAloneWithdrawnAfterItsEnd(t *testing.T) {
	s := staffOnly(t)
	s.on(1*day, func() { s.provides("acme.1", "staff") })
	s.on(2*day, s.approvesAll)
	s.on(3*day, func() { s.provides("security-sam", "risk") })
	s.on(4*day, s.approvesAll)
	s.on(5*day, func() { s.act(s.root, "owner-ola", review.Withdraw) })
	if out := s.playDiligence(); out.Result != ResultSigned || len(s.rec.erased) != 1 || s.view().Closed.Sub(monday).Truncate(day) != 5*day {
		t.Errorf("got %+v, erased %q, over at %s", out, s.rec.erased, s.view().Closed)
	}
}

// What came to nothing keeps no copy, whenever it ends, also when it is cancelled.
func TestDiligenceThatCameToNothingKeepsNoCopies(t *testing.T) {
	for name, end := range map[string]func(*story){
		"withdrawn": func(s *story) { s.act(s.root, "owner-ola", review.Withdraw) },
		"cancelled": func(s *story) { s.env.CancelWorkflow() },
		"refused for good": func(s *story) {
			s.rec.mu.Lock()
			s.rec.keeps = 1 << 20
			s.rec.mu.Unlock()
			s.act(s.root, "owner-ola", review.Withdraw)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := staffOnly(t)
			s.on(1*day, func() { s.provides("acme.1", "staff") })
			s.on(2*day, s.approvesAll)
			s.on(3*day, func() { end(s) })
			out := s.playDiligence(waitedFor)
			if out.Result != ResultWithdrawn || len(out.Expiries) > 0 {
				t.Errorf("got %+v", out)
			}
			if left := s.leftCopies(out); len(left) > 0 && name != "refused for good" {
				t.Errorf("left are %q", left)
			}
		})
	}
}

// A copy that came and was never looked at, or was taken back, is a copy all the same.
func TestDiligenceErasesCopiesThatCountForNothing(t *testing.T) {
	s := staffOnly(t)
	s.in.Steps[0].Policy.Groups[0].Seats = append(s.in.Steps[0].Policy.Groups[0].Seats, review.Seat{ID: "second", Role: review.VendorRole})
	vendor := func(a *review.Answer) { a.Seat = "vendor" }
	s.on(1*day, func() { s.provides("acme.1", "staff", vendor) })
	s.on(2*day, func() { s.act(s.root, "acme.1", review.TakeBack, s.about("staff")) })
	s.on(3*day, func() { s.provides("acme.1", "staff", vendor) })
	s.on(33*day+time.Hour, func() {
		if len(s.rec.erased) != 2 {
			t.Errorf("erased %q while the other seat was silent", s.rec.erased)
		}
	})
	s.on(34*day, func() { s.act(s.root, "owner-ola", review.Hold) })
	s.on(35*day, func() { s.provides("acme.2", "staff", func(a *review.Answer) { a.Seat = "second" }) })
	s.on(36*day, func() { s.act(s.root, "owner-ola", review.Withdraw) })
	out := s.playDiligence(waitedFor)
	if left := s.leftCopies(out); len(left) > 0 || len(s.rec.erased) != 3 {
		t.Errorf("left are %q, erased %q", left, s.rec.erased)
	}
}

// A case that ends without an oversight keeps none of the copies that its due diligence
// passed on.
func TestDiligenceCopiesOfACaseThatIsNotOverseen(t *testing.T) {
	for name, end := range map[string]func(*story){
		ResultWithdrawn: func(s *story) { s.act(s.in.Process, "owner-ola", review.Withdraw) },
		ResultLive:      func(s *story) { s.answer("it-ida", "access", review.Approve) },
	} {
		t.Run(name, func(t *testing.T) {
			s := checked(t)
			s.in.Facts.Data = []string{"health"}
			s.on(1*day, s.providesAll)
			s.on(2*day, s.approvesAll)
			s.on(3*day, func() { s.provides("security-sam", "risk") })
			s.on(4*day, s.approvesAll)
			s.on(5*day, func() {
				s.wantAsked("access")
				if len(s.rec.erased) > 0 {
					t.Errorf("erased %q while the case runs", s.rec.erased)
				}
				end(s)
			})
			if out := s.play(); out.Result != name {
				t.Errorf("got %+v", out)
			}
			if left := s.leftCopies(PartResult{}); len(left) > 0 || len(s.rec.erased) != 1 {
				t.Errorf("left are %q, erased %q", left, s.rec.erased)
			}
		})
	}
}

// One that an oversight began tells it what came of it, copies among it, and does not
// wait for them.
func TestDiligenceReportsToItsOversight(t *testing.T) {
	s := staffOnly(t)
	s.on(1*day, func() { s.provides("acme.1", "staff") })
	s.on(2*day, s.approvesAll)
	s.on(3*day, func() { s.provides("security-sam", "risk") })
	s.on(4*day, s.approvesAll)
	var news []News
	s.env.OnSignalExternalWorkflow(anything, anything, anything, anything, anything).Return(func(_, to, _, name string, arg any) error {
		if n, is := arg.(News); is && to == "oversight/acme/1" && name == SignalNews {
			news = append(news, n)
		}
		return nil
	})
	out := s.playDiligence(func(in *DiligenceInput) { in.Reports = "oversight/acme/1" })
	if len(news) != 1 || news[0].Result != ResultSigned || news[0].Document != out.Document || len(news[0].Expiries) != 2 || news[0].Expiries[1].Kind != engagement.ExpiryCopy {
		t.Errorf("told was %+v", news)
	}
	if len(s.rec.erased) > 0 {
		t.Errorf("erased %q, which the oversight watches", s.rec.erased)
	}
}

// An oversight erases a copy on its day; one that the record does not have where it
// should is a person's to erase.
func TestOversightErasesCopies(t *testing.T) {
	held := func(digest string) func(*engagement.Expiry) {
		return func(e *engagement.Expiry) { e.Document = digest }
	}
	v := newVigil(t, true, expiry("passport", engagement.ExpiryCopy, 10, held("sha256:passport")), expiry("police-check", engagement.ExpiryCopy, 20, held("sha256:elsewhere")))
	v.rec.entries = []dossier.Entry{{ID: "onboarding/acme/1#1", Case: "onboarding/acme/1", Process: "onboarding/acme/1", Kind: dossier.DocumentFiled, Detail: &dossier.Detail{Document: "sha256:passport"}}}
	v.after(9, func() {
		if len(v.rec.erased) > 0 {
			t.Error("erased before its day")
		}
	})
	v.after(11, func() {
		if !slices.Equal(v.rec.erased, []string{"sha256:passport"}) {
			t.Errorf("erased %q", v.rec.erased)
		}
		v.wantAsked()
	})
	v.after(21, func() { v.wantAsked("copy-erase") })
	v.offAfter(22)
	v.live()
}
