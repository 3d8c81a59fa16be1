package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxTerm = 80  // bytes of a defined term
	leadLen = 700 // bytes of a clause in which its terms are looked for
)

// definedTerms gives the terms that a clause defines, when it is a definition: quoted or emphasised words, several
// joined by "or", before "means" or its like. In a section of definitions a colon does, and the words need no quotes.
func definedTerms(words string, inDefinitions bool) []string {
	s := strings.Join(strings.Fields(straightQuotes(stripTags(head(words, leadLen)))), " ")
	s = skipLead(s)
	var terms []string
	bare := false
	for range 8 {
		term, rest := markedTerm(s)
		if term == "" {
			break
		}
		terms = append(terms, term)
		s = rest
		joined := false
		for _, join := range []string{"or ", "and ", "/", ", or ", ",", "(or ", "("} {
			if after, ok := strings.CutPrefix(s, join); ok {
				if next, _ := markedTerm(strings.TrimSpace(after)); next != "" {
					s, joined = strings.TrimSpace(after), true
					break
				}
			}
		}
		if !joined {
			break
		}
	}
	if len(terms) == 0 && inDefinitions {
		term, rest := bareTerm(s)
		if term != "" {
			terms, s, bare = []string{term}, rest, true
		}
	}
	if len(terms) == 0 {
		return nil
	}
	s = strings.TrimLeft(s, ")*_ ,")
	if definingVerb(s) || inDefinitions && !bare && startsWithAny(s, ":", "–", "—", "- ") {
		return terms
	}
	return nil
}

// skipLead drops "The term" and its like.
func skipLead(s string) string {
	for _, lead := range []string{"The term ", "The terms ", "The expression ", "the term ", "The ", "the ", "A ", "An "} {
		if after, ok := strings.CutPrefix(s, lead); ok {
			if term, _ := markedTerm(strings.TrimSpace(after)); term != "" {
				return strings.TrimSpace(after)
			}
		}
	}
	return s
}

// markedTerm reads a quoted or emphasised term at the start of s, whichever way round the marks are and even if they do
// not match.
func markedTerm(s string) (term, rest string) {
	start := strings.TrimLeft(s, "*_")
	marked := len(start) < len(s)
	if start == "" {
		return "", s
	}
	end := -1
	if quote := start[:1]; quote == `"` || quote == "'" {
		start = start[1:]
		end = closingQuote(start, quote[0])
		if end < 0 {
			return "", s
		}
		rest = start[end+1:]
	} else if marked {
		end = strings.IndexAny(start, "*_")
		if end < 0 {
			return "", s
		}
		rest = strings.TrimLeft(start[end:], "*_")
	} else {
		return "", s
	}
	term = trimTitle(foldMarks(start[:end]))
	if term == "" || len(term) > maxTerm {
		return "", s
	}
	if strings.HasSuffix(foldMarks(start[:end]), ".") {
		return "", s // "**Payment.**" is a title
	}
	return term, strings.TrimLeft(rest, " *_\t\n")
}

// closingQuote finds the quote that ends a term; an apostrophe inside a word does not.
func closingQuote(s string, quote byte) int {
	for i := 0; i < len(s) && i <= maxTerm+8; i++ {
		if s[i] != quote {
			continue
		}
		if quote == '\'' && i+1 < len(s) && isAlphanumeric(s[i+1]) {
			continue
		}
		return i
	}
	return -1
}

// bareTerm reads capitalised words before "means" without any marks around them.
func bareTerm(s string) (term, rest string) {
	first, _ := utf8.DecodeRuneInString(s)
	if !titleStart(first) {
		return "", s
	}
	for i, r := range s {
		if i > maxTerm || strings.ContainsRune(".;:", r) {
			return "", s
		}
		if r == ' ' && definingVerb(s[i+1:]) {
			return s[:i], s[i+1:]
		}
	}
	return "", s
}

// definingVerb reports whether s begins with words that define what stands before them.
func definingVerb(s string) bool {
	return startsWithAny(s, "means", "mean ", "mean:", "shall mean", "will mean", "has the ", "have the ",
		"shall have the", "will have the", "is defined", "are defined", "shall refer to", "refers to", "refer to", "includes ",
		"bedeutet", "bezeichnet")
}

func startsWithAny(s string, starts ...string) bool {
	for _, start := range starts {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

// definitionsTitle reports whether a title announces definitions.
func definitionsTitle(title string) bool {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) > 6 {
		return false
	}
	for i, word := range words {
		switch word {
		case "definitions", "begriffsbestimmungen", "definitionen", "définitions", "definiciones", "definizioni":
			return true
		case "terms":
			if i > 0 && words[i-1] == "defined" {
				return true
			}
		}
	}
	return false
}

// termRef names a definition by its first term, so that its ref stays when others are put in before it.
func termRef(terms []string) string {
	name := clip(dashed(terms[0], true))
	if name == "" {
		name = "term"
	}
	return "def/" + name
}

// clip keeps names inside refs short; a digest keeps long ones apart.
func clip(name string) string {
	if len(name) <= maxSlug {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimRight(head(name, maxSlug-9), "-") + "-" + hex.EncodeToString(sum[:4])
}

// head gives at most n bytes of s, cut between characters.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func straightQuotes(s string) string {
	return strings.Map(func(r rune) rune {
		if alike := straight(r); r > utf8.RuneSelf && len(alike) == 1 {
			return rune(alike[0])
		}
		return r
	}, s)
}
