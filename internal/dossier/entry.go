package dossier

import (
	"time"

	"gangway/internal/calendar"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Register is the chain of everything that belongs to no single case.
const Register = "register"

// Kind names what an entry says.
type Kind string

// Kinds of entries. A request's facts are all of kind Request; which fact it is
// stands in the fact.
const (
	CaseOpened     Kind = "case-opened"
	CaseClosed     Kind = "case-closed"
	ProcessStarted Kind = "process-started"
	ProcessEnded   Kind = "process-ended"
	StageReached   Kind = "stage"
	TierSet        Kind = "tier"
	Request        Kind = "request"
	DocumentFiled  Kind = "document"
	SentToVendor   Kind = "sent-to-vendor"
	Withdrawn      Kind = "withdrawn"
	Reopened       Kind = "reopened"
	Attempt        Kind = "attempt" // on a process that could not judge it: closed or unknown
	Noted          Kind = "note"
	Jumped         Kind = "jumped" // a rehearsal's clock was moved
	HistoryFiled   Kind = "history"
	PeopleChanged  Kind = "people"
	PlaybookUsed   Kind = "playbook"
	KeyMade        Kind = "key"
	Sealed         Kind = "sealed"
	Erased         Kind = "erased"
	Held           Kind = "held"
	Resumed        Kind = "resumed"
	Corrected      Kind = "corrected"     // an intake fact: Field, Values, Amount, From, Tier
	DPANeed        Kind = "dpa-need"      // whether a data processing agreement is collected: Result, Values are the data
	Examined       Kind = "examined"      // what a delivery looks like to gangway: Document, Version, Looks, Flags, Result
	DPAInForce     Kind = "dpa-in-force"  // in the case and in the register: Document, Version, Starts, Ends, LookAgain
	PilotFrozen    Kind = "pilot"         // by what a pilot is judged, from its start on: Digest of Criteria and Threshold
	Milestone      Kind = "milestone"     // of a pilot: Step, Request, Due, Late and what Result says, delivered, overdue or missing
	ScoresOpened   Kind = "scores-opened" // all have scored, and see each other's: Request, Digest, Score, Threshold, Result is reached or below
	PilotStopped   Kind = "pilot-stopped" // early: by the owner, or by the halfway decision that Step names
	OwnerChanged   Kind = "owner-changed" // Owner, Deputy, Sponsor as they are now
	Replaced       Kind = "replaced"      // in the register: one person by another
	AccessChanged  Kind = "access"        // in the register: Result says what, Name is the id of the token, Owner whose it is
	AwaySet        Kind = "away"          // in the register: Person said that they are away in [Starts, Ends), By stands in; without Ends what stood is ended
	Bound          Kind = "bound"         // in the register: an address of Channel is Person's from now on; Result says how
	Unbound        Kind = "unbound"       // in the register: it is no longer; Result says why
	MailFiled      Kind = "mail"          // a mail that came: Document is what it is in full, Result what it turned out to be (arrivals.Kind), Values what kept it from deciding, Outcome.Status what became of it
	Evidence       Kind = "evidence"      // an item of a due diligence: Step, Result (playbook.Evidence…), Document, Version counts deliveries, Ends is when it runs out
	RiskSigned     Kind = "risk-record"   // in the case and in the register: Document was signed, Version counts how often it was filled in, Ends is when the first evidence behind it runs out
	AccessStands   Kind = "access-stands" // Name is the step that asked for accesses, Values how each stands, Document the evidence, Result given, not-given, away or form; of an oversight Expiry is the access, Result removed, gone, found, unreachable or by-hand, or of an invitation accepted, not-accepted, invitation-gone, not-seen, unreachable, invited or not-invited
	HandedOver     Kind = "handed-over"   // Parent is the case that goes on with the vendor, Result its process
	ClausesFound   Kind = "clauses"       // of the pack Step in Version: Result says what became of Points: found, missing, carried, touched, wanted
	ClauseWaived   Kind = "clause-waived" // of the pack Step in Version: done without Points until Ends
	CopyExecuted   Kind = "executed"      // Document is the signed copy of Version: Result is same, accepted or sent-back
	MatterSettled  Kind = "matter"        // of an exit: Name is which, Result its state (exit.State), Values why, Document the evidence, By who verified or waived it, Ends until when
	SessionSet     Kind = "session"       // of a knowledge transfer: Name is the area, Version which session of it, Starts when; Result is invited, none, cancelled or held, Values are whose it is, or who was there, by their ids
	ContactChanged Kind = "contact"       // in the register: Person is a contact of Vendor and came to the state Result
)

// Entry is one thing that happened. Nothing in it is free text, a name or an
// address: those stand in the body that archive keeps beside it.
type Entry struct {
	// ID is "process#n" for what a workflow records (n counts from 1 without
	// gaps), "process#desk/<answer id>", "process#activity/<id>/<attempt>" or
	// "process#archive/<k>" for the others. The same id is the same entry.
	ID string `json:"id"`
	// Case names the chain: a case id, or Register.
	Case    string `json:"case"`
	Process string `json:"process"`
	Run     string `json:"run,omitempty"`
	Kind    Kind   `json:"kind"`
	// At is the real instant, CaseAt the case's own; they differ in rehearsals.
	At     time.Time `json:"at"`
	CaseAt time.Time `json:"caseAt"`
	Actor  string    `json:"actor,omitempty"` // person id; empty: gangway itself
	// Answer is the id of the answer or act behind the entry; its text, if any,
	// becomes the entry's body when it is appended.
	Answer string       `json:"answer,omitempty"`
	Fact   *review.Fact `json:"fact,omitempty"`
	Detail *Detail      `json:"detail,omitempty"`
}

// Detail is what an entry says besides the facts of a request. Which fields are
// set depends on the entry's kind.
type Detail struct {
	Vendor     string                 `json:"vendor,omitempty"` // slug
	Owner      string                 `json:"owner,omitempty"`
	Requester  string                 `json:"requester,omitempty"`
	Deputy     string                 `json:"deputy,omitempty"`
	Sponsor    string                 `json:"sponsor,omitempty"`
	Rehearsal  bool                   `json:"rehearsal,omitempty"`
	Tier       engagement.Tier        `json:"tier,omitempty"`
	Playbook   string                 `json:"playbook,omitempty"`
	Digest     string                 `json:"digest,omitempty"` // of a playbook, people file, history or key
	Step       string                 `json:"step,omitempty"`
	Stage      string                 `json:"stage,omitempty"`
	Result     string                 `json:"result,omitempty"` // a machine's word: live, signed, withdrawn
	Parent     string                 `json:"parent,omitempty"`
	Name       string                 `json:"name,omitempty"` // a document's name: contract, vendor, playbook
	Document   string                 `json:"document,omitempty"`
	ReadAs     string                 `json:"readAs,omitempty"` // digest of what was read in Document; empty where that is text itself
	Size       int64                  `json:"size,omitempty"`
	Media      string                 `json:"media,omitempty"`
	Version    int                    `json:"version,omitempty"`
	ForVendor  bool                   `json:"forVendor,omitempty"`
	Clauses    int                    `json:"clauses,omitempty"`
	Comparison *engagement.Comparison `json:"comparison,omitempty"`
	Outcome    *review.Outcome        `json:"outcome,omitempty"`
	Anchor     *calendar.Anchor       `json:"anchor,omitempty"`
	Revision   int                    `json:"revision,omitempty"`
	Entries    []string               `json:"entries,omitempty"` // what an erasure names
	Rule       string                 `json:"rule,omitempty"`
	Written    review.Written         `json:"written,omitzero"`
	// Field of an intake with its corrected value; From is the tier before.
	Field  string          `json:"field,omitempty"`
	Values []string        `json:"values,omitempty"`
	Amount int             `json:"amount,omitempty"`
	From   engagement.Tier `json:"from,omitempty"`
	// Looks is the kind of document that an examined one looks like, Flags what was
	// said of it when it was read.
	Looks engagement.DocumentKind  `json:"looks,omitempty"`
	Flags []engagement.ReadingFlag `json:"flags,omitempty"`
	// LookAgain is when an agreement in force is looked at again.
	LookAgain time.Time `json:"lookAgain,omitzero"`
	// Criteria of a pilot, with the weighted score from 0 to 100 that it needs and the
	// one that it reached.
	Criteria  []engagement.Criterion `json:"criteria,omitempty"`
	Threshold int                    `json:"threshold,omitempty"`
	Score     int                    `json:"score,omitempty"`
	// Due is when a milestone was due, Late the minutes of working time by which it
	// came after that; below zero: before.
	Due  time.Time `json:"due,omitzero"`
	Late int       `json:"late,omitempty"`
	// Points of a checklist that were found missing, by their ids.
	Points []string `json:"points,omitempty"`
	// Steps that a correction added, dropped or kept, by their ids.
	Added   []string `json:"added,omitempty"`
	Dropped []string `json:"dropped,omitempty"`
	Kept    []string `json:"kept,omitempty"`
	// Person is who is replaced, By who takes their place. Of a binding Person is
	// whose the address is, and Digest the address's; of a note, whom it is about.
	Person string `json:"person,omitempty"`
	By     string `json:"by,omitempty"`
	// Request is what a mail is about, Arrived when it was seen first.
	Request string    `json:"request,omitempty"`
	Arrived time.Time `json:"arrived,omitzero"`
	// Starts and Ends are the bounds of an absence, or of an agreement.
	Starts time.Time `json:"starts,omitzero"`
	Ends   time.Time `json:"ends,omitzero"`
	// Channel is what a binding or a note is about, Instead the channel that told
	// somebody whom Channel does not reach.
	Channel string `json:"channel,omitempty"`
	Instead string `json:"instead,omitempty"`
	// Expiry is what is watched, Predecessor the case that this one follows.
	Expiry      *engagement.Expiry `json:"expiry,omitempty"`
	Predecessor string             `json:"predecessor,omitempty"`
}

// Body is the free text that belongs to an entry. It can be erased by rule; the
// chain covers only its salted digest.
type Body struct {
	Inside string `json:"inside,omitempty"`
	Vendor string `json:"vendor,omitempty"`
	// Names holds what ids of the entry stand for (a vendor's name, people of a
	// people file), as text.
	Names []Name `json:"names,omitempty"`
}

// Name is what an id stood for when the entry was written.
type Name struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Erasure says that a body was erased, when and under which rule.
type Erasure struct {
	On   time.Time `json:"on"`
	Rule string    `json:"rule"`
}

// Line is an entry as it stands in its chain.
type Line struct {
	// N counts the lines of a chain from 1 without gaps.
	N     int   `json:"n"`
	Entry Entry `json:"entry"`
	// Conflict: an entry with this id and other content stands earlier; both
	// are kept.
	Conflict bool   `json:"conflict,omitempty"`
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
	// BodyDigest is empty for entries without a body.
	BodyDigest string   `json:"bodyDigest,omitempty"`
	Salt       string   `json:"salt,omitempty"`
	Body       *Body    `json:"body,omitempty"`
	Erased     *Erasure `json:"erased,omitempty"`
}

// Paper is a document in the store.
type Paper struct {
	Digest string `json:"digest"` // "sha256:" and 64 hex digits
	Size   int64  `json:"size"`   // bytes
	Media  string `json:"media"`  // as sniffed, never as claimed
}
