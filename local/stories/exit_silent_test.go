package stories

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// adopted is a vendor of tier 3 who works already, as a file says of them.
func (s *small) adopted() (watch *onboarding) { return s.adoptedWith("none") }

// adoptedWith is one with data of ours of that kind: what it is says which tier.
func (s *small) adoptedWith(data string) (watch *onboarding) {
	s.t.Helper()
	ends := time.Now().AddDate(3, 0, 0).Format(time.DateOnly)
	s.puts("contract.md", example(s.t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,contract_file,contract_end,notice_days,contacts,source\n"+
		"Heron Couriers,deliveries,maya,helen,"+data+",contract.md,"+ends+",90,Ann Archer <ann@heron.example>,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/heron-couriers/1")
	watch = &onboarding{h: s.house, id: "oversight/heron-couriers/1"}
	watch.until("what is known is watched", func(v dossier.CaseView) bool { return len(v.Watched) >= 2 })
	watch.calm()
	return watch
}

// TestAStressedExitOfASilentVendor: nobody at the vendor answers anything. They are
// chased, rung by rung, by silence alone; two say that we can live with what is given up;
// then the parts go on without them, and the certificate says what was waived by whom.
func TestAStressedExitOfASilentVendor(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	watch := s.adopted()
	o := s.exits("maya", "heron-couriers", exit.ModeStressed, "they are insolvent", watch.now().AddDate(0, 3, 0))
	s.goesOn(o, isAsked("assets-else"), nil)
	s.fillsIn(o, "assets-else", func(s sounding) { s.own[string(exit.AssetDomain)] = "1" })
	s.goesOn(o, over, func(r asked, who asker) bool { // the owner waives nothing as long as somebody writes letters
		return who.vendor || strings.HasPrefix(r.Step, playbook.ChoreSettle) && len(o.kinds(dossier.GivenUp)) == 0
	})
	v := o.sealed("exited")
	s.chased(o, v)
	s.waived(o)
	if mails := s.mail.Mails("ann@heron.example"); len(mails) < 3 {
		t.Errorf("they were written to %d times", len(mails))
	}
	o.replayed()
}

// chased wants every rung of the ladder, nothing by the vendor, and what is given up said.
func (s *small) chased(o *onboarding, v dossier.CaseView) {
	t := s.t
	t.Helper()
	var rungs []string
	asked := false
	for _, r := range v.Requests {
		if step := r.Step; strings.HasPrefix(step, "chase-") {
			rungs = append(rungs, step)
			if r.Closed == nil || r.Closed.State != review.Met {
				t.Errorf("%s ended %+v", step, r.Closed)
			}
		}
		for _, seat := range r.Policy.Seats() {
			if seat.Role != review.VendorRole {
				continue
			}
			asked = true
			if len(r.Ballots) > 0 || len(r.Clocks) == 0 {
				t.Errorf("somebody answered %s: %+v", r.Step, r.Ballots)
			}
		}
		if r.Step == "exit-given-up" && (r.Closed == nil || r.Closed.State != review.Met) {
			t.Errorf("what is given up is %+v", r.Closed)
		}
	}
	if want := []string{"chase-letter", "chase-formal", "chase-sponsor", "chase-outside"}; !slices.Equal(rungs, want) || !asked {
		t.Errorf("the vendor was asked %t and chased by %q, want %q", asked, rungs, want)
	}
	if given := o.kinds(dossier.GivenUp); len(given) != 1 || given[0].Entry.Detail.Amount != 4 {
		t.Errorf("given up is %+v", given)
	}
	if !slices.ContainsFunc(v.Requests, func(r review.Request) bool { return r.Step == "exit-given-up" }) {
		t.Error("nobody said that we can live with it")
	}
}

// waived wants the page that was signed to say by whom something was waived, and nothing
// that nobody answered to be called done.
func (s *small) waived(o *onboarding) {
	t := s.t
	t.Helper()
	page := s.certificate(o)
	for _, words := range []string{"are waived by name until a day", "returned (data-return): by Maya Lindqvist until", "certificate (data-return): by Maya Lindqvist until"} {
		if !strings.Contains(page, words) {
			t.Errorf("the certificate does not say %q:\n%s", words, page)
		}
	}
}

// certificate is the text of what was signed at the end.
func (s *small) certificate(o *onboarding) string {
	s.t.Helper()
	all := o.kinds(dossier.Certified)
	if len(all) == 0 {
		s.t.Fatalf("nothing is certified\n%s", describe(o.view()))
	}
	text, found := member(s.t, o.verified(o.view()), "data/documents/"+strings.TrimPrefix(all[len(all)-1].Entry.Detail.Document, "sha256:"))
	if !found {
		s.t.Fatal("the dossier lacks the certificate")
	}
	return string(text)
}

// TestAnExitIsWithdrawn: until notice is given the vendor sees nothing of their exit, however
// many days pass. Before the cut-over helen calls it off: nothing was cut, the record
// says who did and why, and the vendor is watched as before. Past that point it is refused.
func TestAnExitIsWithdrawn(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	watch := s.comesOnBoard()
	s.getsIn()
	before := s.seenBy(s.nadia, "brightwell.example")
	by := watch.now().AddDate(0, 5, 0)
	first := s.exits("maya", "brightwell-payroll-ltd", exit.ModePlanned, "we do it ourselves", by)
	s.goesOn(first, isAsked("exit-notice"), nil)
	s.runsTo(first, first.now().Add(6*day))
	s.runsTo(watch, first.now())
	if d := s.seenBy(s.nadia, "brightwell.example").changed(before); len(d) > 0 {
		t.Errorf("before notice the vendor can see %v", d)
	}
	s.goesOn(first, isAsked("exit-cut-over"), nil)
	watched := watch.until("its oversight hands over", over)
	first.act("helen", review.Act{Kind: review.Withdraw, Process: first.id})
	v := first.sealed("withdrawn")
	if d := s.seenBy(s.nadia, "brightwell.example").changed(before); d["github"]+d["audit"] != "" {
		t.Errorf("it is called off, and at GitHub is changed %v", d)
	}
	said := first.kinds(dossier.Withdrawn)
	report, _ := member(t, first.verified(v), "report.html")
	if len(said) == 0 || said[0].Entry.Actor != "helen" || !strings.Contains(string(report), "helen has a reason to withdraw") {
		t.Errorf("the record says of it %+v", said)
	}
	s.watchedAgain(watched)

	second := s.exits("maya", "brightwell-payroll-ltd", exit.ModePlanned, "and yet we leave", by)
	s.goesOn(second, func(dossier.CaseView) bool { return len(second.kinds(dossier.NoReturn)) > 0 }, nil)
	out, err := s.Desk.Act(context.Background(), review.Act{ID: "web-" + freshID(), Kind: review.Withdraw, Process: second.id, From: as("helen"), Channel: "web",
		At: time.Now(), Text: review.Text{Inside: "once more"}})
	if err != nil || out.Refusal != review.NoReturn || over(second.view()) {
		t.Errorf("past the point of no return helen calls it off: %+v, %v", out, err)
	}
}

// watchedAgain wants another oversight to go on with all that one watched when it ended.
func (s *small) watchedAgain(was dossier.CaseView) {
	t := s.t
	t.Helper()
	w := &onboarding{h: s.house, id: workflows.ProcessID(workflows.OversightPrefix(was.Vendor), 2)}
	v := w.until("it is watched again", func(v dossier.CaseView) bool { return v.State == dossier.Running && len(v.Watched) > 0 })
	var want, got []string
	for _, e := range was.Watching() {
		want = append(want, string(e.Kind)+" "+e.Name+" "+e.On.Format(time.DateOnly))
	}
	for _, e := range v.Watching() {
		got = append(got, string(e.Kind)+" "+e.Name+" "+e.On.Format(time.DateOnly))
	}
	if !slices.Equal(got, want) || v.Owner != was.Owner || len(want) == 0 {
		t.Errorf("%s watches %q for %s, want %q for %s", w.id, got, v.Owner, want, was.Owner)
	}
}
