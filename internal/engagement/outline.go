package engagement

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// draft is a clause while its lines are gathered.
type draft struct {
	ref    string
	title  string
	within string // ref of the unnumbered part ("annex-a") it stands in; its own references are looked up there first
	terms  []string
	words  []string // lines, the label cut off
	source []string
}

// open is a clause that later lines may still belong to or stand below.
type open struct {
	draft   int // index of the draft
	ref     string
	style   style
	keyword string
	paren   bool
	indent  int // column of the label
	body    int // column of the text after the label
	level   int // of a heading
	part    bool
	defines bool // a section of definitions

	childStyle   style // of the last child, for counting on
	childParen   bool
	childOrdinal int // what the last child counts as
	childWritten int // what was written before it
}

// outline is the state of reading a document line by line. The last element of path is where text goes; the first is the
// document itself, whose draft is the text before the first clause.
type outline struct {
	drafts []draft
	path   []open
	seen   map[string]int // how often a ref came
}

// read gathers the clauses of a document. Every line ends up in exactly one of them.
func read(lines []line) ([]draft, error) {
	o := &outline{drafts: []draft{{ref: "0"}}, seen: map[string]int{"0": 1}}
	o.path = []open{{ref: "", indent: -1, body: -1}}
	for _, l := range lines {
		switch {
		case l.kind == lineBlank:
			o.add(l.source, "")
		case l.kind == lineHeading:
			o.heading(l)
		default:
			o.text(l)
		}
		if len(o.drafts) > MaxClauses {
			return nil, fmt.Errorf("the document has more than %d clauses; split it into several documents", MaxClauses)
		}
	}
	return o.drafts, nil
}

func (o *outline) top() *open { return &o.path[len(o.path)-1] }

// add appends a line to the clause at the end of the path.
func (o *outline) add(source, words string) {
	d := &o.drafts[o.top().draft]
	d.source = append(d.source, source)
	d.words = append(d.words, words)
}

// heading places a heading. The first heading of level 1 before any clause is the document's title: text before the first clause.
func (o *outline) heading(l line) {
	lab := readLabel(l.text)
	if lab.style == styleNone {
		lab = bareNumber(l.text)
	}
	if lab.style == styleNone && l.level == 1 && len(o.drafts) == 1 {
		o.add(l.source, l.text)
		return
	}
	keep := 1
	for keep < len(o.path) && o.path[keep].style == styleHeading && o.path[keep].level < l.level {
		keep++
	}
	o.path = o.path[:keep]
	words := l.text[lab.size:]
	child := open{style: styleHeading, level: l.level, indent: l.indent, body: l.indent}
	title := trimTitle(plain(words))
	child.defines = definitionsTitle(title)
	if lab.style == styleNone {
		name := clip(dashed(plain(words), true))
		if name == "" {
			name = "part"
		}
		if name[0] >= '0' && name[0] <= '9' {
			name = "part-" + name
		}
		child.ref, child.part = under(o.top().ref, name), true
	} else {
		child.ref = o.place(&lab)
	}
	o.begin(child, title, nil, l.source, words)
}

// bareNumber reads a heading's "4 Payment", a number without a full stop.
func bareNumber(s string) label {
	skip := wrappers(s)
	_, size := digits(s[skip:])
	if size == 0 || skip+size < len(s) && s[skip+size] != ' ' {
		return label{}
	}
	l := label{style: styleNumber, parts: []string{s[skip : skip+size]}, ordinal: ordinalOf(s[skip : skip+size])}
	l.size = skip + size + len(s[skip+size:]) - len(strings.TrimLeft(s[skip+size:], " "))
	return l
}

// text places a line that is no heading: the beginning of a clause, of a definition, or more text.
func (o *outline) text(l line) {
	lab := readLabel(l.text)
	if lab.style != styleNone && len(o.path) <= maxDepth && o.labelled(l, lab, l.fresh) {
		return
	}
	mark, rest := bullet(l.text)
	if l.fresh || mark != "" || o.inDefinitions() {
		if terms := definedTerms(rest, o.inDefinitions()); len(terms) > 0 && len(o.path) <= maxDepth {
			o.definition(l, terms, rest)
			return
		}
	}
	if l.fresh {
		o.retreat(l.indent)
	}
	o.add(l.source, mark+rest)
}

// labelled begins a clause with a label, unless the label does not follow from what stands before: then it is a line of
// a wrapped sentence ("… ends on\n30. June"). fresh says that a new paragraph begins here.
func (o *outline) labelled(l line, lab label, fresh bool) bool {
	keep := o.parentOf(l.indent, lab)
	parent := o.path[keep-1]
	lab = settle(lab, parent)
	if !follows(lab, parent, fresh || o.endsOpen()) {
		return false
	}
	if lab.style == styleDecimal && !fresh && under(o.part(), strings.Join(lab.parts[:len(lab.parts)-1], ".")) != parent.ref {
		return false // "as stated in\n3.1 above"
	}
	o.path = o.path[:keep]
	words := l.text[lab.size:]
	child := open{style: lab.style, keyword: lab.keyword, paren: lab.paren, indent: l.indent}
	child.body = l.indent + len(l.text) - len(words)
	ref := o.place(&lab)
	terms := definedTerms(words, o.inDefinitions())
	title := titleOf(words)
	if len(terms) > 0 {
		ref, title = termRef(terms), terms[0]
	}
	child.ref = ref
	child.defines = definitionsTitle(title)
	o.begin(child, title, terms, l.source, words)
	return true
}

// endsOpen reports whether the text so far ends where a list may begin.
func (o *outline) endsOpen() bool {
	d := o.drafts[o.top().draft]
	if len(d.words) == 0 {
		return true
	}
	last := strings.TrimRight(d.words[len(d.words)-1], " *_")
	return last == "" || strings.HasSuffix(last, ":") || strings.HasSuffix(last, ">") && len(d.words) == 1
}

// parentOf gives how much of the path stays: the new label stands below its last element.
func (o *outline) parentOf(indent int, lab label) int {
	if lab.style == styleDecimal {
		return o.decimalParent(lab)
	}
	sibling := 0
	for keep := len(o.path); keep > 1; keep-- {
		at := o.path[keep-1]
		if at.style == styleHeading {
			return pick(sibling, keep)
		}
		if lab.style == styleKeyword {
			if at.style == styleKeyword && at.keyword != lab.keyword && sibling == 0 {
				return keep
			}
			if at.style == styleKeyword && at.keyword == lab.keyword {
				return keep - 1
			}
			continue
		}
		if indent >= at.indent+2 && at.style != styleTerm || indent >= at.indent && at.style == styleKeyword {
			return pick(sibling, keep)
		}
		if at.indent > indent+1 {
			continue // further in than the new line: closed by it
		}
		if alike(at, lab) {
			return keep - 1
		}
		if sibling == 0 {
			sibling = keep // another style at the same column: below it, unless a sibling of ours is open further out
		}
	}
	return pick(sibling, 1)
}

func pick(first, otherwise int) int {
	if first > 0 {
		return first
	}
	return otherwise
}

// alike reports whether a label may be a sibling of an open clause.
func alike(at open, lab label) bool {
	if at.paren != lab.paren {
		return false
	}
	switch {
	case at.style == lab.style:
		return true
	case lab.style == styleNumber:
		return at.style == styleDecimal && !strings.Contains(at.ref, ".")
	case at.style == styleRoman:
		return lab.roman > 0
	}
	return false
}

// decimalParent finds the open clause whose ref begins the label; the part of the document when there is none.
func (o *outline) decimalParent(lab label) int {
	within := o.part()
	for keep := len(o.path); keep > 1; keep-- {
		at := o.path[keep-1]
		if at.part || at.style != styleTerm && inside(under(within, strings.Join(lab.parts[:len(lab.parts)-1], ".")), at.ref) {
			return keep
		}
	}
	return 1
}

// part is the ref of the innermost unnumbered heading that is open.
func (o *outline) part() string {
	for i := len(o.path) - 1; i > 0; i-- {
		if o.path[i].part {
			return o.path[i].ref
		}
	}
	return ""
}

func (o *outline) inDefinitions() bool {
	return slices.ContainsFunc(o.path, func(at open) bool { return at.defines })
}

// settle decides what a single letter means: "i." after "h." is a letter, else a roman number.
func settle(lab label, parent open) label {
	if lab.style == styleAlpha && lab.roman > 0 {
		letters := parent.childStyle == styleAlpha && parent.childParen == lab.paren && lab.ordinal == parent.childOrdinal+1
		started := parent.childStyle == styleRoman || lab.parts[0] == "i"
		if !letters && started {
			lab.style, lab.ordinal = styleRoman, lab.roman
		}
	}
	return lab
}

// follows reports whether a label is plausible where it stands. At a new paragraph nearly any number is; in the middle
// of one only the next number of a list, or the first of a new one where the text is open for it.
func follows(lab label, parent open, fresh bool) bool {
	counted := parent.childStyle == lab.style && parent.childParen == lab.paren
	next := counted && (lab.ordinal == parent.childWritten+1 || lab.ordinal == parent.childWritten && lab.style == styleNumber)
	first := lab.ordinal == 1
	switch lab.style {
	case styleNumber, styleDecimal:
		if !lab.paren {
			return fresh || next || first
		}
		return next || fresh
	case styleKeyword:
		return fresh || next
	default:
		later := counted && lab.ordinal > parent.childWritten
		return next || fresh && (first || later || lab.paren)
	}
}

// place gives the ref of a new clause below the end of the path and counts it there. A number that goes on is trusted;
// the same number again ("1." before every item, as Markdown allows) means the next one.
func (o *outline) place(lab *label) string {
	parent := o.top()
	counted := parent.childStyle == lab.style && parent.childParen == lab.paren
	last := lab.parts[len(lab.parts)-1]
	ordinal := lab.ordinal
	if lab.style == styleNumber {
		if counted && lab.ordinal == parent.childWritten {
			ordinal = parent.childOrdinal + 1
		} else if counted && lab.ordinal == parent.childWritten+1 {
			ordinal = max(ordinal, parent.childOrdinal+1)
		}
		last = itoa(ordinal)
	}
	parent.childStyle, parent.childParen = lab.style, lab.paren
	parent.childOrdinal, parent.childWritten = ordinal, lab.ordinal
	if len(lab.parts) > 1 {
		parts := slices.Clone(lab.parts)
		for i := range parts {
			parts[i] = unpadded(parts[i])
		}
		return under(o.part(), strings.Join(parts, "."))
	}
	if lab.style == styleKeyword && parent.style != styleKeyword && parent.style != styleHeading {
		return under(o.part(), unpadded(last))
	}
	return under(parent.ref, unpadded(last))
}

// definition begins a definition that has no label, a paragraph of its own.
func (o *outline) definition(l line, terms []string, words string) {
	for len(o.path) > 1 {
		at := o.top()
		if at.style == styleHeading || at.indent < l.indent || at.indent == l.indent && at.style != styleTerm && !strings.HasPrefix(at.ref, "def/") {
			break
		}
		o.path = o.path[:len(o.path)-1]
	}
	child := open{style: styleTerm, ref: termRef(terms), indent: l.indent, body: l.indent}
	o.begin(child, terms[0], terms, l.source, words)
}

// retreat finds the clause that a new paragraph belongs to by its indentation: inside a nested list the one whose text
// begins no further right, else the last one whose label does not.
func (o *outline) retreat(indent int) {
	for keep := len(o.path); keep > 1; keep-- {
		at := o.path[keep-1]
		list := at.style == styleNumber || at.style == styleAlpha || at.style == styleRoman || at.style == styleCapital
		if list && !at.paren && at.body <= indent || (!list || at.paren) && at.indent <= indent {
			o.path = o.path[:keep]
			return
		}
	}
	for keep := len(o.path); keep > 1; keep-- {
		if o.path[keep-1].indent <= indent {
			o.path = o.path[:keep]
			return
		}
	}
}

// begin opens a clause at the end of the path. A ref that came before gets a mark, so that refs name one clause each.
func (o *outline) begin(child open, title string, terms []string, source, words string) {
	o.seen[child.ref]++
	if n := o.seen[child.ref]; n > 1 {
		child.ref += "~" + itoa(n)
		o.seen[child.ref]++
	}
	child.draft = len(o.drafts)
	o.drafts = append(o.drafts, draft{
		ref: child.ref, title: title, within: o.part(), terms: terms, words: []string{words}, source: []string{source},
	})
	o.path = append(o.path, child)
}

// bullet takes the mark of an unnumbered list item off a line; every such mark counts as the same.
func bullet(s string) (mark, rest string) {
	for _, b := range []string{"- ", "* ", "+ ", "• ", "-\t", "*\t", "•\t"} {
		if after, ok := strings.CutPrefix(s, b); ok {
			return "• ", strings.TrimLeft(after, " \t")
		}
	}
	return "", s
}

// under joins a ref and the name of what stands below it.
func under(ref, name string) string {
	if ref == "" {
		return name
	}
	return ref + "." + name
}

// unpadded drops leading zeros of a number, so that "04" and "4" are one.
func unpadded(part string) string {
	if short := strings.TrimLeft(part, "0"); short != "" {
		return short
	}
	return part[:1]
}

func itoa(n int) string { return strconv.Itoa(n) }
