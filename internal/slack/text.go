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
