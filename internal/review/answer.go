package review

import (
	"time"

	"gangway/internal/engagement"
)

// Verdict is the word of an answer.
type Verdict string

// Verdicts. A decision takes the first three, a delivery Delivered, a score
// Scored, a task Done; a request with Options takes those words instead.
const (
	Approve   Verdict = "approve"
	Changes   Verdict = "changes"
	Reject    Verdict = "reject"
	Delivered Verdict = "delivered"
	Scored    Verdict = "scored"
	Done      Verdict = "done"
	Checked   Verdict = "checked" // every point of a checklist has a finding
)

// Score is one criterion's points in an answer to a score request.
type Score struct {
	Criterion string `json:"criterion"`
	Points    int    `json:"points"`
}

// Text is what somebody wrote. It stays in the working tables and the record;
// only digests of it enter a workflow.
type Text struct {
	// Inside is for the client's own people (the default of every reason).
	Inside string
	// Vendor is what the vendor may be told, once the case owner sends it.
	Vendor string
}

// Empty reports whether nothing was written.
func (t Text) Empty() bool { return t.Inside == "" && t.Vendor == "" }

// Written is the salted digests of a Text, safe to enter a workflow.
type Written struct {
	Inside string `json:"inside,omitempty"`
	Vendor string `json:"vendor,omitempty"`
}

// Empty reports whether nothing was written.
func (w Written) Empty() bool { return w.Inside == "" && w.Vendor == "" }

// Answer is one person's answer to one request. A channel fills From, Text and
// what was said; desk fills Person and Written and strips the rest: fields
// without a JSON name never enter a workflow payload.
type Answer struct {
	// ID is the channel's unit of delivery: a form's nonce, a Slack action and
	// user, the digest of a raw mail. The same id is the same answer for ever.
	ID      string `json:"id"`
	Request string `json:"request"`
	// Seat may be empty: then the seat that the person holds is meant.
	Seat string `json:"seat,omitempty"`
	// Version is the version that the person had before them; 0 where the
	// request has none.
	Version   int      `json:"version,omitempty"`
	Verdict   Verdict  `json:"verdict"`
	Attest    []string `json:"attest,omitempty"`
	Scores    []Score  `json:"scores,omitempty"`
	Documents []string `json:"documents,omitempty"` // digests of what was delivered
	// Findings are what was found for the points of a checklist.
	Findings []engagement.Finding `json:"findings,omitempty"`
	// Read are the sections that the person says they read: "all", or ranges of
	// labels such as "4-9".
	Read []string `json:"read,omitempty"`
	// ForVendor marks what the case owner files in the vendor's place, where the
	// seat is the vendor's; the reason then says where it came from.
	ForVendor bool    `json:"forVendor,omitempty"`
	Person    Person  `json:"person"`
	Written   Written `json:"written,omitzero"`
	Channel   string  `json:"channel"`
	// At is the real instant of receipt.
	At time.Time `json:"at"`

	From Address `json:"-"`
	Text Text    `json:"-"`
	// Words are what was written for points, by their ids; desk keeps them in a
	// Sheet, whose digest is then the last of Documents.
	Words map[string]string `json:"-"`
}

// ActKind names what somebody does to a request or a process besides answering.
type ActKind string

// Acts. The first five are about one request and are judged here; the others
// are about a process and are judged by its workflow.
const (
	TakeBack ActKind = "take-back"
	Recuse   ActKind = "recuse"
	Delegate ActKind = "delegate"
	Snooze   ActKind = "snooze"
	Read     ActKind = "read" // Sections: more of the document was read

	Withdraw ActKind = "withdraw"
	Reopen   ActKind = "reopen"
	Stop     ActKind = "stop"   // a pilot ends early; an exit ends without a certificate
	Submit   ActKind = "submit" // a new version of a document
	// Settle says of an exit who does the work then: Name is the word (exit.After), Values
	// are the slug of the vendor who takes over and the case of their onboarding, if there
	// is one.
	Settle ActKind = "settle"

	// What the case owner steers a running case by. None of them takes a
	// mandatory or veto seat away.
	Extend      ActKind = "extend" // Step or Request, Until: the group's new due date
	Hold        ActKind = "hold"
	Resume      ActKind = "resume"
	Ask         ActKind = "ask"      // To; the text is the question
	AddSeat     ActKind = "add-seat" // Step or Request, Role or To, Seat, Group, Mandatory
	Correct     ActKind = "correct"  // Field, Values or Amount, Digest of what was previewed
	SendChanges ActKind = "send-changes"

	// Undelivered says that a request did not reach its person after all.
	Undelivered ActKind = "undelivered"
)

// Steers reports whether an act is one by which the owner steers a running case.
func (k ActKind) Steers() bool {
	switch k {
	case Extend, Hold, Resume, Ask, AddSeat, Correct, SendChanges:
		return true
	}
	return false
}

// Act is something that a person does to a request or a process. As with an
// Answer, From and Text stay outside the workflow.
type Act struct {
	ID      string  `json:"id"`
	Kind    ActKind `json:"kind"`
	Process string  `json:"process"`
	// Request is empty for acts on the whole process.
	Request string `json:"request,omitempty"`
	Seat    string `json:"seat,omitempty"`
	// Step names what is reopened.
	Step   string `json:"step,omitempty"`
	Person Person `json:"person"`
	// To is whom a delegation goes to, whom a question is for, who gets a seat.
	To Person `json:"to,omitzero"`
	// Until ends a delegation or a snooze, and is the due date of an extension,
	// in case time.
	Until time.Time `json:"until,omitzero"`
	// Role of an added seat; empty: the seat is To's. Group counts from 1; 0 is
	// the group that is being asked.
	Role      string `json:"role,omitempty"`
	Group     int    `json:"group,omitempty"`
	Mandatory bool   `json:"mandatory,omitempty"`
	// Field of the intake that is corrected, with its new value.
	Field  string   `json:"field,omitempty"`
	Values []string `json:"values,omitempty"`
	Amount int      `json:"amount,omitempty"`
	// Digest of the preview that the person saw.
	Digest string `json:"digest,omitempty"`
	// Name is the document's name ("contract"), Document its content digest.
	Name     string `json:"name,omitempty"`
	Document string `json:"document,omitempty"`
	// Sections that were read, as in Answer.Read.
	Sections []string `json:"sections,omitempty"`
	// Version is the one in which they were read.
	Version int `json:"version,omitempty"`
	// ForVendor marks something filed on the vendor's behalf.
	ForVendor bool      `json:"forVendor,omitempty"`
	Written   Written   `json:"written,omitzero"`
	Channel   string    `json:"channel"`
	At        time.Time `json:"at"`

	From Address `json:"-"`
	// ToID names the delegate before desk has looked them up.
	ToID string `json:"-"`
	Text Text   `json:"-"`
}

// NoteKind names what a channel reports without anybody having decided.
type NoteKind string

// Notes.
const (
	NoteComment     NoteKind = "comment"
	NoteAway        NoteKind = "away"
	NoteUndelivered NoteKind = "undelivered"
	// NoteUnreached: a channel can't reach somebody; another one told them.
	NoteUnreached NoteKind = "unreached"
	// What desk notes of the vendor's people: that a document was not taken, that one of
	// them came to another state, and that whoever takes over opened what they were given.
	NoteDocument NoteKind = "document-refused"
	NoteContact  NoteKind = "contact"
	NoteOpened   NoteKind = "document-opened"
	// NoteWithdraws: the vendor says that it withdraws. It ends nothing: that is the
	// case owner's to decide.
	NoteWithdraws NoteKind = "vendor-withdraws"
)

// Note is something worth recording that is neither an answer nor an act.
type Note struct {
	ID      string   `json:"id"`
	Kind    NoteKind `json:"kind"`
	Case    string   `json:"case"`
	Request string   `json:"request,omitempty"`
	// Person is whom a request did not reach, or whose mailbox says that they are
	// away.
	Person string `json:"person,omitempty"`
	// Reason is why the channel does not reach the person, one of the words below;
	// Instead is the channel that told them, empty where none could. Both are for
	// NoteUnreached.
	Reason  string    `json:"reason,omitempty"`
	Instead string    `json:"instead,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
	From    Address   `json:"-"`
	Text    Text      `json:"-"`
}

// Why a channel does not reach somebody: words of ours, since the record has no
// room for a server's.
const (
	UnreachedNoAccount   = "no-account"      // nobody there is bound to them
	UnreachedNoMailMatch = "no-mail-match"   // nobody there has their mail address, or not exactly one
	UnreachedGuest       = "guest"           // a guest of the workspace
	UnreachedBot         = "bot"             // a program
	UnreachedDeleted     = "deleted"         // the account is deactivated
	UnreachedElsewhere   = "other-workspace" // a member of another organisation's workspace
	UnreachedDisabled    = "disabled"        // the channel takes nothing for the account
)
