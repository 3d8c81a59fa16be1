package web

import (
	"html"
	"html/template"
	"regexp"
	"strings"
	"unicode"

	"gangway/internal/engagement"
)

var (
	anyTag     = regexp.MustCompile(`<[^>]*>`)
	listLabel  = regexp.MustCompile(`(^|\s)\d{1,9}[.)](\s|$)`)
	linkTarget = regexp.MustCompile(`\]\([^()\s]*\)`)
)

// shows reports whether sanitised markup shows every letter and digit of a text
// as it counts for a review. Markup can hide words that count: in a comment, a
// script, a picture's description, a reference that nothing refers to. Numbers
// of lists, which the browser writes, and where a link leads are left out.
func shows(markup template.HTML, counted string) bool {
	shown := []rune(html.UnescapeString(anyTag.ReplaceAllString(string(markup), "")))
	counted = listLabel.ReplaceAllString(listLabel.ReplaceAllString(linkTarget.ReplaceAllString(counted, "]"), " "), " ")
	for _, r := range counted {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		at := 0
		for at < len(shown) && shown[at] != r {
			at++
		}
		if at == len(shown) {
			return false
		}
		shown = shown[at+1:]
	}
	return true
}

// showsAll is shows for a whole document; one that can't be split is judged by
// its source.
func showsAll(markup template.HTML, source []byte) bool {
	clauses, err := engagement.Split(source)
	if err != nil {
		return false
	}
	var text strings.Builder
	for _, c := range clauses {
		text.WriteString(c.Text + "\n")
	}
	return shows(markup, text.String())
}

// asWritten is a text with every character that it has.
func asWritten(source string) template.HTML {
	return template.HTML(`<pre class="plain">` + template.HTMLEscapeString(strings.ToValidUTF8(source, "�")) + `</pre>`) // escaped
}
