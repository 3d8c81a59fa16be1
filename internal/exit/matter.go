package exit

import "time"

// State is what became of something that an exit has to see to.
type State string

// States. Only the first three let a certificate be issued.
const (
	StateDone         State = "done"   // with evidence that the matter names, and verified
	StateWaived       State = "waived" // by somebody named, with a reason, until a day
	StateNotNeeded    State = "not-needed"
	StateOpen         State = "open"
	StateFailed       State = "failed"
	StateFound        State = "found"         // access that is still there
	StateNotCheckable State = "not-checkable" // nobody could see
)

// WhyErased is why copies are done with that nobody was asked about: gangway erased them
// by a rule.
const WhyErased = "erased"

// Matter is one thing that an exit has to see to, and what became of it: a line of the
// certificate.
type Matter struct {
	// ID is unique within the exit: a process id, a colon, and what it is there.
	ID string `json:"id"`
	// Part is the process that sees to it, as its ids begin: exit, transfer, handover,
	// revocation, data-return.
	Part string `json:"part"`
	// Name is a machine's word for what it is: the id of a step, a place, an asset.
	Name  string `json:"name"`
	State State  `json:"state"`
	// Found counts what is still there.
	Found int `json:"found,omitempty"`
	// By waived or verified it; Until is when a waiver ends; Why is a closed word for
	// what could not be done.
	By    string    `json:"by,omitempty"`
	Until time.Time `json:"until,omitzero"`
	Why   string    `json:"why,omitempty"`
	// Document is the digest of the evidence.
	Document string `json:"document,omitempty"`
	// Answer is the id of the answer that decided it.
	Answer string `json:"answer,omitempty"`
}

// WhyNotComing is why a matter that was done is open again: people of a vendor who does not
// come after all learnt it, or took it.
const WhyNotComing = "its-receiver-does-not-come"

// Backup is a copy of the client's data that lives until a day: nobody can delete it
// sooner.
type Backup struct {
	ID string    `json:"id"`
	On time.Time `json:"on"`
	// Document is the digest of the certificate that names it.
	Document string `json:"document,omitempty"`
}
