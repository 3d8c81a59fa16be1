package engagement

import "time"

// Kind of document, as somebody would sort it into a folder.
type DocumentKind string

// Kinds that are told apart by what stands in the text. A machine's word for it is
// a proposal: a person decides.
const (
	KindUnknown    DocumentKind = "unknown"
	KindDPA        DocumentKind = "data-processing-agreement"
	KindNDA        DocumentKind = "non-disclosure-agreement"
	KindServices   DocumentKind = "services-agreement"
	KindSLA        DocumentKind = "service-level-agreement"
	KindPolicy     DocumentKind = "policy" // a privacy notice, a security policy
	KindStatements DocumentKind = "certificate"
)

// ReadingFault is why a document is not taken at all.
type ReadingFault string

// Faults of documents. Each is told to whoever sent the document.
const (
	FaultEmpty     ReadingFault = "empty"
	FaultTooLarge  ReadingFault = "too-large"
	FaultType      ReadingFault = "type"        // of a kind that is not taken
	FaultMismatch  ReadingFault = "mismatch"    // its bytes are not what its name says
	FaultMacros    ReadingFault = "macros"      // a program inside
	FaultEncrypted ReadingFault = "encrypted"   // needs a password
	FaultBomb      ReadingFault = "bomb"        // unpacks to far more than it is
	FaultNested    ReadingFault = "nested"      // archives within archives, or parts within parts
	FaultBroken    ReadingFault = "broken"      // is not what it claims, inside
	FaultMalware   ReadingFault = "malware"     // a scanner knows it
	FaultUnscanned ReadingFault = "not-scanned" // a scanner is configured and did not answer: fail closed, try again
)

// ReadingFlag is what somebody should know of a document that was taken.
type ReadingFlag string

// Flags.
const (
	FlagTracked    ReadingFlag = "tracked-changes" // a text processor's changes that nobody accepted
	FlagComments   ReadingFlag = "comments"
	FlagHidden     ReadingFlag = "hidden-text"
	FlagUnreadable ReadingFlag = "unreadable"  // text can't be had from it: a scan, or a broken font map; nothing is concluded from it
	FlagPartly     ReadingFlag = "partly-read" // longer than what is read
	FlagForms      ReadingFlag = "form-fields"
)

// Reading is what was found when a document was read, once: the text that reviews
// and checklists are about is kept with it, so that a later release that reads
// differently changes nothing that somebody answered.
type Reading struct {
	Document string `json:"document"` // digest of the bytes as they came
	Media    string `json:"media"`    // as sniffed
	Size     int64  `json:"size"`     // bytes
	// Text is the digest of the text that was found, a document of its own; empty:
	// none, or Document is text itself and is its own.
	Text  string        `json:"text,omitempty"`
	Words int           `json:"words,omitempty"`
	Pages int           `json:"pages,omitempty"` // of a PDF
	Fault ReadingFault  `json:"fault,omitempty"` // not empty: it was not taken
	Flags []ReadingFlag `json:"flags,omitempty"`
	Kind  DocumentKind  `json:"kind,omitempty"` // proposed
	At    time.Time     `json:"at,omitzero"`
}
