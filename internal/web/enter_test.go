package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// secrets are what no page of a stranger may hold: names, the case, its texts.
func secrets() []string {
	return []string{"Lena", "Weiß", lenaMail, "northwind", "Northwind", "hosting agreement", "Ola Nordmann", "contract/"}
}

// TestTicketOfAStranger: a link says for whom it is and nothing else, and one
// button mails the code.
func TestTicketOfAStranger(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, target := range []string{"/go/" + lenaTicket, "/go?t=" + lenaTicket} {
		p := g.at("", target).wants(http.StatusOK, "This link is for <bdi>Lena W.</bdi>", "Mail me a code")
		p.lacks(slices.DeleteFunc(secrets(), func(s string) bool { return s == "Lena" })...)
		if strings.Count(p.Body, "<button") != 1 {
			t.Errorf("%s has more than one button", target)
		}
	}
	if len(g.gate.did) != 0 {
		t.Fatalf("opening a link asked the gate for %q", g.gate.did)
	}
	f := g.at("", "/go/"+lenaTicket).form("/go", "ticket")
	p := g.send("", "/go", f).wants(http.StatusOK, "Lena W.", `inputmode="numeric"`, `autocomplete="one-time-code"`).lacks("Weiß", lenaMail, "northwind")
	if want := []string{"mail " + lenaTicket + " from 192.0.2.1"}; !slices.Equal(g.gate.did, want) {
		t.Errorf("the gate was asked for %q, want %q", g.gate.did, want)
	}
	f = p.form("/signin/code", "ticket")
	f.Set("code", " 123 456")
	p = g.send("", "/signin/code", f)
	if to := p.leads("/"); to != requestURL(reviewID) {
		t.Errorf("the code leads to %q", to)
	}
	g.at(p.session(), requestURL(reviewID)).wants(http.StatusOK, "Lena Weiß")
	for _, bad := range []string{"/go/nothing", "/go/" + lenaTicket + "a", "/go", "/go?t=", "/go/a%20b", "/go/" + strings.Repeat("a", 300)} {
		g.at("", bad).wants(http.StatusNotFound, "leads nowhere").lacks(secrets()...)
	}
	g.send("", "/go", url.Values{"ticket": {"forged"}}).wants(http.StatusNotFound, "leads nowhere")
}

// TestTicketWithASession: its person goes straight to the request; somebody else
// is told for whom it is, and sees it only where they may anyway.
func TestTicketWithASession(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	if to := g.at("session-lena", "/go/"+lenaTicket).leads("/"); to != requestURL(reviewID) {
		t.Errorf("her own link leads to %q", to)
	}
	p := g.at("session-sami", "/go/"+lenaTicket).wants(http.StatusOK, "This link is for <bdi>Lena W.</bdi>", "signed in as <bdi>Sami Aalto</bdi>", "Open it as yourself")
	p.lacks("hosting agreement")
	g.desk.people[3].Employer = "elsewhere" // he may see nothing of this case any more
	g.at("session-sami", "/go/"+lenaTicket).wants(http.StatusOK, "Lena W.").lacks("Open it as yourself", "northwind", requestURL(reviewID))
	f := p.form("/signout", "next")
	if to := g.send("session-sami", "/signout", f).leads("/"); to != "/go/"+lenaTicket {
		t.Errorf("signing out leads to %q", to)
	}
	g.at("session-sami", "/").leads("/signin")
}

// TestScannersBurnNothing: whatever opens or asks for a one-time link, and
// whatever posts to it without its form, leaves it to its person.
func TestScannersBurnNothing(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for range 100 {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			p := g.as("", httptest.NewRequest(method, "/enter/"+lenaLink, nil)).wants(http.StatusOK)
			p.lacks("Weiß", lenaMail, "northwind")
			if len(p.Header["Set-Cookie"]) != 0 {
				t.Fatal("a scanner is signed in")
			}
		}
	}
	g.send("", "/enter/"+lenaLink, nil).wants(http.StatusOK, "Sign in as")
	g.send("", "/enter/"+lenaLink, url.Values{"link": {"other"}}).wants(http.StatusOK, "Sign in as")
	r := httptest.NewRequest(http.MethodPost, "/enter/"+lenaLink, strings.NewReader("link="+lenaLink))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	g.as("", r).wants(http.StatusForbidden, "another site")
	if len(g.gate.did) != 0 {
		t.Fatalf("the gate was asked for %q", g.gate.did)
	}
	f := g.at("", "/enter/"+lenaLink).wants(http.StatusOK, "Lena W.").form("/enter/"+lenaLink, "link")
	r = httptest.NewRequest(http.MethodPost, "/enter/"+lenaLink, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	p := g.as("session-ola", r)
	if to := p.leads("/"); to != requestURL(reviewID) {
		t.Errorf("the link leads to %q", to)
	}
	if want := []string{"enter lena on Firefox on Linux", "sign out ola"}; !slices.Equal(g.gate.did, want) {
		t.Errorf("the gate was asked for %q, want %q: a session that was there before ends", g.gate.did, want)
	}
	g.at(p.session(), "/").wants(http.StatusOK, "Lena Weiß")
}

// TestDeadLinks: used, foreign and forged links are one page, the same to the
// last letter, and it asks for a new one.
func TestDeadLinks(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	f := g.at("", "/enter/"+lenaLink).form("/enter/"+lenaLink, "link")
	g.send("", "/enter/"+lenaLink, f).leads("/request")
	want := g.at("", "/enter/forged").wants(http.StatusNotFound, "no longer good", "Mail me a new one").Body
	for _, p := range []page{g.at("", "/enter/"+lenaLink), g.send("", "/enter/"+lenaLink, f), g.at("session-ola", "/enter/"+lenaLink),
		g.send("", "/enter/forged", url.Values{"link": {"forged"}}), g.at("", "/enter/"+strings.Repeat("x", 500)), g.at("", "/enter/a%00b")} {
		if p.Body != want || p.Status != http.StatusNotFound || len(p.Header["Set-Cookie"]) != 0 {
			t.Errorf("another page, status %d\n%s", p.Status, p.Body)
		}
	}
}

// TestMailTellsNothing: a known and an unknown address look the same at every
// step until the right code.
func TestMailTellsNothing(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	to := g.at("", requestURL(dataID)).leads("/signin?next=")
	ask := func(mail, code string) (string, string) {
		f := g.at("", to).wants(http.StatusOK, "Mail address").form("/signin", "mail")
		f.Set("mail", mail)
		one := g.send("", "/signin", f).wants(http.StatusOK, "If <bdi>"+mail+"</bdi> is registered")
		f = one.form("/signin/code", "code")
		f.Set("code", code)
		two := g.send("", "/signin/code", f).wants(http.StatusUnprocessableEntity, "not right, or no longer good", `name="code"`)
		return strings.ReplaceAll(one.Body, mail, "X"), strings.ReplaceAll(two.Body, mail, "X")
	}
	for i := range 7 { // five wrong ones end it
		if i == 6 {
			g.gate.wrong = notThere{"code"}
		}
		a, b := ask(lenaMail, "000000")
		c, d := ask("nobody@client.example", "000000")
		if a != c || b != d {
			t.Fatalf("the pages differ\n%s\n%s\n%s\n%s", a, c, b, d)
		}
	}
	ask(lenaMail, "123456")
	g.gate.tries = map[string]int{}
	p := g.send("", "/signin/code", url.Values{"mail": {lenaMail}, "next": {requestURL(dataID)}, "code": {"123456"}})
	if to := p.leads("/"); to != requestURL(dataID) {
		t.Errorf("the code leads to %q", to)
	}
}

// TestSlipsCostNoTry: what can't be a code or an address never reaches the gate.
func TestSlipsCostNoTry(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, code := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
		g.send("", "/signin/code", url.Values{"mail": {lenaMail}, "code": {code}}).wants(http.StatusUnprocessableEntity, "six digits", lenaMail)
	}
	for _, mail := range []string{"", "lena", "@x", "a@", "a b@c", strings.Repeat("a", 250) + "@b.example", "a\r\nBcc: x@y"} {
		g.send("", "/signin", url.Values{"mail": {mail}}).wants(http.StatusUnprocessableEntity, "Write your mail address")
	}
	g.send("", "/signin/code", url.Values{"code": {"123456"}}).wants(http.StatusBadRequest)
	if len(g.gate.did) != 0 || len(g.gate.tries) != 0 {
		t.Errorf("the gate was asked for %q", g.gate.did)
	}
}

func TestTooOften(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.gate.fail = often{}
	for target, f := range map[string]url.Values{"/signin": {"mail": {lenaMail}}, "/go": {"ticket": {lenaTicket}}, "/signin/code": {"mail": {lenaMail}, "code": {"123456"}}} {
		p := g.send("", target, f).wants(http.StatusTooManyRequests, "too often", "in 2 minutes", "That was too often")
		if p.Header.Get("Retry-After") != "90" {
			t.Errorf("%s: Retry-After is %q", target, p.Header.Get("Retry-After"))
		}
	}
	if strings.Contains(g.log.String(), "often") {
		t.Errorf("it is in the log: %s", g.log)
	}
}

// TestNoOpenRedirect: no way of signing in leads elsewhere.
func TestNoOpenRedirect(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/enter/" + lenaLink} {
		g := newGated(t)
		g.gate.next["lena"] = next // should the store ever hold one
		if to := g.send("", "/signin/code", url.Values{"ticket": {lenaTicket}, "code": {"123456"}, "next": {next}}).leads("/"); to != "/" {
			t.Errorf("%q leads to %q", next, to)
		}
		g.gate.next["lena"] = next
		if to := g.send("", "/enter/"+lenaLink, url.Values{"link": {lenaLink}}).leads("/"); to != "/" {
			t.Errorf("%q leads to %q", next, to)
		}
		if to := g.send("", "/signout", url.Values{"next": {next}}).leads("/"); to != "/signin" {
			t.Errorf("signing out with %q leads to %q", next, to)
		}
	}
}

// TestTicketWherePicked: on one machine, a link in a mail leads through the list
// of people.
func TestTicketWherePicked(t *testing.T) {
	t.Parallel()
	g := newGated(t, func(o *Options) { o.PickPerson, o.Address = true, "http://127.0.0.1:7400" })
	g.get("", "/go/"+lenaTicket).wants(http.StatusOK, "/signin?next=/go/"+lenaTicket).lacks("Mail me a code", "northwind")
	p := g.post("", "/signin", url.Values{"person": {"lena"}, "next": {"/go/" + lenaTicket}})
	p.leads("/go/")
	if to := g.get("lena", "/go/"+lenaTicket).leads("/"); to != requestURL(reviewID) {
		t.Errorf("it leads to %q", to)
	}
	g.get("lena", "/me").wants(http.StatusNotFound)
	g.get("lena", "/enter/"+lenaLink).wants(http.StatusNotFound)
}

func TestDevices(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":                      "Safari on Mac",
		"Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                      "Chrome on Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                     "Firefox on Linux", "curl/8": "An unknown browser", "": "An unknown browser",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("deviceOf(%q) = %q, want %q", agent, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if got := deviceOf(rapid.String().Draw(t, "agent")); len(got) > 40 || strings.ContainsAny(got, "<>\"'\r\n") {
			t.Fatalf("a browser came to be called %q", got)
		}
	})
}
