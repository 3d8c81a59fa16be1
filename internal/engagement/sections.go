package engagement

import (
	"slices"
	"strings"
)

// AllSections is what somebody says who read a document from its first word to its
// last.
const AllSections = "all"

// SectionsRead resolves what somebody says they read against the labels of the
// document's sections: AllSections, a label, or a range of two labels with a dash
// between them ("4-9", "annex-a-annex-c"), both ends included. It returns the labels
// that were read in their order, and what names no section. Capitals count where two
// labels differ by nothing else. A document without labels is one section, AllSections.
func SectionsRead(labels, said []string) (read, unknown []string) {
	if len(labels) == 0 {
		labels = []string{AllSections}
	}
	is := make([]bool, len(labels))
	for _, s := range said {
		from, to, ok := spanOf(labels, s)
		if !ok {
			unknown = append(unknown, s)
			continue
		}
		for i := from; i <= to; i++ {
			is[i] = true
		}
	}
	for i, label := range labels {
		if is[i] {
			read = append(read, label)
		}
	}
	return read, unknown
}

// spanOf finds the first and the last section that somebody names. A label wins over a
// range, since labels have dashes in them; what can be read as two ranges is none.
func spanOf(labels []string, said string) (from, to int, ok bool) {
	if strings.EqualFold(said, AllSections) { // a section of that name is read with the others
		return 0, len(labels) - 1, true
	}
	if i, found := sectionNamed(labels, said); found {
		return i, i, true
	}
	for i := range len(said) {
		if said[i] != '-' {
			continue
		}
		first, begins := sectionNamed(labels, said[:i])
		last, ends := sectionNamed(labels, said[i+1:])
		if !begins || !ends || first > last {
			continue
		}
		if ok {
			return 0, 0, false
		}
		from, to, ok = first, last, true
	}
	return from, to, ok
}

// sectionNamed finds a label as it is written, else the only one that is the same but for
// capitals.
func sectionNamed(labels []string, said string) (at int, ok bool) {
	if i := slices.Index(labels, said); i >= 0 {
		return i, true
	}
	at = -1
	for i, label := range labels {
		if strings.EqualFold(label, said) {
			if at >= 0 {
				return 0, false
			}
			at = i
		}
	}
	return at, at >= 0
}

// SaidSections takes what somebody wrote in a field or a mail apart, for SectionsRead:
// "§ 4 – 9, 12 and Annex-A" says 4-9, 12 and Annex-A. It looks at no document.
func SaidSections(text string) []string {
	for _, dash := range []string{"–", "—", "‐", "‑", "−"} {
		text = strings.ReplaceAll(text, dash, "-")
	}
	var said []string
	joins := false
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;&\t\r\n\u00a0", r) }) {
		switch strings.ToLower(word) {
		case "and", "section", "sections", "clause", "clauses", "article", "articles", "§", "§§":
			continue
		case "-", "to", "until", "through":
			joins = len(said) > 0
			continue
		}
		word = strings.TrimLeft(word, "§")
		switch {
		case joins, strings.HasPrefix(word, "-") && len(said) > 0:
			said[len(said)-1] += "-" + strings.TrimPrefix(word, "-")
		case len(said) > 0 && strings.HasSuffix(said[len(said)-1], "-"):
			said[len(said)-1] += word
		case word != "":
			said = append(said, word)
		}
		joins = false
	}
	return said
}
