package outbox

import (
	"strconv"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Kind is what a letter is about.
type Kind string

// Kinds of letters.
const (
	Asked    Kind = "asked"    // a request opened to this person, or came to them
	Reminder Kind = "reminder" // merged into one digest a day
	Outcome  Kind = "outcome"  // what became of what they asked for
	SignIn   Kind = "sign-in"  // a one-time link and its code
	// Reply answers a mail that came: it did not count, and why; or it was
	// received. Its id is of ReplyID: a mail is answered once.
	Reply Kind = "reply"
	// Invitation puts a meeting into somebody's calendar, changes it or takes it
	// out.
	Invitation Kind = "invitation"
	// Comment tells the case owner of what the vendor's people wrote, or of one of
	// them who waits for a word; Why says which.
	Comment Kind = "comment"
	// Portal is a new link for a contact who asked for one: Link is the id that
	// access.Key.Link makes the secret of.
	Portal Kind = "portal-link"
	// Checkpoint gives a sealed dossier's checkpoint to the Witness, who is no person of
	// ours. Its id is of CheckpointID: each is mailed once.
	Checkpoint Kind = "checkpoint"
)

// Witness stands where a letter names its person, and is none: the address that
// checkpoints are mailed to. No person's id has such a sign.
const Witness = "@witness"

// CheckpointID is the id of the letter with the checkpoint of a case's dossier that holds
// so many lines.
func CheckpointID(id string, lines int) string {
	return string(Checkpoint) + "/" + id + "/" + strconv.Itoa(lines)
}

// Seal is what the checkpoint of a sealed dossier says, and the checkpoint itself.
type Seal struct {
	SignedAt    time.Time
	Fingerprint string
	// Block is the whole of it as a mail carries it.
	Block string
}

// Why of a Comment.
const (
	WhyAskedBack = "asked-back"    // a contact asks; the text is that of the note
	WhyNotMe     = "not-me"        // a contact says that they are the wrong person
	WhyProposed  = "proposed"      // a contact names a colleague of another domain
	WhyWrote     = "wrote-by-mail" // a contact wrote what is no delivery
	WhyWithdraws = "withdraws"     // a contact says that the vendor withdraws
)

// WhyReceived is the Why of a Reply that says what was taken. Every other one is
// what kept the mail from counting (arrivals.Why), or WhyRefused.
const (
	WhyReceived = "received"
	// WhyRefused: it was an answer, and it did not count; Refusal says why.
	WhyRefused = "refused"
)

// ReplyID is the id of the one letter that answers an arrival.
func ReplyID(arrival string) string { return string(Reply) + "/" + arrival }

// WhyEnded is the Why of an Outcome of a whole case; one of a request has none.
const WhyEnded = "ended"

// State is where a letter is on its way.
type State string

// States. Waiting and Sending are open; the others are final, but Unknown until
// a person says that it may be sent again.
const (
	Waiting State = "waiting"
	Sending State = "sending" // the row says so before the server is spoken to
	Sent    State = "sent"    // the server took it
	Unknown State = "unknown" // it may have been taken: never sent again blindly
	Refused State = "refused" // the server refused it for good, or for too long
	Bounced State = "bounced" // it was taken and came back
	Dropped State = "dropped" // nothing to tell any more when its time came
)

// Failed reports whether the person was not reached, as far as anybody knows.
func (s State) Failed() bool { return s == Refused || s == Bounced }

// Letter is one thing to tell one person. Several may leave as one mail and then
// have one Message.
type Letter struct {
	// ID is the same for every attempt to put it here.
	ID       string   `json:"id"`
	Person   string   `json:"person"`
	Kind     Kind     `json:"kind"`
	Why      string   `json:"why,omitempty"` // of the notice: asked, reminder, backup, manager, owner, vacant
	Case     string   `json:"case,omitempty"`
	Requests []string `json:"requests,omitempty"`
	// Outside: to somebody of the vendor that the case is about.
	Outside bool `json:"outside,omitempty"`
	// Of is the id of the arrival that a Reply answers.
	Of string `json:"of,omitempty"`
	// Refusal of a Reply with WhyRefused.
	Refusal review.Refusal `json:"refusal,omitempty"`
	// Verdict of a Reply with WhyReceived to an answer that counted.
	Verdict review.Verdict `json:"verdict,omitempty"`
	// Papers are what a Reply says of the files that were attached.
	Papers []Paper `json:"papers,omitempty"`
	// Meeting of an Invitation.
	Meeting *Meeting `json:"meeting,omitempty"`
	// Link is the id of the one-time link of a SignIn letter.
	Link string `json:"link,omitempty"`
	// Lines of a Checkpoint: how many the sealed dossier's journal has.
	Lines     int  `json:"lines,omitempty"`
	Rehearsal bool `json:"rehearsal,omitempty"`
	// Again is the id of the letter that a person said to send once more.
	Again string    `json:"again,omitempty"`
	At    time.Time `json:"at,omitzero"` // case time of the notice
	Made  time.Time `json:"made"`        // real time, as all below
	// Until is when it is worth nothing any more; zero: never.
	Until time.Time `json:"until,omitzero"`

	// What follows changes while it is on its way.

	// Next is when it is worth a try.
	Next  time.Time `json:"next"`
	State State     `json:"state"`
	Tries int       `json:"tries,omitempty"`
	// First is when it was tried first.
	First   time.Time `json:"first,omitzero"`
	Message string    `json:"message,omitempty"` // Message-ID of the mail it left in, without brackets
	Changed time.Time `json:"changed,omitzero"`  // when it came to its state
	// Fault is the class of the last fault, never the server's words: those hold
	// addresses.
	Fault string `json:"fault,omitempty"`
	// Repeated: a later letter names this one, so it wants nobody's eye any more.
	Repeated bool `json:"repeated,omitempty"`
}

// Paper is one file that came with a mail, and what became of it.
type Paper struct {
	// Name is the sender's word for it.
	Name string `json:"name"`
	// Digest of its bytes, where it was taken.
	Digest string                   `json:"digest,omitempty"`
	Fault  engagement.ReadingFault  `json:"fault,omitempty"` // empty: it was taken
	Flags  []engagement.ReadingFlag `json:"flags,omitempty"`
}

// Meeting is what an invitation is about (RFC 5545).
type Meeting struct {
	// UID is the same for all invitations to the same meeting, and names no case.
	UID string `json:"uid"`
	// Sequence rises with every change that its people must see.
	Sequence  int    `json:"sequence"`
	Cancelled bool   `json:"cancelled,omitempty"`
	Title     string `json:"title"`
	Text      string `json:"text,omitempty"`
	Where     string `json:"where,omitempty"`
	// From and Until are its bounds, of the first where it comes again.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Every says how often it comes again; empty: it doesn't. It keeps its time on the
	// clock of Zone, a name such as Europe/London.
	Every Rhythm `json:"every,omitempty"`
	Zone  string `json:"zone,omitempty"`
}

// Mail is the letters that leave together, on the point of being sent.
type Mail struct {
	// Message is its Message-ID, which stays the same at every try.
	Message string
	// Token is the digest of what its envelope sender carries, by which a bounce
	// is known.
	Token   string
	Letters []string // ids
	// Person and Day are set for a digest: the person gets one that day.
	Person string
	Day    string
	At     time.Time
}

// Settled is what became of a try.
type Settled struct {
	State State
	// Next is when a Waiting one is worth another try.
	Next  time.Time
	Fault string
	At    time.Time
}
