package papers

import (
	"encoding/xml"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	wordNS   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`
	relsNS   = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relKinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// wordFile is a Word document as the tests write it: its parts by kind, without
// what they all begin and end with.
type wordFile struct {
	body      string
	styles    string
	numbering string
	footnotes string
	comments  string
	headers   []string
	footers   []string
	settings  string            // relations of the settings part
	extra     map[string]string // members as they are
	mainType  string
}

func (w wordFile) bytes(t testing.TB) []byte {
	t.Helper()
	return zipped(t, w.members()...)
}

func (w wordFile) members() [][2]string {
	mainType := w.mainType
	if mainType == "" {
		mainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	}
	types := `<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="` + mainType + `"/>`
	var rels strings.Builder
	var parts [][2]string
	part := func(kind, name, root, inside string) {
		if inside == "" {
			return
		}
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="%s%s" Target="%s"/>`, len(parts)+1, relKinds, kind, name)
		parts = append(parts, [2]string{"word/" + name, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:` + root + ` ` + wordNS + `>` + inside + `</w:` + root + `>`})
	}
	part("styles", "styles.xml", "styles", w.styles)
	part("numbering", "numbering.xml", "numbering", w.numbering)
	part("footnotes", "footnotes.xml", "footnotes", w.footnotes)
	part("comments", "comments.xml", "comments", w.comments)
	for i, h := range w.headers {
		part("header", fmt.Sprintf("header%d.xml", i+1), "hdr", h)
	}
	for i, f := range w.footers {
		part("footer", fmt.Sprintf("footer%d.xml", i+1), "ftr", f)
	}
	if w.settings != "" {
		part("settings", "settings.xml", "settings", "<w:zoom/>")
		parts = append(parts, [2]string{"word/_rels/settings.xml.rels", `<Relationships ` + relsNS + `>` + w.settings + `</Relationships>`})
	}
	members := [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` + types + `</Types>`},
		{"_rels/.rels", `<Relationships ` + relsNS + `><Relationship Id="r1" Type="` + relKinds + `officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ` + wordNS + `><w:body>` + w.body + `<w:sectPr/></w:body></w:document>`},
		{"word/_rels/document.xml.rels", `<Relationships ` + relsNS + `>` + rels.String() + `</Relationships>`},
	}
	members = append(members, parts...)
	for name, data := range w.extra {
		members = append(members, [2]string{name, data})
	}
	return members
}

// w writes a paragraph of the runs; props is what goes into w:pPr.
func p(props string, runs ...string) string {
	if props != "" {
		props = "<w:pPr>" + props + "</w:pPr>"
	}
	return "<w:p>" + props + strings.Join(runs, "") + "</w:p>"
}

// r writes a run; props is what goes into w:rPr.
func r(props, text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	if props != "" {
		props = "<w:rPr>" + props + "</w:rPr>"
	}
	return `<w:r>` + props + `<w:t xml:space="preserve">` + b.String() + `</w:t></w:r>`
}

func item(list, level int, runs ...string) string {
	return p(fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, list), runs...)
}

// numbers writes an abstract list with its use, both of the id: a format and a
// text for each level ("decimal %1.").
func numbers(id int, levels ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d">`, id)
	for i, l := range levels {
		format, text, _ := strings.Cut(l, " ")
		fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:pPr><w:ind w:left="%d" w:hanging="360"/></w:pPr></w:lvl>`, i, format, text, 720*(i+1))
	}
	fmt.Fprintf(&b, `</w:abstractNum>`)
	return b.String()
}

func uses(ids ...int) string {
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, id, id)
	}
	return b.String()
}

// contracts are the names of the real contracts.
func contracts() []string {
	return []string{
		"services-agreement-earlier.md", "services-agreement.md", "cloud-agreement-v2-first.md", "cloud-agreement-v2-april.md",
		"cloud-agreement-v2-november.md", "data-processing-agreement.md", "mutual-nda.md", "service-level-agreement.md",
	}
}

// contract reads one of the real contracts, which lie beside the repository.
func contract(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "documents", name))
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("reading a real contract: %v", err)
		}
		t.Skipf("the real contracts are not beside this repository (GANGWAY_REQUIRE=1 makes this a failure): %v", err)
	}
	return string(text)
}

// asWord turns a contract in Markdown into a Word document as an office would
// write it: numbers are computed by Word, titles are bold.
func asWord(text string, levels ...string) wordFile {
	listItem := regexp.MustCompile(`^( *)(?:\d+|[a-z]+)\. +(.*)$`)
	var body strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		switch m := listItem.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "# "):
			body.WriteString(p(`<w:pStyle w:val="Title"/>`, r("", strings.TrimPrefix(line, "# "))))
		case m != nil:
			body.WriteString(item(1, len(m[1])/4, runsOf(m[2])...))
		default:
			left := (len(line) - len(strings.TrimLeft(line, " "))) * twipsOf
			body.WriteString(p(fmt.Sprintf(`<w:ind w:left="%d"/>`, left), runsOf(strings.TrimSpace(line))...))
		}
	}
	return wordFile{
		body: body.String(), numbering: numbers(1, levels...) + uses(1),
		styles: `<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>`,
	}
}

// runsOf makes runs of a line of Markdown: bold where it is, cut anywhere as Word
// cuts them.
func runsOf(line string) []string {
	line = regexp.MustCompile(`<span class="header[^>]*>(.*?)</span>`).ReplaceAllString(line, "**$1**")
	line = regexp.MustCompile(`<(https?://[^>]*)>`).ReplaceAllString(line, "$1")
	line = strings.ReplaceAll(line, `>*"GDPR"**`, `>**"GDPR"**`) // a mark too few in one of them
	line = html.UnescapeString(regexp.MustCompile(`</?[a-z][^>]*>`).ReplaceAllString(line, ""))
	var runs []string
	for i, piece := range strings.Split(line, "**") {
		props := ""
		if i%2 == 1 {
			props = "<w:b/>"
		}
		for piece != "" {
			n := min(len(piece), 37)
			for n < len(piece) && piece[n]&0xC0 == 0x80 {
				n++
			}
			runs = append(runs, r(props, piece[:n]))
			piece = piece[n:]
		}
	}
	return runs
}
