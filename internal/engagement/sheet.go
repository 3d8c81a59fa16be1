package engagement

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SheetMedia is the media type under which a Sheet is kept.
const SheetMedia = "application/vnd.gangway.sheet+json"

// Bounds of a sheet (bytes, but for its lines). A word limit that people meet is the
// form's own; these keep a stranger from filling the store.
const (
	MaxSheet      = 1 << 20
	MaxSheetLines = 200
	MaxSheetWords = 20 << 10 // of one line
)

// Sheet is what somebody filled in for the points of a request, words included. It is
// kept as a document; a process carries its digest and the findings, which hold no
// words.
type Sheet struct {
	// Title is the request's, Lines are in the order of its points.
	Title string      `json:"title"`
	Lines []SheetLine `json:"lines"`
}

// SheetLine is one point as it was shown, with what was answered.
type SheetLine struct {
	Point   Point   `json:"point"`
	Finding Finding `json:"finding"`
	Words   string  `json:"words,omitempty"`
}

// FillSheet makes the sheet of what somebody answered: a line for each point that has
// a finding or words, in the order of the points, as the points were shown. Words say
// of themselves that they are there, whatever the finding claims; proposals of a search
// are left out, since nobody was asked about them. Findings and words for points that
// are not asked, or two findings for one, are an error.
func FillSheet(title string, points []Point, findings []Finding, words map[string]string) (Sheet, error) {
	s := Sheet{Title: title}
	asked := map[string]bool{}
	for _, p := range points {
		asked[p.ID] = true
	}
	byPoint := map[string]Finding{}
	for _, f := range findings {
		if _, twice := byPoint[f.Point]; twice {
			return Sheet{}, fmt.Errorf("point %q is answered twice", f.Point)
		}
		if !asked[f.Point] {
			return Sheet{}, fmt.Errorf("point %q is not asked", f.Point)
		}
		byPoint[f.Point] = f
	}
	for id := range words {
		if !asked[id] {
			return Sheet{}, errors.New("there are words for a point that is not asked")
		}
	}
	for _, p := range points {
		f, found := byPoint[p.ID]
		said := tidy(words[p.ID])
		if !found && said == "" {
			continue
		}
		f.Point, f.Said, f.On = p.ID, said != "", f.On.UTC()
		p.Proposed = nil
		s.Lines = append(s.Lines, SheetLine{Point: p, Finding: f, Words: said})
	}
	return s, nil
}

// tidy is words as they are kept: line ends of one kind, no white space around.
func tidy(words string) string {
	words = strings.ReplaceAll(strings.ReplaceAll(words, "\r\n", "\n"), "\r", "\n")
	return strings.TrimSpace(words)
}

// Encode writes the sheet as it is kept: JSON of which there is one spelling, so that
// the same answers have the same digest.
func (s Sheet) Encode() ([]byte, error) {
	err := s.check()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("writing a sheet: %w", err)
	}
	if len(text) > MaxSheet {
		return nil, fmt.Errorf("the sheet has %d bytes, more than %d; write less, or put it into a document", len(text), MaxSheet)
	}
	return text, nil
}

// ReadSheet reads a sheet that Encode wrote, and nothing else: bytes that it would not
// have written are refused, whoever filed them.
func ReadSheet(text []byte) (Sheet, error) {
	if len(text) > MaxSheet {
		return Sheet{}, fmt.Errorf("a sheet has at most %d bytes, this has %d", MaxSheet, len(text))
	}
	var s Sheet
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if err != nil {
		return Sheet{}, fmt.Errorf("reading a sheet: %w", err)
	}
	again, err := s.Encode()
	if err != nil {
		return Sheet{}, fmt.Errorf("checking a sheet: %w", err)
	}
	if !bytes.Equal(again, text) {
		return Sheet{}, errors.New("the sheet is not written as a sheet is")
	}
	return s, nil
}

// check holds what every sheet keeps to. That findings are sound is for whoever judges
// the answer: what was refused is kept as well.
func (s Sheet) check() error {
	if len(s.Lines) > MaxSheetLines {
		return fmt.Errorf("a sheet has at most %d lines, this has %d", MaxSheetLines, len(s.Lines))
	}
	if !isProse(s.Title) {
		return errors.New("the sheet's title holds what is no text")
	}
	seen := map[string]bool{}
	for _, l := range s.Lines {
		switch {
		case l.Point.ID == "" || seen[l.Point.ID]:
			return fmt.Errorf("point %q has no line of its own in the sheet", l.Point.ID)
		case l.Finding.Point != l.Point.ID:
			return fmt.Errorf("the finding of point %q is about another", l.Point.ID)
		case len(l.Words) > MaxSheetWords:
			return fmt.Errorf("point %q has %d bytes of words, more than %d", l.Point.ID, len(l.Words), MaxSheetWords)
		case l.Finding.Said != (l.Words != "") || l.Words != tidy(l.Words):
			return fmt.Errorf("the words for point %q are not as they are kept", l.Point.ID)
		case !isProse(l.Words):
			return fmt.Errorf("the words for point %q hold what is no text", l.Point.ID)
		case !isProse(strings.Join(slices.Concat([]string{l.Point.ID, l.Point.Title, l.Point.Ask, l.Point.Source, l.Finding.Document}, l.Point.Options, l.Finding.Choices, l.Finding.Places), " ")):
			return fmt.Errorf("the line of point %q holds what is no text", l.Point.ID)
		case l.Finding.On.Location().String() != "UTC":
			return fmt.Errorf("the date of point %q is not in universal time", l.Point.ID)
		}
		seen[l.Point.ID] = true
	}
	return nil
}

// isProse: valid text without control characters, but for line ends and tabs.
func isProse(s string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, odd)
}
