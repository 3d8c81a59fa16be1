package access

import (
	"time"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// What the vendor's people are shown. These structs hold all that ever reaches
// them besides what they sent themselves, so nothing of the client's inside may
// get a field here.

// Welcome is what a link of the portal says before anybody enters: enough to
// recognise who writes, nothing of what the case is about.
type Welcome struct {
	For    string // the contact's name, masked
	Vendor string // the vendor's name
	Client string
	// Asker is who asks, by name, and Phone where they are reached.
	Asker string
	Phone string
	// Opens: the link can still be used. Of one that can't nothing else is set.
	Opens bool
}

// TaskState is where a task stands, as the vendor is told.
type TaskState string

// States of tasks.
const (
	TaskOpen     TaskState = "open"     // it waits for the vendor
	TaskReceived TaskState = "received" // delivered; the client looks at it
	TaskSentBack TaskState = "back"     // something is missing; another task asks for it
	TaskAccepted TaskState = "accepted"
	TaskOver     TaskState = "over" // no longer asked for
)

// VendorTask is one thing that the vendor is asked to deliver.
type VendorTask struct {
	Request string // id
	Title   string
	// Ask is what is expected, in the playbook's words; Missing what the client
	// wrote to the vendor of what came before.
	Ask     string
	Missing string
	Asker   string // the case owner's name
	Phone   string
	Asked   time.Time // case time, as all times here but those of deliveries
	Due     time.Time // zero: no date
	Now     time.Time // what the case believes the time is
	State   TaskState
	// Rehearsal: nothing in the case is real.
	Rehearsal bool
	// Points are what the task asks for line by line; with Sheet they are a form that
	// the answer fills in.
	Points []engagement.Point
	Sheet  bool
	// Others are the names of colleagues who were asked the same.
	Others     []string
	Deliveries []Delivery
	// Begun are colleagues who have begun to fill the form in and sent nothing yet.
	Begun []Begun
	// Receives is what somebody is given who takes over from another vendor; nil: the task
	// asks their own vendor for something.
	Receives *Receiving
}

// Receiving is what somebody of the vendor who takes over receives with a task: what they
// do or sign for, what it is about, and what was filed of it.
type Receiving struct {
	Seat    string
	Version int
	// Verdicts they may choose from; Reasoned need a reason. Attest are the statements that
	// a yes must carry, Statements their words by their ids.
	Verdicts   []review.Verdict
	Reasoned   []review.Verdict
	Attest     []string
	Statements map[string]string
	// About are the things as the client calls them, Sessions when they were shown, Papers
	// what is written down of them.
	About    []string
	Sessions []time.Time
	Papers   []engagement.Reading
}

// Begun is who saved something of a form last when.
type Begun struct {
	By string    // name
	At time.Time // real instant
}

// Delivery is one answer of the vendor to a task.
type Delivery struct {
	Answer string    // its id
	At     time.Time // real instant of receipt
	By     string    // name; the client's own, where it was filed in the vendor's place
	// ForVendor: the client filed it.
	ForVendor bool
	// Pending: received and kept, and on its way into the case.
	Pending bool
	Papers  []SentPaper
}

// SentPaper is one document that was delivered.
type SentPaper struct {
	Name string // as its sender called it; empty where that is no longer known
	engagement.Reading
}

// Earlier is a document that the vendor delivered to the same ask before, to be
// used again.
type Earlier struct {
	SentPaper
	Title string    // of what it was delivered to
	On    time.Time // when
}

// FilledSheet is a form of the vendor's as it was filled in.
type FilledSheet struct {
	engagement.Sheet
	Digest string    // of the document that holds it
	Title  string    // of what it was filled in for
	On     time.Time // when
}

// AwayOffer is what somebody's mailbox said of their being away, offered to the
// case owner: nothing is believed until they take it.
type AwayOffer struct {
	ID      string    `json:"id"`     // of the note
	Person  string    `json:"person"` // id
	Case    string    `json:"case"`
	Request string    `json:"request,omitempty"`
	At      time.Time `json:"at"`
	From    time.Time `json:"from,omitzero"` // first instant away; zero: At
	Until   time.Time `json:"until"`
	// Taken says who took it, empty while it is only offered.
	Taken string `json:"taken,omitempty"`
}
