package engagement

import (
	"fmt"
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
	titled bool           // the document's title was read
	rest   []line         // what follows the line that is read
}

// read gathers the clauses of a document. Every line ends up in exactly one of them.
func read(lines []line) ([]draft, error) {
	o := &outline{drafts: []draft{{ref: "0"}}, seen: map[string]int{"0": 1}}
	o.path = []open{{ref: "", indent: -1, body: -1}}
	for i, l := range lines {
		o.rest = lines[i+1:]
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
	if lab.style == styleNone && l.level == 1 && len(o.drafts) == 1 && !o.titled {
		o.titled = true
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
	begins := l.fresh || mark != ""
	if begins || o.inDefinitions() && o.endsSentence() {
		if terms := definedTerms(o.wrapped(rest), begins && o.inDefinitions()); len(terms) > 0 && len(o.path) <= maxDepth {
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
	inList := !lab.paren && l.indent >= parent.indent+2
	if !follows(lab, parent, fresh, inList || o.endsOpen() && !o.runsOn(l, lab)) {
		return false
	}
	if lab.style == styleDecimal && !fresh && (lab.ordinal == 1 && !o.endsSentence() || under(o.part(), strings.Join(lab.parts[:len(lab.parts)-1], ".")) != parent.ref) {
		return false // "as stated in\n3.1 above"
	}
	o.path = o.path[:keep]
	words := l.text[lab.size:]
	opening := o.wrapped(words)
	child := open{style: lab.style, keyword: lab.keyword, paren: lab.paren, indent: l.indent}
	child.body = l.indent + len(l.text) - len(words)
	ref := o.place(&lab)
	terms := definedTerms(opening, o.inDefinitions())
	title := titleOf(opening)
	if len(terms) > 0 {
		ref, title = termRef(terms), terms[0]
	}
	child.ref = ref
	child.defines = definitionsTitle(title)
	o.begin(child, title, terms, l.source, words)
	return true
}

// wrapped gives the beginning of a clause's words: one line of it and those that it runs on into.
func (o *outline) wrapped(words string) string {
	for _, next := range o.rest {
		text := head(next.text, leadLen) // a long line is looked at by each of the lines before it
		mark, _ := bullet(text)
		if len(words) > leadLen || next.kind != lineText || mark != "" || readLabel(text).style != styleNone {
			break
		}
		words += "\n" + text
	}
	return words
}

// runsOn reports whether the label is the first of an inline list: the second stands in the middle of a line.
func (o *outline) runsOn(l line, lab label) bool {
	second := map[style]string{styleNumber: "(2)", styleAlpha: "(b)", styleRoman: "(ii)", styleCapital: "(B)"}[lab.style]
	return lab.paren && second != "" && strings.Contains(o.wrapped(l.text), second)
}

// endsOpen reports whether the text so far ends where a list may begin.
func (o *outline) endsOpen() bool {
	d := o.drafts[o.top().draft]
	if len(d.words) == 0 {
		return true
	}
	last := plain(d.words[len(d.words)-1])
	return last == "" || strings.HasSuffix(last, ":") || len(d.words) == 1 && trimTitle(last) == d.title
}

// endsSentence reports whether the text so far ends where a new sentence may begin.
func (o *outline) endsSentence() bool {
	words := o.drafts[o.top().draft].words
	return o.endsOpen() || strings.ContainsAny(tail(strings.TrimRight(words[len(words)-1], " *_")), ".;")
}

// tail gives the last byte of s as a string, or nothing.
func tail(s string) string { return s[max(len(s)-1, 0):] }

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
