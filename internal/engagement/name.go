package engagement

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many characters (runes) a display name may have.
const MaxName = 200

// CheckName reports why name cannot be the display name of a vendor or a person, or nil: 1 to MaxName runes of valid
// UTF-8, not blank, and none that change the direction or the line of the text around them. The error names the first
// such character, its place (counted in characters from 1) and what to do. Markup is text: "<script>" is allowed,
// pages escape it.
func CheckName(name string) error {
	if n := utf8.RuneCountInString(name); n > MaxName {
		return fmt.Errorf("%d characters are more than %d; shorten the name", n, MaxName)
	}
	return checkRunes(name)
}

// checkRunes is CheckName without the limit on length.
func checkRunes(text string) error {
	place, blank := 0, true
	for i, r := range text {
		place++
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return fmt.Errorf("byte %#02x at place %d is not UTF-8; save the file as UTF-8", text[i], place)
			}
		}
		if what := forbidden(r); what != "" {
			return fmt.Errorf("character U+%04X at place %d is %s; remove it", r, place, what)
		}
		if !unicode.IsSpace(r) && !invisible(r) {
			blank = false
		}
	}
	if blank {
		return errors.New("nothing is written here; write a name that can be read")
	}
	return nil
}

// forbidden says what is wrong with r in one line of text; empty when nothing is.
func forbidden(r rune) string {
	switch {
	case unicode.IsControl(r):
		return "a control character"
	case r == '\u2028' || r == '\u2029':
		return "a line or paragraph separator"
	case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\u200E', r == '\u200F', r == '\u061C':
		return "a mark that turns the direction of the text"
	}
	return ""
}

// invisible lists characters that take no room: they do not make a name, and words with and without them read alike.
func invisible(r rune) bool {
	switch r {
	case '\u00AD', '\u200B', '\u2060', '\uFEFF':
		return true
	}
	return false
}
