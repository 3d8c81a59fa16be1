package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// doorway is what one route answers in every circumstance that a stranger can
// bring about. 0: the circumstance does not exist there.
type doorway struct {
	pattern string
	method  string
	target  string
	kind    string // content type of what is sent; empty: nothing is
	body    string

	good   int // its own person
	nobody int // without a session or token
	ended  int // with one that ended or was revoked
	other  int // with that of somebody who may see nothing of this
	cross  int // from another site
	big    int // with more than is taken
	alien  int // with another content type
	verb   int // with another method, as its own person
}

const formKind = "application/x-www-form-urlencoded"

// look is a page that is only read.
func look(target string, good, other int) doorway {
	path, _, _ := strings.Cut(target, "?")
	return doorway{pattern: "GET " + path, method: "GET", target: target, good: good, nobody: 303, ended: 303, other: other, cross: good, big: good, verb: 404}
}

// sends is a form of a page.
func sends(path string, form url.Values, good, other int) doorway {
	return doorway{pattern: "POST " + path, method: "POST", target: path, kind: formKind, body: form.Encode(), good: good, nobody: 401, ended: 401, other: other,
		cross: 403, big: 413, alien: 415, verb: 404}
}

// reads is a call that only reads.
func reads(target string, good, other int) doorway {
	path, _, _ := strings.Cut(target, "?")
	return doorway{pattern: "GET " + path, method: "GET", target: target, good: good, nobody: 401, ended: 401, other: other, cross: good, big: good, verb: 404}
}

// says is a call that sends JSON.
func says(path, body string, good, other int) doorway {
	return doorway{pattern: "POST " + path, method: "POST", target: path, kind: "application/json", body: body, good: good, nobody: 401, ended: 401, other: other,
		cross: 403, big: 413, alien: 415, verb: 404}
}

// bounced is a mail that a mail server sent back.
func bounced() doorway {
	d := says("/api/bounce", "To: x", 200, 403)
	d.kind = "message/rfc822"
	return d
}

// open is a form for people who are not signed in: a session changes nothing.
func open(path string, form url.Values, status int) doorway {
	return doorway{pattern: "POST " + path, method: "POST", target: path, kind: formKind, body: form.Encode(), good: status, nobody: status, ended: status, other: status,
		cross: 403, big: 413, alien: 415, verb: 404}
}

// shut is a page for people who are not signed in.
func shut(pattern, target string, good, others int) doorway {
	return doorway{pattern: pattern, method: "GET", target: target, good: good, nobody: others, ended: others, other: others, cross: good, big: good, verb: 404}
}

// doorways is the whole table: a route without a row fails the test below.
func doorways(digest, order string) []doorway {
	q, answer := "?id="+url.QueryEscape(theCase), url.Values{"nonce": {newNonce()}, "request": {exitID}, "seat": {"legal"}, "verdict": {"approve"}}
	act := url.Values{"nonce": {newNonce()}, "act": {"recuse"}, "request": {exitID}, "inside": {"a reason"}}
	document := "?case=" + url.QueryEscape(theCase) + "&digest=" + digest
	filed := says("/api/documents", "1. Text", 200, 200) // whoever is somebody may file; what it is for is judged later
	filed.alien = 0
	leaves := open("/signout", nil, 303)
	leaves.verb = 404
	return []doorway{
		look("/", 200, 403), look("/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000", 200, 403), look("/request?id="+url.QueryEscape(exitID), 200, 403), look("/request/form?id="+url.QueryEscape(exitID), 404, 403),
		look("/redline?case="+url.QueryEscape(theCase)+"&process="+url.QueryEscape(theContract)+"&name=contract", 200, 403), look("/receipt?id=known", 200, 404), look("/cases", 200, 200), look("/case"+q, 200, 403), look("/document"+document, 200, 403), look("/document/file"+document, 200, 403),
		look("/dossier?case="+url.QueryEscape(theCase), 200, 403), look("/again", 200, 200), look("/me", 200, 200), look(intakePath, 200, 403),
		sends(intakePath, payroll(url.Values{"nonce": {newNonce()}}), 303, 403),
		{pattern: "GET /vendors/{vendor}/exit", method: "GET", target: "/vendors/northwind/exit", good: 404, nobody: 303, ended: 303, other: 404, cross: 404, big: 404, verb: 404},
		{pattern: "POST /vendors/{vendor}/exit", method: "POST", target: "/vendors/northwind/exit", kind: formKind, body: url.Values{"nonce": {newNonce()}, "do": {"leave"}}.Encode(),
			good: 404, nobody: 401, ended: 401, other: 404, cross: 403, big: 413, alien: 415, verb: 404},
		sends("/request/answer", answer, 303, 403), sends("/request/act", act, 303, 403),
		sends("/request/check", url.Values{"nonce": {newNonce()}, "request": {exitID}}, 400, 403),
		sends("/case/contact", url.Values{"act": {"confirm"}, "case": {theCase}, "contact": {"northwind.2"}}, 404, 404),
		sends("/case/outside", url.Values{"act": {"end"}, "case": {theCase}, "contact": {"outside.1"}}, 404, 404),
		sends("/case/forvendor", url.Values{"nonce": {newNonce()}, "case": {theCase}, "request": {askID}, "inside": {"x"}, "document": {digest}}, 404, 404),
		sends("/waiting", url.Values{"case": {theCase}, "at": {"1794819600000000000"}, "r0.request": {dataID}, "r0.nonce": {newNonce()}, "r0.verdict": {"approve"}, "r0.seat": {"legal"}}, 303, 403),
		sends("/case/submit", url.Values{"nonce": {newNonce()}, "act": {"submit"}, "case": {theCase}, "process": {theContract}, "name": {"contract"}, "document": {digest}}, 303, 303),
		sends("/case/act", url.Values{"nonce": {newNonce()}, "act": {"reopen"}, "case": {theCase}, "process": {theCase}, "step": {"intake"}, "inside": {"why"}}, 303, 303),
		look(exitPartLink(theExit, theRevocation), 200, 403),
		{pattern: "GET /case/certificate", method: "GET", target: "/case/certificate?case=" + url.QueryEscape(theExit), good: 404, nobody: 303, ended: 303, other: 403, cross: 404, big: 404, verb: 404},
		sends("/case/settle", url.Values{"nonce": {newNonce()}, "act": {"settle"}, "case": {theExit}, "process": {theExit}, "name": {"ends"}, "inside": {"why"}}, 303, 303),
		sends("/case/steer", url.Values{"nonce": {newNonce()}, "act": {"extend"}, "case": {theCase}, "request": {exitID}, "until": {"2026-12-01"}, "inside": {"why"}}, 303, 403),
		look("/case/correct?case="+url.QueryEscape(theCase)+"&field=data&value=salary", 200, 403), look("/people/replace", 200, 403), look("/letters", 200, 403),
		sends("/people/replace", url.Values{"nonce": {newNonce()}, "leaver": {"ola"}, "by": {"ben"}, "digest": {order}, "inside": {"why"}}, 200, 403),
		sends("/letters/again", url.Values{"id": {"asked/1"}}, 200, 403),
		sends("/me/device", url.Values{"id": {"device-lena-2"}}, 303, 404), sends("/me/token", url.Values{"name": {"x"}, "until": {"2026-12-01"}}, 200, 200),
		{pattern: "GET /pair/{secret}", method: "GET", target: "/pair/" + slackLink, good: 200, nobody: 303, ended: 303, other: 200, cross: 200, big: 200, verb: 404},
		{pattern: "POST /pair/{secret}", method: "POST", target: "/pair/" + slackLink, kind: formKind, body: url.Values{"link": {slackLink}, "address": {"T01:U0NEW"}, "as": {"lena"}}.Encode(),
			good: 200, nobody: 401, ended: 401, other: 409, cross: 403, big: 413, alien: 415, verb: 404},
		sends("/me/unlink", url.Values{"address": {"T01:U0LENA"}}, 303, 404),
		sends("/me/away", url.Values{"nonce": {newNonce()}, "from": {"2026-12-21"}, "until": {"2027-01-03"}, "backup": {"ben"}}, 303, 303),
		sends("/me/revoke", url.Values{"id": {"token-lena-2"}}, 303, 404),
		shut("GET /signin", "/signin", 200, 200), shut("GET /go", "/go?t="+lenaTicket, 303, 200), shut("GET /go/{ticket}", "/go/"+lenaTicket, 303, 200),
		shut("GET /enter/{secret}", "/enter/"+lenaLink, 200, 200),
		open("/signin", url.Values{"mail": {"somebody@client.example"}}, 200), open("/go", url.Values{"ticket": {lenaTicket}}, 200),
		open("/signin/code", url.Values{"ticket": {lenaTicket}, "code": {"999999"}}, 422), leaves,
		{pattern: "POST /enter/{secret}", method: "POST", target: "/enter/" + lenaLink, kind: formKind, body: "link=" + lenaLink, good: 303, nobody: 303, ended: 303, other: 303,
			cross: 403, big: 413, alien: 415, verb: 404},
		{pattern: "GET /static/", method: "GET", target: "/static/mark.svg", good: 200, nobody: 200, ended: 200, other: 200, cross: 200, big: 200, verb: 404},
		{pattern: "GET /favicon.ico", method: "GET", target: "/favicon.ico", good: 200, nobody: 200, ended: 200, other: 200, cross: 200, big: 200, verb: 404},
		{pattern: "/", method: "POST", target: "/nothing", kind: formKind, body: "a=b", good: 404, nobody: 401, ended: 401, other: 404, cross: 403, big: 413, alien: 415, verb: 404},
		reads("/api/cases", 200, 200), reads("/api/case"+q, 200, 403), reads("/api/lines?case="+url.QueryEscape(theCase), 200, 403), reads("/api/waiting", 200, 403), reads("/api/people", 200, 200),
		reads("/api/document"+document, 200, 403), reads("/api/dossier?case="+url.QueryEscape(theCase), 200, 403), reads("/api/fingerprint", 200, 200), reads("/api/receipt?id=known", 200, 404),
		reads("/api/me", 200, 200), reads("/api/tokens", 200, 200),
		reads("/api/away", 200, 200), says("/api/away", `{"id":"away-1","from":"2026-12-21T00:00:00Z","until":"2027-01-04T00:00:00Z","backup":"ben"}`, 200, 200),
		says("/api/tokens", `{"name":"x"}`, 200, 200), says("/api/tokens/revoke", `{"id":"token-lena-2"}`, 200, 404), filed,
		says("/api/open", `{"id":"i1","vendor":{"name":"Acme","service":"payroll"},"reason":"x","owner":"ola"}`, 200, 200),
		says("/api/answer", `{"id":"cli-1","request":"`+exitID+`","seat":"legal","verdict":"approve"}`, 200, 200),
		says("/api/act", `{"id":"cli-2","act":"recuse","request":"`+exitID+`","inside":"why"}`, 200, 200), says("/api/people", `[{"id":"x","name":"X","hours":{"zone":"UTC","week":[null,null,null,null,null,null,null],"holidays":""}}]`, 200, 200),
		reads("/api/correction?case="+url.QueryEscape(theCase)+"&field=data&value=salary", 200, 403), reads("/api/replacement?leaver=ola&by=ben", 200, 403),
		says("/api/replace", `{"id":"cli-3","leaver":"ola","by":"ben","reason":"why","digest":"`+order+`"}`, 200, 403),
		reads("/api/question?request="+url.QueryEscape(exitID), 200, 404), reads("/api/trouble", 200, 200),
		reads("/api/audit?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z", 403, 403), reads("/api/letters", 200, 403),
		says("/api/letters/again", `{"id":"asked/1"}`, 200, 403), bounced(),
		reads("/api/contacts?case="+url.QueryEscape(theCase), 404, 404), unserved("/api/contacts"), unserved("/api/contacts/confirm"),
		unserved("/api/contacts/end"), unserved("/api/contacts/revoke"), reads("/api/arrivals?case="+url.QueryEscape(theCase), 404, 404),
		reads("/api/outside?case="+url.QueryEscape(theCase), 404, 404), unserved("/api/outside"), unserved("/api/outside/end"),
		reads("/api/reading?case="+url.QueryEscape(theCase), 404, 404), reads("/api/offers?case="+url.QueryEscape(theCase), 404, 404),
		unserved("/api/offers/take"), says("/api/dpa", `{"id":"i1"}`, 404, 404), says("/api/diligence", `{"id":"i1"}`, 404, 404), says("/api/pilot", `{"id":"i1"}`, 404, 404), says("/api/contract", `{"id":"i1"}`, 404, 404), says("/api/adopt", `{"csv":"x"}`, 404, 404),
		says("/api/exit", `{"id":"i1","vendor":"x","confirm":"x"}`, 404, 404), says("/api/exit/preview", `{"vendor":"x"}`, 404, 404),
		{pattern: "/api/", method: "POST", target: "/api/nothing", kind: "application/json", body: "{}", good: 404, nobody: 401, ended: 401, other: 404, cross: 403, big: 404, alien: 404, verb: 404},
	}
}

// unserved is a call that says something to what this site doesn't have.
func unserved(target string) doorway {
	return doorway{pattern: "POST " + target, method: "POST", target: target, kind: "application/json", body: "{}",
		good: 404, nobody: 401, ended: 401, other: 404, cross: 403, big: 404, alien: 404, verb: 404}
}

// TestEveryRouteHasARow: whoever adds a route says here what it answers to
// strangers.
func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	var served, known []string
	for _, r := range (&server{}).table() {
		if !strings.Contains(r.pattern, portalPath) { // which has a table of its own
			served = append(served, r.pattern)
		}
	}
	for _, d := range doorways("", "") {
		known = append(known, strings.TrimSuffix(d.pattern, "/{$}"))
	}
	for i, p := range served {
		served[i] = strings.TrimSuffix(p, "{$}")
	}
	slices.Sort(served)
	slices.Sort(known)
	if !slices.Equal(served, known) {
		t.Errorf("served are\n%q, and the table has\n%q", served, known)
	}
}

// request makes the request of a row.
func (d doorway) request(secret string) *http.Request {
	r := httptest.NewRequest(d.method, d.target, strings.NewReader(d.body))
	if d.kind != "" {
		r.Header.Set("Content-Type", d.kind)
	}
	switch {
	case secret == "":
	case strings.HasPrefix(d.target, "/api/"):
		r.Header.Set("Authorization", "Bearer gwt_"+secret)
	default:
		r.AddCookie(&http.Cookie{Name: "__Host-gangway", Value: "session-" + secret})
	}
	return r
}

// audited is a site with what the rows name. Lena stands in for the owner, and
// looks after people and letters.
func audited(t *testing.T) gated {
	post := &postbag{letters: []outbox.Letter{{ID: "asked/1", Person: "sami", Kind: outbox.Asked, Case: theCase, State: outbox.Bounced}}}
	g := newGated(t, func(o *Options) { o.MaxDocument, o.Post = 30<<10, post })
	g.desk.cases[0].Deputy = "lena"
	g.desk.departs()
	g.desk.people[2].Roles = []string{"legal", playbook.OperatorRole}
	for _, other := range []string{"lena-2"} { // another device and token of hers
		s, tok := g.gate.sessions["session-lena"], g.gate.tokens["gwt_lena"]
		s.ID, tok.ID = "device-"+other, "token-"+other
		g.gate.sessions[other], g.gate.tokens["gwt_"+other] = s, tok
	}
	revoked := g.gate.tokens["gwt_sami"]
	revoked.Revoked = today()
	g.gate.tokens["gwt_sami"] = revoked
	delete(g.gate.sessions, "session-sami")
	return g
}

// TestEveryRoute brings each route into each circumstance: the status, and that
// nothing of the case and nobody's secret is told.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	g := audited(t)
	order, err := g.desk.PreviewReplace(t.Context(), review.Address{ID: "lena"}, "ola", "ben")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doorways(g.desk.cases[0].Documents[1].Document, order.Digest) {
		t.Run(d.method+strings.ReplaceAll(d.pattern[strings.IndexByte(d.pattern, '/'):], "/", "_"), func(t *testing.T) {
			t.Parallel()
			still := audited(t) // where nothing happens
			for name, c := range map[string]struct {
				status int
				who    string
				change func(*http.Request)
			}{
				"good":                {d.good, "lena", nil},
				"nobody":              {d.nobody, "", nil},
				"ended":               {d.ended, "sami", nil},
				"forged":              {d.nobody, "forged", nil},
				"left":                {d.nobody, "gus", nil},
				"other":               {d.other, "una", nil},
				"cross by fetch site": {d.cross, "lena", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
				"cross by origin":     {d.cross, "lena", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }},
				"same site":           {d.cross, "lena", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }},
				"null origin":         {d.cross, "lena", func(r *http.Request) { r.Header.Set("Origin", "null") }},
				"big":                 {d.big, "lena", func(r *http.Request) { fill(r, d.body) }},
				"alien":               {d.alien, "lena", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
				"other method":        {d.verb, "lena", func(r *http.Request) { r.Method = "PATCH" }},
				"a long address":      {414, "lena", func(r *http.Request) { r.RequestURI = d.target + "?" + strings.Repeat("a", maxAddress) }},
				"another host":        {421, "lena", func(r *http.Request) { r.Host = "evil.example" }},
			} {
				if name == "left" && d.nobody == 401 && strings.HasPrefix(d.target, "/api/") {
					c.status = 403
				}
				if c.status == 0 {
					continue
				}
				g := still
				if c.status < 400 { // something may happen
					g = audited(t)
				}
				if g != still && strings.Contains(d.target, "receipt") {
					g.desk.receipts["known"] = g.desk.receipts["none"]
				}
				r := d.request(c.who)
				if c.change != nil {
					c.change(r)
				}
				p := g.do("", r)
				if p.Status != c.status {
					t.Errorf("%s: status %d, want %d\n%.2000s", name, p.Status, c.status, p.Body)
				}
				if c.who != "lena" || c.status >= 400 {
					told(t, d, name, c.who, p)
				}
				asked := slices.DeleteFunc(slices.Concat(still.desk.changes, still.gate.did), func(did string) bool {
					return strings.Contains(did, " una ") // what she may, the desk says
				})
				if len(asked) != 0 {
					t.Errorf("%s: %q was asked for", name, asked)
				}
			}
		})
	}
}

// fill makes a body larger than any that is taken.
func fill(r *http.Request, body string) {
	body += "&x=" + strings.Repeat("x", maxJSON+1)
	if strings.Contains(r.Header.Get("Content-Type"), "json") && r.URL.Path != "/api/documents" {
		body = `{"id":"` + strings.Repeat("x", maxJSON+1) + `"}`
	}
	if r.URL.Path == "/api/people" {
		body = `[{"id":"` + strings.Repeat("x", maxJSON+1) + `"}]`
	}
	r.Body, r.ContentLength = http.NoBody, -1
	r.Body = readCloser{bytes.NewReader([]byte(body))}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// told looks for what nobody but its own people may learn.
func told(t *testing.T, d doorway, name, who string, p page) {
	t.Helper()
	secrets := []string{"Weiß", lenaMail, "osting agreement", "Agree to the", "gave way", "Nordmann", "session-", "device-lena", "token-lena", "Required Disclosures"}
	if d.target == "/api/people" || d.target == "/api/me" { // their own affair: the desk says who sees it
		secrets = secrets[1:2]
	}
	if strings.HasPrefix(d.target, "/me") && who == "una" { // one's own people may be picked to stand in; all of them may see the people
		secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "Weiß" || s == "Nordmann" })
	}
	if who == "lena" { // her own name stands above her own pages
		secrets = secrets[1:]
	}
	for _, secret := range secrets {
		if strings.Contains(p.Body, secret) || strings.Contains(strings.Join(p.Header["Location"], ""), secret) {
			t.Errorf("%s: %q is told\n%.2000s", name, secret, p.Body)
		}
	}
	for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Strict-Transport-Security"} {
		if p.Header.Get(header) == "" {
			t.Errorf("%s: without %s", name, header)
		}
	}
	if !strings.HasPrefix(d.target, "/static/") && d.target != "/favicon.ico" && p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: it may be kept: %v", name, p.Header)
	}
}
