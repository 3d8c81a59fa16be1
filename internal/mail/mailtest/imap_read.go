package mailtest

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// longestLine is one of a client's, in bytes, literals not counted (RFC 7162
// section 4 wants servers to take 8192).
const longestLine = 8192

// order is a command.
type order struct {
	tag, name string
	uid       bool // UID stood before it
	args      []word
}

// word is one argument: an atom, a string, or a list.
type word struct {
	kind byte // 'a', 's' (quoted or literal), '('
	text string
	list []word
}

// read reads a command. An error that is no answer means that the connection ended.
func (c *imapConn) read() (order, error) {
	raw, err := c.whole()
	p := &parser{rest: raw}
	o := order{tag: p.until(" "), name: "a command"}
	if err != nil {
		return o, err
	}
	if o.tag == "" || strings.ContainsAny(o.tag, "+(){%*\"\\") || !ascii([]byte(o.tag)) {
		return order{name: o.name}, bad("no tag")
	}
	if !p.skip(' ') {
		return o, bad("a line without a command")
	}
	o.name = strings.ToUpper(p.until(" "))
	if o.name == "UID" {
		if !p.skip(' ') {
			return o, bad("UID of nothing")
		}
		o.uid, o.name = true, strings.ToUpper(p.until(" "))
	}
	for len(p.rest) > 0 {
		if !p.skip(' ') {
			return o, bad("arguments that no space parts")
		}
		w, err := p.word(0)
		if err != nil {
			return o, err
		}
		o.args = append(o.args, w)
	}
	return o, nil
}

// whole reads the lines of a command with the literals within, without the last
// CR LF.
func (c *imapConn) whole() ([]byte, error) {
	var raw []byte
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil && len(line) == longestLine {
			c.leaving = true
			return raw, bad("a line that is too long")
		}
		if err != nil {
			return raw, err
		}
		text, crlf := bytes.CutSuffix(line, []byte("\r\n"))
		if raw = append(raw, text...); !crlf {
			return raw, bad("a line that does not end in CR LF")
		}
		size, waits, found := literal(text)
		if !found {
			return raw, nil
		}
		raw = append(raw, "\r\n"...)
		if err := c.takes(size, waits); err != nil {
			return raw, err
		}
		start := len(raw)
		raw = append(raw, make([]byte, size)...)
		if _, err := io.ReadFull(c.r, raw[start:]); err != nil {
			return raw[:start], err
		}
	}
}

// takes says whether a literal is taken, and lets its sender go on who waits for it.
func (c *imapConn) takes(size int, waits bool) error {
	switch {
	case !waits && c.lacks("LITERAL+"):
		c.leaving = true // what follows can't be told from commands
		return bad("a literal that did not wait")
	case size > c.s.o.Largest || !c.signed && size > longestLine:
		c.leaving = !waits
		return no("[TOOBIG] this is too large")
	case waits:
		c.say("+ go on")
		return c.w.Flush()
	}
	return nil
}

// literal reads the {size} or {size+} that ends a line (RFC 7888).
func literal(line []byte) (size int, waits, found bool) {
	i := bytes.LastIndexByte(line, '{')
	if i < 0 || !bytes.HasSuffix(line, []byte("}")) {
		return 0, false, false
	}
	digits, unasked := strings.CutSuffix(string(line[i+1:len(line)-1]), "+")
	size, err := strconv.Atoi(digits)
	return size, !unasked, err == nil && size >= 0 && digits[0] >= '0' && digits[0] <= '9'
}

// parser reads words.
type parser struct{ rest []byte }

func (p *parser) skip(b byte) bool {
	if len(p.rest) == 0 || p.rest[0] != b {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// until takes what stands before one of some bytes.
func (p *parser) until(ends string) string {
	i := bytes.IndexAny(p.rest, ends)
	if i < 0 {
		i = len(p.rest)
	}
	taken := string(p.rest[:i])
	p.rest = p.rest[i:]
	return taken
}

// word reads one. Lists are as deep as commands need them.
func (p *parser) word(depth int) (word, error) {
	switch {
	case len(p.rest) == 0 || depth > deepest:
		return word{}, bad("an argument that is missing")
	case p.rest[0] == '(':
		return p.list(depth)
	case p.rest[0] == '"':
		return p.quoted()
	case p.rest[0] == '{':
		size, _, found := literal(append([]byte{}, p.until("\r")...))
		if !found || len(p.rest) < size+2 {
			return word{}, bad("a literal that is none")
		}
		w := word{kind: 's', text: string(p.rest[2 : 2+size])}
		p.rest = p.rest[2+size:]
		return w, nil
	}
	return p.atom()
}

func (p *parser) list(depth int) (word, error) {
	l := word{kind: '('}
	p.skip('(')
	for !p.skip(')') {
		if len(l.list) > 0 && !p.skip(' ') {
			return word{}, bad("a list that no space parts")
		}
		w, err := p.word(depth + 1)
		if err != nil {
			return word{}, err
		}
		l.list = append(l.list, w)
	}
	return l, nil
}

func (p *parser) quoted() (word, error) {
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '"':
			p.rest = p.rest[i+1:]
			return word{kind: 's', text: b.String()}, nil
		case c == '\\' && i+1 < len(p.rest) && (p.rest[i+1] == '"' || p.rest[i+1] == '\\'):
			i++
			b.WriteByte(p.rest[i])
		case c == '\\' || c == '\r' || c == '\n' || c == 0 || c > 126:
			return word{}, bad("a quoted string that holds what it must not")
		default:
			b.WriteByte(c)
		}
	}
	return word{}, bad("a quoted string without an end")
}

// atom reads one, with the brackets of a section and what stands in them (RFC 3501
// section 9, fetch-att).
func (p *parser) atom() (word, error) {
	text := p.until(" ()[\"{\r\n")
	if len(p.rest) > 0 && p.rest[0] == '[' {
		text += p.until("]")
		if !p.skip(']') {
			return word{}, bad("a bracket without an end")
		}
		text += "]" + p.until(" ()[\"{\r\n")
	}
	if text == "" || !ascii([]byte(text)) {
		return word{}, bad("an argument that is none")
	}
	return word{kind: 'a', text: text}, nil
}

// text is a word's, where it is an atom or a string.
func (o order) text(i int) (string, error) {
	if i >= len(o.args) || o.args[i].kind == '(' {
		return "", bad("an argument that is missing")
	}
	return o.args[i].text, nil
}

// wants says that a command has so many arguments.
func (o order) wants(n int) error {
	if len(o.args) != n {
		return bad("%d arguments instead of %d", len(o.args), n)
	}
	return nil
}

var errHungUp = errors.New("the client hung up")

// line reads a line that is no command: a client's turn within one.
func (c *imapConn) line() (string, error) {
	if err := c.w.Flush(); err != nil {
		return "", err
	}
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return "", errHungUp
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// set is a set of numbers, * being the highest that there is.
type set [][2]uint32

// numbers reads a set. `n:*` holds the last one always (RFC 3501 section 6.4.8).
func numbers(text string, last uint32) (set, error) {
	var all set
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(part, ":")
		if !ranged {
			to = from
		}
		var ends [2]uint32
		for i, end := range []string{from, to} {
			n, err := strconv.ParseUint(end, 10, 32)
			switch {
			case end == "*":
				ends[i] = last
			case err != nil || n == 0:
				return nil, bad("a set of numbers that is none")
			default:
				ends[i] = uint32(n)
			}
		}
		all = append(all, [2]uint32{min(ends[0], ends[1]), max(ends[0], ends[1])})
	}
	return all, nil
}

func (s set) has(n uint32) bool {
	for _, r := range s {
		if r[0] <= n && n <= r[1] {
			return true
		}
	}
	return false
}
