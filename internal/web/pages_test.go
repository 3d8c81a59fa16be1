package web

import (
	"net/http"
	"net/url"
	"testing"
)

func TestInbox(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("lena", "/").wants(http.StatusOK, "2 things wait on you", "Sign off the hosting agreement", "2 requests at once", "Agree to the map of data", "You decided", "wants changes")
	s.get("ola", "/").wants(http.StatusOK, "Your cases", "you own it", "Northwind Hosting")
	s.get("ria", "/").wants(http.StatusOK, "Nothing waits on you", "you requested it")
	s.get("sami", "/").wants(http.StatusOK, "was due 2 days ago")
}

func TestRequestPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.get("lena", "/request?id="+url.QueryEscape(reviewID)).wants(http.StatusOK, "What changed since version 1", "Having read version 2",
		`<ins>`, "20 hours", `class="clause d1 mine changed"`, "I read the clauses on confidentiality", "Send the answer", "Ben Okafor", "backup for Lena Weiß", "could not be shown the request")
	p.lacks(" checked")
	f := p.form("/request/answer", "verdict")
	f.Set("verdict", "approve")
	f.Set("attest", "read-confidentiality")
	f.Set("inside", "Fine now.\r\nThey gave way.")
	to := s.post("lena", "/request/answer", f).leads("/receipt?")
	s.get("lena", to).wants(http.StatusOK, "Counted", "Filed as <strong>line", "Sign off the hosting agreement")
	s.get("lena", "/").wants(http.StatusOK, "One thing waits on you").lacks(reviewID)
	s.get("lena", "/request?id="+url.QueryEscape(reviewID)).wants(http.StatusOK, "Take your answer back").lacks("Send the answer")
	s.get("ola", "/case?id="+url.QueryEscape(theCase)).wants(http.StatusOK, "They gave way.", "What happened", "File a new version", "Withdraw the case",
		`data-seat="legal" data-person="lena" data-verdict="approve" data-version="2"`)
	if a := s.desk.answers[0]; a.Text.Inside != "Fine now.\nThey gave way." || a.Version != 2 || a.Seat != "legal" || a.From.Channel != "web" || !a.At.Equal(today()) {
		t.Errorf("the desk got %+v", a)
	}
}
