package stories

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// small is a vendor of tier 3 that is taken on board by people at their browsers alone.
type small struct {
	*premises
	o *onboarding
	// rehearsal: its clock can be moved.
	rehearsal bool
}

// TestWholeFromTheIntakePage asks for a small vendor on the page of that name, and takes
// it on board at the browser and in the portal: three people are asked six things, as the
// plan says, and then it is live. It is no rehearsal: nobody moves its clock.
func TestWholeFromTheIntakePage(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	contract := s.wants()
	s.needed()
	s.sworn()
	s.agreed(contract)
	s.speaks()
	v := s.o.sealed(dossier.Live)
	s.cost(v)
	s.told(v)
	if w := s.o.overseen().view(); w.State != dossier.Running || w.Owner != "maya" {
		t.Errorf("the oversight is %+v", w)
	}
}

// wants: maya finds the page from her inbox, forgets something, is told at the field, and
// opens the case with the contract that she has. Pressed twice it is one case.
func (s *small) wants() (contract []byte) {
	t := s.t
	t.Helper()
	maya, contract := s.at("maya"), example(t, "contract.md")
	if inbox := maya.opens("/"); !slices.Contains(inbox.links, "/vendors/new") {
		t.Fatalf("maya's inbox leads nowhere: %q", inbox.links)
	}
	f := maya.opens(query("/vendors/new", "playbook", "whole")).form("/vendors/new")
	if f == nil {
		t.Fatal("there is no form to ask for a vendor with")
	}
	for name, text := range map[string]string{"vendor.name": "Brightwell Payroll Ltd.", "vendor.service": "Payslips for eleven people", "vendor.country": "GB",
		"vendor.contacts": "Nadia Rahman <nadia@brightwell.example>", "reason": "We write them by hand.", "summary": "They print what we have counted.", "yearlyCost": "4,000", "currency": "GBP",
		"data": "none", "owner": "maya", "sponsor": "helen"} {
		f.values.Set("in."+name, text)
	}
	f.file = contract
	if s.rehearsal {
		f.values["rehearsal"] = f.boxes["rehearsal"]
	}
	shown := maya.sends(f)
	if shown.status != http.StatusUnprocessableEntity || !strings.Contains(shown.text, "an interest of your own") {
		t.Fatalf("maya does not say whether she has an interest, and is told: %d %s", shown.status, shown.text)
	}
	f.values.Set("in.interest", engagement.No)
	shown = maya.sends(f)
	again := maya.sends(f)
	for _, p := range []page{shown, again} {
		s.o = &onboarding{h: s.house, id: p.at.Query().Get("id") + p.at.Query().Get("begun")}
		if p.status != http.StatusOK || s.o.id != "onboarding/brightwell-payroll-ltd/1" {
			t.Fatalf("maya opened %q: %d at %s: %s", s.o.id, p.status, p.at, p.text)
		}
	}
	return contract
}

// says lets somebody answer on the page of what they are asked.
func (s *small) says(person, step, verdict string, with ...func(*form)) {
	s.t.Helper()
	r := s.o.asked(person, step)
	at := s.at(person)
	f := at.opens(query("/request", "id", r.ID)).form("/request/answer")
	if f == nil {
		s.t.Fatalf("%s finds no form for %s", person, step)
	}
	if r.Sheet {
		f.fillLines(r, s.o.sound())
	}
	f.ticks()
	f.says(verdict, with...)
	at.counts(at.sends(f), step)
}

// needed: helen reads in plain words what it is about, and says that it is needed.
func (s *small) needed() {
	s.t.Helper()
	r := s.o.asked("helen", "need-brief")
	if shown := s.at("helen").opens(query("/request", "id", r.ID)); !strings.Contains(shown.text, "They print what we have counted.") {
		s.t.Errorf("helen is not told what it is about: %s", shown.text)
	}
	s.says("helen", "need-brief", "approve")
}

// sworn: the vendor says in the portal what else they do, and jonas takes it.
func (s *small) sworn() {
	s.t.Helper()
	r := s.o.opens("interests")
	s.nadia.enters(s.posted.nadia.Inbox.Expect(s.t, clientName, "What else do you do").Link("/portal/"))
	s.nadia.fillsPages(s.o, r)
	s.says("jonas", "interests-accept", "approve")
}

// agreed: the contract is read by those who sign it, in parts, and the signed copy is the
// text that they read.
func (s *small) agreed(contract []byte) {
	s.t.Helper()
	reads := func(sections string) func(*form) {
		return func(f *form) { f.values.Set("read", sections) }
	}
	s.says("jonas", "review-brief", "approve", reads("all"))
	s.says("helen", "review-brief", "approve", reads("7"))
	s.says("maya", "executed", "delivered", func(f *form) {
		f.file = contract
		for name := range f.values {
			if field, is := strings.CutSuffix(name, ".point"); is && f.values.Get(name) == "file" {
				f.at = field + ".file"
			}
		}
	})
}

// speaks: who speaks for each side is written down, and nothing more is asked.
func (s *small) speaks() {
	s.t.Helper()
	s.says("maya", "contacts", "done")
}

// cost wants three of ours to have been asked anything at all, and six things to have been
// asked of anybody, the vendor and who accepts what they say among them.
func (s *small) cost(v dossier.CaseView) {
	t := s.t
	t.Helper()
	var steps, people []string
	for _, r := range v.Requests {
		steps = append(steps, r.Step)
	}
	for _, l := range s.o.lines() {
		f := l.Entry.Fact
		if f == nil || f.Kind != review.FactTold || f.Person == "" || f.Why != playbook.WhyAsked {
			continue
		}
		seat, _, known := v.Request(f.Request).Seat(f.Seat)
		if !known {
			t.Errorf("%s was asked %s in no seat", f.Person, f.Request)
		}
		if seat.Role != review.VendorRole && !slices.Contains(people, f.Person) {
			people = append(people, f.Person)
		}
	}
	slices.Sort(people)
	if !slices.Equal(people, []string{"helen", "jonas", "maya"}) {
		t.Errorf("asked were %q", people)
	}
	if !slices.Equal(steps, []string{"need-brief", "interests", "interests-accept", "review-brief", "executed", "contacts"}) {
		t.Errorf("asked was %q", steps)
	}
}

// told: what maya typed is in the case as she typed it, and all that was said and filed
// came by the browser.
func (s *small) told(v dossier.CaseView) {
	t := s.t
	t.Helper()
	if v.Tier != 3 || v.Rehearsal || v.Requester != "maya" || v.Owner != "maya" {
		t.Errorf("the case is %+v", v)
	}
	for _, r := range v.Requests {
		for _, b := range r.Ballots {
			if b.Channel != "web" && b.Channel != "portal" {
				t.Errorf("%s answered %s by %s", b.Person, r.Step, b.Channel)
			}
		}
	}
	report, found := member(t, s.o.verified(v), "report.html")
	for _, words := range []string{"We write them by hand.", "They print what we have counted.", "Payslips for eleven people"} {
		if !found || !strings.Contains(string(report), words) {
			t.Errorf("the dossier's report does not say %q (found: %t)", words, found)
		}
	}
}
