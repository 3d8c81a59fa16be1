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

// Eight items are asked together; each is delivered and accepted; the risk record is
// filled in and signed; what has to be watched is passed on.
func TestDiligenceOfEightItems(t *testing.T) {
	s := newDiligence(t)
	s.on(1*day, func() {
		s.wantAsked("iso", "insurance", "financials", "staff", "mfa", "portfolio", "reference-a", "reference-b")
		s.providesAll()
	})
	s.on(2*day, func() {
		s.wantAsked("iso-accept", "insurance-accept", "financials-accept", "staff-accept", "reference-a-accept")
		if r := s.open("iso-accept"); r.Document != "iso" || r.Versions[0].Document != s.open("iso").Ballots[0].Documents[1] || r.Requester != "requester-rae" {
			t.Errorf("accepted is %+v", r)
		}
		s.approvesAll()
	})
	s.on(3*day, func() { s.wantAsked("risk"); s.provides("security-sam", "risk") })
	s.on(4*day, func() {
		r := s.open("risk-sign")
		if r.Document != RiskDocument || r.Current() != 1 || r.Versions[0].Document != s.open("risk").Ballots[0].Documents[0] {
			t.Errorf("signed is %+v", r)
		}
		s.approvesAll()
	})
	out := s.playDiligence(waitedFor)
	record, iso, insurance, staff := s.open("risk").Ballots[0].Documents[0], s.open("iso").Ballots[0].Documents, s.open("insurance").Ballots[0].Documents, s.open("staff").Ballots[0].Documents
	year := monday.AddDate(1, 0, 0)
	copyEnds := s.rec.of(dossier.Evidence)[5].CaseAt.AddDate(0, 0, 30)
	items := []string{"iso", "insurance", "financials", "staff", "mfa", "portfolio", "reference-a", "reference-b"}
	want := PartResult{Result: ResultSigned, Document: record, Items: items, Outward: Outward{Contacts: []string{"acme.1"}}, Expiries: []engagement.Expiry{
		{ID: s.root + ":iso/until", Kind: engagement.ExpiryCertificate, Name: "iso", On: year, Document: iso[1], Process: s.root},
		{ID: s.root + ":insurance/until", Kind: engagement.ExpiryInsurance, Name: "insurance", On: year, Document: insurance[1], Process: s.root},
		{ID: s.root + ":risk/look-again", Kind: engagement.ExpiryReview, Name: "risk", On: year, Document: record, Process: s.root},
		{ID: s.root + ":staff.1/passport", Kind: engagement.ExpiryCopy, Name: "staff", On: copyEnds, Document: staff[0], Process: s.root},
	}}
	if d := cmp.Diff(want, out); d != "" {
		t.Error(d)
	}
	if copyEnds.Sub(monday).Truncate(day) != 32*day {
		t.Errorf("the copy is kept until %s: its days count from the acceptance", copyEnds)
	}
	s.wantTold("acme.1", "0 asked iso insurance financials staff mfa portfolio")
	s.wantTold("owner-ola")
	s.wantTold("security-sam", "1 asked iso-accept staff-accept", "2 asked risk")
	if got := s.evidence(); !slices.Equal(got, []string{"mfa accepted", "portfolio accepted", "reference-b accepted", "iso accepted", "insurance accepted", "staff accepted", "financials accepted", "reference-a accepted"}) &&
		len(got) != 8 {
		t.Errorf("evidence: %q", got)
	}
	reg := s.rec.of(dossier.RiskSigned)[1]
	if reg.Case != dossier.Register || reg.Detail.Parent != s.root || reg.Detail.Vendor != "acme" || !reg.Detail.Ends.Equal(year) {
		t.Errorf("the register has %+v %+v", reg, reg.Detail)
	}
	var filed []string
	for _, d := range s.view().Documents {
		filed = append(filed, d.Name)
	}
	for _, name := range []string{"iso", "iso-copy", "staff-passport", "portfolio", RiskDocument} {
		if !slices.Contains(filed, name) {
			t.Errorf("%s is not among the documents %q", name, filed)
		}
	}
}

// A certificate runs out while the risk record is being signed: it is asked for again,
// and the record is signed anew.
func TestDiligenceCertificateRunsOutInTheMiddle(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso", "mfa", "risk", "risk-sign")...)
	s.on(1*day, func() {
		s.provides("acme.1", "iso", validTo(monday.Add(5*day)))
		s.provides("acme.1", "mfa")
	})
	s.on(2*day, s.approvesAll)
	s.on(3*day, func() { s.provides("security-sam", "risk") })
	s.on(4*day, func() {
		s.answer("legal-lee", "risk-sign", review.Approve)
		if due := s.due(s.root); due.Next.After(monday.Add(5 * day)) {
			t.Errorf("it sleeps until %s", due.Next)
		}
	})
	s.on(5*day+time.Minute, func() {
		s.wantAsked("iso")
		s.wantClosed("risk-sign", review.Open, "superseded")
		if r := s.open("iso"); r.ID != s.root+":iso.2" {
			t.Errorf("asked again as %s", r.ID)
		}
		s.provides("acme.1", "iso")
	})
	s.on(6*day, s.approvesAll)
	s.on(7*day, func() { s.wantAsked("risk-sign"); s.approvesAll() })
	out := s.playDiligence(waitedFor)
	if out.Result != ResultSigned || !out.Expiries[0].On.Equal(monday.AddDate(1, 0, 0)) || len(out.Expiries) != 2 {
		t.Errorf("got %+v", out)
	}
	if got := s.evidence(); !slices.Equal(got, []string{"mfa accepted", "iso accepted", "iso ran-out", "iso accepted"}) {
		t.Errorf("evidence: %q", got)
	}
}

// What has run out when it comes goes to no one who accepts: the owner sends it back.
func TestDiligenceEvidenceThatHasRunOut(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso")...)
	settle, asked := "settle-iso", ""
	s.on(1*day, func() { s.provides("acme.1", "iso", validTo(monday.Add(12*time.Hour))) })
	s.on(2*day, func() {
		s.wantAsked(settle)
		if r := s.open(settle); slices.Contains(r.Options, playbook.TakeAnyway) || !slices.Contains(r.Options, playbook.Waive) {
			t.Errorf("the owner may %v", r.Options)
		}
		s.refused(s.answer("owner-ola", settle, playbook.AskVendor, silently), review.NeedsReason)
		s.refused(s.answer("owner-ola", settle, playbook.AskVendor), review.NeedsWords)
		asked = s.answer("owner-ola", settle, playbook.AskVendor, telling)
	})
	s.on(3*day, func() {
		if r := s.open("iso"); r.VendorText != asked {
			t.Errorf("asked again: %+v", r)
		}
		s.provides("acme.1", "iso", validTo(monday.Add(4*day)))
	})
	s.on(5*day, func() { s.approvesAll() }) // it ran out while somebody was reading
	s.on(6*day, func() { s.wantAsked(settle); s.answer("owner-ola", settle, playbook.AskVendor, telling) })
	s.on(7*day, func() { s.provides("acme.1", "iso") })
	s.on(8*day, s.approvesAll)
	if out := s.playDiligence(waitedFor); out.Result != ResultCleared || len(out.Expiries) != 1 {
		t.Errorf("got %+v", out)
	}
	if n := len(s.rec.of(dossier.SentToVendor)); n != 2 {
		t.Errorf("%d lists went to the vendor", n)
	}
}

// An item is waived by a name, with a reason and an end; when the end comes it is
// asked for again.
func TestDiligenceWaiver(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "insurance", "risk", "risk-sign")...)
	settle := "settle-insurance"
	s.on(1*day, func() { s.provides("acme.1", "insurance") })
	s.on(2*day, func() { s.answer("finance-fay", "insurance-accept", review.Reject) })
	s.on(3*day, func() {
		s.wantAsked("insurance-accept", settle)
		s.refused(s.answer("owner-ola", settle, playbook.Waive, silently), review.NeedsReason)
		s.answer("owner-ola", settle, playbook.Waive, telling)
	})
	s.on(4*day, func() {
		s.wantAsked("insurance-accept", "waiver-insurance")
		if r := s.open("waiver-insurance"); !r.Sheet || len(r.Points) != 2 {
			t.Errorf("asked %+v", r)
		}
		s.provides("owner-ola", "waiver-insurance", validTo(monday.Add(3*day))) // has passed
	})
	s.on(5*day, func() {
		if r := s.open("waiver-insurance"); r.ID != s.root+":waiver-insurance.2" {
			t.Errorf("a waiver without an end to come stands: %+v", r)
		}
		s.provides("owner-ola", "waiver-insurance", validTo(monday.Add(10*day)))
	})
	s.on(6*day, func() { s.wantClosed("insurance-accept", review.Denied, "waived"); s.provides("security-sam", "risk") })
	s.on(11*day, func() { s.wantAsked("insurance"); s.provides("acme.1", "insurance") })
	s.on(12*day, s.approvesAll)
	s.on(13*day, s.approvesAll)
	if out := s.playDiligence(waitedFor); out.Result != ResultSigned {
		t.Errorf("got %+v", out)
	}
	if got := s.evidence(); !slices.Equal(got, []string{"insurance waived", "insurance ran-out", "insurance accepted"}) {
		t.Errorf("evidence: %q", got)
	}
	e := s.rec.of(dossier.Evidence)[0]
	if e.Actor != "owner-ola" || e.Detail.Written.Inside == "" || !e.Detail.Ends.Equal(monday.Add(10*day)) || e.Answer == "" {
		t.Errorf("the waiver is %+v %+v", e, e.Detail)
	}
}

// A waiver that stands at the end is watched from then on, by the name of who gave it.
func TestDiligenceWaiverIsPassedOn(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso")...)
	s.on(1*day, func() { s.provides("acme.1", "iso", lacksPoint("copy")) })
	s.on(2*day, func() { s.answer("security-sam", "iso-accept", review.Changes) })
	s.on(3*day, func() { s.answer("owner-ola", "settle-iso", playbook.Waive, telling) })
	s.on(4*day, func() { s.provides("owner-ola", "waiver-iso", validTo(monday.AddDate(0, 3, 0))) })
	out := s.playDiligence(waitedFor)
	sheet := s.open("waiver-iso").Ballots[0].Documents[0]
	want := []engagement.Expiry{{ID: s.root + ":waiver-iso/until", Kind: engagement.ExpiryWaiver, Name: "iso", On: monday.AddDate(0, 3, 0), Document: sheet, Person: "owner-ola", Process: s.root}}
	if d := cmp.Diff(want, out.Expiries); d != "" || out.Result != ResultCleared {
		t.Error(out.Result, d)
	}
}

// The vendor is silent past the day on which the owner is told: the owner may waive the
// item, and what comes meanwhile is taken all the same.
func TestDiligenceSilence(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "iso", "insurance", "portfolio")...)
	s.on(17*day, func() {
		s.wantAsked("iso", "insurance", "portfolio", "settle-iso", "settle-insurance", "settle-portfolio")
		if r := s.open("settle-portfolio"); slices.Contains(r.Options, playbook.Waive) {
			t.Errorf("what the playbook does not let waive may be: %v", r.Options)
		}
		s.provides("acme.1", "portfolio")
		s.answer("owner-ola", "settle-iso", playbook.Waive, telling)
		s.answer("owner-ola", "settle-insurance", playbook.Waive, telling)
	})
	s.on(18*day, func() {
		s.wantAsked("iso", "insurance", "waiver-iso", "waiver-insurance")
		s.provides("acme.1", "iso")
		s.provides("owner-ola", "waiver-insurance")
	})
	s.on(19*day, func() {
		s.wantAsked("iso-accept")
		s.wantClosed("waiver-iso", review.Open, "superseded")
		s.wantClosed("insurance", review.Open, "waived")
		s.wantClosed("settle-portfolio", review.Open, "superseded")
		s.approvesAll()
	})
	if out := s.playDiligence(waitedFor); out.Result != ResultCleared || len(out.Expiries) != 2 {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked iso insurance portfolio", "7 reminder iso insurance portfolio")
	s.wantTold("owner-ola", "16 owner iso insurance portfolio", "16 asked settle-iso settle-insurance settle-portfolio", "17 asked waiver-iso waiver-insurance")
}

// What will not do: the vendor is asked again with the owner's words, our own people
// at once, and those who refused may be asked again.
func TestDiligenceNotAccepted(t *testing.T) {
	s := newDiligence(t, stepsOf(diligenceSteps(t), "financials", "reference-a")...)
	words := ""
	s.on(1*day, s.providesAll)
	s.on(2*day, func() {
		s.answer("finance-fay", "financials-accept", review.Changes)
		s.answer("legal-lee", "reference-a-accept", review.Changes)
	})
	s.on(3*day, func() {
		s.wantAsked("financials-accept", "settle-financials", "reference-a")
		words = s.answer("owner-ola", "settle-financials", playbook.AskVendor, telling)
		s.provides("buyer-bo", "reference-a")
	})
	s.on(4*day, func() {
		s.wantClosed("financials-accept", review.Wanted, "superseded")
		if r := s.open("financials"); r.VendorText != words {
			t.Errorf("asked again %+v", r)
		}
		s.provides("acme.1", "financials", func(a *review.Answer) {
			v := s.view()
			a.Documents = v.Request(s.root + ":financials.1").Ballots[0].Documents
		})
		s.answer("legal-lee", "reference-a-accept", review.Reject)
	})
	s.on(5*day, func() {
		if r := s.open("settle-financials"); !slices.Contains(r.Options, playbook.TakeAnyway) {
			t.Errorf("the same again: %v", r.Options)
		}
		s.answer("owner-ola", "settle-financials", playbook.TakeAnyway, telling)
		if r := s.open("settle-reference-a"); slices.Contains(r.Options, playbook.AskVendor) {
			t.Errorf("our own item: %v", r.Options)
		}
		s.answer("owner-ola", "settle-reference-a", playbook.AskAgain, telling)
	})
	s.on(6*day, func() {
		s.answer("finance-fay", "financials-accept", review.Reject)
		s.provides("buyer-bo", "reference-a")
	})
	s.on(7*day, func() {
		s.answer("owner-ola", "settle-financials", playbook.AskAgain, telling)
		s.answer("legal-lee", "reference-a-accept", review.Approve)
	})
	s.on(8*day, func() { s.wantAsked("financials-accept"); s.answer("finance-fay", "financials-accept", review.Approve) })
	if out := s.playDiligence(waitedFor); out.Result != ResultCleared {
		t.Errorf("got %+v", out)
	}
}
