package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxShown is how much of a document a page shows; a longer one is offered as a
// file. A contract of 300 pages has one million bytes.
const maxShown = 4 << 20

// paperView is a document beside the form.
type paperView struct {
	Case, Digest, Name, Media string
	Version                   int
	Size                      int64
	Clauses                   []clauseView
	// Whole: the reader is asked to read all of it.
	Whole bool
	// Mine counts the reader's clauses.
	Mine int
	// Unshown says why the text is not on the page; empty: it is.
	Unshown string
	// From names the kind of file that the text was read from; empty: the document
	// is the text itself. Found and Notes are what was found besides.
	From, Found string
	Notes       []string
	Sheet       *sheetView // a form that was filled in, which has no text of its own
}

// clauseView is one clause of a document.
type clauseView struct {
	Ref, Title string
	Body       template.HTML
	Depth      int
	Term       bool // a definition
	Mine       bool
	Mark       string // changed, new, or empty
	Anchor     string // where places of a checklist lead; empty: nothing leads here
	Points     []placeView
}

// changesView is what changed since the version that the reader saw.
type changesView struct {
	From, To int
	Empty    bool
	Clauses  []changeView
	Moved    int
	Same     int
	Link     string // to the two as one text
	// Unshown says why the comparison can't be shown.
	Unshown string
}

// changeView is one clause that is not as it was.
type changeView struct {
	Ref, Title, What, Tone string
	Mine, Term             bool
	Words                  []diffWord
	Note                   string
}

// text reads a document of a case if a page can show it: what was read from it,
// where it is a file of another kind. Unshown says why it is not.
func (s *server) text(ctx context.Context, me visitor, caseID, digest string) (p paperView, source []byte, err error) {
	paper, body, err := s.desk.Document(ctx, me.address(), caseID, digest)
	if err != nil {
		return p, nil, err
	}
	p = paperView{Case: caseID, Digest: digest, Media: paper.Media, Size: paper.Size}
	if !isText(paper.Media) && !isSheet(paper.Media) {
		_ = body.Close() // only opened
		paper, body, err = s.textOf(ctx, me, &p)
		if err != nil || p.Unshown != "" {
			return p, nil, err
		}
	}
	defer func() { _ = body.Close() }() // only read
	if paper.Size > maxShown {
		p.Unshown = "This document is too long for a page, so it is offered as a file."
		return p, nil, nil
	}
	source, err = io.ReadAll(io.LimitReader(body, maxShown))
	if err != nil {
		return p, nil, fmt.Errorf("reading a document: %w", err)
	}
	return p, source, nil
}

// textOf opens the text that was read from a file, and says what was found in it.
func (s *server) textOf(ctx context.Context, me visitor, p *paperView) (paper dossier.Paper, body io.ReadCloser, err error) {
	p.Unshown = "This is no text (" + cut(p.Media) + "), so it is offered as a file."
	if s.o.VendorSide == nil {
		return paper, nil, nil
	}
	reading, err := s.o.VendorSide.ReadingOf(ctx, me.address(), p.Case, p.Digest)
	if gone(err) {
		return paper, nil, nil
	}
	if err != nil {
		return paper, nil, fmt.Errorf("asking what was found in a document: %w", err)
	}
	p.Found = foundWords(reading)
	for _, f := range reading.Flags {
		p.Notes = append(p.Notes, flagWords(f))
	}
	if reading.Text == "" {
		return paper, nil, nil
	}
	paper, body, err = s.o.VendorSide.TextOf(ctx, me.address(), p.Case, p.Digest)
	if gone(err) {
		return paper, nil, nil
	}
	if err != nil {
		return paper, nil, fmt.Errorf("opening what was read from a document: %w", err)
	}
	p.Unshown, p.From = "", mediaWords(reading.Media)
	return paper, body, nil
}

// isText takes every kind of text, HTML too: a contract in Markdown that begins
// with a tag is sniffed as that, and what is shown of it is sanitised or escaped.
func isText(media string) bool { return strings.HasPrefix(media, "text/") }

// beside gives the current version of a request's document with the reader's
// clauses marked, and what changed since the version they saw.
func (s *server) beside(ctx context.Context, me visitor, who names, r *review.Request, scopes [][]string) (*paperView, *changesView, error) {
	if len(r.Versions) == 0 {
		return nil, nil, nil
	}
	current := r.Versions[len(r.Versions)-1]
	p, source, err := s.text(ctx, me, r.Case, current.Document)
	if gone(err) {
		p, err = paperView{Case: r.Case, Digest: current.Document, Unshown: "The text of this version is no longer kept."}, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("opening the document under review: %w", err)
	}
	p.Name, p.Version = human(r.Document), current.Number
	var clauses []engagement.Clause
	switch {
	case p.Unshown != "":
	case isSheet(p.Media):
		if err := p.showsSheet(source, who); err != nil {
			return nil, nil, err
		}
	default:
		clauses, err = engagement.Split(source)
		if err != nil {
			p.Unshown = "This document can't be shown clause by clause: " + err.Error() + "."
		}
	}
	changes, cmp, err := s.changes(ctx, me, r, clauses, scopes)
	if err != nil {
		return nil, nil, err
	}
	if p.Unshown == "" && p.Sheet == nil {
		s.fill(&p, clauses, cmp, scopes)
	}
	return &p, changes, nil
}

// fill puts the clauses on the page.
func (s *server) fill(p *paperView, clauses []engagement.Clause, cmp engagement.Comparison, scopes [][]string) {
	mine, whole := readerOf(scopes, clauses)
	p.Whole = whole
	for _, c := range clauses {
		v := clauseView{Ref: c.Ref, Title: c.Title, Mine: !whole && mine[c.Ref]}
		v.Term = strings.HasPrefix(c.Ref, "def/")
		if !v.Term {
			v.Depth = min(strings.Count(c.Ref, "."), 3)
		}
		switch {
		case slices.Contains(cmp.New, c.Ref):
			v.Mark = "new"
		case slices.Contains(cmp.Changed, c.Ref):
			v.Mark = "changed"
		}
		if v.Mine {
			p.Mine++
		}
		body, err := s.paper.render([]byte(dedent(c.Source)))
		if err != nil || !shows(body, c.Text) {
			v.Body = asWritten(dedent(c.Source))
		} else {
			v.Body = lead(body, c.Title)
		}
		p.Clauses = append(p.Clauses, v)
	}
}

// lead sets a clause's title apart where the text begins with it; contracts mark
// it up in ways that the sanitiser drops. The words stay as they are.
func lead(body template.HTML, title string) template.HTML {
	text, escaped := string(body), template.HTMLEscapeString(title)
	start := 0
	for start < len(text) && (text[start] == '<' || text[start] == '\n') {
		if text[start] == '<' {
			end := strings.IndexByte(text[start:], '>')
			if end < 0 {
				return body
			}
			start += end
		}
		start++
	}
	if title == "" || !strings.HasPrefix(text[start:], escaped) {
		return body
	}
	end := start + len(escaped)
	return template.HTML(text[:start] + "<strong>" + text[start:end] + "</strong>" + text[end:]) // sanitised before, and balanced
}

// readerOf resolves the scopes of somebody's seats. A seat without a scope, or
// whose clauses cannot be found, reads everything.
func readerOf(scopes [][]string, clauses []engagement.Clause) (mine map[string]bool, whole bool) {
	mine = map[string]bool{}
	for _, scope := range scopes {
		refs := engagement.Scope(scope).Resolve(clauses)
		if len(refs) == 0 {
			return mine, true
		}
		for _, ref := range refs {
			mine[ref] = true
		}
	}
	return mine, false
}

// seen is the version that the person had before them last: the one they
// answered for, else the one before the current.
func seen(r *review.Request, person string) (review.Version, bool) {
	if len(r.Versions) < 2 {
		return review.Version{}, false
	}
	number := r.Versions[len(r.Versions)-2].Number
	for _, b := range r.Ballots {
		if b.Person == person && b.Version < r.Current() {
			number = b.Version
		}
	}
	i := slices.IndexFunc(r.Versions, func(v review.Version) bool { return v.Number == number })
	if i < 0 {
		return review.Version{}, false
	}
	return r.Versions[i], true
}

// changes compares the current version with the one that the reader saw, nil
// when this is the first.
func (s *server) changes(ctx context.Context, me visitor, r *review.Request, clauses []engagement.Clause, scopes [][]string) (*changesView, engagement.Comparison, error) {
	var none engagement.Comparison
	old, ok := seen(r, me.ID)
	if !ok {
		return nil, none, nil
	}
	view := &changesView{From: old.Number, To: r.Current(), Link: redlineLink(r.Case, r.Process, r.Document, old.Number, r.Current())}
	if clauses == nil {
		view.Unshown = "The two versions can't be compared on this page."
		return view, none, nil
	}
	p, source, err := s.text(ctx, me, r.Case, old.Document)
	if gone(err) {
		view.Unshown = "The earlier version is no longer kept."
		return view, none, nil
	}
	if err != nil {
		return nil, none, fmt.Errorf("opening the earlier version: %w", err)
	}
	before, err := engagement.Split(source)
	if p.Unshown != "" || err != nil {
		view.Unshown = "The earlier version can't be compared: it is not text."
		return view, none, nil // what can't be split is said on the page
	}
	cmp := engagement.Compare(before, clauses)
	mine, whole := readerOf(scopes, clauses)
	minePast, _ := readerOf(scopes, before)
	view.Empty, view.Same, view.Moved = cmp.Empty(), cmp.Same, len(cmp.Moved)
	view.Clauses = clauseChanges(before, clauses, cmp)
	for i := range view.Clauses {
		ref := view.Clauses[i].Ref
		view.Clauses[i].Mine = !whole && (mine[ref] || view.Clauses[i].What == "gone" && minePast[ref])
	}
	return view, cmp, nil
}

func gone(err error) bool {
	var nothing interface{ NotFound() bool }
	return errors.As(err, &nothing) && nothing.NotFound()
}
