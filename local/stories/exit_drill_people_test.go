package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
	"gangway/workflows"
)

// wellKnown is a vendor of tier 1 who works already, with all that a drill can look at: a
// signed exit plan, an account that was given access here, and a repository of theirs.
// Daniel is in Slack.
func (s *small) wellKnown() (watch *onboarding) {
	t := s.t
	t.Helper()
	s.slack.SetUser(slacktest.User{ID: slackID("daniel"), Name: "daniel", RealName: "Daniel Brooks", Email: "daniel@northgate.example"})
	s.slack.Whatever("daniel")
	s.hub.AddRepository("ledger", "private")
	s.hub.AddCollaborator("ledger", "heron-dev", "write")
	s.hub.AddKey("ledger", "heron deploys", "heron-dev")
	s.hub.Anywhere("heron", "engine", "private")
	s.commits(s.hub.GitFolder("heron", "engine", false))
	ends := time.Now().AddDate(3, 0, 0)
	s.puts("contract.md", example(t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,contract_file,contract_end,notice_days,contacts,source\n"+
		"Heron Couriers,deliveries,maya,helen,payment,contract.md,"+ends.Format(time.DateOnly)+",90,Ann Archer <ann@heron.example>,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/heron-couriers/1")
	watch = &onboarding{h: s.house, id: "oversight/heron-couriers/1"}
	given := s.packed(map[string]any{"standings": []entitlement.Standing{{Grant: "dev", Login: "heron-dev", Place: "repository/ledger", Role: "write", Until: ends, Verdict: entitlement.VerdictFound}}})
	told := workflows.News{Expiries: []engagement.Expiry{ // as who gave the access, and who signed the plan, would have
		{ID: watch.id + ":access-1", Kind: engagement.ExpiryAccess, Name: "access-1", On: ends, Document: given, Process: watch.id, Unreviewed: true},
		{ID: watch.id + ":exit-plan", Kind: engagement.ExpiryExitPlan, Name: "exit-plan", On: ends, Document: s.packed(signedPlan()), Process: watch.id, Unreviewed: true}}}
	if err := s.client.SignalWorkflow(context.Background(), watch.id, "", workflows.SignalNews, told); err != nil {
		t.Fatalf("telling the oversight of an access: %v", err)
	}
	watch.until("their access is watched", func(v dossier.CaseView) bool {
		return slices.ContainsFunc(v.Watched, func(w dossier.WatchView) bool { return w.Document == given })
	})
	watch.quiet()
	return watch
}

// signedPlan is an exit plan in the form in which one is signed: nobody takes over the domain.
func signedPlan() engagement.Sheet {
	line := func(id, words string, choices ...string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Choices: choices, Said: words != ""}, Words: words}
	}
	return engagement.Sheet{Title: "Exit plan", Lines: []engagement.SheetLine{
		line("asset-1-what", "heron/engine"), line("asset-1-kind", "", string(exit.AssetRepository)), line("asset-1-who", "", "daniel"),
		line("asset-2-what", "heron.example"), line("asset-2-kind", "", string(exit.AssetDomain)),
		line("area-1-what", "how parcels are routed"), line("area-1-who", "", "maya"), line("no-return", "the last collection"),
	}}
}

// packed files something as a process does, and returns its digest.
func (s *small) packed(v any) string {
	s.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		s.t.Fatalf("packing a document: %v", err)
	}
	p, err := s.Archive.Put(context.Background(), bytes.NewReader(text), 1<<20)
	if err != nil {
		s.t.Fatalf("filing a document: %v", err)
	}
	return p.Digest
}

// commits makes the git repository of one of GitHub's, with something in it.
func (s *small) commits(folder string) {
	s.t.Helper()
	mirrored(s.t, folder, "heron-dev@users.noreply.github.com", "init -q -b trunk .", "commit -q --allow-empty -m one", "tag v1")
}

// practises is a drill with people. Of four tasks of an hour one is done on a card in
// Slack, one by mail, one is said on the page to have failed, and one nobody answers.
func (s *small) practises(before []string, watch *onboarding) {
	t := s.t
	t.Helper()
	o := s.drills("stressed", "--with-people")
	met := map[string]bool{} // looked up only
	for {
		var r review.Request
		found := false
		if !within(4*patience, func() bool {
			<-time.After(50 * time.Millisecond) // else the record is read for nothing
			v := o.view()
			i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.Closed == nil && !met[r.ID] })
			if found = i >= 0; found {
				r = v.Requests[i]
			}
			return found || !v.Closed.IsZero()
		}) {
			t.Fatalf("nobody is asked, and the drill does not end\n%s", describe(o.view()))
		}
		if !found {
			break
		}
		met[r.ID] = true
		s.tries(o, r)
	}
	o.sealed(workflows.ResultDone)
	if len(met) != 4 {
		t.Errorf("%d were asked something: %v", len(met), met)
	}
	for _, line := range s.wentOut(watch.id) {
		if slices.Contains(before, line) {
			continue
		}
		if strings.Contains(line, "The case of Heron Couriers is over") { // which works on
			t.Errorf("this went out: %s", line)
		}
		if !strings.Contains(line, "DRILL: ") && !strings.Contains(line, "mail to maya@northgate.example: [GW "+o.id+"]") && !strings.Contains(line, "mail to tom@northgate.example: [GW "+o.id+"]") {
			t.Errorf("this went out: %s", line)
		}
	}
	report := ""
	for _, l := range o.kinds(dossier.Certified) {
		report = s.reads(l.Entry.Detail.Document)
	}
	for _, want := range []string{"; done within its hour by Daniel Brooks", "; tried by Daniel Brooks, and failed", "; done within its hour by Maya Lindqvist", "; nobody had done it within the hour",
		"assets-restore (handover): it was tried, and failed", "access-systems (revocation): nobody did it within its hour"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	o.replayed()
}

// tries has somebody do what a drill asks of them, or nobody.
func (s *small) tries(o *onboarding, r review.Request) {
	t := s.t
	t.Helper()
	if !r.Drill || !strings.HasPrefix(r.Title, "DRILL: ") {
		t.Errorf("%s is asked as if it were none: %q", r.Step, r.Title)
	}
	switch r.Step {
	case "drill-assets-verify":
		card := s.slack.Person("daniel").Expect(t, r.Title, "This is a drill", "Log in as owner of one thing")
		approves(t, s.slack.Person("daniel"), card)
	case "drill-assets-restore":
		s.slack.Person("daniel").Expect(t, r.Title, "This is a drill")
		at := s.at("daniel")
		shown := at.opens(query("/request", "id", r.ID))
		if shown.status != http.StatusOK || !strings.Contains(shown.text, "This is a drill") {
			t.Errorf("the page says: %d %s", shown.status, shown.text)
		}
		f := shown.form("/request/answer")
		f.says("reject", reason("Nobody has a machine on which it builds.", ""))
		at.counts(at.sends(f), r.Step)
	case "drill-data-opened":
		s.people["maya"].Inbox.Expect(t, r.Title, "This is a drill").Reply(t, "approved")
	case "drill-access-systems":
		s.slack.Person("daniel").Expect(t, r.Title, "Take nobody out")
		for range 20 {
			at := o.calm()
			if v := o.view(); v.Request(r.ID).Closed != nil {
				break
			}
			if err := s.Rehearse(o.id).Jump(context.Background(), at); err != nil {
				t.Fatalf("jumping to %s: %v", at, err)
			}
		}
	default:
		t.Errorf("%s is asked", r.Step)
	}
	o.until("it is over", func(v dossier.CaseView) bool { return v.Request(r.ID).Closed != nil })
}
