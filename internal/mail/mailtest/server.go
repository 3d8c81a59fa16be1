package mailtest

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"sync"

	"github.com/emersion/go-smtp"
)

const (
	// most is how many mails are kept, the newest.
	most = 1000
	// largest is a mail's size in bytes.
	largest = 5 << 20
)

// The names that IMAP knows of ways to sign in; SMTP the same.
const (
	plain       = "PLAIN"
	xoauth2     = "XOAUTH2"
	oauthBearer = "OAUTHBEARER"
)

// Options says how the server listens. The zero value is one on a free port,
// without TLS and sign-in, that keeps mails in memory.
type Options struct {
	// Address is where it listens; empty: a free port of 127.0.0.1. Others than
	// loopback are refused.
	Address string
	// STARTTLS offers it and takes no mail without; Implicit speaks TLS from the
	// first byte. Roots then vouches for the certificate of 127.0.0.1.
	STARTTLS, Implicit bool
	// User and Password must be given where User is not empty.
	User, Password string
	// Dir keeps each mail as a file besides, and people's keys; those that are there
	// are read at the start. Empty: none.
	Dir string
	// Largest is the size of a mail that is taken, in bytes; 0: 5 MiB.
	Largest int

	// Inbox is the address whose mailbox can be read over IMAP, whatever follows a
	// + in it; empty: none. Catch are domains of which every address is the same
	// mailbox, for bounces.
	Inbox string
	Catch []string
	// IMAP is where IMAP listens; empty: a free port. Its user is Inbox.
	IMAP string
	// Token, where it is not empty, is a bearer token that signs User in over SMTP
	// and Inbox over IMAP (XOAUTH2, OAUTHBEARER).
	Token string
	// Stamp gives header lines, each ending in CR LF, that our mail server notes on
	// a mail that comes to Inbox, such as Authentication-Results.
	Stamp func(Mail) string
	// SignWith is how the mail servers of people's domains sign what people write.
	SignWith Algorithm
}

// Server is a running mail server. Its methods can be used by many goroutines.
type Server struct {
	o        Options
	smtp     *smtp.Server
	listener net.Listener
	roots    *x509.CertPool
	served   chan struct{}
	closing  sync.Once
	closed   error

	mu         sync.Mutex
	mails      []Mail
	last       int           // number of the newest mail
	came       chan struct{} // closed and made anew with each mail
	faults     []Fault
	complaints []string
	sessions   int

	imap imapDoor
	// What follows is of the mailbox that is read over IMAP.
	folders  []*folder
	validity uint32 // the highest that was given
	tick     uint64 // of changes of flags
	stirred  chan struct{}
	refs     map[int]int // how many folders hold a mail, by number
	journal  *os.File
	lacking  []string // capabilities

	signers map[string]signer // by domain
	dns     map[string][]string
	told    telling
	token   string // of the page's forms
}

// Start starts a server; Close ends it.
func Start(o Options) (*Server, error) {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Largest <= 0 {
		o.Largest = largest
	}
	s := &Server{o: o, came: make(chan struct{}), served: make(chan struct{}), stirred: make(chan struct{}), refs: map[int]int{},
		token: rand.Text(), signers: map[string]signer{}, dns: map[string][]string{}}
	if err := s.load(); err != nil {
		return nil, err
	}
	if err := s.loadKeys(); err != nil {
		return nil, err
	}
	var err error
	if s.o.Password == "" && s.o.User == "" {
		s.o.Password = rand.Text()
	}
	if s.listener, err = net.Listen("tcp", o.Address); err != nil {
		return nil, fmt.Errorf("listening for mail: %w", err)
	}
	if !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("listening for mail at %s: a test's mail server stays on loopback", o.Address), s.listener.Close())
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = "mail.test"
	s.smtp.MaxMessageBytes = int64(o.Largest)
	s.smtp.MaxRecipients = 10
	s.smtp.MaxLineLength = 1000 // RFC 5321 section 4.5.3.1.6, CR LF included
	s.smtp.AllowInsecureAuth = !o.STARTTLS && !o.Implicit
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	var listener net.Listener = door{s.listener, s}
	var config *tls.Config
	if o.STARTTLS || o.Implicit {
		cert, roots, err := certificate()
		if err != nil {
			return nil, errors.Join(err, s.listener.Close())
		}
		s.roots = roots
		config = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		if o.STARTTLS {
			s.smtp.TLSConfig = config
		} else {
			listener = tls.NewListener(listener, config)
		}
	}
	if o.Inbox != "" {
		if err := s.openIMAP(config); err != nil {
			return nil, errors.Join(err, s.listener.Close())
		}
	}
	go func() {
		defer close(s.served)
		_ = s.smtp.Serve(listener) // ends with Close, which is what it then says
	}()
	return s, nil
}

// Close ends the server and every connection. A second time it does nothing.
func (s *Server) Close() error {
	s.closing.Do(func() { s.closed = s.close() })
	return s.closed
}

func (s *Server) close() error {
	err := s.smtp.Close()
	// The library closes what its Serve has begun to listen at, which one that has
	// just been started may not have.
	if again := s.listener.Close(); !errors.Is(again, net.ErrClosed) {
		err = errors.Join(err, again)
	}
	<-s.served
	err = errors.Join(err, s.closeIMAP())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.journal != nil {
		err = errors.Join(err, s.journal.Close())
		s.journal = nil
	}
	if err != nil {
		return fmt.Errorf("closing the mail server: %w", err)
	}
	return nil
}

// Host and port that it listens at.
func (s *Server) Host() string { return s.listener.Addr().(*net.TCPAddr).IP.String() }

// Port is the one that it listens at.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Password is the one that signs in: the one that was given, or one made up for
// IMAP where no user was.
func (s *Server) Password() string { return s.o.Password }

// SetToken lets another bearer token sign in from now on, and no earlier one.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Token = token
}

func (s *Server) isToken(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o.Token != "" && token == s.o.Token
}

// Roots vouch for its certificate; nil without TLS.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Sessions counts the connections, those that were turned away included.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// Complaints are what no mail of ours should have looked like.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.complaints...)
}

func (s *Server) complain(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.complaints) < most {
		s.complaints = append(s.complaints, what)
	}
}

// Mails are those that are kept, the oldest first; to one address where it is not
// empty.
func (s *Server) Mails(to string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Mail
	for _, m := range s.mails {
		if to == "" || m.isTo(to) {
			found = append(found, m)
		}
	}
	return found
}

// Next waits for the first mail to an address whose number is above after.
func (s *Server) Next(ctx context.Context, to string, after int) (Mail, error) {
	return s.Wait(ctx, func(m Mail) bool { return m.Number > after && m.isTo(to) })
}

// Wait waits for the first mail that is wanted, of those that are there and those
// that come.
func (s *Server) Wait(ctx context.Context, wanted func(Mail) bool) (Mail, error) {
	for {
		s.mu.Lock()
		came := s.came
		mails := append([]Mail(nil), s.mails...)
		s.mu.Unlock()
		for _, m := range mails {
			if wanted(m) {
				return m, nil
			}
		}
		select {
		case <-came:
		case <-ctx.Done():
			return Mail{}, fmt.Errorf("waiting for a mail: %w", ctx.Err())
		}
	}
}
