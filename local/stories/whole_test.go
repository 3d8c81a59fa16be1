package stories

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/mail/mailtest"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// taking is a vendor of tier 1 on its way on board.
type taking struct {
	*premises
	o *onboarding
}

// TestWholeOnboarding takes a vendor of tier 1 on board with the playbook `whole`, from
// the intake to an oversight that runs: on the command line, in the portal, by mail, in
// the browser and in Slack. What it costs the engine is within its bounds.
func TestWholeOnboarding(t *testing.T) {
	t.Parallel()
	s := &taking{premises: newPremises(t)}
	s.wanted()
	s.compared()
	s.sworn()
	s.looked()
	s.tried()
	s.agreed()
	s.others(s.o)
	v := s.o.sealed(dossier.Live)
	s.o.costs(v)
	s.filed(v)
	s.watched()
}

// wanted: tom writes down whom he wants, and two say that it is needed.
func (s *taking) wanted() {
	s.t.Helper()
	text := strings.NewReplacer("data: [personal, payment]", "data: [personal, payment]\nrehearsal: yes", "systems: [hr-records, bank-portal]", "systems: [hr-records, bank-portal, github]",
		"deputy: tom\n", "").Replace(string(example(s.t, "vendor.yaml")))
	s.puts("vendor.yaml", []byte(text))
	s.puts("contract.md", example(s.t, "contract.md"))
	opened := s.gangway("tom", "onboard", "vendor.yaml", "--playbook", "whole").ends(0, "asked now: helen, ravi")
	s.o = &onboarding{h: s.house, id: strings.TrimSpace(opened.out)}
	s.gangway("ravi", "answer", s.o.id, "need", "approve").ends(5, "interest")
	s.gangway("ravi", "answer", s.o.id, "need", "approve", "--attest-all").ends(0, "I have no interest of my own in this vendor.")
	s.o.answer("helen", "need", review.Approve)
}

// compared: maya files three offers, as a file that she filled in.
func (s *taking) compared() {
	s.t.Helper()
	s.o.answer("maya", playbook.ChoreCompetition, playbook.CollectOffers)
	s.delivers("maya", "offers")
}

// delivers fills a form in on the command line, away from any page.
func (s *taking) delivers(person, step string) {
	s.t.Helper()
	r := s.o.opens(step)
	var b strings.Builder
	for _, p := range r.Points {
		typed := s.o.sound().typed(p)
		if p.Kind == engagement.PointFile {
			typed = []string{p.ID + ".txt"}
			s.puts(typed[0], []byte("1. "+p.Title+"\n"))
		}
		if len(typed) > 0 {
			b.WriteString(p.ID + ": \"" + typed[0] + "\"\n")
		}
	}
	s.puts(step+".yaml", []byte(b.String()))
	s.o.asked(person, step)
	s.gangway(person, "answer", s.o.id, step, "delivered", "--sheet", step+".yaml", "--attest-all").ends(0, "counted")
}

// sworn: nothing is asked of the vendor before they signed in the portal that they
// keep to themselves what they hear, and jonas took it in Slack.
func (s *taking) sworn() {
	t := s.t
	t.Helper()
	r := s.o.opens("nda")
	s.nadia.enters(s.posted.nadia.Inbox.Expect(t, clientName, "Confidentiality agreement").Link("/portal/"))
	s.nadia.wants(s.nadia.fillsPages(s.o, r), "Confidentiality agreement")
	jonas := s.slack.Person(slackID("jonas"))
	card := jonas.Expect(t, "Confidentiality agreement, signed: will it do?")
	approves(t, jonas, card, noConflict)
	s.o.counts("jonas", "nda-accept", review.Approve, "slack")
	for _, q := range s.o.view().Requests {
		for _, seat := range q.Policy.Seats() {
			if seat.Role == review.VendorRole && q.Step != "nda" && q.Opened.Before(s.o.newest("nda-accept").Opened) {
				t.Errorf("the vendor was asked %s before anything was signed", q.Step)
			}
		}
	}
}

// looked: the vendor answers in the portal, once by mail with a file that they filled
// in; ours call references; and what could go wrong is written down and signed.
func (s *taking) looked() {
	t := s.t
	t.Helper()
	r := s.o.opens("working-hours")
	filled := map[string][]string{}
	for _, p := range r.Points {
		filled[p.ID] = s.o.sound().typed(p)
	}
	asked := s.posted.nadia.Inbox.Expect(t, clientName, "Hours, languages, ways to reach you")
	_, about, _ := strings.Cut(asked.Text, "Hours, languages, ways to reach you")
	to := regexp.MustCompile(`gangway\+[a-z2-7]+@gangway\.example`).FindString(about) // each of what the mail asks has an address
	asked.ReplyWith(t, mailtest.Draft{To: []string{to}, Text: "Here it is.",
		Files: []mailtest.File{{Name: "hours.txt", Kind: "text/plain", Bytes: engagement.WriteSheetFile(r.Title, r.ID, r.Points, filled)}}})
	wantArrival(t, s.o.comes(1), arrivals.Delivered)
	s.delivers("maya", "references")
	s.others(s.o, "risk-record-accept")
	s.others(s.o, "halfway")
	risks := s.o.newest("risk-record")
	if b := risks.Ballots[0]; len(b.Documents) == 0 {
		t.Errorf("the risk record is no document: %+v", b)
	}
}

// tried: four weeks of work are scored by three who see nothing of each other, one of
// them in the browser and one on the command line.
func (s *taking) tried() {
	t := s.t
	t.Helper()
	s.others(s.o, "pilot-score")
	r := s.o.opens("pilot-score")
	maya := s.at("maya")
	f := maya.opens(query("/request", "id", r.ID)).form("/request/answer")
	for name := range f.values {
		if field, is := strings.CutSuffix(name, ".criterion"); is {
			f.values.Set(field+".points", "4")
		}
	}
	f.says("scored")
	maya.counts(maya.sends(f), "pilot-score")
	s.o.quiet() // what counts is filed a moment later
	seen := s.gangway("sam", "show", s.o.id, "-o", "json").ends(0)
	var v dossier.CaseView
	seen.json(&v)
	if b := v.Request(r.ID).Ballots; len(b) != 1 || len(b[0].Scores) > 0 {
		t.Errorf("sam sees of maya's points %+v", b)
	}
	if text := s.at("sam").opens(query("/request", "id", r.ID)).text; !strings.Contains(text, "Nobody sees another’s points") {
		t.Errorf("sam is not told that nobody sees another's points: %s", text)
	}
	for range 2 {
		who, _ := asked{&r}.next(s.o.now())
		if who.person == "maya" {
			r.Ballots = append(r.Ballots, review.Ballot{Seat: who.seat.ID, Person: "maya", Verdict: review.Scored})
			who, _ = asked{&r}.next(s.o.now())
		}
		s.gangway(who.person, "answer", s.o.id, "pilot-score", "scored", "--score", "quality=5", "--score", "communication=4", "--score", "deadlines=3", "--attest-all").ends(0, "counted")
		r.Ballots = append(r.Ballots, review.Ballot{Seat: who.seat.ID, Person: who.person, Verdict: review.Scored})
	}
	// Quality counts 40 of 100, the others 30 each: (80 + 82 + 82) / 3, rounded.
	if got := s.o.opens("pilot-go"); got.Score != 81 || got.Threshold != 70 {
		t.Errorf("the score is %d against %d, want 81 against 70", got.Score, got.Threshold)
	}
	s.others(s.o, "review", "clauses", "clauses-processing", "dpa-ask")
}

// agreed: the contract is read by sections, changed by the vendor, looked through for
// clauses, and its signed copy compared; the vendor sends the agreement on data by mail.
func (s *taking) agreed() {
	t := s.t
	t.Helper()
	jonas := s.slack.Person(slackID("jonas"))
	clauses := jonas.Expect(t, "What the contract says, and what not")
	clauses.Offers(t, "Answer on the page…")
	clauses.OffersNot(t, "Approve")

	s.o.answer("jonas", "review", review.Changes, func(a *review.Answer) { a.Read = []string{"1-6"} })
	for _, p := range []string{"daniel", "ruth", "ravi"} {
		s.o.answer(p, "review", review.Approve)
	}
	r := s.o.newest("clauses")
	at := s.at("jonas")
	if shown := at.opens(query("/request", "id", r.ID)); shown.form("/request/check") == nil {
		t.Errorf("jonas finds no checklist: %d %s", shown.status, shown.text)
	}
	may := slices.IndexFunc(r.Points, func(p engagement.Point) bool { return p.Waivable })
	s.o.answer("jonas", "clauses", review.Checked, s.o.found("jonas", "clauses", r.Points[may].ID))
	s.o.answer("ruth", "clauses-processing", review.Checked, s.o.found("ruth", "clauses-processing"))
	s.waives(playbook.ChoreClauses)
	s.o.answer("maya", playbook.ChoreSend, playbook.Sent, func(a *review.Answer) { a.Text = review.Text{Vendor: "Fourteen days, please."} })

	next := s.o.opens(playbook.ChoreNext)
	s.posted.nadia.Inbox.Expect(t, "Fourteen days, please.")
	s.nadia.deliversVersion(next, example(t, "contract-v2.md"))
	s.o.answer("jonas", "review", review.Approve, func(a *review.Answer) { a.Read = []string{"5"} })
	s.o.answer("ravi", "review", review.Approve)
	s.o.answer("maya", "review", review.Approve, func(a *review.Answer) { a.Read = []string{"7-12"} })
	s.o.answer("helen", "review", review.Approve)
	s.o.until("the review waits for what nobody has read", func(v dossier.CaseView) bool {
		q := s.o.newest("review")
		return slices.Equal(q.Tally(s.o.now()).Unread, []string{"13", "14", "15"})
	})
	s.gangway("maya", "show", s.o.id).ends(0, "nobody has read 13, 14, 15")
	s.o.act("helen", review.Act{Kind: review.Read, Request: s.o.newest("review").ID, Version: 2, Sections: []string{"13-15"}})
	s.posted.nadia.Inbox.Expect(t, clientName, "Data processing agreement").ReplyWith(t, withAgreement())
	wantArrival(t, s.o.comes(2), arrivals.Delivered)
}

// waives lets the owner do without what was found missing, for a year.
func (s *taking) waives(step string) {
	s.t.Helper()
	r := s.o.opens(step)
	s.o.answer("maya", step, review.Checked, func(a *review.Answer) {
		a.Text = review.Text{Inside: "the order form says it"}
		for _, p := range r.Points {
			a.Findings = append(a.Findings, engagement.Finding{Point: p.ID, On: s.o.now().AddDate(1, 0, 0)})
		}
	})
}

// deliversVersion files the vendor's next version in the portal.
func (g guest) deliversVersion(r review.Request, text []byte) {
	g.m.t.Helper()
	var f *form
	if !within(patience, func() bool { f = g.opens(taskAt(r, "files")).form("/portal/upload"); return f != nil }) {
		g.m.t.Fatalf("%s has no task %s", g.id, r.ID)
	}
	f.file = text
	g.sends(f)
	save := g.opens(taskAt(r, "about")).form("/portal/save")
	save.values.Set("instead", "no")
	g.sends(g.sends(save).form("/portal/send"))
}

// filed: whatever anybody delivered or filled in is in the dossier.
func (s *taking) filed(v dossier.CaseView) {
	s.t.Helper()
	zip := s.o.verified(v)
	for i := range v.Requests {
		for _, b := range v.Requests[i].Ballots {
			for _, d := range b.Documents {
				if _, found := member(s.t, zip, "data/documents/"+strings.TrimPrefix(d, "sha256:")); !found {
					s.t.Errorf("the dossier lacks what %s delivered for %s: %s", b.Person, v.Requests[i].Step, d)
				}
			}
		}
	}
}

// watched: an oversight of its own holds what runs out, and the owner sees it.
func (s *taking) watched() {
	t := s.t
	t.Helper()
	w := s.o.overseen()
	v := w.view()
	kinds := map[engagement.ExpiryKind]bool{}
	for _, e := range v.Watched {
		kinds[e.Kind] = true
	}
	for _, kind := range []engagement.ExpiryKind{engagement.ExpiryContract, engagement.ExpiryCertificate, engagement.ExpiryInsurance, engagement.ExpiryExitPlan, engagement.ExpiryAccess, engagement.ExpiryDPA, engagement.ExpiryWaiver} {
		if !kinds[kind] {
			t.Errorf("nobody watches the %s: %+v", kind, v.Watched)
		}
	}
	if v.State != dossier.Running || v.Owner != "maya" || !strings.HasPrefix(w.id, workflows.OversightPrefix(v.Vendor)) {
		t.Errorf("the oversight is %+v", v)
	}
	s.gangway("maya", "cases", "--all").ends(0, s.o.id, w.id)
	s.gangway("maya", "show", w.id).ends(0, "certificates")
	s.gangway("maya", "watch").ends(0, "executed")
}
