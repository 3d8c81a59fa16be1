package review

import "time"

// Status is what became of an answer or an act.
type Status string

// Statuses.
const (
	// Counted: it is in the request's state and will be in the record.
	Counted Status = "counted"
	// Already: the same answer was counted before; nothing changed.
	Already Status = "already"
	// Pending: durably received, not yet delivered to the process.
	Pending Status = "pending"
	// Refused: it does not count; Refusal says why.
	Refused Status = "refused"
)

// Refusal is why an answer or an act does not count.
type Refusal string

// Refusals. Sentence says each in words for people.
const (
	Unknown       Refusal = "unknown-request"
	UnknownPerson Refusal = "unknown-person"
	NotActive     Refusal = "not-active"
	NoSeat        Refusal = "no-seat"
	WhichSeat     Refusal = "which-seat"
	OwnRequest    Refusal = "own-request"
	VendorPerson  Refusal = "vendor-person"
	OneSeat       Refusal = "one-seat"
	IsRecused     Refusal = "recused"
	NotYet        Refusal = "not-yet"
	Settled       Refusal = "group-settled"
	Stale         Refusal = "stale"
	NoVersion     Refusal = "no-such-version"
	Answered      Refusal = "answered"
	Closed        Refusal = "closed"
	NeedsReason   Refusal = "needs-reason"
	NeedsAttest   Refusal = "needs-attestation"
	NeedsDocument Refusal = "needs-document"
	WrongVerdict  Refusal = "wrong-verdict"
	NotOwner      Refusal = "not-owner"
	NotYours      Refusal = "not-yours"
	BadDelegate   Refusal = "bad-delegate"
	TooDeep       Refusal = "delegation-too-deep"
	Circle        Refusal = "delegation-circle"
	BadTime       Refusal = "bad-time"
	WrongAct      Refusal = "wrong-act"
	Duplicate     Refusal = "duplicate-document"
	Unreadable    Refusal = "unreadable-document"
	OnHold        Refusal = "on-hold"
	NotOnHold     Refusal = "not-on-hold"
	NotLater      Refusal = "not-later"
	SeatThere     Refusal = "seat-is-there"
	TooMany       Refusal = "too-many-seats"
	BadPerson     Refusal = "bad-person"
	NoChanges     Refusal = "no-changes-wanted"
	Outdated      Refusal = "outdated-preview"
	NoField       Refusal = "no-such-field"
	NeedsBrowser  Refusal = "needs-browser"
	VendorSeat    Refusal = "vendor-seat"
	NoVendorSeat  Refusal = "no-vendor-seat"
	NeedsSource   Refusal = "needs-source"
	NeedsFindings Refusal = "needs-findings"
	NeedsWords    Refusal = "needs-words-for-the-vendor"
	CommentsOnly  Refusal = "comments-only"
	NeedsInterest Refusal = "needs-declaration"
	NeedsScores   Refusal = "needs-scores"
	NoSection     Refusal = "no-such-section"
	OwnWork       Refusal = "own-work"
	TooFar        Refusal = "too-far-ahead"
	NoReturn      Refusal = "no-return"
)

// Outcome is what the person who answered is told.
type Outcome struct {
	Status  Status  `json:"status"`
	Refusal Refusal `json:"refusal,omitempty"`
	Request string  `json:"request,omitempty"`
	Seat    string  `json:"seat,omitempty"`
	Version int     `json:"version,omitempty"`
	Verdict Verdict `json:"verdict,omitempty"`
	// By and At name the answer that stands: the person's own when it counted,
	// the other's when this one came second.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"` // case time
	// State is the request's state after it.
	State State `json:"state,omitempty"`
	// Missing names attestations that an approval still needs, or points of a
	// checklist that have no finding.
	Missing []string `json:"missing,omitempty"`
}

// OK reports whether the answer stands or will be delivered.
func (o Outcome) OK() bool { return o.Status != Refused }

// Sentence says a refusal to the person whose answer was refused. All channels
// use these words.
func (r Refusal) Sentence() string {
	switch r {
	case Unknown:
		return "There is no such request."
	case UnknownPerson:
		return "We don't know who you are, so nothing was counted."
	case NotActive:
		return "You are no longer listed as active, so your answer does not count."
	case NoSeat:
		return "You hold no seat in this request."
	case WhichSeat:
		return "You hold more than one seat here: say which one you answer for."
	case OwnRequest:
		return "You asked for this yourself; nobody answers their own request."
	case VendorPerson:
		return "People of the vendor never hold a seat of the client."
	case OneSeat:
		return "You have already answered for another seat of this request; one person fills one seat."
	case IsRecused:
		return "You declared a conflict of interest in this matter, so you no longer answer in it."
	case NotYet:
		return "Your group has not been asked yet."
	case Settled:
		return "Your group has all the approvals it needs, so nothing more is asked of it."
	case Stale:
		return "A newer version changed what you were asked to read; please read it and answer again."
	case NoVersion:
		return "There is no such version."
	case Answered:
		return "This seat has already answered."
	case Closed:
		return "This request is closed."
	case NeedsReason:
		return "A reason is needed."
	case NeedsAttest:
		return "An approval needs every statement confirmed."
	case NeedsDocument:
		return "A delivery needs a document."
	case WrongVerdict:
		return "That is not one of the answers to this request."
	case NotOwner:
		return "Only the case owner can do this."
	case NotYours:
		return "That is not your answer."
	case BadDelegate:
		return "This person can't take the seat (not active, the requester, of the wrong side, recused, or already in another seat)."
	case TooDeep:
		return "This seat has been passed on too often already."
	case Circle:
		return "This would pass the seat back to somebody who passed it on."
	case BadTime:
		return "The time given is not in the future."
	case WrongAct:
		return "That can't be done here now."
	case NoReturn:
		return "The point of no return is passed: the exit can be finished, or stopped without a certificate."
	case Duplicate:
		return "This is exactly the text of a version that is already there."
	case Unreadable:
		return "This document can't be read as text."
	case OnHold:
		return "The case is on hold; resume it first."
	case NotOnHold:
		return "The case is not on hold."
	case NotLater:
		return "The new due date is not later than the one that stands."
	case SeatThere:
		return "That seat is there already."
	case TooMany:
		return "This step has as many seats as a step can have."
	case BadPerson:
		return "This person can't be asked (not active, of a vendor, recused, or the one who asks)."
	case NoChanges:
		return "Nobody has asked for changes in this round."
	case Outdated:
		return "The case has moved since this was shown to you; look at it again."
	case NoField:
		return "That is no field that can be corrected, or it would stay as it is."
	case NeedsBrowser:
		return "This step is answered in the browser, signed in."
	case VendorSeat:
		return "This is the vendor's to deliver; the case owner may file it in the vendor's place, saying where it came from."
	case NoVendorSeat:
		return "Nothing here is the vendor's to deliver, so nothing can be filed in the vendor's place."
	case NeedsSource:
		return "What is filed in the vendor's place needs its source: say where it came from."
	case CommentsOnly:
		return "Mail may comment on this step, not decide it; answer on the page that the mail leads to."
	default:
		return r.lacking()
	}
}

// lacking says what is wrong with what somebody filled in, read or delivered.
func (r Refusal) lacking() string {
	switch r {
	case NeedsFindings:
		return "Every point needs one finding: where it stands, that it is missing, or its date."
	case NeedsWords:
		return "The vendor is told of this: write what they are to read."
	case NeedsInterest:
		return "Say first whether you have an interest of your own in this vendor: it is asked with your first answer in a case."
	case NeedsScores:
		return "Give points for every criterion, none above its best score."
	case TooFar:
		return "That date is farther ahead than the playbook allows: name an earlier day. It can be renewed again before that day comes."
	case NoSection:
		return "The document has no such section; name them as they are labelled, as in 4-9, or say all."
	case OwnWork:
		return "You delivered what is judged here: somebody else says whether it will do."
	default:
		return "Refused."
	}
}
