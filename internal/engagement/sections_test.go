package engagement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func TestSectionsRead(t *testing.T) {
	t.Parallel()
	labels := []string{"1", "2", "3", "4", "10", "4~2", "annex-a", "annex-b", "annex-c", "B", "schedule-1"}
	for said, want := range map[string]string{
		"all":               "1 2 3 4 10 4~2 annex-a annex-b annex-c B schedule-1",
		"ALL":               "1 2 3 4 10 4~2 annex-a annex-b annex-c B schedule-1",
		"4":                 "4",
		"2-4":               "2 3 4",
		"4-10":              "4 10",
		"1-1":               "1",
		"4~2":               "4~2",
		"annex-a":           "annex-a",
		"Annex-A":           "annex-a",
		"annex-a-annex-c":   "annex-a annex-b annex-c",
		"3-annex-a":         "3 4 10 4~2 annex-a",
		"b":                 "B",
		"annex-c-b":         "annex-c B",
		"B-schedule-1":      "B schedule-1",
		"4-2":               "?4-2", // backwards
		"1-5":               "?1-5", // there is no 5
		"5":                 "?5",
		"":                  "?",
		"-":                 "?-",
		"1-":                "?1-",
		"-4":                "?-4",
		"4.1":               "?4.1", // a clause is not its section
		"1-2-3":             "?1-2-3",
		"all of it":         "?all of it",
		"2-4 7":             "2 3 4 ?7",
		"annex-a 1 annex-a": "1 annex-a",
	} {
		list := strings.Fields(said)
		if said == "" || said == "all of it" {
			list = []string{said}
		}
		read, unknown := engagement.SectionsRead(labels, list)
		var got []string
		got = append(got, read...)
		for _, u := range unknown {
			got = append(got, "?"+u)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q read %v, want %s", said, got, want)
		}
	}
}

func TestSectionsReadOfNothing(t *testing.T) {
	t.Parallel()
	read, unknown := engagement.SectionsRead(nil, []string{"all", "1"})
	if !slices.Equal(read, []string{engagement.AllSections}) || !slices.Equal(unknown, []string{"1"}) {
		t.Errorf("of a document without labels: read %v, unknown %v", read, unknown)
	}
	if read, unknown := engagement.SectionsRead([]string{"1"}, nil); read != nil || unknown != nil {
		t.Errorf("who says nothing read %v, unknown %v", read, unknown)
	}
}

// TestWhatCanBeTwoThingsIsNone: labels with dashes in them, and labels that differ by
// capitals alone.
func TestWhatCanBeTwoThingsIsNone(t *testing.T) {
	t.Parallel()
	labels := []string{"a", "a-b", "b-c", "c", "X", "x"}
	for said, want := range map[string]int{"a-b-c": -1, "a-b": 1, "c-X": 2, "x": 1, "X": 1, "c-x": 3} {
		read, unknown := engagement.SectionsRead(labels, []string{said})
		if want < 0 && (len(read) > 0 || len(unknown) != 1) || want >= 0 && len(read) != want {
			t.Errorf("%s: read %v, unknown %v", said, read, unknown)
		}
	}
	if read, _ := engagement.SectionsRead([]string{"1", "all", "2"}, []string{"all"}); len(read) != 3 {
		t.Errorf("all, of a document with a section of that name: %v", read)
	}
	if read, unknown := engagement.SectionsRead([]string{"Annex", "ANNEX"}, []string{"annex"}); len(read) > 0 || len(unknown) != 1 {
		t.Errorf("annex of two: read %v, unknown %v", read, unknown)
	}
}

// TestRangesAgreeWithCounting: for numbered sections a range is what one would count.
func TestRangesAgreeWithCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "sections")
		var labels []string
		for i := range n {
			labels = append(labels, fmt.Sprint(i+1))
		}
		want, wrong := map[string]bool{}, 0
		var said []string
		for range rapid.IntRange(0, 6).Draw(t, "ranges") {
			a, b := rapid.IntRange(0, n+1).Draw(t, "from"), rapid.IntRange(0, n+1).Draw(t, "to")
			said = append(said, fmt.Sprintf("%d-%d", a, b))
			if a < 1 || b > n || a > b {
				wrong++
				continue
			}
			for i := a; i <= b; i++ {
				want[fmt.Sprint(i)] = true
			}
		}
		read, unknown := engagement.SectionsRead(labels, said)
		if len(unknown) != wrong || len(read) != len(want) {
			t.Fatalf("%v of %d: read %v, unknown %v", said, n, read, unknown)
		}
		for _, r := range read {
			if !want[r] {
				t.Fatalf("%v of %d: read %v", said, n, read)
			}
		}
	})
}

func TestSaidSections(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"all":                          {"all"},
		"4-9":                          {"4-9"},
		"4–9, 12 and annex-a":          {"4-9", "12", "annex-a"},
		"§ 4 – 9; §§ 11":               {"4-9", "11"},
		"sections 4 to 9 & Annex-B":    {"4-9", "Annex-B"},
		"4 -9":                         {"4-9"},
		"4- 9":                         {"4-9"},
		"to 9":                         {"9"},
		"clauses 1,2,3":                {"1", "2", "3"},
		"Articles 3 through 5\n\n7":    {"3-5", "7"},
		"   ":                          nil,
		"":                             nil,
		"-":                            nil,
		"Section\u00a04\u2011\u00a06.": {"4-6."},
	} {
		if d := cmp.Diff(want, engagement.SaidSections(text)); d != "" {
			t.Errorf("%q (-want +got):\n%s", text, d)
		}
	}
}

func FuzzSaidSections(f *testing.F) {
	for _, s := range []string{"4–9, 12 and annex-a", "§§ - - to", "all", "--4", "4-", "a-b-c"} {
		f.Add(s)
	}
	labels := []string{"1", "2", "3", "annex-a", "a", "b"}
	f.Fuzz(func(t *testing.T, text string) {
		said := engagement.SaidSections(text)
		read, unknown := engagement.SectionsRead(labels, said)
		if len(said) > len(text) || len(unknown) > len(said) {
			t.Errorf("%q says %q", text, said)
		}
		for _, s := range said {
			if s == "" || strings.ContainsAny(s, " ,;\n") {
				t.Errorf("%q says %q", text, said)
			}
		}
		for _, r := range read {
			if !slices.Contains(labels, r) {
				t.Errorf("%q read %q", text, r)
			}
		}
	})
}
