package outbox

import "time"

// Kind is what a letter is about.
type Kind string

// Kinds of letters.
const (
	Asked    Kind = "asked"    // a request opened to this person, or came to them
	Reminder Kind = "reminder" // merged into one digest a day
	Outcome  Kind = "outcome"  // what became of what they asked for
	SignIn   Kind = "sign-in"  // a one-time link and its code
)

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
	// Link is the id of the one-time link of a SignIn letter.
	Link      string    `json:"link,omitempty"`
	Rehearsal bool      `json:"rehearsal,omitempty"`
	At        time.Time `json:"at,omitzero"` // case time of the notice
	Made      time.Time `json:"made"`        // real time, as all below
	// Next is when it is worth a try.
	Next    time.Time `json:"next"`
	State   State     `json:"state"`
	Tries   int       `json:"tries,omitempty"`
	Message string    `json:"message,omitempty"` // Message-ID of the mail it left in
	Changed time.Time `json:"changed,omitzero"`  // when it came to its state
	// Fault is the class of the last fault, never the server's words: those hold
	// addresses.
	Fault string `json:"fault,omitempty"`
}
