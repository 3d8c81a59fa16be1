package papers

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"gangway/internal/engagement"
)

const (
	maxXMLDepth = 200 // elements within elements; Word's own stay below 60
	ctxEvery    = 4096
)

// cursor goes through a part's XML element by element. It builds no tree, so that
// memory does not grow with the part, and knows no entities but XML's own.
type cursor struct {
	ctx    context.Context
	dec    *xml.Decoder
	depth  int
	tokens int
}

func newCursor(ctx context.Context, data []byte) *cursor {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, errors.New("another charset than UTF-8")
	}
	return &cursor{ctx: ctx, dec: dec}
}

// token gives the next token.
func (c *cursor) token() (xml.Token, error) {
	c.tokens++
	if c.tokens%ctxEvery == 0 && c.ctx.Err() != nil {
		return nil, c.ctx.Err()
	}
	t, err := c.dec.Token()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, refuse(engagement.FaultBroken, "a part that is no XML")
	}
	if _, ok := t.(xml.Directive); ok {
		return nil, refuse(engagement.FaultBroken, "a document type in a part")
	}
	return t, nil
}

// each calls f for every element up to the end of the one that the cursor stands
// in. f has to consume the element: by each, text or skip.
func (c *cursor) each(f func(xml.StartElement) error) error {
	return c.walk(f, nil)
}

// walk is each with a function for the text between the elements.
func (c *cursor) walk(f func(xml.StartElement) error, text func(xml.CharData)) error {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > maxXMLDepth {
		return refuse(engagement.FaultNested, "elements too deep within each other")
	}
	for {
		t, err := c.token()
		if err == io.EOF && c.depth == 1 {
			return nil
		}
		if err == io.EOF {
			return refuse(engagement.FaultBroken, "a part that ends early")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if text != nil {
				text(t)
			}
		case xml.StartElement:
			if err := f(t); err != nil {
				return err
			}
		}
	}
}

// skip leaves the element that the cursor stands in, whatever is in it.
func (c *cursor) skip() error {
	for depth := 1; depth > 0; {
		t, err := c.token()
		if err == io.EOF {
			return refuse(engagement.FaultBroken, "a part that ends early")
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// text reads the text of the element that the cursor stands in.
func (c *cursor) text() (string, error) {
	var b strings.Builder
	err := c.walk(func(xml.StartElement) error { return c.skip() }, func(t xml.CharData) { b.Write(t) })
	return b.String(), err
}

// attr gives an attribute by its local name; the namespaces of Word's two
// dialects differ and nothing else in an element bears the same name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on reads a switch such as <w:b/>, which is on unless it says otherwise.
func on(e xml.StartElement) bool {
	switch attr(e, "val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}
