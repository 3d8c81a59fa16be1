package desk

import (
	"context"
	"io"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// FrontStore keeps the vendor's people, how they come in, and what they sent.
// Secrets reach it as digests. What isn't there is an error with a NotFound method.
type FrontStore interface {
	// PutContact keeps a contact, new or changed, by its id; whoever is not active any
	// more loses their links and visits with it.
	PutContact(ctx context.Context, c playbook.Contact) error
	Contact(ctx context.Context, id string) (playbook.Contact, error)
	// Contacts are a vendor's, whoever was named first first.
	Contacts(ctx context.Context, vendor string) ([]playbook.Contact, error)
	// ContactsBy are all with the address, which is compared in lower case.
	ContactsBy(ctx context.Context, mail string) ([]playbook.Contact, error)
	NextContact(ctx context.Context, vendor string) (id string, err error)

	PutPortalLink(ctx context.Context, l access.PortalLink) error
	PortalLink(ctx context.Context, hash string) (access.PortalLink, error)
	// RevokePortalLinks ends a contact's links of a case, of every case where none
	// is named, and the visits that began with them.
	RevokePortalLinks(ctx context.Context, person, caseID string, at time.Time) (int, error)
	// PutPortalSession is a NotFound error where its link was revoked or ended meanwhile.
	PutPortalSession(ctx context.Context, s access.PortalSession) error
	PortalSession(ctx context.Context, hash string) (access.PortalSession, error)
	EndPortalSessions(ctx context.Context, person string) error

	PutDraft(ctx context.Context, person, request string, fields []byte, at time.Time) error
	Draft(ctx context.Context, person, request string) (fields []byte, at time.Time, err error)
	DropDraft(ctx context.Context, person, request string) error

	PutReading(ctx context.Context, r engagement.Reading) error
	Reading(ctx context.Context, digest string) (engagement.Reading, error)
	// TextOf opens the text that was found in a document: the document itself where
	// it is text.
	TextOf(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)

	// Arrivals are the mails that came, by "case" and its id, the oldest first.
	Arrivals(ctx context.Context, by, of string, most int) ([]arrivals.Arrival, error)
}

// Papers reads a document once. What can't be taken is a Reading with a Fault and
// no error; text is what was found in it, nil where there is none or where the
// document is text itself.
type Papers interface {
	Read(ctx context.Context, name, declared string, raw []byte) (r engagement.Reading, text []byte, err error)
}
