package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

const thePilot = "pilot/northwind/1"

// piloted gives the case a pilot with three milestones and two scorers, of whom all
// have scored where opened is set.
func piloted(s *site, opened bool) *dossier.CaseView {
	c := s.desk.cases[0]
	criteria := []engagement.Criterion{{ID: "quality", Title: "Quality <of work>", Weight: 70, Most: 5}, {ID: "deadlines", Title: "Deadlines", Weight: 30, Most: 10}}
	c.Pilot = &dossier.Pilot{Process: thePilot, Started: day(2), Digest: digestOf("frozen"), Criteria: criteria, Threshold: 90}
	ask := func(id, step, title string, kind review.Kind, due time.Time) *review.Request {
		c.Requests = append(c.Requests, review.Request{ID: thePilot + ":" + id, Case: theCase, Process: thePilot, Step: step, Kind: kind, Title: title, Owner: "ola", Vendor: "northwind", Opened: day(3),
			Policy: review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: []review.Seat{{ID: "legal", Role: "legal"}, {ID: "security", Role: "security"}}}}},
			Clocks: []review.Clock{{Opened: day(3), Due: due}}, Seatings: []review.Seating{{Seat: "legal"}, {Seat: "security"}}})
		return &c.Requests[len(c.Requests)-1]
	}
	ask("import.1", "import", "The first import", review.Delivery, day(5))
	ask("import.2", "import", "The import again", review.Delivery, day(9))
	ask("report.1", "report", "The report", review.Delivery, day(12))
	ask("manual.1", "manual", "The manual", review.Delivery, day(29))
	ask("more.1", "more", "What got more time", review.Delivery, day(28))
	milestone := func(step, id, result string, late int) {
		c.Pilot.Milestones = append(c.Pilot.Milestones, dossier.PilotMilestone{Step: step, Request: thePilot + ":" + id, Result: result, Late: late, At: day(10)})
	}
	milestone("import", "import.2", dossier.MilestoneDelivered, 570)
	milestone("report", "report.1", dossier.MilestoneOverdue, 0)
	milestone("more", "more.1", dossier.MilestoneOverdue, 0)
	r := ask("points.1", "points", "How was it?", review.Rating, day(22))
	r.Blind, r.Criteria = true, criteria
	points := func(seat, person string, quality, deadlines int) {
		r.Ballots = append(r.Ballots, review.Ballot{Answer: "a-" + seat, Seat: seat, Person: person, Verdict: review.Scored, At: day(19),
			Scores: []review.Score{{Criterion: "quality", Points: quality}, {Criterion: "deadlines", Points: deadlines}}})
	}
	points("legal", "lena", 4, 7)
	if opened {
		points("security", "sami", 3, 9)
		r.Closed = &review.Closing{State: review.Met, At: day(19), Why: "decided"}
		c.Pilot.Request, c.Pilot.Opened, c.Pilot.Score = r.ID, day(19), 73
	}
	return c
}

// pilotSection is the part of a page that tells of the pilot.
func pilotSection(t *testing.T, body string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, `id="pilot"`)
	part, _, ends := strings.Cut(rest, "<h2>Steps")
	if !found || !ends {
		t.Fatal("the page tells of no pilot")
	}
	return part
}

// TestThePilotOfACase: milestones with their lateness, and nobody's points before all
// have scored.
func TestThePilotOfACase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	piloted(s, false)
	part := pilotSection(t, s.get("ola", caseURL()).wants(http.StatusOK).Body)
	for _, want := range []string{"under way", "90 of 100 are needed", "before all have given theirs", "Quality &lt;of work&gt;</bdi> 70", "The import again", "delivered 9 working hours 30 minutes late",
		"overdue", "The manual", "not due yet", digestOf("frozen")} {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not in\n%s", want, part)
		}
	}
	for _, not := range []string{"The first import", "It came to", "Criterion"} {
		if strings.Contains(part, not) {
			t.Errorf("%q is in\n%s", not, part)
		}
	}
	if n := strings.Count(part, "overdue"); n != 1 {
		t.Errorf("%d milestones are overdue: what got more time is not", n)
	}
}

// TestThePointsOfAPilot: once all have scored, everybody's by criterion, and what they
// came to.
func TestThePointsOfAPilot(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := piloted(s, true)
	part := pilotSection(t, s.get("ola", caseURL()).wants(http.StatusOK).Body)
	for _, want := range []string{"to be decided", "<strong>73</strong> of 100; 90 are needed, so that a go needs a reason", "Lena", "Sami", "Quality &lt;of work&gt;", "<td>4 <", "<td>9 <"} {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not in\n%s", want, part)
		}
	}
	for result, want := range map[string]string{"go": `good">go<`, "refused": ">no-go<", "stopped": ">stopped early<", "withdrawn": ">Withdrawn<"} {
		c.Pilot.Ended, c.Pilot.Result, c.Pilot.Changed = day(20), result, true
		page := s.get("ola", caseURL()).wants(http.StatusOK, want, "not what was frozen").Body
		if strings.Contains(page, "Stop the pilot") {
			t.Errorf("a pilot that ended as %q can be stopped", result)
		}
	}
}

// TestStopThePilot: the owner stops it, with a reason; the case goes on.
func TestStopThePilot(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("ola", caseURL()).wants(http.StatusOK).lacks("Stop the pilot")
	piloted(s, false)
	f := s.get("ola", caseURL()).form("/case/act", "stop")
	s.post("ola", "/case/act", f).wants(http.StatusUnprocessableEntity, "A reason is needed.")
	f.Set("inside", "They never came.")
	s.post("ola", "/case/act", f).leads("/receipt?")
	if a := s.desk.acts[len(s.desk.acts)-1]; a.Kind != review.Stop || a.Process != theCase || a.Text.Inside != "They never came." {
		t.Errorf("the desk got %+v", a)
	}
	s.get("lena", caseURL()).wants(http.StatusOK).lacks("Stop the pilot")
}

// TestThePilotInTheTimeline: each entry has a sentence of its own.
func TestThePilotInTheTimeline(t *testing.T) {
	t.Parallel()
	c := dossier.CaseView{Requests: []review.Request{{ID: "import.1", Title: "The import"}}}
	entry := func(k dossier.Kind, d dossier.Detail) dossier.Entry {
		return dossier.Entry{Kind: k, Actor: "ola", Detail: &d}
	}
	milestone := func(result string, late int) dossier.Entry {
		return entry(dossier.Milestone, dossier.Detail{Request: "import.1", Result: result, Late: late})
	}
	for _, x := range []struct {
		e    dossier.Entry
		want string
	}{
		{entry(dossier.PilotFrozen, dossier.Detail{Threshold: 60, Criteria: []engagement.Criterion{{Title: "Quality", Weight: 70}, {Title: "Deadlines", Weight: 30}}}), "The pilot began; by what it is judged was frozen: Quality 70, Deadlines 30; 60 of 100 are needed"},
		{milestone(dossier.MilestoneDelivered, -60), "The milestone The import was delivered 1 working hour early"},
		{milestone(dossier.MilestoneDelivered, 60), "The milestone The import was delivered 1 working hour late"},
		{milestone(dossier.MilestoneOverdue, 0), "The milestone The import was due, and was not delivered"},
		{milestone(dossier.MilestoneMissing, 0), "The milestone The import was never delivered"},
		{milestone(dossier.MilestoneMissing, 480), "The milestone The import was never delivered; it was then 8 working hours late"},
		{entry(dossier.ScoresOpened, dossier.Detail{Score: 73, Threshold: 60}), "All scores of the pilot were opened at once: 73 of 100, where 60 are needed"},
		{entry(dossier.PilotStopped, dossier.Detail{Step: "halfway"}), "The halfway decision stopped the pilot"},
	} {
		got := timeline([]dossier.Line{{N: 1, Entry: x.e}}, c, names{}, visitor{zone: time.UTC}, day(20))
		if text := flatWords(got[0].Words); text != x.want {
			t.Errorf("%s: %q\nwant %q", x.e.Kind, text, x.want)
		}
	}
}
