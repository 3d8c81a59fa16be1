package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/config"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// payroll is what somebody types who asks for a vendor of the lowest tier.
func payroll(f url.Values) url.Values {
	for name, text := range map[string]string{"vendor.name": "Brightwell Payroll", "vendor.service": "payroll", "reason": "We are late\nevery month.", "summary": "They pay us.",
		"alternative": "two clerks", "success": "on time", "data": "none", "yearlyCost": "12,000", "currency": "gbp", "deputy": "ben", "sponsor": "sami"} {
		f.Set(inIntake+name, text)
	}
	return f
}

// TestSomebodyAsksForAVendor is a story: from the first page to the case, with what was
// typed on the way in it.
func TestSomebodyAsksForAVendor(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	s.get("ria", "/").wants(http.StatusOK, `href="/vendors/new">Ask for a vendor</a>`)
	p := s.get("ria", intakePath).wants(http.StatusOK, "Why is this vendor wanted?", "By the playbook <bdi>standard</bdi>", "<option value=\"ola\">Ola Nordmann (Service owner)</option>", "Open the case")
	p.accessible("asking for a vendor")
	p.lacks(" checked", " selected", "Gus Left", "Vic Turner", "The contract cannot come")
	f := payroll(p.form(intakePath, "nonce"))
	nonce := f.Get("nonce")
	if to := s.do("ria", multipartForm(t, intakePath, f, "Hosting agreement.md", []byte("1. Text"))).leads("/case"); to != caseLink("onboarding/brightwell-payroll/1") {
		t.Errorf("it leads to %s", to)
	}
	if to := s.post("ria", intakePath, f).leads("/case"); to != caseLink("onboarding/brightwell-payroll/1") || len(d.intakes) != 1 {
		t.Errorf("pressed twice it leads to %s, and %d cases were opened", to, len(d.intakes))
	}
	want := playbook.Intake{ID: nonce, Playbook: "standard", Vendor: engagement.Vendor{Name: "Brightwell Payroll", Service: "payroll"}, Reason: "We are late\nevery month.", Summary: "They pay us.",
		Alternative: "two clerks", Success: []string{"on time"}, Data: []string{"none"}, YearlyCost: 12000, Currency: "GBP", Owner: "ria", Deputy: "ben", Sponsor: "sami",
		Contract: d.intakes[0].Contract, From: review.Address{Channel: "web", ID: "ria"}}
	want.From = d.intakes[0].From
	if diff := cmp.Diff(want, d.intakes[0]); diff != "" || want.From.ID != "ria" || string(d.papers[want.Contract]) != "1. Text" {
		t.Errorf("the desk got (-want +got)\n%s\nfrom %+v with %q", diff, want.From, d.papers[want.Contract])
	}
	again := payroll(s.get("lena", intakePath).form(intakePath, "nonce"))
	s.post("lena", intakePath, again).wants(http.StatusUnprocessableEntity, `<a href="#in-vendor-name"><bdi>Vendor</bdi></a>: Brightwell Payroll is being taken on board already, in onboarding/brightwell-payroll/1. Go on there; another service`,
		`value="Brightwell Payroll"`)
}

// TestIntakeFaultsAreAtTheirFields: all of what is wrong is said at once, with links, and
// nothing of what was typed is lost; the desk is not asked for what the form knows.
func TestIntakeFaultsAreAtTheirFields(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	p := s.get("ria", intakePath+"?playbook=whole")
	f := payroll(p.form(intakePath, "nonce"))
	f.Set("in.vendor.name", "")
	f.Set("in.yearlyCost", "a <b>lot</b>")
	f.Set("in.vendor.contacts", "nobody")
	f.Set("in.invented", "x")
	p = s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, "4 things to be put right", `id="faults" tabindex="-1" autofocus`, `<a href="#in-vendor-name">`, `<a href="#in-yearlyCost"><bdi>Cost a year</bdi></a>: `,
		`<a href="#in-vendor-contacts">`, `<a href="#in-interest">`, `id="in-yearlyCost-wrong"`, `value="a &lt;b&gt;lot&lt;/b&gt;"`, "We are late\nevery month.</textarea>", `<option value="ben" selected>`, `value="none" checked`)
	p.accessible("an intake with faults")
	if p.form(intakePath, "nonce").Get("nonce") != f.Get("nonce") || len(d.changes) != 0 {
		t.Errorf("the number changed, or the desk was asked for %q", d.changes)
	}
	f = payroll(f)
	f.Del("in.vendor.contacts")
	f.Del("in.invented")
	f.Set("in.interest", engagement.Yes)
	s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, `<a href="#in-whichInterest">`)
	f.Set("in.whichInterest", "my brother works there")
	s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, `<a href="#in-owner"><bdi>Who owns the case?</bdi></a>: Whoever declares an interest does not own the case (name somebody`, `value="yes" checked`, "my brother works there")
	f.Set("nonce", newNonce())
	f.Set("in.interest", engagement.No)
	f.Del("in.whichInterest")
	s.post("ria", intakePath, f).leads("/case")
}

// TestIntakeOfATier: what only some tiers must say is wanted by the desk, at its field.
func TestIntakeOfATier(t *testing.T) {
	t.Parallel()
	for _, name := range config.Playbooks() {
		pb, _, err := config.Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := newWantedSite(t)
		p := s.get("ria", intakePath+"?"+url.Values{"playbook": {name}}.Encode()).wants(http.StatusOK)
		p.accessible("the intake of " + name)
		for _, field := range pb.IntakeForm().Fields {
			if !strings.Contains(p.Body, `name="in.`+field.Name+`"`) {
				t.Errorf("%s: nobody can say %s", name, field.Name)
			}
		}
		f := p.form(intakePath, "nonce")
		for field, text := range map[string]string{"vendor.name": "Heron", "vendor.service": "all", "reason": "why", "yearlyCost": "90000000", "interest": "no", "summary": "all"} {
			if strings.Contains(p.Body, `name="in.`+field+`"`) {
				f.Set(inIntake+field, text)
			}
		}
		i, _ := pb.IntakeForm().Intake(map[string][]string{"yearlyCost": {"90000000"}})
		for _, rule := range pb.Tiers {
			if rule.Tier != playbook.TierFor(pb.Tiers, i.Facts()) || !slices.Contains(rule.Needs, "deputy") {
				continue
			}
			s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, `<a href="#in-deputy">`, `id="in-deputy-wrong"`)
		}
	}
}

// TestIntakeOfAnotherPlaybook: its form comes with what was typed, and says what it has
// no place for.
func TestIntakeOfAnotherPlaybook(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	f := payroll(s.get("ria", intakePath).form(intakePath, "nonce"))
	f.Set("in.data", "a <kind> of its own")
	f.Set("do", "playbook")
	f.Set("other", "whole")
	p := s.do("ria", multipartForm(t, intakePath, f, "c.md", []byte("1. Text"))).wants(http.StatusOK, "By the playbook <bdi>whole</bdi>", `value="Brightwell Payroll"`, "no place for", "a &lt;kind&gt; of its own", "Do you have an interest", "Already here: <bdi>c.md</bdi>")
	if back := p.form(intakePath, "nonce"); back.Get("playbook") != "whole" || !isDigest(back.Get("document")) || len(d.intakes) != 0 {
		t.Errorf("the form came back as %v", back)
	}
	s.get("ria", intakePath+"?playbook=no-such").wants(http.StatusUnprocessableEntity, "There is no playbook of that name")
	f.Set("other", "no-such")
	s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, "What you wrote", "We are late")
}

// TestPartIsAskedFor: a part alone goes to the call for it, and is asked no more than it
// needs.
func TestPartIsAskedFor(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	s.get("ria", intakePath+"?playbook=whole").wants(http.StatusOK, "Needed for tier")
	s.get("ria", intakePath).wants(http.StatusOK, "Ask for a pilot alone", "Ask for a data processing agreement alone")
	for part, title := range map[string]string{"diligence": "Ask for a due diligence alone", "pilot": "Ask for a pilot alone", "contract": "Ask for a contract review alone", "dpa": "Ask for a data processing agreement alone"} {
		p := s.get("ria", intakePath+"?playbook=whole&part="+part).wants(http.StatusOK, "<h1>"+title+"</h1>")
		p.accessible(title)
		p.lacks("Needed for tier")
		f := p.form(intakePath, "nonce")
		f.Set("in.vendor.name", "Heron "+part)
		f.Set("in.vendor.service", "deliveries")
		f.Set("in.reason", "we must")
		if part != "dpa" {
			f.Set("in.interest", "no")
		}
		if to := s.do("ria", multipartForm(t, intakePath, f, "c.md", []byte("1. Text"))).leads("/case"); to != caseLink(part+"/heron-"+part+"/1") {
			t.Errorf("%s leads to %s", part, to)
		}
		i := d.intakes[len(d.intakes)-1]
		if (i.Contract != "") != (part == "contract") || string(i.Alone) != part {
			t.Errorf("%s was opened with %+v", part, i)
		}
	}
	s.get("ria", intakePath+"?part=dpa").wants(http.StatusOK).lacks(`name="in.success"`, `name="file"`)
	s.get("ria", intakePath+"?part=exit").wants(http.StatusNotFound)
	newSite(t).get("ria", intakePath+"?part=pilot").wants(http.StatusNotFound)
	newSite(t).get("ria", intakePath).wants(http.StatusOK).lacks("alone")
}

// TestWhoMayNotAsk: an auditor and a stranger get no link, no form and no case.
func TestWhoMayNotAsk(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	f := payroll(s.get("ria", intakePath).form(intakePath, "nonce"))
	s.desk.people[1].Roles = []string{playbook.AuditorRole}
	s.get("ria", "/").wants(http.StatusOK).lacks("Ask for a vendor")
	for _, who := range []string{"ria", "vic"} {
		s.get(who, intakePath).wants(http.StatusForbidden).lacks("Nordmann")
		s.post(who, intakePath, f).wants(http.StatusForbidden, "We are late")
	}
	if len(d.changes) != 0 {
		t.Errorf("the desk was asked for %q", d.changes)
	}
}

// TestIntakeCannotBeTaken: what stands in the way is said, the words stay, and the same
// number is sent again wherever it may have been taken.
func TestIntakeCannotBeTaken(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t, func(o *Options) { o.MaxDocument = 100 })
	f := payroll(s.get("ria", intakePath).form(intakePath, "nonce"))
	d.fail = errors.New("wires are cut at /srv/secret")
	p := s.post("ria", intakePath, f).wants(http.StatusInternalServerError, "Something went wrong on our side", "We are late").lacks("/srv/secret")
	if p.form(intakePath, "nonce").Get("nonce") != f.Get("nonce") {
		t.Error("the number changed, though the case may be open")
	}
	d.fail = nil
	p = s.do("ria", multipartForm(t, intakePath, f, "c.pdf", []byte("%PDF-broken"))).wants(http.StatusUnprocessableEntity, `<a href="#in-contract"><bdi>The contract</bdi></a>: This PDF is broken.`, "We are late")
	if p.form(intakePath, "nonce").Get("nonce") == f.Get("nonce") {
		t.Error("the number of a refused intake is used again")
	}
	s.do("ria", multipartForm(t, intakePath, f, "c.md", nil)).wants(http.StatusUnprocessableEntity, `<a href="#in-contract">`, "This document is empty.")
	s.do("ria", multipartForm(t, intakePath, f, "c.md", []byte(strings.Repeat("x", 101)))).wants(http.StatusUnprocessableEntity, `<a href="#in-contract">`, "100 bytes")
	f.Set("in.reason", strings.Repeat("é", maxReason+1))
	s.post("ria", intakePath, f).wants(http.StatusUnprocessableEntity, `<a href="#in-reason">`)
	for _, broken := range []url.Values{{"playbook": {"standard"}}, {"nonce": {newNonce()}, "document": {"x"}}, {"nonce": {newNonce()}, "playbook": {"a\x00b"}}} {
		s.post("ria", intakePath, broken).wants(http.StatusBadRequest)
	}
	if len(d.intakes) != 0 {
		t.Errorf("%d cases were opened", len(d.intakes))
	}
}

// TestIntakeBeforeItsCaseIsWritten: as long as nothing of the case is written, whoever
// opened it is told that it has begun, and not that there is nothing.
func TestIntakeBeforeItsCaseIsWritten(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	d.lag = true
	f := payroll(s.get("ria", intakePath).form(intakePath, "nonce"))
	f.Set("rehearsal", "yes")
	to := s.post("ria", intakePath, f).leads(intakePath + "?begun=")
	p := s.get("ria", to).wants(http.StatusOK, "It has begun", `href="/case?id=onboarding%2Fbrightwell-payroll%2F1">See the case`)
	p.accessible("a case that has begun")
	if !d.intakes[0].Rehearsal {
		t.Error("the rehearsal is for real")
	}
	s.get("ria", intakePath+"?begun="+url.QueryEscape(`"><script>`)).wants(http.StatusOK).lacks("<script>")
}

// TestIntakeSessionEnds: what was typed comes back whole, and is sent again once.
func TestIntakeSessionEnds(t *testing.T) {
	t.Parallel()
	s, d := newWantedSite(t)
	f := payroll(s.get("ria", intakePath).form(intakePath, "nonce"))
	f.Del("document")
	p := s.post("", intakePath, f).wants(http.StatusUnauthorized, "We are late", "Brightwell Payroll")
	again := p.form(intakePath, "Send again")
	if again.Encode() != f.Encode() {
		t.Errorf("the form came back as\n%s, and was\n%s", again.Encode(), f.Encode())
	}
	s.post("ria", intakePath, again).leads("/case")
	s.post("ria", intakePath, again).leads("/case")
	if len(d.intakes) != 1 || d.intakes[0].Reason != "We are late\nevery month." {
		t.Errorf("the desk got %+v", d.intakes)
	}
}

// TestRefusedIntakeLines: a line of the desk's goes to the field that it names, one that
// names none to the vendor, and nothing of what is said is lost.
func TestRefusedIntakeLines(t *testing.T) {
	t.Parallel()
	pb, _, err := config.Shipped("whole")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]map[string]string{
		"$.data[1]: unknown":                             {"data": "Unknown."},
		"$.vendor.contacts[0].mail: no address":          {"vendor.contacts": "No address."},
		"$.vendor.slug: too long":                        {"vendor.name": "Too long."},
		"$.elsewhere: odd (do it)":                       {"vendor.name": "Odd (do it)."},
		"contract: broken":                               {atContract: "Broken."},
		"on board: already":                              {"vendor.name": "On board: already. Go there."},
		"$.owner: one\n$.owner: two\n$.sponsor: three\n": {"owner": "One.", "sponsor": "Three."},
	} {
		var wrongs intakeWrongs
		wrongs.take(pb.IntakeForm(), fault{Status: http.StatusUnprocessableEntity, What: line, Hint: "go there"})
		if diff := cmp.Diff(want, wrongs.at); diff != "" || wrongs.whole != "" {
			t.Errorf("%q (-want +got):\n%s%s", line, diff, wrongs.whole)
		}
	}
}
