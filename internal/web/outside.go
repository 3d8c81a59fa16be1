package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// Outside is what somebody of neither side does and sees, whom the case owner named to
// read one document. who is their address in the portal, and every verb gives what is
// theirs and nothing else. Its errors are as Portal's.
type Outside interface {
	// OutsideTasks are what they were asked to read, the newest first.
	OutsideTasks(ctx context.Context, who review.Address) ([]access.OutsideTask, error)
	// OutsideDocument opens a version of it as it was filed, OutsideText the text that
	// was found in it; NotFound for any other document.
	OutsideDocument(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error)
	OutsideText(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error)
	// Answer takes what they say, as Desk does.
	Answer(ctx context.Context, a review.Answer) (review.Outcome, error)
}

// ofNeither reports whether the guest is of neither side.
func (g guest) ofNeither() bool { return g.Contact.Vendor == review.OutsideRole }

// outsideForm is what they filled in, as it came in and as it is shown again.
type outsideForm struct {
	Request, Nonce, Verdict, Why, Sections string
	Read                                   bool
	Says                                   []string // statements that they ticked
	Wrong                                  string
}

type outsidePage struct {
	Tasks []outsideView
}

type outsideView struct {
	access.OutsideTask
	Form       outsideForm
	Due        *instant
	Sections   string // those that there are, in words
	Options    []choice
	Statements []choice
	Texts      []outsideText
	Said       string // what they answered
}

// outsideText is one version of the document.
type outsideText struct {
	Number       int
	Text, Source string // links
	Changed      string // sections that changed since the version before, in words
}

// showOutside shows what somebody of neither side was asked to read, with the form in
// which they answer.
func (s *server) showOutside(w http.ResponseWriter, r *http.Request, g guest, status int, f outsideForm) error {
	if s.o.Outside == nil {
		return nothingHere()
	}
	tasks, err := s.o.Outside.OutsideTasks(r.Context(), g.address())
	if err != nil {
		return fmt.Errorf("listing what somebody from outside reads: %w", err)
	}
	var page outsidePage
	for _, t := range tasks {
		v := outsideView{OutsideTask: t, Due: g.at(t.Due, t.Now), Form: outsideForm{Nonce: newNonce()}}
		v.Title, v.Ask, v.Vendor, v.Asker, v.Phone = cut(t.Title), tidy(t.Ask), cut(t.Vendor), cut(t.Asker), cut(t.Phone)
		if f.Request == t.Request {
			v.Form = f
		}
		for _, x := range slices.Backward(t.Versions) {
			link := portalPath + "/document?" + url.Values{"request": {t.Request}, "document": {x.Document}}.Encode()
			v.Texts = append(v.Texts, outsideText{Number: x.Number, Text: link, Source: link + "&as=filed", Changed: sectionWords(x.Changed)})
			if x.Number == t.Version {
				v.Sections = sectionWords(x.Sections)
			}
		}
		for _, verdict := range t.Verdicts {
			v.Options = append(v.Options, choice{ID: string(verdict), Label: outsideWord(verdict), Checked: string(verdict) == v.Form.Verdict})
		}
		for _, id := range append(slices.Clone(t.Attest), t.Declaration) {
			if id != "" {
				v.Statements = append(v.Statements, choice{ID: id, Label: cut(t.Statements[id]), Checked: slices.Contains(v.Form.Says, id)})
			}
		}
		if t.Answered != nil {
			v.Said = outsideWord(t.Answered.Verdict)
		}
		page.Tasks = append(page.Tasks, v)
	}
	s.showGuest(w, r, &g, status, "guest-reading", "What you are asked to read", page)
	return nil
}

// outsideWord is a verdict as somebody of neither side is asked for it.
func outsideWord(v review.Verdict) string {
	switch v {
	case review.Approve:
		return "I have no objection"
	case review.Changes:
		return "It should be changed"
	case review.Reject:
		return "I advise against it"
	}
	return strings.ReplaceAll(cut(string(v)), "-", " ")
}

// answerOutside takes what somebody of neither side says.
func (s *server) answerOutside(w http.ResponseWriter, r *http.Request, g guest) error {
	if s.o.Outside == nil || !g.ofNeither() {
		return nothingHere()
	}
	get := r.PostForm.Get
	f := outsideForm{Request: get("request"), Nonce: get("nonce"), Verdict: get("verdict"), Why: tidy(get("why")), Sections: tidy(get("sections")), Read: get("read") == "yes", Says: r.PostForm["says"]}
	if !isNonce(f.Nonce) {
		return badForm("the form has lost its number")
	}
	tasks, err := s.o.Outside.OutsideTasks(r.Context(), g.address())
	if err != nil {
		return fmt.Errorf("looking up what somebody from outside answers: %w", err)
	}
	i := slices.IndexFunc(tasks, func(t access.OutsideTask) bool { return t.Request == f.Request })
	if i < 0 {
		return nothingHere()
	}
	ranges, wrong := readRanges(f.Sections, f.Read)
	switch {
	case wrong != "":
		f.Wrong = wrong
	case f.Verdict == "":
		f.Wrong = "Say what you think of it."
	case utf8.RuneCountInString(f.Why) > maxWords:
		f.Wrong = "Your text is longer than 10,000 characters. Shorten it."
	}
	if f.Wrong != "" {
		return s.showOutside(w, r, g, http.StatusUnprocessableEntity, f)
	}
	out, err := s.o.Outside.Answer(r.Context(), review.Answer{ID: f.Nonce, Request: f.Request, Seat: tasks[i].Seat, Version: tasks[i].Version, Verdict: review.Verdict(f.Verdict),
		Attest: f.Says, Read: ranges, Channel: portalChannel, At: s.o.Now().UTC(), From: g.address(), Text: review.Text{Inside: f.Why}})
	if err != nil {
		return fmt.Errorf("taking what somebody from outside says: %w", err)
	}
	if !out.OK() {
		f.Wrong, f.Nonce = out.Refusal.Sentence(), newNonce()
		return s.showOutside(w, r, g, http.StatusConflict, f)
	}
	http.Redirect(w, r, portalPath, http.StatusSeeOther)
	return nil
}

// outsideDocument gives a version of the document.
func (s *server) outsideDocument(w http.ResponseWriter, r *http.Request, g guest) error {
	if s.o.Outside == nil || !g.ofNeither() {
		return nothingHere()
	}
	err := s.giveDocument(w, r, g, r.FormValue("request"), r.FormValue("document"), s.o.Outside.OutsideText, s.o.Outside.OutsideDocument)
	if err != nil {
		return fmt.Errorf("opening what somebody from outside reads: %w", err)
	}
	return nil
}

// openDocument opens a document of a request for somebody who came by a link.
type openDocument func(ctx context.Context, who review.Address, request, digest string) (dossier.Paper, io.ReadCloser, error)

// giveDocument gives somebody who came by a link the text of a document, or where they ask
// for it as it was filed, the file. Neither is ever run by a browser. Its error is that of
// opening it: nothing was written then.
func (s *server) giveDocument(w http.ResponseWriter, r *http.Request, g guest, request, digest string, text, filed openDocument) error {
	open, kind, how := text, "text/plain; charset=utf-8", "inline; filename=document.txt"
	if r.FormValue("as") == "filed" {
		open, kind, how = filed, "application/octet-stream", "attachment; filename=document"
	}
	_, body, err := open(r.Context(), g.address(), request, digest)
	if err != nil {
		return err
	}
	defer body.Close()
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", how)
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(w, body)
	if err != nil {
		s.o.Log.Info("giving a document to somebody who came by a link", "error", err)
	}
	return nil
}
