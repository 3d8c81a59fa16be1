package web

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/playbook"
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

// TestReaderOfAll: who reads the whole document has no clauses marked, and is
// told so; who holds no seat sees it without marks and without a form.
func TestReaderOfAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK, "You are asked to read all of it.").lacks(" mine", `">yours<`)
	s.get("dora", requestURL(reviewID)).wants(http.StatusOK, "20 hours").lacks(" mine", "Send the answer", "Declare a conflict", "Nothing here waits on you")
}

// TestRequesterHasNoForm: nobody is offered to answer their own request, whatever
// seat they hold.
func TestRequesterHasNoForm(t *testing.T) {
	t.Parallel()
	r := scene(t).request(exitID)
	r.Requester = "lena"
	if seats := openSeats(r, "lena", today()); len(seats) != 0 {
		t.Errorf("the requester may answer for %v", seats)
	}
}

// TestCaseTime: a rehearsal's clock rules what is late, not the machine's.
func TestCaseTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.desk.cases[0]
	c.Anchor = calendar.Anchor{Real: today(), Case: day(18).Add(-time.Hour)}
	s.get("sami", "/").wants(http.StatusOK, "due in 1 hour").lacks("was due")
	c.Anchor = calendar.Anchor{Real: today(), Case: day(21)}
	s.get("sami", "/").wants(http.StatusOK, "was due 3 days ago")
	s.get("ola", "/case?id="+theCase).wants(http.StatusOK, "Late:", "due 3 days ago")
}

func TestAgo(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{0: "now", 59 * time.Second: "now", time.Minute: "in 1 minute", -90 * time.Minute: "2 hours ago", 35 * time.Hour: "in 35 hours",
		48 * time.Hour: "in 2 days", -240 * time.Hour: "10 days ago"} {
		if got := ago(today().Add(d), today()); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
	if zoneOf(playbook.Person{Hours: calendar.Schedule{Zone: "Nowhere/At_All"}}) != time.UTC || zoneOf(playbook.Person{Hours: calendar.Schedule{Zone: "Local"}}) != time.UTC {
		t.Error("a zone that isn't known is not UTC")
	}
}
