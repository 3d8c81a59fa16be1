package activities

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

func splitted(t *testing.T, text string) []engagement.Clause {
	t.Helper()
	clauses, err := engagement.Split([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return clauses
}

// The sections of the real contracts are those that their readers would name.
func TestSectionsOfRealContracts(t *testing.T) {
	for name, want := range map[string]string{
		"services-agreement.md":          "1 2 3 4 5 6 7 8 9 10 11 12 13",
		"cloud-agreement-v2-november.md": "1 2 3 4 5 6 7 8 9 10 11 12 13",
		"service-level-agreement.md":     "1 2 3 4",
		"mutual-nda.md":                  "1 2 3 4 5 6 7 8 9 10 11",
		"data-processing-agreement.md":   "1 2 3 4 5 6 7 8 9 10 11",
		"services-agreement-earlier.md":  "1 2 3 4 5 6 7 8 9 10 11 12 13",
		"cloud-agreement-v2-first.md":    "1 2 3 4 5 6 7 8 9 10 11 12 13",
	} {
		labels, changed := readable(nil, splitted(t, string(contract(t, name))), nil)
		if got := strings.Join(labels, " "); got != want || changed != nil {
			t.Errorf("%s has the sections %q (changed: %v), want %q", name, got, changed, want)
		}
	}
}

// Of two versions of a contract the sections are named that have other words.
func TestChangedSectionsOfRealContracts(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"services-agreement-earlier.md", "services-agreement.md", "[11]"},
		{"cloud-agreement-v2-april.md", "cloud-agreement-v2-november.md", "[8 13]"},
		{"services-agreement.md", "services-agreement.md", "[]"},
	} {
		old, now := splitted(t, string(contract(t, c.before))), splitted(t, string(contract(t, c.after)))
		cmp := engagement.Compare(old, now)
		if _, changed := readable(old, now, &cmp); fmt.Sprint(changed) != c.want {
			t.Errorf("from %s to %s sections %v changed, want %s", c.before, c.after, changed, c.want)
		}
	}
}

func TestSections(t *testing.T) {
	for name, c := range map[string]struct{ before, after, labels, changed string }{
		"words before the first section are read with it": {"", "# Agreement\n\nBetween us.\n\n1. **A.** a\n2. **B.** b\n", "[1 2]", "[]"},
		"they change it":                            {"# X\n\nBetween us.\n\n1. **A.** a\n2. **B.** b\n", "# X\n\nBetween you.\n\n1. **A.** a\n2. **B.** b\n", "[1 2]", "[1]"},
		"no section at all":                         {"Just words.", "Other words.", "[0]", "[0]"},
		"a definition is read where it stands":      {"1. **Definitions**\n\n    a. **\"Data\"** means all.\n\n2. **B.** b\n", "1. **Definitions**\n\n    a. **\"Data\"** means some.\n\n2. **B.** b\n", "[1 2]", "[1]"},
		"below a section":                           {"1. **A.** a\n    1. one\n2. **B.** b\n", "1. **A.** a\n    1. two\n2. **B.** b\n", "[1 2]", "[1]"},
		"something is gone":                         {"1. **A.** a\n    1. one\n    2. two\n2. **B.** b\n", "1. **A.** a\n    1. one\n2. **B.** b\n", "[1 2]", "[1]"},
		"put in front: every label has other words": {"1. **A.** a\n2. **B.** b\n", "1. **C.** c\n2. **A.** a\n3. **B.** b\n", "[1 2 3]", "[1 2 3]"},
		"a reference means something else":          {"1. **A.** a, see Section 2\n2. **B.** b\n3. **C.** c\n", "1. **A.** a, see Section 2\n2. **C.** c\n3. **B.** b\n", "[1 2 3]", "[1 2 3]"},
		"an annex":                                  {"1. **A.** a\n\n# Annex A\n\n1. one\n", "1. **A.** a\n\n# Annex A\n\n1. two\n", "[1 annex-a]", "[annex-a]"},
	} {
		if c.before == "" {
			c.before = c.after
		}
		old, now := splitted(t, c.before), splitted(t, c.after)
		cmp := engagement.Compare(old, now)
		labels, changed := readable(old, now, &cmp)
		if fmt.Sprint(labels) != c.labels || fmt.Sprint(changed) != c.changed {
			t.Errorf("%s: sections %v, changed %v; want %s, %s", name, labels, changed, c.labels, c.changed)
		}
	}
}

// A text of very many sections is read as a whole: nobody would name them.
func TestTooManySectionsAreOne(t *testing.T) {
	var text strings.Builder
	for i := range maxSections + 2 { // the first is the document's title
		fmt.Fprintf(&text, "# Part %c%d\n\nWords.\n\n", 'a'+rune(i%26), i)
	}
	if labels, _ := readable(nil, splitted(t, text.String()), nil); fmt.Sprint(labels) != "["+wholeText+"]" {
		t.Errorf("%d sections, the first %v", len(labels), labels[:1])
	}
}

// A pack is searched for in the new version; what was found before is followed, each
// from the version in which it was found.
func TestPacksAreFollowed(t *testing.T) {
	s := newStore(t)
	v1 := s.put(t, []byte("1. **Pay.** In 30 days.\n2. **Secrets.** Kept.\n"))
	v2 := s.put(t, []byte("1. **Pay.** In 60 days.\n2. **Secrets.** Kept.\n"))
	v3 := s.put(t, []byte("1. **Parties.** Two.\n2. **Pay.** In 60 days.\n3. **Secrets.** Kept.\n"))
	in := CompareIn{Document: v3, Earlier: []EarlierDocument{{Version: 1, Document: v1}, {Version: 2, Document: v2}}, ReadAll: true,
		Packs: []Pack{{Step: "pack", Points: []engagement.Point{{ID: "pay", Cues: []string{"days"}}, {ID: "secrets", Cues: []string{"kept"}}, {ID: "law", Cues: []string{"law"}}},
			Found: []FoundPlaces{{Point: "pay", Version: 1, Places: []string{"1"}}, {Point: "pay-again", Version: 2, Places: []string{"1"}},
				{Point: "secrets", Version: 1, Places: []string{"2"}}, {Point: "never", Version: 7, Places: []string{"2"}}}}}}
	out, err := (&Activities{Archive: s}).Compare(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	want := []PackPlaces{{Step: "pack", Proposed: []PointPlaces{{"pay", []string{"2"}}, {"secrets", []string{"3"}}},
		Touched: []string{"pay", "never"}, Carried: []PointPlaces{{"pay-again", []string{"2"}}, {"secrets", []string{"3"}}}}}
	if d := cmp.Diff(want, out.Packs); d != "" {
		t.Errorf("followed (- want, + got):\n%s", d)
	}
	if fmt.Sprint(out.Sections, out.Changed) != "[1 2 3] [1 2 3]" {
		t.Errorf("sections %v, changed %v", out.Sections, out.Changed)
	}
}
