package papers

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// block is a paragraph, a heading or a table's row as it will be written.
type block struct {
	text   string // Markdown, without label and indentation
	label  string // "1.1", "(a)"
	bullet bool
	level  int // of a heading, 1 to 6
	title  bool
	row    bool
	column int
	extra  string // the section at the end that it belongs to
}

const (
	maxBlocks  = 300_000
	twipsOf    = 180 // twips a column, so that half an inch is four
	maxColumn  = 40
	sameColumn = 100 // twips; less is no indentation but a hand's slip
)

// listed is a list item that text may go on under.
type listed struct {
	list   *abstractList
	at     int
	left   int // twips of its label
	column int // of its label
	body   int // column of its text
}

// add appends a block, unless there is nothing in it or too many are there.
func (d *docx) add(b block) {
	if strings.TrimSpace(b.text) == "" && b.label == "" {
		return
	}
	if len(d.blocks) >= maxBlocks {
		d.cut = true
		return
	}
	d.blocks = append(d.blocks, b)
}

// place makes a block of a paragraph: a heading, an item of a list or text, at the
// column that shows what it belongs to.
func (d *docx) place(p *paragraph) {
	b := block{text: markdown(p.spans), title: p.style.name == "title"}
	if level := headingLevel(p.style); level > 0 && strings.TrimSpace(b.text) != "" {
		b.level = level
		b.text = strings.Join(strings.Fields(strings.ReplaceAll(b.text, "**", "")), " ")
	}
	a, u := d.lists.resolve(p.style.list)
	at := 0
	if a != nil {
		if p.style.ilvl != nil {
			at = min(max(*p.style.ilvl, 0), listLevels-1)
		} else {
			at = a.levelOf(d.listStyle(p.own.base))
		}
		b.label, b.bullet = d.lists.next(a, u, at)
		b.label = closed(b.label)
	}
	switch {
	case b.level > 0 || b.title:
		d.listed = nil
	case a != nil && (b.label != "" || b.bullet):
		left := u.level(a, at).style
		own := p.own
		own.under(left)
		own.under(p.style)
		b.column = d.itemColumn(a, at, start(own), len(b.label)+1)
	default:
		b.column = d.proseColumn(start(p.style), b.text)
	}
	if p.toc {
		// Its lines repeat headings: as items without numbers they are no clauses.
		b = block{text: strings.TrimSpace(b.label + " " + b.text), bullet: true}
	}
	d.add(b)
}

// listStyle finds the style of a paragraph, or the base of it, that a list's level
// names.
func (d *docx) listStyle(id string) string {
	for range maxStyleBases {
		s := d.styles[id]
		if s == nil || s.list != "" {
			return id
		}
		id = s.base
	}
	return id
}

// headingLevel gives 1 to 6 for headings; 0 for text.
func headingLevel(s docxStyle) int {
	if s.level != nil && *s.level >= 0 && *s.level < 9 {
		return min(*s.level+1, 6)
	}
	if rest, ok := strings.CutPrefix(s.name, "heading "); ok && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '9' && s.level == nil {
		return min(int(rest[0]-'0'), 6)
	}
	return 0
}

// start is where a paragraph's first line begins, in twips.
func start(s docxStyle) int {
	left := 0
	if s.left != nil {
		left = *s.left
	}
	if s.hang != nil {
		left -= *s.hang
	}
	return max(left, 0)
}

// itemColumn finds the column of an item: four more than that of the item it lies
// under in its own list, else where it stands on the page.
func (d *docx) itemColumn(a *abstractList, at, left, label int) int {
	column := min(left/twipsOf, maxColumn)
	under := -1
	for i, open := range d.listed {
		if open.list == a && open.at < at {
			under = i
		}
	}
	switch {
	case under >= 0:
		column = d.listed[under].column + 4
	default:
		for i, open := range d.listed {
			if open.list != a && open.left+2*sameColumn <= left {
				under = i
				column = open.column + 4
			} else if open.list != a && open.left <= left+sameColumn {
				under = i
				column = open.column
			}
		}
	}
	column = min(column, maxColumn)
	d.listed = append(d.listed[:under+1], listed{list: a, at: at, left: left, column: column, body: column + label})
	return column
}

// proseColumn finds the column of a paragraph without a number: that of the text
// of the last item that stands no further right.
func (d *docx) proseColumn(left int, text string) int {
	for i := len(d.listed) - 1; i >= 0; i-- {
		open := d.listed[i]
		if open.left > left+sameColumn {
			continue
		}
		if typedLabel(text) && left < open.left+2*sameColumn {
			return open.column // numbered by hand: it may be the next of its kind
		}
		return open.body
	}
	return min(left/twipsOf, maxColumn)
}

// typedLabel reports whether a paragraph begins with a number that somebody typed.
func typedLabel(text string) bool {
	head, _, ok := strings.Cut(strings.TrimLeft(text, "*("), " ")
	head = strings.TrimRight(head, "*")
	return ok && len(head) > 1 && len(head) < 9 && strings.ContainsAny(head[len(head)-1:], ".)0123456789") &&
		strings.Trim(head, "0123456789.)abcdefghijklmnopqrstuvwxyz") == ""
}

// closed gives a label an end where it has none, which tells it from a number
// that begins a sentence.
func closed(label string) string {
	if label == "" {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(label)
	if strings.Contains(label, ".") && !strings.Contains(label, " ") || !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return label
	}
	return label + "."
}

// render writes the document's text.
func (d *docx) render() string {
	d.levels()
	var b strings.Builder
	b.Grow(d.size + d.size/8)
	section := ""
	for i, block := range d.blocks {
		if i > 0 && !(block.row && d.blocks[i-1].row) {
			b.WriteByte('\n')
		}
		if block.extra != section {
			section = block.extra
			b.WriteString("## " + section + "\n\n")
		}
		block.write(&b)
	}
	return b.String()
}

// levels puts headings below the document's title, where it has one of its own.
func (d *docx) levels() {
	own, first := false, true
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.title && !own && b.level == 0 {
			own = true
			b.level = 1
			continue
		}
		if b.level == 1 && b.label == "" && first && !own {
			return // the first words of the document are its title, written as a heading
		}
		first = false
		if b.level > 0 {
			b.level = min(b.level+1, 6)
		}
	}
}

func (b block) write(out *strings.Builder) {
	indent := strings.Repeat(" ", b.column)
	lead := indent
	switch {
	case b.level > 0:
		lead = strings.Repeat("#", b.level) + " "
	case b.bullet:
		lead += "- "
	}
	if b.label != "" {
		lead += b.label + " "
	}
	text := strings.TrimSpace(b.text)
	if b.level > 0 {
		text = strings.Join(strings.Fields(text), " ")
	}
	if b.label == "" && strings.HasPrefix(text, "#") {
		lead += `\`
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			lead = strings.Repeat(" ", len(indent))
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				lead += `\`
			}
		}
		out.WriteString(strings.TrimRight(lead+strings.TrimSpace(line), " "))
		out.WriteByte('\n')
	}
}

// markdown writes spans. Bold and underlined words are marked, since titles and
// defined terms are told by it; what was struck out and what is hidden says so.
func markdown(spans []span) string {
	var b strings.Builder
	for i, s := range spans {
		text := strings.ReplaceAll(s.text, "\t", " ")
		body := strings.TrimSpace(text)
		if body == "" {
			b.WriteString(text)
			continue
		}
		at := strings.Index(text, body)
		before, after := text[:at], text[at+len(body):]
		body = escape(body)
		open, shut := "", ""
		if s.strong && strings.ContainsFunc(body, wordRune) && !(betweenDigits(spans, i) && before+after == "") {
			open, shut = "**", "**"
		}
		if s.struck {
			open, shut = "~~"+open, shut+"~~"
		}
		if s.hidden {
			open, shut = "[hidden: "+open, shut+"]"
		}
		b.WriteString(before + open + body + shut + after)
	}
	return b.String()
}

// betweenDigits reports whether marks around a span would stand between digits,
// where they count as written.
func betweenDigits(spans []span, i int) bool {
	before := i > 0 && strings.TrimRight(spans[i-1].text, "0123456789") != spans[i-1].text
	after := i+1 < len(spans) && strings.TrimLeft(spans[i+1].text, "0123456789") != spans[i+1].text
	return before || after
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// escape keeps the document's own characters from being read as marks.
func escape(text string) string {
	if !strings.ContainsAny(text, "\\*_<&") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 8)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '\\', '*':
			b.WriteByte('\\')
		case '<':
			if i+1 < len(text) && (text[i+1] == '/' || unicode.IsLetter(rune(text[i+1]))) {
				b.WriteByte('\\')
			}
		case '&':
			const longest = 34 // of HTML's names
			head := text[i:min(len(text), i+longest)]
			if end := strings.IndexByte(head, ';'); end > 1 && !strings.ContainsAny(head[1:end], " &") && html.UnescapeString(head[:end+1]) != head[:end+1] {
				b.WriteByte('\\')
			}
		case '_':
			run := len(text[i:]) - len(strings.TrimLeft(text[i:], "_"))
			if run <= 3 {
				b.WriteString(strings.Repeat(`\_`, run))
			} else {
				b.WriteString(text[i : i+run]) // a line to sign on
			}
			i += run - 1
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
