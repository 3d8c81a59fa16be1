package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/access"
	"gangway/internal/engagement"
)

// portalDoor is what one route of the portal answers: to the contact whose it is,
// to nobody, to a contact who ended, to another vendor's.
type portalDoor struct {
	pattern, target          string
	form                     url.Values
	files                    bool
	good, nobody, gone, them int
	open                     bool // for whoever has the address
}

func portalDoors() []portalDoor {
	seen := func(pattern, target string, good, them int) portalDoor {
		return portalDoor{pattern: "GET " + pattern, target: target, good: good, nobody: 401, gone: 401, them: them}
	}
	sent := func(path string, form url.Values, good, them int) portalDoor {
		return portalDoor{pattern: "POST " + path, target: path, form: form, good: good, nobody: 401, gone: 401, them: them}
	}
	public := func(pattern, target string, form url.Values, status int) portalDoor {
		return portalDoor{pattern: pattern, target: target, form: form, good: status, nobody: status, gone: status, them: status, open: true}
	}
	upload := sent("/portal/upload", url.Values{"task": {dpaTask}}, 303, 404)
	upload.files = true
	return []portalDoor{
		public("GET /portal/genuine", "/portal/genuine", nil, 200), public("GET /portal/{ticket}", "/portal/"+veraTicket, nil, 200),
		public("POST /portal/{ticket}", "/portal/"+veraTicket, url.Values{"link": {veraTicket}}, 303), public("POST /portal/again", "/portal/again", url.Values{"link": {veraTicket}}, 200),
		seen("/portal", "/portal", 200, 200), seen("/portal/{$}", "/portal/", 200, 200), seen("/portal/task", taskLink(dpaTask, pageFiles), 200, 404), seen("/portal/form", "/portal/form?task="+url.QueryEscape(dpaTask), 404, 404), upload,
		sent("/portal/save", url.Values{"task": {dpaTask}, "page": {pageAbout}, "instead": {"no"}}, 303, 404),
		sent("/portal/send", url.Values{"task": {dpaTask}, "nonce": {newNonce()}}, 422, 404), seen("/portal/receipt", portalReceiptLink(oldTask, "web-aaaaaaaaaaaaaaaaaaaaaaaaaa"), 200, 404),
		sent("/portal/act", url.Values{"task": {dpaTask}, "act": {actAskBack}, "nonce": {newNonce()}, "text": {"x"}}, 303, 404), sent("/portal/leave", url.Values{}, 200, 200),
		// What an outside reviewer reads: no contact of the vendor's gets at it.
		seen("/portal/document", "/portal/document?request="+url.QueryEscape(outsideRequest)+"&document=sha256:two", 404, 404),
		sent("/portal/read", url.Values{"request": {outsideRequest}, "nonce": {newNonce()}}, 404, 404),
		// What somebody receives who takes over: no contact of the one who leaves gets at it.
		seen("/portal/material", "/portal/material?task="+url.QueryEscape(dpaTask)+"&document="+digestOf("insurance"), 404, 404),
		sent("/portal/decide", url.Values{"task": {dpaTask}, "nonce": {newNonce()}, "verdict": {"delivered"}}, 404, 404),
		public("/portal/", "/portal/no/such/page", nil, 404),
	}
}

func TestEveryPortalRouteHasARow(t *testing.T) {
	t.Parallel()
	var served, known []string
	for _, r := range (&server{}).portalRoutes() {
		served = append(served, r.pattern)
	}
	for _, d := range portalDoors() {
		known = append(known, d.pattern)
	}
	slices.Sort(served)
	slices.Sort(known)
	if !slices.Equal(served, known) {
		t.Errorf("served are\n%q, and the table has\n%q", served, known)
	}
}

func (d portalDoor) request(t *testing.T) *http.Request {
	target, _, _ := strings.Cut(d.target, "#")
	switch {
	case d.files:
		return filesForm(t, target, d.form, sentFile{"dpa.txt", "text/plain", "the agreement"})
	case d.form != nil:
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(d.form.Encode()))
		r.Header.Set("Content-Type", formKind)
		return r
	}
	return httptest.NewRequest(http.MethodGet, target, nil)
}

// TestPortalDoors: every route, for everybody who may come to it.
func TestPortalDoors(t *testing.T) {
	t.Parallel()
	for _, d := range portalDoors() {
		for who, want := range map[string]int{"northwind.1": d.good, "": d.nobody, "northwind.9": d.gone, "elsewhere.1": d.them} {
			v := newVendorSite(t)
			p := v.visit(who, d.request(t))
			if p.Status != want {
				t.Errorf("%s as %q: status %d, want %d\n%s", d.pattern, who, p.Status, want, p.Body)
			}
			if want >= 400 && want != 422 && len(v.front.acts()) > 0 {
				t.Errorf("%s as %q did %q", d.pattern, who, v.front.acts())
			}
			if h := p.Header; h.Get("Content-Security-Policy") != contentPolicy || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers %v", d.pattern, h)
			}
		}
		if d.form == nil {
			continue
		}
		v := newVendorSite(t)
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			r := d.request(t)
			r.Header.Set(name, value)
			v.visit("northwind.1", r).wants(http.StatusForbidden, "came from another site")
		}
		r := d.request(t)
		r.Header.Set("Content-Type", "application/json")
		v.visit("northwind.1", r).wants(http.StatusUnsupportedMediaType)
		if !d.files {
			r = httptest.NewRequest(http.MethodPost, d.target, strings.NewReader("text="+strings.Repeat("x", maxForm+1)))
			r.Header.Set("Content-Type", formKind)
			v.visit("northwind.1", r).wants(http.StatusRequestEntityTooLarge, "25 MB")
		}
		if len(v.front.acts()) > 0 {
			t.Errorf("%s: what was refused did %q", d.pattern, v.front.acts())
		}
	}
}

// portalPages is every kind of page of the portal.
func (v vendorSite) portalPages() map[string]page {
	v.t.Helper()
	pages := map[string]page{}
	for name, target := range map[string]string{"the landing page": "/portal/" + veraTicket, "a dead link": "/portal/" + deadTicket, "is it genuine": "/portal/genuine", "nothing there": "/portal/a/b", "no session": "/portal"} {
		pages[name] = v.see("", target)
	}
	v.upload("northwind.1", sentFile{"dpa.pdf", "application/pdf", "%PDF-1.7"}, sentFile{"x.docm", "x", "x"})
	v.say("northwind.1", "/portal/save", url.Values{"task": {dpaTask}, "page": {pageAbout}, "instead": {"yes"}, "why": {"Ours is newer."}, "note": {"See annex 3."}})
	for name, target := range map[string]string{"the list": "/portal", "a task": taskLink(dpaTask, ""), "one that is over": taskLink(oldTask, ""), "files": taskLink(dpaTask, pageFiles), "about": taskLink(dpaTask, pageAbout),
		"check": taskLink(dpaTask, pageCheck), "a receipt": portalReceiptLink(oldTask, "web-aaaaaaaaaaaaaaaaaaaaaaaaaa"), "no task": taskLink("none", "")} {
		pages[name] = v.see("northwind.1", target)
	}
	pages["a wrong form"] = v.say("northwind.1", "/portal/act", url.Values{"task": {dpaTask}, "act": {actHandOn}, "nonce": {newNonce()}, "name": {"Sam"}})
	pages["an unsent text"] = v.say("", "/portal/act", url.Values{"task": {dpaTask}, "act": {actAskBack}, "text": {"why?"}})
	pages["asked for a link"] = v.say("", "/portal/again", url.Values{"link": {deadTicket}})
	pages["left"] = v.say("northwind.2", "/portal/leave", nil)
	return pages
}

// TestPortalAccessible: what people with a screen reader or a keyboard need, no
// script, and nothing from elsewhere, on every page.
func TestPortalAccessible(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)<script|<style|<iframe|\son[a-z]+=|\sstyle=|javascript:|src="(https?:)?//`)
	for name, p := range newVendorSite(t).portalPages() {
		p.accessible(name)
		if found := bad.FindString(p.Body); found != "" {
			t.Errorf("%s has %q", name, found)
		}
		if !strings.Contains(p.Body, "Harbour Bank") || !strings.Contains(p.Body, "/portal/genuine") {
			t.Errorf("%s does not say whose it is, or how to check that", name)
		}
	}
}

// TestPortalHostileNames: whatever the client's people, the vendor's or a file are
// called, it stays text in its place.
func TestPortalHostileNames(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)<script|<img src=x|\sonmouseover='|href="javascript`)
	for _, name := range nasty() {
		v := newVendorSite(t, func(o *Options) { o.ClientPhone = name })
		for i := range v.front.tasks {
			task := &v.front.tasks[i]
			task.Title, task.Ask, task.Missing, task.Asker, task.Phone, task.Others = name, name, name, name, name, []string{name}
			for j := range task.Deliveries {
				task.Deliveries[j].By = name
				task.Deliveries[j].Papers[0].Name, task.Deliveries[j].Papers[0].Media = name, name
			}
		}
		c := v.front.contacts["northwind.1"]
		c.Name = name
		v.front.contacts["northwind.1"] = c
		v.front.earlier[0].Name, v.front.earlier[0].Title, v.front.earlier[0].Flags = name, name, []engagement.ReadingFlag{engagement.ReadingFlag(name)}
		v.front.uploads["northwind.1"+dpaTask] = []access.SentPaper{{Name: name, Reading: engagement.Reading{Document: name, Media: name, Kind: engagement.DocumentKind(name)}}}
		for at, p := range v.portalPages() {
			if p.Status >= 500 {
				t.Fatalf("%.30q: %s: status %d\n%s", name, at, p.Status, v.log)
			}
			if found := bad.FindString(p.Body); found != "" {
				t.Errorf("%.30q: %s has %q", name, at, found)
			}
			outside := regexp.MustCompile(`(?s)<bdi>.*?</bdi>|value="[^"]*"`).ReplaceAllString(p.Body, "")
			if strings.ContainsAny(outside, "\u202E\u2067") {
				t.Errorf("%.30q: on %s a mark that turns text stands outside of <bdi>", name, at)
			}
		}
		v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {dpaTask}}, sentFile{strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(name), name, "text " + name}))
		if p := v.see("northwind.1", taskLink(dpaTask, pageFiles)); p.Status != http.StatusOK || bad.FindString(p.Body) != "" {
			t.Errorf("%.30q as a file's name: status %d\n%s", name, p.Status, p.Body)
		}
	}
}
