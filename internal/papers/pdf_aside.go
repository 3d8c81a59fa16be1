package papers

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"strings"

	"github.com/ledongthuc/pdf"

	"gangway/internal/engagement"
)

// asideWord is the argument that asks a program of ours to read a PDF and nothing
// else.
const asideWord = "read-one-pdf-aside"

// How a reading aside ends. Go's own failures end with 2.
const (
	asideRead   = 0
	asideLocked = 10
	asideBroken = 11
)

const maxPages = 5000

// Text with so many stop words can't be read better another way.
const ordinaryStopwords = 0.2

// ReadAside reads a PDF from the standard input and writes its text to the
// standard output, when the program was started for that (see Options.Aside), and
// says so; the program is to end then, with the code. It is a main's first call:
// nothing else of the program may begin before.
func ReadAside(args []string) (code int, aside bool) {
	if len(args) < 2 || args[len(args)-1] != asideWord {
		return 0, false
	}
	return readAside(os.Stdin, os.Stdout), true
}

func readAside(in io.Reader, out io.Writer) int {
	raw, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	if err != nil || len(raw) > MaxSize {
		return asideBroken
	}
	text, err := ownPDF(raw)
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return asideLocked
	case err != nil:
		return asideBroken
	}
	if _, err := io.WriteString(out, text); err != nil {
		return asideBroken
	}
	return asideRead
}

// ownPDF reads a PDF in two ways, each of which fails on files that the other
// reads well, and gives the better text, a form feed after each page.
func ownPDF(raw []byte) (text string, err error) {
	defer func() {
		if recover() != nil {
			text, err = "", errors.New("the reader of PDFs panicked")
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return "", err
	}
	pages := min(r.NumPage(), maxPages)
	// This way keeps the lines, by which clauses are told; the other often does not.
	spaced := eachPage(pages, func(n int) string { return spacedText(r.Page(n).Content().Text) })
	if ratio, tokens := stopwordRatio(spaced); tokens >= fewestTokens && ratio >= ordinaryStopwords {
		return spaced, nil
	}
	plain := eachPage(pages, func(n int) string {
		text, _ := r.Page(n).GetPlainText(nil) // a page without text is one that says nothing
		return text
	})
	if readsBetter(plain, spaced) {
		return plain, nil
	}
	return spaced, nil
}

func eachPage(pages int, read func(n int) string) string {
	var b strings.Builder
	for n := 1; n <= pages && b.Len() <= engagement.MaxDocument; n++ {
		b.WriteString(pageText(func() string { return read(n) }) + "\f")
	}
	return b.String()
}

// pageText reads one page; one that makes the reader panic (it does on LZW) costs
// none of the others.
func pageText(read func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	return strings.ReplaceAll(read(), "\f", "\n")
}

// spacedText puts glyphs together by where they stand: a line ends where the next
// glyph stands more than half a font size higher or lower, a word where the gap is
// wider than 0.15 of it or the writing goes back (both measured). Of some fonts no
// widths are known, and all glyphs of a stretch stand where it begins: it is taken
// for wide then, so that words are parted by the blanks that are written.
func spacedText(glyphs []pdf.Text) string {
	var b strings.Builder
	stretch := 0 // glyphs of unknown width at one place
	for i, g := range glyphs {
		if i > 0 && g.X == glyphs[i-1].X && g.Y == glyphs[i-1].Y {
			stretch++
		} else if i > 0 {
			last := glyphs[i-1]
			size := max(math.Abs(g.FontSize), 1)
			width := last.W
			if width == 0 {
				width = max(0.9, 0.75*float64(stretch)) * size
			}
			stretch = 1
			gap := g.X - (last.X + width)
			drop := math.Abs(g.Y - last.Y)
			switch {
			case drop > 1.8*size:
				b.WriteString("\n\n")
			case drop > 0.5*size:
				b.WriteByte('\n')
			case gap > 0.15*size || g.X < last.X-size:
				b.WriteByte(' ')
			}
		}
		b.WriteString(g.S)
	}
	return b.String()
}
