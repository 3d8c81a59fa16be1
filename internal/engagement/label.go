package engagement

import (
	"strings"
	"unicode/utf8"
)

// style is the kind of label a clause carries. Siblings have one style; a label of another style begins a level below.
type style int

const (
	styleNone    style = iota
	styleNumber        // "4." of a nested list
	styleDecimal       // "12.13", which names its place in full
	styleKeyword       // "Section 4", "Article VII", "§ 3"
	styleAlpha         // "a."
	styleRoman         // "iv."
	styleCapital       // "B."
	styleHeading       // a heading; numbered or not
	styleTerm          // a definition without a label of its own
)

// label is what stands before a clause's own words.
type label struct {
	style   style
	parts   []string // "12.13" gives 12 and 13; "(a)" gives a
	ordinal int      // of the last part
	roman   int      // the ordinal it would have as a roman number; 0 when it is none
	paren   bool     // "(a)"
	keyword string   // "section", "article", …
	size    int      // bytes of the line it takes, white space after it included
}

const maxOrdinal = 999 // "2026." at the start of a line is a year

// readLabel reads the label at the start of a line without its indentation; style none when there is none. Tags and
// emphasis marks before it are skipped ("**4. Payment**").
func readLabel(line string) label {
	skip := wrappers(line)
	rest := line[skip:]
	for _, l := range []label{readKeyword(rest), readNumber(rest), readLetter(rest)} {
		if l.style != styleNone {
			l.size += skip
			return l
		}
	}
	return label{}
}

// wrappers gives the length of tags and emphasis marks before a line's first character.
func wrappers(line string) int {
	i := 0
	for i < len(line) {
		switch line[i] {
		case '<':
			name, size := tag(line[i:])
			if size == 0 || tagText(name) != "" {
				return i
			}
			i += size
		case '*', '_':
			run := i
			for run < len(line) && line[run] == line[i] {
				run++
			}
			if run == len(line) || line[run] == ' ' || line[run] == '\t' {
				return i // a bullet or a rule
			}
			i = run
		default:
			return i
		}
	}
	return i
}

// readNumber reads "4.", "4)", "(4)", "12.13", "12.13.", "5.2.a" and "5.2(a)".
func readNumber(s string) label {
	l := label{style: styleNumber}
	i := 0
	if strings.HasPrefix(s, "(") {
		i, l.paren = 1, true
	}
	for {
		n, size := digits(s[i:])
		if size == 0 {
			break
		}
		l.parts = append(l.parts, s[i:i+size])
		l.ordinal = n
		i += size
		if l.paren || i+1 >= len(s) || s[i] != '.' || s[i+1] < '0' || s[i+1] > '9' {
			break
		}
		i++
	}
	if len(l.parts) == 0 || len(l.parts) > maxDepth {
		return label{}
	}
	if len(l.parts) > 1 {
		l.style = styleDecimal
		more, size := subLabels(s[i:])
		l.parts, i = append(l.parts, more...), i+size
		l.ordinal = ordinalOf(l.parts[len(l.parts)-1])
	}
	closed := 0
	if i < len(s) && (s[i] == ')' || s[i] == '.' && !l.paren) {
		closed = 1
	}
	if closed == 0 && l.style == styleNumber {
		return label{}
	}
	return l.ended(s, i+closed)
}

// subLabels reads letters attached to a number: ".a", "(a)", "(a)(iv)".
func subLabels(s string) (parts []string, size int) {
	for {
		rest := s[size:]
		switch {
		case len(rest) > 2 && rest[0] == '(':
			end := strings.IndexByte(rest[:min(len(rest), 7)], ')')
			if end < 2 || !lowerOrDigits(rest[1:end]) {
				return parts, size
			}
			parts, size = append(parts, rest[1:end]), size+end+1
		case len(rest) > 1 && rest[0] == '.' && rest[1] >= 'a' && rest[1] <= 'z' && (len(rest) == 2 || !isAlphanumeric(rest[2])):
			parts, size = append(parts, rest[1:2]), size+2
		default:
			return parts, size
		}
	}
}

func lowerOrDigits(s string) bool {
	for i := range len(s) {
		if !(s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return true
}

// readLetter reads "a.", "a)", "(a)", "iv.", "(iv)" and "B.".
func readLetter(s string) label {
	l := label{}
	i := 0
	if strings.HasPrefix(s, "(") {
		i, l.paren = 1, true
	}
	start := i
	for i < len(s) && i-start < 8 && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
		i++
	}
	word := s[start:i]
	if word == "" || i == len(s) || s[i] != ')' && (s[i] != '.' || l.paren) {
		return label{}
	}
	l.parts = []string{word}
	l.roman = romanValue(word)
	switch {
	case len(word) == 1 && word[0] >= 'a':
		l.style, l.ordinal = styleAlpha, int(word[0]-'a')+1
	case len(word) == 1:
		l.style, l.ordinal = styleCapital, int(word[0]-'A')+1
	case l.roman > 0 && word == strings.ToLower(word):
		l.style, l.ordinal = styleRoman, l.roman
	default:
		return label{}
	}
	return l.ended(s, i+1)
}

// readKeyword reads "Section 4", "Article VII", "Clause 5.2", "§ 3". Since a sentence may begin so too, what follows has to
// look like a title: nothing, a separator, or a capital.
func readKeyword(s string) label {
	word, size := keyword(s)
	if word == "" {
		return label{}
	}
	l := label{style: styleKeyword, keyword: word}
	i := size
	parts, size := decimalParts(s[i:])
	if size == 0 {
		j := i
		for j < len(s) && isUpper(s[j]) {
			j++
		}
		value := romanValue(s[i:j])
		if value == 0 {
			return label{}
		}
		parts, size = []string{itoa(value)}, j-i
	}
	i += size
	l.parts, l.ordinal = parts, ordinalOf(parts[len(parts)-1])
	rest := strings.TrimLeft(s[i:], " \t*_")
	separators := []string{".", ":", ")", "–", "—", "-"}
	for _, sep := range separators {
		if after, ok := strings.CutPrefix(rest, sep); ok {
			return l.ended(s, len(s)-len(after))
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || titleStart(r) && len(rest) <= maxTitle && capitalised(plain(rest)) && i < len(s) && s[i] == ' ' {
		return l.ended(s, i)
	}
	return label{}
}

// keyword reads the word before a number and the blank after it.
func keyword(s string) (word string, size int) {
	if after, ok := strings.CutPrefix(s, "§"); ok {
		return "§", len(s) - len(strings.TrimLeft(after, " \u00a0"))
	}
	for _, word := range []string{"section", "article", "clause"} {
		if len(s) > len(word)+1 && strings.EqualFold(s[:len(word)], word) && s[len(word)] == ' ' && s[0] < 'a' {
			return word, len(word) + 1
		}
	}
	return "", 0
}

// decimalParts reads "5", "5.2", "5.2(a)", "5.2.a" and their like.
func decimalParts(s string) (parts []string, size int) {
	for {
		_, n := digits(s[size:])
		if n == 0 {
			break
		}
		parts = append(parts, s[size:size+n])
		size += n
		if size+1 >= len(s) || s[size] != '.' || s[size+1] < '0' || s[size+1] > '9' || len(parts) == maxDepth {
			break
		}
		size++
	}
	if len(parts) == 0 {
		return nil, 0
	}
	more, n := subLabels(s[size:])
	return append(parts, more...), size + n
}

// ended closes a label that takes size bytes of s; it has to be followed by white space, a tag or nothing.
func (l label) ended(s string, size int) label {
	for size < len(s) && (s[size] == '*' || s[size] == '_') {
		size++
	}
	rest := s[size:]
	trimmed := strings.TrimLeft(rest, " \t\u00a0")
	if rest != "" && trimmed == rest && rest[0] != '<' && l.style != styleKeyword {
		return label{}
	}
	l.size = len(s) - len(trimmed)
	return l
}

// digits reads a number of at most maxOrdinal at the start of s.
func digits(s string) (n, size int) {
	for size < len(s) && s[size] >= '0' && s[size] <= '9' {
		n = n*10 + int(s[size]-'0')
		size++
		if n > maxOrdinal || size > 3 {
			return 0, 0
		}
	}
	return n, size
}

func ordinalOf(part string) int {
	if n, size := digits(part); size == len(part) && size > 0 {
		return n
	}
	if len(part) == 1 {
		return int(part[0]|0x20-'a') + 1
	}
	return romanValue(part)
}

// romanValue reads a roman number of up to 8 letters, all small or all capital, in its one right spelling; 0 for anything else.
func romanValue(s string) int {
	if s == "" || len(s) > 8 {
		return 0
	}
	upper := strings.ToUpper(s)
	if upper != s && strings.ToLower(s) != s {
		return 0
	}
	total, rest := 0, upper
	for _, numeral := range romanNumerals() {
		for strings.HasPrefix(rest, numeral.letters) {
			rest = rest[len(numeral.letters):]
			total += numeral.value
		}
	}
	if rest != "" || roman(total) != upper {
		return 0
	}
	return total
}

type numeral struct {
	letters string
	value   int
}

func romanNumerals() []numeral {
	return []numeral{{"C", 100}, {"XC", 90}, {"L", 50}, {"XL", 40}, {"X", 10}, {"IX", 9}, {"V", 5}, {"IV", 4}, {"I", 1}}
}

func roman(n int) string {
	var b strings.Builder
	for _, numeral := range romanNumerals() {
		for n >= numeral.value {
			b.WriteString(numeral.letters)
			n -= numeral.value
		}
	}
	return b.String()
}
