package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// call speaks to /api as the command line does.
func (s *site) call(person, method, target string, body string) page {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if person != "" {
		r.Header.Set("Gangway-As", person)
	}
	return s.do("", r)
}

func decode[T any](p page) T {
	p.t.Helper()
	var v T
	if err := json.Unmarshal([]byte(p.Body), &v); err != nil {
		p.t.Fatalf("%v in %s", err, p.Body)
	}
	return v
}

func pack(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAPIReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := url.QueryEscape(theCase)
	if got := decode[[]dossier.CaseView](s.call("ola", "GET", "/api/cases", "").wants(200)); len(got) != 2 || got[0].ID != theCase {
		t.Errorf("cases: %+v", got)
	}
	if got := decode[dossier.CaseView](s.call("ola", "GET", "/api/case?id="+q, "").wants(200)); len(got.Requests) != 5 || got.Tier != 2 {
		t.Errorf("case: %+v", got)
	}
	if got := decode[[]dossier.Line](s.call("ola", "GET", "/api/lines?case="+q, "").wants(200)); len(got) == 0 || got[0].N != 1 {
		t.Errorf("lines: %+v", got)
	}
	if got := decode[[]review.Request](s.call("lena", "GET", "/api/waiting", "").wants(200)); len(got) != 3 {
		t.Errorf("%d requests wait on lena", len(got))
	}
	if got := decode[[]review.Request](s.call("lena", "GET", "/api/waiting?person=sami", "").wants(200)); len(got) != 2 {
		t.Errorf("%d requests wait on sami", len(got))
	}
	s.call("ria", "GET", "/api/waiting", "").wants(200, "[]")
	if got := decode[[]playbook.Person](s.call("ola", "GET", "/api/people", "").wants(200)); len(got) != 9 {
		t.Errorf("%d people", len(got))
	}
	s.call("ola", "GET", "/api/fingerprint", "").wants(200, `{"fingerprint":"SHA256:abc"}`)
	p := s.call("ola", "GET", "/api/dossier?case="+q, "").wants(200, "PK half a dossier")
	if p.Header.Get("Content-Disposition") != `attachment; filename="dossier-onboarding-northwind-1.zip"` {
		t.Errorf("headers %v", p.Header)
	}
	d := s.desk.cases[0].Documents[2].Document
	p = s.call("ola", "GET", documentLink("/api/document", theCase, d), "").wants(200, "Required Disclosures")
	if p.Header.Get("Gangway-Digest") != d {
		t.Errorf("headers %v", p.Header)
	}
	s.desk.receipts["x"] = review.Outcome{Status: review.Counted}
	s.call("ola", "GET", "/api/receipt?id=x", "").wants(200, `"filed":null`, `"status":"counted"`)
	s.desk.filed["x"] = dossier.Line{N: 3}
	s.call("ola", "GET", "/api/receipt?id=x", "").wants(200, `"filed":{"n":3`)
}

func TestAPIChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	paper := decode[dossier.Paper](s.call("ola", "POST", "/api/documents", "1. Text").wants(200))
	if paper.Size != 7 || !isDigest(paper.Digest) {
		t.Errorf("paper %+v", paper)
	}
	until := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	f := review.Form{ID: "cli-1", Request: exitID, Seat: "legal", Verdict: review.Changes, Inside: "Payroll is missing", Vendor: "Add payroll", Document: paper.Digest}
	out := decode[review.Outcome](s.call("lena", "POST", "/api/answer", pack(t, f)).wants(200))
	if a := s.desk.answers[0]; out.Status != review.Counted || a.From != (review.Address{Channel: "cli", ID: "lena"}) || a.Text.Vendor != "Add payroll" || !a.At.Equal(today()) || a.Channel != "cli" {
		t.Errorf("outcome %+v, the desk got %+v", out, a)
	}
	out = decode[review.Outcome](s.call("sami", "POST", "/api/answer", pack(t, review.Form{ID: "cli-2", Request: exitID, Verdict: review.Approve})).wants(200))
	if out.Status != review.Refused || out.Refusal != review.NoSeat {
		t.Errorf("a refusal comes as %+v", out)
	}
	s.call("lena", "POST", "/api/act", pack(t, review.Form{ID: "cli-3", Act: review.Delegate, Request: dataID, To: "ben", Until: until})).wants(200, "counted")
	if a := s.desk.acts[0]; a.ToID != "ben" || !a.Until.Equal(until) || a.From.Channel != "cli" {
		t.Errorf("the desk got %+v", a)
	}
	s.call("ola", "POST", "/api/open", `{"id":"i1","vendor":{"name":"Acme Payroll","service":"payroll"},"reason":"x","owner":"ola"}`).wants(200, `{"case":"onboarding/acme-payroll/1"}`)
	if s.desk.intakes[0].From != (review.Address{Channel: "cli", ID: "ola"}) {
		t.Errorf("the desk got %+v", s.desk.intakes[0])
	}
	s.call("ola", "POST", "/api/people", `[{"id":"lena","name":"Lena","hours":{"zone":"UTC","week":[null,null,null,null,null,null,null],"holidays":""}}]`).wants(200, `{"revision":2,"changed":["lena"]}`)
}

func TestAPIRefuses(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.MaxDocument = 50 })
	for _, c := range []struct {
		person, method, target, body string
		status                       int
		text                         string
	}{
		{"", "GET", "/api/cases", "", 401, "nobody is named"},
		{"nobody", "GET", "/api/cases", "", 401, "there is no person"},
		{"gus", "GET", "/api/cases", "", 403, "no longer with us"},
		{"ola", "GET", "/api/nothing", "", 404, "no such call"},
		{"ola", "DELETE", "/api/cases", "", 404, "no such call"},
		{"ola", "GET", "/api/case?id=nope", "", 404, "there is no case nope"},
		{"ola", "GET", "/api/case", "", 400, "no case"},
		{"ola", "GET", "/api/lines", "", 400, "no case"},
		{"ola", "GET", "/api/dossier", "", 404, "no such case"},
		{"ola", "GET", "/api/document?case=x&digest=..", "", 400, "no case and document"},
		{"ola", "GET", "/api/receipt", "", 400, "no answer"},
		{"ola", "GET", "/api/receipt?id=q", "", 404, "number"},
		{"una", "GET", "/api/case?id=" + theCase, "", 403, "not open to you"},
		{"una", "GET", "/api/waiting?person=lena", "", 403, "not open to you"},
		{"ola", "POST", "/api/answer", `{"id":"a","verdict":"approve"}`, 400, "names no request"},
		{"ola", "POST", "/api/answer", `{"request":"a","verdict":"approve"}`, 400, "no id"},
		{"ola", "POST", "/api/answer", `{"id":"a","request":"a"}`, 400, "says nothing"},
		{"ola", "POST", "/api/answer", `{"id":"a","request":"a","verdict":"approve","person":"lena"}`, 400, "unknown field"},
		{"ola", "POST", "/api/answer", `{"id":"a"} x`, 400, "after the value"},
		{"ola", "POST", "/api/answer", `{`, 400, "reading what was sent"},
		{"ola", "POST", "/api/act", `{"id":"a","act":"recuse"}`, 400, "neither a request nor a process"},
		{"ola", "POST", "/api/act", `{"act":"recuse","request":"a"}`, 400, "no id"},
		{"ola", "POST", "/api/act", `{"id":"a","request":"a"}`, 400, "says nothing"},
		{"ola", "POST", "/api/open", `{"owner":"ola"}`, 400, "no id"},
		{"ola", "POST", "/api/open", `[]`, 400, "reading"},
		{"ola", "POST", "/api/people", `[{"id":"x","nam":"y"}]`, 400, "unknown field"},
		{"ola", "POST", "/api/people", strings.Repeat(" ", maxJSON+1), 413, "more than"},
		{"ola", "POST", "/api/documents", "", 422, "empty"},
		{"ola", "POST", "/api/documents", strings.Repeat("x", 51), 413, "50 bytes"},
	} {
		p := s.call(c.person, c.method, c.target, c.body)
		if p.Status != c.status || !strings.Contains(p.Body, c.text) {
			t.Errorf("%s %s %.40q as %q: %d %s, want %d %q", c.method, c.target, c.body, c.person, p.Status, p.Body, c.status, c.text)
		}
		if v := decode[map[string]string](p); v["error"] == "" || p.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s %s: %s", c.method, c.target, p.Body)
		}
	}
	if len(s.desk.answers)+len(s.desk.acts)+len(s.desk.intakes) != 0 {
		t.Errorf("the desk was asked for %q", s.desk.changes)
	}
}

// TestAPIChunkedDocument: a document whose length nobody said is bounded too.
// TestAPIWordsAreTidied keeps control characters of a reason out of pages and
// terminals, as the pages' own forms do.
func TestAPIWordsAreTidied(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.call("lena", "POST", "/api/answer", pack(t, review.Form{ID: "cli-1", Request: exitID, Seat: "legal", Verdict: review.Changes,
		Inside: " a\x1b[31mb\x07\r\nc ", Vendor: "\x00d"})).wants(200)
	s.call("lena", "POST", "/api/act", pack(t, review.Form{ID: "cli-2", Act: review.Recuse, Request: dataID, Inside: "e\x1bf"})).wants(200)
	if got := s.desk.answers[0].Text; got != (review.Text{Inside: "a[31mb\nc", Vendor: "d"}) {
		t.Errorf("the desk got the answer %q", got)
	}
	if got := s.desk.acts[0].Text.Inside; got != "ef" {
		t.Errorf("the desk got the act %q", got)
	}
}

func TestAPIChunkedDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.MaxDocument = 50 })
	r := httptest.NewRequest("POST", "/api/documents", strings.NewReader(strings.Repeat("x", 51)))
	r.ContentLength = -1
	r.Header.Set("Gangway-As", "ola")
	s.do("", r).wants(http.StatusRequestEntityTooLarge, "50 bytes")
}

// TestAPIElsewhere: where one doesn't pick a person, a name in a header is nobody.
func TestAPIElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.PickPerson = false })
	for _, target := range []string{"/api/cases", "/api/waiting?person=sami", "/api/people"} {
		s.call("lena", "GET", target, "").wants(http.StatusUnauthorized)
	}
	s.call("lena", "POST", "/api/answer", `{"id":"a","request":"`+exitID+`","verdict":"approve"}`).wants(http.StatusUnauthorized)
	s.do("lena", httptest.NewRequest("GET", "/api/cases", nil)).wants(http.StatusUnauthorized) // a browser's cookie counts for pages
}

func TestAPIFailsWithAReference(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.fail = errors.New("secret path")
	p := s.call("lena", "POST", "/api/answer", `{"id":"a","request":"`+exitID+`","verdict":"approve"}`).wants(500).lacks("secret")
	v := decode[map[string]string](p)
	if v["reference"] == "" || !strings.Contains(s.log.String(), v["reference"]) {
		t.Errorf("%v, log %s", v, s.log)
	}
	s.call("ola", "GET", "/api/dossier?case="+url.QueryEscape(theCase), "").wants(500).lacks("PK")
}
