package web

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/internal/review"
)

// maxName is how many characters of a name a page shows.
const maxName = 120

// cut shortens a name and drops what is no character of a line of text.
func cut(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "�"))
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	return string([]rune(name)[:maxName]) + "…"
}

// flat is a name for places that hold text alone (a title, an option): marks
// that turn the direction of the text are dropped, since nothing isolates them.
func flat(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, cut(name))
}

// tidy is what somebody wrote, with one kind of line end and without characters
// that are no text.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// human turns an id of a playbook into words: data-protection, Data protection.
func human(id string) string {
	id = strings.ReplaceAll(cut(id), "-", " ")
	r, size := utf8.DecodeRuneInString(id)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + id[size:]
}

// stands is a state in words.
func stands(s review.State) string {
	switch s {
	case review.Waiting:
		return "not asked yet"
	case review.Open:
		return "being asked"
	case review.Vacant:
		return "nobody left to ask"
	case review.Met:
		return "agreed"
	case review.Wanted:
		return "changes wanted"
	case review.Denied:
		return "refused"
	}
	return human(string(s))
}

// tone is the colour of a state or a verdict: a class of the stylesheet.
func tone(word string) string {
	switch word {
	case string(review.Met), string(review.Approve), string(review.Delivered), string(review.Done), string(review.Scored):
		return "good"
	case string(review.Wanted), string(review.Vacant), "late":
		return "warn"
	case string(review.Denied), string(review.Reject):
		return "bad"
	case string(review.Open):
		return "open"
	}
	return "quiet"
}

// rule says how many of a group's seats are needed.
func rule(g review.Group) string {
	switch {
	case len(g.Seats) == 1:
		return ""
	case g.Rule == review.RuleAny || g.Rule == review.RuleSome && g.N == 1:
		return "one of them is enough"
	case g.Rule == review.RuleSome:
		return fmt.Sprintf("%d of %d are needed", g.N, len(g.Seats))
	}
	return "all of them are needed"
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	switch {
	case n == 1:
		return "1 byte"
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}

// shortDigest shows enough of a digest to tell documents apart.
func shortDigest(d string) string {
	algorithm, hex, found := strings.Cut(d, ":")
	if !found || len(hex) < 12 {
		return cut(d)
	}
	return algorithm + ":" + hex[:12] + "…"
}
