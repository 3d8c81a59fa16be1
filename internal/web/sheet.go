package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// sheetView is a form as somebody filled it in.
type sheetView struct {
	Title string
	By    string
	At    *instant
	Link  string // of the document that holds it
	Rows  []sheetRow
}

// sheetRow is one line of it.
type sheetRow struct {
	Title, Ask, Source string
	Answer             string
	Words              string
	Link               string // of a document that is the answer
	Digest             string
	None               bool // there is none, and Words say why
}

// isSheet reports whether a document is a form that was filled in.
func isSheet(media string) bool {
	kind, _, _ := strings.Cut(media, ";")
	return strings.TrimSpace(kind) == engagement.SheetMedia
}

// sheetRows puts a form into words. link leads to a document, and may be nil where
// there is no way to one.
func sheetRows(sheet engagement.Sheet, names map[string]string, link func(digest string) string) []sheetRow {
	var rows []sheetRow
	for _, l := range sheet.Lines {
		row := sheetRow{Title: cut(l.Point.Title), Ask: tidy(l.Point.Ask), Source: cut(l.Point.Source), Words: tidy(l.Words), None: l.Finding.Missing}
		if row.Title == "" {
			row.Title = human(l.Point.ID)
		}
		switch {
		case l.Finding.Document != "":
			row.Answer, row.Digest = "the document", flat(l.Finding.Document)
			if link != nil {
				row.Link = link(l.Finding.Document)
			}
		case l.Point.Kind == engagement.PointYesNo && len(l.Finding.Choices) == 1:
			row.Answer = upper(flat(l.Finding.Choices[0]))
		case !l.Finding.On.IsZero():
			row.Answer = l.Finding.On.Format("2 Jan 2006")
		default:
			row.Answer = flat(l.Answer(names))
		}
		rows = append(rows, row)
	}
	return rows
}

// readSheet reads a document as a form that was filled in. One that is damaged is
// an error that is ours, since nobody but the desk writes them.
func readSheet(body io.Reader) (engagement.Sheet, error) {
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxSheet+1))
	if err != nil {
		return engagement.Sheet{}, fmt.Errorf("opening what was filled in: %w", err)
	}
	sheet, err := engagement.ReadSheet(text)
	if err != nil {
		return sheet, fmt.Errorf("reading what was filled in: %w", err)
	}
	return sheet, nil
}

// sheets are the forms that stand as answers of a request.
func (s *server) sheets(ctx context.Context, me visitor, who names, r *review.Request, now time.Time) ([]sheetView, error) {
	if !r.Sheet {
		return nil, nil
	}
	var views []sheetView
	for _, seat := range r.Policy.Seats() {
		b := r.Standing(seat.ID)
		if b == nil || len(b.Documents) == 0 {
			continue
		}
		digest := b.Documents[len(b.Documents)-1]
		v := sheetView{By: who.of(b.Person), At: me.at(b.At, now), Link: documentLink("/document", r.Case, digest)}
		sheet, err := s.sheetOf(ctx, me, r.Case, digest)
		if gone(err) { // erased, or not for them
			continue
		}
		if err != nil {
			return nil, err
		}
		v.Title, v.Rows = cut(sheet.Title), sheetRows(sheet, who.byID, func(d string) string { return documentLink("/document", r.Case, d) })
		views = append(views, v)
	}
	return views, nil
}

// sheetOf opens a form that was filled in; NotFound where the document is none.
func (s *server) sheetOf(ctx context.Context, me visitor, caseID, digest string) (engagement.Sheet, error) {
	paper, body, err := s.desk.Document(ctx, me.address(), caseID, digest)
	if err != nil {
		return engagement.Sheet{}, fmt.Errorf("looking for what was filled in: %w", err)
	}
	defer func() { _ = body.Close() }() // only read
	if !isSheet(paper.Media) {
		return engagement.Sheet{}, missing("document")
	}
	return readSheet(body)
}

// showsSheet shows a document as the form that it is.
func (p *paperView) showsSheet(source []byte, who names) error {
	sheet, err := readSheet(bytes.NewReader(source))
	if err != nil {
		return err
	}
	p.Sheet = &sheetView{Title: cut(sheet.Title), Rows: sheetRows(sheet, who.byID, func(d string) string { return documentLink("/document", p.Case, d) })}
	return nil
}

// downloadForm sends a request's form as a text, with what was kept so far.
func (s *server) downloadForm(w http.ResponseWriter, r *http.Request, me visitor) error {
	req, waits, err := s.findRequest(r.Context(), me, r.FormValue("id"))
	if err != nil {
		return err
	}
	if !req.Sheet || len(req.Points) == 0 {
		return missing("form")
	}
	var f fillForm
	if waits && s.o.VendorSide != nil {
		if f, _, err = s.keptFilling(r.Context(), me, req.ID); err != nil {
			return err
		}
	}
	s.sendSheetFile(w, req.Title, req.ID, req.Points, f.typedLines)
	return nil
}

// formLink leads to a request's form as a text.
func formLink(request string) string { return "/request/form?" + url.Values{"id": {request}}.Encode() }
