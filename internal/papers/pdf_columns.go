package papers

import (
	"regexp"
	"strings"
)

// slipColumns is by how much pdftotext's columns differ from page to page for what
// stands at the same place: it counts them in the width of each page's letters.
const slipColumns = 3

// steadyColumns puts labels of one form that stand at nearly the same column on
// different pages at the same one. A list that goes on after a page break would
// else seem to begin a level further in.
func steadyColumns(pages [][]string) {
	form := regexp.MustCompile(`^ *(\(?)([a-z]{1,5}|[A-Z]|\d{1,3}(?:\.\d{1,3})*)([.)]?)\s`)
	stands := map[string][]int{}
	for _, lines := range pages {
		for i, line := range lines {
			m := form.FindStringSubmatch(line)
			if m == nil || m[3] == "" && !strings.Contains(m[2], ".") {
				continue
			}
			key := m[1] + labelClass(m[2]) + m[3]
			text := strings.TrimLeft(line, " ")
			lines[i] = strings.Repeat(" ", settledColumn(stands, key, len(line)-len(text))) + text
		}
	}
}

// labelClass is what a label's number is made of: "a" for letters, "1.1" for
// numbers of two parts.
func labelClass(number string) string {
	switch {
	case number[0] >= 'a':
		return "a"
	case number[0] >= 'A':
		return "A"
	}
	return "1" + strings.Repeat(".1", strings.Count(number, "."))
}

// settledColumn gives the column at which labels of a form were seen that is near
// enough, else keeps this one.
func settledColumn(stands map[string][]int, key string, column int) int {
	for _, at := range stands[key] {
		if at-slipColumns <= column && column <= at+slipColumns {
			return at
		}
	}
	stands[key] = append(stands[key], column)
	return column
}
