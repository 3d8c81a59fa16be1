package engagement

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Stand-ins for a star and an underscore that were written as characters ("\*", "&#42;") and are no emphasis. Both are
// control characters, which a document never has (see admit).
const (
	literalStar  = '\x01'
	literalUnder = '\x02'
)

// plain gives the words of a piece of Markdown or HTML as they count: tags (with their attributes) and emphasis marks
// dropped, entities decoded, curly quotes straight, white space folded to single blanks. Digits, links, the text of
// comments and everything else count. Text that is struck out keeps its marks (~~), because striking a word out changes what is
// agreed. It takes time in proportion to the length.
func plain(raw string) string { return foldMarks(stripTags(raw)) }

// stripTags is the first half of plain: tags, entities and escapes are gone, emphasis and white space still there.
func stripTags(raw string) string {
	if !strings.ContainsAny(raw, "<&\\") {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		next := strings.IndexAny(raw[i:], "<&\\")
		if next < 0 {
			b.WriteString(raw[i:])
			break
		}
		b.WriteString(raw[i : i+next])
		i += next
		text, size := markup(raw[i:])
		b.WriteString(text)
		i += size
	}
	return b.String()
}

// markup reads what begins at one of "<&\": the text it stands for and the bytes it takes.
func markup(s string) (text string, size int) {
	switch s[0] {
	case '\\':
		if len(s) > 1 && s[1] < utf8.RuneSelf && unicode.In(rune(s[1]), unicode.Punct, unicode.Symbol) {
			return literal(s[1:2]), 2
		}
	case '&':
		if text, size := entity(s); size > 0 {
			return text, size
		}
	case '<':
		if name, size := tag(s); size > 0 {
			return tagText(name), size
		}
		if size := autolink(s); size > 0 {
			return s[1 : size-1], size
		}
	}
	return s[:1], 1
}

// literal keeps a decoded character from being taken for an emphasis mark, and control characters from coming in.
func literal(s string) string {
	switch {
	case s == "*":
		return string(literalStar)
	case s == "_":
		return string(literalUnder)
	case len(s) == 1 && s[0] < ' ' && !unicode.IsSpace(rune(s[0])):
		return "\uFFFD"
	}
	return s
}

// entity decodes "&name;" or "&#123;" at the start of s; size 0 when there is none.
func entity(s string) (text string, size int) {
	const longest = 34 // of HTML's names
	head := s[:min(len(s), longest)]
	end := strings.IndexByte(head, ';')
	if end < 2 || strings.ContainsAny(head[1:end], " &\n") {
		return "", 0
	}
	decoded := html.UnescapeString(head[:end+1])
	if decoded == head[:end+1] {
		return "", 0
	}
	return literal(decoded), end + 1
}

// tag reads an HTML tag at the start of s: its lower-case name (with a leading slash when it closes) and length; size 0
// when it is none, an element that HTML does not know ("<Customer Name>" is a blank to fill in) or never closed. The
// search stops at the next "<" outside quotes, which keeps many unclosed tags from costing more than their length.
func tag(s string) (name string, size int) {
	i := 1
	if i < len(s) && s[i] == '/' {
		i++
	}
	start := i
	for i < len(s) && i-start < 12 && isAlphanumeric(s[i]) {
		i++
	}
	name = strings.ToLower(s[start:i])
	if !knownElement(name) || i == len(s) || !strings.ContainsRune(" \t\n/>", rune(s[i])) {
		return "", 0
	}
	for i < len(s) {
		stop := strings.IndexAny(s[i:], "<>\"'")
		if stop < 0 {
			return "", 0
		}
		i += stop
		switch s[i] {
		case '<':
			return "", 0
		case '>':
			return s[1:start] + name, i + 1
		default:
			end := strings.IndexByte(s[i+1:], s[i])
			if end < 0 {
				return "", 0
			}
			i += end + 2
		}
	}
	return "", 0
}

// tagText is what a tag leaves in the text: nothing, a blank where it parts words, and a mark where it strikes out.
func tagText(name string) string {
	switch strings.TrimPrefix(name, "/") {
	case "del", "s", "strike":
		return "~~"
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
		"samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr":
		return ""
	}
	return " "
}

// knownElement lists the HTML elements that documents are written with.
func knownElement(name string) bool {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
		"samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "del", "s", "strike",
		"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "col", "colgroup", "dd", "details",
		"div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html",
		"img", "li", "main", "meta", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
		"thead", "title", "tr", "ul":
		return true
	}
	return false
}

// autolink gives the length of "<https://…>" or "<name@host>" at the start of s, or 0.
func autolink(s string) int {
	const longest = 2000
	head := s[:min(len(s), longest)]
	end := strings.IndexAny(head[1:], "<> \t\n")
	if end < 0 || head[end+1] != '>' || !strings.ContainsAny(head[1:end+1], ":@") {
		return 0
	}
	return end + 2
}

func isAlphanumeric(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// foldMarks is the second half of plain: emphasis marks dropped, quotes straightened, white space folded.
func foldMarks(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	previous := rune(' ') // the character of s before i, marks included
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '*' || r == '_' {
			run := 1
			for i+run < len(s) && s[i+run] == byte(r) {
				run++
			}
			next, _ := utf8.DecodeRuneInString(s[i+run:])
			if i+run == len(s) {
				next = ' '
			}
			if !emphasis(r, run, previous, next) {
				writeFolded(&b, s[i:i+run], &blank)
			}
			i, previous = i+run, r
			continue
		}
		i += size
		switch {
		case invisible(r):
			continue
		case unicode.IsSpace(r):
			blank = true
		default:
			writeFolded(&b, straight(r), &blank)
		}
		previous = r
	}
	return b.String()
}

func writeFolded(b *strings.Builder, s string, blank *bool) {
	if *blank && b.Len() > 0 {
		b.WriteByte(' ')
	}
	*blank = false
	b.WriteString(s)
}

// emphasis reports whether a run of stars or underscores between two characters only marks words. It asks less than a
// Markdown reader does: marks need not come in pairs, since real contracts have a star too few.
func emphasis(mark rune, run int, previous, next rune) bool {
	before, after := unicode.IsSpace(previous), unicode.IsSpace(next)
	if before && after {
		return false // "3 * 4", a blank to fill in
	}
	if mark == '*' {
		return !(unicode.IsDigit(previous) && unicode.IsDigit(next))
	}
	return run <= 3 && !(wordRune(previous) && wordRune(next))
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// straight gives a character as it counts: curly quotes as straight ones.
func straight(r rune) string {
	switch r {
	case '“', '”', '„', '‟', '«', '»':
		return `"`
	case '‘', '’', '‚', '‛', '′':
		return "'"
	case literalStar:
		return "*"
	case literalUnder:
		return "_"
	}
	return string(r)
}
