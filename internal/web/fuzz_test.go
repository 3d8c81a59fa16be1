package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gangway/internal/playbook"
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

// FuzzSteer: an act of steering that is sent names a case and says why, and what
// was typed for a list or a cost is read as what it says or not at all.
func FuzzSteer(f *testing.F) {
	f.Add(url.Values{"nonce": {newNonce()}, "act": {"add-seat"}, "case": {theCase}, "request": {exitID}, "role": {"legal"}, "inside": {"why"}}.Encode())
	f.Add(url.Values{"nonce": {newNonce()}, "act": {"correct"}, "case": {theCase}, "field": {"yearlyCost"}, "value": {"120,000"}, "digest": {"sha256:" + strings.Repeat("a", 64)}}.Encode())
	f.Add(url.Values{"nonce": {newNonce()}, "act": {"correct"}, "case": {theCase}, "field": {"systems"}, "value": {"crm,\nhr"}}.Encode())
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no form")
		}
		a, err := parseAct(v, append(steering(), review.Correct)...)
		if err != nil {
			return
		}
		if !a.Kind.Steers() || !isNonce(a.Nonce) || a.Digest != "" && !isDigest(a.Digest) {
			t.Fatalf("an act that can't be sent: %+v", a)
		}
		if a.wrong() == "" && a.Inside == "" {
			t.Fatalf("%s without a reason", a.Kind)
		}
		if !a.corrected(a.Value) {
			return
		}
		if a.Amount < 0 || len(a.Values) > maxAttest || slices.ContainsFunc(a.Values, func(x string) bool { return x == "" || strings.ContainsAny(x, ",\n") || strings.TrimSpace(x) != x }) {
			t.Fatalf("%q is read as %d, %q", a.Value, a.Amount, a.Values)
		}
	})
}

// FuzzAgain: whatever was in a form whose session ended, only its own fields come
// back, and the page holds.
func FuzzAgain(f *testing.F) {
	f.Add("/request/answer", formKind, "nonce="+newNonce()+"&inside=%3Cscript%3E&verdict=approve")
	f.Add("/waiting", formKind, "r0.nonce=x&r0.verdict=rest&r99.inside=a&rest=")
	f.Add("/case/submit", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"inside\"\r\n\r\nx\r\n--b--\r\n")
	shared := newGated(f)
	f.Fuzz(func(t *testing.T, path, kind, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		u, err := url.ParseRequestURI(path)
		if err != nil || u.Host != "" || !strings.HasPrefix(path, "/") {
			t.Skip("no request")
		}
		r.URL = u
		r.Header.Set("Content-Type", kind)
		s := &site{t: t, desk: shared.desk, h: shared.h, log: shared.log}
		p := s.do("", r)
		if p.Status >= http.StatusInternalServerError || strings.Contains(p.Body, "<script") {
			t.Fatalf("%q %q: status %d\n%s", path, body, p.Status, p.Body)
		}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)"`).FindAllStringSubmatch(p.Body, -1) {
			if names := fieldsOf(u.Path); m[1] != "next" && (names == nil || !names.MatchString(m[1])) {
				t.Fatalf("%q: the field %q came back", path, m[1])
			}
		}
	})
}

// FuzzLocalPath: nothing leads off this site, however a browser reads it.
func FuzzLocalPath(f *testing.F) {
	for _, next := range []string{"/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/%2f%2fevil", "http:evil", "/request?id=a//b"} {
		f.Add(next)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		clean := strings.NewReplacer("\t", "", "\r", "", "\n", "", "\\", "/").Replace(got) // as browsers do (URL standard, 4.4)
		if !strings.HasPrefix(clean, "/") || strings.HasPrefix(clean, "//") {
			t.Fatalf("%q leads to %q", next, got)
		}
		base, err := url.Parse("https://gangway.example/signin")
		if err != nil {
			t.Fatal(err)
		}
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme {
			t.Fatalf("%q leads to %q: %v", next, got, err)
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

// FuzzParseIntake: whatever a form holds, what comes out of it is text that can be shown
// again, and what is wrong with it stands at a field that is there.
func FuzzParseIntake(f *testing.F) {
	f.Add("nonce=web-abcdefghijklmnopqrstuvwxyz&playbook=whole&in.vendor.name=A&in.reason=a%0d%0ab&in.data=x&in.data=y", "$.data[1]: no (hint)\nplain\n$.x: y")
	f.Add("nonce=&in.=%00&in.a%00b=x&document=sha256:zz", "$.vendor.: x\ncontract: y\n\n: ")
	book := playbook.Playbook{Name: "whole", Data: []string{"x"}}
	f.Fuzz(func(t *testing.T, query, refusal string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no form")
		}
		in, err := parseIntake(v)
		if err == nil && (!isNonce(in.Nonce) || in.Document != "" && !isDigest(in.Document)) {
			t.Fatalf("a form that can't be sent: %+v", in)
		}
		form := book.IntakeForm()
		for name, values := range in.Values {
			for _, text := range append(values, name) {
				if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\r") {
					t.Fatalf("%q came through", text)
				}
			}
		}
		_, found := form.Intake(in.Values)
		var wrongs intakeWrongs
		for _, x := range found {
			wrongs.put(form, x.Place, advised(x.Message, x.Hint))
		}
		wrongs.take(form, fault{Status: 422, What: refusal})
		for name := range wrongs.at {
			if name != atContract && !slices.ContainsFunc(form.Fields, func(f playbook.IntakeField) bool { return f.Name == name }) {
				t.Fatalf("a fault stands at %q, which isn't there", name)
			}
		}
	})
}
