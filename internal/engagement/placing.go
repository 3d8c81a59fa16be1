package engagement

import (
	"slices"
	"strings"
)

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
			if at.style == styleKeyword && at.keyword == lab.keyword {
				return keep - 1
			}
			if at.style == styleKeyword && sibling == 0 {
				sibling = keep // a section of an article, unless an article is open further out
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

// follows reports whether a label is plausible where it stands. At a new paragraph (fresh) nearly any number is; in the
// middle of one only the next number of a list, or the first of a new one. A letter begins a list in the middle of a
// paragraph only where the text is open for it, since inline lists get wrapped.
func follows(lab label, parent open, fresh, begins bool) bool {
	counted := parent.childStyle == lab.style && parent.childParen == lab.paren
	next := counted && (lab.ordinal == parent.childWritten+1 || lab.ordinal == parent.childWritten && lab.style == styleNumber)
	first := lab.ordinal == 1
	if next {
		return true
	}
	switch {
	case lab.style == styleKeyword:
		return fresh
	case (lab.style == styleNumber || lab.style == styleDecimal) && !lab.paren:
		return fresh || first
	case fresh:
		return first || lab.paren || counted && lab.ordinal > parent.childWritten
	}
	return first && begins
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
