package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gangway/internal/engagement"
)

// withForm makes what the vendor is asked a form, with a line for a document.
func withForm(t *testing.T) *site {
	t.Helper()
	s, _ := newSidedSite(t)
	r := s.desk.request(askID)
	r.Sheet, r.Points = true, []engagement.Point{{ID: "mfa", Title: "A second factor?", Kind: engagement.PointYesNo}, {ID: "extra", Title: "More", Kind: engagement.PointFile, Optional: true},
		{ID: "policy", Title: "The policy", Kind: engagement.PointFile}, {ID: "owner", Title: "Who answers for it?", Kind: engagement.PointText}}
	return s
}

// sendsForm posts the form for the vendor with a filled file and a document.
func sendsForm(t *testing.T, f url.Values, filled, paper string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range f {
		if err := w.WriteField(k, v[0]); err != nil {
			t.Fatal(err)
		}
	}
	for field, text := range map[string]string{"file": filled, "paper": paper} {
		if text == "" {
			continue
		}
		part, err := w.CreateFormFile(field, field+".txt")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/case/forvendor", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// TestAFormIsFiledForTheVendor: what the vendor said on the telephone goes into the form
// that was asked for, with who said it, how it came, and the document that came with it.
func TestAFormIsFiledForTheVendor(t *testing.T) {
	t.Parallel()
	s := withForm(t)
	page := s.get("ola", caseURL()).wants(http.StatusOK, "said on the telephone goes into the form", "/request/form?id=")
	f := page.form("/case/forvendor", "vendor-source")
	blank := s.get("ola", "/request/form?id="+url.QueryEscape(askID)).wants(http.StatusOK).Body
	fill := func(mfa, owner string) string {
		text := strings.Replace(blank, "\nAnswer:", "\nAnswer: "+mfa, 1)
		i := strings.LastIndex(text, "Answer:") + len("Answer:")
		return text[:i] + " " + owner + text[i:]
	}
	f.Set("inside", "by telephone on 3 March")
	s.do("ola", sendsForm(t, f, fill("yes", "Cy Young"), "1. The policy")).wants(http.StatusUnprocessableEntity, "Say who of the vendor gave these answers")
	f.Set("saidby", "Ann Price")
	s.do("ola", sendsForm(t, f, fill("perhaps", "Cy Young"), "1. The policy")).wants(http.StatusUnprocessableEntity, "A second factor?:", "Ann Price", "by telephone on 3 March")
	f.Del("document")
	s.do("ola", sendsForm(t, f, fill("yes", "Cy Young"), "")).wants(http.StatusUnprocessableEntity, "The policy:")
	s.do("ola", sendsForm(t, f, strings.Replace(fill("yes", "Cy"), askID, "other/1:x.1", 1), "1. The policy")).wants(http.StatusUnprocessableEntity)
	if len(s.desk.answers) != 0 {
		t.Fatalf("%d answers were sent", len(s.desk.answers))
	}
	p := s.do("ola", sendsForm(t, f, fill("yes", "Cy Young"), "1. The policy"))
	s.get("ola", p.leads("/receipt?")).wants(http.StatusOK, "Counted")
	a := s.desk.answers[0]
	if !a.ForVendor || a.Text.Inside != "Said by Ann Price; by telephone on 3 March" || a.Words["owner"] != "Cy Young" || len(a.Findings) != 3 || len(a.Documents) != 1 ||
		a.Findings[1].Point != "policy" || a.Findings[1].Document != a.Documents[0] {
		t.Errorf("the desk got %+v", a)
	}
}
