package mailtest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// picked is a message that a command is about.
type picked struct {
	seq int
	message
}

// pick finds those of a set, by UID or sequence number. A message that went and of
// which the client has not been told is left out.
func (c *imapConn) pick(o order) ([]picked, error) {
	text, err := o.text(0)
	if err != nil {
		return nil, err
	}
	last := uint32(len(c.view))
	if o.uid && last > 0 {
		last = c.view[last-1]
	}
	wanted, err := numbers(text, last)
	if err != nil {
		return nil, err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.open.validity != c.validity {
		return nil, nil // it is told so in a moment
	}
	for _, r := range wanted {
		if !o.uid && r[1] > last {
			return nil, bad("a sequence number that there is not")
		}
	}
	var all []picked
	for i, uid := range c.view {
		n := uint32(i + 1)
		if o.uid {
			n = uid
		}
		if m := c.open.at(uid); m != nil && wanted.has(n) {
			all = append(all, picked{i + 1, *m})
		}
	}
	return all, nil
}

// part is a BODY[…] that is wanted.
type part struct {
	name     string // as it is answered
	section  string // upper case, "" for all
	fields   []string
	from, to int // of the bytes; to below 0: all
	peek     bool
}

func (c *imapConn) fetch(o order) error {
	if err := o.wants(2); err != nil {
		return err
	}
	all, err := c.pick(o)
	if err != nil {
		return err
	}
	wanted := o.args[1].list
	if o.args[1].kind == 'a' {
		wanted = o.args[1:2]
	}
	var simple []string
	var parts []part
	for _, w := range wanted {
		name := strings.ToUpper(w.text)
		p, isPart, err := parsePart(w.text)
		switch {
		case err != nil:
			return err
		case isPart:
			parts = append(parts, p)
		case w.kind == 'a' && slices.Contains([]string{"UID", "FLAGS", "RFC822.SIZE", "INTERNALDATE"}, name):
			simple = append(simple, name)
		case slices.Contains([]string{"ALL", "FAST", "FULL", "ENVELOPE", "BODY", "BODYSTRUCTURE"}, name):
			return no("[CANNOT] envelopes and structures are not told here")
		default:
			return bad("FETCH of something that there is not")
		}
	}
	if len(simple)+len(parts) == 0 {
		return bad("FETCH of nothing")
	}
	if o.uid && !slices.Contains(simple, "UID") {
		simple = append(simple, "UID") // RFC 3501 section 6.4.8
	}
	for _, p := range all {
		if err := c.tellOne(p, simple, parts); err != nil {
			return err
		}
	}
	return nil
}

// tellOne writes what is wanted of a message.
func (c *imapConn) tellOne(p picked, simple []string, parts []part) error {
	if slices.ContainsFunc(parts, func(part part) bool { return !part.peek }) {
		c.s.complain("IMAP: a mail was marked as seen by fetching it without PEEK")
		c.s.mu.Lock()
		if m := c.open.at(p.uid); m != nil && !m.has(`\Seen`) && !c.readOnly {
			c.s.flag(c.open, m, append(slices.Clone(m.flags), `\Seen`), nil)
		}
		c.s.mu.Unlock()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "* %d FETCH (", p.seq)
	for i, name := range simple {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch name {
		case "UID":
			fmt.Fprintf(&b, "UID %d", p.uid)
		case "FLAGS":
			fmt.Fprintf(&b, "FLAGS (%s)", strings.Join(p.flags, " "))
		case "RFC822.SIZE":
			fmt.Fprintf(&b, "RFC822.SIZE %d", p.size())
		case "INTERNALDATE":
			fmt.Fprintf(&b, `INTERNALDATE "%s"`, p.at.Format("_2-Jan-2006 15:04:05 -0700"))
		}
	}
	_, _ = c.w.WriteString(b.String())
	for i, part := range parts {
		if i+len(simple) > 0 {
			_ = c.w.WriteByte(' ')
		}
		text := part.cut(p.bytes())
		_, _ = fmt.Fprintf(c.w, "%s {%d}\r\n", part.name, len(text))
		if f, ordered := c.s.fault(MidLiteral, ""); ordered {
			_, _ = c.w.Write(text[:len(text)/2])
			if err := c.w.Flush(); err != nil {
				return err
			}
			if f.How == Reply {
				f.How = Cut
			}
			if err := c.fail(f); err != nil {
				return err
			}
			text = text[len(text)/2:]
		}
		_, _ = c.w.Write(text)
	}
	c.say(")")
	return c.w.Flush()
}

// parsePart reads BODY[section]<from.count> and what RFC822 stands for. The parts
// of a mail by number are not offered.
func parsePart(text string) (p part, found bool, err error) {
	p.to = -1
	upper := strings.ToUpper(text)
	switch upper {
	case "RFC822":
		p.name = upper
		return p, true, nil
	case "RFC822.HEADER":
		p.name, p.section, p.peek = upper, "HEADER", true
		return p, true, nil
	case "RFC822.TEXT":
		p.name, p.section = upper, "TEXT"
		return p, true, nil
	}
	rest, peek := strings.CutPrefix(upper, "BODY.PEEK[")
	if !peek {
		if rest, found = strings.CutPrefix(upper, "BODY["); !found {
			return p, false, nil
		}
	}
	section, span, found := strings.Cut(rest, "]")
	if !found {
		return p, false, bad("a section without an end")
	}
	p.peek, p.name = peek, "BODY["+section+"]"
	name, fields, _ := strings.Cut(section, " ")
	p.section = name
	listed := strings.HasPrefix(fields, "(") && strings.HasSuffix(fields, ")")
	p.fields = strings.Fields(strings.ReplaceAll(strings.Trim(fields, "()"), `"`, ""))
	switch name {
	case "", "HEADER", "TEXT":
		if fields != "" {
			return p, false, bad("fields of a section that has none")
		}
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		if !listed || len(p.fields) == 0 {
			return p, false, bad("no list of fields")
		}
	default:
		return p, false, no("[CANNOT] sections by number are not told here")
	}
	return p, true, p.span(span)
}

func (p *part) span(text string) error {
	if text == "" {
		return nil
	}
	from, count, found := strings.Cut(strings.Trim(text, "<>"), ".")
	start, err := strconv.ParseUint(from, 10, 31)
	length, again := strconv.ParseUint(count, 10, 31)
	if !found || err != nil || again != nil || length == 0 || !strings.HasPrefix(text, "<") || !strings.HasSuffix(text, ">") {
		return bad("a span that is none")
	}
	p.from, p.to = int(start), int(start)+int(length)
	p.name += "<" + from + ">"
	return nil
}

// cut takes the part out of a mail.
func (p part) cut(raw []byte) []byte {
	head, text, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if found {
		head = raw[:len(head)+4]
	}
	switch p.section {
	case "HEADER":
		raw = head
	case "TEXT":
		raw = text
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		raw = fieldsOf(head, p.fields, p.section == "HEADER.FIELDS")
	}
	if p.to < 0 {
		return raw
	}
	return raw[min(p.from, len(raw)):min(p.to, len(raw))]
}

// fieldsOf are those header fields that are named, or that are not.
func fieldsOf(head []byte, names []string, named bool) []byte {
	var kept []byte
	taken := false
	for line := range bytes.Lines(head) {
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := bytes.Cut(line, []byte(":"))
			taken = slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, string(name)) }) == named
		}
		if taken && len(bytes.TrimSpace(line)) > 0 {
			kept = append(kept, line...)
		}
	}
	return append(kept, "\r\n"...)
}
