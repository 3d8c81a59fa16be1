package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// What somebody says of one point of a checklist.
const (
	sayHere    = "here"
	sayOn      = "on" // a dated point's date
	sayMissing = "missing"
)

// maxPlaces is how many places one point may name; review takes no more.
const maxPlaces = 10

// checkView is the points of a checklist beside the document: a form, or what was
// found.
type checkView struct {
	Points []pointView
	Saved  *instant // when the draft was kept
	Left   int      // points without a finding
	By     string   // who found it, where the checklist is answered
	At     *instant
	Waives bool // they are clauses that a contract lacks: waived for a time, or wanted
}

// Clauses says how many of them there are.
func (c checkView) Clauses() string { return count(len(c.Points), "clause") + " to decide on" }

// pointView is one point.
type pointView struct {
	engagement.Point
	Field  string // what the names of its fields begin with
	Number int    // from 1
	Places []placeView
	pointForm
	Wrong string
	Found string // in words, where the checklist is answered
}

// placeView is a clause that a point names.
type placeView struct {
	Ref, Title, Link string
	Checked          bool
}

// pointForm is what was filled in for a point, as typed. Nothing is ever in it
// that a person did not put there.
type pointForm struct {
	Say   string   `json:"say,omitempty"`
	Named []string `json:"places,omitempty"` // of those proposed
	Other string   `json:"other,omitempty"`
	Day   string   `json:"day,omitempty"`
}

// offerChecklist puts the points beside the document: with what was saved, where
// the person can answer, and with what was found, where somebody has.
func (s *server) offerChecklist(ctx context.Context, me visitor, who names, view *requestView, r *review.Request, now time.Time) error {
	check := &checkView{Waives: waivesClauses(r)}
	view.Check = check
	if view.Paper != nil {
		view.Paper.mark(r.Points)
	}
	drafts := map[string]pointForm{}
	if len(view.Seats) > 0 && s.o.VendorSide != nil {
		fields, at, err := s.o.VendorSide.DraftOf(ctx, me.address(), r.ID)
		switch {
		case gone(err):
		case err != nil:
			return fmt.Errorf("reading what was found so far: %w", err)
		case json.Unmarshal(fields, &drafts) != nil:
			drafts = map[string]pointForm{}
		default:
			check.Saved = me.at(at, s.o.Now())
		}
	}
	for i, p := range r.Points {
		check.Points = append(check.Points, pointOf(p, i, drafts[p.ID], view.Paper))
	}
	check.count()
	if b := checked(r); b != nil {
		check.By, check.At = who.of(b.Person), me.at(b.At, now)
		for i := range check.Points {
			check.Points[i].found(b.Findings, view.Paper)
			if check.Waives {
				check.Points[i].Found = waivedWords(check.Points[i].Found)
			}
		}
	}
	return nil
}

// checked is the answer that stands, nil without one.
func checked(r *review.Request) *review.Ballot {
	for _, seat := range r.Policy.Seats() {
		if b := r.Standing(seat.ID); b != nil && b.Verdict == review.Checked {
			return b
		}
	}
	return nil
}

func pointOf(p engagement.Point, i int, f pointForm, paper *paperView) pointView {
	p.Title, p.Ask, p.Source = cut(p.Title), tidy(p.Ask), cut(p.Source)
	v := pointView{Point: p, Field: "p" + strconv.Itoa(i), Number: i + 1, pointForm: f}
	for _, ref := range p.Proposed {
		place := paper.place(ref)
		place.Checked = slices.Contains(f.Named, ref)
		v.Places = append(v.Places, place)
	}
	return v
}

// found puts a finding into words.
func (v *pointView) found(findings []engagement.Finding, paper *paperView) {
	i := slices.IndexFunc(findings, func(f engagement.Finding) bool { return f.Point == v.ID })
	v.Places = nil
	switch {
	case i < 0:
		v.Found = "no finding"
		return
	case findings[i].Missing:
		v.Found = "missing"
		return
	case !findings[i].On.IsZero():
		v.Found = "on " + findings[i].On.Format("2 Jan 2006")
	case v.Dated:
		v.Found = "without a date"
	default:
		v.Found = "found"
	}
	for _, ref := range findings[i].Places {
		v.Places = append(v.Places, paper.place(ref))
	}
}

// count counts the points that are still to be done.
func (c *checkView) count() {
	c.Left = 0
	for _, p := range c.Points {
		if p.Say == "" {
			c.Left++
		}
	}
}

// place is a clause by its ref, with a link where the page shows it.
func (p *paperView) place(ref string) placeView {
	v := placeView{Ref: cut(ref)}
	if p == nil {
		return v
	}
	for _, c := range p.Clauses {
		if c.Ref == ref && c.Anchor != "" {
			v.Title, v.Link = cut(c.Title), "#"+c.Anchor
			break
		}
	}
	return v
}

// mark gives the clauses addresses to jump to, and says at each which points may
// be there.
func (p *paperView) mark(points []engagement.Point) {
	for i := range p.Clauses {
		c := &p.Clauses[i]
		c.Anchor = "clause-" + strconv.Itoa(i)
		for n, point := range points {
			if slices.Contains(point.Proposed, c.Ref) {
				c.Points = append(c.Points, placeView{Ref: strconv.Itoa(n + 1), Title: cut(point.Title), Link: "#p" + strconv.Itoa(n)})
			}
		}
	}
}

// parsePoints reads what was filled in for each point.
func parsePoints(v url.Values, points []engagement.Point) (map[string]pointForm, error) {
	forms := map[string]pointForm{}
	for i, p := range points {
		field := "p" + strconv.Itoa(i)
		if got := v.Get(field + ".point"); got != p.ID {
			return nil, badForm("the form is of another list")
		}
		f := pointForm{Say: v.Get(field + ".say"), Other: flat(tidy(v.Get(field + ".other"))), Day: flat(v.Get(field + ".day"))}
		if f.Say != "" && f.Say != sayHere && f.Say != sayMissing && (f.Say != sayOn || !p.Dated) {
			return nil, badForm("the form says of a point what none of ours does")
		}
		for _, ref := range v[field+".place"] {
			if slices.Contains(p.Proposed, ref) && !slices.Contains(f.Named, ref) {
				f.Named = append(f.Named, ref)
			}
		}
		if f.Say != "" || len(f.Named) > 0 || f.Other != "" || f.Day != "" {
			forms[p.ID] = f
		}
	}
	return forms, nil
}

// finding is what was filled in for a point, or why it is none. refs are the
// clauses that the page showed; empty: it showed none, and places are taken as
// written.
func (f pointForm) finding(p engagement.Point, refs []string) (engagement.Finding, string) {
	out := engagement.Finding{Point: p.ID}
	places, wrong := f.places(refs)
	switch {
	case f.Say == "" && (len(places) > 0 || f.Day != ""):
		return out, "Say whether it is there."
	case f.Say == "":
		return out, "Not looked at yet."
	case wrong != "":
		return out, wrong
	case f.Say == sayMissing && (len(places) > 0 || f.Day != ""):
		return out, "You say that it is missing, and where it is. Leave one of them out."
	case f.Say == sayMissing:
		out.Missing = true
	case f.Say == sayOn:
		day, err := time.Parse(time.DateOnly, f.Day)
		if err != nil {
			return out, "Give the date."
		}
		if out.On, out.Places = day, places; !p.Sound(out) {
			return out, "This can’t be the date. Look at it again."
		}
	case f.Day != "":
		return out, "You give a date: choose that it is on that day, or leave it out."
	case len(places) == 0:
		return out, "Say in which clause: tick one, or write its number."
	default:
		out.Places = places
	}
	return out, ""
}

// places are the ticked ones and the written ones, each once.
func (f pointForm) places(refs []string) (list []string, wrong string) {
	list = slices.Clone(f.Named)
	for _, word := range strings.FieldsFunc(f.Other, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		ref := strings.TrimSpace(word)
		if ref == "" || slices.Contains(list, ref) {
			continue
		}
		if len(refs) > 0 && !slices.Contains(refs, ref) {
			bare := strings.TrimRight(strings.TrimLeft(ref, "§ "), ". ")
			if !slices.Contains(refs, bare) {
				return list, "There is no clause “" + ref + "” in this document. Write its number as it stands at the left of the text."
			}
			ref = bare
		}
		if !slices.Contains(list, ref) {
			list = append(list, ref)
		}
	}
	if len(list) > maxPlaces {
		return list, "Ten places are enough; name the most telling ones."
	}
	return list, ""
}

// checkRequest keeps what was found so far, or sends it.
func (s *server) checkRequest(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAnswer(r.PostForm, "")
	if err != nil {
		return err
	}
	f.Verdict = review.Checked
	req, waits, err := s.findRequest(r.Context(), me, f.Request)
	if err != nil {
		return err
	}
	if req.Kind != review.Checklist {
		return badForm("this request has no points to look for")
	}
	forms, err := parsePoints(r.PostForm, req.Points)
	if err != nil {
		return err
	}
	if s.o.VendorSide != nil && waits {
		fields, err := json.Marshal(forms)
		if err != nil {
			return fmt.Errorf("packing what was found: %w", err)
		}
		if err := s.o.VendorSide.SaveDraft(r.Context(), me.address(), f.Request, fields); err != nil {
			return s.checkAgain(w, r, me, f, forms, nil, sentence(s.report(r, err)), s.faultOf(err).Status)
		}
	}
	if r.PostForm.Get("do") == "save" {
		http.Redirect(w, r, requestLink(f.Request)+"#answer", http.StatusSeeOther)
		return nil
	}
	refs, err := s.shownRefs(r.Context(), me, req)
	if err != nil {
		return err
	}
	now, err := s.caseNow(r.Context(), me, req)
	if err != nil {
		return err
	}
	form, wrongs := f.form(), map[string]string{}
	for _, p := range req.Points {
		finding, wrong := forms[p.ID].finding(p, refs)
		if waivesClauses(req) {
			finding, wrong = forms[p.ID].waiver(p, now)
		}
		if wrong != "" {
			wrongs[p.ID] = wrong
		}
		form.Findings = append(form.Findings, finding)
	}
	if len(wrongs) > 0 {
		return s.checkAgain(w, r, me, f, forms, wrongs, count(len(wrongs), "point")+" of "+strconv.Itoa(len(req.Points))+" still to be done. What you filled in is kept.", http.StatusUnprocessableEntity)
	}
	var wrong string
	if form.Read, wrong = readRanges(flat(tidy(r.PostForm.Get("read"))), r.PostForm.Get("readtick") != ""); wrong != "" {
		return s.checkAgain(w, r, me, f, forms, nil, wrong, http.StatusUnprocessableEntity)
	}
	return s.sendAnswer(w, r, me, &f, form, func(wrong string, status int) error { return s.checkAgain(w, r, me, f, forms, nil, wrong, status) })
}

// shownRefs are the clauses of the text that the checklist is about.
func (s *server) shownRefs(ctx context.Context, me visitor, r *review.Request) ([]string, error) {
	paper, _, err := s.beside(ctx, me, names{}, r, nil)
	if err != nil || paper == nil {
		return nil, err
	}
	var refs []string
	for _, c := range paper.Clauses {
		refs = append(refs, c.Ref)
	}
	return refs, nil
}

// checkAgain shows the checklist once more with what was filled in.
func (s *server) checkAgain(w http.ResponseWriter, r *http.Request, me visitor, f answerForm, forms map[string]pointForm, wrongs map[string]string, wrong string, status int) error {
	view, err := s.requestFor(r, me, f.Request)
	if err != nil {
		return err
	}
	view.Wrong = wrong
	if view.Check != nil {
		req, _, err := s.findRequest(r.Context(), me, f.Request)
		if err == nil {
			view.Faulty = faultyPoints(req, wrongs)
		}
	}
	view.again(f)
	if view.Fill != nil && view.Fill.Reading != nil {
		view.Fill.Reading.Text, view.Fill.Reading.Ticked = flat(tidy(r.PostForm.Get("read"))), r.PostForm.Get("readtick") != ""
	}
	if view.Check != nil {
		for i := range view.Check.Points {
			p := &view.Check.Points[i]
			*p = pointOf(p.Point, i, forms[p.ID], view.Paper)
			p.Wrong = wrongs[p.ID]
		}
		view.Check.count()
	}
	s.show(w, r, &me, status, "request", view.Title, view)
	return nil
}
