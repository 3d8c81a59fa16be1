package mail

import (
	"errors"
	"fmt"

	"github.com/emersion/go-sasl"
	"github.com/wneessen/go-mail/smtp"
)

// bearers are the ways to sign in by a token, the better first: Google offers
// both, Microsoft the second alone.
func bearers() []string { return []string{sasl.OAuthBearer, "XOAUTH2"} }

// bearer signs in by a token in one of the ways that the server offers, written
// in capitals; nil: it offers none.
func bearer(offers func(way string) bool, user, token, host string, port int) sasl.Client {
	for _, way := range bearers() {
		if !offers(way) {
			continue
		}
		if way == "XOAUTH2" {
			return &xoauth2{user: user, token: token}
		}
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: token, Host: host, Port: port})
	}
	return nil
}

// xoauth2 is Google's and Microsoft's own way; go-sasl has only the standard one
// (emersion/go-sasl#18).
type xoauth2 struct{ user, token string }

// Start sends everything at once.
func (x *xoauth2) Start() (way string, first []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next is asked only after a refusal: the challenge is JSON such as
// {"status":"401"}. The protocol wants an empty line then, which go-imap would
// send as "=", and Dovecot drops the connection; so we end it.
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	return nil, fmt.Errorf("the token was refused: %.200q", challenge)
}

// smtpAuth lets a SASL client sign in with go-mail's SMTP client.
type smtpAuth struct{ sasl.Client }

// Start begins.
func (a smtpAuth) Start(*smtp.ServerInfo) (way string, first []byte, err error) {
	return a.Client.Start()
}

// Next answers what the server says while there is more.
func (a smtpAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	answer, err := a.Client.Next(challenge)
	if err == nil && answer == nil {
		err = errors.New("the server asks for more than there is")
	}
	return answer, err
}
