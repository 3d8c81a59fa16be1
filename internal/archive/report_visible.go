package archive

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible writes text so that nothing in it can hide, move or reorder what stands
// around it: control characters but line ends and tabs, the marks that turn the
// direction of writing, characters without width and lone bytes are written as
// their numbers, as in "⟨U+202E⟩".
func visible(text string) string {
	if strings.IndexFunc(text, hidden) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, "⟨%02X⟩", text[i])
		case hidden(r):
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hidden(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' // letters of Hangul that show as nothing
}

// oneLine is visible for text that stands within a line.
func oneLine(text string) string {
	return visible(strings.NewReplacer("\n", "⟨U+000A⟩", "\t", "⟨U+0009⟩").Replace(text))
}

// cut shortens text to most characters and says how many it left out.
func cut(text string, most int) string {
	if n := utf8.RuneCountInString(text); n > most {
		for i := range text {
			if most == 0 {
				return fmt.Sprintf("%s… (%d more characters)", text[:i], n-utf8.RuneCountInString(text[:i]))
			}
			most--
		}
	}
	return text
}
