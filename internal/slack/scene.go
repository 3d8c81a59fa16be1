package slack

import (
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// scene is everything that a request looks like to one person at one moment. All
// that is shown of a request is made of it and nothing else: the same scene gives
// the same message.
type scene struct {
	Request review.Request
	// Case that the request is of; its requests are not needed.
	Case dossier.CaseView
	// Vendor is its name as it calls itself.
	Vendor string
	// People gives names to ids, and those who can be delegated to. Whoever is
	// missing is shown by their id.
	People []playbook.Person
	// Viewer is who sees it: their zone, their seats.
	Viewer playbook.Person
	// Now is case time.
	Now time.Time
	// Ticket is what buttons carry. Without one there are no buttons but links.
	Ticket string
	// Base is where the web pages are, without a slash at the end.
	Base string
	// Question is what the owner asks in their own words (Request.AskText).
	Question string
	// Statements are the words of attestations by their ids.
	Statements map[string]string
	// Changed is what differs from the version that the viewer saw last.
	Changed *changed
	// Queued is what the viewer said that was received and not counted yet; of
	// other requests too.
	Queued []review.Queued
	// Receipt is what became of the viewer's newest answer, where that may be
	// ahead of Request. Zero: nothing is.
	Receipt review.Outcome
	// What the playbook and the intake tell of it.
	outlook
	// NextDay is when the viewer works next after today; zero: their hours are not
	// known.
	NextDay time.Time
	// Browser: the answer is given on the web page alone (S18).
	Browser bool
}

// changed is what differs between a version and the current one.
type changed struct {
	From       int
	Comparison engagement.Comparison
}
