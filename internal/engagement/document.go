package engagement

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// MaxDocument is how many bytes a document may have; a contract of 300 pages has one million.
	MaxDocument = 20 << 20

	// MaxClauses is how many clauses a document may have, so that the table of a version fits into a workflow's payload.
	MaxClauses = 3000

	// maxUses bounds, for the same reason, what all clauses of a document name together.
	maxUses = 30000

	maxDepth = 12  // levels of clauses; what lies deeper is text of the clause above
	maxTitle = 120 // bytes; a longer line is a sentence
)

// admit refuses what is not text and gives the lines of what is, without byte order mark and carriage returns.
func admit(text []byte) ([]string, error) {
	if len(text) > MaxDocument {
		return nil, fmt.Errorf("the document has %d bytes, more than %d; split it or attach the large parts on their own", len(text), MaxDocument)
	}
	for _, known := range []struct{ start, name string }{
		{"%PDF-", "a PDF"}, {"PK\x03\x04", "a zip file (Word, OpenDocument)"}, {"{\\rtf", "rich text"},
		{"\xd0\xcf\x11\xe0", "an old Word file"}, {"\xff\xfe", "UTF-16 text"}, {"\xfe\xff", "UTF-16 text"},
	} {
		if bytes.HasPrefix(text, []byte(known.start)) {
			return nil, fmt.Errorf("the document is %s, not Markdown or plain text; save it as text in UTF-8", known.name)
		}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for i, b := range text {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != '\v' || b == 0x7f {
			return nil, fmt.Errorf("byte %#02x in line %d does not belong in text; is this a binary file? Save it as text in UTF-8", b, lineOf(text, i))
		}
	}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("line %d is not UTF-8; save the document as text in UTF-8", lineOf(text, firstInvalid(text)))
	}
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Split(s, "\n"), nil
}

func lineOf(text []byte, offset int) int { return 1 + bytes.Count(text[:offset], []byte("\n")) }

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// lineKind is what a line is before its place among the clauses is known.
type lineKind int

const (
	lineText lineKind = iota
	lineBlank
	lineHeading
)

// line is a line of the document, measured.
type line struct {
	kind   lineKind
	indent int    // columns before the text, tabs to the next multiple of 4
	level  int    // of a heading, 1 to 6
	text   string // without indentation and heading marks
	source string
	fresh  bool // nothing, a blank line, a rule or a heading stands before it
}

// measure sorts the lines of a document into text, blanks and headings. Rules ("---") count as blank lines; a line
// underlined with = or - is a heading.
func measure(raw []string) []line {
	lines := make([]line, 0, len(raw))
	fresh := true
	for _, source := range raw {
		l := measureLine(source)
		l.fresh = fresh
		if level := underline(l.text); level > 0 {
			if n := len(lines); n > 0 && lines[n-1].kind == lineText && lines[n-1].fresh && l.indent < 4 {
				lines[n-1].kind, lines[n-1].level = lineHeading, level
				lines[n-1].source += "\n" + source
				fresh = true
				continue
			}
		}
		if rule(l.text) {
			l.kind, l.text = lineBlank, ""
		}
		fresh = l.kind != lineText
		lines = append(lines, l)
	}
	return lines
}

func measureLine(source string) line {
	l := line{source: source}
	i := 0
measuring:
	for i < len(source) {
		switch source[i] {
		case ' ', '\f', '\v':
			l.indent++
		case '\t':
			l.indent += 4 - l.indent%4
		default:
			break measuring
		}
		i++
	}
	l.text = strings.TrimRight(source[i:], " \t\f\v\u00a0")
	if l.text == "" {
		l.kind = lineBlank
		return l
	}
	marks := 0
	for marks < len(l.text) && l.text[marks] == '#' {
		marks++
	}
	if marks > 0 && marks <= 6 && l.indent < 4 && (marks == len(l.text) || l.text[marks] == ' ' || l.text[marks] == '\t') {
		l.kind, l.level = lineHeading, marks
		l.text = strings.TrimSpace(l.text[marks:])
		if closed := strings.TrimRight(l.text, "#"); closed == "" || strings.HasSuffix(closed, " ") {
			l.text = strings.TrimSpace(closed)
		}
	}
	return l
}

// underline gives the level of heading that a line of = or - makes of the line above; 0 when it is no such line.
func underline(s string) int {
	switch {
	case len(s) >= 3 && strings.Trim(s, "=") == "":
		return 1
	case len(s) >= 3 && strings.Trim(s, "-") == "":
		return 2
	}
	return 0
}

// rule reports whether a line only draws a line across the page.
func rule(s string) bool {
	if len(s) < 3 || strings.IndexByte("-*_", s[0]) < 0 {
		return false
	}
	return strings.Trim(s, s[:1]+" \t") == "" && strings.Count(s, s[:1]) >= 3
}
