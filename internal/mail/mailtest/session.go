package mailtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// door counts the connections, and turns away where that was ordered: the server
// behind it would let a client in that asks a second time.
type door struct {
	net.Listener
	s *Server
}

// Accept waits for the next connection that is let in.
func (d door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		d.s.mu.Lock()
		d.s.sessions++
		d.s.mu.Unlock()
		f, ordered := d.s.fault(AtConnect, "")
		if !ordered {
			return conn, nil
		}
		if f.How == Reply {
			_, _ = fmt.Fprintf(conn, "%d refused to order\r\n", f.code()) // the client may have gone
		}
		_ = conn.Close()
	}
}

// session is one connection.
type session struct {
	s      *Server
	conn   *smtp.Conn
	signed bool
	from   string
	to     []string
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	return &session{s: s, conn: c}, nil
}

// AuthMechanisms lists how one signs in.
func (c *session) AuthMechanisms() []string {
	if c.s.o.User == "" {
		return nil
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.s.o.Token != "" {
		return []string{plain, xoauth2, oauthBearer}
	}
	return []string{plain}
}

// Auth signs in.
func (c *session) Auth(mechanism string) (sasl.Server, error) {
	if mechanism != plain {
		return &bearer{mechanism: mechanism, signIn: func(user, token string) bool {
			c.signed = user == c.s.o.User && c.s.isToken(token)
			return c.signed
		}}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.s.o.User || password != c.s.o.Password {
			return smtp.ErrAuthFailed
		}
		c.signed = true
		return nil
	}), nil
}

// Mail begins a mail.
func (c *session) Mail(from string, o *smtp.MailOptions) error {
	if _, encrypted := c.conn.TLSConnectionState(); c.s.o.STARTTLS && !encrypted {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Must issue a STARTTLS command first"}
	}
	if c.s.o.User != "" && !c.signed {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	if f, ordered := c.s.fault(AtMail, ""); ordered {
		if err := c.fail(f); err != nil {
			return err
		}
	}
	if o != nil && o.UTF8 {
		c.s.complain("a mail was marked SMTPUTF8")
	}
	c.from, c.to = from, nil
	return nil
}

// Rcpt names a recipient.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if f, ordered := c.s.fault(AtRcpt, to); ordered {
		if err := c.fail(f); err != nil {
			return err
		}
	}
	c.to = append(c.to, to)
	return nil
}

// Data takes the mail.
func (c *session) Data(r io.Reader) error {
	to := strings.Join(c.to, ",")
	if f, ordered := c.s.fault(CutInData, to); ordered {
		_, _ = io.ReadFull(r, make([]byte, 64))
		return c.fail(f)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if f, ordered := c.s.fault(AtEnd, to); ordered {
		if f.Keep {
			if err := c.keep(raw); err != nil {
				return err
			}
		}
		if err := c.fail(f); err != nil || f.Keep {
			return err
		}
	}
	return c.keep(raw)
}

func (c *session) keep(raw []byte) error {
	if c.s.o.Inbox != "" && !slices.ContainsFunc(c.to, func(to string) bool { return !c.s.ours(to) }) {
		_, err := c.s.Deliver(c.from, c.to, raw) // somebody's, not ours
		return err
	}
	m, faults := read(raw)
	if len(c.to) != 1 {
		faults = append(faults, fmt.Sprintf("a mail has %d recipients", len(c.to)))
	}
	if len(faults) > 0 {
		slices.Sort(faults)
		for _, f := range faults {
			c.s.complain(f)
		}
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "no mail of ours: " + faults[0]}
	}
	m.From, m.To, m.At = c.from, append([]string(nil), c.to...), time.Now()
	_, err := c.s.keep(m)
	return err
}

// fail does what a fault wants.
func (c *session) fail(f Fault) error {
	switch f.How {
	case Cut:
		return errors.Join(c.conn.Conn().Close(), errors.New("cut to order"))
	case Silence:
		// Until the client hangs up, or Close does.
		_, _ = io.Copy(io.Discard, c.conn.Conn())
		return errors.New("silent to order")
	case Slow:
		timer := time.NewTimer(f.For)
		<-timer.C
		return nil
	default:
		return f.reply()
	}
}

// Reset forgets the mail that was begun.
func (c *session) Reset() { c.from, c.to = "", nil }

// Logout ends the session.
func (c *session) Logout() error { return nil }
