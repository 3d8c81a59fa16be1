package activities

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/exit"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// invoiced is a sheet of what is still open between both sides.
func invoiced(t *testing.T) engagement.Sheet {
	t.Helper()
	n := func(n int64) *int64 { return &n }
	point := func(id, title string, kind engagement.PointKind) engagement.Point {
		return engagement.Point{ID: id, Title: title, Kind: kind}
	}
	s, err := engagement.FillSheet("The last invoice", []engagement.Point{point("invoice", "The last invoice", engagement.PointAmount),
		point("prepaid", "What was paid ahead", engagement.PointAmount), point("deposits", "Deposits", engagement.PointAmount), point("kept-back", "What is kept back", engagement.PointText),
		point("agreed", "Do both sides agree", engagement.PointYesNo)},
		[]engagement.Finding{{Point: "invoice", Number: n(1200)}, {Point: "prepaid", Number: n(0)}, {Point: "deposits", Missing: true}, {Point: "agreed", Choices: []string{engagement.No}}},
		map[string]string{"deposits": "nothing was left with them", "kept-back": "the secret tenth"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestACertificateSaysWhatIsOwed: each amount of the sheet, and whether both sides agree,
// under the step that settled it; no words of anybody's.
func TestACertificateSaysWhatIsOwed(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	text, err := invoiced(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := a.fileText(t.Context(), text, "a sheet")
	if err != nil {
		t.Fatal(err)
	}
	c := sound()
	c.Matters = append(c.Matters, exit.Matter{ID: "exit/acme/1:exit-money", Part: exit.PartExit, Name: "exit-money", State: exit.StateDone, Document: sheet, By: "finance-fay", Answer: "a8"},
		exit.Matter{ID: "exit/acme/1:exit-survival", Part: exit.PartExit, Name: "exit-survival", State: exit.StateDone, By: "legal-lee", Answer: "a9"})
	out, err := a.Certify(t.Context(), exit.Issue{Certificate: c})
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, s, out.Page)
	want := "  exit-money: done by finance-fay (" + sheet + ")\n    The last invoice: 1200\n    What was paid ahead: 0\n    Deposits: none\n    Do both sides agree: no\n  exit-survival: done by legal-lee"
	if !strings.Contains(page, want) || strings.Contains(page, "secret") || strings.Contains(page, "left with them") {
		t.Errorf("the page says\n%s", page)
	}
}

// TestACertificateSaysWhatOutlivesTheContract: each clause that was found, where it stands
// and how long it binds, and in one line what was looked for and is not there. Titles stay
// on their lines, and the page stays a page.
func TestACertificateSaysWhatOutlivesTheContract(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	c := sound()
	c.Contract = "sha256:contract"
	c.Clauses = []exit.Clause{{Point: "confidentiality", Title: "Confidentiality", Places: []string{"11.2", "11.3"}},
		{Point: "hiring", Title: "Hiring each\nother's people", Missing: true}, {Point: "audit", Title: "Audit", Until: c.At}, {Point: "records", Title: "Records", Places: []string{"12"}, Until: c.At}}
	certified := func() string {
		out, err := a.Certify(t.Context(), exit.Issue{Certificate: c})
		if err != nil {
			t.Fatal(err)
		}
		return read(t, s, out.Page)
	}
	want := "\nWHAT OUTLIVES THE CONTRACT sha256:contract\n  Confidentiality: 11.2, 11.3\n  Audit: until 30 September 2026\n  Records: 12, until 30 September 2026\n" +
		"  Looked for, and not in it: Hiring each other's people.\n\n"
	if page := certified(); !strings.Contains(page, want) {
		t.Errorf("the page says\n%s\nwant\n%s", page, want)
	}
	c.Clauses = c.Clauses[1:2]
	if page := certified(); !strings.Contains(page, "  nothing that was looked for\n  Looked for, and not in it: Hiring") {
		t.Errorf("with nothing found the page says\n%s", page)
	}
	for range 40 {
		c.Clauses = append(c.Clauses, exit.Clause{Title: strings.Repeat("long ", 200), Places: []string{"1"}})
	}
	if page := certified(); strings.Count(page, "\n  long long") != mostSettled || !strings.Contains(page, "  and 28 more, in the record\n") {
		t.Errorf("with many clauses the page says\n%s", page)
	}
	c.Clauses = nil
	if page := certified(); strings.Contains(page, "OUTLIVES") {
		t.Errorf("where nobody looked the page says\n%s", page)
	}
}

// TestWhatCannotBeReadIsNotCounted: documents of other kinds, and what was erased, have no
// lines; a store that is away is asked again.
func TestWhatCannotBeReadIsNotCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := &Activities{Archive: s, Filing: s}
	paper, err := a.fileText(t.Context(), []byte("%PDF a receipt"), "a receipt")
	if err != nil {
		t.Fatal(err)
	}
	matter := func(document string) exit.Matter {
		return exit.Matter{ID: document, Part: exit.PartExit, State: exit.StateDone, Document: document}
	}
	got, err := a.settled(t.Context(), []exit.Matter{matter(paper), matter("sha256:erased"), matter("")})
	if d := cmp.Diff(map[string][]string{}, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	s.fault = errors.New("the store is away")
	if _, err := a.settled(t.Context(), []exit.Matter{matter(paper)}); err == nil || missing(err) {
		t.Errorf("a store that is away: %v", err)
	}
}

// TestSumsAreFew: whatever the sheet, its lines are few, each in one line, and there are
// none where it names no amount.
func TestSumsAreFew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s engagement.Sheet
		amounts := 0
		for range rapid.IntRange(0, 30).Draw(t, "lines") {
			l := engagement.SheetLine{Point: engagement.Point{Title: rapid.SampledFrom([]string{"The last invoice", "Two\nlines"}).Draw(t, "title"),
				Kind: rapid.SampledFrom([]engagement.PointKind{engagement.PointAmount, engagement.PointText, engagement.PointYesNo, engagement.PointNumber}).Draw(t, "kind")}, Words: "words of theirs"}
			switch n := rapid.Int64Range(0, 1e9).Draw(t, "n"); l.Point.Kind {
			case engagement.PointAmount:
				l.Finding.Number = &n
				amounts++
			case engagement.PointYesNo:
				l.Finding.Choices = []string{engagement.Yes}
			}
			s.Lines = append(s.Lines, l)
		}
		got := sumsIn(s)
		if (len(got) > 0) != (amounts > 0) || len(got) > mostSettled ||
			slices.ContainsFunc(got, func(line string) bool { return strings.ContainsAny(line, "\n") || strings.Contains(line, "theirs") }) {
			t.Fatalf("%d amounts, and %q", amounts, got)
		}
	})
}
