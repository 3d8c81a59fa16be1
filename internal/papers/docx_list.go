package papers

import (
	"encoding/xml"
	"strconv"
	"strings"
)

const listLevels = 9

// lists are a document's numberings (ECMA-376 part 1, 17.9): how Word gets the
// numbers that stand before paragraphs and are nowhere in the text.
type lists struct {
	abstract map[string]*abstractList
	nums     map[string]*listUse
	linked   map[string]string // a numbering style: the abstract list that defines it
}

// abstractList is a numbering with its counters, which all its uses share.
type abstractList struct {
	levels [listLevels]listLevel
	link   string // defined by the numbering style of this name instead
	count  [listLevels]int
	begun  [listLevels]bool
}

type listLevel struct {
	start   int
	format  string
	text    string // "%1.%2"
	restart *int   // the level after which it begins anew; nil: any above it
	legal   bool   // all numbers in its label are arabic
	style   docxStyle
	styleID string // the paragraph style that belongs to it
}

// listUse is w:num: an abstract list, with levels of its own perhaps.
type listUse struct {
	abstract string
	own      map[int]listLevel
	starts   map[int]int // begins anew with this the first time it is used
	used     [listLevels]bool
}

func newLists() *lists {
	return &lists{abstract: map[string]*abstractList{}, nums: map[string]*listUse{}, linked: map[string]string{}}
}

func (l *lists) read(c *cursor) error {
	return c.each(func(root xml.StartElement) error {
		return c.each(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "abstractNum":
				return l.readAbstract(c, attr(e, "abstractNumId"))
			case "num":
				return l.readUse(c, attr(e, "numId"))
			}
			return c.skip()
		})
	})
}

func (l *lists) readAbstract(c *cursor, id string) error {
	a := &abstractList{}
	l.abstract[id] = a
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "lvl":
			at, level, err := readLevel(c, e)
			if at != nil && *at >= 0 && *at < listLevels {
				a.levels[*at] = level
			}
			return err
		case "numStyleLink":
			a.link = attr(e, "val")
		case "styleLink":
			l.linked[attr(e, "val")] = id
		}
		return c.skip()
	})
}

func (l *lists) readUse(c *cursor, id string) error {
	u := &listUse{own: map[int]listLevel{}, starts: map[int]int{}}
	l.nums[id] = u
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			u.abstract = attr(e, "val")
		case "lvlOverride":
			at := number(attr(e, "ilvl"))
			return c.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "startOverride":
					if n := number(attr(e, "val")); n != nil && at != nil {
						u.starts[*at] = *n
					}
				case "lvl":
					_, level, err := readLevel(c, e)
					if at != nil {
						u.own[*at] = level
					}
					return err
				}
				return c.skip()
			})
		}
		return c.skip()
	})
}

func readLevel(c *cursor, e xml.StartElement) (at *int, level listLevel, err error) {
	at = number(attr(e, "ilvl"))
	level.format = "decimal"
	d := &docx{found: &found{}} // properties only: what is tracked here is no text
	err = c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "start":
			if n := number(attr(e, "val")); n != nil {
				level.start = *n
			}
		case "numFmt":
			level.format = attr(e, "val")
		case "lvlText":
			level.text = attr(e, "val")
		case "lvlRestart":
			level.restart = number(attr(e, "val"))
		case "isLgl":
			level.legal = on(e)
		case "pStyle":
			level.styleID = attr(e, "val")
		case "pPr":
			return d.paragraphProps(c, &level.style, nil)
		}
		return c.skip()
	})
	return at, level, err
}

// resolve gives the list and the level of it that a paragraph uses; nil where it
// has none.
func (l *lists) resolve(numID string) (*abstractList, *listUse) {
	u := l.nums[numID]
	if u == nil || numID == "0" { // 0 takes a style's numbering away (17.9.18)
		return nil, nil
	}
	a := l.abstract[u.abstract]
	if a != nil && a.link != "" {
		if id, ok := l.linked[a.link]; ok && l.abstract[id] != nil {
			a = l.abstract[id]
		}
	}
	if a == nil {
		return nil, nil
	}
	return a, u
}

// levelOf gives the level that a paragraph style has in a list when the paragraph
// says none.
func (a *abstractList) levelOf(styleID string) int {
	for i, level := range a.levels {
		if level.styleID == styleID && styleID != "" {
			return i
		}
	}
	return 0
}

func (u *listUse) level(a *abstractList, at int) listLevel {
	if own, ok := u.own[at]; ok {
		return own
	}
	return a.levels[at]
}

// next counts a paragraph and gives the label before it; empty for lists without
// any. bullet says that it has a mark instead of a number.
func (l *lists) next(a *abstractList, u *listUse, at int) (label string, bullet bool) {
	level := u.level(a, at)
	start, fresh := u.starts[at]
	if fresh && !u.used[at] {
		a.count[at], a.begun[at] = start, true
	} else if !a.begun[at] {
		a.count[at], a.begun[at] = level.start, true
	} else {
		a.count[at]++
	}
	u.used[at] = true
	for below := at + 1; below < listLevels; below++ {
		restart := u.level(a, below).restart
		if restart == nil || *restart > at {
			a.begun[below] = false
		}
	}
	if level.format == "bullet" {
		return "", true
	}
	if level.format == "none" && !strings.Contains(level.text, "%") {
		return strings.TrimSpace(level.text), false
	}
	var b strings.Builder
	for i := 0; i < len(level.text); i++ {
		ch := level.text[i]
		if ch != '%' || i+1 == len(level.text) || level.text[i+1] < '1' || level.text[i+1] > '9' {
			b.WriteByte(ch)
			continue
		}
		i++
		of := int(level.text[i] - '1')
		b.WriteString(u.numeral(a, of, level.legal))
	}
	return strings.TrimSpace(b.String()), false
}

// numeral writes the number that a level has reached; a level that has not begun
// counts as having its start.
func (u *listUse) numeral(a *abstractList, at int, legal bool) string {
	level := u.level(a, at)
	n := a.count[at]
	if !a.begun[at] {
		n = level.start
	}
	if legal {
		return strconv.Itoa(n)
	}
	return numeral(n, level.format)
}

// numeral writes a number in one of Word's formats (17.18.59); those of other
// scripts come as arabic numbers.
func numeral(n int, format string) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	switch format {
	case "none", "bullet":
		return ""
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "lowerLetter":
		return strings.ToLower(letters(n))
	case "upperLetter":
		return letters(n)
	case "lowerRoman":
		return strings.ToLower(romans(n))
	case "upperRoman":
		return romans(n)
	case "ordinal":
		return strconv.Itoa(n) + ordinalEnd(n)
	case "cardinalText", "ordinalText":
		if word := numberWord(n, format == "ordinalText"); word != "" {
			return word
		}
	}
	return strconv.Itoa(n)
}

// letters counts A to Z, AA to ZZ, AAA: Word doubles letters, it does not carry.
func letters(n int) string {
	const most = 30 // repeats
	if n < 1 || (n-1)/26 >= most {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}

func romans(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	names := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	var b strings.Builder
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(names[i])
		}
	}
	return b.String()
}

func ordinalEnd(n int) string {
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

func numberWord(n int, ordinal bool) string {
	cardinals := strings.Fields("One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty")
	ordinals := strings.Fields("First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth")
	if n < 1 || n > len(cardinals) {
		return ""
	}
	if ordinal {
		return ordinals[n-1]
	}
	return cardinals[n-1]
}
