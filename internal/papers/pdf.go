package papers

import (
	"context"
	"os/exec"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// pdfTools are the programs that read PDFs. Both run in a process of their own:
// what a stranger's file can do to a parser (take all memory, never end, overflow
// its stack) must not be done to us.
type pdfTools struct {
	poppler  string
	aside    []string
	patience time.Duration
}

func newPDFTools(poppler string, aside []string, patience time.Duration) pdfTools {
	if poppler == "" {
		poppler, _ = exec.LookPath("pdftotext")
	}
	return pdfTools{poppler: poppler, aside: aside, patience: patience}
}

// pdfText is what a program made of a PDF: its pages, each ended by a form feed.
type pdfText struct {
	text   string
	locked bool // it wants a password
	broken bool
	cut    bool
	late   bool // it took too long or too much, or knows not how to read it
}

func (t pdfText) had() bool { return !t.locked && !t.broken && !t.late }

// read reads a PDF: as pdftotext lays it out where that reads well, else in the
// order that it finds, else by the reader of our own, whichever has the better
// part of stop words. Without text that people could have written it is
// unreadable, which is no fault of it.
func (p pdfTools) read(ctx context.Context, raw []byte) (*found, error) {
	look := lookAtPDF(raw)
	if look.program {
		return nil, refuse(engagement.FaultMacros, "scripts or programs in a PDF")
	}
	if look.files {
		return nil, refuse(engagement.FaultNested, "files attached to a PDF")
	}
	got, err := p.best(ctx, raw)
	if err != nil {
		return nil, err
	}
	f := &found{}
	switch {
	case got.locked, look.locked && !got.had():
		return nil, refuse(engagement.FaultEncrypted, "a PDF with a password")
	case got.broken:
		return nil, refuse(engagement.FaultBroken, "no reader opens the PDF")
	}
	if look.form {
		f.flag(engagement.FlagForms)
	}
	if look.notes {
		f.flag(engagement.FlagComments)
	}
	pages := strings.Split(strings.TrimSuffix(got.text, "\f"), "\f")
	if got.text != "" {
		f.pages = len(pages)
	}
	f.text = joinPages(pages)
	if blank := blankPages(pages); got.cut || blank < len(pages) && blank*3 > len(pages) {
		f.flag(engagement.FlagPartly)
	}
	if got.late || !legible(f.text) {
		f.flag(engagement.FlagUnreadable)
	}
	return f, nil
}

// best tries the ways to read a PDF, the better ones first, and stops at the first
// that reads well.
func (p pdfTools) best(ctx context.Context, raw []byte) (pdfText, error) {
	best := pdfText{late: true} // nothing there to read it with
	take := func(t pdfText) {
		switch {
		case !best.had() && (t.had() || best.late && !t.late):
			best = t
		case best.had() && t.had() && readsBetter(t.text, best.text):
			best = t
		}
	}
	for _, flags := range [][]string{{"-layout"}, nil} {
		if p.poppler == "" {
			break
		}
		t, err := p.runPoppler(ctx, raw, flags)
		if err != nil {
			return pdfText{}, err
		}
		take(t)
		if t.locked || t.had() && legible(t.text) && !columns(t.text) {
			return best, nil
		}
	}
	if len(p.aside) > 0 && (!best.had() || !legible(best.text)) {
		t, err := p.runAside(ctx, raw)
		if err != nil {
			return pdfText{}, err
		}
		take(t)
	}
	return best, nil
}

// readsBetter reports whether a reads better than b. The same words in columns
// side by side read worse than one after the other, which no count of words shows.
func readsBetter(a, b string) bool {
	of := func(s string) float64 {
		ratio, tokens := stopwordRatio(s)
		if tokens == 0 {
			return -1
		}
		if columns(s) {
			ratio -= 0.05
		}
		return ratio
	}
	const clearly = 0.02
	return of(a) > of(b)+clearly
}

// columns reports whether text is set in columns side by side: many of its lines
// have a wide gap in the middle.
func columns(text string) bool {
	const gap = "     "
	lines, gaps := 0, 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if len(line) < 40 {
			continue
		}
		lines++
		if at := strings.Index(line, gap); at > 15 && len(line)-at > 15 {
			gaps++
		}
	}
	return lines > 10 && gaps*3 > lines
}

// blankPages counts the pages without a word.
func blankPages(pages []string) int {
	n := 0
	for _, page := range pages {
		if words(page) == 0 {
			n++
		}
	}
	return n
}

func (p pdfTools) runPoppler(ctx context.Context, raw []byte, flags []string) (pdfText, error) {
	argv := append([]string{p.poppler}, flags...)
	out, err := runOutside(ctx, p.patience, append(argv, "-enc", "UTF-8", "-eol", "unix", "-", "-"), raw)
	if err != nil {
		return pdfText{}, err
	}
	t := pdfText{text: out.stdout, cut: out.cut, late: out.late}
	if !out.cut && !out.late && out.code != 0 {
		// 1: can't be opened, which is a password or not a PDF (pdftotext(1)).
		t.locked = strings.Contains(out.stderr, "password") || strings.Contains(out.stderr, "encrypt")
		t.broken = !t.locked
		t.text = ""
	}
	return t, nil
}

func (p pdfTools) runAside(ctx context.Context, raw []byte) (pdfText, error) {
	out, err := runOutside(ctx, p.patience, append(append([]string{}, p.aside...), asideWord), raw)
	if err != nil {
		return pdfText{}, err
	}
	t := pdfText{text: out.stdout, cut: out.cut, late: out.late}
	if out.cut || out.late {
		return t, nil
	}
	switch out.code {
	case asideRead:
	case asideLocked:
		return pdfText{locked: true}, nil
	default: // it reads less than pdftotext does, or was ended by what it read
		return pdfText{late: true}, nil
	}
	return t, nil
}
