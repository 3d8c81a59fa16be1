package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// mostCell is how wide a cell may be before it is cut; the last of a row is
// never cut.
const mostCell = 48

// grid is a table for people: columns as wide as what they hold, wide
// characters counted as two.
type grid struct {
	indent string
	rows   [][]painted
}

// newGrid starts with a row of headings; nothing is printed when no row follows.
func newGrid(indent string, heads ...string) *grid {
	g := &grid{indent: indent}
	g.add(heads...)
	for i := range g.rows[0] {
		g.rows[0][i].style = styleBold
	}
	return g
}

func (g *grid) add(cells ...string) {
	row := make([]painted, len(cells))
	for i, c := range cells {
		row[i] = painted{text: c}
	}
	g.rows = append(g.rows, row)
}

// style colours a cell of the last row.
func (g *grid) style(column int, style string) {
	g.rows[len(g.rows)-1][column].style = style
}

func (g *grid) print(t *terminal) {
	if len(g.rows) < 2 {
		return
	}
	var widths []int
	for _, row := range g.rows {
		for i := range row {
			if i < len(row)-1 {
				row[i].text = cut(visible(row[i].text), mostCell)
			}
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(visible(row[i].text)))
		}
	}
	for _, row := range g.rows {
		var b strings.Builder
		b.WriteString(g.indent)
		for i, c := range row {
			b.WriteString(t.paint(c))
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-columns(visible(c.text))+2))
			}
		}
		t.write([]byte(strings.TrimRight(b.String(), " ") + "\n"))
	}
}

// columns is how many columns of a terminal text takes: two for wide
// characters, none for marks on the one before.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut shortens text to a number of columns.
func cut(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	n := 0
	for i, r := range text {
		if n+runeColumns(r) > most-1 {
			return text[:i] + "…"
		}
		n += runeColumns(r)
	}
	return text
}
