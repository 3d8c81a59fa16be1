package demo

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is what a person sees: its title, its links and its forms.
type Page struct {
	Title string
	Links []Link
	Forms []*Form
	// Text is all words of the page, white space folded.
	Text string
}

// Link is a link and the words on it.
type Link struct {
	Text string
	To   *url.URL
}

// readPage reads a page as a browser would, its links made whole by its address.
func readPage(at *url.URL, body io.Reader) (*Page, error) {
	root, err := html.Parse(io.LimitReader(body, 32<<20))
	if err != nil {
		return nil, fmt.Errorf("reading the page %s: %w", at, err)
	}
	p := &Page{Text: words(root)}
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.H1:
			if p.Title == "" {
				p.Title = words(n)
			}
		case atom.A:
			to, err := at.Parse(attr(n, "href"))
			if err == nil {
				p.Links = append(p.Links, Link{Text: words(n), To: to})
			}
		case atom.Form:
			f, err := readForm(at, n)
			if err == nil {
				p.Forms = append(p.Forms, f)
			}
		}
	}
	return p, nil
}

// Form returns the form that posts to a path, nil when the page has none.
func (p *Page) Form(path string) *Form {
	for _, f := range p.Forms {
		if f.Action.Path == path {
			return f
		}
	}
	return nil
}

// words are the words inside a node, white space folded.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.DataAtom != atom.Style && d.Parent.DataAtom != atom.Script {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
