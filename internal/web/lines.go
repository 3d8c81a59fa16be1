package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/engagement"
)

const (
	// maxRadios is how many options stand below one another before they become a
	// list to pick from.
	maxRadios = 7
	// maxValues is how many values one line of a form may have.
	maxValues = 100
)

// lineView is a line of a form as it is shown, to be filled in.
type lineView struct {
	engagement.Point
	Field   string // what the names of its fields begin with
	Number  int    // from 1
	Picks   []choice
	Text    string // as typed, of what is written
	None    string // why there is none
	Kept    string // digest of the document that is here already
	Name    string // what its sender called it
	Wrong   string
	Earlier bool // taken over from what was said before, and not looked at since
	lacks   bool // somebody may say that there is none
}

// Listed reports whether options are a list to pick from.
func (v lineView) Listed() bool { return len(v.Picks) > maxRadios+1 }

// MayLack reports whether somebody may say that there is none, and why: of what
// can't be written or chosen in any case.
func (v lineView) MayLack() bool { return v.lacks }

func mayLack(k engagement.PointKind) bool {
	return slices.Contains([]engagement.PointKind{engagement.PointDate, engagement.PointNumber, engagement.PointAmount, engagement.PointPerson, engagement.PointFile}, k)
}

// typedLines is what was typed for the points of a form, by their ids, and what
// the documents among it were called, by digest.
type typedLines struct {
	Lines map[string][]string `json:"lines,omitempty"`
	Names map[string]string   `json:"names,omitempty"`
	// Taken are the points whose answers were taken over from an earlier time.
	Taken []string `json:"taken,omitempty"`
}

func (t typedLines) begun() bool { return len(t.Lines) > 0 }

// put says what was typed for a point; nothing takes it out.
func (t *typedLines) put(id string, typed []string) {
	if t.Lines == nil {
		t.Lines = map[string][]string{}
	}
	if len(typed) == 0 {
		delete(t.Lines, id)
		return
	}
	t.Lines[id] = typed
}

// called says what a document is called.
func (t *typedLines) called(digest, name string) {
	if t.Names == nil {
		t.Names = map[string]string{}
	}
	t.Names[digest] = name
}

// lineViews puts the points of a form on a page with what was typed so far. first
// is the number of the first of them, people are those whom a line may name.
func lineViews(points []engagement.Point, first int, t typedLines, people []choice) []lineView {
	var views []lineView
	for i, p := range points {
		views = append(views, lineViewOf(p, first+i, t, people))
	}
	return views
}

func lineViewOf(p engagement.Point, i int, t typedLines, people []choice) lineView {
	typed := t.Lines[p.ID]
	v := lineView{Point: p, Field: "q" + strconv.Itoa(i), Number: i + 1, Text: strings.Join(typed, "\n"), Earlier: slices.Contains(t.Taken, p.ID)}
	v.Title, v.Ask, v.Source = cut(p.Title), tidy(p.Ask), cut(p.Source)
	v.Kind, v.lacks = kindOf(p), mayLack(p.Kind)
	if f, why, _ := p.Fill(typed); f.Missing && v.MayLack() {
		v.Text, v.None, typed = "", why, nil
	}
	pick := func(id, label, note string) {
		v.Picks = append(v.Picks, choice{ID: id, Label: label, Note: note, Checked: slices.Contains(typed, id)})
	}
	switch v.Kind {
	case engagement.PointYesNo:
		pick(engagement.Yes, "Yes", "")
		pick(engagement.No, "No", "")
	case engagement.PointChoice, engagement.PointMany:
		for _, o := range p.Options {
			pick(o, cut(o), "")
		}
	case engagement.PointPerson:
		for _, c := range nameableAt(p, people) {
			pick(c.ID, c.Label, c.Note)
		}
	case engagement.PointFile:
		if len(typed) > 0 {
			v.Kept, v.Name = typed[0], t.Names[typed[0]]
		}
	}
	if p.Optional && v.Kind != engagement.PointMany && len(v.Picks) > 0 && !v.Listed() { // a radio button can't be let go of
		v.Picks = append(v.Picks, choice{Label: "No answer"})
	}
	return v
}

// kindOf is how a point is answered on a page.
func kindOf(p engagement.Point) engagement.PointKind {
	if p.Kind == "" && p.Dated {
		return engagement.PointDate
	}
	return p.Kind
}

// parseLines reads what was typed for points; first is the number of the first of
// them. What no page of ours sends is an error.
func parseLines(v url.Values, points []engagement.Point, first int) (map[string][]string, error) {
	lines := map[string][]string{}
	for i, p := range points {
		field := "q" + strconv.Itoa(first+i)
		if v.Get(field+".point") != p.ID {
			return nil, badForm("the form is of another list")
		}
		var typed []string
		for _, value := range v[field+".a"][:min(len(v[field+".a"]), maxValues)] {
			if kindOf(p) != engagement.PointText {
				value = flat(value)
			}
			if value = tidy(value); value != "" && len(typed) < maxValues {
				typed = append(typed, value)
			}
		}
		if kindOf(p) == engagement.PointFile {
			typed = nil
			if kept := v.Get(field + ".kept"); isDigest(kept) {
				typed = []string{kept}
			}
		}
		if why := tidy(v.Get(field + ".none")); why != "" && mayLack(p.Kind) {
			typed = append(typed, engagement.None+why)
		}
		if len(typed) > 0 {
			lines[p.ID] = typed
		}
	}
	return lines, nil
}

// saidLines is what was typed as an answer says it, and what is wrong with which
// point. A point that needs no answer may have none.
func saidLines(points []engagement.Point, t typedLines, people []choice) (findings []engagement.Finding, words, wrongs map[string]string) {
	words, wrongs = map[string]string{}, map[string]string{}
	for _, p := range points {
		f, text, wrong := p.Fill(t.Lines[p.ID])
		switch {
		case wrong != "":
			wrongs[p.ID] = wrong
			continue
		case f.Point == "" && !p.Optional:
			wrongs[p.ID] = "This is still to be answered."
			continue
		case f.Point == "":
			continue
		case p.Kind == engagement.PointPerson && !slices.ContainsFunc(nameableAt(p, people), func(c choice) bool { return c.ID == f.Choices[0] }):
			wrongs[p.ID] = "Pick one of the people in the list."
			continue
		}
		if text != "" {
			words[p.ID] = text
		}
		findings = append(findings, f)
	}
	return findings, words, wrongs
}
