package papers

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

// read reads a document and fails the test where it isn't taken.
func readWord(t *testing.T, w wordFile) (engagement.Reading, string) {
	t.Helper()
	reading, text, err := New(Options{}).Read(t.Context(), "a.docx", mediaDOCX, w.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	if reading.Fault != "" {
		t.Fatalf("refused: %s", reading.Fault)
	}
	return reading, string(text)
}

// A contract in Word has the clauses of the same contract in Markdown: the same
// refs, the same words. Word's two ways to number the second level come to the same.
func TestWordContractsSplitLikeMarkdown(t *testing.T) {
	t.Parallel()
	for _, name := range contracts() {
		want, err := engagement.Split([]byte(contract(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, levels := range [][]string{{"decimal %1.", "decimal %2.", "lowerLetter %3.", "lowerRoman %4."}, {"decimal %1", "decimal %1.%2", "lowerLetter (%3)", "lowerRoman (%4)"}} {
			reading, text := readWord(t, asWord(contract(t, name), levels...))
			got, err := engagement.Split([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(words3(want), words3(got)); d != "" {
				t.Errorf("%s %v: clauses differ (- Markdown, + Word):\n%.3000s", name, levels, d)
			}
			if len(reading.Flags) > 0 || reading.Text == "" {
				t.Errorf("%s: flags %v, text %q", name, reading.Flags, reading.Text)
			}
		}
	}
}

// words3 is what must be alike of clauses: their name, title and words.
func words3(cs []engagement.Clause) [][3]string {
	var out [][3]string
	for _, c := range cs {
		out = append(out, [3]string{c.Ref, c.Title, c.Text})
	}
	return out
}

func TestWordTrackedChanges(t *testing.T) {
	t.Parallel()
	reading, text := readWord(t, wordFile{body: p("", r("", "The fee is "),
		`<w:del w:id="1" w:author="A"><w:r><w:delText>100</w:delText></w:r></w:del>`,
		`<w:ins w:id="2" w:author="B">`+r("", "200")+`</w:ins>`, r("", " euros."),
		`<w:moveFrom w:id="3">`+r("", " Moved away.")+`</w:moveFrom>`, `<w:moveTo w:id="4">`+r("", " Moved here.")+`</w:moveTo>`)})
	if want := "The fee is 200 euros. Moved here.\n"; text != want {
		t.Errorf("read %q, want %q", text, want)
	}
	if !slices.Equal(reading.Flags, []engagement.ReadingFlag{engagement.FlagTracked}) {
		t.Errorf("flags %v", reading.Flags)
	}
}

// A paragraph whose end is deleted goes on in the next one, and one that is gone
// altogether takes its number with it.
func TestWordDeletedParagraphEnd(t *testing.T) {
	t.Parallel()
	gone := `<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>`
	list := func(props string, runs ...string) string {
		return p(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`+props, runs...)
	}
	_, text := readWord(t, wordFile{numbering: numbers(1, "decimal %1.") + uses(1), body: list("", r("", "First.")) +
		list(gone, `<w:del w:id="2"><w:r><w:delText>Second.</w:delText></w:r></w:del>`) + list(gone, r("", "Half, ")) + list("", r("", "whole."))})
	if want := "1. First.\n\n2. Half, whole.\n"; strings.ReplaceAll(text, "  ", "") != want {
		t.Errorf("read %q, want %q", text, want)
	}
}
