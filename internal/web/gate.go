package web

import (
	"context"
	"time"

	"gangway/internal/access"
	"gangway/internal/playbook"
)

// Gate is how people sign in where one does not pick a person, and how the
// command line does. Nil in Options: nobody can.
//
// Its errors say more by the methods that Desk lists. Besides those: Limited()
// bool and RetryAfter() time.Duration for whoever asks too often (429).
type Gate interface {
	// Greeting says for whom a ticket is and where it leads; NotFound for one
	// that was never sent. A page shows nothing of it but the masked name; Person
	// is there to be compared with whoever is signed in.
	Greeting(ctx context.Context, ticket string) (Greeting, error)
	// MailCode mails a one-time link and its code: to the person of the ticket,
	// or to whoever has the mail address. Whether anybody was found it does not
	// tell. from is the address of the connection, for the limits.
	MailCode(ctx context.Context, ask CodeWanted, from string) error
	// LinkFor says for whom a one-time link is, without using it: what scanners
	// of mail open burns nothing. NotFound for one that is no link of ours, used
	// or too old.
	LinkFor(ctx context.Context, secret string) (Greeting, error)
	// EnterByLink uses the link up and signs the device in; next is the local
	// page it leads to.
	EnterByLink(ctx context.Context, secret, device string) (session string, until time.Time, next string, err error)
	// EnterByCode does so with the code that was mailed to the person of the
	// ticket or address. Five wrong ones end it. Invalid for a wrong code as for
	// one that ended, and for an address that nobody has: the page is the same.
	EnterByCode(ctx context.Context, ask CodeWanted, code, device, from string) (session string, until time.Time, next string, err error)

	// SignedIn is who a session's secret stands for; NotFound for one that ended.
	SignedIn(ctx context.Context, session string) (playbook.Person, access.Session, error)
	// SignOut ends the session of a secret, at once and on the server.
	SignOut(ctx context.Context, session string) error
	// Sessions lists a person's devices; EndSession ends one of them.
	Sessions(ctx context.Context, person string) ([]access.Session, error)
	EndSession(ctx context.Context, person, id string) error

	// TokenOf is who a token's secret stands for; NotFound.
	TokenOf(ctx context.Context, secret string) (playbook.Person, access.Token, error)
	// NewToken makes a token; its secret is told this once.
	NewToken(ctx context.Context, person, name string, until time.Time) (secret string, t access.Token, err error)
	// Tokens lists a person's tokens; RevokeToken ends one of them.
	Tokens(ctx context.Context, person string) ([]access.Token, error)
	RevokeToken(ctx context.Context, person, id string) error
}

// Greeting is what a stranger with a ticket or a link may know.
type Greeting = access.Greeting

// CodeWanted names who wants a code: by ticket, or else by mail address.
type CodeWanted = access.CodeWanted
