package playbook

import (
	"slices"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/review"
)

// Person is somebody as the people file has them: names and addresses included,
// so it lives in the working tables and never enters a workflow. Reviews see
// only its Record.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Mail string `json:"mail,omitempty"`
	// Phone is told to the people of vendors to whom this person writes as the
	// owner of a case.
	Phone string `json:"phone,omitempty"`
	Slack string `json:"slack,omitempty"`
	// Channels are those by which the person prefers to be told, the first that
	// reaches them; the others come after those named. Empty: slack before mail.
	Channels []string `json:"channels,omitempty"`
	// Employer is empty for the client's own people, else the vendor's slug.
	Employer string   `json:"employer,omitempty"`
	Roles    []string `json:"roles,omitempty"`
	// Competences are what the person can do, as seats ask for it.
	Competences []string          `json:"competences,omitempty"`
	Backups     []string          `json:"backups,omitempty"`
	Manager     string            `json:"manager,omitempty"`
	Hours       calendar.Schedule `json:"hours"`
	Away        []Away            `json:"away,omitempty"`
	// Left: no longer with us; kept so that old decisions can name them.
	Left bool `json:"left,omitempty"`
}

// Away is a time in which somebody does not answer: [From, Until).
type Away struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Backup stands in before the person's other backups; empty: those do.
	Backup string `json:"backup,omitempty"`
	// Own: the person said so; it is not of the people file.
	Own bool `json:"own,omitempty"`
}

// Record is what a review sees of the person.
func (p Person) Record(revision int) review.Person {
	return review.Person{ID: p.ID, Employer: p.Employer, Roles: p.Roles, Manager: p.Manager, Active: !p.Left,
		Competences: p.Competences, Revision: revision}
}

// Prefers reports whether the person is told by a channel rather than by another
// one, where both reach them: slack before mail, unless they say otherwise.
func (p Person) Prefers(channel, other string) bool {
	rank := func(c string) int {
		if i := slices.Index(p.Channels, c); i >= 0 {
			return i
		}
		return len(p.Channels) + slices.Index(tellingChannels(), c)
	}
	return rank(channel) < rank(other)
}

// AwayAt returns until when the person is away at t; zero: they are there.
func (p Person) AwayAt(t time.Time) time.Time {
	for _, a := range p.Away {
		if a.lasts(t) {
			return a.Until
		}
	}
	return time.Time{}
}
