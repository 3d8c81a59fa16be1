package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/web"
)

// apiCalls are the patterns of every call of /api, read from where they are served.
func apiCalls(t *testing.T) []string {
	t.Helper()
	files := must[[]string](t)(filepath.Glob("../web/api*.go"))
	pattern := regexp.MustCompile(`\{"((?:GET|POST) /api/[a-z/]+)"`)
	var calls []string
	for _, f := range files {
		text := must[[]byte](t)(os.ReadFile(f))
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			calls = append(calls, m[1])
		}
	}
	slices.Sort(calls)
	if calls = slices.Compact(calls); len(calls) < 35 {
		t.Fatalf("only %d calls were found", len(calls))
	}
	return calls
}

// counter is the web before a lobby's desk; pick: one is believed one's name.
func (l *lobby) counter(pick bool) http.Handler {
	return web.New(l.desk, web.Options{PickPerson: pick, Gate: l.desk, VendorSide: l.desk, Portal: l.desk, Now: l.clock.now, Address: "http://localhost"})
}

func (l *lobby) calls(h http.Handler, how func(*http.Request), method, target, body string) *httptest.ResponseRecorder {
	l.t.Helper()
	r := httptest.NewRequestWithContext(l.t.Context(), method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	how(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestAContactReachesNoCall: with a session of the portal, its link, its cookie or
// just a name, where names are believed and where they aren't.
func TestAContactReachesNoCall(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	ticket := l.link(l.ann, l.ask)
	session := l.enters(ticket)
	ways := map[string]func(*http.Request){
		"the session as a token": func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+session) },
		"the link as a token":    func(r *http.Request) { r.Header.Set("Authorization", "Bearer gwt_"+ticket) },
		"a cookie": func(r *http.Request) {
			for _, name := range []string{"gangway", "__Host-gangway", "gangway-portal", "__Secure-gangway-portal", "portal"} {
				r.AddCookie(&http.Cookie{Name: name, Value: session})
			}
		},
		"their id":   func(r *http.Request) { r.Header.Set("Gangway-As", l.ann.ID) },
		"their mail": func(r *http.Request) { r.Header.Set("Gangway-As", l.ann.Mail) },
	}
	id := url.QueryEscape("dpa/acme/1")
	query := "?case=" + id + "&id=" + id + "&request=" + url.QueryEscape(l.ask) + "&contact=acme.1&person=olga&leaver=olga&by=rita&field=data&value=x&from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z"
	for _, pick := range []bool{false, true} {
		h := l.counter(pick)
		for name, how := range ways {
			for _, call := range apiCalls(t) {
				method, path, _ := strings.Cut(call, " ")
				if w := l.calls(h, how, method, path+query, `{}`); w.Code != http.StatusUnauthorized {
					t.Errorf("%s with %s (picking is %v): %d %.200s", call, name, pick, w.Code, w.Body)
				}
			}
		}
	}
}

// TestCallsAboutTheVendorsPeople: as the owner, and as somebody with no part in the
// case.
func TestCallsAboutTheVendorsPeople(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.desk.library = binder{}
	h := l.counter(true)
	as := func(person string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Gangway-As", person) }
	}
	decision := l.asks(l.root, "sign-off", "lena")
	l.outOfOffice("o-1", "lena", decision, l.clock.now().AddDate(0, 0, 9))
	sent := l.sends(l.ann, l.ask, "%PDF x")
	l.answers(delivers("a-1", l.ask, portal(l.ann), sent.Document))
	l.link(l.ann, l.ask)
	raw := must[dossier.Paper](t)(l.store.Put(t.Context(), strings.NewReader("From: x\r\n\r\nx"), 1<<20))
	_, _, err := l.store.PutArrival(t.Context(), arrivals.Arrival{ID: "arr-1", Raw: raw.Digest, Came: monday(), State: arrivals.Kept})
	ok(t, err)
	ok(t, l.store.SettleArrival(t.Context(), arrivals.Arrival{ID: "arr-1", Raw: raw.Digest, Came: monday(), State: arrivals.Settled, Kind: arrivals.Comment, Case: "dpa/acme/1", Done: monday()}))
	dee := must[playbook.Contact](t)(l.desk.HandOn(t.Context(), portal(l.bob), "h", l.wants(l.root, "more", l.bob), "Dee", "dee@lawyers.example"))
	q := "?case=" + url.QueryEscape("dpa/acme/1")
	for _, c := range []struct {
		method, target, body string
		owner, stranger      int
		says                 string
	}{
		{"GET", "/api/contacts" + q, "", 200, 404, `"id":"acme.1"`},
		{"GET", "/api/contacts", "", 400, 400, "no case"},
		{"POST", "/api/contacts", `{"case":"dpa/acme/1","name":"Cy","mail":"cy@acme.example"}`, 200, 404, `"state":"active"`},
		{"POST", "/api/contacts", `{"case":"dpa/acme/1","name":"Cy"}`, 400, 400, "mail address"},
		{"POST", "/api/contacts", `{"case":"dpa/acme/1","name":"Cy","mail":"nothing"}`, 422, 404, "no mail address"},
		{"POST", "/api/contacts/confirm", `{"case":"dpa/acme/1","contact":"` + dee.ID + `"}`, 200, 404, "{}"},
		{"POST", "/api/contacts/revoke", `{"case":"dpa/acme/1","contact":"acme.1"}`, 200, 404, `{"links":1}`},
		{"POST", "/api/contacts/end", `{"case":"dpa/acme/1","contact":"acme.2"}`, 200, 404, "{}"},
		{"POST", "/api/contacts/end", `{"case":"dpa/acme/1"}`, 400, 400, "contact"},
		{"GET", "/api/arrivals" + q, "", 200, 404, `"kind":"comment"`},
		{"GET", "/api/reading" + q + "&digest=" + sent.Document, "", 200, 404, `"media":"application/pdf"`},
		{"GET", "/api/reading" + q, "", 400, 400, "no document"},
		{"GET", "/api/offers" + q, "", 200, 404, `"id":"o-1"`},
		{"POST", "/api/offers/take", `{"id":"o-1"}`, 200, 404, "{}"},
		{"POST", "/api/offers/take", `{}`, 400, 400, "no offer"},
		{"POST", "/api/adopt", `{"csv":""}`, 400, 400, "no file"},
		{"POST", "/api/adopt", `{"csv":"vendor,service,owner,source\nA,b\n"}`, 422, 0, "line 2"},
		{"POST", "/api/adopt", `{"csv":"vendor,service,owner,source\nBeta,hosting,olga,x\n","try":true}`, 200, 0, `"does":"opens"`},
		{"POST", "/api/dpa", `{"vendor":{"name":"Acme","service":"payroll"},"reason":"x"}`, 400, 400, "no id"},
		{"POST", "/api/dpa", `{"id":"i-1","vendor":{"name":"Acme","slug":"acme","service":"payroll"},"reason":"x"}`, 200, 0, `{"case":"dpa/acme/`},
	} {
		if c.stranger != 0 {
			if w := l.calls(h, as("sam"), c.method, c.target, c.body); w.Code != c.stranger {
				t.Errorf("%s %s %s by a stranger: %d %s", c.method, c.target, c.body, w.Code, w.Body)
			}
		}
		w := l.calls(h, as("olga"), c.method, c.target, c.body)
		if w.Code != c.owner || c.owner == 200 && !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s %s %s: %d %s", c.method, c.target, c.body, w.Code, w.Body)
		}
	}
	same(t, "ended", playbook.ContactEnded, l.contact("acme.2").State)
	same(t, "opens no more", access.Welcome{}, must[access.Welcome](t)(l.desk.PortalLook(t.Context(), l.key.Ticket(l.ask, 0, l.ann.ID, "mail"))))
	same(t, "taken", "olga", l.offers()[0].Taken)
}
