package stories

import (
	"net/http"
	"net/url"
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

// TestSomebodyOfTheNextVendorReceives: a vendor is left for another, and the plan says that
// nadia of that other learns what only the vendor knows. By the link of a mail she is led to
// what was filed of it, has it, shows that she can do it, and signs; the record says all of
// that. Then the exit is called off: what was hers is not there any more.
func TestSomebodyOfTheNextVendorReceives(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	o := s.replacesHeron()
	receiver := s.namesNadia(o)
	s.goesOn(o, isAsked("transfer-shown-area-1"), byThemselves)
	shown := o.newest("transfer-shown-area-1")
	if shown.Receiver != "swift-couriers" || len(shown.Given) == 0 || !shown.Holds("owner", receiver, o.now()) {
		t.Fatalf("it is asked so: %+v", shown)
	}
	page := s.nadia.enters(s.posted.nadia.Inbox.Expect(t, "asks you to take something over", "Do it yourself: area-1").Link("/portal/"))
	s.nadia.wants(page, "Do it yourself: area-1")
	for _, theirs := range []string{"What is written down", "Hand over what is on the list", "The plan, as it is carried out", "Hold a session"} {
		if strings.Contains(page.text, theirs) {
			t.Errorf("she sees more than what is hers, %q: %s", theirs, page.text)
		}
	}
	s.has(shown)
	s.nadia.fillsPages(o, shown)
	s.goesOn(o, isAsked("transfer-received-area-1"), byThemselves)
	s.signs(o, o.opens("transfer-received-area-1"))
	s.goesOn(o, func(v dossier.CaseView) bool {
		return slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool {
			return strings.HasPrefix(p.ID, "transfer/") && p.Result == workflows.ResultDone
		})
	}, byThemselves)
	o.act("helen", review.Act{Kind: review.Withdraw, Process: o.id})
	v := o.sealed("withdrawn")
	for _, step := range []string{"transfer-shown-area-1", "transfer-received-area-1"} {
		if r := v.Request(o.newest(step).ID); len(r.Ballots) != 1 || r.Ballots[0].Person != receiver || r.Closed == nil || r.Closed.State != review.Met {
			t.Errorf("%s ended %+v, by %+v", step, r.Closed, r.Ballots)
		}
	}
	report, _ := member(t, o.verified(v), "report.html")
	if !strings.Contains(string(report), "who takes over, opened what was filed of it ("+shown.Given[0]+")") {
		t.Error("the dossier does not say that she had it")
	}
	if late := s.nadia.opens(taskAt(shown, "")); late.status != http.StatusNotFound {
		t.Errorf("after the end she sees %d: %s", late.status, late.text)
	}
	o.replayed()
}

// replacesHeron has a vendor of tier 1 who works already left for another who does.
func (s *small) replacesHeron() *onboarding {
	s.t.Helper()
	now := time.Now()
	ends := now.AddDate(3, 0, 0).Format(time.DateOnly)
	s.puts("contract.md", example(s.t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,contract_file,contract_end,notice_days,contacts,source\n"+
		"Heron Couriers,deliveries,maya,helen,payment,contract.md,"+ends+",90,Ann Archer <ann@heron.example>,the register of 2025\n"+
		"Swift Couriers,deliveries,maya,helen,none,contract.md,"+ends+",90,Nadia Rahman <nadia@brightwell.example>,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/swift-couriers/1")
	for _, id := range []string{"oversight/heron-couriers/1", "oversight/swift-couriers/1"} {
		watch := &onboarding{h: s.house, id: id}
		watch.until("what is known is watched", func(v dossier.CaseView) bool { return len(v.Watched) >= 2 })
	}
	done := s.gangway("maya", "exit", "heron-couriers", "--replaced-by", "swift-couriers", "--by", now.AddDate(0, 8, 0).Format(time.DateOnly), "--mode", "planned",
		"--reason", "others do it for less", "--confirm", "Heron Couriers").ends(0, "")
	return &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
}

// namesNadia carries the exit to its plan, which says that nadia learns what the vendor knows.
func (s *small) namesNadia(o *onboarding) (id string) {
	s.t.Helper()
	var contacts []playbook.Contact
	s.get("/api/contacts?case="+url.QueryEscape("oversight/swift-couriers/1"), "maya", &contacts)
	if len(contacts) != 1 {
		s.t.Fatalf("the next vendor's people are %+v", contacts)
	}
	s.goesOn(o, isAsked("exit-carry-out"), nil)
	s.fillsIn(o, "exit-carry-out", func(sound sounding) {
		sound.own["asset-1-kind"], sound.own["area-1-who"] = string(exit.AssetDomain), contacts[0].ID
	})
	return contacts[0].ID
}

// byThemselves: what is asked of somebody of the next vendor by name is answered by nobody else.
func byThemselves(_ asked, who asker) bool { return !who.vendor && playbook.IsContact(who.person) }

// has: nadia opens what was filed, as its text and as it was filed; any other document, and
// hers under another request, are not there.
func (s *small) has(r review.Request) {
	s.t.Helper()
	task := s.nadia.opens(taskAt(r, ""))
	s.nadia.wants(task, "What you receive", "as it is")
	if text := s.nadia.opens(s.nadia.link(task, "/portal/material")); text.status != http.StatusOK || !strings.Contains(text.text, "What was asked for with") {
		s.t.Errorf("what was filed reads %d: %s", text.status, text.text)
	}
	at := func(request, digest string) string {
		return "/portal/material?" + url.Values{"task": {request}, "document": {digest}, "as": {"filed"}}.Encode()
	}
	if p := s.nadia.opens(at(r.ID, r.Given[0])); p.status != http.StatusOK {
		s.t.Errorf("as it was filed it is %d: %s", p.status, p.text)
	}
	for _, other := range []string{at(r.ID, "sha256:"+strings.Repeat("0", 64)), at("transfer/heron-couriers/1:transfer-material-area-1.1", r.Given[0]), at("exit/heron-couriers/1:exit-carry-out.1", r.Given[0])} {
		if p := s.nadia.opens(other); p.status != http.StatusNotFound {
			s.t.Errorf("%s is %d for her: %s", other, p.status, p.text)
		}
	}
}

// signs: nadia says that they can do it without the vendor.
func (s *small) signs(o *onboarding, r review.Request) {
	s.t.Helper()
	var f *form
	if !within(patience, func() bool { f = s.nadia.opens(taskAt(r, "")).form("/portal/decide"); return f != nil }) {
		s.t.Fatalf("she is not asked %s", r.ID)
	}
	f.says("approve")
	s.nadia.wants(s.nadia.sends(f), "Your answer is on its way")
	o.until("she signed", func(v dossier.CaseView) bool { q := v.Request(r.ID); return q != nil && len(q.Ballots) == 1 })
}
