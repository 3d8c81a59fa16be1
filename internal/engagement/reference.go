package engagement

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a run of letters and digits in a text.
type word struct{ start, end int }

// lexicon is a tree of the words of defined terms.
type lexicon struct {
	next    map[string]*lexicon
	refs    []string // the clauses that define the term ending here
	capital bool     // a word of the term is written with a capital
}

// resolveUses fills in what each clause names: terms that another clause defines, and clauses by their number. A name
// that might mean several clauses counts for all of them.
func resolveUses(clauses []Clause, drafts []draft) error {
	lex := &lexicon{}
	order := make(map[string]int, len(clauses))
	for i, c := range clauses {
		order[c.Ref] = i
		for _, term := range drafts[i].terms {
			lex.define(term, c.Ref)
		}
	}
	for i, c := range clauses {
		if len(drafts[i].terms) > 0 {
			continue
		}
		for _, term := range inlineTerms(c.Text) {
			if !lex.definedApart(term) {
				lex.define(term, c.Ref)
			}
		}
	}
	total := 0
	for i := range clauses {
		c := &clauses[i]
		words := splitWords(c.Text)
		uses := lex.find(c.Text, words, nil)
		uses = references(c, words, drafts[i].within, clauses, order, uses)
		slices.Sort(uses)
		uses = slices.Compact(uses)
		c.Uses = slices.DeleteFunc(uses, func(ref string) bool { return ref == c.Ref })
		if len(c.Uses) == 0 {
			c.Uses = nil
		}
		if total += len(c.Uses); total > maxUses {
			return fmt.Errorf("the clauses name each other more than %d times; split the document into several", maxUses)
		}
	}
	return nil
}

func splitWords(text string) []word {
	var words []word
	start := -1
	for i, r := range text {
		if wordRune(r) || r == '\'' && start >= 0 {
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			words, start = append(words, word{start, i}), -1
		}
	}
	if start >= 0 {
		words = append(words, word{start, len(text)})
	}
	return words
}

// stem makes the forms of a word alike: possessive, plural and capitals.
func stem(text string) string {
	s := strings.ToLower(strings.TrimRight(text, "'"))
	s = strings.TrimSuffix(s, "'s")
	s = strings.TrimRight(s, "'")
	switch {
	case len(s) > 4 && strings.HasSuffix(s, "ies"):
		return s[:len(s)-3] + "y"
	case len(s) > 4 && startsWithAny(s[len(s)-4:], "sses", "ches", "shes") || len(s) > 3 && strings.HasSuffix(s, "xes"):
		return s[:len(s)-2]
	case len(s) > 2 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss"):
		return s[:len(s)-1]
	}
	return s
}

func upperFirst(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

func (l *lexicon) define(term, ref string) {
	at, capital := l, false
	for _, w := range splitWords(term) {
		if upperFirst(term[w.start:w.end]) {
			capital = true
		}
		at = at.child(stem(term[w.start:w.end]))
	}
	if at == l || slices.Contains(at.refs, ref) {
		return
	}
	at.refs = append(at.refs, ref)
	at.capital = capital
}

func (l *lexicon) child(key string) *lexicon {
	if l.next == nil {
		l.next = map[string]*lexicon{}
	}
	if l.next[key] == nil {
		l.next[key] = &lexicon{}
	}
	return l.next[key]
}

// definedApart reports whether a definition of its own has this term already.
func (l *lexicon) definedApart(term string) bool {
	at := l
	for _, w := range splitWords(term) {
		if at = at.next[stem(term[w.start:w.end])]; at == nil {
			return false
		}
	}
	return slices.ContainsFunc(at.refs, isDefinition)
}

// find adds the refs of the terms in a text, the longest term at each place. A term that is written with a capital
// has to begin with one in the text too: "Services" and "SERVICES", not "services".
func (l *lexicon) find(text string, words []word, uses []string) []string {
	if len(l.next) == 0 {
		return uses
	}
	found := map[*lexicon]bool{}
	for i := 0; i < len(words); {
		at, best, length := l, (*lexicon)(nil), 1
		for j := i; j < len(words); j++ {
			if at = at.next[stem(text[words[j].start:words[j].end])]; at == nil {
				break
			}
			if len(at.refs) > 0 && (!at.capital || upperFirst(text[words[i].start:])) {
				best, length = at, j-i+1
			}
		}
		if best != nil && !found[best] {
			found[best] = true
			uses = append(uses, best.refs...)
		}
		i += length
	}
	return uses
}

// inlineTerms gives the terms that a text defines in passing: ("MNDA"), (the "Fees"), (each a "Party").
func inlineTerms(text string) []string {
	var terms []string
	for i := 0; i < len(text); {
		next := strings.IndexByte(text[i:], '(')
		if next < 0 {
			break
		}
		i += next + 1
		inner := head(text[i:], 2*maxTerm)
		quote := strings.IndexByte(inner, '"')
		if quote < 0 || quote > 30 || strings.ContainsAny(inner[:quote], "().;") {
			continue
		}
		term, _, ok := strings.Cut(inner[quote+1:], `"`)
		if ok && len(term) <= maxTerm && upperFirst(term) {
			terms = append(terms, term)
		}
	}
	return terms
}

// references adds the refs of the clauses that a text names by number: "Section 5.2(a)", "Sections 8.1 (Caps) and 8.2", "§§ 3
// to 5", "paragraph (b)". A number that the document does not have is another document's.
func references(c *Clause, words []word, within string, clauses []Clause, order map[string]int, uses []string) []string {
	r := referee{c: c, within: within, order: order}
	add := func(start int) {
		for _, found := range r.list(start) {
			uses = append(uses, clauses[found.from].Ref)
			for i := found.from + 1; i <= found.to; i++ {
				uses = append(uses, clauses[i].Ref)
			}
		}
	}
	for _, w := range words {
		if referring(c.Text[w.start:w.end]) {
			add(w.end)
		}
	}
	for i := 0; ; {
		next := strings.Index(c.Text[i:], "§")
		if next < 0 {
			return uses
		}
		i += next + len("§")
		add(i)
	}
}

func referring(text string) bool {
	if len(text) < 3 || len(text) > 13 {
		return false
	}
	switch strings.ToLower(text) {
	case "section", "sections", "subsection", "subsections", "clause", "clauses", "article", "articles", "art", "sec",
		"paragraph", "paragraphs", "subparagraph", "ziffer", "abschnitt", "artikel":
		return true
	}
	return false
}
