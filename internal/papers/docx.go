package papers

import (
	"context"
	"encoding/xml"
	"path"
	"slices"
	"strings"

	"gangway/internal/engagement"
)

// readDOCX reads a Word document: its text as Markdown that engagement.Split
// finds the clauses in, with the numbers that Word computes written out.
//
// Insertions that nobody accepted are read and deletions are not, which is what
// the newest text is; both are flagged. Text that is formatted as hidden is read
// and marked, so that nothing is agreed unseen.
func readDOCX(ctx context.Context, raw []byte) (*found, error) {
	members, err := unpack(ctx, raw)
	if err != nil {
		return nil, err
	}
	p := &docxPackage{ctx: ctx, members: members}
	main, err := p.main()
	if err != nil {
		return nil, err
	}
	f := &found{}
	d := &docx{pack: p, found: f, styles: map[string]*docxStyle{}, lists: newLists(), notes: map[string]string{}}
	if err := d.readAll(main); err != nil {
		return nil, err
	}
	f.text = d.render()
	if d.cut {
		f.flag(engagement.FlagPartly)
	}
	return f, nil
}

// docxPackage is the parts of a document (ECMA-376 part 2).
type docxPackage struct {
	ctx     context.Context
	members map[string][]byte
}

// relation is a part that another one names.
type relation struct {
	kind     string // the last element of its type's URI
	target   string // a part, or an address elsewhere
	external bool
}

// main finds the document's main part as Word does, by its relation, and refuses
// packages of another kind.
func (p *docxPackage) main() (string, error) {
	types, err := p.contentTypes()
	if err != nil {
		return "", err
	}
	for _, t := range types {
		if strings.Contains(strings.ToLower(t), "macroenabled") || strings.Contains(strings.ToLower(t), "vbaproject") {
			return "", refuse(engagement.FaultMacros, "a part's type is that of macros")
		}
	}
	rels, err := p.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind != "officeDocument" || r.external {
			continue
		}
		if !strings.HasSuffix(types["/"+r.target], ".wordprocessingml.document.main+xml") {
			return "", refuse(engagement.FaultType, "the main part is no Word document")
		}
		if _, ok := p.members[r.target]; ok {
			return r.target, nil
		}
	}
	return "", refuse(engagement.FaultBroken, "no main part")
}

// contentTypes gives the type of each part that has one of its own.
func (p *docxPackage) contentTypes() (map[string]string, error) {
	data, ok := p.members["[Content_Types].xml"]
	if !ok {
		return nil, refuse(engagement.FaultBroken, "no list of content types")
	}
	types := map[string]string{}
	c := newCursor(p.ctx, data)
	err := c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			key := attr(e, "PartName")
			if e.Name.Local == "Default" {
				key = "." + attr(e, "Extension")
			}
			types[key] = attr(e, "ContentType")
			return c.skip()
		})
	})
	return types, err
}

// relations reads what a part names; the package itself is the part "".
func (p *docxPackage) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	data, ok := p.members[dir+"_rels/"+base+".rels"]
	if !ok {
		return nil, nil
	}
	var rels []relation
	c := newCursor(p.ctx, data)
	err := c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			r := relation{kind: path.Base(attr(e, "Type")), target: attr(e, "Target"), external: attr(e, "TargetMode") == "External"}
			if r.external {
				if err := p.outside(r); err != nil {
					return err
				}
			} else if strings.HasPrefix(r.target, "/") {
				r.target = strings.TrimPrefix(path.Clean(r.target), "/")
			} else {
				r.target = strings.TrimPrefix(path.Join("/"+dir, r.target), "/")
			}
			rels = append(rels, r)
			return c.skip()
		})
	})
	return rels, err
}

// outside refuses parts that Word would fetch from elsewhere and run or show: a
// template on the web is how macros get into a document without any.
func (p *docxPackage) outside(r relation) error {
	if !slices.Contains([]string{"attachedTemplate", "oleObject", "subDocument", "frame", "aFChunk"}, r.kind) {
		return nil
	}
	address := strings.ToLower(r.target)
	if strings.HasPrefix(address, "http") || strings.HasPrefix(address, "ftp") || strings.HasPrefix(address, "\\\\") || strings.HasPrefix(address, "mhtml") {
		return refuse(engagement.FaultMacros, "a part is fetched from elsewhere")
	}
	return nil
}

// docx is a document while it is read.
type docx struct {
	pack   *docxPackage
	found  *found
	styles map[string]*docxStyle
	lists  *lists
	blocks []block
	size   int  // bytes of text gathered
	cut    bool // there was more text than is read
	depth  int  // of tables and text boxes
	field  []complexField
	carry  []span // text of a paragraph whose end was deleted: it begins the next
	listed []listed
	notes  map[string]string
}

// readAll reads the main part and what it names, in the order of a reader: the
// text with its notes, and what stands on every page.
func (d *docx) readAll(main string) error {
	rels, err := d.pack.relations(main)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if r.kind == "settings" && !r.external {
			if _, err := d.pack.relations(r.target); err != nil { // for the attached template
				return err
			}
		}
	}
	if err := d.optional(rels, "styles", d.readStyles); err != nil {
		return err
	}
	if err := d.optional(rels, "numbering", d.lists.read); err != nil {
		return err
	}
	for _, kind := range []string{"footnotes", "endnotes"} {
		if err := d.optional(rels, kind, d.readNotes); err != nil {
			return err
		}
	}
	d.listed = nil
	if err := d.part(main); err != nil {
		return err
	}
	d.flush()
	for _, r := range rels {
		if (r.kind == "header" || r.kind == "footer") && !r.external {
			if err := d.extra(r.target, "Headers and footers"); err != nil {
				return err
			}
		}
	}
	return d.optional(rels, "comments", d.readComments)
}

// optional reads the parts of one kind, if there are any.
func (d *docx) optional(rels []relation, kind string, read func(*cursor) error) error {
	for _, r := range rels {
		data, ok := d.pack.members[r.target]
		if r.kind != kind || r.external || !ok {
			continue
		}
		if err := read(newCursor(d.pack.ctx, data)); err != nil {
			return err
		}
	}
	return nil
}

func (d *docx) part(name string) error {
	data, ok := d.pack.members[name]
	if !ok {
		return refuse(engagement.FaultBroken, "a part is missing")
	}
	c := newCursor(d.pack.ctx, data)
	return c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error { return d.blockOf(c, e) })
	})
}

// extra reads a part beside the text into a section of its own at the end. Lines
// that came before (the same footer of each section) are kept once.
func (d *docx) extra(part, title string) error {
	if _, ok := d.pack.members[part]; !ok {
		return nil
	}
	from := len(d.blocks)
	d.carry, d.field = nil, nil
	d.listed = nil
	if err := d.part(part); err != nil {
		return err
	}
	d.flush()
	fresh := d.blocks[from:]
	d.blocks = d.blocks[:from]
	for _, b := range fresh {
		b.extra = title
		b.level = 0
		if strings.TrimSpace(b.text) == "" || slices.ContainsFunc(d.blocks, func(old block) bool { return old.extra == title && old.text == b.text }) {
			continue
		}
		d.blocks = append(d.blocks, b)
	}
	return nil
}

// flush keeps text whose paragraph has no end left, at the end of a part.
func (d *docx) flush() {
	if len(d.carry) > 0 {
		d.add(block{text: markdown(d.carry)})
		d.carry = nil
	}
}

// readComments only looks whether there are any: they are talk about the text.
func (d *docx) readComments(c *cursor) error {
	return c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			if e.Name.Local == "comment" {
				d.found.flag(engagement.FlagComments)
			}
			return c.skip()
		})
	})
}
