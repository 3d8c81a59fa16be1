package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// drillReport is what the report of a drill is called where it is filed.
const drillReport = "drill-report"

// drillPage is the report of a drill on one page, for a board and for paper: whether the
// notice period is long enough, what stands in the way, and how long each step may take.
type drillPage struct {
	Case, CaseLink, Vendor, Plays      string
	Says, Tone                         string
	Began, At, From, Until, Plan, Late string
	Needed, Took, Notice, Waivers      int
	Gaps                               []matterRow
	GivenUp                            []givenRow
	Parts                              []drilledPart
	Chase                              []drilledStep
	Alone, Document, Data, Digest      string
}

// givenRow is one thing that a compressed plan does without.
type givenRow struct{ What, Part, Why string }

// drilledPart is the steps of one part of the exit.
type drilledPart struct {
	Name  string
	Steps []drilledStep
}

// drilledStep is a step, when it would be asked of whom, and what became of the task that
// somebody had of it.
type drilledStep struct {
	What, From, Until, Asked, Came, Tone string
	Days                                 int
}

// showDrill shows a drill's report.
func (s *server) showDrill(w http.ResponseWriter, r *http.Request, me visitor, c *dossier.CaseView, who names, cert exit.Certificate, page, data string) {
	from, until := cert.Needed()
	v := drillPage{Case: cut(c.ID), CaseLink: caseLink(c.ID), Vendor: cut(s.desk.VendorName(r.Context(), c.Vendor)), Plays: strings.ReplaceAll(cut(string(cert.Order.Plays())), "-", " "),
		Says: upper(cert.Drilled()), Tone: drillTone(cert), Began: dayOnly(cert.Began), At: dayOnly(cert.At), From: dayOnly(from), Until: dayOnly(until),
		Needed: exit.Days(from, until), Took: exit.Days(cert.Began, cert.At), Notice: cert.NoticeDays, Digest: page,
		Document: documentLink("/document", c.ID, page), Data: documentLink("/document", c.ID, data)}
	if isDigest(cert.Plan) {
		v.Plan = documentLink("/document", c.ID, cert.Plan)
	}
	called := s.planned(r, me, c.ID, cert.Plan)
	for _, m := range cert.Gaps() {
		row := matterRow{What: human(m.Name), Part: partName(m.Part), Why: upper(cut(m.Gap()))}
		if name := called[strings.TrimSuffix(m.Name, "-restored")]; name != "" {
			row.What, row.Part = cut(name), row.Part+", "+strings.ReplaceAll(cut(m.Name), "-", " ")
		}
		if isDigest(m.Document) {
			row.Evidence = documentLink("/document", c.ID, m.Document)
		}
		v.Gaps = append(v.Gaps, row)
	}
	for _, g := range cert.GivenUp {
		v.GivenUp = append(v.GivenUp, given(g, called))
	}
	for _, x := range cert.Steps {
		name := partName(x.Part)
		if x.Part == "" {
			name = partName(exit.PartExit)
		}
		if n := len(v.Parts); n == 0 || v.Parts[n-1].Name != name {
			v.Parts = append(v.Parts, drilledPart{Name: name})
		}
		p := &v.Parts[len(v.Parts)-1]
		p.Steps = append(p.Steps, who.drilled(x))
	}
	late, waivers := cert.Owed()
	if !late.IsZero() {
		v.Late, v.Waivers = dayOnly(late), waivers
	}
	for _, x := range cert.Chase {
		v.Chase = append(v.Chase, who.drilled(x))
	}
	if !cert.Alone.IsZero() {
		v.Alone = dayOnly(cert.Alone)
	}
	s.show(w, r, &me, http.StatusOK, "drill", "Report of a drill, "+v.Vendor, v)
}

// given is what a compressed plan does without, as the plan calls it.
func given(g exit.GivenUp, called map[string]string) givenRow {
	row := givenRow{What: human(g.ID), Part: partName(g.Part), Why: upper(cut(g.Became() + ": " + g.Because()))}
	if name := called[g.ID]; name != "" && g.What != exit.GivesStep {
		row.What, row.Part = cut(name), row.Part+", "+strings.ReplaceAll(cut(g.ID), "-", " ")
	}
	return row
}

// planned is what an exit plan calls the things that it names, by the ids of its rows:
// looked up only. What can't be read calls nothing by a name.
func (s *server) planned(r *http.Request, me visitor, caseID, digest string) map[string]string {
	if !isDigest(digest) {
		return nil
	}
	_, body, err := s.desk.Document(r.Context(), me.address(), caseID, digest)
	if err != nil {
		return nil
	}
	defer func() { _ = body.Close() }() // only read
	var sheet engagement.Sheet
	if err := json.NewDecoder(io.LimitReader(body, engagement.MaxDocument)).Decode(&sheet); err != nil {
		return nil
	}
	called := map[string]string{}
	for _, l := range sheet.Lines {
		if row, is := strings.CutSuffix(l.Point.ID, "-"+exit.OfWhat); is && !l.Finding.Missing {
			called[row] = strings.Join(strings.Fields(l.Words), " ")
		}
	}
	return called
}

// drilled is one step of a drill.
func (n names) drilled(x exit.Rehearsed) drilledStep {
	v := drilledStep{What: human(x.Step), From: dayOnly(x.Starts), Until: dayOnly(x.Ends), Days: exit.Days(x.Starts, x.Ends)}
	switch {
	case x.Theirs > 0 && x.Theirs == x.Seats:
		v.Asked = "the vendor"
	case x.Theirs > 0:
		v.Asked = fmt.Sprintf("the vendor, and %d of ours", x.Seats-x.Theirs)
	case x.Seats > 0:
		v.Asked = fmt.Sprintf("%d of ours", x.Seats)
	}
	switch x.State {
	case exit.StateDone:
		v.Came, v.Tone = "done within its hour by "+n.of(x.By), "good"
	case exit.StateFailed:
		v.Came, v.Tone = "tried by "+n.of(x.By)+", and failed", "bad"
	case exit.StateOpen:
		v.Came, v.Tone = "nobody had done it within the hour", "warn"
	}
	return v
}

// drillTone is how a drill came out: bad where the notice period is too short.
func drillTone(c exit.Certificate) string {
	from, until := c.Needed()
	switch {
	case c.NoticeDays > 0 && exit.Days(from, until) > c.NoticeDays:
		return "bad"
	case c.NoticeDays <= 0 || len(c.Gaps()) > 0:
		return "warn"
	}
	return "good"
}

// lastDrill is what the newest drill of leaving a vendor came to, for the page of who is
// watched, whose record says so; nil: it is no such page, or nobody has said how the
// vendor would be left.
func (s *server) lastDrill(r *http.Request, me visitor, c *dossier.CaseView, lines []dossier.Line) *certifiedView {
	if !strings.HasPrefix(c.ID, "oversight/") {
		return nil
	}
	var filed *dossier.Detail
	for i := range lines {
		e := lines[i].Entry
		if d := e.Detail; e.Kind == dossier.DocumentFiled && e.Process == c.ID && d != nil && d.Name == drillReport && strings.HasPrefix(d.Parent, "drill/") {
			filed = d
		}
	}
	if filed == nil {
		for _, w := range c.Watching() {
			if w.Kind == engagement.ExpiryExitPlan && w.Document != "" {
				return &certifiedView{Says: "Leaving them has never been rehearsed.", Tone: "quiet"}
			}
		}
		return nil
	}
	v := &certifiedView{Link: "/case/certificate?" + url.Values{"case": {filed.Parent}}.Encode(), Tone: "warn"}
	last, err := s.desk.Case(r.Context(), me.address(), filed.Parent) // with its documents
	if err != nil {                                                   // not for this reader: the report is filed here too
		v.Link, v.Says = documentLink("/document", c.ID, filed.Document), "its report is among the documents here."
		return v
	}
	_, data := (&departed{c: &last}).certificates()
	cert, err := s.certificate(r, me, last.ID, data)
	if err != nil { // erased, or strange: the page of the vendor is there all the same
		v.Says = "its report can't be read."
		return v
	}
	v.Says, v.Tone = "begun on "+dayOnly(cert.Began)+": "+cert.Drilled()+".", drillTone(cert)
	return v
}
