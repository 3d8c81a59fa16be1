package slack

import (
	"context"
	"io"
	"time"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Store is what the writing side needs of the record and the working tables.
type Store interface {
	Person(ctx context.Context, id string) (p playbook.Person, revision int, err error)
	People(ctx context.Context) ([]playbook.Person, int, error)
	// CaseHead is a case without its requests.
	CaseHead(ctx context.Context, id string) (dossier.CaseView, error)
	Case(ctx context.Context, id string) (dossier.CaseView, error)
	CasesOf(ctx context.Context, person string, most int) ([]dossier.CaseView, error)
	Request(ctx context.Context, id string) (review.Request, error)
	Waiting(ctx context.Context, person string) ([]review.Request, error)
	// Answered lists what a person answered last, the newest answer first.
	Answered(ctx context.Context, person string, most int) ([]review.Request, error)
	Vendor(ctx context.Context, slug string) (string, bool, error)
	Text(ctx context.Context, answerID string) (review.Text, bool, error)
	Receipt(ctx context.Context, answerID string) (review.Outcome, bool, error)
	QueuedOf(ctx context.Context, person string) ([]review.Queued, error)
	Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)
	PutTicket(ctx context.Context, t access.Ticket) error
	// EndedCases are cases that are over, of which somebody was told and nobody yet
	// of their end.
	EndedCases(ctx context.Context) ([]string, error)
	Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error

	// PutPosting keeps a posting once, as it came first.
	PutPosting(ctx context.Context, p outbox.Posting) error
	Posting(ctx context.Context, id string) (outbox.Posting, error)
	// Postings lists what is Due or Standing and worth looking at: Next is set and
	// not after now. The longest due first, at most that many.
	Postings(ctx context.Context, now time.Time, most int) ([]outbox.Posting, error)
	// WantPostings raises Wanted and lets Next be no later than w.At.
	WantPostings(ctx context.Context, w outbox.Want) error
	SettlePosting(ctx context.Context, id string, l outbox.Looked) error
	// Places lists where a posting stands, those that are gone left out.
	Places(ctx context.Context, posting string) ([]outbox.Place, error)
	// PutPlace writes one, new or changed, by its Channel and Stamp. A new one without
	// a Digest wants its posting, in the same write.
	PutPlace(ctx context.Context, p outbox.Place) error
	// PlaceAt is the place of a message; NotFound.
	PlaceAt(ctx context.Context, channel, stamp string) (outbox.Place, error)

	// Untold lists entries of these kinds, made since then, of cases that have a board
	// and no line of them below it: the oldest first, not all at once.
	Untold(ctx context.Context, since time.Time, kinds []dossier.Kind) ([]dossier.Entry, error)
	// CaseEntry is an entry of a case by its id; NotFound.
	CaseEntry(ctx context.Context, caseID, id string) (dossier.Entry, error)

	// BindingsOf are a person's addresses in a channel, the newest first.
	BindingsOf(ctx context.Context, channel, person string) ([]access.Binding, error)
}
