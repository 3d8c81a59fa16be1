package desk

import (
	"context"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
)

// AccessStore keeps who may come in. Secrets reach it as digests. What ended, was
// used or never was is an error with a NotFound method.
type AccessStore interface {
	Person(ctx context.Context, id string) (p playbook.Person, revision int, err error)
	SeenCases(ctx context.Context, person string) ([]dossier.CaseView, error)
	ReceiptOwner(ctx context.Context, answerID string) (person string, found bool, err error)
	SeenPage(ctx context.Context, person, after string, most int) ([]dossier.CaseView, error)

	AddSession(ctx context.Context, hash string, s access.Session, e *dossier.Entry) error
	SessionBy(ctx context.Context, hash string) (access.Session, error)
	SawSession(ctx context.Context, hash string, at time.Time) error
	Sessions(ctx context.Context, person string) ([]access.Session, error)
	DropSession(ctx context.Context, hash string) error
	EndSession(ctx context.Context, person, id string) error

	AddLink(ctx context.Context, hash string, l access.Link, limits []access.Limit) (wait time.Duration, err error)
	LinkBy(ctx context.Context, hash string) (access.Link, error)
	TryLinks(ctx context.Context, person string) ([]access.Link, error)
	UseLink(ctx context.Context, id string) (won bool, err error)
	LinkUsed(ctx context.Context, id string) (bool, error)

	AddToken(ctx context.Context, hash string, t access.Token, e *dossier.Entry) error
	TokenBy(ctx context.Context, hash string) (access.Token, error)
	SawToken(ctx context.Context, hash string, at time.Time) error
	Tokens(ctx context.Context, person string) ([]access.Token, error)
	RevokeToken(ctx context.Context, person, id string, e *dossier.Entry) error

	BindingBy(ctx context.Context, channel, address string) (access.Binding, error)
	BindingsOf(ctx context.Context, channel, person string) ([]access.Binding, error)
	Bind(ctx context.Context, b access.Binding, e *dossier.Entry) error
	Unbind(ctx context.Context, channel, address string, e *dossier.Entry) error
	// SetAway keeps what somebody said of being away, once by its id; People and
	// Person give it with what the file says.
	SetAway(ctx context.Context, person, id string, a playbook.Away, e *dossier.Entry) error
	// WantPostings lets what people see in a chat follow.
	WantPostings(ctx context.Context, w outbox.Want) error
	AddPairing(ctx context.Context, hash string, p access.Pairing) error
	PairingBy(ctx context.Context, hash string) (access.Pairing, error)
	PairUp(ctx context.Context, id string, b access.Binding, e *dossier.Entry) error

	TicketBy(ctx context.Context, hash string) (access.Ticket, error)
	ShutOut(ctx context.Context, person string, e *dossier.Entry) error
	Sweep(ctx context.Context) error
}

// Courier takes the letter of a one-time link to be mailed.
type Courier interface {
	PutLetter(ctx context.Context, l outbox.Letter) error
}
