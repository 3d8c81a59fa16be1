package engagement

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sample is a contract made by chance: a tree of clauses whose words are all different, so that each can be told apart.
type sample struct {
	words []string // of each clause, in order
	depth []int
}

func drawSample(t *rapid.T) sample {
	var s sample
	depth := 0
	for i := range rapid.IntRange(1, 25).Draw(t, "clauses") {
		if i > 0 {
			depth = rapid.IntRange(0, min(depth+1, 3)).Draw(t, "depth")
		}
		n := rapid.IntRange(1, 6).Draw(t, "words")
		var words []string
		for j := range n {
			words = append(words, fmt.Sprintf("word%cx%dx%d", 'a'+rapid.IntRange(0, 25).Draw(t, "letter"), i, j))
		}
		s.words = append(s.words, strings.Join(words, " "))
		s.depth = append(s.depth, depth)
	}
	return s
}

// write lays the sample out as a nested list; dress marks up one clause's words.
func (s sample) write(dress func(i int, words string) string) string {
	var b strings.Builder
	var counts [5]int
	for i, words := range s.words {
		d := s.depth[i]
		counts[d]++
		for deeper := d + 1; deeper < len(counts); deeper++ {
			counts[deeper] = 0
		}
		fmt.Fprintf(&b, "%s%d. %s\n", strings.Repeat("    ", d), counts[d], dress(i, words))
	}
	return b.String()
}

func bareWords(_ int, words string) string { return words }

func mustSplit(t *rapid.T, text string) []Clause {
	cs, err := Split([]byte(text))
	if err != nil {
		t.Fatalf("splitting %q: %v", text, err)
	}
	return cs
}

// dressed puts markup around and white space between words, none of which counts.
func dressed(t *rapid.T, words string) string {
	parts := strings.Fields(words)
	for i, word := range parts {
		switch rapid.IntRange(0, 9).Draw(t, "markup") {
		case 0:
			parts[i] = "**" + word + "**"
		case 1:
			parts[i] = "*" + word + "*"
		case 2:
			parts[i] = fmt.Sprintf("<span class=%q id='x%d'>%s</span>", rapid.SampledFrom([]string{"keyterms_link", "a > b", ""}).Draw(t, "class"), i, word)
		case 3:
			parts[i] = "<b>" + word + "</b>"
		case 4:
			parts[i] = "_" + word + "_"
		case 5:
			parts[i] = "&#" + fmt.Sprint(int(word[0])) + ";" + word[1:]
		}
	}
	return strings.Join(parts, rapid.SampledFrom([]string{" ", "  ", "\t", "\u00a0", " &nbsp; "}).Draw(t, "blank"))
}

func TestMarkupAndWhiteSpaceDoNotCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t)
		text := s.write(bareWords)
		other := s.write(func(_ int, words string) string { return dressed(t, words) })
		if rapid.Bool().Draw(t, "blank lines") {
			other = strings.ReplaceAll(other, "\n", "\n\n")
		}
		if rapid.Bool().Draw(t, "line ends") {
			other = strings.ReplaceAll(other, "\n", "\r\n")
		}
		old, new := mustSplit(t, text), mustSplit(t, other)
		if diff := cmp.Diff(digests(old), digests(new)); diff != "" {
			t.Fatalf("clauses differ (-bare +dressed):\n%s\n%s", diff, other)
		}
		if ScopeDigest(nil, old) != ScopeDigest(nil, new) || !Compare(old, new).Empty() {
			t.Fatal("digests are equal, but the comparison is not empty")
		}
	})
}

func TestEveryWordIsInOneClause(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t)
		cs := mustSplit(t, s.write(bareWords))
		if len(cs) != len(s.words) {
			t.Fatalf("%d clauses, want %d: %v", len(cs), len(s.words), refs(cs))
		}
		for i, c := range cs {
			if c.Text != s.words[i] {
				t.Fatalf("clause %s says %q, want %q", c.Ref, c.Text, s.words[i])
			}
			if got := strings.Count(c.Ref, "."); got != s.depth[i] {
				t.Fatalf("clause %s is %d deep, want %d", c.Ref, got, s.depth[i])
			}
		}
	})
}

func TestOneWordChangesOneClause(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t)
		at := rapid.IntRange(0, len(s.words)-1).Draw(t, "clause")
		word := rapid.SampledFrom(strings.Fields(s.words[at])).Draw(t, "word")
		change := rapid.SampledFrom([]string{"other", word + "s", word + " 5", word + ".", "other " + word}).Draw(t, "change")
		old := mustSplit(t, s.write(bareWords))
		new := mustSplit(t, s.write(func(i int, words string) string {
			if i == at {
				return strings.Replace(words, word, change, 1)
			}
			return words
		}))
		want := Comparison{Changed: []string{old[at].Ref}, Same: len(old) - 1}
		if diff := cmp.Diff(want, Compare(old, new)); diff != "" {
			t.Fatalf("%q → %q (-want +got):\n%s", word, change, diff)
		}
		for i, c := range old {
			asked := Touched([]string{c.Ref}, new, Compare(old, new))
			if asked != inside(old[at].Ref, old[i].Ref) {
				t.Fatalf("clause %s changed; the seat that reads %s is asked %v", old[at].Ref, c.Ref, asked)
			}
			if asked == (ScopeDigest([]string{c.Ref}, old) == ScopeDigest([]string{c.Ref}, new)) {
				t.Fatalf("asking about %s and its digest disagree", c.Ref)
			}
		}
	})
}

// A clause put in or taken out never shows as a change of words, and everything is accounted for.
func TestPuttingInAndTakingOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t)
		at := rapid.IntRange(0, len(s.words)-1).Draw(t, "place")
		more := sample{
			words: slices.Insert(slices.Clone(s.words), at, "a clause put in"),
			depth: slices.Insert(slices.Clone(s.depth), at, s.depth[at]),
		}
		old, new := mustSplit(t, s.write(bareWords)), mustSplit(t, more.write(bareWords))
		put := Compare(old, new)
		if len(put.New) != 1 || put.New[0] != new[at].Ref || put.Same != len(old) || put.Changed != nil || put.Gone != nil {
			t.Fatalf("a clause at %s shows as %+v", new[at].Ref, put)
		}
		taken := Compare(new, old)
		if len(taken.Gone) != 1 || taken.Gone[0] != new[at].Ref || taken.Same != len(old) || taken.Changed != nil || taken.New != nil {
			t.Fatalf("a clause taken from %s shows as %+v", new[at].Ref, taken)
		}
	})
}

// Whatever two documents are compared: each clause is counted once on each side, and equal sides are the only empty comparison.
func TestComparisonsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"1. A", "    1. B", "    2. C", "2. D", "    a. A", "\"T\" means A.", "\"U\" means T.", "See Section 2.", "1. T"}), 1, 14)
		old := mustSplit(t, strings.Join(pieces.Draw(t, "old"), "\n\n"))
		new := mustSplit(t, strings.Join(pieces.Draw(t, "new"), "\n\n"))
		got := Compare(old, new)
		if got.Same+len(got.Changed)+len(got.New) != len(new) || got.Same+len(got.Changed)+len(got.Gone) != len(old) {
			t.Fatalf("%d and %d clauses, but %+v", len(old), len(new), got)
		}
		if got.Empty() && !slices.Equal(texts(old), texts(new)) && len(got.Moved) == 0 && !sameDefinitions(old, new) {
			t.Fatalf("%v and %v compare equal", texts(old), texts(new))
		}
		if !got.Empty() != Touched(nil, new, got) {
			t.Fatal("the seat that reads all is asked when nothing changed, or not when something did")
		}
	})
}

func texts(cs []Clause) []string {
	var all []string
	for _, c := range cs {
		all = append(all, c.Text)
	}
	return all
}

// sameDefinitions allows definitions to stand in another order.
func sameDefinitions(old, new []Clause) bool {
	a, b := texts(old), texts(new)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// The real contracts hold the same properties: any one word of any clause changes that clause and no other.
func TestOneWordOfARealContract(t *testing.T) {
	t.Parallel()
	text := string(contract(t, "services-agreement.md"))
	old := split(t, text)
	for i, c := range old {
		if i%7 != 3 || !strings.Contains(c.Source, " of ") {
			continue
		}
		new := split(t, strings.Replace(text, c.Source, strings.Replace(c.Source, " of ", " beside ", 1), 1))
		if got := Compare(old, new); !slices.Equal(got.Changed, []string{c.Ref}) || got.New != nil || got.Gone != nil {
			t.Errorf("a word of %s shows as %+v", c.Ref, got)
		}
	}
}
