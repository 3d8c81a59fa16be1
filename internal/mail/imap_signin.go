package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// wrongPassword is how long a mailbox is left alone whose password is refused:
// servers lock accounts for trying.
const wrongPassword = 5 * time.Minute

// signIn authenticates in the best way that the server and the settings share.
func (b *imapBox) signIn(ctx context.Context) error {
	var err error
	b.caps, err = do(ctx, b, b.o.Patience, "asking what the mailbox can do", func(c *imapclient.Client) (imap.CapSet, error) {
		caps := c.Caps()
		if caps == nil {
			return nil, errors.New("the server does not say")
		}
		return caps, nil
	})
	if err != nil {
		return err
	}
	call, err := b.way(ctx)
	if err != nil {
		return err
	}
	const doing = "signing in to the mailbox"
	if _, err = do(ctx, b, b.o.Patience, doing, call); err != nil {
		var refused *imap.Error
		var oauth *oauthRefused
		if errors.As(err, &oauth) || errors.As(err, &refused) && refused.Code != imap.ResponseCodeUnavailable {
			b.drop()
			return MailboxError{doing: doing, hint: "check user and password, or the OAuth application's rights to the mailbox; the server refuses them", err: err, permanent: true, after: wrongPassword}
		}
		return err
	}
	b.caps, err = do(ctx, b, b.o.Patience, "asking what the mailbox can do now", func(c *imapclient.Client) (imap.CapSet, error) {
		return c.Caps(), nil
	})
	return err
}

// way picks how to authenticate. A password goes over a secured line, or to this
// machine: NewIMAP has seen to that.
func (b *imapBox) way(ctx context.Context) (func(*imapclient.Client) (struct{}, error), error) {
	with := func(s sasl.Client) func(*imapclient.Client) (struct{}, error) {
		return func(c *imapclient.Client) (struct{}, error) { return struct{}{}, c.Authenticate(s) }
	}
	if b.o.Token != nil {
		token, err := b.o.Token(ctx)
		if err != nil {
			return nil, MailboxError{doing: "getting a token for the mailbox", hint: "check the OAuth application's settings", err: err}
		}
		switch {
		case b.caps.Has(imap.AuthCap("XOAUTH2")):
			return with(&oauthClient{mechanism: "XOAUTH2", first: "user=" + b.o.User + "\x01auth=Bearer " + token + "\x01\x01"}), nil
		case b.caps.Has(imap.AuthCap("OAUTHBEARER")):
			return with(&oauthClient{mechanism: "OAUTHBEARER", first: "n,a=" + b.o.User + ",\x01auth=Bearer " + token + "\x01\x01"}), nil
		}
		return nil, MailboxError{doing: "signing in to the mailbox", hint: "use a password, or let the server's owner switch OAuth on", err: errors.New("the server offers neither XOAUTH2 nor OAUTHBEARER"), permanent: true, after: wrongPassword}
	}
	password, err := b.o.Password()
	if err != nil {
		return nil, MailboxError{doing: "reading the mailbox's password", hint: "is its file there, and readable?", err: err}
	}
	if b.caps.Has(imap.AuthCap("PLAIN")) {
		return with(sasl.NewPlainClient("", b.o.User, password)), nil
	}
	if b.caps.Has(imap.CapLoginDisabled) {
		return nil, MailboxError{doing: "signing in to the mailbox", hint: "use TLS, or OAuth", err: errors.New("the server takes no password here"), permanent: true, after: wrongPassword}
	}
	return func(c *imapclient.Client) (struct{}, error) { return struct{}{}, c.Login(b.o.User, password).Wait() }, nil
}

// oauthClient signs in with a token. The SASL library has no XOAUTH2, which is all
// that Microsoft offers. A challenge means failure; the answer to it that the
// protocols want would be sent as "=" by the IMAP library, which servers take for
// nonsense, so the conversation ends instead.
type oauthClient struct{ mechanism, first string }

// Start gives the first words.
func (x *oauthClient) Start() (string, []byte, error) { return x.mechanism, []byte(x.first), nil }

// Next is only asked after a failure.
func (x *oauthClient) Next(challenge []byte) ([]byte, error) {
	return nil, &oauthRefused{says: fmt.Sprintf("%.200q", challenge)}
}

// oauthRefused: the server's challenge, which has a status and no secret.
type oauthRefused struct{ says string }

// Error says what the server said.
func (e *oauthRefused) Error() string { return "the token was refused: " + e.says }
