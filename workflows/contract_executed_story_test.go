package workflows

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// executedStepOf asks the owner for the signed copy, with a form on how the contract
// ends where points are given.
func executedStepOf(t *testing.T, points ...engagement.Point) playbook.Step {
	s := reviewStepOf(t, review.Seat{ID: "owner", Role: review.OwnerRole, Mandatory: true})
	s.ID, s.Title, s.Kind, s.Does, s.Points = "executed-copy", "Signed copy", review.Delivery, playbook.DoesExecuted, points
	return s
}

func termPoints() []engagement.Point {
	return []engagement.Point{{ID: engagement.PointEnds, Kind: engagement.PointDate, Expires: true},
		{ID: engagement.PointNotice, Kind: engagement.PointNumber}, {ID: engagement.PointRenews, Kind: engagement.PointYesNo}, {ID: engagement.PointRenewsFor, Kind: engagement.PointNumber, Optional: true},
		{ID: engagement.PointPriceRise, Kind: engagement.PointNumber, Optional: true}}
}

// ending fills in the form: the end, the notice, and whether it goes on by itself. Its
// sheet is the last document.
func ending(on time.Time, days int64, renews string) func(*review.Answer) {
	return func(a *review.Answer) {
		a.Findings = []engagement.Finding{{Point: engagement.PointEnds, On: on}, {Point: engagement.PointNotice, Number: &days}, {Point: engagement.PointRenews, Choices: []string{renews}}}
		a.Documents = append(a.Documents, "sha256:sheet")
	}
}

// goesOnFor says for how many months it then goes on by itself.
func goesOnFor(months int64) func(*review.Answer) {
	rise := int64(5)
	return func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: engagement.PointRenewsFor, Number: &months}, engagement.Finding{Point: engagement.PointPriceRise, Number: &rise})
	}
}

// copies lists "version result" of what became of signed copies.
func (s *story) copies() []string {
	var all []string
	for _, e := range s.rec.of(dossier.CopyExecuted) {
		all = append(all, string(rune('0'+e.Detail.Version))+" "+e.Detail.Result+" "+e.Detail.Document+" "+e.Actor)
	}
	return all
}

// The signed copy says what was approved, in another layout: nobody is asked, and what
// the form says of its end is watched.
func TestTheSignedCopyIsTheApprovedText(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), executedStepOf(t, termPoints()...))
	ends := monday.AddDate(2, 0, 0)
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*time.Hour, func() {
		s.refused(s.act(s.root, "owner-ola", review.Submit, submit(s.text("late", contractText("x", "")))), review.WrongAct)
		s.text("sheet", "{}")
		s.answer("owner-ola", "executed-copy", review.Delivered, deliver(s.text("copy", "# Agreement\n\n\n"+contractText("", "")[13:])), ending(ends, 90, engagement.Yes), goesOnFor(12))
	})
	out := s.playCounter(s.text("v1", contractText("", "")))
	want := ContractResult{Result: ResultSigned, Version: 1, Document: "sha256:v1", Executed: "sha256:copy", Expiries: []engagement.Expiry{{
		ID: "contract/acme/1:executed-copy/ends", Kind: engagement.ExpiryContract, Name: "executed-copy", On: ends, Document: "sha256:copy", Process: "contract/acme/1", NoticeDays: 90, Renews: true, RenewMonths: 12, PriceRise: 5}}}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("ended (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]string{"1 same sha256:copy "}, s.copies()); d != "" {
		t.Errorf("the record (- want, + got):\n%s", d)
	}
	s.wantNobodyAsked(playbook.ChoreCopy)
}

// A copy with other words is shown to the owner with its differences: sent back, then
// taken with a reason.
func TestACopyThatDiffersIsTakenWithAReason(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), executedStepOf(t))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*time.Hour, func() {
		s.answer("owner-ola", "executed-copy", review.Delivered, deliver(s.text("copy", contractText("", " of the invoice, or 90"))))
	})
	s.on(3*time.Hour, func() {
		r := s.open(playbook.ChoreCopy)
		if len(r.Versions) != 2 || r.Versions[0].Document != "sha256:v1" || r.Versions[1].Document != "sha256:copy" || !r.Touches("owner", 1) {
			t.Errorf("the owner is shown %+v", r.Versions)
		}
		filed := s.rec.of(dossier.DocumentFiled)
		if d := filed[len(filed)-1].Detail; d.Name != ExecutedDocument || d.Comparison == nil || !slices.Equal(d.Comparison.Changed, []string{"3"}) {
			t.Errorf("filed: %+v", d)
		}
		s.refused(s.answer("owner-ola", playbook.ChoreCopy, playbook.TakeAnyway, func(a *review.Answer) { a.Written = review.Written{} }), review.NeedsReason)
		s.answer("owner-ola", playbook.ChoreCopy, playbook.AskAgain)
	})
	s.on(4*time.Hour, func() {
		s.answer("owner-ola", "executed-copy", review.Delivered, deliver(s.text("copy2", contractText("", "")+"Signed on Monday by both.\n")))
	})
	s.on(5*time.Hour, func() { s.answer("owner-ola", playbook.ChoreCopy, playbook.TakeAnyway) })
	out := s.playCounter(s.text("v1", contractText("", "")))
	if out.Result != ResultSigned || out.Executed != "sha256:copy2" || out.Document != "sha256:v1" {
		t.Errorf("got %+v", out)
	}
	if d := cmp.Diff([]string{"1 sent-back sha256:copy owner-ola", "1 accepted sha256:copy2 owner-ola"}, s.copies()); d != "" {
		t.Errorf("the record (- want, + got):\n%s", d)
	}
}

// A copy from which no text can be had is compared by a person, who says so.
func TestACopyThatCanNotBeRead(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), executedStepOf(t))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*time.Hour, func() {
		s.answer("owner-ola", "executed-copy", review.Delivered, deliver(s.text("scan", "\xff\xfe\x00")))
	})
	s.on(3*time.Hour, func() { s.answer("owner-ola", playbook.ChoreCopy, playbook.TakeAnyway) })
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Result != ResultSigned || out.Executed != "sha256:scan" {
		t.Errorf("got %+v", out)
	}
}

// A sheet alone is no signed copy: it is asked for again.
func TestASheetIsNoCopy(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), executedStepOf(t, termPoints()...))
	s.text("sheet", "{}")
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*time.Hour, func() {
		s.answer("owner-ola", "executed-copy", review.Delivered, ending(monday.AddDate(1, 0, 0), 30, engagement.No))
	})
	s.on(3*time.Hour, func() {
		s.answer("owner-ola", "executed-copy", review.Delivered, deliver(s.text("copy", contractText("", ""))), ending(monday.AddDate(1, 0, 0), 30, engagement.No))
	})
	out := s.playCounter(s.text("v1", contractText("", "")))
	if out.Executed != "sha256:copy" || len(out.Expiries) != 1 || out.Expiries[0].Renews || out.Expiries[0].NoticeDays != 30 {
		t.Errorf("got %+v", out)
	}
}

// The owner may end it all while the signed copy is awaited.
func TestWithdrawnBeforeTheSignature(t *testing.T) {
	s := newContract(t, reviewStepOf(t, seat("legal")), executedStepOf(t))
	s.on(1*time.Hour, func() { s.answer("legal-lee", "review", review.Approve) })
	s.on(2*day, func() { s.act(s.root, "owner-ola", review.Withdraw) })
	if out := s.playCounter(s.text("v1", contractText("", ""))); out.Result != ResultWithdrawn || out.Executed != "" {
		t.Errorf("got %+v", out)
	}
	s.wantClosed("executed-copy", review.Open, ResultWithdrawn)
}
