package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestSessionEndsWhileWriting: the whole form comes back, the person signs in in
// another tab, and the same form counts once.
func TestSessionEndsWhileWriting(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	f := g.at("session-lena", requestURL(reviewID)).form("/request/answer", "verdict")
	f.Set("verdict", "changes")
	f.Set("inside", "They <b>gave</b> way\nbefore. \"Twice\"")
	f.Set("vendor", "Mend 3.2.")
	f.Add("attest", "read-confidentiality")
	f.Add("attest", "another")
	nonce := f.Get("nonce")
	delete(g.gate.sessions, "session-lena")
	p := g.send("session-lena", "/request/answer", f).wants(http.StatusUnauthorized, "You are signed out", "Request changes", "They &lt;b&gt;gave&lt;/b&gt; way",
		"Mend 3.2.", `action="/signin" target="_blank" rel="noopener"`, "Send again")
	if len(g.desk.changes) != 0 {
		t.Fatalf("the desk was asked for %q", g.desk.changes)
	}
	again := p.form("/request/answer", "Send again")
	if again.Encode() != f.Encode() {
		t.Fatalf("the form came back as\n%s, and was\n%s", again.Encode(), f.Encode())
	}
	again2 := g.send("", "/request/answer", again).wants(http.StatusUnauthorized).form("/request/answer", "Send again") // too early
	mail := p.form("/signin", "mail")
	mail.Set("mail", lenaMail)
	code := g.send("", "/signin", mail).wants(http.StatusOK).form("/signin/code", "code")
	code.Set("code", "123456")
	in := g.send("", "/signin/code", code)
	if to := in.leads("/"); to != "/again" {
		t.Errorf("signing in leads to %q", to)
	}
	g.at(in.session(), "/again").wants(http.StatusOK, "press “Send again”")
	g.at("", "/again").leads("/signin")
	one, two := g.send(in.session(), "/request/answer", again2).leads("/receipt"), g.send(in.session(), "/request/answer", again).leads("/receipt")
	if one != two || !strings.Contains(one, nonce) {
		t.Errorf("two receipts: %s and %s", one, two)
	}
	if got := g.desk.answers[0].Text.Inside; got != "They <b>gave</b> way\nbefore. \"Twice\"" {
		t.Errorf("the desk got %q", got)
	}
}

// TestMomentEndsWhileWriting: likewise for several requests on one page.
func TestMomentEndsWhileWriting(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	f := g.at("session-lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").form("/waiting", "r0.")
	f.Set("r0.verdict", "changes")
	f.Set("r0.inside", "Payroll is missing.")
	f.Set("r1.verdict", "rest")
	f.Set("rest", "")
	p := g.send("", "/waiting", f).wants(http.StatusUnauthorized, "Payroll is missing.", "Request changes")
	if again := p.form("/waiting", "Send again"); again.Encode() != f.Encode() {
		t.Errorf("the form came back as\n%s, and was\n%s", again.Encode(), f.Encode())
	}
}

// TestFileEndsWhileWriting: a file can't be kept, which is said; nothing of it
// reaches a disk or the desk.
func TestFileEndsWhileWriting(t *testing.T) {
	t.Parallel()
	g := newGated(t, func(o *Options) { o.MaxDocument = 5000 })
	f := url.Values{"act": {"submit"}, "case": {theCase}, "nonce": {newNonce()}, "paper": {theCase + "|contract"}, "inside": {"the second draft"}}
	r := multipartForm(t, "/case/submit", f, "v3.md", []byte("SECRET DRAFT"))
	p := g.as("", r).wants(http.StatusUnauthorized, "can’t be kept", "the second draft").lacks("SECRET DRAFT")
	if got := p.form("/case/submit", "Send again").Get("nonce"); got != f.Get("nonce") {
		t.Errorf("the number became %q", got)
	}
	if len(r.MultipartForm.File) != 0 {
		t.Error("the form was read into files")
	}
	g.as("", multipartForm(t, "/case/submit", f, "v3.md", bytes.Repeat([]byte("x"), maxForm+5001))).wants(http.StatusRequestEntityTooLarge)
	f.Set("inside", strings.Repeat("x", maxForm+1))
	g.as("", multipartForm(t, "/case/submit", f, "v3.md", []byte("x"))).wants(http.StatusRequestEntityTooLarge)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for range maxParts + 1 {
		if err := w.WriteField("x", "y"); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	r = httptest.NewRequest(http.MethodPost, "/case/submit", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	g.as("", r).wants(http.StatusBadRequest)
	r = httptest.NewRequest(http.MethodPost, "/case/submit", strings.NewReader("--b\r\nhalf"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	g.as("", r).wants(http.StatusBadRequest, "could not be read")
}

// TestStrangersPutNoFileOnTheDisk: the forms of signing in take none.
func TestStrangersPutNoFileOnTheDisk(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, target := range []string{"/signin", "/signin/code", "/signout", "/go", "/enter/abc"} {
		r := multipartForm(t, target, url.Values{"mail": {"lena@client.example"}}, "v3.md", []byte("x"))
		g.as("", r)
		if r.MultipartForm == nil || len(r.MultipartForm.File) != 0 {
			t.Errorf("%s read the form into files", target)
		}
	}
}

// TestNoFieldIsInjected: only fields that the form has come back, and only to an
// address that takes one.
func TestNoFieldIsInjected(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	f := url.Values{"nonce": {newNonce()}, "evil": {"1"}, `"><script>`: {"2"}, "person": {"ola"}, "inside": {"<script>alert(1)</script>"}, "seat": {"a\x00b", strings.Repeat("x", 501)},
		"r0.inside": {"y"}, "_method": {"DELETE"}}
	p := g.send("", "/request/answer", f).wants(http.StatusUnauthorized)
	if again := p.form("/request/answer", "Send again"); len(again) != 2 || again.Get("inside") != f.Get("inside") {
		t.Errorf("the form came back as %v", again)
	}
	p.lacks("<script", "evil", "_method")
	for _, target := range []string{"/nothing", "/me/token", "/cases", "//evil.example/request/answer", "/request/answer/"} {
		g.send("", target, f).lacks("Send again", "evil.example")
	}
	many := url.Values{"nonce": {newNonce()}}
	for range 2 * maxParts {
		many.Add("attest", "x")
	}
	again := g.send("", "/request/answer", many).form("/request/answer", "Send again")
	if n := len(again["attest"]); n != maxAttest || again.Get("nonce") == "" {
		t.Errorf("%d values came back, and the number %q", n, again.Get("nonce"))
	}
}

// TestAgainWherePicked: where one picks a person, likewise.
func TestAgainWherePicked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", requestURL(exitID)).form("/request/answer", "verdict")
	f.Set("verdict", "approve")
	p := s.post("", "/request/answer", f).wants(http.StatusUnauthorized, `href="/signin?next=%2fagain" target="_blank"`, "Approve")
	s.post("lena", "/request/answer", p.form("/request/answer", "Send again")).leads("/receipt")
	newSite(t, func(o *Options) { o.PickPerson = false }).post("", "/request/answer", f).wants(http.StatusUnauthorized, "Ask whoever runs this gangway")
}
