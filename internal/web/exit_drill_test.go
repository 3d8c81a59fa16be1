package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

const (
	theDrill = "drill/northwind/1"
	theWatch = "oversight/northwind/7"
)

// rehearsed adds a drill of leaving Northwind that is over, with its report as it is
// filed, and the case in which Northwind is watched.
func (d *recorder) rehearsed(t *testing.T, change func(*exit.Certificate)) {
	t.Helper()
	cert := exit.Certificate{Case: theDrill, Vendor: "northwind", Number: 1, Order: exit.Order{Mode: exit.ModeDrill, Rehearses: exit.ModeForCause}, Began: day(2), At: day(29), Drill: true, NoticeDays: 10,
		Matters: []exit.Matter{{ID: theDrill + ":asset-2", Part: exit.PartHandover, Name: "asset-2", State: exit.StateOpen, Why: "no-receiver"}, {ID: theDrill + ":assets-restore", Part: exit.PartHandover, Name: "assets-restore", State: exit.StateFailed, Why: "failed-in-the-drill", By: "lena"}, {ID: theDrill + ":decide", Part: exit.PartExit, Name: "decide", State: exit.StateNotNeeded}},
		Steps: []exit.Rehearsed{{Step: "exit-notice", Does: exit.DoesNotice, Starts: day(2), Ends: day(5), Seats: 2},
			{Part: exit.PartHandover, Step: "assets-hand-over", Starts: day(5), Ends: day(12), Seats: 1, Theirs: 1, Waivable: true},
			{Part: exit.PartHandover, Step: "assets-restore", Starts: day(12), Ends: day(19), Seats: 1, State: exit.StateFailed, By: "lena"}},
		Chase: []exit.Rehearsed{{Step: "chase-letter", Starts: day(12), Ends: day(17), Seats: 1}}, Alone: day(28)}
	if change != nil {
		change(&cert)
	}
	text, err := json.Marshal(cert)
	if err != nil {
		t.Fatal(err)
	}
	page, data := d.put([]byte("REPORT OF THE DRILL\n"), "text/plain; charset=utf-8"), d.put(text, "application/json")
	d.cases = append(d.cases, &dossier.CaseView{ID: theDrill, Vendor: "northwind", Owner: "ola", Requester: "ria", State: "done", Rehearsal: true, Opened: day(2), Closed: day(29), Last: day(29),
		Processes: []dossier.ProcessView{{ID: theDrill, Started: day(2), Ended: day(29)}},
		Documents: []dossier.DocumentView{{Process: theDrill, Name: drillReport, Version: 1, Document: page, At: day(29)}, {Process: theDrill, Name: drillReport + "-data", Version: 1, Document: data, At: day(29)}}},
		&dossier.CaseView{ID: theWatch, Vendor: "northwind", Owner: "ola", Requester: "ria", State: dossier.Running, Opened: day(2), Last: day(19), Processes: []dossier.ProcessView{{ID: theWatch, Started: day(2)}}})
	for _, parent := range []string{"drill/northwind/0", theDrill} {
		d.line(theWatch, dossier.Entry{Case: theWatch, Process: theWatch, Kind: dossier.DocumentFiled, At: day(9), CaseAt: day(9), Detail: &dossier.Detail{Name: drillReport, Document: page, Version: 1, Parent: parent}}, review.Text{})
	}
}

// TestTheReportOfADrill is one page for a board: whether the notice period is long enough
// before all else, then the gaps in words, and what would follow if nobody answered. The
// drill's page and that of the vendor lead there; who may not see the case sees nothing.
func TestTheReportOfADrill(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.rehearsed(t, nil)
	link := "/case/certificate?case=" + url.QueryEscape(theDrill)
	p := s.get("ola", link).wants(http.StatusOK, "Report of a drill", "This certifies nothing", "as for cause", "The vendor would be needed for 14 days, longer than the notice period of 10 days; 2 gaps were found.",
		"Asset 2", "Nobody is named who takes it over", "Assets restore", "It was tried, and failed", "They would be late first on", "Chase letter", "it would be done without them", "Of what they owe, 1 could be done without", "Lena", "and failed", "none is signed", "as data").
		lacks("Closing certificate").lacks("Signed:").lacks("signed it").lacks("Point of no return")
	p.accessible("the report of a drill")
	s.get("ola", "/case?id="+url.QueryEscape(theDrill)).wants(http.StatusOK, "The report of the drill")
	s.get("ola", "/case?id="+url.QueryEscape(theWatch)).wants(http.StatusOK, "The last drill of leaving them</a></strong>, begun on 2 Nov 2026: ", "longer than the notice period of 10 days; 2 gaps were found.")
	s.get("una", link).lacks("Report of a drill: leaving")
}

// TestAReportThatCanNotBeRead does not take the vendor's page with it.
func TestAReportThatCanNotBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.rehearsed(t, func(c *exit.Certificate) { c.Case = "drill/another/1" })
	s.get("ola", "/case?id="+url.QueryEscape(theWatch)).wants(http.StatusOK, "its report can&#39;t be read.")
	if p := s.get("ola", "/case/certificate?case="+url.QueryEscape(theDrill)); p.Status == http.StatusOK {
		t.Error("a report of another case is shown")
	}
}

// TestADrillThatIsNotForTheReader: who may see the vendor's page and not the drill's has
// the report that was filed with the vendor; and before the first drill the page says so.
func TestADrillThatIsNotForTheReader(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.desk.rehearsed(t, nil)
	s.desk.cases = slices.DeleteFunc(s.desk.cases, func(c *dossier.CaseView) bool { return c.ID == theDrill })
	s.get("ola", caseLink(theWatch)).wants(http.StatusOK, "The last drill of leaving them", "its report is among the documents here.", "/document?case=oversight%2Fnorthwind%2F7").lacks("/case/certificate")
	delete(s.desk.lines, theWatch)
	s.get("ola", caseLink(theWatch)).lacks("drill of leaving them").lacks("never been rehearsed")
	c := s.desk.cases[len(s.desk.cases)-1]
	c.Watched = []dossier.WatchView{{Expiry: engagement.Expiry{ID: "x:exit-plan", Kind: engagement.ExpiryExitPlan, Name: "exit-plan", On: day(29), Document: "sha256:p"}}}
	s.get("ola", caseLink(theWatch)).wants(http.StatusOK, "Leaving them has never been rehearsed.")
}

// TestAGapIsCalledAsThePlanCallsIt: a board reads what it is, and not the number of a row;
// a plan that can't be read takes nothing away.
func TestAGapIsCalledAsThePlanCallsIt(t *testing.T) {
	t.Parallel()
	for plan, want := range map[string]string{
		`{"lines":[{"point":{"id":"asset-2-what"},"finding":{"point":"asset-2-what","said":true},"words":"northwind.example, <the name>"}]}`: "northwind.example, &lt;the name&gt;</bdi><small>Assets, asset 2<",
		`{"lines":[{"point":{"id":"asset-2-what"},"finding":{"point":"asset-2-what","missing":true},"words":"nobody's"}]}`:                   "<bdi>Asset 2</bdi>",
		`no plan`: "<bdi>Asset 2</bdi>",
	} {
		s := newSite(t)
		digest := s.desk.put([]byte(plan), "application/json")
		s.desk.rehearsed(t, func(c *exit.Certificate) { c.Plan = digest })
		s.get("ola", "/case/certificate?case="+url.QueryEscape(theDrill)).wants(http.StatusOK, want, "the one that is signed").lacks("<the name>").lacks("nobody's")
	}
}

// TestTheReportOfADrillSaysWhatIsGivenUp: whoever rehearses a compressed plan reads on the
// page what it does without, how and why, called as the plan calls it; a drill of another
// kind has no place for it.
func TestTheReportOfADrillSaysWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	link := "/case/certificate?case=" + url.QueryEscape(theDrill)
	s := newSite(t)
	s.desk.rehearsed(t, nil)
	s.get("ola", link).wants(http.StatusOK, "Report of a drill").lacks("given up")
	s = newSite(t)
	plan := s.desk.put([]byte(`{"lines":[{"point":{"id":"asset-2-what"},"finding":{"point":"asset-2-what","said":true},"words":"northwind.example, <the name>"}]}`), "application/json")
	s.desk.rehearsed(t, givesUp(plan))
	s.get("ola", link).wants(http.StatusOK, "What is given up to be off by that day",
		"<bdi>Knowledge session</bdi><small>Knowledge</small>", "<bdi>Left out: exits of this kind do not ask it</bdi>", "<bdi>Shortened: it wants 14 days and has 2</bdi>",
		"northwind.example, &lt;the name&gt;</bdi><small>Assets, asset 2<", "<bdi>Not there by then: rules from outside give it 5 days, and 3 are left</bdi>",
		"<bdi>Area 7</bdi><small>Knowledge</small>").accessible("what is given up")
}

// givesUp has a drill rehearse a compressed plan.
func givesUp(plan string) func(*exit.Certificate) {
	return func(c *exit.Certificate) {
		c.Plan, c.Order.Rehearses = plan, exit.ModeStressed
		c.GivenUp = []exit.GivenUp{{What: exit.GivesStep, ID: "knowledge-session", Part: exit.PartTransfer, How: exit.LeftOut, Why: exit.WhyMode},
			{What: exit.GivesStep, ID: "exit-parallel", Part: exit.PartExit, How: exit.Shortened, Why: exit.WhyTime, Wanted: 14, Days: 2},
			{What: exit.GivesAsset, ID: "asset-2", Part: exit.PartHandover, How: exit.NotByThen, Why: exit.WhyPeriod, Wanted: 5, Days: 3},
			{What: exit.GivesArea, ID: "area-7", Part: exit.PartTransfer, How: exit.NotByThen, Why: exit.WhyReceiver, Wanted: 9, Days: -1}}
	}
}

// TestBrowserDrillFits shows the report of a drill in a real browser, at a desk and on a
// phone: nothing runs out, and nobody needs to turn a page of paper for the answer.
func TestBrowserDrillFits(t *testing.T) {
	d := drive(t, true)
	b := newBuilding(t)
	b.desk.rehearsed(t, givesUp(""))
	for _, width := range []int{375, 1280} {
		for name, target := range map[string]string{"drill": caseLink(theDrill), "report": "/case/certificate?case=" + url.QueryEscape(theDrill), "drilled": caseLink(theWatch)} {
			b.show(d, "ola", "", target, width, false)
			if bad := d.misfits(); bad != "" {
				t.Errorf("%s at %d: %s", name, width, bad)
			}
			d.shot(fmt.Sprintf("drill-%s-%d", name, width))
		}
	}
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}
