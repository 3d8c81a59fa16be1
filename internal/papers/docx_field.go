package papers

import (
	"encoding/xml"
	"strings"

	"gangway/internal/engagement"
)

// complexField is a field (ECMA-376 part 1, 17.16.18): its code, then what Word
// showed for it when it last looked.
type complexField struct {
	code   string
	result bool // the code is over
	kind   fieldKind
}

type fieldKind struct {
	drop bool // what it shows differs from page to page
	toc  bool
}

const maxFields = 50 // within each other

func (d *docx) fieldMark(mark string) (toc bool, err error) {
	switch mark {
	case "begin":
		if len(d.field) >= maxFields {
			return false, refuse(engagement.FaultNested, "fields too deep within each other")
		}
		d.field = append(d.field, complexField{})
	case "separate":
		if n := len(d.field); n > 0 {
			f := &d.field[n-1]
			f.result = true
			f.kind, err = d.fieldKind(f.code)
		}
	case "end":
		if n := len(d.field); n > 0 {
			if !d.field[n-1].result {
				_, err = d.fieldKind(d.field[n-1].code)
			}
			d.field = d.field[:n-1]
		}
	}
	for _, f := range d.field {
		toc = toc || f.kind.toc
	}
	return toc, err
}

func (d *docx) fieldCode(text string) {
	const longest = 1000 // bytes; only the field's name matters
	if n := len(d.field); n > 0 && len(d.field[n-1].code) < longest {
		d.field[n-1].code += text
	}
}

// hiddenByField reports whether text at this place is a field's code, or shown for
// a page alone.
func (d *docx) hiddenByField() bool {
	for _, f := range d.field {
		if !f.result || f.kind.drop {
			return true
		}
	}
	return false
}

// fieldKind says what a field's code means for the text, and refuses those that
// start programs.
func (d *docx) fieldKind(code string) (fieldKind, error) {
	name, _, _ := strings.Cut(strings.TrimSpace(code), " ")
	switch strings.ToUpper(name) {
	case "DDE", "DDEAUTO", "MACROBUTTON":
		if strings.EqualFold(name, "MACROBUTTON") {
			return fieldKind{}, nil // names a macro; without any it does nothing
		}
		return fieldKind{}, refuse(engagement.FaultMacros, "a field that starts a program")
	case "PAGE", "NUMPAGES", "SECTIONPAGES", "FILENAME", "SAVEDATE", "PRINTDATE":
		return fieldKind{drop: true}, nil
	case "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN":
		d.found.flag(engagement.FlagForms)
	case "TOC":
		return fieldKind{toc: true}, nil
	}
	return fieldKind{}, nil
}

// readNotes reads footnotes or endnotes, which are put into the text where they
// are referred to: a note belongs to its clause.
func (d *docx) readNotes(c *cursor) error {
	return c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			kind := attr(e, "type")
			if kind != "" && kind != "normal" { // the line that parts notes from text
				return c.skip()
			}
			outer, carry, field := d.blocks, d.carry, d.field
			d.blocks, d.carry, d.field = nil, nil, nil
			err := c.each(func(e xml.StartElement) error { return d.blockOf(c, e) })
			var texts []string
			for _, b := range d.blocks {
				texts = append(texts, strings.TrimSpace(b.text))
			}
			d.blocks, d.carry, d.field = outer, carry, field
			d.notes[noteKey(e)] = " [" + e.Name.Local + ": " + strings.Join(texts, " ") + "]"
			return err
		})
	})
}

// noteKey names a note by its kind and number.
func noteKey(e xml.StartElement) string {
	return strings.TrimSuffix(e.Name.Local, "Reference") + " " + attr(e, "id")
}
