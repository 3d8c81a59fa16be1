package mailtest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// imapDoor is where IMAP is spoken (RFC 3501, with SASL-IR, LITERAL+, IDLE, MOVE,
// UIDPLUS and UNSELECT).
type imapDoor struct {
	listener net.Listener
	config   *tls.Config // nil: no TLS
	conns    map[*imapConn]bool
	opened   int
	closed   bool
	running  sync.WaitGroup
}

func (s *Server) openIMAP(config *tls.Config) error {
	if s.o.IMAP == "" {
		s.o.IMAP = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", s.o.IMAP)
	if err != nil {
		return fmt.Errorf("listening for IMAP: %w", err)
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return errors.Join(fmt.Errorf("listening for IMAP at %s: a test's mail server stays on loopback", s.o.IMAP), l.Close())
	}
	if s.folderNamed(inbox) == nil {
		s.makeFolder(inbox)
	}
	s.imap = imapDoor{listener: l, config: config, conns: map[*imapConn]bool{}}
	s.imap.running.Add(1)
	go func() {
		defer s.imap.running.Done()
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			s.letIn(conn)
		}
	}()
	return nil
}

func (s *Server) letIn(conn net.Conn) {
	f, ordered := s.fault(AtGreeting, "")
	if ordered && f.How != Slow && f.How != Silence {
		if f.How == Reply {
			_, _ = io.WriteString(conn, "* BYE refused to order\r\n") // the client may have gone
		}
		_ = conn.Close()
		return
	}
	c := &imapConn{s: s, conn: conn}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.imap.closed {
		_ = conn.Close()
		return
	}
	s.imap.opened++
	s.imap.conns[c] = true
	s.imap.running.Add(1)
	go func() {
		defer s.imap.running.Done()
		if !ordered || c.fail(f) == nil {
			c.serve()
		}
		_ = c.end() // it may have ended already
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.imap.conns, c)
	}()
}

func (s *Server) closeIMAP() error {
	if s.imap.listener == nil {
		return nil
	}
	s.mu.Lock()
	s.imap.closed = true
	s.mu.Unlock()
	err := s.imap.listener.Close()
	s.Kick()
	s.imap.running.Wait()
	return err
}

// IMAPPort is the one that IMAP listens at; 0: it isn't spoken.
func (s *Server) IMAPPort() int {
	if s.imap.listener == nil {
		return 0
	}
	return s.imap.listener.Addr().(*net.TCPAddr).Port
}

// IMAPSessions counts the IMAP connections so far, and those that are open.
func (s *Server) IMAPSessions() (ever, open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.imap.opened, len(s.imap.conns)
}

// Kick ends all IMAP connections at once, as a server that restarts does.
func (s *Server) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.imap.conns {
		_ = c.end() // it may have ended already
	}
}

// Lack takes capabilities away, such as IDLE, MOVE, UIDPLUS, LITERAL+, SASL-IR or
// AUTH=PLAIN, for the sessions that begin from now on. None: nothing lacks.
func (s *Server) Lack(capabilities ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lacking = slices.Clone(capabilities)
}

// imapConn is one connection. One goroutine reads and answers; while it is idle
// another one tells what happens.
type imapConn struct {
	s       *Server
	conn    net.Conn // beneath TLS
	over    net.Conn // what is spoken over
	r       *bufio.Reader
	w       *bufio.Writer
	ending  sync.Once
	lacking []string

	secure, signed, leaving bool

	open     *folder // nil: none
	readOnly bool
	validity uint32
	view     []uint32 // UIDs by sequence number, as the client was told
	next     uint32   // the first UID that it was not told of
	seen     uint64   // tick of the flags that it was told
}

// longestIdle is how long one may stay idle (RFC 2177).
const longestIdle = 29 * time.Minute

func (c *imapConn) end() error {
	var err error
	c.ending.Do(func() { err = c.conn.Close() })
	return err
}

func (c *imapConn) serve() {
	c.s.mu.Lock()
	c.lacking = c.s.lacking
	c.s.mu.Unlock()
	c.speakOver(c.conn)
	if c.s.imap.config != nil && c.s.o.Implicit {
		c.speakOver(tls.Server(c.conn, c.s.imap.config))
		c.secure = true
	}
	c.say("* OK [CAPABILITY %s] mail.test speaks IMAP", c.capabilities())
	for !c.leaving && c.w.Flush() == nil {
		o, err := c.read()
		if err == nil {
			err = c.obey(o)
		}
		if c.answer(o, err) != nil {
			return
		}
	}
	_ = c.w.Flush() // the client may have gone
}

func (c *imapConn) speakOver(conn net.Conn) {
	c.over, c.r, c.w = conn, bufio.NewReaderSize(conn, longestLine), bufio.NewWriter(conn)
}

// say writes a line. Whether it gets there shows at the next flush.
func (c *imapConn) say(format string, args ...any) {
	_, _ = fmt.Fprintf(c.w, format+"\r\n", args...)
}

// answered is how a command ends other than by a plain OK.
type answered struct{ status, text string }

// Error is what the client is told.
func (a answered) Error() string { return a.status + " " + a.text }

// done is a good end with a response code; no and bad are the others.
func done(format string, args ...any) error { return answered{"OK", fmt.Sprintf(format, args...)} }
func no(format string, args ...any) error   { return answered{"NO", fmt.Sprintf(format, args...)} }
func bad(format string, args ...any) error  { return answered{"BAD", fmt.Sprintf(format, args...)} }

// answer ends a command; its error is that the connection is over. What the
// protocol forbids is complained of.
func (c *imapConn) answer(o order, err error) error {
	a := answered{"OK", o.name + " is done"}
	if err != nil && !errors.As(err, &a) {
		return err
	}
	if a.status == "" {
		return nil // it has been answered
	}
	if a.status == "BAD" {
		c.s.complain("IMAP: " + a.text + " in " + o.name)
	}
	tag := o.tag
	if tag == "" {
		tag = "*"
	}
	c.say("%s %s %s", tag, a.status, a.text)
	return nil
}

func (c *imapConn) capabilities() string {
	all := []string{"IMAP4rev1", "LITERAL+", "SASL-IR", "UNSELECT", "IDLE", "UIDPLUS", "MOVE"}
	switch {
	case c.signed:
	case c.s.imap.config != nil && !c.secure:
		all = append(all, "STARTTLS", "LOGINDISABLED")
	default:
		all = append(all, "AUTH="+plain)
		c.s.mu.Lock()
		if c.s.o.Token != "" {
			all = append(all, "AUTH="+xoauth2, "AUTH="+oauthBearer)
		}
		c.s.mu.Unlock()
	}
	return strings.Join(slices.DeleteFunc(all, c.lacks), " ")
}

func (c *imapConn) lacks(capability string) bool {
	return slices.ContainsFunc(c.lacking, func(l string) bool { return strings.EqualFold(l, capability) })
}

// fail does what a fault wants; its error ends the connection or the command.
func (c *imapConn) fail(f Fault) error {
	switch f.How {
	case Cut:
		return errors.Join(c.end(), errors.New("cut to order"))
	case Silence:
		if c.w != nil {
			_ = c.w.Flush() // the client may have gone
		}
		_, _ = io.Copy(io.Discard, c.conn) // until the client hangs up, or Close does
		return errors.New("silent to order")
	case Slow:
		timer := time.NewTimer(f.For)
		<-timer.C
		return nil
	case Reply:
		return no("[UNAVAILABLE] refused to order")
	default:
		return nil
	}
}
