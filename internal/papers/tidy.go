package papers

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// tidy gives text as it is kept: NFC, line feeds, no byte order mark, and none of
// the control characters that engagement.Split refuses.
func tidy(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\f' || r == '\v' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(text)
}

// words counts what people would call words: runs between white space with a
// letter or digit in them.
func words(text string) int {
	n := 0
	in, counted := false, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			in = false
			continue
		}
		if !in {
			in, counted = true, false
		}
		if !counted && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			counted = true
			n++
		}
	}
	return n
}
