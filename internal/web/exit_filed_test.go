package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gangway/internal/dossier"
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
