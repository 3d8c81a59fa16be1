package exit

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Ids and the words of a form stand in filed documents for ever: each is known again by
// the other, and what is longer than a box of a card can be is cut there.
func TestLessonsAreKnownByTheirWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range Lessons() {
		words := LessonWords(id)
		if words == id || seen[id] || seen[words] || utf8.RuneCountInString(words) > 75 {
			t.Errorf("%s is said as %q", id, words)
		}
		seen[id], seen[words] = true, true
	}
	if n := len(LessonOptions()); n > 10 || n != len(Lessons())-2 {
		t.Errorf("%d of %d lessons can be chosen", n, len(Lessons()))
	}
	if got := LessonWords("of-a-later-release"); got != "of-a-later-release" {
		t.Errorf("an id that nobody knows is said as %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfDistinct(rapid.SampledFrom(chosen()), rapid.ID[string]).Draw(t, "chosen")
		var words []string
		for _, id := range some {
			words = append(words, LessonWords(id))
		}
		got := LessonsIn(PointTaught, append(words, "What nobody offers"))
		if len(got) != len(some) || !slices.IsSortedFunc(got, byOrder) {
			t.Fatalf("%v was read as %v", words, got)
		}
		for _, id := range some {
			if !slices.Contains(got, id) {
				t.Fatalf("%v was read as %v", words, got)
			}
		}
		if other := LessonsIn(rapid.SampledFrom([]string{"good", "bad", "", PointCloser, PointAgain}).Draw(t, "point"), words); len(other) > 0 {
			t.Fatalf("another point taught %v", other)
		}
	})
}

func byOrder(a, b string) int { return slices.Index(Lessons(), a) - slices.Index(Lessons(), b) }

// How closely the next one is looked at, and whether these would be taken again, are
// lessons where they warn.
func TestLessonsThatFollow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		point, choice string
		want          []string
	}{
		{PointCloser, "More closely", []string{LessonCloser}},
		{PointCloser, "Less closely", nil},
		{PointCloser, "As closely as this one", nil},
		{PointAgain, "no", []string{LessonNotAgain}},
		{PointAgain, "yes", nil},
		{PointTaught, "no", nil},
		{PointAgain, "More closely", nil},
	} {
		if got := LessonsIn(c.point, []string{c.choice}); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %v, want %v", c.point, c.choice, got, c.want)
		}
	}
}

func TestWhatSeveralExitsTaught(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := append(Lessons(), "of-a-later-release")
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Taught {
			return Taught{Exit: "exit/a/1", Lessons: rapid.SliceOfN(rapid.SampledFrom(ids), 0, 4).Draw(t, "lessons")}
		}), 0, 4).Draw(t, "exits")
		known := Known(all)
		if !slices.IsSortedFunc(known, byOrder) || len(slices.Compact(slices.Clone(known))) != len(known) {
			t.Fatalf("%v", known)
		}
		for _, id := range ids {
			taught := slices.ContainsFunc(all, func(x Taught) bool { return slices.Contains(x.Lessons, id) })
			if want := taught && id != "of-a-later-release"; slices.Contains(known, id) != want {
				t.Fatalf("%s of %v: %t", id, all, !want)
			}
		}
	})
	said := Taught{Exit: "exit/acme/1", Vendor: "acme", Name: "Acme Ltd", Lessons: []string{LessonCost, LessonData, "of-a-later-release"}}.Sentence()
	if want := "Lessons of the exit of Acme Ltd: it cost more than was agreed; our data came back late, broken or not at all; of-a-later-release"; said != want {
		t.Errorf("%q", said)
	}
	if said := (Taught{Vendor: "acme", Lessons: []string{LessonLate}}).Sentence(); !strings.HasPrefix(said, "Lessons of the exit of acme: ") {
		t.Errorf("%q", said)
	}
}

func TestServicesThatAreTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Payroll", "payroll services", true},
		{"Runs our payroll for 240 staff.", "payroll: 240 STAFF, runs", true},
		{"School meals", "School photos", false},
		{"Hosting", "Hosting of the payroll", false},
		{"", "", false},
		{"the service", "our services", false}, // nothing says what it is
		{"Löhne für alle", "löhne alle, für", true},
	} {
		if SameService(c.a, c.b) != c.same || SameService(c.b, c.a) != c.same {
			t.Errorf("%q and %q: want %t", c.a, c.b, c.same)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zß]{3,8}[0-9]?`), 1, 6).Draw(t, "words")
		line := strings.Join(words, " ")
		mixed := strings.Join(rapid.Permutation(words).Draw(t, "mixed"), rapid.SampledFrom([]string{" ", ", ", " - ", " of the "}).Draw(t, "between"))
		if len(telling(line)) > 0 && !SameService(line, strings.ToUpper(mixed)) && !strings.Contains(line, "ß") {
			t.Fatalf("%q and %q", line, mixed)
		}
		if SameService(line, line+" and something else") {
			t.Fatalf("%q does not say something else", line)
		}
	})
}
