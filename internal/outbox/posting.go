package outbox

import "time"

// PostingKind is what a posting is.
type PostingKind string

// Kinds of postings. A card, a home page and a board follow a state for as long
// as it can change; the others are said once.
const (
	Card    PostingKind = "card"    // one request for one person, with its buttons
	Home    PostingKind = "home"    // a person's own page
	Board   PostingKind = "board"   // one case in the channel of cases, on top of its thread
	Line    PostingKind = "line"    // under a board: one thing that happened
	Nudge   PostingKind = "nudge"   // still waiting for you: at most one a person and day
	Word    PostingKind = "word"    // a manager's or owner's eye is wanted
	Tidings PostingKind = "tidings" // what became of what somebody asked for
	Verdict PostingKind = "verdict" // what became of an answer that was received and not yet counted
)

// PostingState is where a posting is on its way.
type PostingState string

// States. A posting that may have been posted and is not known to (a lost reply)
// stays Due: it is posted again, and whichever of the twins somebody presses is
// found by its ticket and follows from then on.
const (
	Due       PostingState = "due"       // not posted yet
	Standing  PostingState = "standing"  // it stands somewhere and follows its state
	Said      PostingState = "said"      // posted, and nothing of it can change any more
	Unreached PostingState = "unreached" // its person can't be reached here; another channel has it
	Stale     PostingState = "stale"     // nothing to say any more when its time came
)

// Posting is one thing that somebody, or a channel of people, sees in a chat. Like
// a letter it is a row before it is a message, and its text is made from the
// record where it is posted. It may stand at several places (Place).
type Posting struct {
	// ID is the same for every attempt to put it here: card/PERSON/REQUEST,
	// home/PERSON, board/CASE, line/ANSWER, nudge/NOTICE, word/NOTICE,
	// tidings/REQUEST/TIME, verdict/ANSWER.
	ID      string      `json:"id"`
	Kind    PostingKind `json:"kind"`
	Person  string      `json:"person,omitempty"` // empty: it is for the channel of cases
	Case    string      `json:"case,omitempty"`
	Request string      `json:"request,omitempty"`
	// Requests of a nudge or word, which may be about several.
	Requests []string `json:"requests,omitempty"`
	Why      string   `json:"why,omitempty"` // of the notice; of a line what happened
	// Answer that a line or verdict is about.
	Answer string `json:"answer,omitempty"`
	// Notice is what was to be told, for the channel that has it instead.
	Notice    string    `json:"notice,omitempty"`
	Rehearsal bool      `json:"rehearsal,omitempty"`
	At        time.Time `json:"at,omitzero"` // case time
	Made      time.Time `json:"made"`        // real time, as all below

	// What follows changes while it is on its way.

	State PostingState `json:"state"`
	// Wanted rises whenever what it shows may have changed; Shown is the Wanted at
	// which it was last looked at, whatever came of that.
	Wanted int `json:"wanted"`
	Shown  int `json:"shown"`
	// Next is when it is worth looking at; zero: when it is wanted anew.
	Next  time.Time `json:"next"`
	Tries int       `json:"tries,omitempty"`
	Fault string    `json:"fault,omitempty"` // the class of the last fault
}

// Place is one message that shows a posting. Mostly there is one; after a lost
// reply there may be two.
type Place struct {
	Posting string `json:"posting"`
	// Channel and Stamp are the chat's own names of the conversation and the
	// message in it.
	Channel string `json:"channel"`
	Stamp   string `json:"stamp"`
	// Digest is that of what it shows, so that the same is not sent twice.
	Digest string `json:"digest,omitempty"`
	// Gone: the chat says that it can't be changed any more, or is not there.
	Gone bool      `json:"gone,omitempty"`
	Made time.Time `json:"made"`
}

// Looked is what became of looking at a posting.
type Looked struct {
	State PostingState
	// Shown is the posting's Wanted as it was read before looking; its Shown where
	// it was only put off. A posting that is wanted anew meanwhile stays so.
	Shown int
	// Next is when it is worth looking at again; zero: when it is wanted anew. What
	// was wanted anew meanwhile is looked at no later than that want said, but what
	// was put off, or tried in vain, not before Next.
	Next  time.Time
	Fault string
	// Tried counts this as a try that failed.
	Tried bool
}

// Want says which postings may show something else now. Exactly one field besides
// At and Kinds is set.
type Want struct {
	ID, Request, Case, Person string
	// Kinds: only these; empty: all. Of them what is due or stands, and cards, homes
	// and boards that were said: those stand again.
	Kinds []PostingKind
	// At is the earliest instant worth looking at them: the same posting wanted
	// many times within a moment is looked at once.
	At time.Time
}
