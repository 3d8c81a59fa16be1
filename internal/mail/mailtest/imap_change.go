package mailtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// flags reads a list of them, without doubles. \Recent is the server's.
func flags(w word) ([]string, error) {
	var all []string
	list := w.list
	if w.kind == 'a' {
		list = []word{w}
	}
	for _, f := range list {
		if strings.HasPrefix(f.text, `\`) && !slices.ContainsFunc(strings.Fields(known), func(k string) bool { return strings.EqualFold(k, f.text) }) || f.kind != 'a' {
			return nil, bad("a flag that is none")
		}
		if !slices.ContainsFunc(all, func(a string) bool { return strings.EqualFold(a, f.text) }) {
			all = append(all, f.text)
		}
	}
	return all, nil
}

func (c *imapConn) store(o order) error {
	all, err := c.pick(o)
	if err != nil {
		return err
	}
	if len(o.args) < 3 {
		return bad("STORE of nothing")
	}
	how := strings.ToUpper(o.args[1].text)
	item, silent := strings.CutSuffix(how, ".SILENT")
	given := o.args[2]
	if len(o.args) > 3 { // flags without parentheses
		given = word{kind: '(', list: o.args[2:]}
	}
	changed, err := flags(given)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"FLAGS", "+FLAGS", "-FLAGS"}, item) {
		return bad("STORE of something other than flags")
	}
	if c.readOnly {
		return no("[READ-ONLY] the folder is open to look at")
	}
	for _, p := range all {
		c.s.mu.Lock()
		m, now := c.open.at(p.uid), changed
		if m != nil {
			in := func(f string) bool {
				return slices.ContainsFunc(changed, func(g string) bool { return strings.EqualFold(f, g) })
			}
			if item != "FLAGS" {
				now = slices.DeleteFunc(slices.Clone(m.flags), in)
			}
			if item == "+FLAGS" {
				now = append(now, changed...)
			}
			c.s.flag(c.open, m, now, c)
		}
		c.s.mu.Unlock()
		switch {
		case m == nil || silent:
		case o.uid:
			c.say("* %d FETCH (UID %d FLAGS (%s))", p.seq, p.uid, strings.Join(now, " "))
		default:
			c.say("* %d FETCH (FLAGS (%s))", p.seq, strings.Join(now, " "))
		}
	}
	return nil
}

// copy is MOVE too (RFC 6851).
func (c *imapConn) copy(o order) error {
	if err := o.wants(2); err != nil {
		return err
	}
	all, err := c.pick(o)
	if err != nil {
		return err
	}
	name, err := o.text(1)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	to := c.s.folderNamed(name)
	switch {
	case to == nil:
		return no("[TRYCREATE] there is no such folder")
	case o.name == "MOVE" && c.readOnly:
		return no("[READ-ONLY] the folder is open to look at")
	case len(all) == 0:
		return done("there was nothing to do")
	}
	var sources, targets []string
	for _, p := range all {
		m := c.s.add(to, message{mail: p.mail, head: p.head, at: p.at, flags: p.flags})
		sources, targets = append(sources, fmt.Sprint(p.uid)), append(targets, fmt.Sprint(m.uid))
	}
	code := fmt.Sprintf("[COPYUID %d %s %s]", to.validity, strings.Join(sources, ","), strings.Join(targets, ","))
	if c.lacks("UIDPLUS") {
		code = ""
	}
	if o.name == "COPY" {
		return done("%s copied", code)
	}
	c.say("* OK %s moved", code)
	c.s.remove(c.open, func(m *message) bool { return slices.ContainsFunc(all, func(p picked) bool { return p.uid == m.uid }) })
	return nil
}

func (c *imapConn) expunge(o order) error {
	wanted := set{{0, ^uint32(0)}}
	if o.uid {
		if err := o.wants(1); err != nil {
			return err
		}
		last := uint32(0)
		if len(c.view) > 0 {
			last = c.view[len(c.view)-1]
		}
		var err error
		if wanted, err = numbers(o.args[0].text, last); err != nil {
			return err
		}
	} else if err := o.wants(0); err != nil {
		return err
	}
	if c.readOnly {
		return no("[READ-ONLY] the folder is open to look at")
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.remove(c.open, func(m *message) bool { return m.has(`\Deleted`) && wanted.has(m.uid) })
	return nil
}

// append files a mail.
func (c *imapConn) append(o order) error {
	if len(o.args) < 2 || len(o.args) > 4 {
		return bad("APPEND of nothing")
	}
	name, err := o.text(0)
	if err != nil {
		return err
	}
	at, given, more := time.Now(), []string(nil), o.args[1:len(o.args)-1]
	if len(more) > 0 && more[0].kind == '(' {
		if given, err = flags(more[0]); err != nil {
			return err
		}
		more = more[1:]
	}
	if len(more) > 0 {
		if at, err = time.Parse("_2-Jan-2006 15:04:05 -0700", more[0].text); err != nil {
			return bad("a date that is none")
		}
	}
	raw := o.args[len(o.args)-1]
	if raw.kind != 's' || raw.text == "" {
		return bad("APPEND of no mail")
	}
	m, _, _ := open([]byte(raw.text)) // what can't be read is left out
	m.At = at
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	f := c.s.folderNamed(name)
	if f == nil {
		return no("[TRYCREATE] there is no such folder")
	}
	if m, err = c.s.store(m); err != nil {
		return no("[SERVERBUG] it can't be filed")
	}
	filed := c.s.add(f, message{mail: m, at: at, flags: given})
	if c.lacks("UIDPLUS") {
		return nil
	}
	return done("[APPENDUID %d %d] filed", f.validity, filed.uid)
}
