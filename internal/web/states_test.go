package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestMomentClosedMeanwhile: a request that ended while somebody typed gives
// their text back, and says why it was not taken.
func TestMomentClosedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := s.get("lena", "/waiting?case="+url.QueryEscape(theCase)+"&at=1794819600000000000").form("/waiting", "r0.")
	for _, prefix := range []string{"r0.", "r1."} {
		f.Set(prefix+"verdict", "changes")
		f.Set(prefix+"inside", "My long thoughts on "+prefix)
	}
	s.desk.request(exitID).Closed = &review.Closing{State: review.Met, At: day(20)}
	p := s.post("lena", "/waiting", f).wants(http.StatusUnprocessableEntity, "This request is closed.", "What you wrote", "My long thoughts on r0.")
	p.lacks("Our fault")
	if b := s.desk.request(dataID).Standing("legal"); b == nil || b.Verdict != review.Changes {
		t.Errorf("the other answer stands at %+v", b)
	}
}

// TestSeatStates: each way in which a seat can stand has its words.
func TestSeatStates(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.desk.request(reviewID)
	r.Seatings[0].Holders = append(r.Seatings[0].Holders, review.Holder{Person: "dora", Via: review.ViaDelegate, From: "lena", Since: day(19), Until: day(27)})
	r.Seatings[1].Holders = nil
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK, "asked by Lena Weiß, until Fri 27 Nov 2026, 10:00 CET", "nobody holds this seat", "not asked yet", "One person, two seats: <bdi>Ola Nordmann</bdi>")
	s.get("dora", requestURL(reviewID)).wants(http.StatusOK, "Send the answer", "“confidentiality”, clause 4")
	r.Closed = &review.Closing{State: review.Denied, At: day(20), Why: "withdrawn"}
	s.get("ola", requestURL(reviewID)).wants(http.StatusOK, "was not needed", "refused", "closed").lacks("Send the answer", "Declare a conflict")
	over := s.desk.request(exitID)
	over.Closed = &review.Closing{State: review.Open, At: day(20), Why: "superseded"}
	s.get("ola", "/case?id="+theCase).wants(http.StatusOK, "ended without a decision")
}

// TestLateNamesNobody: a late seat that nobody holds says so.
func TestLateNamesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.request(theCase + ":audit.1").Seatings[0].Holders = nil
	s.get("ola", "/case?id="+theCase).wants(http.StatusOK, "Late:", "nobody holds the seat", "nobody left to ask")
}

// TestEveryPageFails with a reference when the desk can't be read, and never
// with its words.
func TestEveryPageFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.people[0].Roles = []string{playbook.OperatorRole}
	digest := s.desk.cases[0].Documents[2].Document
	s.desk.receipts["x"] = review.Outcome{Status: review.Counted, Request: reviewID}
	targets := []string{"/", "/cases", "/case?id=" + theCase, requestURL(reviewID), "/receipt?id=x", documentLink("/document", theCase, digest),
		documentLink("/document/file", theCase, digest), "/dossier?case=" + theCase, "/waiting?case=" + theCase + "&at=1", "/signin", "/people/replace", "/case/correct?field=data&case=" + theCase}
	s.desk.stop = errors.New("wires are cut at /srv/secret")
	for _, target := range targets {
		s.get("ola", target).wants(http.StatusInternalServerError, "Something went wrong on our side", "<code>").lacks("/srv/secret")
	}
	if n := strings.Count(s.log.String(), "wires are cut"); n != len(targets) {
		t.Errorf("%d of %d failures are in the log", n, len(targets))
	}
}

// TestUploadFails: a document that can't be stored leaves the rest of the form.
func TestUploadFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.chores()
	f := s.get("ola", requestURL(textID)).form("/request/answer", "file")
	f.Set("verdict", "delivered")
	f.Set("inside", "As they sent it.")
	s.desk.fail = dossier.FullError{Doing: "keeping a document"}
	s.do("ola", multipartForm(t, "/request/answer", f, "c.md", []byte("1. Text"))).wants(http.StatusServiceUnavailable, "Keeping a document: no space left.", "As they sent it.")
	if len(s.desk.answers) != 0 {
		t.Error("an answer was sent without its document")
	}
	s.desk.fail = nil
	s.do("ola", multipartForm(t, "/request/answer", f, "c.md", nil)).wants(http.StatusUnprocessableEntity, "This document is empty.", "As they sent it.")
}

// TestVerdictWords: every verdict that is offered anywhere has words of its own.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	all := []review.Verdict{playbook.NextVersion, playbook.AskAgain, playbook.Waive, playbook.Withdraw, playbook.Sent, "a-new-word"}
	for _, k := range []review.Kind{review.Decision, review.Delivery, review.Rating, review.Task} {
		all = append(all, (&review.Request{Kind: k}).Verdicts()...)
	}
	asked, told := map[string]bool{}, map[string]bool{}
	for _, v := range all {
		a, b := playbook.Say(v), playbook.Said(v)
		if a == "" || b == "" || asked[a] || told[b] || strings.Contains(a+b, "-") {
			t.Errorf("%s is asked as %q and told as %q", v, a, b)
		}
		asked[a], told[b] = true, true
	}
	for _, s := range []review.State{review.Waiting, review.Open, review.Vacant, review.Met, review.Wanted, review.Denied, "odd"} {
		if stands(s) == "" || tone(string(s)) == "" {
			t.Errorf("state %s has no words", s)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	two := []review.Seat{{ID: "a"}, {ID: "b"}}
	for want, g := range map[string]review.Group{"": {Rule: review.RuleAll, Seats: two[:1]}, "all of them are needed": {Rule: review.RuleAll, Seats: two},
		"one of them is enough": {Rule: review.RuleAny, Seats: two}, "2 of 3 are needed": {Rule: review.RuleSome, N: 2, Seats: append(two, review.Seat{ID: "c"})}} {
		if got := rule(g); got != want {
			t.Errorf("%+v is %q, want %q", g, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1500: "1.5 kB", 20_971_520: "21.0 MB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	if got := scopeWords([]string{"def/*", "def/ofac", "11", "Title: Fees"}); got != "the definitions, the definition Ofac, clause 11, “Fees”" {
		t.Errorf("a scope reads %q", got)
	}
}

// TestOpenedTo: what came to somebody at one moment is told by when they were
// asked, whatever way they came to their seat.
func TestOpenedTo(t *testing.T) {
	t.Parallel()
	r := scene(t).request(reviewID)
	for person, want := range map[string]time.Time{"lena": day(17), "ben": day(18), "ola": day(17)} {
		if got := openedTo(r, person, today()); !got.Equal(want) {
			t.Errorf("it opened to %s at %s, want %s", person, got, want)
		}
	}
	r.Told = append(r.Told, review.Reminder{Person: "lena", Why: "reminder", At: day(19)})
	if got := openedTo(r, "lena", today()); !got.Equal(day(17)) {
		t.Errorf("a reminder moves it to %s", got)
	}
}
