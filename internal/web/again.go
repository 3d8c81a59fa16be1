package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// maxParts bounds how many values of a form are kept for somebody whose session
// ended; fifty requests on one page have fewer.
const maxParts = 1000

// againPage gives a form back to somebody whose session ended while they wrote.
type againPage struct {
	Action  string // where it can be sent again; empty: nowhere
	Fields  []field
	Said    []string // the answers that were chosen, in words
	Kept    []kept
	File    bool // a file was with it, which no page can give back
	ByMail  bool
	Pick    bool
	Closing string // where a sign-in in another tab leads
}

// field is one value of a form, as it came.
type field struct{ Name, Value string }

// askWho sends somebody to the sign-in page. Whoever was about to send something
// gets all of it back, and can send it again once signed in in another tab: the
// form keeps its number, so that it counts once.
func (s *server) askWho(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, "/signin?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	page := againPage{ByMail: s.byMail(), Pick: s.o.PickPerson, Closing: "/again"}
	if r.Method == http.MethodPost {
		file, err := s.readWords(w, r)
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		page.File = file
	}
	if names := fieldsOf(r.URL.Path); names != nil {
		page.Action, page.Fields = r.URL.Path, keepFields(r.PostForm, names)
	}
	for _, f := range page.Fields {
		if f.Name[strings.LastIndexByte(f.Name, '.')+1:] == "verdict" && f.Value != "" && f.Value != restVerdict {
			page.Said = append(page.Said, playbook.Say(review.Verdict(cut(f.Value))))
		}
	}
	page.Kept = keptFrom(r)
	s.show(w, r, nil, http.StatusUnauthorized, "again", "Signed out", page)
}

// showBack is where a sign-in leads that was made to send something again.
func (s *server) showBack(w http.ResponseWriter, r *http.Request, me visitor) error {
	s.show(w, r, &me, http.StatusOK, "back", "You are signed in", nil)
	return nil
}

// fieldsOf are the fields of the forms that go to an address; nil: none is kept
// for it.
func fieldsOf(path string) *regexp.Regexp {
	switch path {
	case "/request/answer":
		return regexp.MustCompile(`^(nonce|request|seat|version|verdict|inside|vendor|attest|document|do|read|readtick|q[0-9]{1,3}\.(point|a|none|kept|name)|s[0-9]{1,2}\.(criterion|points))$`)
	case "/request/check":
		return regexp.MustCompile(`^(nonce|request|seat|version|inside|attest|do|read|readtick|p[0-9]{1,2}\.(point|say|place|other|day))$`)
	case intakePath:
		return regexp.MustCompile(`^(nonce|playbook|part|document|name|rehearsal|in\.[A-Za-z.]{1,40})$`)
	case "/waiting":
		return regexp.MustCompile(`^(case|at|rest|declare|r[0-9]{1,2}\.(nonce|request|seat|version|verdict|inside|vendor|attest|document))$`)
	case "/case/steer":
		return regexp.MustCompile(`^(nonce|act|case|request|to|role|mandatory|until|field|value|digest|inside|vendor)$`)
	case "/case/contact":
		return regexp.MustCompile(`^(act|case|contact|offer|name|mail|phone|role)$`)
	case "/case/forvendor":
		return regexp.MustCompile(`^(nonce|case|request|inside|document)$`)
	case "/letters/again":
		return regexp.MustCompile(`^id$`)
	case "/people/replace":
		return regexp.MustCompile(`^(nonce|leaver|by|digest|inside)$`)
	case "/request/act", "/case/act", "/case/submit":
		return regexp.MustCompile(`^(nonce|act|case|process|request|seat|step|to|until|inside|name|document|forvendor|target|paper|read|readtick|version)$`)
	}
	return nil
}

// keepFields takes the fields that the form has and nothing else.
func keepFields(v url.Values, names *regexp.Regexp) []field {
	var fields []field
	for _, name := range sortedKeys(v) {
		if !names.MatchString(name) {
			continue
		}
		for _, value := range v[name][:min(len(v[name]), maxAttest)] {
			word := name[strings.LastIndexByte(name, '.')+1:]
			if !isWords(word) && !strings.HasPrefix(name, inIntake) && !isPlain(value) || len(fields) == maxParts {
				continue
			}
			fields = append(fields, field{name, value})
		}
	}
	return fields
}

// isWords reports whether a field holds what somebody wrote, in several lines maybe.
func isWords(field string) bool {
	return slices.Contains([]string{"inside", "vendor", "value", "a", "none"}, field)
}

// readWords reads a form without keeping its files: nobody who is not signed in
// puts any on the disk. It reports whether there was one.
func (s *server) readWords(w http.ResponseWriter, r *http.Request) (file bool, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return false, s.readForm(w, r)
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.o.MaxDocument+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return false, unreadableForm()
	}
	r.PostForm = url.Values{}
	left := int64(maxForm)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return file, nil
		}
		if err != nil || n == maxParts {
			return file, tooLargeOr(err)
		}
		if part.FileName() != "" {
			file = true
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return file, tooLargeOr(err)
		}
		if left -= int64(len(text)); left < 0 {
			return file, &http.MaxBytesError{Limit: maxForm}
		}
		r.PostForm.Add(part.FormName(), string(text))
	}
}

func unreadableForm() error {
	return plainFault{http.StatusBadRequest, "the form could not be read", "go back and send it again"}
}

// tooLargeOr keeps the error of a form that is too large and drops what is said
// of others: it is about bytes, which nobody wrote.
func tooLargeOr(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return unreadableForm()
}

// isMissing reports a page of ours that isn't there.
func isMissing(err error) bool {
	var own plainFault
	return errors.As(err, &own) && slices.Contains([]int{http.StatusNotFound, http.StatusGone}, own.status)
}
