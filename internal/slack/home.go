package slack

import (
	"time"

	"github.com/slack-go/slack"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
)

// homeScene is what a person's own page is made of.
type homeScene struct {
	Viewer playbook.Person
	// Now is real time.
	Now time.Time
	// Waiting are the requests that wait for them, in any order.
	Waiting []scene
	// Asked are the cases that they asked for, or own, the newest first.
	Asked []caseScene
	// Away are their absences that have not ended.
	Away []playbook.Away
	// Recent are requests that they answered, in any order.
	Recent []scene
	People []playbook.Person
	Base   string
}

// caseScene is a case as people see it from outside: where it stands and who is
// waited for.
type caseScene struct {
	Case   dossier.CaseView // with its requests
	Vendor string
	People []playbook.Person
	// Viewer is who asks, whose zone times are in; nobody for a channel.
	Viewer playbook.Person
	Now    time.Time // case time
	Base   string
}

// view is the page.
func (h homeScene) view() slack.HomeTabViewRequest { return slack.HomeTabViewRequest{} }

// digest is the same for pages that show the same.
func (h homeScene) digest() string { return "" }
