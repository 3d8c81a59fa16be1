package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Word writes Markdown as a Word document, as somebody's office has it: headings
// and paragraphs (ECMA-376, WordprocessingML), nothing else.
func Word(markdown string) ([]byte, error) {
	var body strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(markdown), "\n\n") {
		style, text := "Normal", strings.Join(strings.Fields(block), " ")
		for mark, name := range map[string]string{"# ": "Title", "## ": "Heading1", "### ": "Heading2"} {
			if rest, is := strings.CutPrefix(text, mark); is {
				style, text = name, rest
			}
		}
		var safe bytes.Buffer
		err := xml.EscapeText(&safe, []byte(text))
		if err != nil {
			return nil, fmt.Errorf("writing a paragraph: %w", err)
		}
		fmt.Fprintf(&body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, style, safe.String())
	}
	const (
		head    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
		words   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
		rels    = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
		kind    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
		types   = "application/vnd.openxmlformats-"
		content = types + "officedocument.wordprocessingml."
	)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="` + types + `package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + content + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + content + `styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships ` + rels + `><Relationship Id="rId1" Type="` + kind + `officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document ` + words + `><w:body>` + body.String() + `</w:body></w:document>`},
		{"word/_rels/document.xml.rels", `<Relationships ` + rels + `><Relationship Id="rId1" Type="` + kind + `styles" Target="styles.xml"/></Relationships>`},
		{"word/styles.xml", `<w:styles ` + words + `>` + wordStyle("Normal", "Normal", "") + wordStyle("Title", "Title", "") +
			wordStyle("Heading1", "heading 1", `<w:pPr><w:outlineLvl w:val="0"/></w:pPr>`) + wordStyle("Heading2", "heading 2", `<w:pPr><w:outlineLvl w:val="1"/></w:pPr>`) + `</w:styles>`},
	} {
		member, err := w.Create(part.name)
		if err == nil {
			_, err = member.Write([]byte(head + part.text))
		}
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", part.name, err)
		}
	}
	err := w.Close()
	if err != nil {
		return nil, fmt.Errorf("closing a Word document: %w", err)
	}
	return out.Bytes(), nil
}

func wordStyle(id, name, props string) string {
	return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/>%s</w:style>`, id, name, props)
}
