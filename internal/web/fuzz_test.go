package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"gangway/internal/review"
)

// FuzzParseAnswer: whatever a form holds, what comes out is an answer that can be
// sent, or a fault of the request.
func FuzzParseAnswer(f *testing.F) {
	good := url.Values{"nonce": {newNonce()}, "request": {reviewID}, "seat": {"legal"}, "version": {"2"}, "verdict": {"approve"}, "inside": {"a\r\nb"}, "attest": {"x", "y"}}
	f.Add(good.Encode(), "")
	f.Add("r0.nonce=web-abcdefghijklmnopqrstuvwxyz&r0.request=q", "r0.")
	f.Add("%00=%ff&nonce=&version=-1", "")
	f.Fuzz(func(t *testing.T, query, prefix string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no form")
		}
		a, err := parseAnswer(v, prefix)
		if err != nil {
			return
		}
		form := a.form()
		if !isNonce(form.ID) || form.Request == "" || form.Version < 0 || form.Document != "" && !isDigest(form.Document) {
			t.Fatalf("a form that can't be sent: %+v", form)
		}
		for _, text := range append([]string{form.Inside, form.Vendor, form.Seat, form.Request, string(form.Verdict)}, form.Attest...) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\r") {
				t.Fatalf("%q came through", text)
			}
		}
	})
}

// FuzzParseAct: likewise for acts.
func FuzzParseAct(f *testing.F) {
	f.Add(url.Values{"nonce": {newNonce()}, "act": {"withdraw"}, "process": {theCase}, "target": {"a|b"}, "paper": {"c|d"}}.Encode())
	f.Add(url.Values{"nonce": {newNonce()}, "act": {"delegate"}, "request": {reviewID}, "until": {"2026-11-30"}, "to": {"ben"}}.Encode())
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no form")
		}
		a, err := parseAct(v, review.Delegate, review.Withdraw)
		if err != nil {
			return
		}
		if a.Kind != review.Delegate && a.Kind != review.Withdraw || !isNonce(a.Nonce) || a.Request == "" && a.Process == "" {
			t.Fatalf("an act that can't be sent: %+v", a)
		}
		if wrong := a.wrong(); wrong == "" && a.Kind == review.Withdraw && a.Inside == "" {
			t.Fatal("a case can be withdrawn without a reason")
		}
		me := visitor{zone: zoneOf(scene(t).people[0])}
		if until, err := me.endOfDay(a.Day); err == nil && until.IsZero() {
			t.Fatalf("the day %q ends never", a.Day)
		}
	})
}

// FuzzPages: no address and no form brings a page down.
func FuzzPages(f *testing.F) {
	f.Add("GET", "/request?id="+url.QueryEscape(reviewID), "")
	f.Add("POST", "/waiting", "case="+theCase+"&at=1794819600000000000&r0.request=x&r0.nonce=web-abcdefghijklmnopqrstuvwxyz")
	f.Add("GET", "/document?case="+theCase+"&digest=sha256:00", "")
	f.Add("POST", "/api/answer", `{"id":"x"}`)
	shared := newSite(f)
	f.Fuzz(func(t *testing.T, method, target, body string) {
		s := &site{t: t, desk: shared.desk, h: shared.h, log: shared.log}
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || !strings.HasPrefix(target, "/") || method != "GET" && method != "POST" {
			t.Skip("no request")
		}
		r := httptest.NewRequest(method, "/", strings.NewReader(body))
		r.URL = u
		r.Header.Set("Gangway-As", "ola")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if p := s.do("ola", r); p.Status >= http.StatusInternalServerError {
			t.Fatalf("%s %q %q: status %d\n%s", method, target, body, p.Status, s.log)
		}
	})
}
