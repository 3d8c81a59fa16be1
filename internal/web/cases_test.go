package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// TestManyCases: what runs comes first, the rest a page further on, each case
// once; the inbox says that it doesn't show all of them.
func TestManyCases(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("ola", "/cases").wants(http.StatusOK, "Over").lacks("More cases")
	s.get("ola", "/").wants(http.StatusOK, "Your cases").lacks("You have more")
	var old []*dossier.CaseView
	for i := range 2 * maxCases {
		state := dossier.Live
		if i == 2*maxCases-1 { // the oldest of all, and it runs
			state = dossier.Running
		}
		old = append(old, &dossier.CaseView{ID: fmt.Sprintf("onboarding/old/%d", 2*maxCases-i), Vendor: "old", Owner: "ola", State: state, Opened: day(1), Last: day(1)})
	}
	s.desk.cases = append(s.desk.cases, old...)
	first := s.get("ola", "/cases").wants(http.StatusOK, "onboarding/old/1<", "More cases", "Over")
	second := s.get("ola", "/cases?"+next(t, first.Body)).wants(http.StatusOK, "More cases").lacks("onboarding/old/1<", "No case runs")
	third := s.get("ola", "/cases?"+next(t, second.Body)).wants(http.StatusOK, "onboarding/old/2<").lacks("More cases", "No case runs")
	all := first.Body + second.Body + third.Body
	for _, c := range s.desk.cases {
		if n := strings.Count(all, "<bdi>"+c.ID+"</bdi>"); n != 1 {
			t.Errorf("%s is listed %d times", c.ID, n)
		}
	}
	s.get("ola", "/cases?after="+url.QueryEscape("onboarding/none/1")).wants(http.StatusNotFound, "There is no case")
	inbox := s.get("ola", "/").wants(http.StatusOK, "You have more than these")
	if n := strings.Count(inbox.Body, "you own it"); n != maxCases {
		t.Errorf("the inbox lists %d cases, want %d", n, maxCases)
	}
}

// next is the query of a page's link to the next one.
func next(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `href="/cases?`)
	query, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatal("no link to the next page")
	}
	return query
}
