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

func TestDPADeliveredCheckedSignedInForce(t *testing.T) {
	s := newCollection(t)
	first := s.agreement("dpa1")
	s.on(2*day, func() {
		if r := s.open("ask"); len(r.Points) != len(engagement.DPAPoints()) || r.VendorText != "" || !r.Holds("vendor", "acme.1", s.env.Now()) || r.Holds("vendor", "acme.2", s.env.Now()) {
			t.Errorf("asked %+v", r)
		}
		s.delivers(first)
	})
	s.on(3*day, func() {
		r := s.open("points")
		if r.Document != DPADocument || r.Current() != 1 || r.Versions[0].Document != first || r.Points[6].ID != "gdpr-28-3-a" || !slices.Equal(r.Points[6].Proposed, []string{"1"}) {
			t.Errorf("checked is %+v", r)
		}
		s.wantNobodyAsked("sign")
		s.checks(engagement.PointLookAgain)
	})
	s.on(4*day, s.signs)
	out := s.playDPA()
	want := DPAResult{Result: ResultInForce, Document: first, Version: 1, Ends: monday.AddDate(1, 0, 0), Outward: Outward{Contacts: []string{"acme.1"}}}
	if d := cmp.Diff(want, out); d != "" {
		t.Error(d)
	}
	s.wantTold("acme.1", "0 asked ask")
	s.wantTold("acme.2")
	s.wantTold("owner-ola")
	s.wantEntries(t, "process-started", "case-opened", "dpa-need", "document", "examined", "dpa-in-force", "dpa-in-force", "process-ended", "case-closed", "case-closed")
	a := s.view().DPA
	if d := cmp.Diff(&dossier.Agreement{Need: "needed", Data: []string{"payment", "personal"}, Process: s.root, Document: first, Version: 1,
		Since: a.Since, Ends: monday.AddDate(1, 0, 0)}, a); d != "" || a.Since.Sub(monday).Truncate(day) != 4*day {
		t.Errorf("%s, since %s", d, a.Since)
	}
	reg := s.rec.of(dossier.DPAInForce)[1]
	if reg.Case != dossier.Register || reg.Detail.Parent != s.root || reg.Detail.Vendor != "acme" || reg.Detail.Document != first || !reg.Detail.Ends.Equal(want.Ends) {
		t.Errorf("the register has %+v %+v", reg, reg.Detail)
	}
	if e := s.rec.of(dossier.Examined)[0].Detail; e.Result != "readable" || e.Looks != engagement.KindDPA || e.Document != first || e.Version != 1 {
		t.Errorf("examined: %+v", e)
	}
}

func TestDPANotNeeded(t *testing.T) {
	s := newCollection(t)
	s.in.Facts.Data = []string{"payment"}
	out := s.playDPA()
	if out.Result != ResultNotNeeded {
		t.Errorf("got %+v", out)
	}
	if len(s.view().Requests) != 0 {
		t.Errorf("somebody was asked: %+v", s.view().Requests)
	}
	s.wantEntries(t, "process-started", "case-opened", "dpa-need", "process-ended", "case-closed", "case-closed")
	if e := s.rec.of(dossier.DPANeed)[0]; e.Detail.Result != playbook.NotNeeded || !slices.Equal(e.Detail.Values, []string{"payment"}) || e.Actor != "" {
		t.Errorf("%+v %+v", e, e.Detail)
	}
}

// Where mail may comment only, a vendor's mail is no delivery.
func TestDPAByMailWhereMailCommentsOnly(t *testing.T) {
	steps := collectionSteps(t)
	steps[0].MailComments = true
	s := newCollection(t, steps...)
	byMail := func(a *review.Answer) { deliver(s.agreement("dpa1"))(a); a.Channel = "mail" }
	s.on(1*day, func() { s.refused(s.answer("acme.1", "ask", review.Delivered, byMail), review.CommentsOnly) })
	s.on(2*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(3*day, func() { s.checks() })
	s.on(4*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce {
		t.Errorf("got %+v", out)
	}
}

// A person may want one whatever the data say; the record says who.
func TestDPAWantedByAPerson(t *testing.T) {
	s := newCollection(t)
	s.in.Facts.Data = nil
	s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(2*day, func() { s.checks() })
	s.on(3*day, s.signs)
	if out := s.playDPA(func(in *DPAInput) { in.Wanted = true }); out.Result != ResultInForce || !out.LookAgain.Equal(monday.AddDate(0, 6, 0)) {
		t.Errorf("got %+v", out)
	}
	if e := s.rec.of(dossier.DPANeed)[0]; e.Detail.Result != playbook.Needed || e.Actor != "requester-rae" {
		t.Errorf("%+v %+v", e, e.Detail)
	}
}

// The vendor is silent: reminders that say which they are and how late it is,
// a second contact, the owner; after three weeks the owner files what the vendor publishes,
// with the source.
func TestDPAVendorSilentForThreeWeeks(t *testing.T) {
	s := newCollection(t)
	s.on(21*day+time.Hour, func() {
		s.refused(s.answer("owner-ola", "ask", review.Delivered, deliver(s.agreement("dpa1"))), review.VendorSeat)
		s.refused(s.answer("privacy-pam", "ask", review.Delivered, deliver(s.agreement("dpa1")), forVendor), review.NotOwner)
		s.refused(s.answer("owner-ola", "ask", review.Delivered, deliver(s.agreement("dpa1")), func(a *review.Answer) { a.ForVendor = true }), review.NeedsSource)
		s.answer("owner-ola", "ask", review.Delivered, deliver(s.agreement("dpa1")), forVendor)
	})
	s.on(22*day, func() {
		s.refused(s.answer("acme.1", "ask", review.Delivered, deliver(s.agreement("dpa2"))), review.Closed)
		s.checks()
	})
	s.on(23*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce || out.Document != "sha256:dpa1" {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked ask", "7 reminder ask", "10 reminder ask", "14 reminder ask", "17 reminder ask")
	s.wantTold("acme.2", "9 backup ask", "16 reminder ask", "21 reminder ask")
	s.wantTold("owner-ola", "15 owner ask")
	var nths []int
	late := 0
	for _, n := range s.rec.notices {
		if n.Person == "acme.1" {
			nths = append(nths, n.Nth)
			if n.Due.IsZero() {
				t.Errorf("%+v has no due date", n)
			}
			if n.At.After(n.Due) {
				late++
			}
		}
	}
	if !slices.Equal(nths, []int{1, 2, 3, 4, 5}) || late != 1 {
		t.Errorf("tellings %v, %d of them late", nths, late)
	}
	filed := s.view().Documents
	if len(filed) != 1 || !filed[0].ForVendor || filed[0].By != "owner-ola" || filed[0].Name != DPADocument {
		t.Errorf("filed: %+v", filed)
	}
	if e := s.rec.of(dossier.DocumentFiled)[0]; e.Answer == "" || e.Detail.Written.Empty() {
		t.Errorf("the source is not with it: %+v", e)
	}
}

// What can't be read goes to the owner, who asks again in words for the vendor.
func TestDPAUnreadable(t *testing.T) {
	s := newCollection(t)
	asked := ""
	s.on(1*day, func() { s.delivers(s.agreement("scan", unreadable)) })
	s.on(2*day, func() {
		s.wantNobodyAsked("points")
		s.refused(s.answer("owner-ola", playbook.ChoreUnreadable, playbook.AskVendor), review.NeedsWords)
		asked = s.answer("owner-ola", playbook.ChoreUnreadable, playbook.AskVendor, telling)
	})
	s.on(3*day, func() {
		if r := s.open("ask"); r.ID != s.root+":ask.2" || r.VendorText != asked || len(r.Points) != len(engagement.DPAPoints()) || r.Points[6].Proposed != nil {
			t.Errorf("asked again: %+v", r)
		}
		s.delivers(s.agreement("scan")) // the same bytes, read better now: it is the same document
	})
	s.on(4*day, func() { s.answer("owner-ola", playbook.ChoreSame, playbook.TakeAnyway, telling) })
	s.on(5*day, func() { s.checks() })
	s.on(6*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce || out.Version != 2 {
		t.Errorf("got %+v", out)
	}
	s.wantTold("acme.1", "0 asked ask", "2 asked ask")
	if e := s.rec.of(dossier.Examined); len(e) != 2 || e[0].Detail.Result != playbook.ChoreUnreadable || e[1].Detail.Result != playbook.ChoreSame {
		t.Errorf("examined: %+v", e)
	}
}

// An NDA instead: the owner may take it all the same, and it is then for people to
// find out what it lacks.
func TestDPAAnNDAInstead(t *testing.T) {
	s := newCollection(t)
	s.on(1*day, func() { s.delivers(s.agreement("nda", anNDA)) })
	s.on(2*day, func() {
		s.wantNobodyAsked("points")
		s.answer("owner-ola", playbook.ChoreOtherKind, playbook.TakeAnyway)
		s.ids++ // a reason is wanted, and tasks carry one
	})
	s.on(3*day, func() { s.checks("gdpr-28-3-a", "gdpr-28-3-h") })
	s.on(4*day, func() { s.wantNobodyAsked("sign"); s.answer("owner-ola", playbook.ChoreLacking, playbook.Refuse) })
	if out := s.playDPA(); out.Result != ResultRefused || out.By != "owner-ola" || out.Document != "sha256:nda" {
		t.Errorf("got %+v", out)
	}
	if s.view().DPA.Document != "" {
		t.Error("what was refused is in force")
	}
}

// Several documents: the one that is the agreement is checked, the others are filed
// beside it.
func TestDPAWithAnAnnex(t *testing.T) {
	s := newCollection(t)
	s.on(1*day, func() {
		nda, main := s.agreement("measures", anNDA), s.agreement("dpa1")
		s.answer("acme.1", "ask", review.Delivered, func(a *review.Answer) { a.Documents = []string{nda, main, nda} })
	})
	s.on(2*day, func() { s.checks() })
	s.on(3*day, s.signs)
	if out := s.playDPA(); out.Document != "sha256:dpa1" {
		t.Errorf("got %+v", out)
	}
	filed := s.view().Documents
	if len(filed) != 2 || filed[0].Name != DPAAnnex || filed[1].Name != DPADocument || filed[1].By != "acme.1" {
		t.Errorf("filed %+v", filed)
	}
}

// Points are missing twice: each time the vendor gets the list of exactly those, and
// what people said of the round before counts for nothing.
func TestDPAMissingPointsTwice(t *testing.T) {
	s := newCollection(t)
	expects := func(round string, ids ...string) {
		t.Helper()
		r := s.open("ask")
		var got []string
		for _, p := range r.Points {
			got = append(got, p.ID)
		}
		if r.ID != s.root+":ask."+round || !slices.Equal(got, ids) {
			t.Errorf("round %s asks %s for %v, want %v", round, r.ID, got, ids)
		}
	}
	s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(2*day, func() { s.checks("gdpr-28-3-b", "gdpr-28-3-c") })
	s.on(3*day, func() { s.answer("owner-ola", playbook.ChoreLacking, playbook.SendMissing, telling) })
	s.on(4*day, func() { expects("2", "gdpr-28-3-b", "gdpr-28-3-c"); s.delivers(s.agreement("dpa2")) })
	s.on(5*day, func() {
		if r := s.open("points"); r.Current() != 2 || r.Versions[0].Document != "sha256:dpa2" || len(r.Ballots) != 0 {
			t.Errorf("checked again: %+v", r)
		}
		s.checks("gdpr-28-3-c", engagement.PointLookAgain)
	})
	s.on(6*day, func() { s.answer("owner-ola", playbook.ChoreLacking, playbook.SendMissing, telling) })
	s.on(7*day, func() { expects("3", "gdpr-28-3-c"); s.delivers(s.agreement("dpa3")) })
	s.on(8*day, func() { s.checks() })
	s.on(9*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce || out.Version != 3 || out.Document != "sha256:dpa3" {
		t.Errorf("got %+v", out)
	}
	sent := s.rec.of(dossier.SentToVendor)
	if len(sent) != 2 || !slices.Equal(sent[0].Detail.Points, []string{"gdpr-28-3-b", "gdpr-28-3-c"}) || sent[1].Detail.Version != 2 || sent[1].Detail.Written.Vendor == "" {
		t.Errorf("sent %+v", sent)
	}
}

// An end that has passed is as good as none.
func TestDPAThatHasEnded(t *testing.T) {
	s := newCollection(t)
	ended := func(a *review.Answer) {
		found()(a)
		for i := range a.Findings {
			if a.Findings[i].Point == engagement.PointEnds {
				a.Findings[i].On = monday.Add(5 * day)
			}
		}
	}
	s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(2*day, func() { s.answer("privacy-pam", "points", review.Checked, ended) })
	s.on(7*day, func() { s.signs() }) // meanwhile it has ended
	s.on(8*day, func() { s.answer("owner-ola", playbook.ChoreLacking, playbook.SendMissing, telling) })
	s.on(9*day, func() {
		if r := s.open("ask"); len(r.Points) != 1 || r.Points[0].ID != engagement.PointEnds {
			t.Errorf("asked for %+v", r.Points)
		}
		s.delivers(s.agreement("dpa2"))
	})
	s.on(10*day, func() { s.answer("privacy-pam", "points", review.Checked, ended) })
	s.on(11*day, func() { s.wantNobodyAsked("sign"); s.answer("owner-ola", playbook.ChoreLacking, playbook.Refuse) })
	if out := s.playDPA(); out.Result != ResultRefused {
		t.Errorf("got %+v", out)
	}
}

// The sign-off refuses: the owner has it asked again, then sends the vendor words,
// and in the end it is signed.
func TestDPASignOffRefused(t *testing.T) {
	settle := settleName(playbook.Step{ID: "sign"})
	s := newCollection(t)
	s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
	s.on(2*day, func() { s.checks() })
	s.on(3*day, func() { s.answer("legal-lee", "sign", review.Reject) })
	s.on(4*day, func() { s.answer("owner-ola", settle, playbook.AskAgain) })
	s.on(5*day, func() { s.answer("board-bea", "sign", review.Changes); s.answer("legal-lee", "sign", review.Approve) })
	s.on(6*day, func() {
		if r := s.open(settle); slices.Contains(r.Options, playbook.Waive) {
			t.Errorf("what the playbook does not let waive may be: %v", r.Options)
		}
		s.refused(s.answer("owner-ola", settle, playbook.AskVendor), review.NeedsWords)
		s.answer("owner-ola", settle, playbook.AskVendor, telling)
	})
	s.on(7*day, func() { s.delivers(s.agreement("dpa2")) })
	s.on(8*day, func() { s.checks() })
	s.on(9*day, s.signs)
	if out := s.playDPA(); out.Result != ResultInForce || out.Version != 2 {
		t.Errorf("got %+v", out)
	}
}

func TestDPARefusedOrWaived(t *testing.T) {
	for word, want := range map[review.Verdict]string{playbook.Refuse: ResultRefused, playbook.Waive: ResultWaived, playbook.Withdraw: ResultWithdrawn} {
		t.Run(want, func(t *testing.T) {
			steps := collectionSteps(t)
			steps[2].Policy.Waivable = true
			s := newCollection(t, steps...)
			s.on(1*day, func() { s.delivers(s.agreement("dpa1")) })
			s.on(2*day, func() { s.checks() })
			s.on(3*day, func() { s.answer("legal-lee", "sign", review.Reject) })
			s.on(4*day, func() { s.answer("owner-ola", settleName(steps[2]), word) })
			if out := s.playDPA(); out.Result != want || out.By != "owner-ola" || !out.Ends.IsZero() {
				t.Errorf("got %+v", out)
			}
			if len(s.rec.of(dossier.DPAInForce)) > 0 {
				t.Error("it is in force")
			}
		})
	}
}
