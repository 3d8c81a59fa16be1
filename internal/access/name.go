package access

import (
	"strings"
	"unicode"
)

// Bounds of what a stranger's page shows and a list of devices keeps, in
// characters.
const (
	maxMasked = 40
	maxDevice = 80
)

// Mask is a name as a stranger may read it: "Helen M." tells its owner that the
// mail is theirs, and whoever else found it little.
func Mask(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	first := cut(words[0], maxMasked)
	if len(words) == 1 {
		return first
	}
	last := []rune(words[len(words)-1])
	return first + " " + string(unicode.ToUpper(last[0])) + "."
}

// Device is what a device calls itself, as it may be kept and shown.
func Device(said string) string {
	said = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(said, ""))
	return cut(strings.TrimSpace(said), maxDevice)
}

func cut(s string, most int) string {
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return s
}

// LocalPath is a page of ours to come back to, "/" for everything that could
// lead elsewhere.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || len(next) > 2000 ||
		strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
		return "/"
	}
	return next
}
