package papers

import (
	"encoding/xml"
	"strings"

	"gangway/internal/engagement"
)

// paragraphMark is what is said of a paragraph's end.
type paragraphMark struct {
	gone bool // deleted: the next paragraph goes on here
}

// span is text of one formatting.
type span struct {
	text                   string
	strong, struck, hidden bool
}

// paragraph is a paragraph while it is read.
type paragraph struct {
	own    docxStyle
	mark   paragraphMark
	style  docxStyle // own and what stands below it
	spans  []span
	boxes  []block // of the text boxes that hang on it
	toc    bool
	styled bool
}

// tracked flags a change that nobody accepted, where text is read (a style has no
// mark and no changes that matter).
func (d *docx) tracked(mark *paragraphMark) {
	if mark != nil {
		d.found.flag(engagement.FlagTracked)
	}
}

// blockOf reads what may stand where paragraphs do.
func (d *docx) blockOf(c *cursor, e xml.StartElement) error {
	into := func(e xml.StartElement) error { return d.blockOf(c, e) }
	switch e.Name.Local {
	case "body", "sdtContent", "customXml", "smartTag", "txbxContent":
		return c.each(into)
	case "ins", "moveTo":
		d.tracked(&paragraphMark{})
		return c.each(into)
	case "del", "moveFrom":
		d.tracked(&paragraphMark{})
		return c.skip()
	case "p":
		return d.readParagraph(c)
	case "tbl":
		return d.readTable(c)
	case "footnote", "endnote":
		return c.skip() // read beforehand
	case "sdt":
		return c.each(func(e xml.StartElement) error {
			if e.Name.Local == "sdtContent" {
				return c.each(into)
			}
			return c.skip()
		})
	case "AlternateContent":
		return alternatives(c, into)
	case "altChunk":
		return refuse(engagement.FaultNested, "a document within the document")
	case "sectPr":
		return d.sectionProps(c)
	}
	return c.skip()
}

// alternatives reads the first choice of several forms of the same; a reader that
// took all would read it twice.
func alternatives(c *cursor, into func(xml.StartElement) error) error {
	taken := false
	return c.each(func(e xml.StartElement) error {
		if taken || e.Name.Local != "Choice" && e.Name.Local != "Fallback" {
			return c.skip()
		}
		taken = true
		return c.each(into)
	})
}

func (d *docx) readParagraph(c *cursor) error {
	p := &paragraph{spans: d.carry}
	d.carry = nil
	err := c.each(func(e xml.StartElement) error {
		if e.Name.Local == "pPr" {
			err := d.paragraphProps(c, &p.own, &p.mark)
			d.settle(p)
			return err
		}
		return d.inline(c, e, p)
	})
	if err != nil {
		return err
	}
	d.settle(p)
	if p.mark.gone {
		d.carry = p.spans
	} else {
		d.place(p)
	}
	for _, b := range p.boxes {
		d.add(b)
	}
	return nil
}

// settle resolves a paragraph's style, once.
func (d *docx) settle(p *paragraph) {
	if p.styled {
		return
	}
	p.styled = true
	p.style = p.own
	id := p.own.base
	if id == "" {
		id = "Normal"
	}
	style := d.style(id)
	p.style.under(style)
	p.style.name = style.name
	p.toc = strings.HasPrefix(style.name, "toc ")
}

// inline reads what may stand inside a paragraph.
func (d *docx) inline(c *cursor, e xml.StartElement, p *paragraph) error {
	into := func(e xml.StartElement) error { return d.inline(c, e, p) }
	switch e.Name.Local {
	case "r":
		return d.run(c, p)
	case "ins", "moveTo":
		d.tracked(&p.mark)
		return c.each(into)
	case "del", "moveFrom":
		d.tracked(&p.mark)
		return c.skip()
	case "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo", "ruby", "rubyBase":
		return c.each(into)
	case "sdt":
		return c.each(func(e xml.StartElement) error {
			if e.Name.Local == "sdtContent" {
				return c.each(into)
			}
			return c.skip()
		})
	case "fldSimple":
		kind, err := d.fieldKind(attr(e, "instr"))
		if err != nil || kind.drop {
			return firstError(err, c.skip)
		}
		p.toc = p.toc || kind.toc
		return c.each(into)
	case "AlternateContent":
		return alternatives(c, into)
	case "oMath", "oMathPara":
		text, err := mathText(c)
		p.write(span{text: text})
		return err
	}
	return c.skip()
}

func firstError(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// mathText gives the characters of a formula without its layout.
func mathText(c *cursor) (string, error) {
	var b strings.Builder
	var into func(xml.StartElement) error
	into = func(e xml.StartElement) error {
		if e.Name.Local == "t" {
			text, err := c.text()
			b.WriteString(text)
			return err
		}
		return c.each(into)
	}
	err := c.each(into)
	return b.String(), err
}

func (d *docx) run(c *cursor, p *paragraph) error {
	d.settle(p)
	own := docxStyle{}
	format := span{}
	apply := func() {
		s := own
		s.under(d.style(own.base))
		s.under(p.style)
		format.strong, format.struck, format.hidden = yes(s.strong), yes(s.struck), yes(s.hidden)
	}
	apply()
	write := func(text string) {
		if d.hiddenByField() || text == "" {
			return
		}
		if d.size += len(text); d.size > engagement.MaxDocument {
			d.cut = true
			return
		}
		s := format
		s.text = text
		if s.hidden && strings.TrimSpace(text) != "" {
			d.found.flag(engagement.FlagHidden)
		}
		p.write(s)
	}
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "rPr":
			err := d.runProps(c, &own, &p.mark)
			apply()
			return err
		case "t":
			text, err := c.text()
			write(text)
			return err
		case "instrText":
			text, err := c.text()
			d.fieldCode(text)
			return err
		case "fldChar":
			toc, err := d.fieldMark(attr(e, "fldCharType"))
			p.toc = p.toc || toc
			return firstError(err, c.skip)
		case "footnoteReference", "endnoteReference":
			write(d.notes[noteKey(e)])
		case "commentReference":
			d.found.flag(engagement.FlagComments)
		case "delText":
			d.tracked(&p.mark)
		case "drawing", "pict", "object", "AlternateContent":
			return d.boxes(c, e, p)
		default:
			write(character(e))
		}
		return c.skip()
	})
}

func yes(b *bool) bool { return b != nil && *b }

// character gives what an element stands for in the text.
func character(e xml.StartElement) string {
	switch e.Name.Local {
	case "tab", "ptab":
		return "\t"
	case "br", "cr":
		return "\n"
	case "noBreakHyphen":
		return "-"
	case "sym":
		return symbol(attr(e, "font"), attr(e, "char"))
	}
	return ""
}

// symbol gives the characters of Word's symbol fonts that matter in contracts: the
// boxes that are ticked or not, and bullets.
func symbol(font, char string) string {
	char = strings.TrimPrefix(strings.ToUpper(char), "F0")
	switch {
	case strings.HasPrefix(font, "Wingdings") && (char == "FE" || char == "FD" || char == "78" || char == "54" || char == "52"):
		return "☒"
	case strings.HasPrefix(font, "Wingdings") && (char == "A8" || char == "6F" || char == "A3"):
		return "☐"
	case strings.HasPrefix(font, "Wingdings") && (char == "FC" || char == "50"):
		return "✓"
	case char == "A7", char == "B7":
		return "•"
	}
	return "\ufffd"
}

// boxes reads the text boxes in a drawing; their paragraphs follow the one that
// they hang on.
func (d *docx) boxes(c *cursor, e xml.StartElement, p *paragraph) error {
	outer := d.blocks
	carry := d.carry
	d.blocks, d.carry = nil, nil
	var into func(e xml.StartElement) error
	into = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "txbxContent":
			return c.each(func(e xml.StartElement) error { return d.blockOf(c, e) })
		case "AlternateContent":
			return alternatives(c, into)
		}
		return c.each(into)
	}
	err := into(e)
	p.boxes = append(p.boxes, d.blocks...)
	d.blocks, d.carry = outer, carry
	return err
}

// write appends a span, joining those of one formatting: Word parts runs anywhere.
func (p *paragraph) write(s span) {
	if s.text == "" {
		return
	}
	if n := len(p.spans); n > 0 {
		last := &p.spans[n-1]
		alike := last.struck == s.struck && last.hidden == s.hidden
		if alike && (last.strong == s.strong || strings.TrimSpace(s.text) == "" && !s.hidden) {
			last.text += s.text
			return
		}
	}
	p.spans = append(p.spans, s)
}
