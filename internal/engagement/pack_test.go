package engagement

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const packText = `# Agreement

1. **Services.** The vendor runs the payroll.
2. **Ending.**
    1. Either side may give notice of three months.
    2. The following survive: Section 3 (Liability), and Section 4 (Insurance) too.
3. **Liability.** The vendor is liable up to a cap.
4. **Insurance.** The vendor is insured (Liability and cyber).
5. **Definitions.**
    1. **"Liability"** means what the vendor is liable for.
`

func places(t *testing.T, text string, points ...Point) map[string][]string {
	t.Helper()
	clauses, err := Split([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, p := range ProposeFor(points, clauses) {
		if p.Cues != nil {
			t.Errorf("%s keeps its cues", p.ID)
		}
		found[p.ID] = p.Proposed
	}
	return found
}

func TestPlacesOfAnyPack(t *testing.T) {
	t.Parallel()
	got := places(t, packText,
		Point{ID: "liability", Cues: []string{"liab", "+cap"}},
		Point{ID: "exit", Cues: []string{"ending notice"}},
		Point{ID: "whole-word", Cues: []string{"insur."}},
		Point{ID: "only-helps", Cues: []string{"+liab"}},
		Point{ID: "odd", Cues: []string{"", " ", "+", " PAYROLL "}},
		Point{ID: "no-cues"},
		Point{ID: "gdpr-28-3-h"},
		Point{ID: "a-number", Kind: PointNumber, Cues: []string{"liab"}},
		Point{ID: "renews", Kind: PointYesNo, Cues: []string{"liab"}})
	want := map[string][]string{
		"liability": {"3"}, // what survives names the section, and the insurance is far behind
		"exit":      {"2.1"},
		"odd":       {"1"}, "whole-word": nil, "only-helps": nil, "no-cues": nil, "gdpr-28-3-h": nil, "a-number": nil, "renews": nil,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("proposed (- want, + got):\n%s", d)
	}
}

// A cue may be written with a hyphen, as texts are.
func TestACueWithAHyphen(t *testing.T) {
	t.Parallel()
	clauses := []Clause{{Ref: "1", Text: "Media are purged as NIST SP 800-88 says."}, {Ref: "2", Text: "Every sub-processor did the same."}, {Ref: "3", Text: "Nothing is left."}}
	for cue, want := range map[string]string{"800-88": "1", "sub-processor": "2", "left": "3"} {
		if p := ProposeFor([]Point{{ID: "p", Cues: []string{cue}}}, clauses); !slices.Equal(p[0].Proposed, []string{want}) {
			t.Errorf("for %q are proposed %q, want %s", cue, p[0].Proposed, want)
		}
	}
}

// What a section refers to by name is not what it is about; what stands in brackets
// behind anything but a number is.
func TestNamesOfOtherClausesAreLeftOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Section 8 (Limitation of Liability), 9 (Payment) and § 4 (Fees) survive": "Section 8, 9 and § 4 survive",
		"Section 5.2.a (Termination)":                          "Section 5.2.a",
		"the vendor (a company) is liable (fully)":             "the vendor (a company) is liable (fully)",
		"Section 8 (never shut":                                "Section 8 (never shut",
		"§8 (Liability) (and more)":                            "§8 (and more)",
		" (Liability)":                                         " (Liability)",
		"after 30 days (calendar days) (see 4 (Fees)) it ends": "after 30 days (calendar days) (see 4) it ends",
	} {
		if got := withoutNames(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

// Places are followed to the next version: by their numbers where those moved, and to
// whoever has to look again where words, or what they mean, changed.
func TestPlacesAreCarried(t *testing.T) {
	t.Parallel()
	split := func(text string) []Clause {
		clauses, err := Split([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return clauses
	}
	old := split("1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Never.\n")
	for name, c := range map[string]struct {
		text    string
		places  []string
		now     []string
		touched bool
	}{
		"nothing changed":               {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Never.\n", []string{"2"}, []string{"2"}, false},
		"nothing changed, no place":     {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Never.\n", nil, nil, false},
		"elsewhere":                     {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Soon.\n", []string{"2"}, []string{"2"}, false},
		"elsewhere, and no place named": {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Soon.\n", nil, nil, true},
		"here":                          {"1. **Pay.** In 30 days.\n2. **Secrets.** Lost, see Section 1.\n3. **End.** Never.\n", []string{"2"}, []string{"2"}, true},
		"in what it refers to":          {"1. **Pay.** In 90 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Never.\n", []string{"2"}, []string{"2"}, true},
		"moved":                         {"1. **New.** Words.\n2. **Pay.** In 30 days.\n3. **Secrets.** Kept, see Section 2.\n4. **End.** Never.\n", []string{"1", "3"}, []string{"2", "4"}, false},
		"gone":                          {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n", []string{"3"}, []string{"3"}, true},
		"a place that is none":          {"1. **Pay.** In 30 days.\n2. **Secrets.** Kept, see Section 1.\n3. **End.** Soon.\n", []string{"page-4"}, []string{"page-4"}, true},
	} {
		now, touched := Carried(c.places, old, Compare(old, split(c.text)))
		if touched != c.touched || !c.touched && !slices.Equal(now, c.now) {
			t.Errorf("%s: %v is now %v, touched: %v; want %v, %v", name, c.places, now, touched, c.now, c.touched)
		}
	}
}

// TestAnyCuesInAnyText: whatever somebody writes into a playbook, and whatever comes:
// a few places that exist, the same each time, and of points that are no place none.
func TestAnyCuesInAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := []string{"liab", "cap.", "Section 3 (Liability)", "(", ")", "+", " ", "\n1. ", "\n\n", "a. ", "\"Audit\" means"}
		text := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.String()), 1, 100).Draw(t, "text")
		clauses, err := Split([]byte(strings.Join(text, " ")))
		if err != nil {
			t.Skip(err)
		}
		var points []Point
		for _, cues := range rapid.SliceOfN(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.String()), 0, 4), 1, 4).Draw(t, "cues") {
			points = append(points, Point{ID: "p", Cues: cues, Kind: rapid.SampledFrom([]PointKind{"", PointDate}).Draw(t, "kind")})
		}
		got := ProposeFor(points, clauses)
		if d := cmp.Diff(got, ProposeFor(points, clauses)); d != "" {
			t.Fatalf("twice, and different:\n%s", d)
		}
		for _, p := range got {
			if p.Kind != "" && p.Proposed != nil || len(p.Proposed) > mostProposed {
				t.Fatalf("proposed %v for a %q", p.Proposed, p.Kind)
			}
			for _, ref := range p.Proposed {
				if !slices.ContainsFunc(clauses, func(c Clause) bool { return c.Ref == ref }) {
					t.Fatalf("there is no %q", ref)
				}
			}
		}
	})
}
