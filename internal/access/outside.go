package access

import (
	"time"

	"gangway/internal/review"
)

// OutsideTask is what somebody of neither side was asked to read: one document, for
// one seat. It holds all that ever reaches them: nobody else's answer, nothing else of
// the case.
type OutsideTask struct {
	Request string // id
	Seat    string // id
	Title   string
	Ask     string
	Vendor  string // its name
	Asker   string // the case owner's name
	Phone   string
	Asked   time.Time // case time, as all times here
	Due     time.Time // zero: no date
	Now     time.Time // what the case believes the time is
	// Open: their answer is wanted. Answered is the one that stands, nil for none.
	Open      bool
	Answered  *review.Ballot
	Rehearsal bool

	// Version is the newest version of the document, Versions all of them by their
	// numbers and digests, with their sections.
	Version  int
	Versions []review.Version
	// Verdicts they may choose from; Reasoned need a reason. Attest are the statements
	// that an approval must carry, Declaration the one on interests that their first
	// answer must, empty where it stands or none is wanted.
	Verdicts    []review.Verdict
	Reasoned    []review.Verdict
	Attest      []string
	Declaration string
	// Statements are the words of those, by their ids.
	Statements map[string]string
	// ReadAll: the sections that they read are asked for.
	ReadAll bool
}
