package inventory

import (
	"strings"
	"unicode"
)

// CodeownersPaths are where GitHub looks for the file that says who owns which code; the
// first that is there counts (its page "About code owners").
func CodeownersPaths() []string {
	return []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}
}

// MostCodeowners is how long such a file may be, in bytes: GitHub reads no longer one.
const MostCodeowners = 3 << 20

// CodeRule is a line of a CODEOWNERS file: whose code the files are that a pattern fits.
type CodeRule struct {
	Line    int // from 1
	Pattern string
	// Owners are @login, @organisation/team or an address of mail; none: nobody's.
	Owners []string
}

// Codeowners reads such a file. A pattern ends at the first space that no backslash
// stands before; a word that begins with # ends the line. What is no owner is left out,
// as GitHub skips it.
func Codeowners(text string) []CodeRule {
	var all []CodeRule
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := codeWords(line)
		if len(words) == 0 {
			continue
		}
		rule := CodeRule{Line: n, Pattern: words[0]}
		for _, w := range words[1:] {
			if isOwner(w) {
				rule.Owners = append(rule.Owners, w)
			}
		}
		all = append(all, rule)
	}
	return all
}

// codeWords are the words of a line, up to a comment.
func codeWords(line string) []string {
	var all []string
	var word strings.Builder
	escaped := false
	end := func() bool {
		text := word.String()
		word.Reset()
		if strings.HasPrefix(text, "#") {
			return true
		}
		if text != "" {
			all = append(all, text)
		}
		return false
	}
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune('\\')
			word.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case unicode.IsSpace(r):
			if end() {
				return all
			}
		default:
			word.WriteRune(r)
		}
	}
	end()
	return all
}

// isOwner reports whether a word can name an owner; an escaped space is in no name.
func isOwner(word string) bool {
	i := strings.IndexByte(word, '@')
	switch {
	case i < 0 || len(word) < 2 || strings.ContainsFunc(word, func(r rune) bool { return r == '\\' || unicode.IsSpace(r) }):
		return false
	case i == 0:
		org, team, slash := strings.Cut(word[1:], "/")
		return org != "" && (!slash || team != "" && !strings.Contains(team, "/")) && !strings.Contains(word[1:], "@")
	}
	return i < len(word)-1 && strings.Count(word, "@") == 1
}

// CodeownerOf is the owner's login, where it is one's; empty: a team's or an address.
func CodeownerOf(owner string) string {
	login, is := strings.CutPrefix(owner, "@")
	if !is || strings.Contains(login, "/") {
		return ""
	}
	return login
}

// OwnersOf are those whose code a file is: the last line that fits it counts, even where
// it names nobody. path is from the repository's root, with slashes.
func OwnersOf(rules []CodeRule, path string) []string {
	for i := len(rules) - 1; i >= 0; i-- {
		if fits(rules[i].Pattern, strings.Trim(path, "/")) {
			return rules[i].Owners
		}
	}
	return nil
}

// mostPattern bounds a pattern that is tried, in bytes: matching takes its length times
// that of the path.
const mostPattern = 1000

// fits reports whether a pattern is about a path. They are those of gitignore, without
// !, [ ] and #; one that ends in /* is about the files of that directory alone.
func fits(pattern, path string) bool {
	pattern = strings.ReplaceAll(pattern, `\ `, " ")
	if len(pattern) > mostPattern || strings.ContainsAny(pattern, "![]") {
		return false
	}
	anchored := strings.Contains(strings.TrimSuffix(pattern, "/"), "/")
	below := !strings.HasSuffix(pattern, "/*")
	dir := strings.HasSuffix(pattern, "/")
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	if !anchored {
		want = append([]string{"**"}, want...)
	}
	have := strings.Split(path, "/")
	for n := len(have); n > 0; n-- {
		whole := n == len(have)
		if whole && dir || !whole && !below {
			continue // a directory's pattern is about what lies in it
		}
		if partsFit(want, have[:n]) {
			return true
		}
	}
	return false
}

// partsFit matches the parts of a pattern with those of a path; ** is any number of them.
func partsFit(want, have []string) bool {
	at := make([]bool, len(have)+1) // at[j]: the parts so far fit the first j of have
	at[0] = true
	for i, w := range want {
		next := make([]bool, len(have)+1)
		for j := range at {
			switch {
			case !at[j]:
			case w == "**" && i == len(want)-1: // a last one is about something at least
				for k := j + 1; k <= len(have); k++ {
					next[k] = true
				}
			case w == "**":
				for k := j; k <= len(have); k++ {
					next[k] = true
				}
			case j < len(have) && wordFits(w, have[j]):
				next[j+1] = true
			}
		}
		at = next
	}
	return at[len(have)]
}

// wordFits matches one part: * is anything, ? one letter.
func wordFits(want, have string) bool {
	h := []rune(have)
	at := make([]bool, len(h)+1)
	at[0] = true
	for _, r := range want {
		next := make([]bool, len(h)+1)
		for j := range at {
			switch {
			case !at[j]:
			case r == '*':
				for k := j; k <= len(h); k++ {
					next[k] = true
				}
			case j < len(h) && (r == '?' || r == h[j]):
				next[j+1] = true
			}
		}
		at = next
	}
	return at[len(h)]
}
