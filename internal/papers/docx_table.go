package papers

import (
	"encoding/xml"
	"slices"
	"strings"

	"gangway/internal/engagement"
)

const maxTableDepth = 10

// readTable reads a table. A real one becomes a line for each row; one that only
// lays out text (a column, or numbered clauses in its cells) becomes that text.
func (d *docx) readTable(c *cursor) error {
	d.depth++
	defer func() { d.depth-- }()
	if d.depth > maxTableDepth {
		return refuse(engagement.FaultNested, "tables too deep within each other")
	}
	var rows [][][]block
	var row func(e xml.StartElement) error
	row = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			cells, err := d.readRow(c)
			if len(cells) > 0 {
				rows = append(rows, cells)
			}
			return err
		case "sdt", "sdtContent", "customXml":
			return c.each(row)
		case "ins", "moveTo":
			d.tracked(&paragraphMark{})
			return c.each(row)
		case "del", "moveFrom":
			d.tracked(&paragraphMark{})
		}
		return c.skip()
	}
	if err := c.each(row); err != nil {
		return err
	}
	layout := layoutOnly(rows)
	for _, cells := range rows {
		if layout {
			for _, cell := range cells {
				for _, b := range cell {
					d.add(b)
				}
			}
			continue
		}
		d.add(block{row: true, text: rowText(cells)})
	}
	return nil
}

// readRow reads the cells of a row; none when the row was deleted.
func (d *docx) readRow(c *cursor) ([][]block, error) {
	var cells [][]block
	gone := false
	var cell func(e xml.StartElement) error
	cell = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "trPr":
			return c.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "del":
					gone = true
					d.tracked(&paragraphMark{})
				case "ins", "trPrChange":
					d.tracked(&paragraphMark{})
				}
				return c.skip()
			})
		case "tc":
			if gone {
				return c.skip()
			}
			blocks, err := d.readCell(c)
			cells = append(cells, blocks)
			return err
		case "sdt", "sdtContent", "customXml":
			return c.each(cell)
		}
		return c.skip()
	}
	err := c.each(cell)
	return cells, err
}

func (d *docx) readCell(c *cursor) ([]block, error) {
	outer := d.blocks
	d.blocks = nil
	gone := false
	err := c.each(func(e xml.StartElement) error {
		if e.Name.Local == "tcPr" {
			return c.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "cellDel":
					gone = true
					d.tracked(&paragraphMark{})
				case "cellIns", "cellMerge", "tcPrChange":
					d.tracked(&paragraphMark{})
				}
				return c.skip()
			})
		}
		return d.blockOf(c, e)
	})
	blocks := d.blocks
	d.blocks = outer
	if gone {
		return nil, err
	}
	return blocks, err
}

// layoutOnly reports whether a table is no table: at most one cell of each row has
// text, or clauses are numbered in its cells, or a cell is as long as a page.
func layoutOnly(rows [][][]block) bool {
	const page = 12 // paragraphs
	single := true
	for _, cells := range rows {
		filled := 0
		for _, cell := range cells {
			if len(cell) > 0 {
				filled++
			}
			if len(cell) > page || slices.ContainsFunc(cell, func(b block) bool { return b.label != "" && len(cells) > 0 && len(b.text) > 60 || b.level > 0 }) {
				return true
			}
		}
		single = single && filled <= 1
	}
	return single
}

func rowText(cells [][]block) string {
	var b strings.Builder
	b.WriteByte('|')
	for _, cell := range cells {
		var texts []string
		for _, p := range cell {
			text := strings.TrimSpace(p.label + " " + p.text)
			if p.bullet {
				text = "• " + text
			}
			if p.row {
				text = strings.Trim(text, "| ")
			}
			texts = append(texts, strings.ReplaceAll(text, "\n", "<br>"))
		}
		text := strings.Join(texts, "<br>")
		if !strings.Contains(text, `\|`) {
			text = strings.ReplaceAll(text, "|", `\|`)
		}
		b.WriteString(" " + text + " |")
	}
	return b.String()
}
