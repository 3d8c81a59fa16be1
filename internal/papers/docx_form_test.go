package papers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

// What a Word document's parts come to in the text.
func TestWordText(t *testing.T) {
	t.Parallel()
	headings := `<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>`
	style := func(id, text string) string { return p(`<w:pStyle w:val="`+id+`"/>`, r("", text)) }
	for _, c := range []struct {
		name  string
		in    wordFile
		want  string
		flags []engagement.ReadingFlag
	}{
		{name: "headings that are numbered by their styles", in: wordFile{styles: headings, numbering: numbers(1, "decimal Article %1", "decimal %1.%2") + uses(1),
			body: style("Title", "Services") + style("H1", "Fees") + style("H2", "Rates") + p("", r("", "As agreed.")) + style("H1", "Term")},
			want: "# Services\n\n## Article 1. Fees\n\n### 1.1 Rates\n\nAs agreed.\n\n## Article 2. Term\n"},
		{name: "a heading for a title", in: wordFile{styles: headings, body: style("H1", "Services") + style("H2", "Rates")}, want: "# Services\n\n## Rates\n"},
		{name: "roman and lettered levels, begun anew below each", in: wordFile{numbering: numbers(1, "upperRoman %1.", "lowerLetter (%2)", "lowerRoman (%3)") + uses(1),
			body: item(1, 0, r("", "A")) + item(1, 1, r("", "B")) + item(1, 2, r("", "C")) + item(1, 1, r("", "D")) + item(1, 0, r("", "E")) + item(1, 1, r("", "F"))},
			want: "  I. A\n\n      (a) B\n\n          (i) C\n\n      (b) D\n\n  II. E\n\n      (a) F\n"},
		{name: "a list that begins anew", in: wordFile{numbering: numbers(1, "decimal %1.") + uses(1) + `<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>`,
			body: item(1, 0, r("", "A")) + item(1, 0, r("", "B")) + item(2, 0, r("", "C")) + item(2, 0, r("", "D"))}, want: "  1. A\n\n  2. B\n\n  5. C\n\n  6. D\n"},
		{name: "two uses of a list count on", in: wordFile{numbering: numbers(1, "decimal %1.") + uses(1) + `<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>`,
			body: item(1, 0, r("", "A")) + item(2, 0, r("", "B"))}, want: "  1. A\n\n  2. B\n"},
		{name: "numbers taken away, bullets", in: wordFile{numbering: numbers(1, "decimal %1.") + numbers(2, "bullet ·") + uses(1, 2),
			body: item(1, 0, r("", "A")) + item(0, 0, r("", "B")) + item(2, 0, r("", "C"))}, want: "  1. A\n\nB\n\n  - C\n"},
		{name: "text under an item stands in its column", in: wordFile{numbering: numbers(1, "decimal %1.") + uses(1),
			body: item(1, 0, r("", "A")) + p(`<w:ind w:left="720"/>`, r("", "More of A."))}, want: "  1. A\n\n     More of A.\n"},
		{name: "a table keeps its cells", in: wordFile{body: `<w:tbl><w:tr><w:tc>` + p("", r("", "Price")) + `</w:tc><w:tc>` + p("", r("", "100 | 200")) + p("", r("", "net")) + `</w:tc></w:tr><w:tr><w:tc>` + p("", r("", "Term")) + `</w:tc><w:tc>` + p("", r("", "1 year")) + `</w:tc></w:tr></w:tbl>`},
			want: "| Price | 100 \\| 200<br>net |\n| Term | 1 year |\n"},
		{name: "a deleted and an inserted row", in: wordFile{body: `<w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>` + p("", r("", "Old")) + `</w:tc></w:tr><w:tr><w:trPr><w:ins w:id="2"/></w:trPr><w:tc>` + p("", r("", "New")) + `</w:tc><w:tc>` + p("", r("", "row")) + `</w:tc></w:tr></w:tbl>`},
			want: "| New | row |\n", flags: []engagement.ReadingFlag{engagement.FlagTracked}},
		{name: "a table that only lays out text", in: wordFile{body: `<w:tbl><w:tr><w:tc>` + p("", r("", "Left.")) + p("", r("", "Below.")) + `</w:tc></w:tr></w:tbl>`}, want: "Left.\n\nBelow.\n"},
		{name: "footnotes stand where they are referred to", in: wordFile{footnotes: `<w:footnote w:type="separator" w:id="0">` + p("", r("", "----")) + `</w:footnote><w:footnote w:id="2">` + p("", r("", "Excluding tax.")) + `</w:footnote>`,
			body: p("", r("", "100 euros"), `<w:r><w:footnoteReference w:id="2"/></w:r>`, r("", " a day."))}, want: "100 euros [footnote: Excluding tax.] a day.\n"},
		{name: "comments are flagged and no text", in: wordFile{comments: `<w:comment w:id="0">` + p("", r("", "Too much!")) + `</w:comment>`, body: p("", r("", "100 euros."), `<w:r><w:commentReference w:id="0"/></w:r>`)},
			want: "100 euros.\n", flags: []engagement.ReadingFlag{engagement.FlagComments}},
		{name: "hidden text is marked", in: wordFile{body: p("", r("", "We pay. "), r("<w:vanish/>", "You pay double."))}, want: "We pay. [hidden: You pay double.]\n", flags: []engagement.ReadingFlag{engagement.FlagHidden}},
		{name: "text hidden by its style", in: wordFile{styles: `<w:style w:type="character" w:styleId="S"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style>`, body: p("", r("", "We pay. "), r(`<w:rStyle w:val="S"/>`, "You pay."))},
			want: "We pay. [hidden: You pay.]\n", flags: []engagement.ReadingFlag{engagement.FlagHidden}},
		{name: "struck and bold words", in: wordFile{body: p("", r("<w:b/>", "Pay"), r("<w:b/>", "ment. "), r("", "Within "), r("<w:strike/>", "30"), r("", " 60 days."))}, want: "**Payment.** Within ~~30~~ 60 days.\n"},
		{name: "marks that are characters", in: wordFile{body: p("", r("", "# 3 * 4 <b>& &amp; a_b \\ ______"))}, want: "\\# 3 \\* 4 \\<b>& \\&amp; a\\_b \\\\ ______\n"},
		{name: "fields show their result, pages none", in: wordFile{body: p("", r("", "See "), `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`, r("", "4.2"), `<w:r><w:fldChar w:fldCharType="end"/></w:r>`, `<w:fldSimple w:instr=" PAGE ">`+r("", "7")+`</w:fldSimple>`, r("", "."))},
			want: "See 4.2.\n"},
		{name: "headers and footers once, at the end", in: wordFile{headers: []string{p("", r("", "Draft")), p("", r("", "Draft"))}, footers: []string{p("", r("", "Acme"))}, body: p("", r("", "Text."))},
			want: "Text.\n\n## Headers and footers\n\nDraft\n\nAcme\n"},
		{name: "a table of contents is no list of clauses", in: wordFile{styles: headings, body: style("TOC1", "1. Fees\t3") + p("", r("", "Text."))}, want: "- 1. Fees 3\n\nText.\n"},
		{name: "one of two forms of a text box", in: wordFile{body: p("", r("", "Before."), `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>`+p("", r("", "Boxed."))+`</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>`+p("", r("", "Boxed."))+`</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`)},
			want: "Before.\n\nBoxed.\n"},
		{name: "line breaks, tabs, boxes to tick", in: wordFile{body: p("", r("", "One"), `<w:r><w:br/><w:t>Two</w:t><w:tab/><w:t>Three</w:t><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>`)}, want: "One\nTwo Three-☒\n"},
		{name: "content controls and links", in: wordFile{body: `<w:sdt><w:sdtPr/><w:sdtContent>` + p("", `<w:hyperlink r:id="x">`+r("", "Linked")+`</w:hyperlink>`, `<w:sdt><w:sdtContent>`+r("", " filled in")+`</w:sdtContent></w:sdt>`) + `</w:sdtContent></w:sdt>`}, want: "Linked filled in\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reading, text := readWord(t, c.in)
			if text != c.want {
				t.Errorf("read\n%s\nwant\n%s", text, c.want)
			}
			if d := cmp.Diff(c.flags, reading.Flags); d != "" {
				t.Errorf("flags (- want, + got):\n%s", d)
			}
		})
	}
}

// Documents that are not taken, and why.
func TestWordRefused(t *testing.T) {
	t.Parallel()
	text := p("", r("", "Text."))
	deep := strings.Repeat("<w:tbl><w:tr><w:tc>", 30) + text + strings.Repeat("</w:tc></w:tr></w:tbl>", 30)
	for _, c := range []struct {
		name string
		in   wordFile
		want engagement.ReadingFault
	}{
		{"macros", wordFile{body: text, extra: map[string]string{"word/vbaProject.bin": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}}, engagement.FaultMacros},
		{"macros by type alone", wordFile{body: text, mainType: "application/vnd.ms-word.document.macroEnabled.main+xml"}, engagement.FaultMacros},
		{"a template from the web", wordFile{body: text, settings: `<Relationship Id="r1" Type="` + relKinds + `attachedTemplate" Target="https://example.com/evil.dotm" TargetMode="External"/>`}, engagement.FaultMacros},
		{"a field that starts a program", wordFile{body: p("", `<w:fldSimple w:instr="DDEAUTO c:\\windows\\cmd.exe">`+r("", "x")+`</w:fldSimple>`)}, engagement.FaultMacros},
		{"the same in pieces", wordFile{body: p("", `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)}, engagement.FaultMacros},
		{"a program inside", wordFile{body: text, extra: map[string]string{"word/media/image1.png": "MZ\x90\x00"}}, engagement.FaultMacros},
		{"an archive inside", wordFile{body: text, extra: map[string]string{"word/embeddings/a.xlsx": "PK\x03\x04"}}, engagement.FaultNested},
		{"a document within", wordFile{body: text + `<w:altChunk r:id="r9"/>`}, engagement.FaultNested},
		{"tables within tables", wordFile{body: deep}, engagement.FaultNested},
		{"elements within elements", wordFile{body: strings.Repeat("<w:sdt><w:sdtContent>", 400) + strings.Repeat("</w:sdtContent></w:sdt>", 400)}, engagement.FaultNested},
		{"a bomb", wordFile{body: text, extra: map[string]string{"word/media/zeros.bin": strings.Repeat("\x00", 40<<20)}}, engagement.FaultBomb},
		{"many members", wordFile{body: text, extra: numbered(maxEntries)}, engagement.FaultBomb},
		{"a spreadsheet under a wrong name", wordFile{body: text, mainType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"}, engagement.FaultType},
		{"a member twice", wordFile{body: text, extra: map[string]string{"word/Document.xml": "<x/>"}}, engagement.FaultBroken},
		{"a crooked member", wordFile{body: text, extra: map[string]string{"../word/x.xml": "<x/>"}}, engagement.FaultBroken},
		{"broken XML", wordFile{body: "<w:p><w:r>"}, engagement.FaultBroken},
		{"a document type", wordFile{body: `<!DOCTYPE x [<!ENTITY a "b">]>` + text}, engagement.FaultBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reading, got, err := New(Options{}).Read(t.Context(), "a.docx", "", c.in.bytes(t))
			if err != nil || reading.Fault != c.want || len(got) > 0 || reading.Text != "" {
				t.Errorf("fault %q, text %.60q, %v; want %q", reading.Fault, got, err, c.want)
			}
			if reading.Document == "" || reading.Size == 0 {
				t.Error("what was refused is not named")
			}
		})
	}
}

func numbered(n int) map[string]string {
	out := map[string]string{}
	for i := range n {
		out["word/media/"+numeral(i+1, "decimal")] = "x"
	}
	return out
}

func TestNumerals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n      int
		format string
		want   string
	}{
		{4, "decimal", "4"}, {4, "decimalZero", "04"}, {14, "decimalZero", "14"}, {27, "lowerLetter", "aa"}, {53, "upperLetter", "AAA"}, {1994, "upperRoman", "MCMXCIV"},
		{4, "lowerRoman", "iv"}, {0, "upperRoman", "0"}, {0, "lowerLetter", "0"}, {11, "ordinal", "11th"}, {22, "ordinal", "22nd"}, {3, "ordinalText", "Third"},
		{2, "cardinalText", "Two"}, {99, "cardinalText", "99"}, {3, "chineseCounting", "3"}, {-2, "lowerLetter", "-2"}, {3, "none", ""},
	} {
		if got := numeral(c.n, c.format); got != c.want {
			t.Errorf("%d as %s is %q, want %q", c.n, c.format, got, c.want)
		}
	}
}
