package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes a stranger's words fit for a plain_text field of at most so many
// characters: vendors, people and documents are named by others.
func plain(words string, most int) string {
	return clamp(clean(words), most, func(r rune) string { return string(r) })
}

// escaped makes a stranger's words fit for mrkdwn: the three characters that
// Slack asks to escape become entities, so that nothing of theirs is a mention,
// a channel or a link. What it returns has at most so many characters, and never
// ends within an entity.
func escaped(words string, most int) string { return clamp(clean(words), most, entity) }

// entity is a character as mrkdwn shows it (Slack, "Formatting text for app
// surfaces", escaping text).
func entity(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

// cut marks what was left out.
const cut = "…"

// clamp writes each rune with write while there is room: Slack counts characters,
// and a cut between the bytes of one would break it.
func clamp(words string, most int, write func(rune) string) string {
	var b strings.Builder
	room, whole := most, 0 // whole: up to where the text is kept if it has to be cut
	for _, r := range words {
		w := write(r)
		n := utf8.RuneCountInString(w)
		if n > room {
			if most < 1 {
				return ""
			}
			return strings.TrimRight(b.String()[:whole], " ") + cut
		}
		b.WriteString(w)
		room -= n
		if room >= 1 { // the mark fits behind it
			whole = b.Len()
		}
	}
	return b.String()
}

// clean drops what changes how the text around it reads or can't be seen:
// control characters, the marks that turn the direction of writing, and
// characters of no width, but for the joiners that scripts and emoji need. White
// space of any kind, line ends too, becomes one space. What is no UTF-8 becomes
// the sign for it.
func clean(words string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(words, string(utf8.RuneError)) {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case hidden(r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// hidden are control and format characters: among these the marks of direction
// (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, U+061C), the space of no
// width and the tags that hide a text within an emoji.
func hidden(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.Is(unicode.C, r) && r != nonJoiner && r != joiner
}

// literal makes a stranger's words fit for a line of mrkdwn, at most so many
// characters long: besides what escaped does, nothing of theirs is bold, struck
// out, code, a quotation or an emoji. A right-to-left name keeps to itself.
func literal(words string, most int) string {
	return isolated(words, most, func(words string, most int) string { return escaped(unmarked(clean(words)), most) })
}

// label makes a stranger's words fit for a line of plain text that has others'
// words too.
func label(words string, most int) string { return isolated(words, most, plain) }

// isolated sets words that are written from right to left apart from the text
// around them (Unicode Standard Annex 9): else they would turn its order.
func isolated(words string, most int, write func(string, int) string) string {
	const first, pop = "\u2068", "\u2069"
	if !strings.ContainsFunc(words, rightToLeft) || most < 3 {
		return write(words, most)
	}
	return first + write(words, most-2) + pop
}

// rightToLeft are the letters of scripts that run from right to left.
func rightToLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff || r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}

// unmarked puts look-alikes where mrkdwn would see a mark. Slack has no way to
// escape these, unlike the three of entity. An underscore within a word, as file
// names have it, marks nothing and stays.
func unmarked(words string) string {
	runes := []rune(words)
	letter := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		switch {
		case r == '*':
			runes[i] = '∗'
		case r == '~':
			runes[i] = '∼'
		case r == '`':
			runes[i] = 'ˋ'
		case r == '_' && !(letter(i-1) && letter(i+1)):
			runes[i] = 'ˍ'
		case r == '>' && i == 0:
			runes[i] = '›'
		case r == ':' && emojiName(runes[i+1:]):
			runes[i] = '꞉'
		}
	}
	return string(runes)
}

// emojiName reports whether the characters begin with the name of an emoji, and
// the colon that ends it or nothing more: the colon may follow in our words.
func emojiName(runes []rune) bool {
	for i, r := range runes {
		switch {
		case r == ':':
			return i > 0
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '+', r == '\'':
		default:
			return false
		}
	}
	return len(runes) > 0
}
