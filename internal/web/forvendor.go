package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxSaidBy bounds the name of whoever of the vendor gave the answers.
const maxSaidBy = 200

// fileForm files something in the vendor's place.
type fileForm struct{ Nonce, Request, Source, SaidBy, Document string }

// fileForVendor files a document in the vendor's place, with its source, or a form
// that was filled in with what the vendor said.
func (s *server) fileForVendor(w http.ResponseWriter, r *http.Request, me visitor) error {
	get := r.PostForm.Get
	caseID := get("case")
	f := fileForm{Nonce: get("nonce"), Request: get("request"), Source: tidy(get("inside")), SaidBy: flat(tidy(get("saidby"))), Document: get("document")}
	switch {
	case s.o.VendorSide == nil:
		return missing("page")
	case !isNonce(f.Nonce):
		return badForm("the form has lost its number")
	case f.Request == "" || !isPlain(f.Request) || !isPlain(caseID) || f.Document != "" && !isDigest(f.Document):
		return badForm("the form names no request")
	}
	again := func(wrong string, status int) error {
		return s.sideAgain(w, r, me, caseID, wrong, status, func(v *vendorSideView) { v.File = f })
	}
	form := review.Form{ID: f.Nonce, Request: f.Request, Verdict: review.Delivered, ForVendor: true}
	wrong, err := s.filedForm(r, me, &f, &form)
	if err != nil {
		return again(sentence(s.report(r, err)), s.faultOf(err).Status)
	}
	if wrong == "" {
		wrong = f.wrong(&form)
	}
	if wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	form.Inside = f.Source
	if f.SaidBy != "" {
		form.Inside = fmt.Sprintf("Said by %s; %s", f.SaidBy, f.Source)
	}
	out, err := s.desk.Answer(r.Context(), form.Answer(me.address(), s.o.Now()))
	if err != nil { // it may have been taken: the same number is sent again
		told := s.report(r, err)
		f.Nonce = told.number(f.Nonce)
		return again(sentence(told), told.Status)
	}
	if !out.OK() {
		f.Nonce = newNonce()
		return again(s.refusal(r, me, out), http.StatusUnprocessableEntity)
	}
	http.Redirect(w, r, receiptLink(f.Nonce), http.StatusSeeOther)
	return nil
}

// wrong says what of the form lacks; empty: nothing.
func (f fileForm) wrong(form *review.Form) string {
	switch {
	case form.Document == "" && len(form.Findings) == 0:
		return "Pick the file."
	case strings.TrimSpace(f.Source) == "":
		return review.NeedsSource.Sentence()
	case utf8.RuneCountInString(f.Source) > maxReason:
		return "The source is longer than 20,000 characters."
	case len(form.Findings) > 0 && f.SaidBy == "":
		return "Say who of the vendor gave these answers."
	case utf8.RuneCountInString(f.SaidBy) > maxSaidBy:
		return "The name is longer than 200 characters."
	}
	return ""
}

// filedForm takes what was uploaded: a document, or, where a form is asked for, the
// form as a text with perhaps a document that belongs to it. What it returns says what
// is wrong with the form.
func (s *server) filedForm(r *http.Request, me visitor, f *fileForm, form *review.Form) (wrong string, err error) {
	text, err := sheetText(r, "file")
	if err != nil {
		return "", err
	}
	if text == nil {
		digest, err := s.upload(r, me)
		if err != nil {
			return "", err
		}
		if digest != "" {
			f.Document = digest
		}
		form.Document = f.Document
		return "", nil
	}
	req, _, err := s.findRequest(r.Context(), me, f.Request)
	if err != nil {
		return "", err
	}
	if !req.Sheet {
		return "No form is asked for here. Pick the document.", nil
	}
	lines, err := engagement.ReadSheetFile(text, req.ID, req.Points)
	if err != nil {
		return upper(err.Error()) + ". " + upper(engagement.SheetFileHint) + ".", nil //nolint:nilerr // it is told to whoever sent the file
	}
	paper, err := s.uploadOf(r, me, "paper")
	if err != nil {
		return "", err
	}
	if paper != "" {
		f.Document = paper
	}
	typed := typedLines{Lines: lines}
	if i := firstPaper(req.Points, typed); f.Document != "" && i >= 0 {
		typed.put(req.Points[i].ID, []string{f.Document})
	}
	who, err := s.namesFor(r.Context(), me)
	if err != nil {
		return "", err
	}
	var wrongs map[string]string
	form.Findings, form.Words, wrongs = saidLines(req.Points, typed, who.colleagues())
	for _, p := range req.Points { // the first in the order of the form
		if wrongs[p.ID] != "" {
			return fmt.Sprintf("%s: %s", cut(p.Title), wrongs[p.ID]), nil
		}
	}
	for _, finding := range form.Findings {
		if finding.Document != "" && !slices.Contains(form.Documents, finding.Document) {
			form.Documents = append(form.Documents, finding.Document)
		}
	}
	return "", nil
}

// firstPaper is the point that a document sent with a form is for: the first that has
// to have one and says nothing, else the first; -1 where the form asks for none.
func firstPaper(points []engagement.Point, typed typedLines) int {
	asks := func(p engagement.Point) bool {
		return kindOf(p) == engagement.PointFile && len(typed.Lines[p.ID]) == 0
	}
	i := slices.IndexFunc(points, func(p engagement.Point) bool { return asks(p) && !p.Optional })
	if i < 0 {
		i = slices.IndexFunc(points, asks)
	}
	return i
}

// sheetText is what was uploaded, where that is a form of ours; nil where it is
// something else, or nothing.
func sheetText(r *http.Request, field string) ([]byte, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return nil, nil
	}
	file, err := r.MultipartForm.File[field][0].Open()
	if err != nil {
		return nil, fmt.Errorf("opening a form that was uploaded: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(file, engagement.MaxSheetFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading a form that was uploaded: %w", err)
	}
	if !engagement.IsSheetFile(text) {
		return nil, nil
	}
	return text, nil
}
