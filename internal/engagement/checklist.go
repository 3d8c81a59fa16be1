package engagement

import "time"

// Point is one thing that a document must say, to be looked for by a person.
type Point struct {
	ID string `json:"id"` // such as gdpr-28-3-a
	// Title and Ask are our words for it; Source is the article.
	Title  string `json:"title"`
	Ask    string `json:"ask,omitempty"`
	Source string `json:"source,omitempty"`
	// Dated points want a date (when it ends, when it is looked at again), the
	// others a place.
	Dated bool `json:"dated,omitempty"`
	// Optional points may be left out without making the document inadequate.
	Optional bool `json:"optional,omitempty"`
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
}
