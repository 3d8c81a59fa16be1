package mailtest

import (
	"bytes"
	"fmt"
	"net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// search finds messages (RFC 3501 section 6.4.4).
func (c *imapConn) search(o order) error {
	words := o.args
	if len(words) >= 2 && strings.EqualFold(words[0].text, "CHARSET") {
		if charset := strings.ToUpper(words[1].text); charset != "UTF-8" && charset != "US-ASCII" {
			return no("[BADCHARSET (UTF-8)] not this one")
		}
		words = words[2:]
	}
	if len(words) == 0 {
		return bad("SEARCH for nothing")
	}
	s := search{c: c, rest: words}
	var keys []func(picked) bool
	for len(s.rest) > 0 {
		key, err := s.key()
		if err != nil {
			return err
		}
		keys = append(keys, key)
	}
	everything := order{uid: o.uid, args: []word{{kind: 'a', text: "1:*"}}}
	all, err := c.pick(everything)
	if err != nil && len(c.view) > 0 {
		return err
	}
	var b strings.Builder
	for _, p := range all {
		if !every(keys, p) {
			continue
		}
		if n := p.seq; o.uid {
			fmt.Fprintf(&b, " %d", p.uid)
		} else {
			fmt.Fprintf(&b, " %d", n)
		}
	}
	c.say("* SEARCH%s", b.String())
	return nil
}

func every(keys []func(picked) bool, p picked) bool {
	for _, k := range keys {
		if !k(p) {
			return false
		}
	}
	return true
}

// search reads the keys.
type search struct {
	c    *imapConn
	rest []word
}

func (s *search) next() (string, error) {
	if len(s.rest) == 0 || s.rest[0].kind == '(' {
		return "", bad("a search key without what it is about")
	}
	text := s.rest[0].text
	s.rest = s.rest[1:]
	return text, nil
}

// key reads one.
func (s *search) key() (func(picked) bool, error) {
	if s.rest[0].kind == '(' {
		inner := search{c: s.c, rest: s.rest[0].list}
		s.rest = s.rest[1:]
		var keys []func(picked) bool
		for len(inner.rest) > 0 {
			k, err := inner.key()
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
		return func(p picked) bool { return every(keys, p) }, nil
	}
	name, err := s.next()
	if err != nil {
		return nil, err
	}
	name = strings.ToUpper(name)
	if k, found := flagKey(name); found {
		return k, nil
	}
	switch name {
	case "NOT", "OR":
		return s.logic(name)
	case "HEADER", "SUBJECT", "FROM", "TO", "CC", "TEXT", "BODY":
		return s.textKey(name)
	case "KEYWORD", "UNKEYWORD":
		word, err := s.next()
		return func(p picked) bool { return p.has(word) == (name == "KEYWORD") }, err
	case "LARGER", "SMALLER":
		text, err := s.next()
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, bad("a size that is none")
		}
		return func(p picked) bool { return p.size() != n && p.size() > n == (name == "LARGER") }, nil
	case "SINCE", "BEFORE", "ON":
		return s.dateKey(name)
	}
	return s.setKey(name)
}

func flagKey(name string) (func(picked) bool, bool) {
	if name == "ALL" {
		return func(picked) bool { return true }, true
	}
	bare, not := strings.CutPrefix(name, "UN")
	for _, f := range strings.Fields(known) {
		if bare == strings.ToUpper(f[1:]) {
			return func(p picked) bool { return p.has(f) != not }, true
		}
	}
	return nil, false
}

func (s *search) logic(name string) (func(picked) bool, error) {
	if len(s.rest) == 0 {
		return nil, bad("a search key that is missing")
	}
	a, err := s.key()
	if err != nil || name == "NOT" {
		return func(p picked) bool { return !a(p) }, err
	}
	if len(s.rest) == 0 {
		return nil, bad("a search key that is missing")
	}
	b, err := s.key()
	return func(p picked) bool { return a(p) || b(p) }, err
}

func (s *search) textKey(name string) (func(picked) bool, error) {
	field := name
	if name == "HEADER" {
		var err error
		if field, err = s.next(); err != nil {
			return nil, err
		}
	}
	text, err := s.next()
	text = strings.ToLower(text)
	return func(p picked) bool {
		raw := p.bytes()
		if name == "TEXT" {
			return strings.Contains(strings.ToLower(string(raw)), text)
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			return false
		}
		if name == "BODY" {
			_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
			return strings.Contains(strings.ToLower(string(body)), text)
		}
		value, there := m.Header[textproto.CanonicalMIMEHeaderKey(field)]
		return there && strings.Contains(strings.ToLower(strings.Join(value, "\n")), text)
	}, err
}

func (s *search) dateKey(name string) (func(picked) bool, error) {
	text, err := s.next()
	if err != nil {
		return nil, err
	}
	day, err := time.Parse("_2-Jan-2006", text)
	if err != nil {
		return nil, bad("a date that is none")
	}
	return func(p picked) bool {
		y, m, d := p.at.Date()
		switch of := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); name {
		case "SINCE":
			return !of.Before(day)
		case "BEFORE":
			return of.Before(day)
		default:
			return of.Equal(day)
		}
	}, nil
}

// setKey is a set of sequence numbers, or of UIDs.
func (s *search) setKey(name string) (func(picked) bool, error) {
	last, text, uid := uint32(len(s.c.view)), name, name == "UID"
	if uid {
		if len(s.c.view) > 0 {
			last = s.c.view[last-1]
		}
		var err error
		if text, err = s.next(); err != nil {
			return nil, err
		}
	} else if text[0] != '*' && (text[0] < '0' || text[0] > '9') {
		return nil, bad("a search key that is not offered")
	}
	wanted, err := numbers(text, last)
	return func(p picked) bool {
		if uid {
			return wanted.has(p.uid)
		}
		return wanted.has(uint32(p.seq))
	}, err
}
