package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// TestADrillsReportIsSignedByNobody: the drill's page says that its report was filed, and
// of documents whose size nobody noted no size, rather than none.
func TestADrillsReportIsSignedByNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.rehearsed(t, nil)
	i := slices.IndexFunc(s.desk.cases, func(c *dossier.CaseView) bool { return c.ID == theDrill })
	s.desk.line(theDrill, dossier.Entry{Case: theDrill, Process: theDrill, Kind: dossier.Certified, At: day(29), CaseAt: day(29),
		Detail: &dossier.Detail{Document: s.desk.cases[i].Documents[0].Document, Version: 1, Result: "done"}}, review.Text{})
	s.get("ola", "/case?id="+url.QueryEscape(theDrill)).wants(http.StatusOK, "The report of the drill", "filed on 29 Nov 2026").lacks("signed on").lacks("0 bytes")
}

// TestNothingIsWatchedInAClosedCase: the dates of a vendor who is being left are the
// exit's; their old page asks nobody to decide on them.
func TestNothingIsWatchedInAClosedCase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.rehearsed(t, nil)
	c := s.desk.cases[len(s.desk.cases)-1]
	c.Watched = []dossier.WatchView{{Expiry: engagement.Expiry{ID: "x:contract", Kind: engagement.ExpiryContract, Name: "contract", On: day(29).AddDate(1, 0, 0), NoticeDays: 90}}}
	s.get("ola", caseLink(theWatch)).wants(http.StatusOK, "Next dates", "Decide by").lacks("no longer watched")
	c.State, c.Closed = "leaving", day(20)
	s.get("ola", caseLink(theWatch)).wants(http.StatusOK, "Nothing is watched any more.", "1 no longer watched", "until this case was closed").lacks("Next dates").lacks("Decide by").lacks("People are asked from")
}

// TestACertificateSaysInWordsWhatWasWaived: a regulator knows none of our codes.
func TestACertificateSaysInWordsWhatWasWaived(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.departs()
	s.desk.certifies(t, func(c *exit.Certificate) { c.Matters[1].Why = "edition" })
	s.get("ola", "/case/certificate?case="+url.QueryEscape(theExit)).wants(http.StatusOK, "GitHub shows it in Enterprise Cloud with single sign-on alone")
}
