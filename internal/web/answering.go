package web

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gangway/internal/review"
)

// answerRequest sends an answer. What was typed comes back on the page whenever
// the answer was not taken.
func (s *server) answerRequest(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAnswer(r.PostForm, "")
	if err != nil {
		return err
	}
	req, waits, err := s.findRequest(r.Context(), me, f.Request)
	if err != nil {
		return err
	}
	if fills(req) || r.PostForm.Has("read") {
		return s.fillRequest(w, r, me, f, req, waits)
	}
	digest, err := s.upload(r, me)
	if err != nil {
		return s.answerAgain(w, r, me, f, sentence(s.report(r, err)), s.faultOf(err).Status)
	}
	if digest != "" {
		f.Document = digest
	}
	if wrong := f.wrong(); wrong != "" {
		return s.answerAgain(w, r, me, f, wrong, http.StatusUnprocessableEntity)
	}
	return s.sendAnswer(w, r, me, &f, f.form(), func(wrong string, status int) error { return s.answerAgain(w, r, me, f, wrong, status) })
}

// sendAnswer sends an answer and leads to its receipt, or shows the page again.
func (s *server) sendAnswer(w http.ResponseWriter, r *http.Request, me visitor, f *answerForm, form review.Form, again func(wrong string, status int) error) error {
	out, err := s.desk.Answer(r.Context(), form.Answer(me.address(), s.o.Now()))
	if err != nil { // it may have been taken: the same number is sent again
		told := s.report(r, err)
		f.Nonce, f.wrongs = told.number(f.Nonce), wrongsOf(err)
		return again(sentence(told), told.Status)
	}
	if !out.OK() {
		f.Nonce = newNonce() // the refused one is spent
		return again(s.refusal(r, me, out), http.StatusUnprocessableEntity)
	}
	http.Redirect(w, r, receiptLink(f.Nonce), http.StatusSeeOther)
	return nil
}

// answerAgain shows the request once more with what was typed.
func (s *server) answerAgain(w http.ResponseWriter, r *http.Request, me visitor, f answerForm, wrong string, status int) error {
	view, err := s.requestFor(r, me, f.Request)
	if err != nil {
		return err // the page of the error gives the text back
	}
	view.Wrong = wrong
	if len(view.Seats) == 0 {
		view.Kept = keptFrom(r)
	}
	view.again(f)
	s.show(w, r, &me, status, "request", view.Title, view)
	return nil
}

// again fills the form with what was typed into it. Its version is that of the
// text on the page now.
func (v *requestView) again(f answerForm) {
	if v.Form.Seat != "" {
		f.Seat = v.Form.Seat
	}
	f.Version = v.Form.Version
	v.Form = f
	for i := range v.Attest {
		v.Attest[i].Checked = slices.Contains(f.Attest, v.Attest[i].ID)
	}
	if v.Fill != nil && v.Fill.Declare != nil {
		v.Fill.Declare.Checked = slices.Contains(f.Attest, v.Fill.Declare.ID)
	}
}

// actOnRequest delegates, recuses, takes back or snoozes.
func (s *server) actOnRequest(w http.ResponseWriter, r *http.Request, me visitor) error {
	f, err := parseAct(r.PostForm, review.Delegate, review.Recuse, review.TakeBack, review.Snooze, review.Read)
	if err != nil {
		return err
	}
	if f.Request == "" {
		return badForm("the form names no request")
	}
	again := func(wrong string, status int) error {
		view, err := s.requestFor(r, me, f.Request)
		if err != nil {
			return err
		}
		view.Act, view.ActWrong = f, wrong
		view.Nonces[string(f.Kind)] = f.Nonce
		if view.ReadMore != nil && f.Kind == review.Read {
			view.ReadMore.Text, view.ReadMore.Ticked = f.Read, f.Ticked
		}
		s.show(w, r, &me, status, "request", view.Title, view)
		return nil
	}
	wrong, until := f.wrong(), time.Time{}
	if wrong == "" && f.Day != "" {
		until, err = me.endOfDay(f.Day)
		if err != nil {
			wrong = sentence(fault{What: err.Error()})
		}
	}
	if wrong != "" {
		return again(wrong, http.StatusUnprocessableEntity)
	}
	return s.act(w, r, me, &f, until, again)
}

// act sends an act and leads to its receipt, or shows the page again.
func (s *server) act(w http.ResponseWriter, r *http.Request, me visitor, f *actForm, until time.Time, again func(string, int) error) error {
	out, err := s.desk.Act(r.Context(), f.form(until).ActFrom(me.address(), s.o.Now()))
	if err != nil {
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

// number is the one under which a form is sent again: the same, since it may
// have been taken, unless what came under it can never be.
func (f fault) number(nonce string) string {
	if f.Status == http.StatusUnprocessableEntity {
		return newNonce()
	}
	return nonce
}

func emptyDocument() error {
	return plainFault{http.StatusUnprocessableEntity, "this document is empty", "pick the file that has the text in it"}
}

// upload files the document of a form, if it has one.
func (s *server) upload(r *http.Request, me visitor) (digest string, err error) {
	return s.uploadOf(r, me, "file")
}

// uploadOf files the document of one field of a form.
func (s *server) uploadOf(r *http.Request, me visitor, field string) (digest string, err error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return "", nil
	}
	header := r.MultipartForm.File[field][0]
	if header.Filename == "" && header.Size == 0 {
		return "", nil // the field was left empty
	}
	if header.Size == 0 {
		return "", emptyDocument()
	}
	if header.Size > s.o.MaxDocument {
		return "", &http.MaxBytesError{Limit: s.o.MaxDocument}
	}
	var file multipart.File
	file, err = header.Open()
	if err != nil {
		return "", fmt.Errorf("opening what was uploaded: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	paper, err := s.desk.File(r.Context(), me.address(), file)
	if err != nil {
		return "", err
	}
	return paper.Digest, nil
}

// refusal says why something was refused, and who decided instead where that is
// the reason.
func (s *server) refusal(r *http.Request, me visitor, out review.Outcome) string {
	text := out.Refusal.Sentence()
	switch out.Refusal {
	case review.Answered, review.Settled, review.Closed:
		if out.By != "" {
			who, err := s.namesFor(r.Context(), me)
			if err != nil {
				who = names{}
			}
			text += " " + flat(who.of(out.By)) + " answered"
			if at := me.at(out.At, s.o.Now()); at != nil {
				text += " on " + at.Text
			}
			text += "."
		}
	}
	return text
}

// sentence is a fault as one line on a page.
func sentence(f fault) string {
	f = f.forPage()
	return strings.TrimSpace(f.What + " " + f.Hint)
}

func upper(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
