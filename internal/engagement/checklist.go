package engagement

import "time"

// PointKind says what an answer to a point is.
type PointKind string

// Kinds of points. The zero kind is a place in a text, or a date where the point
// is Dated.
const (
	PointText   PointKind = "text"   // words
	PointYesNo  PointKind = "yes-no" // Yes or No in Choices
	PointChoice PointKind = "choice" // one of Options
	PointMany   PointKind = "many"   // any of Options
	PointDate   PointKind = "date"
	PointNumber PointKind = "number"
	PointAmount PointKind = "amount" // whole units of the client's currency
	PointPerson PointKind = "person" // one of the client's own people, by id
	PointFile   PointKind = "file"   // a document
)

// What a PointYesNo is answered with.
const (
	Yes = "yes"
	No  = "no"
)

// Point is one thing that a document must say, to be looked for by a person, or one
// line of a form that somebody fills in.
type Point struct {
	ID string `json:"id"` // such as gdpr-28-3-a
	// Title and Ask are our words for it; Source is the article.
	Title  string `json:"title"`
	Ask    string `json:"ask,omitempty"`
	Source string `json:"source,omitempty"`
	// Dated points want a date (when it ends, when it is looked at again), the
	// others a place.
	Dated bool `json:"dated,omitempty"`
	// Kind says what an answer to the point is.
	Kind PointKind `json:"kind,omitempty"`
	// Options are what a PointChoice or PointMany is answered with, as they are shown.
	Options []string `json:"options,omitempty"`
	// Expires: the date is when what was shown stops being good, and is watched for as
	// long as the vendor works.
	Expires bool `json:"expires,omitempty"`
	// KeepDays is how long the copy of a PointFile is kept, in days from when it was
	// accepted; then the copy is erased and the fact stays. Zero: as long as the case.
	KeepDays int `json:"keepDays,omitempty"`
	// Optional points may be left out without making the document inadequate.
	Optional bool `json:"optional,omitempty"`
	// MostDays is how many days after it is answered the date of a PointDate may be at
	// most; 0: there is no such bound.
	MostDays int `json:"mostDays,omitempty"`
	// Waivable: the case owner may do without the clause, with a reason and an end. Where
	// no point of a pack says so, its step says it for all.
	Waivable bool `json:"waivable,omitempty"`
	// Cues are ways in which a text says it, for the search that proposes places: stems
	// that stand near one another in any order, as in "auto renew". A stem is the
	// beginning of a word; one that ends in a full stop is the whole word.
	Cues []string `json:"cues,omitempty"`
	// Proposed are the places that a search of the text proposes, the best first,
	// as clause refs. It decides nothing.
	Proposed []string `json:"proposed,omitempty"`
}

// Finding is what a person found for one point.
type Finding struct {
	Point string `json:"point"`
	// Missing: it does not say so, or not enough. Else Places name where it does.
	Missing bool     `json:"missing,omitempty"`
	Places  []string `json:"places,omitempty"` // clause refs of the text
	// On is the date of a dated point; zero with neither Missing: without end.
	On time.Time `json:"on,omitzero"`
	// Choices are options of the point, Yes or No, or a person's id; never free text.
	Choices []string `json:"choices,omitempty"`
	// Number is the answer to a PointNumber or PointAmount; nil: none was given.
	Number *int64 `json:"number,omitempty"`
	// Said: words were written for the point. They stand in the Sheet.
	Said bool `json:"said,omitempty"`
	// Document is the digest of what answers a PointFile.
	Document string `json:"document,omitempty"`
}
