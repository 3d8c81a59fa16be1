package web

import (
	"slices"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// departed is what the record of one exit comes to.
type departed struct {
	c       *dossier.CaseView
	lines   []dossier.Line
	now     time.Time
	order   *dossier.Detail
	matters []departMatter
	// earlier are the processes in whose place another run of the same part came.
	earlier []string
	// anew are those of which something is received anew, by another run beside them.
	anew []string
}

// departMatter is a matter as its newest line has it.
type departMatter struct {
	id, process, name, by, answer, why, document string
	state                                        exit.State
	until                                        time.Time
}

// isExit reports whether a case is an exit or its drill.
func isExit(id string) bool {
	return strings.HasPrefix(id, exit.PartExit+"/") || strings.HasPrefix(id, "drill/")
}

// departedIn folds the record of an exit.
func departedIn(c *dossier.CaseView, lines []dossier.Line, now time.Time) *departed {
	d := &departed{c: c, lines: lines, now: now}
	for i := range lines {
		switch e := lines[i].Entry; {
		case e.Detail == nil:
		case e.Kind == dossier.ExitOrdered:
			d.order = e.Detail
		case e.Kind == dossier.MatterSettled:
			d.became(&e)
		}
	}
	d.again()
	return d
}

// became takes one line of a matter. A part names its matters by themselves or with its
// own id before them; an exit that waives one of a part says whose it is.
func (d *departed) became(e *dossier.Entry) {
	m := departMatter{id: e.Detail.Name, by: e.Detail.By, answer: e.Answer, document: e.Detail.Document, state: exit.State(e.Detail.Result), until: e.Detail.Ends}
	switch {
	case strings.Contains(e.Detail.Step, ":"):
		m.id = e.Detail.Step
	case !strings.Contains(m.id, ":"):
		m.id = e.Process + ":" + m.id
	}
	m.process, m.name, _ = strings.Cut(m.id, ":")
	if slices.Contains(e.Detail.Values, exit.WhyNotComing) { // another run of the part has it now
		d.anew = append(d.anew, m.process)
		d.matters = slices.DeleteFunc(d.matters, func(x departMatter) bool { return x.id == m.id })
		return
	}
	if len(e.Detail.Values) > 0 {
		m.why = exit.WhysWords(e.Detail.Values)
	}
	if i := slices.IndexFunc(d.matters, func(x departMatter) bool { return x.id == m.id }); i >= 0 {
		d.matters[i] = m
		return
	}
	d.matters = append(d.matters, m)
}

// again finds the runs of parts in whose place others came. A hand-over of what was found
// later takes nobody's place, nor does a run by which something is received anew: then
// only one that was ended by a way back is an earlier one.
func (d *departed) again() {
	later := slices.ContainsFunc(d.lines, func(l dossier.Line) bool { return l.Entry.Kind == dossier.FoundLater })
	for i, p := range d.c.Processes {
		newer := slices.ContainsFunc(d.c.Processes[i+1:], func(x dossier.ProcessView) bool { return partOf(x.ID) == partOf(p.ID) })
		kept := slices.Contains(d.anew, p.ID) || later && partOf(p.ID) == exit.PartHandover
		if newer && (p.Result == "reopened" || !kept) {
			d.earlier = append(d.earlier, p.ID)
		}
	}
}

// partOf is which part of an exit a process is.
func partOf(id string) string {
	part, _, _ := strings.Cut(id, "/")
	return part
}

// standing is what a matter counts as now, by the certificate's rule: a waiver is
// somebody's and holds until its day, what nothing shows was not seen by anybody, and a
// state that this version does not know is never called done.
func (m departMatter) standing(now time.Time) exit.State {
	known := slices.ContainsFunc(heaps(), func(h heap) bool { return h.state == m.state })
	as := exit.Matter{Part: partOf(m.process), State: m.state, By: m.by, Until: m.until, Why: m.why, Document: m.document, Answer: m.answer}
	switch {
	case !known || m.state == exit.StateWaived && as.Blocks(now):
		return exit.StateOpen
	case m.state == exit.StateDone && as.Blocks(now):
		return exit.StateNotCheckable
	}
	return m.state
}

func blocks(s exit.State) bool {
	return s != exit.StateDone && s != exit.StateWaived && s != exit.StateNotNeeded
}

// counts are the matters of one process, and those that block; of all with an empty id.
// What is of an earlier run counts for nothing but itself.
func (d *departed) counts(process string) (seen, open int) {
	for _, m := range d.matters {
		if process == "" && slices.Contains(d.earlier, m.process) || process != "" && process != m.process {
			continue
		}
		seen++
		if blocks(m.standing(d.now)) {
			open++
		}
	}
	return seen, open
}

// heard is since when the vendor can know that it is being left, and by what; zero: not
// yet. The first of them counts: notice, access that is gone, something they are asked.
func (d *departed) heard() (by string, at time.Time) {
	first := func(how string, when time.Time) {
		if !when.IsZero() && (at.IsZero() || when.Before(at)) {
			by, at = how, when
		}
	}
	inside := false // of the lines: the decision is not made yet
	for i := range d.lines {
		e := d.lines[i].Entry
		switch {
		case e.Detail == nil:
		case e.Kind == dossier.NoticeGiven:
			first("notice was given", e.CaseAt)
		case e.Kind == dossier.StageReached:
			cause := d.order != nil && exit.Mode(d.order.Result) == exit.ModeForCause
			if inside && cause && e.Detail.Stage != "inside" {
				first("access was cut", e.CaseAt)
			}
			inside = e.Detail.Stage == "inside"
		}
	}
	for i := range d.c.Requests {
		r := &d.c.Requests[i]
		for _, seat := range r.Policy.Seats() {
			if seat.Role == review.VendorRole && r.Vendor == d.c.Vendor {
				first("they were asked", r.Opened)
			}
		}
	}
	return by, at
}

// certificates are the digests of the newest certificate, as a page and as data.
func (d *departed) certificates() (page, data string) {
	for _, x := range d.c.Documents { // in the order in which they were filed
		switch {
		case x.Process != d.c.ID:
		case x.Name == "certificate", x.Name == drillReport:
			page = x.Document
		case x.Name == "certificate-data", x.Name == drillReport+"-data":
			data = x.Document
		}
	}
	return page, data
}
