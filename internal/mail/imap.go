package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// IMAP is a mailbox on an IMAP server (RFC 3501).
type IMAP struct {
	Host string
	// Port; 0: 143 for STARTTLS and Plain, 993 for Implicit.
	Port int
	// TLS; empty: Implicit. Plain only to this machine.
	TLS  TLS
	User string
	// Password signs in with a password; asked at every connection.
	Password func() (string, error)
	// Token signs in with OAuth instead; nil: Password does.
	Token func(ctx context.Context) (string, error)
	// Roots are who may vouch for the server; nil: the machine's.
	Roots *x509.CertPool
	// Folder; empty: INBOX. ProcessedFolder and QuarantineFolder; empty: Processed,
	// Quarantine.
	Folder, ProcessedFolder, QuarantineFolder string
	// Patience bounds each reply; 0: 30 s. A mail's content has ten times as long.
	Patience time.Duration
}

const (
	// keepAlive notices a connection whose other end is gone without a word.
	keepAlive = 30 * time.Second
	// lingering is how long a call that was cut off may take to notice.
	lingering = 5 * time.Second
)

// imapBox is an IMAP mailbox, open or not.
type imapBox struct {
	o      IMAP
	conn   net.Conn
	client *imapclient.Client
	caps   imap.CapSet
	// news holds one signal that something changed. It may be an old one: servers
	// queue what happened before they were asked (EXISTS after SELECT), so it only
	// means "go and look".
	news chan struct{}
}

// NewIMAP checks the settings and returns a mailbox that isn't open yet.
func NewIMAP(o IMAP) (Mailbox, error) {
	if o.Host == "" || o.User == "" {
		return nil, FaultyError{what: "the mailbox has no server or no user", hint: "name both"}
	}
	if o.Password == nil && o.Token == nil {
		return nil, FaultyError{what: "the mailbox has neither a password nor OAuth", hint: "give one of them, from a file or the environment"}
	}
	if o.TLS == "" {
		o.TLS = Implicit
	}
	switch o.TLS {
	case Implicit:
		o.Port = cmp.Or(o.Port, 993)
	case STARTTLS:
		o.Port = cmp.Or(o.Port, 143)
	case Plain:
		if ip := net.ParseIP(o.Host); o.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, FaultyError{what: "the mailbox would be read in the clear", hint: "use TLS; without it only a server on this machine is spoken to"}
		}
		o.Port = cmp.Or(o.Port, 143)
	default:
		return nil, FaultyError{what: fmt.Sprintf("%.20q is no way to speak to a mail server", o.TLS), hint: "one of implicit, starttls, none"}
	}
	o.Folder = cmp.Or(o.Folder, "INBOX")
	o.ProcessedFolder = cmp.Or(o.ProcessedFolder, "Processed")
	o.QuarantineFolder = cmp.Or(o.QuarantineFolder, "Quarantine")
	if o.Folder == o.ProcessedFolder || o.Folder == o.QuarantineFolder {
		return nil, FaultyError{what: "worked off mails would stay where they are", hint: "name other folders for them than the one that is read"}
	}
	o.Patience = cmp.Or(o.Patience, 30*time.Second)
	return &imapBox{o: o, news: make(chan struct{}, 1)}, nil
}

// Name tells mailboxes apart in the cursors' table.
func (b *imapBox) Name() string { return b.o.User + "@" + b.o.Host + "/" + b.o.Folder }

// do runs one conversation with the server. The library waits for replies without
// any bound; only closing the connection frees it, so that is what happens when
// ctx or the time ends. Whoever is stuck even then is left behind.
func do[T any](ctx context.Context, b *imapBox, within time.Duration, doing string, call func(*imapclient.Client) (T, error)) (T, error) {
	var none T
	if b.client == nil {
		return none, MailboxError{doing: doing, err: errors.New("the mailbox is closed")}
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	client := b.client
	go func() {
		v, err := call(client)
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return none, b.fault(doing, r.err)
		}
		return r.value, nil
	case <-ctx.Done():
	}
	b.drop()
	timer := time.NewTimer(lingering)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
	return none, MailboxError{doing: doing, err: ctx.Err()}
}

// fault names an error. After a refusal (NO) the connection is good and stays.
func (b *imapBox) fault(doing string, err error) error {
	var refused *imap.Error
	if errors.Is(err, GoneError{}) {
		return err
	}
	if errors.As(err, &refused) && refused.Type == imap.StatusResponseTypeNo {
		return MailboxError{doing: doing, err: err}
	}
	b.drop()
	return MailboxError{doing: doing, err: err}
}

// drop ends the connection without a word.
func (b *imapBox) drop() {
	if b.conn != nil {
		_ = b.conn.Close() // nothing hangs on its last word
	}
	b.conn, b.client, b.caps = nil, nil, nil
}

// Close says goodbye, if the server listens.
func (b *imapBox) Close() {
	if b.client == nil {
		return
	}
	_, _ = do(context.Background(), b, 2*time.Second, "signing out", func(c *imapclient.Client) (struct{}, error) {
		return struct{}{}, c.Logout().Wait()
	})
	b.drop()
}

// Open connects, signs in, makes the folders and selects.
func (b *imapBox) Open(ctx context.Context) (uint32, error) {
	b.drop()
	if err := b.connect(ctx); err != nil {
		b.drop()
		return 0, err
	}
	if err := b.signIn(ctx); err != nil {
		b.drop()
		return 0, err
	}
	for _, name := range []string{b.o.ProcessedFolder, b.o.QuarantineFolder} {
		if err := b.create(ctx, name); err != nil {
			b.drop()
			return 0, err
		}
	}
	data, err := do(ctx, b, b.o.Patience, "opening the mailbox", func(c *imapclient.Client) (*imap.SelectData, error) {
		return c.Select(b.o.Folder, nil).Wait()
	})
	if err != nil {
		b.drop()
		return 0, err
	}
	return data.UIDValidity, nil
}

func (b *imapBox) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, b.o.Patience)
	defer cancel()
	const doing = "connecting to the mailbox"
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive / 3, Count: 3}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(b.o.Host, strconv.Itoa(b.o.Port)))
	if err != nil {
		return MailboxError{doing: doing, hint: "is the server's name and port right, and does a firewall let it through?", err: err}
	}
	config := &tls.Config{ServerName: b.o.Host, RootCAs: b.o.Roots, MinVersion: tls.VersionTLS12, NextProtos: []string{"imap"}}
	if b.o.TLS == Implicit {
		if conn, err = secure(ctx, conn, config); err != nil {
			return MailboxError{doing: "securing the mailbox's connection", hint: "the server must show a certificate for its name that this machine trusts", err: err}
		}
	}
	b.conn = conn
	options := &imapclient.Options{TLSConfig: config, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) { b.signal() },
	}}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if b.o.TLS == STARTTLS {
		config.NextProtos = nil
		b.client, err = imapclient.NewStartTLS(conn, options)
	} else {
		b.client = imapclient.New(conn, options)
		err = b.client.WaitGreeting()
	}
	if err != nil {
		b.client = nil
		return MailboxError{doing: doing, hint: "does an IMAP server listen there, in this way of TLS?", err: cmp.Or(ctx.Err(), err)}
	}
	return nil
}

func (b *imapBox) signal() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// create makes a folder where it isn't there.
func (b *imapBox) create(ctx context.Context, name string) error {
	there, err := do(ctx, b, b.o.Patience, "looking for a folder", func(c *imapclient.Client) (bool, error) {
		list, err := c.List("", name, nil).Collect()
		return len(list) > 0, err
	})
	if err != nil || there {
		return err
	}
	_, err = do(ctx, b, b.o.Patience, "making a folder", func(c *imapclient.Client) (struct{}, error) {
		return struct{}{}, c.Create(name, nil).Wait()
	})
	var refused *imap.Error
	if errors.As(err, &refused) && refused.Code == imap.ResponseCodeAlreadyExists {
		return nil
	}
	if err != nil {
		return MailboxError{doing: "making the folder " + name, hint: "make it by hand, or name one that is there; some servers want INBOX. in front", err: err, permanent: true}
	}
	return nil
}
