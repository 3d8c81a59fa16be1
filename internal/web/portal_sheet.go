package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

const (
	// pageForm is the file of a form that was filled in away from here.
	pageForm = "form"
	// pageBefore is what was answered before.
	pageBefore = "before"
	// perPage is how much stands on one page of a form, by lineWeight.
	perPage = 4
)

// formStep is one page of a form in the list of them.
type formStep struct {
	Name, Title, Says, Tone string
}

// formRow is one line of a form before it is sent.
type formRow struct {
	sheetRow
	Page, Wrong string
	Earlier     bool
}

// formPage is what a task page has of a form.
type formPage struct {
	Steps       []formStep
	Number      int // of the page that is shown, from 1
	Lines       []lineView
	Was         string    // what the page was made of
	File        *lineView // the page is for a document
	Rows        []formRow
	Before      []beforeRow
	Filled      []sheetView // what was sent
	Done, Total int         // lines that need an answer: those that have one, and all
	Spare       int         // lines that may stay empty and do
	Next        string      // the first page that is not finished
}

// beforeRow is a form that was filled in before.
type beforeRow struct {
	Digest, Title string
	On            *instant
}

// holds reports whether a delivery has a document.
func holds(x access.Delivery, digest string) bool {
	return slices.ContainsFunc(x.Papers, func(p access.SentPaper) bool { return p.Document == digest })
}

// lineWeight is how much of a page a line takes; a document has one of its own.
func lineWeight(p engagement.Point) int {
	switch p.Kind {
	case engagement.PointFile:
		return perPage
	case engagement.PointText:
		return 2
	}
	return 1
}

// Lacks says how many answers are still lacking.
func (f *formPage) Lacks() string {
	switch n := f.Total - f.Done; n {
	case 0:
		return "no answer is lacking"
	case 1:
		return "1 answer is lacking"
	default:
		return strconv.Itoa(n) + " answers are lacking"
	}
}

// formPages cuts a form into pages: the first line of each and how many follow it.
func formPages(points []engagement.Point) [][2]int {
	var pages [][2]int
	for i, weight := 0, perPage; i < len(points); i++ {
		if w := lineWeight(points[i]); weight+w > perPage {
			pages, weight = append(pages, [2]int{i, i}), w
		} else {
			weight += w
		}
		pages[len(pages)-1][1] = i + 1
	}
	return pages
}

// formPageOf finds a page of a form by its name, q1 and so on; -1: there is none.
func formPageOf(points []engagement.Point, name string) (int, [2]int) {
	text, found := strings.CutPrefix(name, "q")
	n, err := strconv.Atoi(text)
	pages := formPages(points)
	if !found || err != nil || n < 1 || n > len(pages) || strconv.Itoa(n) != text {
		return -1, [2]int{}
	}
	return n - 1, pages[n-1]
}

func formPageName(i int) string { return "q" + strconv.Itoa(i+1) }

// wrongLines is what is wrong with each line of a form, and on which page the first
// of them stands.
func (d portalDraft) wrongLines(points []engagement.Point) (wrongs map[string]string, page string) {
	_, _, wrongs = saidLines(points, d.Form, nil)
	for i, p := range formPages(points) {
		for _, point := range points[p[0]:p[1]] {
			if wrongs[point.ID] != "" {
				return wrongs, formPageName(i)
			}
		}
	}
	return wrongs, ""
}

// missingOf is missing for a task, whatever it asks for.
func (d portalDraft) missingOf(t access.VendorTask) (wrong, page string) {
	if !t.Sheet {
		return d.missing()
	}
	wrongs, page := d.wrongLines(t.Points)
	switch {
	case len(wrongs) > 0:
		return count(len(wrongs), "question") + " of " + strconv.Itoa(len(t.Points)) + " still to be answered.", page
	case utf8.RuneCountInString(d.Note) > maxWords:
		return "Your text is longer than 10,000 characters. Shorten it.", pageCheck
	}
	return "", ""
}

// formOf is what the pages of a task show of its form.
func (g guest) formOf(r *http.Request, t access.VendorTask, d portalDraft, name string) (*formPage, error) {
	if !t.Sheet {
		return nil, nil
	}
	f := &formPage{}
	wrongs, next := d.wrongLines(t.Points)
	for _, p := range t.Points {
		if p.Optional && wrongs[p.ID] == "" && len(d.Form.Lines[p.ID]) == 0 {
			f.Spare++
		}
	}
	f.Total, f.Next = len(t.Points)-f.Spare, cmp.Or(next, pageCheck)
	f.Done = f.Total - len(wrongs)
	for i, p := range formPages(t.Points) {
		f.Steps = append(f.Steps, stepOf(t.Points[p[0]:p[1]], formPageName(i), d.Form, wrongs))
	}
	if at, p := formPageOf(t.Points, name); at >= 0 {
		f.Number = at + 1
		f.Lines = lineViews(t.Points[p[0]:p[1]], p[0], d.Form, nil)
		f.Was = markOf(t.Points[p[0]:p[1]], d.Form)
		if f.Lines[0].Kind == engagement.PointFile {
			f.File, f.Lines = &f.Lines[0], nil
		}
	}
	if name == pageCheck {
		for i, p := range formPages(t.Points) {
			for _, point := range t.Points[p[0]:p[1]] {
				f.Rows = append(f.Rows, formRowOf(point, formPageName(i), d.Form, wrongs[point.ID]))
			}
		}
	}
	if name != "" {
		return f, nil
	}
	sheets, err := g.s.o.Portal.PortalSheets(r.Context(), g.address(), t.Request)
	if err != nil {
		return nil, fmt.Errorf("listing what was answered before: %w", err)
	}
	for _, s := range sheets {
		switch sent := slices.ContainsFunc(t.Deliveries, func(x access.Delivery) bool { return holds(x, s.Digest) }); {
		case sent:
			f.Filled = append(f.Filled, filledOf(g, t, s))
		case t.State == access.TaskOpen:
			f.Before = append(f.Before, beforeRow{s.Digest, cut(s.Title), g.at(s.On, t.Now)})
		}
	}
	return f, nil
}

func filledOf(g guest, t access.VendorTask, s access.FilledSheet) sheetView {
	return sheetView{Title: cut(s.Title), At: g.at(s.On, t.Now), Rows: sheetRows(s.Sheet, nil, nil), Link: portalPath + "/form?" + url.Values{"task": {t.Request}, "digest": {s.Digest}}.Encode()}
}

// stepOf says where one page of a form stands.
func stepOf(points []engagement.Point, name string, form typedLines, wrongs map[string]string) formStep {
	s := formStep{Name: name, Title: cut(points[0].Title), Says: "done", Tone: "good"}
	if len(points) > 1 {
		s.Title += " and " + strconv.Itoa(len(points)-1) + " more"
	}
	begun, old := false, false
	for _, p := range points {
		begun = begun || len(form.Lines[p.ID]) > 0
		old = old || slices.Contains(form.Taken, p.ID)
		if wrongs[p.ID] != "" {
			s.Says, s.Tone = "not finished", "warn"
		}
	}
	switch {
	case s.Tone == "warn" && !begun:
		s.Says, s.Tone = "not started", "quiet"
	case s.Tone == "good" && !begun:
		s.Says, s.Tone = "may stay empty", "quiet"
	case s.Tone == "good" && old:
		s.Says, s.Tone = "from last time", "warn"
	}
	return s
}

// formRowOf is a line as it would be sent.
func formRowOf(p engagement.Point, page string, form typedLines, wrong string) formRow {
	finding, words, _ := p.Fill(form.Lines[p.ID])
	row := formRow{Page: page, Wrong: wrong, Earlier: slices.Contains(form.Taken, p.ID)}
	row.sheetRow = sheetRows(engagement.Sheet{Lines: []engagement.SheetLine{{Point: p, Finding: finding, Words: words}}}, nil, nil)[0]
	if wrong != "" {
		row.Answer, row.Words, row.Digest = strings.Join(form.Lines[p.ID], "; "), "", ""
	}
	if name := form.Names[row.Digest]; name != "" {
		row.Answer = name
	}
	return row
}

// saveForm keeps a page of a form and leads to the next. What was typed wrong is
// kept too, and stands on the page again.
func (s *server) saveForm(w http.ResponseWriter, r *http.Request, g guest, t access.VendorTask, d portalDraft, name string) error {
	at, page := formPageOf(t.Points, name)
	if at < 0 {
		return badForm("the form is of no page of ours")
	}
	points := t.Points[page[0]:page[1]]
	lines, err := parseLines(r.PostForm, points, page[0])
	if err != nil {
		return err
	}
	if r.PostForm.Has("was") && r.PostForm.Get("was") != markOf(points, d.Form) && !sameLines(points, lines, d.Form) {
		return s.elsewhere(w, r, g, t, d, name, lines)
	}
	wrongs := map[string]string{}
	for _, p := range points {
		typed := lines[p.ID]
		if kindOf(p) == engagement.PointFile && len(typed) == 0 { // what was uploaded stays
			typed = d.Form.Lines[p.ID]
		}
		if kindOf(p) == engagement.PointFile && len(typed) > 0 && isDigest(typed[0]) && !slices.Equal(typed, d.Form.Lines[p.ID]) {
			return badForm("the form names a document that is none of its own")
		}
		d.Form.put(p.ID, typed)
		d.Form.Taken = slices.DeleteFunc(d.Form.Taken, func(id string) bool { return id == p.ID })
		if _, _, wrong := p.Fill(typed); wrong != "" {
			wrongs[p.ID] = wrong
		}
	}
	if err := g.keep(r, t.Request, d); err != nil {
		return err
	}
	to := formPageName(at + 1)
	if at+1 == len(formPages(t.Points)) {
		to = pageCheck
	}
	switch {
	case r.PostForm.Get("later") != "":
		http.Redirect(w, r, taskLink(t.Request, "")+"&done=saved", http.StatusSeeOther)
		return nil
	case len(wrongs) > 0:
		return s.renderTask(w, r, g, http.StatusUnprocessableEntity, t.Request, name, func(p *taskPage) {
			p.Wrong = "What you typed is kept, and " + count(len(wrongs), "thing") + " to be put right."
			p.Faulty = faultyOf(t.Points, nil, wrongs)
			for i := range p.Form.Lines {
				p.Form.Lines[i].Wrong = wrongs[p.Form.Lines[i].ID]
			}
			if p.Form.File != nil {
				p.Form.File.Wrong = wrongs[p.Form.File.ID]
			}
		})
	}
	http.Redirect(w, r, taskLink(t.Request, to), http.StatusSeeOther)
	return nil
}

// takeBefore fills in what was answered before where nothing is filled in yet. What
// ran out, and documents that can't be used again, are left for them to say.
func (s *server) takeBefore(w http.ResponseWriter, r *http.Request, g guest, t access.VendorTask, d portalDraft, digest string) error {
	sheets, err := s.o.Portal.PortalSheets(r.Context(), g.address(), t.Request)
	if err != nil {
		return fmt.Errorf("looking for what was answered before: %w", err)
	}
	i := slices.IndexFunc(sheets, func(f access.FilledSheet) bool { return f.Digest == digest })
	if i < 0 {
		return nothingHere()
	}
	earlier, err := s.o.Portal.Earlier(r.Context(), g.address(), t.Request)
	if err != nil {
		return fmt.Errorf("looking for documents that were delivered before: %w", err)
	}
	for _, p := range t.Points {
		at := slices.IndexFunc(sheets[i].Lines, func(l engagement.SheetLine) bool { return l.Point.ID == p.ID && l.Point.Kind == p.Kind })
		if at < 0 || len(d.Form.Lines[p.ID]) > 0 {
			continue
		}
		line := sheets[i].Lines[at]
		typed := line.Typed()
		finding, _, wrong := p.Fill(typed)
		file := slices.IndexFunc(earlier, func(e access.Earlier) bool { return e.Document == finding.Document })
		switch {
		case wrong != "" || finding.Point == "":
			continue
		case !finding.On.IsZero() && p.Expires && !t.Now.Before(finding.On):
			continue
		case finding.Document != "" && file < 0:
			continue
		case finding.Document != "":
			d.Form.called(finding.Document, fileName(earlier[file].Name))
		}
		d.Form.put(p.ID, typed)
		d.Form.Taken = append(d.Form.Taken, p.ID)
	}
	if err := g.keep(r, t.Request, d); err != nil {
		return err
	}
	http.Redirect(w, r, taskLink(t.Request, "")+"&done=before", http.StatusSeeOther)
	return nil
}

// takeFormFile takes what was filled in away from here into the draft. Lines that
// the file leaves empty stay as they are.
func takeFormFile(t access.VendorTask, d *portalDraft, from io.Reader) error {
	if !t.Sheet {
		return badForm("the form is of no page of ours")
	}
	text, err := io.ReadAll(io.LimitReader(from, engagement.MaxSheetFile+1))
	if err != nil {
		return fmt.Errorf("reading a form that was filled in: %w", err)
	}
	lines, err := engagement.ReadSheetFile(text, t.Request, t.Points)
	if err != nil {
		return err
	}
	for id, typed := range lines {
		d.Form.put(id, typed)
		d.Form.Taken = slices.DeleteFunc(d.Form.Taken, func(x string) bool { return x == id })
	}
	return nil
}

// formFault shows a task again whose file could not be taken.
func (s *server) formFault(w http.ResponseWriter, r *http.Request, g guest, request string, err error) error {
	var fault engagement.SheetFault
	if !errors.As(err, &fault) {
		return err
	}
	return s.renderTask(w, r, g, http.StatusUnprocessableEntity, request, "", func(p *taskPage) {
		p.ActWrong = upper(fault.Error()) + ". " + upper(engagement.SheetFileHint) + "."
	})
}

// form is the draft of a form as the answer that it becomes.
func (d portalDraft) formAnswer(nonce string, t access.VendorTask) review.Form {
	f := review.Form{ID: nonce, Request: t.Request, Verdict: review.Delivered, Inside: d.Note}
	if in := t.Receives; in != nil && len(in.Verdicts) > 0 {
		f.Verdict, f.Seat, f.Version = in.Verdicts[0], in.Seat, in.Version
	}
	f.Findings, f.Words, _ = saidLines(t.Points, d.Form, nil)
	for _, finding := range f.Findings {
		if finding.Document != "" && !slices.Contains(f.Documents, finding.Document) {
			f.Documents = append(f.Documents, finding.Document)
		}
	}
	return f
}

// sheetPaper is what a form becomes once it is sent: the same bytes, so the same
// digest.
func sheetPaper(t access.VendorTask, f review.Form) (access.SentPaper, error) {
	sheet, err := engagement.FillSheet(t.Title, t.Points, f.Findings, f.Words)
	if err != nil {
		return access.SentPaper{}, fmt.Errorf("putting a form together: %w", err)
	}
	text, err := sheet.Encode()
	if err != nil {
		return access.SentPaper{}, fmt.Errorf("writing a form: %w", err)
	}
	sum := sha256.Sum256(text)
	return access.SentPaper{Reading: engagement.Reading{Document: "sha256:" + hex.EncodeToString(sum[:]), Size: int64(len(text)), Media: engagement.SheetMedia}}, nil
}

// downloadPortalForm sends a task's form as a text to be filled in, or with a digest
// the bytes of one that was sent.
func (s *server) downloadPortalForm(w http.ResponseWriter, r *http.Request, g guest) error {
	t, err := s.findTask(r, g, r.FormValue("task"))
	if err != nil {
		return err
	}
	if !t.Sheet {
		return nothingHere()
	}
	digest := r.FormValue("digest")
	if digest == "" {
		var d portalDraft
		if t.State == access.TaskOpen {
			if d, err = g.draft(r, t.Request); err != nil {
				return err
			}
		}
		s.sendSheetFile(w, t.Title, t.Request, t.Points, d.Form)
		return nil
	}
	sheets, err := s.o.Portal.PortalSheets(r.Context(), g.address(), t.Request)
	if err != nil {
		return fmt.Errorf("looking for a form that was sent: %w", err)
	}
	i := slices.IndexFunc(sheets, func(f access.FilledSheet) bool { return f.Digest == digest })
	if i < 0 {
		return nothingHere()
	}
	text, err := sheets[i].Encode()
	if err != nil {
		return fmt.Errorf("writing a form that was sent: %w", err)
	}
	sendBytes(w, safeName(sheets[i].Title)+".json", text)
	return nil
}
