package mail

import (
	"context"
	"time"
)

// Mailbox is where mails come in: one folder of one account, and two that worked
// off mails are moved to. It is as narrow as the work is, so that another library
// or protocol could stand behind it. It is used by one goroutine; each call ends
// within its own bound, whatever the server does, and after an error the mailbox
// is closed and may be opened again.
type Mailbox interface {
	// Name is the account and the folder, for the row that says how far it was read.
	Name() string
	// Open connects, signs in and selects. The folders are there afterwards. UIDs
	// mean something as long as validity stays the same.
	Open(ctx context.Context) (validity uint32, err error)
	// After lists what lies in the folder with a UID above last, in their order.
	After(ctx context.Context, last uint32) ([]Waiting, error)
	// Fetch reads a mail and leaves it unread. GoneError: it isn't there any more.
	Fetch(ctx context.Context, uid uint32) ([]byte, error)
	// Head reads the header only.
	Head(ctx context.Context, uid uint32) ([]byte, error)
	// Move moves mails out of the folder; what isn't there any more is no error.
	Move(ctx context.Context, uids []uint32, to Folder) error
	// Signals reports whether Wait hears of new mail before its time is over.
	Signals() bool
	// Wait returns when something may have come, or after most. Whether it did,
	// After tells.
	Wait(ctx context.Context, most time.Duration) error
	Close()
}

// Waiting is a mail that lies in a mailbox.
type Waiting struct {
	UID  uint32
	Size int64 // bytes, as the server says
}

// Folder is where worked off mails go.
type Folder string

// Folders.
const (
	Processed  Folder = "processed"
	Quarantine Folder = "quarantine" // nothing of ours, or not to be read
)

// GoneError says that a mail isn't in the mailbox any more.
type GoneError struct{}

// Error says so.
func (GoneError) Error() string { return "the mail is not in the mailbox any more" }

// NotFound marks the error for callers that know only the small interface.
func (GoneError) NotFound() bool { return true }

// MailboxError says that a mailbox can't be used.
type MailboxError struct {
	doing, hint string
	err         error
	permanent   bool
	after       time.Duration
}

// Error says what was being done.
func (e MailboxError) Error() string { return e.doing + ": " + e.err.Error() }

// Hint says what an operator can do.
func (e MailboxError) Hint() string { return e.hint }

// Unwrap gives the cause.
func (e MailboxError) Unwrap() error { return e.err }

// Permanent reports whether it goes on until an operator changes something.
func (e MailboxError) Permanent() bool { return e.permanent }

// RetryAfter is how long the mailbox had better be left alone.
func (e MailboxError) RetryAfter() time.Duration { return e.after }
