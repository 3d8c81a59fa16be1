package papers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	edgeLines = 3 // lines at the head and foot of a page that may be the same on all
	fewest    = 3 // pages; of fewer nothing is known to repeat
)

// joinPages makes one text of pages. What stands on every page (a running head, a
// number) is taken out of the text, where it would part sentences and change with
// every page break, and put at the end, once.
func joinPages(pages []string) string {
	split := make([][]string, 0, len(pages))
	for _, page := range pages {
		split = append(split, pageLines(page))
	}
	unindent(split)
	steadyColumns(split)
	repeated := repeatedLines(split)
	var b strings.Builder
	var furniture []string
	for _, lines := range split {
		lines, gone := withoutEdges(lines, repeated)
		for _, line := range gone {
			if key := edgeKey(line); strings.Trim(key, "# ") != "" && !slices.Contains(furniture, key) {
				furniture = append(furniture, key)
			}
		}
		if len(lines) == 0 {
			continue
		}
		if b.Len() > 0 && ends(b.String()) {
			b.WriteByte('\n')
		}
		for _, line := range lines {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	text := hyphensJoined(b.String())
	b.Reset()
	b.WriteString(text)
	if len(furniture) > 0 {
		b.WriteString("\n## Headers and footers\n\n")
		for _, line := range furniture {
			b.WriteString("- " + line + "\n")
		}
	}
	return b.String()
}

// hyphensJoined puts the rest of a word up to the line where it began ("Third-" and
// "Party"). The hyphen stays: contracts are seldom set with words divided, and one
// that is there now and gone in the next version would be a change.
func hyphensJoined(text string) string {
	text = regexp.MustCompile(`(\pL)-\n([ \t]*)(\pL\S*)[ \t]+(\S)`).ReplaceAllString(text, "$1-$3\n$2$4")
	return regexp.MustCompile(`(\pL)-\n[ \t]*(\pL\S*)\n`).ReplaceAllString(text, "$1-$2\n")
}

// pageLines gives the lines of a page without empty ones at its ends.
func pageLines(page string) []string {
	page = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "\u00ad\n", "").Replace(page)
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \r\t")
	}
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// unindent takes the margin off that all lines of all pages have. That of a page
// alone would lift a list that goes on there out of its clause.
func unindent(pages [][]string) {
	margin := -1
	for _, lines := range pages {
		for _, line := range lines {
			if indent := len(line) - len(strings.TrimLeft(line, " ")); line != "" && (margin < 0 || indent < margin) {
				margin = indent
			}
		}
	}
	for _, lines := range pages {
		for i, line := range lines {
			if line != "" {
				lines[i] = line[margin:]
			}
		}
	}
}

// edgeKey is a line without what differs from page to page.
func edgeKey(line string) string {
	line = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return r
	}, line)
	for strings.Contains(line, "##") {
		line = strings.ReplaceAll(line, "##", "#")
	}
	return strings.Join(strings.Fields(line), " ")
}

// edges gives the indices of the lines with text next to a page's head and foot.
func edges(lines []string) (head, foot []int) {
	for i := 0; i < len(lines) && len(head) < edgeLines; i++ {
		if lines[i] != "" {
			head = append(head, i)
		}
	}
	for i := len(lines) - 1; i >= 0 && len(foot) < edgeLines; i-- {
		if lines[i] != "" {
			foot = append(foot, i)
		}
	}
	return head, foot
}

// repeatedLines finds what stands at the head or the foot of most pages.
func repeatedLines(pages [][]string) map[string]bool {
	if len(pages) < fewest {
		return nil
	}
	counts := map[string]int{}
	for _, lines := range pages {
		head, foot := edges(lines)
		on := map[string]bool{}
		for _, i := range head {
			on["head "+edgeKey(lines[i])] = true
		}
		for _, i := range foot {
			on["foot "+edgeKey(lines[i])] = true
		}
		for key := range on {
			counts[key]++
		}
	}
	repeated := map[string]bool{}
	for key, n := range counts {
		if n >= fewest && n*2 > len(pages) {
			repeated[key] = true
		}
	}
	return repeated
}

// withoutEdges takes the repeated lines off a page, from the outside in: a line
// within the text that looks like them stays.
func withoutEdges(lines []string, repeated map[string]bool) (rest, gone []string) {
	for len(lines) > 0 && (lines[0] == "" || repeated["head "+edgeKey(lines[0])]) {
		if lines[0] != "" {
			gone = append(gone, lines[0])
		}
		lines = lines[1:]
	}
	for len(lines) > 0 && (lines[len(lines)-1] == "" || repeated["foot "+edgeKey(lines[len(lines)-1])]) {
		if last := lines[len(lines)-1]; last != "" {
			gone = append(gone, last)
		}
		lines = lines[:len(lines)-1]
	}
	return lines, gone
}

// ends reports whether text so far ends a paragraph, so that the next page begins
// a new one.
func ends(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " \n)\"”’'"))
	return strings.ContainsRune(".:;!?", last)
}
