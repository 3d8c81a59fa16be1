package web

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// site is the handler with its desk, for one test.
type site struct {
	t    testing.TB
	desk *recorder
	h    http.Handler
	log  *strings.Builder
}

func newSite(t testing.TB, change ...func(*Options)) *site {
	t.Helper()
	s := &site{t: t, desk: scene(t), log: &strings.Builder{}}
	o := Options{PickPerson: true, Now: today, Hosts: []string{"example.com"}, Key: []byte("a key that the tests know"),
		Log: slog.New(slog.NewTextHandler(s.log, nil))}
	for _, f := range change {
		f(&o)
	}
	s.h = New(s.desk, o)
	return s
}

// page is a response, read.
type page struct {
	t      testing.TB
	Status int
	Body   string
	Header http.Header
}

func (s *site) do(person string, r *http.Request) page {
	s.t.Helper()
	if person != "" {
		key := &server{o: Options{Key: []byte("a key that the tests know")}}
		r.AddCookie(&http.Cookie{Name: cookieName, Value: key.seal(person, today().Add(time.Hour))})
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	res := w.Result()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return page{s.t, res.StatusCode, string(body), res.Header}
}

func (s *site) get(person, target string) page {
	s.t.Helper()
	return s.do(person, httptest.NewRequest(http.MethodGet, target, nil))
}

func (s *site) post(person, target string, form url.Values) page {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(person, r)
}

func (p page) wants(status int, texts ...string) page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("status %d, want %d\n%s", p.Status, status, p.Body)
	}
	for _, text := range texts {
		if !strings.Contains(p.Body, text) {
			p.t.Errorf("%q is not on the page\n%s", text, p.Body)
		}
	}
	return p
}

func (p page) lacks(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.Body, text) {
			p.t.Errorf("%q is on the page", text)
		}
	}
	return p
}

// leads gives where a page sends the browser.
func (p page) leads(prefix string) string {
	p.t.Helper()
	p.wants(http.StatusSeeOther)
	to := p.Header.Get("Location")
	if !strings.HasPrefix(to, prefix) {
		p.t.Fatalf("leads to %q, want %q…", to, prefix)
	}
	return to
}

// form reads the hidden and typed fields of the form with an action that holds
// the text.
func (p page) form(action, holding string) url.Values {
	p.t.Helper()
	for _, m := range regexp.MustCompile(`(?s)<form method="post" action="`+regexp.QuoteMeta(action)+`".*?</form>`).FindAllString(p.Body, -1) {
		if !strings.Contains(m, holding) {
			continue
		}
		v := url.Values{}
		for _, in := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(m, -1) {
			v.Add(in[1], html.UnescapeString(in[2]))
		}
		for _, in := range regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(m, -1) {
			v.Add(in[1], html.UnescapeString(in[2]))
		}
		return v
	}
	p.t.Fatalf("no form to %s with %q\n%s", action, holding, p.Body)
	return nil
}
