package mailtest

import (
	"crypto/tls"
	"encoding/base64"
	"slices"
	"strings"
)

// act is what a command does, from which state on it is allowed.
type act struct {
	from int
	do   func(*imapConn, order) error
}

// States of a connection.
const (
	always = iota
	unsigned
	signedIn
	opened
)

// command finds an act by its name; those of UID apart.
func command(name string, uid bool) (act, bool) {
	acts := map[string]act{
		"CAPABILITY": {always, (*imapConn).tellCapability}, "NOOP": {always, (*imapConn).nothing}, "LOGOUT": {always, (*imapConn).logOut},
		"STARTTLS": {unsigned, (*imapConn).startTLS}, "LOGIN": {unsigned, (*imapConn).logIn}, "AUTHENTICATE": {unsigned, (*imapConn).authenticate},
		"SELECT": {signedIn, (*imapConn).selectFolder}, "EXAMINE": {signedIn, (*imapConn).selectFolder}, "CREATE": {signedIn, (*imapConn).create},
		"DELETE": {signedIn, (*imapConn).delete}, "LIST": {signedIn, (*imapConn).list}, "LSUB": {signedIn, (*imapConn).list},
		"SUBSCRIBE": {signedIn, (*imapConn).subscribe}, "STATUS": {signedIn, (*imapConn).status}, "APPEND": {signedIn, (*imapConn).append}, "IDLE": {signedIn, (*imapConn).idle},
		"CHECK": {opened, (*imapConn).nothing}, "CLOSE": {opened, (*imapConn).closeFolder}, "UNSELECT": {opened, (*imapConn).closeFolder},
	}
	several := map[string]act{"EXPUNGE": {opened, (*imapConn).expunge}, "SEARCH": {opened, (*imapConn).search}, "FETCH": {opened, (*imapConn).fetch},
		"STORE": {opened, (*imapConn).store}, "COPY": {opened, (*imapConn).copy}, "MOVE": {opened, (*imapConn).copy}}
	if a, found := several[name]; found {
		return a, true
	}
	a, found := acts[name]
	return a, found && !uid
}

// needs is the capability that a command comes with; empty: IMAP4rev1 has it.
func needs(o order) string {
	switch {
	case o.name == "IDLE", o.name == "MOVE", o.name == "UNSELECT":
		return o.name
	case o.name == "EXPUNGE" && o.uid:
		return "UIDPLUS"
	}
	return ""
}

// obey does what a command wants, in the state in which it is allowed, with the
// faults that were ordered.
func (c *imapConn) obey(o order) error {
	a, known := command(o.name, o.uid)
	if n := needs(o); !known || n != "" && c.lacks(n) {
		return bad("a command that is not offered")
	}
	switch {
	case a.from == unsigned && c.signed:
		return bad("signing in twice")
	case a.from >= signedIn && !c.signed:
		return bad("no sign-in before")
	case a.from == opened && c.open == nil:
		return bad("no folder open")
	}
	stage := Stage("imap " + strings.ToLower(o.name))
	if o.name == "AUTHENTICATE" {
		stage = AtLogin
	}
	f, ordered := c.s.fault(stage, "")
	if !ordered || stage == AtIdle && (f.How == Silence || f.How == Stale) {
		return c.settled(o, a.do(c, withFault(o, f)))
	}
	if !f.Keep {
		if err := c.fail(f); err != nil {
			return err
		}
	}
	err := a.do(c, o)
	if f.Keep {
		c.w.Reset(c.over) // nothing of it is told
		if err := c.fail(f); err != nil {
			return err
		}
	}
	return c.settled(o, err)
}

// withFault hands IDLE the fault that is its own.
func withFault(o order, f Fault) order {
	if o.name == "IDLE" && f.How != Reply {
		o.args = append(o.args, word{kind: 'f', text: string(f.How)})
	}
	return o
}

// settled tells what happened in the open folder meanwhile, before the command
// ends. That messages went is not told while sequence numbers are in use (RFC 3501
// section 7.4.1).
func (c *imapConn) settled(o order, err error) error {
	if c.open == nil || c.leaving {
		return err
	}
	inUse := !o.uid && slices.Contains([]string{"FETCH", "STORE", "SEARCH"}, o.name)
	c.news(!inUse)
	return err
}

func (c *imapConn) nothing(o order) error { return o.wants(0) }

func (c *imapConn) tellCapability(o order) error {
	c.say("* CAPABILITY %s", c.capabilities())
	return o.wants(0)
}

func (c *imapConn) logOut(o order) error {
	c.leaving = true
	c.say("* BYE until next time")
	return o.wants(0)
}

func (c *imapConn) startTLS(o order) error {
	if c.s.imap.config == nil || c.secure {
		return bad("STARTTLS that is not offered")
	}
	c.say("%s OK begin", o.tag)
	if err := c.w.Flush(); err != nil {
		return err
	}
	if c.r.Buffered() > 0 { // they would be taken for what came secured
		c.leaving = true
		return bad("commands sent along with STARTTLS")
	}
	conn := tls.Server(c.conn, c.s.imap.config)
	if err := conn.Handshake(); err != nil {
		return err
	}
	c.speakOver(conn)
	c.secure = true
	return answered{} // the OK has been said
}

func (c *imapConn) logIn(o order) error {
	if err := o.wants(2); err != nil {
		return err
	}
	user, err := o.text(0)
	if err != nil {
		return err
	}
	password, err := o.text(1)
	if err != nil {
		return err
	}
	if c.s.imap.config != nil && !c.secure {
		return bad("a password in the clear")
	}
	return c.signIn(c.isUser(user) && password == c.s.o.Password)
}

func (c *imapConn) isUser(user string) bool { return strings.EqualFold(user, c.s.o.Inbox) }

func (c *imapConn) signIn(allowed bool) error {
	if !allowed {
		return no("[AUTHENTICATIONFAILED] that is not right")
	}
	c.signed = true
	return done("[CAPABILITY %s] welcome", c.capabilities())
}

// authenticate signs in by SASL, with the first response along (RFC 4959) or not.
func (c *imapConn) authenticate(o order) error {
	mechanism, err := o.text(0)
	if err != nil {
		return err
	}
	mechanism = strings.ToUpper(mechanism)
	if !slices.Contains(strings.Fields(c.capabilities()), "AUTH="+mechanism) {
		return no("[CANNOT] this way to sign in is not offered")
	}
	var response []byte
	switch {
	case len(o.args) == 2 && c.lacks("SASL-IR"):
		return bad("a first response that is not offered")
	case len(o.args) == 2:
		response, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(o.args[1].text, "="))
	case len(o.args) == 1:
		response, err = c.challenge(nil)
	default:
		return bad("too many arguments")
	}
	if err != nil {
		return saslFault(err)
	}
	if mechanism == plain {
		user, password, ok := parsePlain(response)
		return c.signIn(ok && c.isUser(user) && password == c.s.o.Password)
	}
	b := &bearer{mechanism: mechanism, signIn: func(user, token string) bool { return c.isUser(user) && c.s.isToken(token) }}
	if challenge, over, _ := b.Next(response); !over {
		if _, err := c.challenge(challenge); err != nil { // the client takes note, and then it is told no
			return saslFault(err)
		}
		return c.signIn(false)
	}
	return c.signIn(true)
}

// saslFault says which errors end the command, which the connection.
func saslFault(err error) error {
	if err == errHungUp {
		return err
	}
	return bad("base64 that is none")
}

func (c *imapConn) challenge(what []byte) ([]byte, error) {
	c.say("+ %s", encode(what))
	line, err := c.line()
	if err != nil {
		return nil, errHungUp
	}
	return base64.StdEncoding.DecodeString(line)
}
