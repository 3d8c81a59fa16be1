package engagement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitNamesClauses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nested list", "1. A\n    1. B\n        a. C\n        b. D\n    2. E\n2. F", "1 1.1 1.1.a 1.1.b 1.2 2"},
		{"all ones", "1. A\n1. B\n   1. C\n   1. D\n1. E", "1 2 2.1 2.2 3"},
		{"list from four", "4. A\n5. B", "4 5"},
		{"jump is trusted", "1. A\n\n3. B", "1 3"},
		{"plain text with full numbers", "4. Payment\n\n4.1 Fees are due.\n\n4.2 Taxes too.\n\nMore on taxes.\n\n5. Term\n5.1 It ends.", "4 4.1 4.2 5 5.1"},
		{"letters at the same column", "1. A:\n(a) one\n(b) two\n2. B", "1 1.a 1.b 2"},
		{"roman below letters", "(a) A:\n  (i) one\n  (ii) two\n(b) B", "a a.i a.ii b"},
		{"i after h is a letter", strings.Join([]string{"a. A", "b. B", "c. C", "d. D", "e. E", "f. F", "g. G", "h. H", "i. I", "j. J"}, "\n"), "a b c d e f g h i j"},
		{"numbered headings", "# Contract\nbetween us\n## 4. Payment\nWe pay.\n### 4.1 Fees\nMuch.\n## 5 Term\nLong.", "0 4 4.1 5"},
		{"headings without numbers", "# Contract\n## Payment\nWe pay.\n## Term & End\n1. It ends.\n2. Or not.", "0 payment term-end term-end.1 term-end.2"},
		{"headings of one level", "# Contract\n# Payment\nWe pay.\n# Term\n", "0 payment term"},
		{"annex", "# Contract\n1. A\n# Annex A\n1. B\n", "0 1 annex-a annex-a.1"},
		{"underlined headings", "Contract\n========\n\n1. Payment\n----------\n\nWe pay.\n\n2. Term\n-------\nIt ends.", "0 1 2"},
		{"keywords", "Section 4. Payment\n\nWe pay.\n\nSection 5 Term\n\nIt ends.", "4 5"},
		{"articles and sections", "ARTICLE VII\n\nSection 7.1 Fees.\n\nSection 7.2 Taxes.\n\nArticle VIII – Term", "7 7.1 7.2 8"},
		{"paragraph signs", "§ 3 Zahlung\n\nEs wird gezahlt.\n\n§ 4 Laufzeit", "3 4"},
		{"bold labels", "**4. Payment**\n\n**4.1** Fees are due.\n\n<b>5.</b> Term", "4 4.1 5"},
		{"sentence that names a section", "1. A\n\nSection 4 applies to this.", "1"},
		{"wrapped sentence with a date", "1. It ends on\n30. June or later.\n2. B", "1 2"},
		{"wrapped sentence with a number", "3. As stated in\n3.1 above and\n12.5 percent.\n4. B", "3 4"},
		{"year", "1. A\n\n2026. was a good year", "1"},
		{"inline list stays whole", "1. We (a) pay; (b) wait; and\n(c) go.\n2. B", "1 2"},
		{"wrapped inline list stays whole", "1. We undertake to\n(a) pay; (b) wait.\n2. B", "1 2"},
		{"bullets stay whole", "1. We:\n   - pay\n   - wait\n2. B", "1 2"},
		{"no clauses", "Just some words.", "0"},
		{"twice the same", "1. A\n2. B\n\n---\n\n1. C", "1 2 1~2"},
		{"escaped number", "1\\. is no label", "0"},
		{"deeper than we go", strings.Join(nested(20), "\n"), "1 1.1 1.1.1 1.1.1.1 1.1.1.1.1 1.1.1.1.1.1 1.1.1.1.1.1.1 1.1.1.1.1.1.1.1 " +
			"1.1.1.1.1.1.1.1.1 1.1.1.1.1.1.1.1.1.1 1.1.1.1.1.1.1.1.1.1.1 1.1.1.1.1.1.1.1.1.1.1.1"},
	} {
		got := strings.Join(refs(split(t, c.text)), " ")
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func nested(depth int) []string {
	var lines []string
	for i := range depth {
		lines = append(lines, strings.Repeat("    ", i)+"1. word")
	}
	return lines
}

func TestSplitNamesDefinitionsByTheirTerm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"list", "1. Definitions\n    1. **\"Affiliate\"** means a.\n    2. “Fees” means b.\n    3. Reading. As above.", "1 def/affiliate def/fees 1.3"},
		{"bold without quotes", "1. **Affiliate** means a.\n2. **Fees** are due.", "def/affiliate 2"},
		{"quotes and marks that do not match", "1. *\"GDPR\"** means a.\n2. **“Order Form”** means b.", "def/gdpr def/order-form"},
		{"paragraphs", "1. Definitions\n\n\"Affiliate\" means a:\n\n(a) one\n(b) two\n\n\"Fees\" means b.\n\n2. Term", "1 def/affiliate def/affiliate.a def/affiliate.b def/fees 2"},
		{"bullets with colons", "## Definitions\n- **Affiliate**: a\n- **Fees**: b\n\n## 2. Term", "definitions def/affiliate def/fees 2"},
		{"no marks at all", "1. Defined Terms\n1.1 Affiliate means a.\n1.2 Order Form means b.\n1.3 It means what it says.", "1 def/affiliate def/order-form def/it"},
		{"two terms", "1. \"European Area\" or \"EA\" means a.", "def/european-area"},
		{"the term", "1. The term \"Fees\" shall mean b.", "def/fees"},
		{"single quotes", "1. 'Customer's Data' means a.", "def/customers-data"},
		{"another script", "1. «Данные» means a.", "def/данные"},
		{"twice", "1. \"Fees\" means a.\n2. \"Fees\" means b.", "def/fees def/fees~2"},
		{"a title is no definition", "1. **Payment.** means of payment", "1"},
	} {
		got := strings.Join(refs(split(t, c.text)), " ")
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestParagraphsBelongToTheClauseBeforeThem(t *testing.T) {
	t.Parallel()
	cs := split(t, "1. A\n\n    1. B\n\n       more of B\n\n   more of A\n\n2. C\n\nmore of C")
	for ref, want := range map[string]string{"1": "A more of A", "1.1": "B more of B", "2": "C more of C"} {
		if got := find(t, cs, ref).Text; got != want {
			t.Errorf("%s says %q, want %q", ref, got, want)
		}
	}
	plain := split(t, "4.1 Fees.\n\nMore on fees.\n\n4.2 Taxes.")
	if got := find(t, plain, "4.1").Text; got != "Fees. More on fees." {
		t.Errorf("4.1 says %q", got)
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`1. <span class="header_2" id="3">Privacy &amp; Security</span>`:      "Privacy & Security",
		`1. <span class="header_3">Term.</span>  It ends.`:                    "Term",
		`1. <span class="keyterms_link">Provider</span> does the work there.`: "",
		"1. **Introduction**. This is one.":                                   "Introduction",
		"1. **Each party pays whatever is due, which is said here at such a length that nobody would take it for a title, would they now.**": "",
		"## 4. Payment":                    "Payment",
		"1. Payment. We pay on time.":      "Payment",
		"1. We pay on time. We always do.": "",
		"1. Payment & Taxes":               "Payment & Taxes",
		"1. <h3>Taxes</h3> are due":        "Taxes",
		"1. **\"Fees\"** means the fees.":  "Fees",
	} {
		cs := split(t, text)
		if got := cs[len(cs)-1].Title; got != want {
			t.Errorf("%s\nis titled %q, want %q", text, got, want)
		}
	}
}

func TestSplitRefusesWhatIsNotText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"blank", " \n\t\n\ufeff", "empty"},
		{"markup only", "<span></span>\n<p>", "empty"},
		{"not UTF-8", "1. A\n2. caf\xe9", "line 2 is not UTF-8"},
		{"NUL", "1. A\n2. B\x00", "byte 0x00 in line 2"},
		{"PDF", "%PDF-1.7 …", "a PDF"},
		{"Word", "PK\x03\x04rest", "a zip file"},
		{"UTF-16", "\xff\xfea\x00", "UTF-16"},
		{"too large", strings.Repeat("a", MaxDocument+1), "more than"},
		{"too many clauses", strings.Repeat("1. a\n", MaxClauses+1), "more than 3000 clauses"},
	} {
		_, err := Split([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.want)
		}
	}
}

func TestSplitTakesLineEndsAndByteOrderMark(t *testing.T) {
	t.Parallel()
	want := split(t, "1. A\n    1. B\n\n2. C\n")
	for _, text := range []string{"1. A\r\n    1. B\r\n\r\n2. C\r\n", "1. A\r    1. B\r\r2. C\r", "\ufeff1. A\n\t1. B\n \t\n2. C"} {
		if diff := cmp.Diff(digests(want), digests(split(t, text))); diff != "" {
			t.Errorf("%q differs (-want +got):\n%s", text, diff)
		}
	}
}

func digests(cs []Clause) map[string]string {
	all := map[string]string{}
	for _, c := range cs {
		all[c.Ref] = c.Digest
	}
	return all
}
