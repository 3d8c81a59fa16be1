package papers

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// docxStyle is what of a style matters for the text, or of a paragraph's or run's
// own formatting. A nil field says nothing.
type docxStyle struct {
	name   string
	base   string
	strong *bool
	struck *bool
	hidden *bool
	level  *int // outline level, 0 to 8; 9 is body text
	list   string
	ilvl   *int
	left   *int // twips
	hang   *int // twips that the first line begins before the rest
}

const maxStyleBases = 12

// style resolves what a style says, its bases included.
func (d *docx) style(id string) docxStyle {
	out := docxStyle{}
	for range maxStyleBases {
		s := d.styles[id]
		if s == nil {
			return out
		}
		out.under(*s)
		if out.name == "" {
			out.name = s.name
		}
		id = s.base
	}
	return out
}

// under fills in what s does not say from what stands below it.
func (s *docxStyle) under(base docxStyle) {
	s.strong = or(s.strong, base.strong)
	s.struck = or(s.struck, base.struck)
	s.hidden = or(s.hidden, base.hidden)
	s.level = or(s.level, base.level)
	s.ilvl = or(s.ilvl, base.ilvl)
	s.left = or(s.left, base.left)
	s.hang = or(s.hang, base.hang)
	if s.list == "" {
		s.list = base.list
	}
}

func or[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func (d *docx) readStyles(c *cursor) error {
	return c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			if e.Name.Local != "style" {
				return c.skip()
			}
			s := &docxStyle{}
			if attr(e, "type") != "table" { // a table's style formats by place, which is not followed
				d.styles[attr(e, "styleId")] = s
			}
			return c.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "name":
					s.name = strings.ToLower(attr(e, "val"))
				case "basedOn":
					s.base = attr(e, "val")
				case "pPr":
					return d.paragraphProps(c, s, nil)
				case "rPr":
					return d.runProps(c, s, nil)
				}
				return c.skip()
			})
		})
	})
}

// paragraphProps reads w:pPr. mark, where given, learns the style's name and
// whether the paragraph's end was deleted.
func (d *docx) paragraphProps(c *cursor, s *docxStyle, mark *paragraphMark) error {
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			s.base = attr(e, "val")
		case "outlineLvl":
			s.level = number(attr(e, "val"))
		case "ind":
			s.indent(e)
		case "numPr":
			return d.listProps(c, s)
		case "pPrChange", "numberingChange":
			d.tracked(mark)
		case "sectPr":
			return d.sectionProps(c)
		case "rPr":
			if mark == nil {
				return c.skip()
			}
			return c.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "del", "moveFrom":
					mark.gone = true
					d.tracked(mark)
				case "ins", "moveTo", "rPrChange":
					d.tracked(mark)
				}
				return c.skip()
			})
		}
		return c.skip()
	})
}

func (d *docx) listProps(c *cursor, s *docxStyle) error {
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "ilvl":
			s.ilvl = number(attr(e, "val"))
		case "numId":
			s.list = attr(e, "val")
		case "ins", "numberingChange":
			d.tracked(&paragraphMark{})
		}
		return c.skip()
	})
}

// sectionProps looks for a change of a section's layout.
func (d *docx) sectionProps(c *cursor) error {
	return c.each(func(e xml.StartElement) error {
		if e.Name.Local == "sectPrChange" {
			d.tracked(&paragraphMark{})
		}
		return c.skip()
	})
}

func (s *docxStyle) indent(e xml.StartElement) {
	for _, name := range []string{"left", "start"} {
		if n := number(attr(e, name)); n != nil {
			s.left = n
		}
	}
	if n := number(attr(e, "hanging")); n != nil {
		s.hang = n
	} else if n := number(attr(e, "firstLine")); n != nil {
		before := -*n
		s.hang = &before
	}
}

// runProps reads w:rPr. It learns of a tracked change of formatting in mark.
func (d *docx) runProps(c *cursor, s *docxStyle, mark *paragraphMark) error {
	return c.each(func(e xml.StartElement) error {
		is := on(e)
		switch e.Name.Local {
		case "rStyle":
			s.base = attr(e, "val")
		case "b", "u":
			if s.strong == nil || is {
				s.strong = &is
			}
		case "strike", "dstrike":
			if s.struck == nil || is {
				s.struck = &is
			}
		case "vanish", "webHidden":
			if e.Name.Local == "vanish" {
				s.hidden = &is
			}
		case "rPrChange":
			d.tracked(mark)
		}
		return c.skip()
	})
}

// number reads a whole number; nil where there is none.
func number(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil || n > 1<<20 || n < -1<<20 {
		return nil
	}
	return &n
}
