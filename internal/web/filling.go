package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// fillView is what an answer fills in besides its verdict: the lines of a form,
// points for criteria, the sections that were read, the statement on interests.
type fillView struct {
	Lines    []lineView
	Criteria []criterionView
	Blind    bool
	Reading  *readingView
	Declare  *choice
	Files    bool // a line takes a document
	CanSave  bool
	Saved    *instant
	Was      string // what the page was made of
	Left     int    // lines that need an answer and have none
}

// fillForm is what was filled in, as typed: what a draft keeps.
type fillForm struct {
	typedLines
	Scores map[string]string `json:"scores,omitempty"`
	// Read are the sections as typed, Ticked that the tick beside them was made.
	Read    string         `json:"read,omitempty"`
	Ticked  bool           `json:"ticked,omitempty"`
	Verdict review.Verdict `json:"verdict,omitempty"`
	Inside  string         `json:"inside,omitempty"`
	Vendor  string         `json:"vendor,omitempty"`
	// wrongs are by the ids of points and criteria.
	wrongs map[string]string
}

// fills reports whether answers to the request fill anything in that is worth
// being kept before it is sent.
func fills(r *review.Request) bool { return r.Sheet && len(r.Points) > 0 || len(r.Criteria) > 0 }

// offerFilling puts what there is to fill in on the page, as it was kept.
func (s *server) offerFilling(ctx context.Context, me visitor, who names, view *requestView, r *review.Request, now time.Time) error {
	fill := &fillView{Blind: r.Blind, CanSave: fills(r) && s.o.VendorSide != nil}
	view.Fill = fill
	var f fillForm
	if fill.CanSave {
		kept, at, err := s.keptFilling(ctx, me, r.ID)
		if err != nil {
			return err
		}
		if f = kept; !at.IsZero() {
			fill.Saved = me.at(at, s.o.Now())
			view.Form.Verdict, view.Form.Inside, view.Form.Vendor = f.Verdict, f.Inside, f.Vendor
		}
	}
	if needsDeclaration(r, me.ID) {
		fill.Declare = &choice{ID: r.Declaration, Label: tidy(s.desk.Statement(ctx, r.Case, r.Declaration))}
	}
	fill.Was = markOf(r.Points, f.typedLines)
	fill.Reading = readingOf(r, now)
	people, err := s.nameable(ctx, me, who, r)
	if err != nil {
		return err
	}
	fill.put(r, f, people)
	return nil
}

// put shows what was typed.
func (v *fillView) put(r *review.Request, f fillForm, people []choice) {
	v.Lines, v.Left = nil, 0
	if r.Sheet {
		v.Lines = lineViews(r.Points, 0, f.typedLines, people)
	}
	for i := range v.Lines {
		line := &v.Lines[i]
		line.Wrong = f.wrongs[line.ID]
		line.lacks = line.lacks && !waivesItem(r)
		v.Files = v.Files || line.Kind == engagement.PointFile
		if !line.Optional && len(f.Lines[line.ID]) == 0 {
			v.Left++
		}
	}
	v.Criteria = criterionViews(r.Criteria, f)
	if v.Reading != nil {
		v.Reading.Text, v.Reading.Ticked = f.Read, f.Ticked
	}
}

// colleagues are the people whom a line of a form may name.
func (n names) colleagues() []choice {
	var list []choice
	for _, p := range n.people {
		if !p.Left && p.Employer == "" {
			list = append(list, choice{ID: p.ID, Label: flat(p.Name), Note: human(firstOf(p.Roles))})
		}
	}
	return list
}

// parseFill reads what was filled in for a request.
func parseFill(v url.Values, r *review.Request) (fillForm, error) {
	f := fillForm{Read: flat(tidy(v.Get("read"))), Ticked: v.Get("readtick") != ""}
	if r.Sheet && len(r.Points) > 0 {
		lines, err := parseLines(v, r.Points, 0)
		if err != nil {
			return f, err
		}
		f.Lines = lines
		for i, p := range r.Points {
			if typed := lines[p.ID]; kindOf(p) == engagement.PointFile && len(typed) > 0 {
				f.called(typed[0], fileName(v.Get("q"+strconv.Itoa(i)+".name")))
			}
		}
	}
	for i, c := range r.Criteria {
		field := "s" + strconv.Itoa(i)
		if v.Get(field+".criterion") != c.ID {
			return f, badForm("the form is of other criteria")
		}
		if points := flat(tidy(v.Get(field + ".points"))); points != "" {
			if f.Scores == nil {
				f.Scores = map[string]string{}
			}
			f.Scores[c.ID] = points
		}
	}
	return f, nil
}

// takeLineFiles files the documents that came for lines of a form. What one line
// lacks is said at the line; the others are kept.
func (s *server) takeLineFiles(r *http.Request, me visitor, req *review.Request, f *fillForm) error {
	if r.MultipartForm == nil || !req.Sheet {
		return nil
	}
	for i, p := range req.Points {
		field := "q" + strconv.Itoa(i) + ".file"
		if kindOf(p) != engagement.PointFile || len(r.MultipartForm.File[field]) == 0 {
			continue
		}
		digest, err := s.uploadOf(r, me, field)
		if err != nil {
			return err
		}
		if digest != "" {
			f.put(p.ID, []string{digest})
			f.called(digest, fileName(r.MultipartForm.File[field][0].Filename))
		}
	}
	return nil
}

// say puts what was filled in into an answer. What is wrong stands at its line, and
// is summed up here.
func (f *fillForm) say(out *review.Form, r *review.Request, people []choice, now time.Time) (wrong string) {
	f.wrongs = map[string]string{}
	if r.Sheet && review.Positive(out.Verdict) { // what is sent back or rejected is not filled in
		out.Findings, out.Words, f.wrongs = saidLines(r.Points, f.typedLines, people)
		f.checkWaiver(r, out.Findings, now)
		for _, finding := range out.Findings {
			if finding.Document != "" && !slices.Contains(out.Documents, finding.Document) {
				out.Documents = append(out.Documents, finding.Document)
			}
		}
	}
	for _, c := range r.Criteria {
		if !review.Positive(out.Verdict) {
			break
		}
		points, w := pointsOf(c, f.Scores[c.ID])
		if w != "" {
			f.wrongs[c.ID] = w
			continue
		}
		out.Scores = append(out.Scores, review.Score{Criterion: c.ID, Points: points})
	}
	if len(f.wrongs) > 0 {
		return count(len(f.wrongs), "line") + " still to be answered, or to be put right. What you filled in is kept."
	}
	out.Read, wrong = readRanges(f.Read, f.Ticked)
	return wrong
}

// keptFilling is what was kept, and when; the zero time where nothing was.
func (s *server) keptFilling(ctx context.Context, me visitor, request string) (fillForm, time.Time, error) {
	var f fillForm
	fields, at, err := s.o.VendorSide.DraftOf(ctx, me.address(), request)
	switch {
	case gone(err):
		return f, time.Time{}, nil
	case err != nil:
		return f, at, fmt.Errorf("reading what was filled in so far: %w", err)
	case json.Unmarshal(fields, &f) != nil: // of another release
		return fillForm{}, time.Time{}, nil
	}
	return f, at, nil
}

// keepFilling keeps what was filled in so far.
func (s *server) keepFilling(ctx context.Context, me visitor, request string, f fillForm) error {
	fields, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("packing what was filled in: %w", err)
	}
	if len(fields) > maxDraft {
		return plainFault{http.StatusRequestEntityTooLarge, "this is more than can be kept", "put long texts into documents"}
	}
	if err := s.o.VendorSide.SaveDraft(ctx, me.address(), request, fields); err != nil {
		return fmt.Errorf("keeping what was filled in so far: %w", err)
	}
	return nil
}

// needsDeclaration reports whether somebody's answer must carry the statement on
// interests: it is asked with their first one in a case.
func needsDeclaration(r *review.Request, person string) bool {
	return r.Declaration != "" && !slices.Contains(r.Declared, person)
}

// sendSheetFile sends a form as a text, to be filled in away from here.
func (s *server) sendSheetFile(w http.ResponseWriter, title, request string, points []engagement.Point, t typedLines) {
	sendBytes(w, safeName(title)+".txt", engagement.WriteSheetFile(title, request, points, t.Lines))
}

// sendBytes gives a file away that no browser runs.
func sendBytes(w http.ResponseWriter, name string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // an error: the browser went away
}

// fillRequest keeps what was filled in, or sends it with the answer.
func (s *server) fillRequest(w http.ResponseWriter, r *http.Request, me visitor, f answerForm, req *review.Request, waits bool) error {
	fill, err := parseFill(r.PostForm, req)
	if err != nil {
		return err
	}
	fill.Verdict, fill.Inside, fill.Vendor = f.Verdict, f.Inside, f.Vendor
	again := func(wrong string, status int) error { return s.fillAgain(w, r, me, f, req, fill, wrong, status) }
	failed := func(err error) error { return again(sentence(s.report(r, err)), s.faultOf(err).Status) }
	if err := s.takeLineFiles(r, me, req, &fill); err != nil {
		return failed(err)
	}
	if digest, err := s.upload(r, me); err != nil {
		return failed(err)
	} else if digest != "" {
		f.Document = digest
	}
	if fills(req) && waits && s.o.VendorSide != nil {
		kept, _, err := s.keptFilling(r.Context(), me, f.Request)
		if err != nil {
			return failed(err)
		}
		if r.PostForm.Has("was") && r.PostForm.Get("was") != markOf(req.Points, kept.typedLines) && !sameLines(req.Points, fill.Lines, kept.typedLines) {
			fill.wrongs = savedElsewhere(req.Points, fill.Lines, kept.typedLines)
			return again(changedElsewhere, http.StatusConflict)
		}
		if err := s.keepFilling(r.Context(), me, f.Request, fill); err != nil {
			return failed(err)
		}
		if r.PostForm.Get("do") == "save" {
			http.Redirect(w, r, requestLink(f.Request)+"#answer", http.StatusSeeOther)
			return nil
		}
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return err
	}
	form := f.form()
	wrong := f.wrong()
	if wrong == "" {
		now, err := s.caseNow(r.Context(), me, req)
		if err != nil {
			return err
		}
		people, err := s.nameable(r.Context(), me, who, req)
		if err != nil {
			return err
		}
		wrong = fill.say(&form, req, people, now)
	}
	if wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.sendAnswer(w, r, me, &f, form, func(wrong string, status int) error {
		fill.wrongs = f.wrongs
		return again(wrong, status)
	})
}

// fillAgain shows the request once more with what was filled in.
func (s *server) fillAgain(w http.ResponseWriter, r *http.Request, me visitor, f answerForm, req *review.Request, fill fillForm, wrong string, status int) error {
	view, err := s.requestFor(r, me, f.Request)
	if err != nil {
		return err // the page of the error gives the text back
	}
	view.Wrong = wrong
	if view.Fill == nil {
		view.Kept = keptFrom(r)
	} else {
		who, err := s.namesFor(r.Context(), me)
		if err != nil {
			return err
		}
		people, err := s.nameable(r.Context(), me, who, req)
		if err != nil {
			return err
		}
		view.Fill.put(req, fill, people)
		view.Faulty = faultyOf(req.Points, req.Criteria, fill.wrongs)
	}
	view.again(f)
	s.show(w, r, &me, status, "request", view.Title, view)
	return nil
}
