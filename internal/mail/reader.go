package mail

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"gangway/internal/access"
	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Desk is where what people write goes.
type Desk interface {
	Answer(ctx context.Context, a review.Answer) (review.Outcome, error)
	Note(ctx context.Context, n review.Note) error
	// TakeDocument takes in what a vendor's person delivers for a request. A
	// Reading with a Fault is an answer and no error: the document was not taken.
	TakeDocument(ctx context.Context, who review.Address, request, name, declared string, content []byte) (engagement.Reading, error)
}

// Records is what reading mail needs of the record and the working tables.
type Records interface {
	// Put and Get keep the raw mails.
	Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error)
	Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error)

	PutArrival(ctx context.Context, a arrivals.Arrival) (kept arrivals.Arrival, first bool, err error)
	SettleArrival(ctx context.Context, a arrivals.Arrival) error
	Arrival(ctx context.Context, id string) (arrivals.Arrival, error)
	Arrivals(ctx context.Context, by, of string, most int) ([]arrivals.Arrival, error)
	Cursor(ctx context.Context, mailbox string) (arrivals.Cursor, error)
	PutCursor(ctx context.Context, c arrivals.Cursor) error

	Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error

	TicketBy(ctx context.Context, hash string) (access.Ticket, error)
	Request(ctx context.Context, id string) (review.Request, error)
	CaseHead(ctx context.Context, id string) (dossier.CaseView, error)
	Person(ctx context.Context, id string) (p playbook.Person, revision int, err error)
	Letters(ctx context.Context, w outbox.Which) ([]outbox.Letter, error)
}

// Outgoing is the other half of mail: Post.
type Outgoing interface {
	// ReplyToArrival answers a mail, to somebody on record and never to whom the
	// mail names as its sender.
	ReplyToArrival(ctx context.Context, l outbox.Letter) (kept bool, err error)
	Bounced(ctx context.Context, b Bounce) error
}

// ReaderOptions is what a Reader needs. Mailbox, Store, Desk and Outgoing must be
// there.
type ReaderOptions struct {
	Mailbox  Mailbox
	Store    Records
	Desk     Desk
	Outgoing Outgoing
	Trust    Trust
	// Local is the part of our reply addresses before the plus; empty: gangway.
	Local string
	Log   *slog.Logger
	// Now is the real clock; nil: time.Now.
	Now func() time.Time
	// Idle is how long nothing is heard before the mailbox is looked at anyway; 0:
	// 9 minutes, and 2 where there is no IDLE or it has missed something.
	Idle, Poll time.Duration
	// Every is how often the lease is renewed; 0: 15 s. It lasts three times as long.
	Every time.Duration
	// Lanes is how many mails are in work at once; 0: 8.
	Lanes int
}

// Reader works off a mailbox: one process of a fleet at a time.
type Reader struct {
	o      ReaderOptions
	holder string

	mu     sync.Mutex
	looked time.Time
	fault  error
	// doubt: a mail was found that nobody had signalled.
	doubt bool
}

// NewReader checks the options and returns a Reader that reads nothing yet.
func NewReader(o ReaderOptions) (*Reader, error) {
	if o.Mailbox == nil || o.Store == nil || o.Desk == nil || o.Outgoing == nil {
		return nil, errors.New("setting up the reading of mail: it needs a mailbox, a store, a desk and the outgoing mail")
	}
	var err error
	if o.Trust, err = o.Trust.whole(); err != nil {
		return nil, err
	}
	if o.Local == "" {
		o.Local = "gangway"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Idle <= 0 {
		o.Idle = 9 * time.Minute
	}
	if o.Poll <= 0 {
		o.Poll = 2 * time.Minute
	}
	if o.Every <= 0 {
		o.Every = 15 * time.Second
	}
	o.Trust.LookupTXT = newKeyring(o.Trust.LookupTXT, o.Now).lookup
	if o.Lanes <= 0 {
		o.Lanes = mostLanes
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	o.Local = strings.ToLower(o.Local)
	return &Reader{o: o, holder: "mailbox-" + hex.EncodeToString(id[:])}, nil
}

func (r *Reader) now() time.Time { return r.o.Now().UTC().Round(0) }

// Health is how the reading of mail goes.
type Health struct {
	// Looked is when the mailbox was looked at last, by this process; zero: never,
	// or another process reads it.
	Looked time.Time
	// Oldest is when the oldest mail came that isn't worked off; zero: there is none.
	Oldest time.Time
	// Fault is why the mailbox can't be read; nil: it can.
	Fault error
}

// Health says how it goes.
func (r *Reader) Health(ctx context.Context) (Health, error) {
	kept, err := r.o.Store.Arrivals(ctx, "kept", "", 1)
	if err != nil {
		return Health{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := Health{Looked: r.looked, Fault: r.fault}
	if len(kept) > 0 {
		h.Oldest = kept[0].Came
	}
	return h, nil
}

func (r *Reader) said(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = err
}
