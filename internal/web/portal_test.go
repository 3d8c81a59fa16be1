package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/review"
)

// vendorSite is a site with a portal.
type vendorSite struct {
	*site
	front *frontdoor
}

func newVendorSite(t testing.TB, change ...func(*Options)) vendorSite {
	t.Helper()
	f := newFrontdoor(t)
	return vendorSite{newSite(t, append([]func(*Options){func(o *Options) {
		o.Portal, o.ClientName, o.ClientPhone = f, "Harbour Bank", "+49 30 1234000"
	}}, change...)...), f}
}

// visit does a request with a portal session.
func (v vendorSite) visit(contact string, r *http.Request) page {
	v.t.Helper()
	if contact != "" {
		r.AddCookie(&http.Cookie{Name: "gangway-portal", Value: "visit-" + contact})
	}
	return v.do("", r)
}

func (v vendorSite) see(contact, target string) page {
	v.t.Helper()
	target, _, _ = strings.Cut(target, "#") // which browsers keep to themselves
	return v.visit(contact, httptest.NewRequest(http.MethodGet, target, nil))
}

func (v vendorSite) say(contact, target string, form url.Values) page {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.visit(contact, r)
}

// sentFile is a file of a form.
type sentFile struct{ name, kind, text string }

func filesForm(t testing.TB, target string, fields url.Values, files ...sentFile) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range sortedKeys(fields) {
		for _, value := range fields[name] {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="file"; filename="%s"`, strings.NewReplacer("\\", "\\\\", `"`, "\\\"").Replace(f.name)))
		h.Set("Content-Type", f.kind)
		part, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, target, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func (v vendorSite) upload(contact string, files ...sentFile) page {
	v.t.Helper()
	return v.visit(contact, filesForm(v.t, "/portal/upload", url.Values{"task": {dpaTask}}, files...))
}

// inside is what no page of the portal may hold: the case, the client's people
// but for who asks, and their words.
func inside() []string {
	return []string{"Lena", "Sami", "Dóra", theCase, theContract, "/case", "/cases", "/request", "hosting agreement", "Inbox", `href="/"`}
}

// TestLanding: a link says who asks and whom, and nothing of the case.
func TestLanding(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		p := v.visit("", httptest.NewRequest(method, "/portal/"+veraTicket, nil))
		if p.Status != http.StatusOK || len(p.Header["Set-Cookie"]) != 0 {
			t.Fatalf("%s: status %d, %v", method, p.Status, p.Header)
		}
		if method == http.MethodHead {
			continue
		}
		p.wants(http.StatusOK, "Harbour Bank", "Northwind Hosting", "Ola Nordmann", "49 30 1234567", "Vera L.", "/portal/genuine", "Open the tasks")
		p.lacks(inside()...)
		p.lacks("Lindqvist", "data processing", "northwind.1", dpaTask, "Leave")
		if strings.Count(p.Body, "<button") != 1 {
			t.Errorf("the landing page has more than one button\n%s", p.Body)
		}
	}
	if len(v.front.acts()) != 0 {
		t.Errorf("looking at a link did %q", v.front.acts())
	}
}

// TestDeadLink: a link that expired, was revoked or never was looks the same, and
// so does asking for a new one.
func TestDeadLink(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	scrub := func(p page, ticket string) string { return strings.ReplaceAll(p.Body, ticket, "TICKET") }
	dead := v.see("", "/portal/"+deadTicket).wants(http.StatusNotFound, "Ask for a new link").lacks("secret", "Nobody")
	unknown := v.see("", "/portal/nobodysticketaaaaaaaaaaaa").wants(http.StatusNotFound)
	if scrub(dead, deadTicket) != scrub(unknown, "nobodysticketaaaaaaaaaaaa") {
		t.Error("the page tells whether a link was ever one")
	}
	v.see("", "/portal/a%20b").wants(http.StatusNotFound, "Ask for a new link")
	form := dead.form("/portal/again", "link")
	known := v.say("", "/portal/again", form).wants(http.StatusOK, "If the link was one of ours")
	none := v.say("", "/portal/again", url.Values{"link": {"nobodysticketaaaaaaaaaaaa"}})
	if known.Body != none.Body {
		t.Error("asking for a new link tells whether there was one")
	}
	v.say("", "/portal/again", url.Values{"link": {"no secret"}}).wants(http.StatusOK, "If the link was one of ours")
	if got := v.front.acts(); !slices.Equal(got, []string{"again " + deadTicket, "again nobodysticketaaaaaaaaaaaa"}) {
		t.Errorf("the desk was asked for %q", got)
	}
	v.front.fail = often{}
	p := v.say("", "/portal/again", form).wants(http.StatusTooManyRequests, "too often", "in 2 minutes")
	if p.Header.Get("Retry-After") != "90" {
		t.Errorf("Retry-After is %q", p.Header.Get("Retry-After"))
	}
}

// TestEnter: only the page's own form opens a link, and the session goes to the
// portal alone.
func TestEnter(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.say("", "/portal/"+veraTicket, nil).wants(http.StatusOK, "Open the tasks")
	v.say("", "/portal/"+veraTicket, url.Values{"link": {"other"}}).wants(http.StatusOK, "Open the tasks")
	if len(v.front.acts()) != 0 {
		t.Fatalf("sending something to the address did %q", v.front.acts())
	}
	f := v.see("", "/portal/"+veraTicket).form("/portal/"+veraTicket, "link")
	p := v.say("", "/portal/"+veraTicket, f)
	if to := p.leads("/portal"); to != "/portal" {
		t.Errorf("entering leads to %q", to)
	}
	c := (&http.Response{Header: p.Header}).Cookies()[0]
	if c.Name != "gangway-portal" || c.Path != "/portal" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 12*3600 || c.Secure {
		t.Errorf("the cookie is %+v", c)
	}
	r := httptest.NewRequest(http.MethodGet, "/portal", nil)
	r.AddCookie(c)
	v.do("", r).wants(http.StatusOK, "One thing waits for you", "Your data processing agreement", "Vera Lindqvist", "49 30 1234567", "not started", "accepted").lacks(inside()...)
	v.say("", "/portal/"+deadTicket, url.Values{"link": {deadTicket}}).wants(http.StatusNotFound, "Ask for a new link")
	secure := newVendorSite(t, func(o *Options) { o.Address = "https://gangway.example" })
	c = (&http.Response{Header: secure.say("", "/portal/"+veraTicket, f).Header}).Cookies()[0]
	if c.Name != "__Secure-gangway-portal" || !c.Secure || c.Path != "/portal" {
		t.Errorf("over https the cookie is %+v", c)
	}
}

// TestMailsLeadToForms: the links "hand it on" and "not me any more" of a mail lead
// through the page that opens nothing by itself to their form, which is open.
func TestMailsLeadToForms(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	for _, wish := range []string{actHandOn, actNotMe} {
		f := v.see("", "/portal/"+veraTicket+"?for="+wish).form("/portal/"+veraTicket, `name="for"`)
		p := v.say("", "/portal/"+veraTicket, f)
		to := p.leads("/portal")
		if to != "/portal?for="+wish {
			t.Fatalf("entering leads to %q", to)
		}
		r := httptest.NewRequest(http.MethodGet, to, nil)
		r.AddCookie((&http.Response{Header: p.Header}).Cookies()[0])
		to = v.do("", r).leads("/portal/task")
		if to != wishLink(dpaTask, wish) {
			t.Fatalf("the tasks lead to %q", to)
		}
		v.see("northwind.1", strings.TrimSuffix(to, "#"+wish)).wants(http.StatusOK, `<details id="`+wish+`" open>`)
	}
	for _, odd := range []string{"ask-back", "//evil.example", "x&y"} {
		p := v.see("", "/portal/"+veraTicket+"?"+url.Values{"for": {odd}}.Encode()).wants(http.StatusOK).lacks(`name="for"`)
		f := p.form("/portal/"+veraTicket, "link")
		f.Set("for", odd)
		if to := v.say("", "/portal/"+veraTicket, f).leads("/portal"); to != "/portal" {
			t.Errorf("%q leads to %q", odd, to)
		}
	}
	acts := v.front.acts()
	if n := len(acts); n == 0 || slices.ContainsFunc(acts, func(a string) bool { return !strings.HasPrefix(a, "enter") }) {
		t.Errorf("following links did %q", acts)
	}
}

// TestDeliveryPageByPage: files, what they are, check, send; kept after each page,
// and a receipt with every fingerprint.
func TestDeliveryPageByPage(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.see("northwind.1", taskLink(dpaTask, "")).wants(http.StatusOK, "Art. 28 GDPR", "Start", "What comes next", "Olu Adeyemi", "Fri 27 Nov 2026", "49 30 1234567").lacks(inside()...)
	to := v.upload("northwind.1", sentFile{"DPA final.pdf", "application/pdf", "%PDF-1.7 text"}, sentFile{"run.docm", "application/x", "macro"}, sentFile{"empty.txt", "text/plain", ""}).leads("/portal/task?")
	p := v.see("northwind.1", to).wants(http.StatusOK, "DPA final.pdf", "taken", "PDF, 3 pages", "No text can be read from it", "run.docm", "has a program (macros) inside", "empty.txt", "The file is empty")
	if strings.Count(p.Body, ">taken<") != 1 {
		t.Error("a refused file counts as taken")
	}
	f := p.form("/portal/save", "Use it again")
	v.say("northwind.1", "/portal/save", f).leads(taskLink(dpaTask, pageFiles))
	p = v.see("northwind.1", taskLink(dpaTask, pageFiles)).wants(http.StatusOK, "dpa-2025.pdf", "sent before", "added").lacks("was not taken")
	v.see("northwind.1", "/portal").wants(http.StatusOK, "started, not sent")
	v.see("northwind.1", taskLink(dpaTask, pageCheck)).wants(http.StatusOK, "One thing is left to do", "page=about").lacks("Send it to")
	f = p.form("/portal/save", "Save and go on")
	v.say("northwind.1", "/portal/save", f).leads(taskLink(dpaTask, pageAbout))
	f = v.see("northwind.1", taskLink(dpaTask, pageAbout)).wants(http.StatusOK, "Is this what was asked for?").lacks(" checked").form("/portal/save", "note")
	f.Set("instead", "yes")
	f.Set("note", "The list of sub-processors\r\nis in annex 3.")
	v.say("northwind.1", "/portal/save", f).wants(http.StatusUnprocessableEntity, "Say why you send something else", "is in annex 3.")
	v.see("northwind.1", taskLink(dpaTask, pageAbout)).wants(http.StatusOK, "is in annex 3.")
	f.Set("why", "We sign on our own paper only.")
	v.say("northwind.1", "/portal/save", f).leads(taskLink(dpaTask, pageCheck))
	p = v.see("northwind.1", taskLink(dpaTask, pageCheck)).wants(http.StatusOK, "DPA final.pdf", "dpa-2025.pdf", "We sign on our own paper only.", "Send it to")
	f = p.form("/portal/send", "nonce")
	to = v.say("northwind.1", "/portal/send", f).leads("/portal/receipt?")
	v.see("northwind.1", to).wants(http.StatusOK, "Receipt", digestOf("%PDF-1.7 text")[7:], digestOf("dpa 2025")[7:], "DPA final.pdf", "Fri 20 Nov 2026, 10:30 UTC", "Vera Lindqvist", "Harbour Bank").lacks(inside()...)
	if again := v.say("northwind.1", "/portal/send", f).leads("/portal/receipt?"); again != to {
		t.Errorf("sent twice leads to %q", again)
	}
	if len(v.front.answers) != 1 {
		t.Fatalf("%d answers came", len(v.front.answers))
	}
	a := v.front.answers[0]
	if a.Verdict != review.Delivered || a.From != (review.Address{Channel: "portal", ID: "northwind.1"}) || a.ForVendor || len(a.Documents) != 2 ||
		a.Text.Inside != "We send another document instead, because: We sign on our own paper only.\n\nThe list of sub-processors\nis in annex 3." || a.Text.Vendor != "" {
		t.Errorf("the desk got %+v", a)
	}
	v.see("northwind.1", taskLink(dpaTask, "")).wants(http.StatusOK, "What was sent", "Receipt", "with Harbour Bank").lacks("Add the files", "Hand it to a colleague")
	v.see("northwind.1", taskLink(dpaTask, pageCheck)).wants(http.StatusOK, "What was sent").lacks("Send it to")
	v.upload("northwind.1", sentFile{"late.txt", "text/plain", "late"}).wants(http.StatusConflict, "does not wait for you any more")
}

// TestNothingIsLost: whatever keeps a delivery from being sent, it is still there.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.upload("northwind.1", sentFile{"dpa.txt", "text/plain", "the agreement"}).leads("/portal/task?")
	v.say("northwind.1", "/portal/save", url.Values{"task": {dpaTask}, "page": {pageAbout}, "instead": {"no"}, "note": {"signed by both"}, "later": {"yes"}}).leads(taskLink(dpaTask, "") + "&done=saved")
	v.see("northwind.1", taskLink(dpaTask, "")+"&done=saved").wants(http.StatusOK, "You can close this page", "Go on")
	f := v.see("northwind.1", taskLink(dpaTask, pageCheck)).form("/portal/send", "nonce")
	v.front.fail = hinted{}
	p := v.say("northwind.1", "/portal/send", f).wants(http.StatusServiceUnavailable, "can’t be done right now").lacks("no room on the disk")
	_ = p
	v.front.fail = nil
	v.front.refuse = review.NoSeat
	v.say("northwind.1", "/portal/send", f).wants(http.StatusUnprocessableEntity, "not asked of you any more", "signed by both").lacks(review.NoSeat.Sentence())
	v.front.refuse = ""
	v.say("northwind.1", "/portal/save", url.Values{"task": {dpaTask}, "page": {pageFiles}, "drop": {digestOf("the agreement")}}).leads(taskLink(dpaTask, pageFiles))
	v.see("northwind.1", taskLink(dpaTask, pageFiles)).wants(http.StatusOK, "No file yet")
	v.say("northwind.1", "/portal/send", f).wants(http.StatusUnprocessableEntity, "Add at least one file", "page=files")
	if len(v.front.answers) != 0 {
		t.Errorf("the desk got %+v", v.front.answers)
	}
	delete(v.front.sessions, "visit-northwind.1")
	v.say("northwind.1", "/portal/save", url.Values{"task": {dpaTask}, "page": {pageAbout}, "note": {"all of this"}}).wants(http.StatusUnauthorized, "all of this", "Open the link in the mail again")
}

// TestSendAgainAfterAFault: what may have been taken goes again under its number.
func TestSendAgainAfterAFault(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.upload("northwind.1", sentFile{"dpa.txt", "text/plain", "the agreement"})
	v.say("northwind.1", "/portal/save", url.Values{"task": {dpaTask}, "page": {pageAbout}, "instead": {"no"}})
	f := v.see("northwind.1", taskLink(dpaTask, pageCheck)).form("/portal/send", "nonce")
	broken := &failingAnswer{frontdoor: v.front}
	v = vendorSite{newSite(t, func(o *Options) { o.Portal = broken }), v.front}
	p := v.say("northwind.1", "/portal/send", f).wants(http.StatusInternalServerError, "Something went wrong on our side")
	if got := p.form("/portal/send", "nonce").Get("nonce"); got != f.Get("nonce") {
		t.Errorf("the number changed from %q to %q", f.Get("nonce"), got)
	}
}

func TestHandOnAndOthers(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	p := v.see("northwind.1", taskLink(dpaTask, ""))
	f := p.form("/portal/act", "colleague")
	f.Set("name", "Sam Field")
	f.Set("mail", "sam")
	v.say("northwind.1", "/portal/act", f).wants(http.StatusUnprocessableEntity, "Write your colleague’s name and mail address", `value="Sam Field"`)
	f.Set("mail", "sam@northwind.example")
	to := v.say("northwind.1", "/portal/act", f).leads(taskLink(dpaTask, "") + "&done=handed")
	v.see("northwind.1", to).wants(http.StatusOK, "Your colleague has this task now too")
	f.Set("mail", "sam@elsewhere.example")
	to = v.say("northwind.1", "/portal/act", f).leads(taskLink(dpaTask, "") + "&done=proposed")
	v.see("northwind.1", to).wants(http.StatusOK, "confirms it first")
	v.front.fail = invalidInput{}
	v.say("northwind.1", "/portal/act", f).wants(http.StatusUnprocessableEntity, "$.reason: missing", `value="Sam Field"`)
	v.front.fail = nil

	f = p.form("/portal/act", "question")
	v.say("northwind.1", "/portal/act", f).wants(http.StatusUnprocessableEntity, "Write what you want to know")
	f.Set("text", "Which of our two companies?")
	to = v.say("northwind.1", "/portal/act", f).leads(taskLink(dpaTask, "") + "&done=asked")
	v.see("northwind.1", to).wants(http.StatusOK, "Your question is on its way")

	f = p.form("/portal/act", "not-me")
	f.Set("text", "Ask Sam.")
	p = v.say("northwind.1", "/portal/act", f).wants(http.StatusOK, "Thank you for telling us")
	if c := (&http.Response{Header: p.Header}).Cookies()[0]; c.MaxAge >= 0 || c.Path != "/portal" {
		t.Errorf("leaving leaves %+v", c)
	}
	v.see("northwind.1", "/portal").wants(http.StatusUnauthorized, "Open the link in the mail again")
	want := []string{"hand on northwind.1 " + dpaTask + " to sam@northwind.example", "hand on northwind.1 " + dpaTask + " to sam@elsewhere.example",
		`ask northwind.1 ` + dpaTask + ` "Which of our two companies?"`, `not me northwind.1 ` + dpaTask + ` "Ask Sam."`}
	if got := v.front.acts(); !slices.Equal(got, want) {
		t.Errorf("the desk was asked for %q, want %q", got, want)
	}
}

func TestLeavePortal(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	p := v.say("northwind.1", "/portal/leave", nil).wants(http.StatusOK, "You have left")
	if c := (&http.Response{Header: p.Header}).Cookies()[0]; c.MaxAge >= 0 || !slices.Equal(v.front.acts(), []string{"out northwind.1"}) {
		t.Errorf("leaving left %+v and did %q", c, v.front.acts())
	}
	v.see("northwind.1", "/portal").wants(http.StatusUnauthorized)
}

// TestGenuine: the page about forgeries knows of no case and needs no session.
func TestGenuine(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t, func(o *Options) { o.Address = "https://gangway.example" })
	p := v.see("", "/portal/genuine").wants(http.StatusOK, "Harbour Bank", "49 30 1234000", "https://gangway.example/portal/", "call a number that you already have")
	p.lacks(inside()...)
	p.lacks("Northwind", "Ola Nordmann", "<form")
}

// TestNoPortal: where there is none, no page of it is.
func TestNoPortal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, target := range []string{"/portal", "/portal/", "/portal/genuine", "/portal/" + veraTicket, "/portal/task?id=" + url.QueryEscape(dpaTask)} {
		s.get("", target).wants(http.StatusNotFound)
	}
}

// TestOthersTasks: another vendor's contact, one who ended and nobody at all get
// nothing of a task.
func TestOthersTasks(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.see("elsewhere.1", "/portal").wants(http.StatusOK, "Nothing waits for you").lacks("data processing")
	for who, status := range map[string]int{"elsewhere.1": http.StatusNotFound, "northwind.9": http.StatusUnauthorized, "": http.StatusUnauthorized, "nobody": http.StatusUnauthorized} {
		for _, target := range []string{taskLink(dpaTask, ""), taskLink(dpaTask, pageFiles), portalReceiptLink(oldTask, "web-aaaaaaaaaaaaaaaaaaaaaaaaaa")} {
			v.see(who, target).wants(status).lacks("data processing", "insurance.pdf", "Ola Nordmann")
		}
		for target, f := range map[string]url.Values{"/portal/save": {"page": {pageAbout}, "note": {"x"}}, "/portal/send": {"nonce": {newNonce()}}, "/portal/act": {"act": {actAskBack}, "text": {"x"}, "nonce": {newNonce()}}} {
			f.Set("task", dpaTask)
			v.say(who, target, f).wants(status)
		}
		v.upload(who, sentFile{"x.txt", "text/plain", "x"}).wants(status)
	}
	if len(v.front.acts()) != 0 {
		t.Errorf("the desk was asked for %q", v.front.acts())
	}
}

// TestScannersChangeNothing: something that opens every address that it can find
// with GET and HEAD, signed in and not, as often as it likes, changes nothing and
// burns nothing.
func TestScannersChangeNothing(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	link := regexp.MustCompile(`(?:href|action|src)="([^"#][^"]*)"`)
	pages := 0
	for _, who := range []string{"", "northwind.1", "elsewhere.1", "northwind.9"} {
		seen, queue := map[string]bool{}, []string{"/portal", "/portal/", "/portal/" + veraTicket, "/portal/" + deadTicket, "/portal/upload", "/portal/save", "/portal/send", "/portal/act", "/portal/leave", "/portal/again", "/portal/decide", "/portal/material",
			"/portal/send?" + url.Values{"task": {dpaTask}, "nonce": {newNonce()}}.Encode(), "/portal/" + veraTicket + "?link=" + veraTicket, "/portal/a/b"}
		for len(queue) > 0 {
			target := queue[0]
			queue = queue[1:]
			if seen[target] {
				continue
			}
			seen[target] = true
			for _, method := range []string{http.MethodHead, http.MethodGet} {
				p := v.visit(who, httptest.NewRequest(method, target, nil))
				if p.Status >= 500 {
					t.Fatalf("%s %s as %q: status %d\n%s", method, target, who, p.Status, v.log)
				}
				for _, c := range p.Header["Set-Cookie"] {
					t.Errorf("%s %s sets %q", method, target, c)
				}
				for _, m := range link.FindAllStringSubmatch(p.Body, -1) {
					to := html.UnescapeString(m[1])
					if !strings.HasPrefix(to, "/portal") && !strings.HasPrefix(to, "/static/") {
						t.Errorf("%s as %q leads out of the portal, to %s", target, who, to)
					}
					queue = append(queue, to)
				}
			}
			pages++
		}
	}
	if pages < 60 {
		t.Errorf("only %d pages were found", pages)
	}
	if len(v.front.acts()) != 0 || len(v.desk.changes) != 0 {
		t.Errorf("following links did %q and %q", v.front.acts(), v.desk.changes)
	}
	v.see("", "/portal/"+veraTicket).wants(http.StatusOK, "Open the tasks")
}

// TestContactReachesNothingElse: a portal session, in any cookie, opens no page
// and no call of the client's own.
func TestContactReachesNothingElse(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	front := newFrontdoor(t)
	v := vendorSite{newSite(t, func(o *Options) {
		o.PickPerson, o.Gate, o.Address, o.Portal = false, g.gate, address, front
	}), front}
	s := &server{desk: v.desk, o: Options{Portal: front}}
	for _, route := range s.table() {
		method, path, found := strings.Cut(route.pattern, " ")
		if !found {
			method, path = http.MethodGet, route.pattern
		}
		if strings.HasPrefix(path, "/portal") || strings.HasPrefix(path, "/static") || path == "/favicon.ico" {
			continue
		}
		path = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
		target := path + "?" + url.Values{"id": {theCase}, "case": {theCase}}.Encode()
		for _, cookie := range []string{"gangway-portal", "__Secure-gangway-portal", "__Host-gangway", "gangway"} {
			r := httptest.NewRequest(method, target, strings.NewReader("id=x"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Authorization", "Bearer visit-northwind.1")
			r.AddCookie(&http.Cookie{Name: cookie, Value: "visit-northwind.1"})
			p := v.do("", r)
			if p.Status == http.StatusOK && !slices.Contains([]string{"/signin", "/signout"}, path) {
				t.Errorf("%s %s with %s: status 200\n%s", method, path, cookie, p.Body)
			}
			p.lacks("Lena", "Ola Nordmann", "Northwind", "hosting agreement")
		}
	}
	if len(v.desk.changes) != 0 || len(front.acts()) != 0 {
		t.Errorf("it did %q and %q", v.desk.changes, front.acts())
	}
	r := httptest.NewRequest(http.MethodGet, "/portal", nil) // and the other way round
	r.AddCookie(&http.Cookie{Name: "__Host-gangway", Value: "session-lena"})
	v.do("", r).wants(http.StatusUnauthorized, "Open the link in the mail again").lacks("Lena", "Inbox")
}

// failingAnswer is a Portal whose answers may have been taken.
type failingAnswer struct{ *frontdoor }

func (failingAnswer) Answer(context.Context, review.Answer) (review.Outcome, error) {
	return review.Outcome{}, errors.New("the reply was lost")
}
