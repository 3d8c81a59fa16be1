package web

import (
	"net/url"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/exit"
)

// departedView is how leaving a vendor stands: the head of an exit's case page.
type departedView struct {
	Drill                    bool
	Mode, By, After, Trigger string
	Known, KnownTone         string // whether anybody outside has been told
	Notice, NoticeTone       string
	Return, ReturnTone       string // of the point of no return
	Way                      []wayView
	Gates                    []wayView // of whoever comes after
	Heaps                    []heapView
	Open, Seen               int // matters that block a certificate, and all of them
	Parts                    []departPart
	Certificate              *certifiedView
	Settle                   *settleView
}

// wayView is something that was reached, and when.
type wayView struct {
	Says, Tone string
	At         *instant
}

// heapView is the matters of one state.
type heapView struct {
	State, Tone string
	Blocks      bool
	Rows        []matterRow
}

// matterRow is one thing that an exit has to see to.
type matterRow struct {
	What, Link, Part, By, Why, Until, Evidence string
	Earlier                                    bool // of a run that was begun again
}

// departPart is one of the exit's processes.
type departPart struct {
	Link, Name, ID, State, Tone string
	Since                       *instant
	Seen, Open                  int
	Earlier                     bool
}

// certifiedView is the newest certificate, or a drill's report.
type certifiedView struct {
	Link, Says, Tone string
}

// heap is a state, and how it is said.
type heap struct {
	state       exit.State
	words, tone string
}

// heaps are the states in the order in which they matter to whoever looks: what blocks
// first, what is done last.
func heaps() []heap {
	return []heap{
		{exit.StateFound, "found: access that is still there", "bad"},
		{exit.StateFailed, "failed", "bad"},
		{exit.StateNotCheckable, "not checkable: nobody could see", "bad"},
		{exit.StateOpen, "open", "warn"},
		{exit.StateWaived, "waived until a day", "warn"},
		{exit.StateDone, "done, with evidence", "good"},
		{exit.StateNotNeeded, "not needed", "quiet"},
	}
}

// piled sorts matters by their state; of one process, or of all with an empty id. What is
// asked now is open.
func (n names) piled(d *departed, process string, asked []matterRow) []heapView {
	var all []heapView
	for _, h := range heaps() {
		v := heapView{State: h.words, Tone: h.tone, Blocks: blocks(h.state)}
		for _, m := range d.matters {
			if m.standing(d.now) == h.state && (process == "" || m.process == process) {
				v.Rows = append(v.Rows, n.mattered(d, m))
			}
		}
		if h.state == exit.StateOpen {
			v.Rows = append(v.Rows, asked...)
		}
		if len(v.Rows) > 0 {
			all = append(all, v)
		}
	}
	return all
}

func (n names) mattered(d *departed, m departMatter) matterRow {
	row := matterRow{What: human(m.name), Part: human(partOf(m.process)), Why: cut(m.why), Earlier: slices.Contains(d.earlier, m.process)}
	if m.by != "" {
		row.By = n.of(m.by)
	}
	if !m.until.IsZero() {
		row.Until = dayOnly(m.until)
	}
	if m.state == exit.StateWaived && m.standing(d.now) != exit.StateWaived {
		row.Why = strings.TrimSpace(row.Why + " (the waiver ran out)")
	}
	if isDigest(m.document) {
		row.Evidence = documentLink("/document", d.c.ID, m.document)
	}
	for i := range d.c.Requests {
		if r := &d.c.Requests[i]; r.Process == m.process && r.Step == m.name {
			row.What, row.Link = cut(r.Title), requestLink(r.ID)
		}
	}
	return row
}

// askedNow is what people are asked and have not answered.
func (d *departed) askedNow(process string) []matterRow {
	var rows []matterRow
	for i := range d.c.Requests {
		r := &d.c.Requests[i]
		if r.Closed != nil || process != "" && r.Process != process {
			continue
		}
		if slices.ContainsFunc(d.matters, func(m departMatter) bool { return m.process == r.Process && m.name == r.Step }) {
			continue // it stands in a heap by itself
		}
		rows = append(rows, matterRow{What: cut(r.Title), Link: requestLink(r.ID), Part: human(partOf(r.Process)), Why: "asked now"})
	}
	return rows
}

// departed makes the head of an exit's page; nil for every other case.
func (s *server) departed(me visitor, n names, c *dossier.CaseView, lines []dossier.Line) *departedView {
	if !isExit(c.ID) {
		return nil
	}
	d := departedIn(c, lines, s.nowIn(c))
	v := &departedView{Heaps: n.piled(d, "", d.askedNow("")), Drill: strings.HasPrefix(c.ID, "drill/")}
	v.Seen, v.Open = d.counts("")
	if o := d.order; o != nil {
		v.Mode, v.By, v.Trigger = human(o.Result), dayOnly(o.Ends), strings.ReplaceAll(cut(o.Field), "-", " ")
		if o.Step != "" {
			v.Mode += " of one that is " + strings.ReplaceAll(cut(o.Step), "-", " ")
		}
		v.After = afterWords(exit.After(o.Name), cut(firstOf(o.Values)))
	}
	d.tell(v, me)
	for _, p := range c.Processes {
		if p.ID != c.ID {
			v.Parts = append(v.Parts, d.part(p, me))
		}
	}
	v.Certificate, v.Settle = d.certified(), d.settle(me)
	return v
}

// afterWords say who does the work when the vendor is gone.
func afterWords(after exit.After, successor string) string {
	switch after {
	case exit.AfterReplaced:
		return "another vendor: " + successor
	case exit.AfterInHouse:
		return "your own people"
	case exit.AfterEnds:
		return "nobody"
	}
	return "not decided yet"
}

// tell says what the lines of the exit come to: who knows of it, notice, the way so far,
// and until when there is a way back.
func (d *departed) tell(v *departedView, me visitor) {
	if v.Drill {
		v.Known, v.KnownTone = "a drill: nobody outside hears of it", "quiet"
		v.Return, v.ReturnTone = "none: nothing real is changed", "quiet"
	} else {
		v.Known, v.KnownTone = "still secret: nobody outside has been told", "warn"
		v.Return, v.ReturnTone = "ahead: there is a way back", "good"
	}
	if by, at := d.heard(); !v.Drill && !at.IsZero() {
		v.Known, v.KnownTone = "known since "+dayOnly(at)+": "+by, "open"
	}
	for i := range d.lines {
		e := d.lines[i].Entry
		if e.Detail == nil {
			continue
		}
		at := me.at(e.CaseAt, d.now)
		switch e.Kind {
		case dossier.StageReached:
			v.Way = append(v.Way, wayView{Says: human(e.Detail.Stage), At: at})
		case dossier.WayBack:
			v.Way = append(v.Way, wayView{Says: "Back to " + strings.ToLower(human(e.Detail.Stage)), Tone: "warn", At: at})
		case dossier.GateReached:
			v.Gates = append(v.Gates, wayView{Says: dossier.ExitWords(e.Kind, e.Detail), At: at})
		case dossier.NoReturn:
			v.Return, v.ReturnTone = "passed on "+dayOnly(e.CaseAt)+": it is not called off any more", "warn"
		case dossier.NoticeDue:
			v.Notice, v.NoticeTone = noticeWords(e.Detail)
		case dossier.NoticeGiven:
			v.Notice, v.NoticeTone = "given", "good"
			if !e.Detail.Ends.IsZero() {
				v.Notice = "arrived on " + dayOnly(e.Detail.Ends)
			}
		}
	}
	if d.c.State != dossier.Running && v.ReturnTone == "good" {
		v.Return, v.ReturnTone = "was never passed", "quiet"
	}
}

// noticeWords say until when notice has to arrive.
func noticeWords(d *dossier.Detail) (words, tone string) {
	switch d.Result {
	case "in-time":
		return "has to arrive by " + dayOnly(d.Due), "open"
	case "presses":
		return "has to arrive by " + dayOnly(d.Due) + ", before the emergency is ratified", "warn"
	case "late", "passed":
		return "the contract binds longer than to the wanted day", "bad"
	case "needless":
		return "the contract ends by itself on " + dayOnly(d.Ends), "open"
	}
	return "nobody said how long before the end it must arrive", "warn"
}

func (d *departed) part(p dossier.ProcessView, me visitor) departPart {
	v := departPart{Link: exitPartLink(d.c.ID, p.ID), Name: partName(partOf(p.ID)), ID: cut(p.ID), State: "under way", Tone: "open",
		Since: me.at(p.Started, d.now), Earlier: slices.Contains(d.earlier, p.ID)}
	v.Seen, v.Open = d.counts(p.ID)
	switch {
	case p.Ended.IsZero():
	case v.Open > 0:
		v.State, v.Tone = "ended with something open", "bad"
	case p.Result == "done":
		v.State, v.Tone = "done", "good"
	default:
		v.State, v.Tone = "ended: "+strings.ReplaceAll(cut(p.Result), "-", " "), "quiet"
	}
	return v
}

// partName is what a part of an exit is called.
func partName(part string) string {
	switch part {
	case exit.PartTransfer:
		return "Knowledge"
	case exit.PartHandover:
		return "Assets"
	case exit.PartRevocation:
		return "Access"
	case exit.PartDataReturn:
		return "Data"
	case exit.PartExit:
		return "The exit itself"
	}
	return human(part)
}

func exitPartLink(caseID, process string) string {
	return "/case/part?" + url.Values{"case": {caseID}, "id": {process}}.Encode()
}

// certified finds the newest certificate, and whether somebody signed it.
func (d *departed) certified() *certifiedView {
	page, _ := d.certificates()
	if page == "" {
		return nil
	}
	v := &certifiedView{Link: "/case/certificate?" + url.Values{"case": {d.c.ID}}.Encode(), Says: "made, and not signed yet", Tone: "open"}
	for i := range d.lines {
		if e := d.lines[i].Entry; e.Kind == dossier.Certified && e.Detail != nil && e.Detail.Document == page {
			if v.Says, v.Tone = "signed on "+dayOnly(e.CaseAt), "good"; e.Detail.Result == "done" { // of a drill, which nobody signs
				v.Says = "filed on " + dayOnly(e.CaseAt)
			}
		}
	}
	return v
}
