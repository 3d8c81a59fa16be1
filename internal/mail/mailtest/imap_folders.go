package mailtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// known are the flags that folders keep; keywords besides.
const known = `\Answered \Flagged \Deleted \Seen \Draft`

// selectFolder is EXAMINE too.
func (c *imapConn) selectFolder(o order) error {
	if err := o.wants(1); err != nil {
		return err
	}
	name, err := o.text(0)
	if err != nil {
		return err
	}
	c.open = nil
	c.s.mu.Lock()
	f := c.s.folderNamed(name)
	if f == nil {
		c.s.mu.Unlock()
		return no("[NONEXISTENT] there is no such folder")
	}
	c.open, c.readOnly, c.validity, c.next, c.seen = f, o.name == "EXAMINE", f.validity, f.next, c.s.tick
	c.view = nil
	recent, unseen := 0, 0
	for i, m := range f.messages {
		c.view = append(c.view, m.uid)
		if m.uid >= f.fresh {
			recent++
		}
		if unseen == 0 && !m.has(`\Seen`) {
			unseen = i + 1
		}
	}
	if !c.readOnly {
		f.fresh = f.next
	}
	c.s.mu.Unlock()
	c.say("* FLAGS (%s)", known)
	c.say("* %d EXISTS", len(c.view))
	c.say("* %d RECENT", recent)
	if unseen > 0 {
		c.say("* OK [UNSEEN %d] the first", unseen)
	}
	c.say("* OK [UIDVALIDITY %d] is its age", c.validity)
	c.say("* OK [UIDNEXT %d] is next", c.next)
	if c.readOnly {
		c.say("* OK [PERMANENTFLAGS ()] none")
		return done("[READ-ONLY] to look at")
	}
	c.say(`* OK [PERMANENTFLAGS (%s \*)] all`, known)
	return done("[READ-WRITE] is open")
}

// closeFolder is UNSELECT too, which keeps what is marked \Deleted.
func (c *imapConn) closeFolder(o order) error {
	if o.name == "CLOSE" && !c.readOnly {
		c.s.mu.Lock()
		c.s.remove(c.open, func(m *message) bool { return m.has(`\Deleted`) })
		c.s.mu.Unlock()
	}
	c.open = nil
	return o.wants(0)
}

// name reads the one argument that names a folder.
func (c *imapConn) name(o order) (string, error) {
	if err := o.wants(1); err != nil {
		return "", err
	}
	name, err := o.text(0)
	if err == nil && (name == "" || !ascii([]byte(name)) || strings.ContainsAny(name, "*%&\r\n")) {
		return "", no("[CANNOT] no name for a folder here")
	}
	return strings.TrimSuffix(name, "/"), err
}

func (c *imapConn) create(o order) error {
	name, err := c.name(o)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.s.folderNamed(name) != nil {
		return no("[ALREADYEXISTS] it is there")
	}
	c.s.makeFolder(name)
	return nil
}

func (c *imapConn) delete(o order) error {
	name, err := c.name(o)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	f := c.s.folderNamed(name)
	switch {
	case f == nil:
		return no("[NONEXISTENT] there is no such folder")
	case f.name == inbox:
		return no("[CANNOT] INBOX stays")
	}
	c.s.dropFolder(f)
	return nil
}

func (c *imapConn) subscribe(o order) error {
	_, err := c.name(o)
	return err
}

// list is LSUB too: all folders are subscribed to.
func (c *imapConn) list(o order) error {
	if err := o.wants(2); err != nil {
		return err
	}
	reference, err := o.text(0)
	if err != nil {
		return err
	}
	pattern, err := o.text(1)
	if err != nil {
		return err
	}
	if pattern == "" { // asks for the delimiter
		c.say(`* %s (\Noselect) "/" ""`, o.name)
		return nil
	}
	expression := strings.NewReplacer(`\*`, `.*`, `%`, `[^/]*`).Replace(regexp.QuoteMeta(reference + pattern))
	like, err := regexp.Compile("^(?i:" + expression + ")$")
	if err != nil {
		return bad("a pattern that is none")
	}
	c.s.mu.Lock()
	var names []string
	for _, f := range c.s.folders {
		if like.MatchString(f.name) {
			names = append(names, f.name)
		}
	}
	c.s.mu.Unlock()
	for _, name := range names {
		c.say(`* %s (\HasNoChildren) "/" %s`, o.name, quote(name))
	}
	return nil
}

func quote(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

func (c *imapConn) status(o order) error {
	if err := o.wants(2); err != nil {
		return err
	}
	name, err := o.text(0)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	f := c.s.folderNamed(name)
	if f == nil {
		return no("[NONEXISTENT] there is no such folder")
	}
	var told []string
	for _, item := range o.args[1].list {
		n := uint32(0)
		switch strings.ToUpper(item.text) {
		case "MESSAGES":
			n = uint32(len(f.messages))
		case "UIDNEXT":
			n = f.next
		case "UIDVALIDITY":
			n = f.validity
		case "RECENT":
			n = f.next - f.fresh
		case "UNSEEN":
			for _, m := range f.messages {
				if !m.has(`\Seen`) {
					n++
				}
			}
		default:
			return bad("STATUS of something that is not offered")
		}
		told = append(told, fmt.Sprintf("%s %d", strings.ToUpper(item.text), n))
	}
	if len(told) == 0 {
		return bad("STATUS of nothing")
	}
	c.say("* STATUS %s (%s)", quote(f.name), strings.Join(told, " "))
	return nil
}

// news tells what happened in the open folder since the client was last told; that
// messages went only where gone is set.
func (c *imapConn) news(gone bool) {
	for _, line := range c.changes(gone) {
		c.say("%s", line)
	}
}

func (c *imapConn) changes(gone bool) []string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	f := c.open
	if f.validity != c.validity {
		c.leaving = true
		return []string{"* BYE the folder is another one now"}
	}
	var lines []string
	for i := 0; gone && i < len(c.view); {
		if f.at(c.view[i]) != nil {
			i++
			continue
		}
		lines = append(lines, fmt.Sprintf("* %d EXPUNGE", i+1))
		c.view = slices.Delete(c.view, i, i+1)
	}
	came := false
	for _, m := range f.messages {
		if m.uid >= c.next {
			c.view, came = append(c.view, m.uid), true
		}
	}
	if c.next = f.next; came {
		lines = append(lines, fmt.Sprintf("* %d EXISTS", len(c.view)))
		if !c.readOnly {
			f.fresh = f.next
		}
	}
	for i, uid := range c.view {
		if m := f.at(uid); m != nil && m.changed > c.seen && m.by != c {
			lines = append(lines, fmt.Sprintf("* %d FETCH (UID %d FLAGS (%s))", i+1, uid, strings.Join(m.flags, " ")))
		}
	}
	c.seen = c.s.tick
	return lines
}

// idle tells what happens as it happens (RFC 2177).
func (c *imapConn) idle(o order) error {
	var f How
	if len(o.args) == 1 && o.args[0].kind == 'f' {
		f = How(o.args[0].text)
	} else if err := o.wants(0); err != nil {
		return err
	}
	c.say("+ idling")
	if f == Silence {
		return c.fail(Fault{How: Silence})
	}
	if f == Stale && c.open != nil {
		c.say("* %d EXISTS", len(c.view))
	}
	type read struct {
		line string
		err  error
	}
	told := make(chan read, 1)
	if err := c.w.Flush(); err != nil {
		return err
	}
	go func() {
		line, err := c.r.ReadSlice('\n')
		told <- read{strings.TrimRight(string(line), "\r\n"), err}
	}()
	over := time.NewTimer(longestIdle)
	defer over.Stop()
	for {
		c.s.mu.Lock()
		stirred := c.s.stirred
		c.s.mu.Unlock()
		if c.open != nil {
			c.news(true)
		}
		if c.leaving {
			return c.w.Flush()
		}
		if err := c.w.Flush(); err != nil {
			return err
		}
		select {
		case <-stirred:
		case r := <-told:
			switch {
			case r.err != nil:
				return errHungUp
			case !strings.EqualFold(r.line, "DONE"):
				return bad("something other than DONE")
			}
			return nil
		case <-over.C:
			c.leaving = true
			c.say("* BYE idle for too long")
			return bad("29 minutes")
		}
	}
}
