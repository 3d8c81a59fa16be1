package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"gangway/internal/outbox"
)

// whole fills in what follows from the rest, and refuses what would send mails
// or a password in the clear to another machine.
func (s Server) whole() (Server, error) {
	if s.TLS == "" {
		s.TLS = STARTTLS
	}
	port, known := map[TLS]int{STARTTLS: 587, Implicit: 465, Plain: 25}[s.TLS]
	switch {
	case s.Host == "":
		return s, FaultyError{what: "no mail server is named", hint: "name its host"}
	case !known:
		return s, FaultyError{what: fmt.Sprintf("%.40q is no way to speak to a mail server", string(s.TLS)), hint: "write starttls, implicit or none"}
	case s.TLS == Plain && !isLoopback(s.Host):
		return s, FaultyError{what: "a mail server on another machine would be spoken to without TLS", hint: "use starttls or implicit; none is for a server on this machine"}
	case s.User != "" && s.Password == nil && s.Token == nil:
		return s, FaultyError{what: "a mail server's user has no password", hint: "give the password as a secret, or leave the user out"}
	}
	if s.Port == 0 {
		s.Port = port
	}
	if s.Patience <= 0 {
		s.Patience = 30 * time.Second
	}
	return s, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// line is a connection to the mail server, signed in. One goroutine uses it.
type line struct {
	client *smtp.Client
	conn   net.Conn
	talk   *talk // beneath conn
	server Server
}

// dial connects, secures and signs in. Its errors hold the server's words, which
// may hold addresses: only their class is kept.
func dial(ctx context.Context, s Server) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	l := &line{server: s}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err == nil {
		l.talk = &talk{Conn: conn}
		conn = l.talk
		_ = l.wait(1) // if this fails, so does the next
		if s.TLS == Implicit {
			conn, err = secure(ctx, conn, config)
		}
	}
	if err != nil {
		return nil, ServerError{"connecting to the mail server", "check its host, port and TLS setting, and that this machine may reach it", err}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	l.conn = conn
	if err := l.greet(ctx, config); err != nil {
		_ = conn.Close() // the greeting's error says more
		return nil, err
	}
	return l, nil
}

func (l *line) greet(ctx context.Context, config *tls.Config) error {
	if err := l.wait(1); err != nil {
		return err
	}
	var err error
	if l.client, err = smtp.NewClient(l.conn, l.server.Host); err != nil {
		return ServerError{"waiting for the mail server's greeting", "check that a mail server listens at this port, and whether it wants implicit TLS", err}
	}
	name, err := os.Hostname()
	if err != nil || !isASCII(name) || strings.ContainsAny(name, " \r\n") {
		name = "localhost"
	}
	if err := l.client.Hello(name); err != nil {
		return ServerError{"greeting the mail server", "see the mail server's log", err}
	}
	if l.server.TLS == STARTTLS {
		if offered, _ := l.client.Extension("STARTTLS"); !offered {
			return ServerError{"securing the connection to the mail server", "use the submission port 587, or implicit TLS on 465", errors.New("it does not offer STARTTLS")}
		}
		if err := l.client.StartTLS(config); err != nil {
			return ServerError{"securing the connection to the mail server", "its certificate must be valid for the host name that is set", err}
		}
	}
	return l.signIn(ctx)
}

// signInByToken takes the best of the ways that the server offers for tokens.
func (l *line) signInByToken(ctx context.Context, offered []string) error {
	token, err := l.server.Token(ctx)
	if err != nil {
		return err
	}
	way := bearer(func(name string) bool { return slices.Contains(offered, name) }, l.server.User, token, l.server.Host, l.server.Port)
	if way == nil {
		return ServerError{"signing in at the mail server", "it must offer OAUTHBEARER or XOAUTH2; some offer them only after they were switched on for the mailbox", errors.New("it takes no tokens")}
	}
	if err := l.client.Auth(smtpAuth{way}); err != nil {
		return ServerError{"signing in at the mail server", "the app must have the right to send for this user, and SMTP must be on for the mailbox", err}
	}
	return nil
}

// signIn takes the best of what the server offers. go-mail's own discovery would
// take NTLM before PLAIN under TLS, which servers offer and then refuse.
func (l *line) signIn(ctx context.Context) error {
	if l.server.User == "" {
		return nil
	}
	_, ways := l.client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(ways))
	if l.server.Token != nil {
		return l.signInByToken(ctx, offered)
	}
	password, err := l.server.Password()
	if err != nil {
		return ServerError{"reading the mail server's password", "check the file or variable that holds it", err}
	}
	var way smtp.Auth
	for _, name := range []string{"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"} {
		if !slices.Contains(offered, name) {
			continue
		}
		switch name {
		case "SCRAM-SHA-256":
			way = smtp.ScramSHA256Auth(l.server.User, password)
		case "CRAM-MD5":
			way = smtp.CRAMMD5Auth(l.server.User, password)
		case "PLAIN":
			way = smtp.PlainAuth("", l.server.User, password, l.server.Host, l.server.TLS == Plain)
		default:
			way = smtp.LoginAuth(l.server.User, password, l.server.Host, l.server.TLS == Plain)
		}
		break
	}
	if way == nil {
		return ServerError{"signing in at the mail server", "it must offer SCRAM-SHA-256, CRAM-MD5, PLAIN or LOGIN; without a user nobody signs in", errors.New("it offers no way that is known here")}
	}
	if err := l.client.Auth(way); err != nil {
		return ServerError{"signing in at the mail server", "check the user and the password", err}
	}
	return nil
}

// wait gives the next reply its time.
func (l *line) wait(times int) error {
	l.talk.left = maxReply
	return l.talk.SetDeadline(time.Now().Add(time.Duration(times) * l.server.Patience))
}

// alive asks whether the server is still there, so that a connection which it
// closed meanwhile costs no mail a try.
func (l *line) alive() bool { return l.wait(1) == nil && l.client.Noop() == nil }

// hangUp ends the connection, politely where that works.
func (l *line) hangUp() {
	_ = l.wait(1) // what is broken can't be ended better
	_ = l.client.Quit()
	_ = l.conn.Close()
}

// send hands one mail over and says how far that came and what the server's last
// reply was. After anything but success the connection must not be used again.
func (l *line) send(ctx context.Context, from, to string, raw []byte) (outbox.Phase, int) {
	stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	defer stop()
	// A mail marked SMTPUTF8 bounces at the first server that doesn't know it.
	l.client.SkipSMTPUTF8(isASCII(to))
	if err := errors.Join(l.wait(1), l.client.Mail("<"+from+">")); err != nil {
		return outbox.Telling, codeOf(err)
	}
	if err := errors.Join(l.wait(1), l.client.Rcpt("<"+to+">")); err != nil {
		return outbox.Telling, codeOf(err)
	}
	if err := l.wait(1); err != nil {
		return outbox.Telling, 0
	}
	w, err := l.client.Data()
	if err != nil {
		return outbox.Telling, codeOf(err)
	}
	if _, err := w.Write(raw); err != nil {
		return outbox.Telling, codeOf(err) // the dot was not sent
	}
	_ = l.wait(4) // if this fails, so does the next, and rightly as silence
	if err := w.Close(); err != nil {
		return outbox.Handed, codeOf(err)
	}
	return outbox.Handed, 250
}

// codeOf is the reply in an error; 0: there was none.
func codeOf(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

// check connects to the mail server and signs in, without sending anything.
func (b *byServer) check(ctx context.Context) error {
	l, err := dial(ctx, b.server)
	if err != nil {
		return err
	}
	l.hangUp()
	return nil
}

// drop ends a connection that is in no known state.
func (l *line) drop() { _ = l.conn.Close() }

// classOf is what was being done when the server could not be used, without the
// server's words.
func classOf(err error) string {
	var e ServerError
	if errors.As(err, &e) {
		return e.doing
	}
	return "connecting"
}
