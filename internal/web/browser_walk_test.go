package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gangway/internal/review"
)

// TestBrowserContactDelivers leads somebody of the vendor through the portal in a
// real browser without scripts: from the link in a mail to the receipt.
func TestBrowserContactDelivers(t *testing.T) {
	d := drive(t, false)
	v := newVendorSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	server := httptest.NewServer(v.h)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	agreement, program := filepath.Join(dir, "Agreement signed.pdf"), filepath.Join(dir, "macros.docm")
	for file, text := range map[string]string{agreement: "%PDF-1.7 the agreement", program: "x"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.open(server.URL + "/portal/" + veraTicket)
	d.sees("Harbour Bank asks Northwind Hosting for something", "Ola Nordmann", "Vera L.")
	d.shot("portal-1-landing")
	if got := d.tab(); got != "Skip to the content" {
		t.Errorf("the first stop of the tabulator is %q", got)
	}
	if len(v.front.acts()) != 0 {
		t.Fatalf("opening the link did %q", v.front.acts())
	}
	d.press("Open the tasks")
	d.sees("One thing waits for you", "Your data processing agreement", "not started")
	d.shot("portal-2-tasks")
	d.press("Your data processing agreement")
	d.sees("What is expected", "Art. 28 GDPR", "in 7 days", "Olu Adeyemi")
	d.shot("portal-3-task")
	d.press("Start")
	d.pick(agreement, program)
	d.press("Upload")
	d.sees("Agreement signed.pdf", "taken", "macros.docm was not taken", "Save it without macros")
	d.shot("portal-4-files")
	d.press("Save and go on")
	d.js(`document.querySelector("[name=instead][value=no]").click()`)
	d.js(`document.querySelector("[name=note]").value = "Signed by both sides."`)
	d.shot("portal-5-about")
	d.press("Save and stop for now")
	d.sees("Saved. You can close this page")
	d.press("Go on")
	d.sees("Signed by both sides.", "This is what was asked for")
	d.shot("portal-6-check")
	d.press("Send it to")
	d.sees("Receipt", digestOf("%PDF-1.7 the agreement")[7:], "Agreement signed.pdf", "Received")
	d.shot("portal-7-receipt")
	d.press("Where it stands")
	d.sees("with Harbour Bank", "What was sent", "You need do nothing")
	d.open(server.URL + "/portal/genuine")
	d.shot("portal-8-genuine")
	d.open(server.URL + "/portal/" + deadTicket)
	d.shot("portal-9-dead")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
	if len(v.front.answers) != 1 || len(v.front.answers[0].Documents) != 1 {
		t.Errorf("the desk got %+v", v.front.answers)
	}
}

// TestBrowserChecklistIsConfirmed leads a reviewer through a checklist: a place is
// read where it stands, each point is answered, and what is sent is theirs.
func TestBrowserChecklistIsConfirmed(t *testing.T) {
	d := drive(t, false)
	s, _ := newSidedSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	base := s.serve(t, "dora")
	d.open(base + requestURL(checkID))
	d.sees("17 points to look for", "This is the text as it was read from the PDF")
	if n := d.js(`document.querySelectorAll("input:checked").length`); n != "0" {
		t.Errorf("%s things are ticked before anybody looked", n)
	}
	d.shot("check-1-page")
	d.js(`document.querySelector("#p6 .place a").click()`)
	if at := d.js(`document.querySelector(":target").className + " " + getComputedStyle(document.querySelector(":target")).outlineStyle`); !strings.Contains(at, "clause") || !strings.Contains(at, "solid") {
		t.Errorf("a proposed place leads to %q", at)
	}
	d.shot("check-2-place")
	d.press("Send what I found")
	d.sees("17 points of 17 still to be done")
	d.shot("check-3-faults")
	d.js(`[...document.querySelectorAll("fieldset.point")].forEach(f => {
		const place = f.querySelector("[type=checkbox]"), day = f.querySelector("[type=date]");
		if (day) { f.querySelector("[value=on]").click(); day.value = "2027-11-30" }
		else if (place) { place.click(); f.querySelector("[value=here]").click() }
		else f.querySelector("[value=missing]").click()
	})`)
	d.press("Save and go on later")
	d.sees("All done, not sent yet")
	d.shot("check-4-filled")
	d.press("Send what I found")
	d.sees("Counted")
	d.open(base + requestURL(checkID))
	d.sees("Gone through by Dóra Kelemen", "on 30 Nov 2027")
	d.shot("check-5-done")
	owner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := &server{o: Options{Key: []byte("a key that the tests know")}}
		r.AddCookie(&http.Cookie{Name: cookieName, Value: key.seal("ola", today().Add(1<<40))})
		s.h.ServeHTTP(w, r)
	}))
	t.Cleanup(owner.Close)
	d.open(owner.URL + caseURL())
	d.sees("The vendor’s people", "to be confirmed", "File it for the vendor", "Mails that came")
	d.shot("case-1")
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
	a := s.desk.answers
	if len(a) != 1 || a[0].Verdict != review.Checked || len(a[0].Findings) != 17 || a[0].From.ID != "dora" {
		t.Errorf("the desk got %+v", a)
	}
}
