package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/access"
)

// TestCookieOfASession: bound to https, this host and this browser; on loopback
// without https; and nowhere else at all.
func TestCookieOfASession(t *testing.T) {
	t.Parallel()
	enter := url.Values{"ticket": {lenaTicket}, "code": {"123456"}}
	for where, want := range map[string]string{address: "__Host-gangway", "http://127.0.0.1:7400": "gangway", "http://localhost": "gangway", "http://[::1]:7": "gangway",
		"http://gangway.example": "__Host-gangway"} {
		g := newGated(t, func(o *Options) { o.Address = where })
		p := g.send("", "/signin/code", enter)
		p.leads("/request")
		cookies := (&http.Response{Header: p.Header}).Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: cookies %v", where, cookies)
		}
		c := cookies[0]
		if c.Name != want || c.Secure != strings.HasPrefix(want, "__") || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" ||
			c.MaxAge != int(access.SessionFor/time.Second) {
			t.Errorf("%s: the cookie is %+v", where, c)
		}
		if hsts := p.Header.Get("Strict-Transport-Security"); (hsts != "") != strings.HasPrefix(where, "https") {
			t.Errorf("%s: Strict-Transport-Security is %q", where, hsts)
		}
	}
	g := newGated(t) // where the prefix is on, the plain name is nobody's
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "gangway", Value: "session-lena"})
	g.do("", r).leads("/signin")
	key := &server{o: Options{Key: []byte("a key that the tests know"), Now: today}}
	g.at(key.seal("lena", today().Add(time.Hour)), "/").leads("/signin")
}

// TestSignOutIsFinal: the cookie that a browser kept opens nothing afterwards,
// however somebody signed in.
func TestSignOutIsFinal(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.at("session-lena", "/").wants(http.StatusOK)
	g.send("session-lena", "/signout", nil).leads("/signin")
	g.at("session-lena", "/").leads("/signin")
	g.send("session-lena", "/signout", nil).leads("/signin")

	s := newSite(t)
	p := s.post("", "/signin", url.Values{"person": {"lena"}})
	with := func(method, target string) page {
		r := httptest.NewRequest(method, target, nil)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie((&http.Response{Header: p.Header}).Cookies()[0])
		return s.do("", r)
	}
	with("GET", "/").wants(http.StatusOK)
	with("POST", "/signout").leads("/signin")
	with("GET", "/").leads("/signin")
	s.get("lena", "/").wants(http.StatusOK) // her other browser
}

// TestSignOutThatFails keeps the cookie, so that one can try again.
func TestSignOutThatFails(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.gate.fail = errDown
	p := g.send("session-lena", "/signout", nil).wants(http.StatusInternalServerError)
	if len(p.Header["Set-Cookie"]) != 0 {
		t.Error("the cookie is gone and the session is not")
	}
	g.at("session-sami", "/").wants(http.StatusInternalServerError).lacks("Sami")
}

func TestWhoIsNobody(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, secret := range []string{"session-nobody", "session-gus", strings.Repeat("a", 300), "a\"b"} {
		g.at(secret, "/").leads("/signin")
	}
}

func TestOwnDevicesAndTokens(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.gate.sessions["phone"] = access.Session{ID: "phone-1", Person: "lena", Device: "<b>Phone</b>", Made: today(), Seen: today(), Until: today().Add(time.Hour)}
	p := g.at("session-lena", "/me").wants(http.StatusOK, "&lt;b&gt;Phone&lt;/b&gt;", "this one", "Firefox on Linux", `href="/me" aria-current="page"`)
	p.lacks("device-ola", "token-ola", "gwt_", "session-lena")
	g.send("session-lena", "/me/device", p.form("/me/device", "phone-1")).leads("/me")
	g.at("phone", "/").leads("/signin")
	g.send("session-lena", "/me/device", url.Values{"id": {"device-ola"}}).wants(http.StatusNotFound)
	g.at("session-ola", "/").wants(http.StatusOK)

	f := p.form("/me/token", "token-name")
	f.Set("name", "build server")
	f.Set("until", "2026-12-24")
	made := g.send("session-lena", "/me/token", f).wants(http.StatusOK, "shown this once", "build server")
	secret := regexp.MustCompile(`class="secret">(gwt_\w+)<`).FindStringSubmatch(made.Body)
	if secret == nil {
		t.Fatalf("the secret is not on the page\n%s", made.Body)
	}
	if made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page may be kept: %v", made.Header)
	}
	if got := g.gate.tokens[secret[1]]; got.Person != "lena" || !got.Until.Equal(time.Date(2026, 12, 24, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("the token is %+v", got)
	}
	list := g.at("session-lena", "/me").lacks(secret[1])
	g.send("session-lena", "/me/revoke", list.form("/me/revoke", `value="made-`)).leads("/me")
	if got := g.gate.tokens[secret[1]]; got.Revoked.IsZero() {
		t.Error("the token is not revoked")
	}
	g.send("session-lena", "/me/revoke", url.Values{"id": {"token-ola"}}).wants(http.StatusNotFound)
	for name, day := range map[string]string{"": "2026-12-24", "a": "2026-11-19", "b": "2027-12-24", "c": "soon", strings.Repeat("d", 81): "2026-12-24", "e\nf": "2026-12-24"} {
		g.send("session-lena", "/me/token", url.Values{"name": {name}, "until": {day}}).wants(http.StatusUnprocessableEntity, "This was not taken")
	}

	p = g.send("session-lena", "/me/device", url.Values{"all": {"yes"}})
	p.leads("/signin")
	if p.session() != "" {
		t.Error("the cookie stays")
	}
	if last := g.gate.did[len(g.gate.did)-1]; last != "end device-lena" {
		t.Errorf("the device that asks ended before the others: %q", g.gate.did)
	}
	for secret, session := range g.gate.sessions {
		if session.Person == "lena" {
			t.Errorf("the session %s goes on", secret)
		}
	}
	g.at("session-ola", "/").wants(http.StatusOK)
}

// bearing speaks to /api with a token.
func (g gated) bearing(token, method, target, body string) page {
	g.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	return g.do("", r)
}

// TestTokensSpeak: a token is its person on /api; a name and a cookie are nobody.
func TestTokensSpeak(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.bearing("gwt_lena", "GET", "/api/me", "").wants(200, `{"id":"lena","name":"Lena Weiß"}`)
	g.bearing("gwt_lena", "POST", "/api/answer", `{"id":"a","request":"`+exitID+`","verdict":"approve"}`).wants(200, "counted")
	if got := g.desk.answers[0].From; got.ID != "lena" || got.Channel != "cli" {
		t.Errorf("the desk got %+v", got)
	}
	g.bearing("gwt_sami", "GET", "/api/waiting?person=lena", "").wants(200).lacks(exitID) // nobody else's
	for _, token := range []string{"", "gwt_nobody", "lena", "session-lena", "gwt_" + strings.Repeat("a", 300), "gwt_a b", "gwt_\xff"} {
		p := g.bearing(token, "GET", "/api/cases", "").wants(401, `"hint":"make a token`)
		if p.Header.Get("WWW-Authenticate") == "" || !strings.HasPrefix(p.Header.Get("Content-Type"), "application/json") {
			t.Errorf("headers %v", p.Header)
		}
	}
	g.bearing("gwt_gus", "GET", "/api/cases", "").wants(403, "no longer with us")
	r := httptest.NewRequest("GET", "/api/cases", nil)
	r.Header.Set("Gangway-As", "lena")
	g.as("session-lena", r).wants(401, "takes no name")
	r = httptest.NewRequest("GET", "/api/cases", nil)
	r.Header.Set("Authorization", "Basic Z3d0X2xlbmE6")
	g.as("session-lena", r).wants(401, "no token was sent")
	r = httptest.NewRequest("GET", "/api/me", nil)
	r.Header.Set("Authorization", "bearer gwt_lena")
	r.Header.Set("Gangway-As", "ola")
	g.do("", r).wants(403, "does not speak for")
	r.Header.Set("Gangway-As", "lena")
	g.do("", r).wants(200, "lena")
}

func TestTokensOverAPI(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	made := decode[struct {
		Token  access.Token
		Secret string
	}](g.bearing("gwt_lena", "POST", "/api/tokens", `{"name":"laptop"}`).wants(200))
	if !made.Token.Until.Equal(today().Add(access.TokenFor)) || made.Token.Person != "lena" {
		t.Errorf("the token is %+v", made.Token)
	}
	g.bearing(made.Secret, "GET", "/api/tokens", "").wants(200, "laptop").lacks(made.Secret, "gwt_", "token-ola")
	g.bearing("gwt_ola", "POST", "/api/tokens/revoke", pack(t, map[string]string{"id": made.Token.ID})).wants(404)
	g.bearing("gwt_lena", "POST", "/api/tokens/revoke", pack(t, map[string]string{"id": made.Token.ID})).wants(200)
	g.bearing(made.Secret, "GET", "/api/tokens", "").wants(401)
	for _, body := range []string{`{"name":""}`, `{"name":"x","until":"2020-01-01T00:00:00Z"}`, `{"name":"x","until":"2099-01-01T00:00:00Z"}`} {
		g.bearing("gwt_lena", "POST", "/api/tokens", body).wants(422)
	}
	g.bearing("gwt_lena", "POST", "/api/tokens/revoke", `{}`).wants(400)
	newSite(t).call("lena", "GET", "/api/tokens", "").wants(404, "no tokens")
}

// TestPickedWithToken: where one picks a person, a token speaks as well, and a
// name rules over it.
func TestPickedWithToken(t *testing.T) {
	t.Parallel()
	g := newGated(t, func(o *Options) { o.PickPerson = true })
	g.bearing("gwt_lena", "GET", "/api/me", "").wants(200, "lena")
	g.call("ola", "GET", "/api/me", "").wants(200, "ola")
	g.call("", "GET", "/api/me", "").wants(401, "nobody is named", "--as")
}

// TestCasesInPages: one after the other they are all the cases, once.
func TestCasesInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := decode[[]struct{ ID string }](s.call("ola", "GET", "/api/cases", "").wants(200))
	var got []struct{ ID string }
	after := ""
	for {
		part := decode[[]struct{ ID string }](s.call("ola", "GET", "/api/cases?most=1&after="+url.QueryEscape(after), "").wants(200))
		if len(part) == 0 {
			break
		}
		got, after = append(got, part...), part[0].ID
	}
	if !slices.Equal(all, got) || len(all) != 2 {
		t.Errorf("in pages %v, at once %v", got, all)
	}
	for _, most := range []string{"0", "-1", "501", "x"} {
		s.call("ola", "GET", "/api/cases?most="+most, "").wants(400, "1 to 500")
	}
	s.call("ola", "GET", "/api/cases?after=nope", "").wants(404)
}

// TestFrom: limits count by the connection; what a client writes changes nothing.
func TestFrom(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"192.0.2.1:7": "192.0.2.1", "[2001:db8::1]:7": "2001:db8::1", "pipe": "pipe"} {
		r := httptest.NewRequest("POST", "/signin", nil)
		r.RemoteAddr = address
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		if got := from(r); got != want {
			t.Errorf("%s: from %q", address, got)
		}
	}
}

// TestLogsHoldNoSecret: a link that fails is logged by its route.
func TestLogsHoldNoSecret(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.gate.fail = errDown
	g.at("", "/enter/"+lenaLink).wants(http.StatusInternalServerError)
	g.send("", "/signin", url.Values{"mail": {lenaMail}}).wants(http.StatusInternalServerError)
	if log := g.log.String(); strings.Contains(log, lenaLink) || strings.Contains(log, lenaMail) || !strings.Contains(log, "GET /enter/{secret}") {
		t.Errorf("the log is %s", log)
	}
}

func TestEndedPicksForget(t *testing.T) {
	t.Parallel()
	var e endedPicks
	for range 1000 {
		e.add(pick{number: newNonce(), until: today()}, today().Add(time.Minute))
	}
	if len(e.until) > 100 {
		t.Errorf("%d ended cookies are remembered after their end", len(e.until))
	}
	e.add(pick{}, today())
	if e.has("") {
		t.Error("a cookie without a number was signed out")
	}
}
