package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
)

// TestWhatNoPageOfOursSends: points of another form, out of order or not there, files
// where none are taken, documents of somebody else, and forms from another site change
// nothing that is kept.
func TestWhatNoPageOfOursSends(t *testing.T) {
	t.Parallel()
	v := newAskingSite(t)
	v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q2.a": {"Acme, Norway"}})
	good := v.see("northwind.1", taskLink(asksTask, "q1")).form("/portal/save", ".point")
	file := v.see("northwind.1", taskLink(asksTask, "q3")).form("/portal/save", ".point")
	with := func(f url.Values, change func(url.Values)) url.Values {
		c := url.Values{}
		for k, list := range f {
			c[k] = slices.Clone(list)
		}
		change(c)
		return c
	}
	kept := func() string { return string(v.front.drafts["northwind.1"+asksTask]) }
	before := kept()
	if !strings.Contains(before, "Acme") {
		t.Fatalf("the draft is %q", before)
	}
	for name, f := range map[string]url.Values{
		"a point of another form":   with(good, func(f url.Values) { f.Set("q0.point", "secret") }),
		"points out of order":       with(good, func(f url.Values) { f.Set("q0.point", "hosting"); f.Set("q1.point", "mfa") }),
		"no points":                 with(good, func(f url.Values) { f.Del("q1.point") }),
		"a page that is not there":  with(good, func(f url.Values) { f.Set("page", "q99") }),
		"a page of the check":       with(good, func(f url.Values) { f.Set("page", "check") }),
		"somebody else's document":  with(file, func(f url.Values) { f.Set("q5.kept", digestOf("somebody else's")) }),
		"no document at all":        with(file, func(f url.Values) { f.Set("q5.kept", digestOf("x")); f.Set("q5.a", "C:\\x") }),
		"an earlier form not there": {"task": {asksTask}, "page": {pageBefore}, "digest": {digestOf("x")}},
	} {
		if p := v.say("northwind.1", "/portal/save", f); p.Status < 400 || p.Status >= 500 {
			t.Errorf("%s: status %d", name, p.Status)
		}
		if kept() != before {
			t.Errorf("%s changed what is kept to %s", name, kept())
		}
	}
	many := func(n int) url.Values {
		return with(good, func(f url.Values) {
			for i := range n {
				f.Set(fmt.Sprintf("q%d.point", i+6), "p")
				f.Set(fmt.Sprintf("q%d.a", i+6), "x")
			}
		})
	}
	v.say("northwind.1", "/portal/save", many(10_000)).wants(http.StatusBadRequest)
	v.say("northwind.1", "/portal/save", many(4_000)).leads(taskLink(asksTask, "q2")) // they are of no line
	if strings.Count(kept(), `"x"`) != 0 {
		t.Errorf("points that nobody asked for are kept: %s", kept())
	}
	for _, who := range []string{"northwind.2", "elsewhere.1"} {
		v.see(who, taskLink(asksTask, "q1")).lacks("Acme, Norway")
		v.see(who, "/portal/form?task="+url.QueryEscape(asksTask)).lacks("Acme, Norway")
	}
	for _, page := range []string{"q1", "q2", "check", "about", ""} { // no line of theirs takes one
		v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {asksTask}, "page": {page}}, sentFile{"x.txt", "text/plain", "x"})).wants(http.StatusBadRequest)
	}
	for _, header := range []string{"cross-site", "same-site"} {
		r := httptest.NewRequest(http.MethodPost, "/portal/save", strings.NewReader(good.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", header)
		v.visit("northwind.1", r).wants(http.StatusForbidden, "came from another site")
	}
}

// TestWrongKindsOfAnswers: what is typed wrong is kept, said at its line, and can't be
// sent; the year 9999, a number out of bounds and an option that nobody offered among it.
func TestWrongKindsOfAnswers(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ page, field, typed, wrong string }{
		{"q1", "q0.a", "maybe", "Say yes or no."}, {"q1", "q1.a", "on the moon", "Choose from: in the EU; elsewhere."},
		{"q1", "q2.a", strings.Repeat("w", 10_001), "longer than 10,000 characters"},
		{"q2", "q3.a", "9999-12-31", "Give one day"}, {"q2", "q3.a", "0000-00-00", "Give one day"}, {"q2", "q3.a", "2027-02-30", "Give one day"}, {"q2", "q3.a", "31/12/2027", "Give one day"},
		{"q2", "q4.a", "1e9", "Write one whole number"}, {"q2", "q4.a", "9999999999999999", "Write one whole number"}, {"q2", "q4.a", "-9223372036854775809", "Write one whole number"},
		{"q2", "q4.a", "٣", "Write one whole number"}, {"q2", "q4.a", "1\u200b2", "Write one whole number"},
	} {
		v := newAskingSite(t)
		v.answerPage(x.page, url.Values{x.field: {x.typed}}).wants(http.StatusUnprocessableEntity, x.wrong)
		v.see("northwind.1", taskLink(asksTask, pageCheck)).wants(http.StatusOK).lacks("Send it to")
		v.say("northwind.1", "/portal/send", url.Values{"task": {asksTask}, "nonce": {newNonce()}}).wants(http.StatusUnprocessableEntity)
		if len(v.front.answers) != 0 {
			t.Errorf("%s %q was sent", x.field, x.typed)
		}
	}
}

// TestHostileSheet: what the vendor's people type stands on their pages as they typed it,
// and does nothing there.
func TestHostileSheet(t *testing.T) {
	t.Parallel()
	for _, words := range append(nasty(), "=HYPERLINK(\"http://x\")", "<!channel> <@U1> *b* _i_", "a\u200b\u200d\u2060b", "</textarea><script>alert(1)</script>") {
		v := newAskingSite(t)
		p := v.answerPage("q1", url.Values{"q0.a": {"yes"}, "q1.a": {"elsewhere"}, "q2.a": {words}})
		if p.Status >= 500 {
			t.Errorf("%.30q: status %d", words, p.Status)
		}
		for _, target := range []string{taskLink(asksTask, "q1"), taskLink(asksTask, pageCheck), taskLink(asksTask, "")} {
			p := v.see("northwind.1", target).wants(http.StatusOK)
			p.lacks("<script>alert", "<img src=x", " onmouseover='x", "\x1b")
		}
		text := v.see("northwind.1", "/portal/form?task="+url.QueryEscape(asksTask)).wants(http.StatusOK)
		if kind := text.Header.Get("Content-Type"); kind != "application/octet-stream" || !strings.Contains(text.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the form as a file comes as %q", kind)
		}
		task := v.front.tasks[0]
		lines, err := engagement.ReadSheetFile([]byte(text.Body), asksTask, task.Points)
		if err != nil {
			t.Errorf("%.30q: what was taken away can't be brought back: %v", words, err)
		}
		for id := range lines {
			if !slices.ContainsFunc(task.Points, func(p engagement.Point) bool { return p.ID == id }) {
				t.Errorf("%.30q: the file names the point %q", words, id)
			}
		}
	}
}

// TestOutsideIsAnIsland: whatever address of the portal somebody of neither side asks
// for, by any method and whether or not a page of ours led there, nothing of the vendor's
// is there, nothing is kept by a browser or told to another site, and nothing happens.
func TestOutsideIsAnIsland(t *testing.T) {
	t.Parallel()
	v, o := newReadingRoom(t)
	v.front.asks()
	q := "?" + url.Values{"id": {asksTask}, "task": {asksTask}, "request": {asksTask}, "document": {"sha256:two"}, "digest": {digestOf("x")}}.Encode()
	for _, path := range []string{"/portal/task", "/portal/form", "/portal/receipt", "/portal/document"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			p := v.visit("outside.1", httptest.NewRequest(method, path+q, nil))
			if p.Status == http.StatusOK {
				t.Errorf("%s %s is open to somebody from outside", method, path)
			}
		}
	}
	fields := url.Values{"task": {asksTask}, "page": {"q1"}, "request": {asksTask}, "nonce": {newNonce()}, "act": {"hand-on"}, "name": {"Eve"}, "mail": {"eve@evil.example"}, "text": {"x"}, "verdict": {"approve"},
		"q0.point": {"mfa"}, "q1.point": {"hosting"}, "q2.point": {"subs"}, "q0.a": {"yes"}}
	for _, path := range []string{"/portal/save", "/portal/send", "/portal/act", "/portal/read", "/portal/decide"} {
		if p := v.say("outside.1", path, fields); p.Status < 400 {
			t.Errorf("POST %s is open to somebody from outside: status %d", path, p.Status)
		}
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			if p := v.visit("outside.1", httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))); p.Status < 400 {
				t.Errorf("%s %s: status %d", method, path, p.Status)
			}
		}
	}
	for _, path := range []string{"/", "/cases", caseURL(), requestURL(reviewID), "/api/case?id=" + url.QueryEscape(theCase), "/document?case=" + url.QueryEscape(theCase)} {
		p := v.see("outside.1", path)
		if p.Status == http.StatusOK {
			t.Errorf("%s is open to somebody from outside", path)
		}
		p.lacks("Sign off the hosting agreement")
	}
	form := v.see("outside.1", "/portal").form("/portal/read", outsideRequest)
	form.Set("verdict", "approve")
	for _, site := range []string{"cross-site", "same-site"} {
		r := httptest.NewRequest(http.MethodPost, "/portal/read", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", site)
		v.visit("outside.1", r).wants(http.StatusForbidden)
	}
	if len(o.answers) != 0 || slices.ContainsFunc(v.front.acts(), func(x string) bool { return !strings.HasPrefix(x, "enter") }) {
		t.Errorf("it did %q and said %+v", v.front.acts(), o.answers)
	}
	for _, target := range []string{"/portal", "/portal/document?" + url.Values{"request": {outsideRequest}, "document": {"sha256:two"}}.Encode()} {
		h := v.see("outside.1", target).Header
		if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", target, h)
		}
	}
	c := v.front.contacts["outside.1"]
	c.State = "ended"
	v.front.contacts["outside.1"] = c
	v.see("outside.1", "/portal").wants(http.StatusUnauthorized).lacks("Contract review", "Northwind")
	v.say("outside.1", "/portal/read", form).wants(http.StatusUnauthorized)
}
