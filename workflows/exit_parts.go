package workflows

import (
	"time"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// ExitPartInput is what each part of an exit is given: a knowledge transfer, a hand-over,
// a revocation, a return of data.
type ExitPartInput struct {
	Common
	// Order is what was asked for; the steps are those of its mode.
	Order exit.Order `json:"order"`
	// Plan is the digest of the signed exit plan, Roster that of the vendor's accounts,
	// Contract that of the executed copy; empty: there is none.
	Plan     string `json:"plan,omitempty"`
	Roster   string `json:"roster,omitempty"`
	Contract string `json:"contract,omitempty"`
	// Repositories is the digest of the list of repositories (custody.List), under the ids
	// of their assets; empty: nobody listed them.
	Repositories string `json:"repositories,omitempty"`
	// Evidence is the digest of what another part knows of the repositories; empty: nothing.
	// Copied says that one copies them now: what it has is told by NewsCopied, and nobody
	// copies them beside it.
	Evidence string `json:"evidence,omitempty"`
	Copied   bool   `json:"copied,omitempty"`
	// Areas and Assets are what the signed plan names.
	Areas  []exit.Area  `json:"areas,omitempty"`
	Assets []exit.Asset `json:"assets,omitempty"`
	// Before are matters that were done in an earlier run, by people of a vendor who does not
	// come after all: what they learnt is shown by the owner, what they took is the owner's to
	// take. The areas and assets are theirs then.
	Before []exit.Matter `json:"before,omitempty"`
	// Copies are those here that are not kept for ever, of a return of data; CopiesOf is the
	// case that took the vendor on board, which may have them instead of their own.
	Copies   []engagement.Expiry `json:"copies,omitempty"`
	CopiesOf string              `json:"copiesOf,omitempty"`
	// Due is when the exit wants it done.
	Due time.Time `json:"due,omitzero"`
	// SameDay: access is cut at once, before anybody is asked (for cause, after two of
	// the emergency list said so).
	SameDay bool `json:"sameDay,omitempty"`
	// Stays: a revocation says when its last look was made, and stays until the exit has
	// no more for it: what is handed over late brings accesses along.
	Stays bool `json:"stays,omitempty"`
}

// ExitPartResult is what a part of an exit came to.
type ExitPartResult struct {
	Result string `json:"result"` // done, incomplete, withdrawn
	By     string `json:"by,omitempty"`
	// Matters are the certificate's lines that it answers for.
	Matters []exit.Matter `json:"matters,omitempty"`
	// Rehearsed are its steps, of a drill alone.
	Rehearsed []exit.Rehearsed `json:"rehearsed,omitempty"`
	// Theirs are the names of those matters that are done by people of the vendor who comes
	// after, Successor is that vendor; empty: none is.
	Theirs    []string `json:"theirs,omitempty"`
	Successor string   `json:"successor,omitempty"`
	// Backups outlive the exit.
	Backups  []exit.Backup       `json:"backups,omitempty"`
	Expiries []engagement.Expiry `json:"expiries,omitempty"`
	// Copies are those that it was handed and that are here still, where it came to no end.
	Copies []engagement.Expiry `json:"copies,omitempty"`
	// Roster is the digest of the vendor's accounts as people confirmed them; empty: it is
	// another part's to say.
	Roster   string      `json:"roster,omitempty"`
	Recused  []string    `json:"recused,omitempty"`
	Declared []string    `json:"declared,omitempty"`
	Stated   []Statement `json:"stated,omitempty"`
	// Outward is whom of the vendor's people it asked.
	Outward Outward `json:"outward,omitzero"`
}

// PartNews tells a part of an exit what it has to know while it runs. A revocation, for
// one, is told when the new work is operational, and only then cuts. A part tells its
// exit, by the same signal, that the vendor does not answer, or what it found.
type PartNews struct {
	Word string `json:"word"`
	// Document is the digest of what was found, Assets what it is.
	Document string       `json:"document,omitempty"`
	Assets   []exit.Asset `json:"assets,omitempty"`
	// Repositories is the digest of the list that has the repositories among them.
	Repositories string `json:"repositories,omitempty"`
	// Successor is the vendor who comes after, by its slug; empty: nobody does.
	Successor string `json:"successor,omitempty"`
}

// Words of PartNews.
const (
	// NewsGo: what the part waits for is there. A revocation cuts now.
	NewsGo = "go"
	// NewsFound: somebody found something more; Assets are what it is. A part says it to
	// its exit, and the exit to the hand-over.
	NewsFound = "found"
	// NewsLooked: a revocation says that its last look was made and that nothing blocks.
	// NewsEnough: the exit says that nothing comes that it would have to look at again.
	NewsLooked = "looked"
	NewsEnough = "enough"
	// NewsSilent: a part says that the vendor owes it something and is silent; NewsAnswered
	// that it is silent no longer.
	NewsSilent   = "silent"
	NewsAnswered = "answered"
	// NewsCopied: repositories were copied, as Document says, or as an empty one says were
	// not. A part says it to its exit, and the exit to the hand-over.
	NewsCopied = "copied"
	// NewsAlone: the exit gave up waiting for the vendor. What the vendor owes is done
	// from our side, or stays open and is said so.
	NewsAlone = "alone"
	// NewsSuccessor: another vendor comes after, or none. What people of the one before were
	// to receive is the owner's.
	NewsSuccessor = "successor"
)

// Results of an exit's parts.
const (
	ResultDone       = "done"
	ResultIncomplete = "incomplete"
)
