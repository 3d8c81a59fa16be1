// Package activities is the only door from workflows to the world. It is thin:
// each activity asks one of the interfaces declared here, which archive and the
// channels satisfy, and turns an outside error into a Temporal error, the only
// place where that happens.
//
// There is one Activities struct, because an activity's name is its method's
// name: two structs with a method of one name would collide. Every exported
// method is an activity; everything else stays unexported.
//
// It may import the pure packages and nothing else of ours.
package activities

import (
	"context"
	"io"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Archive is what activities need of the record.
type Archive interface {
	// Append adds entries to their chains; appending the same ids again changes
	// nothing. It returns dossier.GapError and dossier.FullError, both worth
	// another try.
	Append(ctx context.Context, entries []dossier.Entry) error
	// People returns everybody and the revision of the people file.
	People(ctx context.Context) ([]playbook.Person, int, error)
	// Get opens a document; dossier.NotFoundError when there is none.
	Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)
	// Reading is what was found when a document was read; dossier.NotFoundError
	// when nobody read it.
	Reading(ctx context.Context, digest string) (engagement.Reading, error)
	// TextOf opens the text of a document by the document's digest;
	// dossier.NotFoundError when it has none.
	TextOf(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)
	// EraseDocument removes a document's content and notes it in every case that has
	// the document; dossier.NotFoundError when the case has none of that digest.
	EraseDocument(ctx context.Context, caseID, digest, rule, actor string) error
	// NumberFor reserves the next number of a prefix; the same key gets the same
	// number again.
	NumberFor(ctx context.Context, prefix, key string) (int, error)
}

// Messenger is one channel that shows requests to people.
type Messenger interface {
	// Channel names it: web, slack, mail.
	Channel() string
	// Show tells one person about requests; shown is false when this channel
	// can't reach them. Showing the same notice again must not tell them twice.
	Show(ctx context.Context, n review.Notice) (shown bool, err error)
	// Follow brings every copy of a request to its state.
	Follow(ctx context.Context, c review.Copy) error
}

// Activities is what workers register. Its fields are set once, by the wiring.
type Activities struct {
	Archive    Archive
	Messengers []Messenger
	// Access is nil where no such system is set up: then people do it by hand. Filing
	// keeps what comes of it.
	Access Access
	Filing Filing
	// Survey is nil where no such system is set up: then no place can be checked.
	Survey Surveyor
	// Mover is nil where no system is set up in which repositories are.
	Mover Mover
	// Invitations is nil where nothing writes into people's calendars.
	Invitations Invitations
	// Calendars is nil where nothing lives longer than its calendar.
	Calendars Calendars
}
