package web

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrowserFormIsFilledIn leads somebody through a form in a real browser without
// scripts, by keyboard where a mouse is no help: faults stand at their lines, and what
// is sent is a document.
func TestBrowserFormIsFilledIn(t *testing.T) {
	d := drive(t, false)
	s, _ := newSidedSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	s.desk.forms()
	base := s.serve(t, "sami")
	d.open(base + requestURL(formID))
	d.sees("Say who needs access", "Who needs access, and for what?", "Your own interests", "In plain words", "not known to have: cloud security")
	if n := d.js(`document.querySelectorAll("#answer input:checked").length`); n != "0" {
		t.Errorf("%s things are ticked before anybody looked", n)
	}
	d.shot("form-1-page")
	d.js(`document.querySelector("#q0-a").focus()`)
	for _, want := range []string{"q1.a", "q2.a", "q3.a"} {
		if got := d.tab(); got != want {
			t.Errorf("the tabulator leads to %q, want %q", got, want)
		}
	}
	d.js(`document.querySelector("#q0-a").value = "Vera, to deploy"`)
	d.js(`document.querySelector("[name='q5.a']").value = "1.200"`)
	d.js(`document.querySelector("[name=attest]").click()`)
	d.press("Send the answer")
	d.sees("6 lines still to be answered", "Write one whole number", "This is still to be answered")
	d.shot("form-2-faults")
	d.js(`["q1.a|yes", "q2.a|write"].forEach(x => document.querySelector("[name='" + x.split("|")[0] + "'][value='" + x.split("|")[1] + "']").click())`)
	d.js(`document.querySelector("[name='q4.a']").value = "2027-06-30"`)
	d.js(`document.querySelector("[name='q5.a']").value = "2"`)
	d.js(`document.querySelector("[name='q7.a']").value = "ben"`)
	plan := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(plan, []byte("step one"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.pick(plan)
	d.press("Save and go on later")
	d.sees("saved", "plan.txt", "All answered, not sent yet")
	d.shot("form-3-saved")
	d.js(`document.querySelector("[name=attest]").click()`)
	d.press("Send the answer")
	d.sees("Counted")
	d.open(base + requestURL(formID))
	d.sees("What was filled in", "Vera, to deploy", "Ben Okafor", "30 Jun 2027")
	d.shot("form-4-done")
	d.open(base + documentLink("/document", theCase, s.desk.request(formID).Ballots[0].Documents[1]))
	d.sees("Which permission?", "write")
	d.shot("form-5-document")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
	if a := s.desk.answers; len(a) != 1 || len(a[0].Findings) != 7 || a[0].Words["who"] != "Vera, to deploy" {
		t.Errorf("the desk got %+v", a)
	}
}

// TestBrowserPointsAreGiven: two scorers see nothing of one another until both have
// given their points.
func TestBrowserPointsAreGiven(t *testing.T) {
	d := drive(t, false)
	s := newSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	s.desk.forms()
	s.desk.sections()
	give := func(who, quality string) {
		base := s.serve(t, who)
		d.open(base + requestURL(scoreID))
		d.sees("Nobody sees another’s points", "Quality of the work", "weight 50 of 100")
		d.shot("score-1-" + who)
		d.js(`["s0|%s", "s1|3"].forEach(x => document.querySelector("[name='" + x.split("|")[0] + ".points'][value='" + x.split("|")[1] + "']").click())`, quality)
		d.js(`document.querySelector("#s2-points").value = "50"`)
		if who == "sami" {
			d.js(`document.querySelector("[name=attest]").click()`)
		}
		d.press("Send the answer")
		d.sees("Counted")
	}
	give("lena", "5")
	base := s.serve(t, "ola")
	d.open(base + requestURL(scoreID))
	if text := d.text(); strings.Contains(text, "The points") || !strings.Contains(text, "Nobody sees another") {
		t.Errorf("points are shown before all are there:\n%s", text)
	}
	give("sami", "2")
	d.open(base + requestURL(scoreID))
	d.sees("The points", "Lena Weiß", "Sami Aalto", "5 of 5", "Together, weighted: 63 of 100")
	d.shot("score-2-open")
	lena := s.serve(t, "lena")
	d.open(lena + requestURL(reviewID))
	d.sees("Nobody has read these sections yet: 1–6", "What you have read")
	d.shot("read-1")
	d.js(`document.querySelector("[name=verdict][value=approve]").click()`)
	d.js(`document.querySelector("[name=attest]").click()`)
	d.js(`document.querySelector("#read").value = "3–5"`)
	d.press("Send the answer")
	d.sees("Tick that you have read these sections")
	d.js(`document.querySelector("[name=readtick]").click()`)
	d.press("Send the answer")
	d.sees("Counted")
	d.open(base + caseURL())
	d.sees("Nobody has read these sections yet: 1, 2, 6")
	d.shot("read-2-case")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}

// TestBrowserContactAnswersAForm leads somebody of the vendor through a form, page by
// page, to the receipt.
func TestBrowserContactAnswersAForm(t *testing.T) {
	d := drive(t, false)
	v := newAskingSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	server := httptest.NewServer(v.h)
	t.Cleanup(server.Close)
	report := filepath.Join(t.TempDir(), "Audit report.txt")
	if err := os.WriteFile(report, []byte("all is well"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.open(server.URL + "/portal/" + veraTicket)
	d.press("Open the tasks")
	d.press("How you keep things safe")
	d.sees("How to answer", "0 of 5 questions answered; 1 more may stay empty")
	d.shot("asks-1-task")
	d.press("Start")
	d.sees("Page 1 of 3", "Do you ask for a second factor?")
	d.js(`document.querySelector("[name='q0.a'][value=yes]").click()`)
	d.js(`document.querySelector("[name='q1.a']").click()`)
	d.js(`document.querySelector("#q2-a").value = "Acme, Norway"`)
	d.shot("asks-2-page")
	d.press("Save and go on")
	d.sees("Page 2 of 3")
	d.js(`document.querySelector("[name='q3.a']").value = "2027-05-01"`)
	d.press("Save and go on")
	d.sees("Page 3 of 3", "The audit report")
	d.pick(report)
	d.press("Upload")
	d.sees("taken", "Audit report.txt")
	d.shot("asks-3-document")
	d.press("Save and go on")
	d.sees("Check and send", "Acme, Norway", "in the EU", "1 May 2027")
	d.shot("asks-4-check")
	d.press("Send it to")
	d.sees("Receipt", v.front.sheets[0].Digest[7:], "Your answers", "Acme, Norway")
	d.shot("asks-5-receipt")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}
