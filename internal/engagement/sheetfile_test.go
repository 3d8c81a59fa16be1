package engagement_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

const sheetRequest = "diligence/acme/1:questionnaire.1"

// questionnaire has a point of every kind.
func questionnaire() []engagement.Point {
	return []engagement.Point{
		{ID: "company", Title: "Registered name and seat", Kind: engagement.PointText, Ask: "As in the register.\nAnswer: is no answer here."},
		{ID: "mfa", Title: "Is a second factor asked for?", Kind: engagement.PointYesNo},
		{ID: "hosting", Title: "Where is it hosted?", Kind: engagement.PointChoice, Options: []string{"in the EU", "in the UK", "elsewhere"}},
		{ID: "standards", Title: "Standards held", Kind: engagement.PointMany, Options: []string{"ISO 27001", "ITIL", "Cyber Essentials"}, Optional: true},
		{ID: "until", Title: "Insured until", Kind: engagement.PointDate, Expires: true},
		{ID: "staff", Title: "People who work for us", Kind: engagement.PointNumber},
		{ID: "cover", Title: "Sum insured", Kind: engagement.PointAmount},
		{ID: "lead", Title: "Who leads it on our side?", Kind: engagement.PointPerson},
		{ID: "policy", Title: "The policy", Kind: engagement.PointFile},
		{ID: "clause", Title: "Where is liability capped?"},
		{ID: "ends", Title: "It ends on", Dated: true},
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	day := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	digest := "sha256:" + strings.Repeat("ab", 32)
	points := map[string]engagement.Point{}
	for _, p := range questionnaire() {
		points[p.ID] = p
	}
	for _, c := range []struct {
		point string
		typed []string
		want  engagement.Finding
		words string
		wrong bool
	}{
		{"company", nil, engagement.Finding{}, "", false},
		{"company", []string{" \r\n\n", ""}, engagement.Finding{}, "", false},
		{"company", []string{"\n  Acme\x07 Ltd \r\n\nLeeds\n"}, engagement.Finding{Point: "company", Said: true}, "  Acme Ltd\n\nLeeds", false},
		{"company", []string{strings.Repeat("x", engagement.MaxWords+1)}, engagement.Finding{}, "", true},
		{"mfa", []string{"Yes."}, engagement.Finding{Point: "mfa", Choices: []string{engagement.Yes}}, "", false},
		{"mfa", []string{"false"}, engagement.Finding{Point: "mfa", Choices: []string{engagement.No}}, "", false},
		{"mfa", []string{"sometimes"}, engagement.Finding{}, "", true},
		{"mfa", []string{"yes", "no"}, engagement.Finding{}, "", true},
		{"hosting", []string{"IN THE UK"}, engagement.Finding{Point: "hosting", Choices: []string{"in the UK"}}, "", false},
		{"hosting", []string{"in the EU", "in the UK"}, engagement.Finding{}, "", true},
		{"hosting", []string{"on the moon"}, engagement.Finding{}, "", true},
		{"standards", []string{"ITIL", "iso 27001", "ITIL"}, engagement.Finding{Point: "standards", Choices: []string{"ISO 27001", "ITIL"}}, "", false},
		{"standards", []string{"ITIL", "ISO 9001"}, engagement.Finding{}, "", true},
		{"until", []string{"2027-03-31"}, engagement.Finding{Point: "until", On: day}, "", false},
		{"until", []string{"31.3.2027"}, engagement.Finding{}, "", true},
		{"until", []string{"2027-02-30"}, engagement.Finding{}, "", true},
		{"until", []string{"0001-01-01"}, engagement.Finding{}, "", true},
		{"ends", []string{"2027-03-31"}, engagement.Finding{Point: "ends", On: day}, "", false},
		{"staff", []string{"12"}, engagement.Finding{Point: "staff", Number: n(12)}, "", false},
		{"staff", []string{"0"}, engagement.Finding{Point: "staff", Number: n(0)}, "", false},
		{"staff", []string{"1.200"}, engagement.Finding{}, "", true},
		{"staff", []string{"9999999999999999"}, engagement.Finding{}, "", true},
		{"cover", []string{"2 000'000"}, engagement.Finding{Point: "cover", Number: n(2_000_000)}, "", false},
		{"cover", []string{"2,000,000"}, engagement.Finding{}, "", true},
		{"lead", []string{"ola"}, engagement.Finding{Point: "lead", Choices: []string{"ola"}}, "", false},
		{"lead", []string{"ola", "ria"}, engagement.Finding{}, "", true},
		{"policy", []string{digest}, engagement.Finding{Point: "policy", Document: digest}, "", false},
		{"policy", []string{"policy.pdf"}, engagement.Finding{}, "", true},
		{"cover", []string{"-5"}, engagement.Finding{}, "", true},
		{"cover", []string{"None: they are insured by", "the group"}, engagement.Finding{Point: "cover", Missing: true, Said: true}, "they are insured by\nthe group", false},
		{"policy", []string{engagement.None + "it is being written"}, engagement.Finding{Point: "policy", Missing: true, Said: true}, "it is being written", false},
		{"policy", []string{"none:"}, engagement.Finding{}, "", true},
		{"policy", []string{digest, "none: x"}, engagement.Finding{}, "", true},
		{"mfa", []string{"none: x"}, engagement.Finding{}, "", true},
		{"clause", []string{"4.2; 9", "4.2"}, engagement.Finding{Point: "clause", Places: []string{"4.2", "9"}}, "", false},
	} {
		f, words, wrong := points[c.point].Fill(c.typed)
		if (wrong != "") != c.wrong {
			t.Errorf("%s %q: %q is wrong", c.point, c.typed, wrong)
		}
		if !c.wrong && (cmp.Diff(c.want, f) != "" || words != c.words) {
			t.Errorf("%s %q: %+v and %q, want %+v and %q", c.point, c.typed, f, words, c.want, c.words)
		}
		if c.wrong {
			continue
		}
		again, more, wrong := points[c.point].Fill(engagement.SheetLine{Point: points[c.point], Finding: f, Words: words}.Typed())
		if d := cmp.Diff(f, again); d != "" || more != words || wrong != "" {
			t.Errorf("%s typed again: %q %q\n%s", c.point, more, wrong, d)
		}
	}
}

// TestSheetFile: the file as somebody gets it (testdata/sheet.txt), and filled in.
func TestSheetFile(t *testing.T) {
	t.Parallel()
	blank := engagement.WriteSheetFile("Security\nquestionnaire", sheetRequest, questionnaire(), nil)
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile("testdata/sheet.txt", blank, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("testdata/sheet.txt")
	if d := cmp.Diff(string(golden), string(blank)); err != nil || d != "" {
		t.Errorf("the form as a file (-want +got), %v:\n%s", err, d)
	}
	got, err := engagement.ReadSheetFile(blank, sheetRequest, questionnaire())
	if err != nil || len(got) != 0 {
		t.Fatalf("a form that nobody filled in says %q, %v", got, err)
	}
	text := string(blank)
	fill := func(id, answer string) {
		head, rest, found := strings.Cut(text, " "+id+" ===\n")
		if !found {
			t.Fatalf("the form has no %s", id)
		}
		text = head + " " + id + " ===\n" + strings.Replace(rest, "\nAnswer:\n", "\n"+answer, 1)
	}
	fill("company", "Answer:\nAcme Ltd\n# 4, Quay Street\n\nAnswer: none\n")
	fill("mfa", "ANSWER: yes\n")
	fill("standards", "Answer:\n\n  ITIL\nISO 27001\n\n")
	want := map[string][]string{"company": {"Acme Ltd", "# 4, Quay Street", "", "Answer: none"}, "mfa": {"yes"}, "standards": {"  ITIL", "ISO 27001"}}
	for name, sent := range map[string]string{"as it is": text, "by Windows": "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"), "with blank lines": "\n\n" + text + "\n\n"} {
		got, err = engagement.ReadSheetFile([]byte(sent), sheetRequest, questionnaire())
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, d)
		}
	}
}

// TestSheetFileIsStrict: what could be meant otherwise is a fault, with its line.
func TestSheetFileIsStrict(t *testing.T) {
	t.Parallel()
	blank := string(engagement.WriteSheetFile("Questions", sheetRequest, questionnaire(), nil))
	swap := func(old, new string) string {
		if !strings.Contains(blank, old) {
			t.Fatalf("the form has no %q", old)
		}
		return strings.Replace(blank, old, new, 1)
	}
	for want, text := range map[string]string{
		"no form of ours":             "Dear all,\n" + blank,
		"line 2: this is the form of": swap(sheetRequest, "dpa/acme/1:ask.1"),
		"which form this is was":      swap("form of: "+sheetRequest, ""),
		"write below the lines":       swap("=== 1 company", "we answer:\n=== 1 company"),
		"write below the line that":   swap("# Registered name", "Acme Ltd\n# Registered name"),
		"Answer: is missing":          swap("Answer:\n", ""),
		"no point “compani”":          swap("=== 1 company ===", "=== 1 compani ==="),
		"stands twice":                swap("=== 2 mfa ===", "=== 1 company ===\nAnswer:\n\n=== 2 mfa ==="),
		"none of the form’s":          swap("Answer:\n", "Answer:\n=== so it is\n"),
		"a document can’t be written": swap("# A document: add it on the page. If there is none, write none: and why.\nAnswer:\n", "Answer:\nattached\n"),
		"“ends” is no longer":         swap("=== 11 ends ===\n# It ends on\n# Write a day as year-month-day, such as 2027-03-31.\nAnswer:\n", ""),
		"cut off":                     strings.TrimSuffix(blank, "=== end ===\n"),
		"behind the end":              blank + "and more",
		"not plain text":              blank + "\xff",
		"longer than any":             blank + strings.Repeat("\n", engagement.MaxSheetFile),
	} {
		got, err := engagement.ReadSheetFile([]byte(text), sheetRequest, questionnaire())
		var fault engagement.SheetFault
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("want %q, got %q, %v", want, got, err)
		}
	}
}

// TestSheetFileRoundTrip: whatever was typed comes back, whatever the points say.
func TestSheetFileRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var points []engagement.Point
		filled := map[string][]string{}
		line := rapid.OneOf(rapid.StringMatching(`[ a-zäß#=:>.,-]{0,20}`), rapid.SampledFrom([]string{"=== 1 p0 ===", "=== end ===", "Answer: x", "# no", "form of: x", "gangway-sheet 1"}))
		for i := range rapid.IntRange(1, 6).Draw(t, "points") {
			p := engagement.Point{ID: "p" + string(rune('0'+i)), Title: line.Draw(t, "title"), Ask: line.Draw(t, "ask") + "\n" + line.Draw(t, "more"), Kind: engagement.PointText}
			points = append(points, p)
			if typed := rapid.SliceOfN(line, 0, 4).Draw(t, "typed"); len(typed) > 0 {
				filled[p.ID] = typed
			}
		}
		got, err := engagement.ReadSheetFile(engagement.WriteSheetFile("T", "r", points, filled), "r", points)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range points {
			var want []string
			_, words, _ := p.Fill(filled[p.ID])
			if words != "" {
				for _, l := range strings.Split(words, "\n") {
					if strings.HasPrefix(l, "===") {
						l = " " + l
					}
					want = append(want, l)
				}
			}
			if d := cmp.Diff(want, got[p.ID]); d != "" {
				t.Fatalf("%s (-want +got):\n%s", p.ID, d)
			}
		}
	})
}

// FuzzReadSheetFile: strangers' files never do more than name answers to points
// that are asked.
func FuzzReadSheetFile(f *testing.F) {
	points := questionnaire()
	f.Add([]byte("gangway-sheet 1\nform of: r\n"))
	f.Add(engagement.WriteSheetFile("T", "r", points, map[string][]string{"company": {"Acme"}, "mfa": {"yes"}}))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := engagement.ReadSheetFile(text, "r", points)
		if err != nil {
			if got != nil || err.Error() == "" {
				t.Errorf("%q with %v", got, err)
			}
			return
		}
		asked := map[string]bool{}
		for _, p := range points {
			asked[p.ID] = true
			finding, words, wrong := p.Fill(got[p.ID])
			if wrong == "" && finding.Point == "" && words != "" {
				t.Errorf("%s: words %q without a finding", p.ID, words)
			}
			if p.Kind == engagement.PointFile && finding.Document != "" {
				t.Errorf("a file names the document %q", got[p.ID])
			}
		}
		for id := range got {
			if !asked[id] {
				t.Errorf("%q is not asked", id)
			}
		}
		again, err := engagement.ReadSheetFile(engagement.WriteSheetFile("T", "r", points, got), "r", points)
		if d := cmp.Diff(got, again); err != nil || d != "" {
			t.Errorf("written and read again: %v\n%s", err, d)
		}
	})
}
