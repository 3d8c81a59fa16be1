package engagement_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

// questions are one point of each kind.
func questions() []engagement.Point {
	return []engagement.Point{
		{ID: "what", Title: "What do you\n do?", Ask: "In a few words.", Kind: engagement.PointText, Proposed: []string{"4"}},
		{ID: "mfa", Title: "Two factors?", Kind: engagement.PointYesNo},
		{ID: "where", Title: "Where?", Kind: engagement.PointChoice, Options: []string{"In the EU", "Elsewhere"}},
		{ID: "which", Title: "Which?", Kind: engagement.PointMany, Options: []string{"ISO 27001", "ITIL", "none of them"}},
		{ID: "until", Title: "Good until", Kind: engagement.PointDate, Expires: true},
		{ID: "people", Title: "How many?", Kind: engagement.PointNumber, Optional: true},
		{ID: "cover", Title: "Insured for", Kind: engagement.PointAmount},
		{ID: "owner", Title: "Who looks after it?", Kind: engagement.PointPerson},
		{ID: "proof", Title: "The certificate", Kind: engagement.PointFile, KeepDays: 90},
		{ID: "place", Title: "Where does it say so?"},
	}
}

func answers() ([]engagement.Finding, map[string]string) {
	return []engagement.Finding{
			{Point: "proof", Document: someFile}, {Point: "mfa", Choices: []string{"no"}}, {Point: "where", Choices: []string{"In the EU"}},
			{Point: "which", Choices: []string{"ITIL", "ISO 27001"}}, {Point: "until", On: someDay.In(time.FixedZone("there", 7200))},
			{Point: "cover", Number: number(1250000)}, {Point: "owner", Choices: []string{"sam"}}, {Point: "place", Places: []string{"4.2", "7"}, Said: true},
		}, map[string]string{
			"what": "  We host payroll.\r\n= yes\r\n\r\nFor 40 firms. ", "mfa": "Not yet: in May.", "people": "\n\t ",
		}
}

func filled(t *testing.T) engagement.Sheet {
	t.Helper()
	f, words := answers()
	s, err := engagement.FillSheet("About you", questions(), f, words)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFillSheet(t *testing.T) {
	t.Parallel()
	s := filled(t)
	var got []string
	for _, l := range s.Lines {
		got = append(got, l.Point.ID)
		if l.Point.Proposed != nil || l.Finding.Point != l.Point.ID || l.Finding.Said != (l.Words != "") {
			t.Errorf("line %+v", l)
		}
	}
	if d := cmp.Diff([]string{"what", "mfa", "where", "which", "until", "cover", "owner", "proof", "place"}, got); d != "" {
		t.Errorf("lines in the order of the points, those without an answer left out (-want +got):\n%s", d)
	}
	if s.Lines[0].Words != "We host payroll.\n= yes\n\nFor 40 firms." {
		t.Errorf("words are kept as %q", s.Lines[0].Words)
	}
	for what, do := range map[string]func() error{
		"a point twice": func() error {
			_, err := engagement.FillSheet("", questions(), []engagement.Finding{{Point: "mfa"}, {Point: "mfa"}}, nil)
			return err
		},
		"a strange point": func() error {
			_, err := engagement.FillSheet("", questions(), []engagement.Finding{{Point: "shoes"}}, nil)
			return err
		},
		"strange words": func() error {
			_, err := engagement.FillSheet("", questions(), nil, map[string]string{"shoes": "brown"})
			return err
		},
	} {
		if do() == nil {
			t.Errorf("%s is filled in", what)
		}
	}
}

func TestASheetHasOneSpelling(t *testing.T) {
	t.Parallel()
	s := filled(t)
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := engagement.ReadSheet(text)
	if d := cmp.Diff(s, back); d != "" || err != nil {
		t.Errorf("%v (-written +read):\n%s", err, d)
	}
	again, err := filled(t).Encode()
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("the same answers are %s and %s: %v", text, again, err)
	}
	for what, other := range map[string]string{
		"white space":    " " + string(text),
		"a line more":    string(text) + "\n",
		"two sheets":     string(text) + string(text),
		"a field more":   strings.Replace(string(text), `{"title":`, `{"by":"vera","title":`, 1),
		"a zone":         strings.Replace(string(text), `"2026-03-02T00:00:00Z"`, `"2026-03-02T02:00:00+02:00"`, 1),
		"another order":  strings.Replace(string(text), `"choices":["no"],"said":true`, `"said":true,"choices":["no"]`, 1),
		"unsaid words":   strings.Replace(string(text), `"choices":["no"],"said":true`, `"choices":["no"]`, 1),
		"another point":  strings.Replace(string(text), `"finding":{"point":"mfa"`, `"finding":{"point":"where"`, 1),
		"loose words":    strings.Replace(string(text), `"Not yet: in May."`, `"Not yet: in May. "`, 1),
		"an escaped one": strings.Replace(string(text), `"Not yet: in May."`, `"Not yet\u003a in May."`, 1),
		"nothing":        "",
		"no sheet":       "[]",
		"a half":         string(text[:len(text)/2]),
	} {
		if other == string(text) {
			t.Errorf("%s changes nothing", what)
		}
		if _, err := engagement.ReadSheet([]byte(other)); err == nil {
			t.Errorf("%s is read as a sheet", what)
		}
	}
}

func TestSheetBounds(t *testing.T) {
	t.Parallel()
	line := func(id, words string) engagement.SheetLine {
		return engagement.SheetLine{Point: engagement.Point{ID: id}, Finding: engagement.Finding{Point: id, Said: words != ""}, Words: words}
	}
	var lines []engagement.SheetLine
	for i := range engagement.MaxSheetLines {
		lines = append(lines, line(fmt.Sprint(i), strings.Repeat("x", 5000)))
	}
	if _, err := (engagement.Sheet{Lines: lines}).Encode(); err != nil {
		t.Errorf("a full sheet: %v", err)
	}
	long := strings.Repeat("x", engagement.MaxSheetWords)
	for what, s := range map[string]engagement.Sheet{
		"lines":          {Lines: append(lines, line("more", ""))},
		"words":          {Lines: []engagement.SheetLine{line("a", long+"x")}},
		"a line twice":   {Lines: []engagement.SheetLine{line("a", ""), line("a", "")}},
		"no id":          {Lines: []engagement.SheetLine{line("", "")}},
		"a control":      {Lines: []engagement.SheetLine{line("a", "bell\a")}},
		"no UTF-8":       {Lines: []engagement.SheetLine{line("a", "a\xff")}},
		"a title":        {Title: "a\x00"},
		"a strange line": {Lines: []engagement.SheetLine{{Point: engagement.Point{ID: "a", Options: []string{"x\x1b[2J"}}, Finding: engagement.Finding{Point: "a"}}}},
		"all too much":   {Lines: []engagement.SheetLine{line("a", long), line("b", long)}},
	} {
		if what == "all too much" {
			for i := range 60 {
				s.Lines = append(s.Lines, line(fmt.Sprint(i), long))
			}
		}
		if _, err := s.Encode(); err == nil {
			t.Errorf("%s: encoded", what)
		}
	}
	if _, err := engagement.ReadSheet(bytes.Repeat([]byte("["), engagement.MaxSheet+1)); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("too large a sheet: %v", err)
	}
}

// TestSheetText: what people read of a sheet, with words that look like an answer.
func TestSheetText(t *testing.T) {
	t.Parallel()
	want := `About you

1. What do you do?
   In a few words.
   | We host payroll.
   | = yes
   |
   | For 40 firms.

2. Two factors?
   = no
   | Not yet: in May.

3. Where?
   = In the EU

4. Which?
   = ITIL; ISO 27001

5. Good until
   = 2026-03-02

6. Insured for
   = 1,250,000

7. Who looks after it?
   = Sam Smith

8. The certificate
   = ` + someFile + `

9. Where does it say so?
   = at 4.2, 7
`
	s := filled(t)
	if d := cmp.Diff(want, s.Text(map[string]string{"sam": "Sam\nSmith"})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !strings.Contains(s.Text(nil), "= sam\n") {
		t.Error("whoever has no name is no id either")
	}
	for want, l := range map[string]engagement.SheetLine{
		"there is none":      {Point: engagement.Point{Kind: engagement.PointFile}, Finding: engagement.Finding{Missing: true, Said: true}},
		"missing":            {Finding: engagement.Finding{Missing: true}},
		"-12,000":            {Finding: engagement.Finding{Number: number(-12000)}},
		"7":                  {Finding: engagement.Finding{Number: number(7)}},
		"2026-03-02, at 4.2": {Finding: engagement.Finding{On: someDay, Places: []string{"4.2"}}},
		"":                   {Finding: engagement.Finding{Said: true}, Words: "x"},
	} {
		if got := l.Answer(nil); got != want {
			t.Errorf("%+v is %q, want %q", l.Finding, got, want)
		}
	}
}

// TestWordsNeverLookLikeTheForm: whatever somebody writes, each line of it stands
// behind the bar.
func TestWordsNeverLookLikeTheForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching(`[ a\n\r\t=|0-9.]{0,40}`).Draw(t, "words")
		s, err := engagement.FillSheet("Title", []engagement.Point{{ID: "a", Title: "A?", Kind: engagement.PointText}}, nil, map[string]string{"a": words})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSuffix(s.Text(nil), "\n"), "\n") {
			if i > 2 && !strings.HasPrefix(line, "   |") {
				t.Fatalf("%q is shown as the line %q", words, line)
			}
		}
	})
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte(`{"title":"A","lines":[]}`))
	f.Add([]byte(`{"title":"A","lines":null}`))
	f.Add([]byte(`{"title":"A","lines":[{"point":{"id":"a","title":"","source":""},"finding":{"point":"a","said":true},"words":"x"}]}`))
	findings, words := answers()
	s, err := engagement.FillSheet("About you", questions(), findings, words)
	if err != nil {
		f.Fatal(err)
	}
	text, err := s.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := engagement.ReadSheet(text)
		if err != nil {
			return
		}
		again, err := s.Encode()
		if err != nil || !bytes.Equal(text, again) || !json.Valid(text) {
			t.Errorf("%q was read, and is written as %q: %v", text, again, err)
		}
		if shown := s.Text(nil); strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}
