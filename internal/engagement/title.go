package engagement

import (
	"strings"
	"unicode"
)

// titleOf gives the title that a clause's words begin with, or nothing. A title is the text of a "header" element,
// emphasised words at the start, a whole short line without a full stop, or a short first sentence of capitalised words.
func titleOf(words string) string {
	s := strings.TrimSpace(head(words, leadLen))
	if title := headerTitle(s); title != "" {
		return title
	}
	if title := emphasisTitle(s); title != "" {
		return title
	}
	text := plain(s)
	if len(words) <= maxTitle && text != "" && !strings.ContainsAny(text[len(text)-1:], ".;:,") && !strings.Contains(text, ". ") && capitalised(text) {
		return trimTitle(text)
	}
	if first, _, ok := strings.Cut(text, ". "); ok && len(first) <= maxTitle/2 && capitalised(first) {
		return trimTitle(first)
	}
	if first, ok := strings.CutSuffix(text, "."); ok && len(words) <= maxTitle/2 && !strings.Contains(first, ". ") && capitalised(first) {
		return trimTitle(first)
	}
	return ""
}

// headerTitle reads <span class="header_3">Title.</span> and its like.
func headerTitle(s string) string {
	if !strings.HasPrefix(s, "<") {
		return ""
	}
	name, size := tag(s)
	heading := len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
	if size == 0 || !heading && !startsWithAny(strings.ToLower(classOf(s[:size])), "header", "heading", "title") {
		return ""
	}
	inner, _, ok := strings.Cut(s[size:], "</"+name)
	if !ok {
		return ""
	}
	return shortTitle(plain(inner))
}

// classOf gives the value of a tag's class attribute.
func classOf(tag string) string {
	_, after, ok := strings.Cut(tag, "class=")
	if !ok {
		return ""
	}
	return strings.Trim(after, `"'`)
}

// emphasisTitle reads **Title.** or <b>Title</b> at the start.
func emphasisTitle(s string) string {
	for _, open := range []string{"***", "**", "__", "<b>", "<strong>", "<u>", "*", "_"} {
		after, ok := strings.CutPrefix(s, open)
		if !ok {
			continue
		}
		closing := strings.Replace(open, "<", "</", 1)
		inner, _, ok := strings.Cut(after, closing)
		if !ok {
			return ""
		}
		return shortTitle(plain(inner))
	}
	return ""
}

func shortTitle(text string) string {
	if len(text) > maxTitle || strings.Contains(text, ". ") {
		return ""
	}
	return trimTitle(text)
}

// trimTitle drops what ends a title but is not part of it.
func trimTitle(text string) string {
	return strings.Trim(strings.TrimSpace(text), ".:;,–—- \t\n*_")
}

// capitalised reports whether text begins with a capital or a digit and all its longer words do.
func capitalised(text string) bool {
	for i, word := range strings.Fields(text) {
		first := []rune(word)[0]
		if i == 0 && !titleStart(first) {
			return false
		}
		switch word {
		case "from", "with", "into", "upon", "under", "over", "after":
			continue
		}
		if len(word) > 3 && unicode.IsLower(first) {
			return false
		}
	}
	return text != ""
}

func titleStart(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) || unicode.IsTitle(r) }
