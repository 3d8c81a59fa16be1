package arrivals

import "time"

// Kind is what a message turned out to be.
type Kind string

// Kinds.
const (
	Decision  Kind = "decision"  // an answer that all checks let through; Outcome has what became of it
	Delivered Kind = "delivered" // documents for a delivery
	Comment   Kind = "comment"   // everything else that a person wrote to us: kept, and answered with "not counted yet"
	Away      Kind = "away"      // an out-of-office
	Automatic Kind = "automatic" // another message that no person wrote
	Bounce    Kind = "bounce"    // a delivery report on a mail of ours
	Stray     Kind = "stray"     // nothing in it leads to anything of ours: quarantined
	Unsafe    Kind = "unsafe"    // too large or too deep to be read: quarantined, kept, and its sender told where we know them
)

// State is how far the work on a message is.
type State string

// States. A message that is Kept is worked off again after a crash; one that is
// Settled never is.
const (
	Kept    State = "kept"
	Settled State = "settled"
)

// Arrival is one message. Its row is written with the raw bytes already among the
// documents, and before they are parsed.
type Arrival struct {
	// ID is the same for the same mail wherever and however often it is seen: a
	// digest of what its sender wrote, without what servers on the way put on top.
	ID string `json:"id"`
	// Raw is the digest of the document that holds its bytes as they came first.
	Raw   string    `json:"raw"`
	Size  int64     `json:"size"`
	Came  time.Time `json:"came"` // when it was seen first
	State State     `json:"state"`

	// What follows is set when it is settled.

	Kind Kind `json:"kind,omitempty"`
	// Person, Case and Request are whom and what it is about, where that is known.
	Person  string `json:"person,omitempty"`
	Case    string `json:"case,omitempty"`
	Request string `json:"request,omitempty"`
	// Answer is the id of the answer, act or note that it became.
	Answer string `json:"answer,omitempty"`
	// Why are machine's words for what kept it from deciding, the first that did
	// first.
	Why []Why `json:"why,omitempty"`
	// Outcome is the status of the answer: counted, already counted, pending, or
	// refused.
	Outcome string    `json:"outcome,omitempty"`
	Done    time.Time `json:"done,omitzero"`
}

// Why is what kept a message from being a decision.
type Why string

// What keeps a message from being a decision.
const (
	NoToken      Why = "no-token"      // it carries no address of ours for a request
	OldToken     Why = "old-token"     // of a request that is closed, or a version that is no longer read
	NotAddressee Why = "not-addressee" // its sender is not whom we asked
	ManySenders  Why = "many-senders"  // not exactly one From with exactly one address
	NotAligned   Why = "not-aligned"   // no signature or trusted header says that the sender's domain sent it
	SaysFail     Why = "says-fail"     // a trusted header says that it failed
	IsAutomatic  Why = "automatic"
	Unclear      Why = "unclear"      // its first line is none of the words that count
	NeedsMore    Why = "needs-more"   // a reason, a statement or a document that a line can't give
	CommentOnly  Why = "comment-only" // the step takes no decisions by mail
	NotKnown     Why = "not-known"    // nobody on record has this address
	TooBig       Why = "too-big"
	TooDeep      Why = "too-deep"
	BadDocument  Why = "bad-document" // what was attached could not be taken
)

// Cursor is how far a mailbox was read.
type Cursor struct {
	Mailbox  string    `json:"mailbox"`  // account and folder
	Validity uint32    `json:"validity"` // UIDVALIDITY
	Last     uint32    `json:"last"`     // the highest UID that is done
	At       time.Time `json:"at"`
}
