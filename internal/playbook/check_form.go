package playbook

import (
	"fmt"
	"slices"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// Limits of forms: whoever fills one in reads all of it, and its points travel with
// the request.
const (
	mostForms   = 60
	mostPoints  = 100
	mostOptions = 40
	// mostKept is ten years in days.
	mostKept = 3653
	mostCues = 60
)

// pointKinds are the kinds of points that a form can have.
func pointKinds() []string {
	var words []string
	for _, k := range []engagement.PointKind{engagement.PointText, engagement.PointYesNo, engagement.PointChoice, engagement.PointMany, engagement.PointDate,
		engagement.PointNumber, engagement.PointAmount, engagement.PointPerson, engagement.PointFile} {
		words = append(words, string(k))
	}
	return words
}

// form returns the form of an id.
func (p Playbook) form(id string) (engagement.Form, bool) {
	i := slices.IndexFunc(p.Forms, func(f engagement.Form) bool { return f.ID == id })
	if i < 0 || id == "" {
		return engagement.Form{}, false
	}
	return p.Forms[i], true
}

func (p Playbook) checkForms(f *faults) {
	if len(p.Forms) > mostForms {
		f.add("$.forms", "", "%d forms are more than %d", len(p.Forms), mostForms)
		return
	}
	for i, form := range p.Forms {
		at := fmt.Sprintf("$.forms[%d]", i)
		f.checkID(at+".id", "the form's id", form.ID)
		if form.ID != "" && slices.IndexFunc(p.Forms, func(o engagement.Form) bool { return o.ID == form.ID }) < i {
			f.add(at+".id", "give each form an id of its own", "the form %s is there twice", shown(form.ID))
		}
		if form.ID != "" && !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Form == form.ID }) {
			f.add(at+".id", "name it in a step, as in `form: "+form.ID+"`, or leave it out", "no step asks for the form %s to be filled in", shown(form.ID))
		}
		f.checkLine(at+".title", "the form's title", form.Title)
		switch n := len(form.Points); {
		case n == 0:
			f.add(at+".points", "", "the form has no points")
		case n > mostPoints:
			f.add(at+".points", "split the form", "%d points are more than %d", n, mostPoints)
			continue
		}
		for j, point := range form.Points {
			here := fmt.Sprintf("%s.points[%d]", at, j)
			if point.ID != "" && slices.IndexFunc(form.Points, func(o engagement.Point) bool { return o.ID == point.ID }) < j {
				f.add(here+".id", "give each point of a form an id of its own", "the point %s is there twice", shown(point.ID))
			}
			f.checkPoint(here, point)
		}
	}
}

// checkPoint checks a point by itself: a place in a text has no kind, a line of a form
// has one.
func (f *faults) checkPoint(at string, p engagement.Point) {
	f.checkID(at+".id", "the point's id", p.ID)
	f.checkLine(at+".title", "the point's title", p.Title)
	f.checkText(at+".ask", "what is asked", p.Ask)
	if p.Source != "" {
		f.checkLine(at+".source", "the point's source", p.Source)
	}
	if p.Kind != "" && !slices.Contains(pointKinds(), string(p.Kind)) {
		f.add(at+".kind", meant(string(p.Kind), append(pointKinds(), "place")), "unknown kind of point %s", shown(string(p.Kind)))
		return
	}
	chosen := p.Kind == engagement.PointChoice || p.Kind == engagement.PointMany
	switch n := len(p.Options); {
	case chosen && n < 2:
		f.add(at+".options", "list what can be chosen", "there is nothing to choose from")
	case !chosen && n > 0:
		f.add(at+".options", "write `kind: choice` or `kind: many`, or leave the options out", "only a choice has options")
	case n > mostOptions:
		f.add(at+".options", "", "%d options are more than %d", n, mostOptions)
		return
	}
	for i, o := range p.Options {
		here := fmt.Sprintf("%s.options[%d]", at, i)
		f.checkLine(here, "the option", o)
		if slices.Index(p.Options, o) < i {
			f.add(here, "", "the option %s is there twice", shown(o))
		}
	}
	if p.Expires && p.Kind != engagement.PointDate {
		f.add(at+".expires", "write `kind: date`", "only a date expires")
	}
	if p.Dated && p.Kind != "" {
		f.add(at+".dated", "leave it out: `kind: date` is enough", "only a point of a text is dated")
	}
	switch {
	case p.KeepDays != 0 && p.Kind != engagement.PointFile:
		f.add(at+".keepDays", "write `kind: file`", "only the copy of a document is kept and erased")
	case p.KeepDays < 0 || p.KeepDays > mostKept:
		f.add(at+".keepDays", fmt.Sprintf("1 to %d; without it the copy is kept as long as the case", mostKept), "a copy can't be kept for %d days", p.KeepDays)
	}
	switch {
	case p.Waivable && (p.Kind != "" || p.Dated):
		f.add(at+".waivable", "leave it out: a step says whether its form may be waived", "only a clause is waived by itself")
	case p.Waivable && p.Optional:
		f.add(at+".waivable", "leave one of the two out", "what may be left out needs no waiver")
	}
	if len(p.Cues) > 0 && (p.Kind != "" || p.Dated) {
		f.add(at+".cues", "leave them out", "only a place in a text is searched for")
	}
	if len(p.Cues) > mostCues {
		f.add(at+".cues", "", "%d cues are more than %d", len(p.Cues), mostCues)
		return
	}
	for i, c := range p.Cues {
		f.checkLine(fmt.Sprintf("%s.cues[%d]", at, i), "the cue", c)
	}
}

// checkFilled checks the form that a step names: the points of a text belong to a
// checklist, lines to everything else.
func (p Playbook) checkFilled(f *faults, at string, s Step) {
	if s.Form == "" {
		return
	}
	form, known := p.form(s.Form)
	if !known {
		var ids []string
		for _, x := range p.Forms {
			ids = append(ids, x.ID)
		}
		f.add(at+".form", meant(s.Form, ids), "unknown form %s", shown(s.Form))
		return
	}
	lines, places := 0, 0
	for _, x := range form.Points {
		if x.Kind == "" {
			places++
		} else {
			lines++
		}
	}
	switch {
	case s.Process == DPA:
		f.add(at+".form", "leave it out: the points of Article 28 are asked", "the collection has points of its own")
	case s.places() && lines > 0:
		f.add(at+".form", "leave the kinds of its points out, or write `kind: place`", "the form %s is filled in, and asks for no places in a text", shown(s.Form))
	case !s.places() && places > 0:
		f.add(at+".form", "give each of its points a kind: text, yes-no, choice, many, date, number, amount, person or file",
			"the form %s asks for places in a text, and the step has none", shown(s.Form))
	}
	for _, x := range form.Points {
		if x.Kind == engagement.PointPerson && s.AsksVendor() {
			f.add(at+".form", "ask the vendor in words: `kind: text`", "the point %s asks the vendor for one of your own people", shown(x.ID))
		}
	}
	if n := len(form.Points) * max(1, s.Offers); n > mostPoints {
		f.add(at+".offers", "shorten the form", "%d points are more than %d", n, mostPoints)
	}
}

// places reports whether the points of the step's form are looked for in a text.
func (s Step) places() bool {
	return s.Does == DoesClauses || s.Does == exit.DoesSurvival || s.Does == exit.DoesChecked
}
