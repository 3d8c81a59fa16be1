package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestAgreementStands: the case says where the data processing agreement stands,
// and until when.
func TestAgreementStands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a     *dossier.Agreement
		want  []string
		lacks []string
	}{
		"nothing collects one": {nil, nil, []string{"Data processing agreement</dt>"}},
		"not needed":           {&dossier.Agreement{Need: playbook.NotNeeded}, []string{"Data processing agreement</dt>", "not needed"}, []string{"in force"}},
		"being collected":      {&dossier.Agreement{Need: playbook.Needed, Data: []string{"personal", "health"}}, []string{"being collected", "because of <bdi>personal, health</bdi>"}, []string{"in force"}},
		"in force": {&dossier.Agreement{Need: playbook.Needed, Document: digestOf("dpa"), Since: day(12), Ends: day(12).AddDate(2, 0, 0), LookAgain: day(12).AddDate(1, 0, 0)},
			[]string{"in force", "since 12 Nov 2026", "until 12 Nov 2028", "look again on 12 Nov 2027", digestOf("dpa")[7:]}, []string{"without end", "being collected"}},
		"without end": {&dossier.Agreement{Need: playbook.Needed, Document: digestOf("dpa"), Since: day(12)}, []string{"in force", "without end"}, []string{"look again", "until "}},
		"over":        {&dossier.Agreement{Need: playbook.Needed, Document: digestOf("dpa"), Since: day(1), Ends: day(12)}, []string{"has ended", "ended 12 Nov 2026"}, []string{"in force"}},
	} {
		s := newSite(t)
		s.desk.cases[0].DPA = c.a
		p := s.get("ola", caseURL()).wants(http.StatusOK, c.want...)
		head, _, _ := strings.Cut(p.Body, "<h2>Steps")
		for _, text := range c.lacks {
			if strings.Contains(head, text) {
				t.Errorf("%s: %q is on the page", name, text)
			}
		}
	}
}

// TestSendWhatIsMissing: the owner finds the list of what a checklist found
// missing, edits it, and sends what they wrote; refusing sends nothing.
func TestSendWhatIsMissing(t *testing.T) {
	t.Parallel()
	s, _ := newSidedSite(t)
	check := s.desk.request(checkID)
	b := review.Ballot{Answer: "a1", Seat: "data-protection", Person: "dora", Verdict: review.Checked, Version: 1, At: day(19)}
	for i, p := range check.Points {
		b.Findings = append(b.Findings, engagement.Finding{Point: p.ID, Missing: i == 3 || p.Optional, Places: []string{"2.1"}})
	}
	check.Ballots = []review.Ballot{b}
	chore := playbook.NewChore(playbook.ChoreLacking, playbook.DPA, playbook.Deadlines{})
	id := "dpa/northwind/1:lacking.1"
	c := s.desk.cases[0]
	c.Requests = append(c.Requests, review.Request{ID: id, Case: theCase, Process: "dpa/northwind/1", Step: playbook.ChoreLacking, Kind: chore.Step.Kind, Title: chore.Step.Title, Ask: chore.Step.Ask, Owner: "ola", Vendor: "northwind",
		Options: chore.Options, Reasoned: chore.Reasoned, ToVendor: chore.ToVendor, Policy: chore.Step.Policy, Opened: day(19), Clocks: []review.Clock{{Opened: day(19), Due: day(22)}},
		Seatings: []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: "ola", Via: review.ViaOwner, Since: day(19)}}}}})
	missing := s.desk.request(checkID).Points[3].Title
	p := s.get("ola", requestURL(id)).wants(http.StatusOK, "Found missing: <bdi>"+missing+"</bdi>.", "Send the vendor what is missing", "Refuse the agreement")
	f := p.form("/request/answer", "send-missing")
	if text := f.Get("vendor"); !strings.Contains(text, "- "+missing+" (Art. 28(3))") || strings.Count(text, "\n- ") != 1 {
		t.Errorf("the list is %q", text)
	}
	f.Set("verdict", string(playbook.SendMissing))
	f.Set("vendor", "Please fill in annex 1.")
	f.Set("inside", "Only the annex.")
	s.get("ola", s.post("ola", "/request/answer", f).leads("/receipt?")).wants(http.StatusOK, "Counted")
	if a := s.desk.answers[0]; a.Text.Vendor != "Please fill in annex 1." || a.Verdict != playbook.SendMissing {
		t.Errorf("the desk got %+v", a)
	}
	check = s.desk.request(checkID)
	check.Ballots = nil
	view := requestView{}
	listMissing(&view, &review.Request{Process: "dpa/northwind/1", Opened: time.Now()}, c)
	if view.Form.Vendor != "" || view.Missing != nil {
		t.Errorf("without an answer the list is %+v", view)
	}
}
