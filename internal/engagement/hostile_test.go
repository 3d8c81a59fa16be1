package engagement

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// intact fails when a result breaks what Split promises whatever the input.
func intact(t *testing.T, cs []Clause) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cs {
		switch {
		case c.Ref == "" || seen[c.Ref] || len(c.Ref) > 300 || strings.ContainsAny(c.Ref, " \n\t"):
			t.Fatalf("ref %q is empty, there twice, too long or has white space", c.Ref)
		case len(c.Digest) != 64:
			t.Fatalf("clause %s has the digest %q", c.Ref, c.Digest)
		case !utf8.ValidString(c.Text + c.Title + c.Ref):
			t.Fatalf("clause %s is not UTF-8", c.Ref)
		case !slices.IsSorted(c.Uses) || slices.Contains(c.Uses, c.Ref):
			t.Fatalf("clause %s uses %v", c.Ref, c.Uses)
		}
		seen[c.Ref] = true
	}
	for _, c := range cs {
		for _, ref := range c.Uses {
			if !seen[ref] {
				t.Fatalf("clause %s uses %s, which there is not", c.Ref, ref)
			}
		}
	}
	if len(cs) == 0 || len(cs) > MaxClauses {
		t.Fatalf("%d clauses", len(cs))
	}
	if got := Compare(cs, cs); !got.Empty() || got.Same != len(cs) {
		t.Fatalf("the document differs from itself: %+v", got)
	}
}

// Whether the time grows with the square of the length shows in these: they take seconds then hours.
func TestHostileDocumentsAreSplitOrRefused(t *testing.T) {
	t.Parallel()
	const large = 2 << 20
	fill := func(piece string) string { return strings.Repeat(piece, large/len(piece)) }
	for _, c := range []struct{ name, text, refused string }{
		{"20 MB of one line", strings.Repeat("a b. ", MaxDocument/5), ""},
		{"20 MB of one word", strings.Repeat("a", MaxDocument), ""},
		{"100,000 list items", strings.Repeat("1. item\n", 100_000), "more than 3000 clauses"},
		{"nested 2,000 deep", strings.Join(nested(2000), "\n"), ""},
		{"unclosed tags", fill("<b "), ""},
		{"unclosed attributes", fill(`<b x="`), ""},
		{"unclosed attributes of two kinds", fill(`<b "'<i '"`), ""},
		{"tags that hide each other", fill(`<b "x" '`), ""},
		{"opening brackets", fill("<"), ""},
		{"ampersands", fill("&"), ""},
		{"unclosed entities", fill("&amp"), ""},
		{"stars", fill("*"), "empty"},
		{"stars apart", fill("* _"), ""},
		{"backslashes", fill(`\`), ""},
		{"quotes", fill(`"`), ""},
		{"parentheses", fill("("), ""},
		{"inline terms", fill(`("A`), ""},
		{"section signs", fill("§"), ""},
		{"references to nothing", fill("Sections 1, 2, 3 and "), ""},
		{"references to ranges", strings.Repeat("1. Sections 1 to 999\n", 999), "name each other more than"},
		{"a term for everyone", definitionsFor(1500) + strings.Repeat("\n1. "+strings.Repeat("Term ", 20), 1400), ""},
		{"blank lines", fill("\n"), "empty"},
		{"rules", fill("---\n"), "empty"},
		{"headings", fill("# \n"), "more than"},
		{"long terms", strings.Repeat("\"Word "+strings.Repeat("word ", 14)+"\" means a.\n\n", 2000), "name each other more than"},
		{"indentation", strings.Repeat(strings.Repeat(" ", 5000)+"1. a\n", 800), ""},
		{"combining marks", "1. a" + fill("\u0301"), ""},
		{"labels in a row", fill("1.1.1.1.1."), ""},
		{"short lines before a long one", "1. Definitions\n" + strings.Repeat("a.b.\n", 2000) + fill("x y "), ""},
		{"roman numbers", strings.Repeat("mmmm. a\n\n", 9000), ""},
	} {
		cs, err := Split([]byte(c.text))
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.refused)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		t.Run(c.name, func(t *testing.T) { intact(t, cs) })
	}
}

func definitionsFor(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("\"Term " + strings.Repeat("Term ", i%9) + itoa(i) + "\" means a.\n\n")
	}
	return b.String()
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"", "\x00", "\xff", "\ufeff1. A", "1. A\r\n2. B", numbered, "<b", "<b \"", "&#0;", "\\", "*", "**\"A\"** means",
		"# A\n## 1.\n### (a)\n", "1.\n1.\n", "1. 1. 1. a", "(a)(b)(c)", "§", "Section ", "Sections 1 to", "Article IV.", "a\n===\n---\n***",
		"1. \"A\" or \"B\", \"C\" means\n", "\"Definitions\"\n- **A**: b\n", "1. Definitions\nA means b\n", "\t\t\t1. a\n  - b", "12.13(a)(iv) x",
		"1. ('A' means", "def/a~2", "0. a\n0. b", "00. a", "ß means «x» “y”", strings.Repeat("(", 50), strings.Join(nested(15), "\n"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		cs, err := Split(text)
		if err != nil {
			return
		}
		intact(t, cs)
		for _, c := range cs {
			if again := plain(c.Source); c.Source != "" && len(c.Text) > len(again)+8*bytes.Count([]byte(c.Source), []byte("\n"))+8 {
				t.Fatalf("clause %s has more words than its source: %q, %q", c.Ref, c.Text, c.Source)
			}
		}
		again, err := Split(text)
		if err != nil || ScopeDigest(nil, cs) != ScopeDigest(nil, again) {
			t.Fatalf("the same text splits in two ways: %v", err)
		}
		if crlf, err := Split(bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r"), nil), []byte("\n"), []byte("\r\n"))); err == nil && !bytes.Contains(text, []byte("\r")) {
			if ScopeDigest(nil, cs) != ScopeDigest(nil, crlf) {
				t.Fatal("line ends count")
			}
		}
	})
}
