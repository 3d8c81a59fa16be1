package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxDraft bounds a draft: ten files and two long texts.
const maxDraft = 256 << 10

// maxKeptFiles is how many files one delivery may have.
const maxKeptFiles = 20

// maxWords is how many characters each text of the vendor may have.
const maxWords = 10_000

// portalDraft is a delivery as it is put together: kept after each page, so that
// nothing is lost when somebody goes away in the middle.
type portalDraft struct {
	// Again are documents that were delivered before and are used again.
	Again   []draftFile   `json:"again,omitempty"`
	Refused []refusedFile `json:"refused,omitempty"` // of the last try
	// Told: the second page was filled in. Instead: they send something other than
	// what was asked for, and Why says why; Note is what they want to say besides.
	Told    bool   `json:"told,omitempty"`
	Instead bool   `json:"instead,omitempty"`
	Why     string `json:"why,omitempty"`
	Note    string `json:"note,omitempty"`
	// Form is what was typed for the lines of a form.
	Form typedLines `json:"form,omitzero"`

	uploads []draftFile // what the desk keeps
}

// draftFile is a file that was taken, and what was found.
type draftFile struct {
	Name string `json:"name"`
	engagement.Reading
}

// refusedFile is a file that was not taken.
type refusedFile struct {
	Name  string                  `json:"name"`
	Fault engagement.ReadingFault `json:"fault"`
}

// draft reads what somebody has put together for a task; what can't be read any
// more is left out.
func (g guest) draft(r *http.Request, request string) (portalDraft, error) {
	var d portalDraft
	fields, _, err := g.s.o.Portal.DraftOf(r.Context(), g.address(), request)
	if err != nil && !gone(err) {
		return d, fmt.Errorf("reading what was filled in: %w", err)
	}
	if err == nil && json.Unmarshal(fields, &d) != nil {
		d = portalDraft{}
	}
	papers, err := g.s.o.Portal.PortalUploads(r.Context(), g.address(), request)
	if err != nil {
		return d, fmt.Errorf("listing what was uploaded: %w", err)
	}
	for _, p := range papers {
		d.uploads = append(d.uploads, draftFile{p.Name, p.Reading})
	}
	return d, nil
}

// keep saves a draft.
func (g guest) keep(r *http.Request, request string, d portalDraft) error {
	fields, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("packing what was filled in: %w", err)
	}
	if len(fields) > maxDraft {
		return plainFault{http.StatusRequestEntityTooLarge, "this is more than can be kept", "send what is here, and the rest as another delivery"}
	}
	if err := g.s.o.Portal.SaveDraft(r.Context(), g.address(), request, fields); err != nil {
		return fmt.Errorf("keeping what was filled in: %w", err)
	}
	return nil
}

// begun reports whether anything was filled in.
func (d portalDraft) begun() bool {
	return len(d.files()) > 0 || d.Told || d.Why != "" || d.Note != "" || d.Form.begun()
}

// files are all that would be sent; the same bytes are one file.
func (d portalDraft) files() []draftFile {
	list := slices.Clone(d.uploads)
	for _, f := range d.Again {
		if !slices.ContainsFunc(list, func(x draftFile) bool { return x.Document == f.Document }) {
			list = append(list, f)
		}
	}
	return list
}

// missing says what has to be done before the draft can be sent, and on which
// page; empty when nothing is.
func (d portalDraft) missing() (wrong, page string) {
	switch {
	case len(d.files()) == 0:
		return "Add at least one file.", pageFiles
	case !d.Told:
		return "Say whether this is what was asked for.", pageAbout
	case d.Instead && d.Why == "":
		return "Say why you send something else.", pageAbout
	case utf8.RuneCountInString(d.Why) > maxWords || utf8.RuneCountInString(d.Note) > maxWords:
		return "Your text is longer than 10,000 characters. Shorten it, or send it as a file.", pageAbout
	}
	return "", ""
}

// form is the draft as the answer that it becomes. What the vendor's people write
// is for the client's own.
func (d portalDraft) form(nonce, request string) review.Form {
	f := review.Form{ID: nonce, Request: request, Verdict: review.Delivered, Inside: d.Note}
	for _, file := range d.files() {
		f.Documents = append(f.Documents, file.Document)
	}
	if d.Instead {
		f.Inside = "We send another document instead, because: " + d.Why
		if d.Note != "" {
			f.Inside += "\n\n" + d.Note
		}
	}
	return f
}
