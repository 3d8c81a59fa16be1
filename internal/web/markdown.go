package web

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// sanitiser turns other people's Markdown into markup that can do nothing.
// Both halves may be used from several requests at once.
type sanitiser struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

// newSanitiser lets raw markup through goldmark, because goldmark would drop the
// words inside it, and takes it out after: real contracts are full of <span>.
// Pictures, styles, ids, classes and anything that runs are dropped; a link may
// lead to the web or to a mail address.
func newSanitiser() *sanitiser {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code",
		"em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,6}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	tables := extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))
	return &sanitiser{policy: p, markdown: goldmark.New(
		goldmark.WithExtensions(tables, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithEscapedSpace()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)}
}

// render gives the markup of a text; its headings go below those of the page.
func (s *sanitiser) render(source []byte) (template.HTML, error) {
	doc := s.markdown.Parser().Parse(text.NewReader(source))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, is := n.(*ast.Heading); is && entering {
			h.Level = min(h.Level+2, 6)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := s.markdown.Renderer().Render(&b, source, doc); err != nil {
		return "", err
	}
	return template.HTML(s.policy.SanitizeBytes(b.Bytes())), nil // the policy made it
}

// dedent takes away the indentation that all lines of a clause share, which in
// the whole document says how deep it lies and here would make it code.
func dedent(source string) string {
	lines := strings.Split(strings.ReplaceAll(source, "\t", "    "), "\n")
	least := -1
	for _, l := range lines {
		if body := strings.TrimLeft(l, " "); body != "" && (least < 0 || len(l)-len(body) < least) {
			least = len(l) - len(body)
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(least, 0), len(l)-len(strings.TrimLeft(l, " "))):]
	}
	return strings.Join(lines, "\n")
}

// looksMarked guesses whether a text was written as Markdown.
func looksMarked(source []byte) bool {
	return regexp.MustCompile(`(?m)^(#{1,6} |\s{0,8}([-*+]|\d+\.) |\|.*\|)|\*\*|</?[a-z]+|\]\(`).Match(source)
}
