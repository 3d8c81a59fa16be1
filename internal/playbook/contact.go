package playbook

import (
	"slices"
	"strings"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/review"
)

// ContactState is where a contact stands.
type ContactState string

// States of contacts. Only an active one is asked anything.
const (
	ContactProposed ContactState = "proposed" // named by a colleague, of another domain: the case owner confirms
	ContactActive   ContactState = "active"
	ContactEnded    ContactState = "ended" // "not me any more", or taken off by the case owner
)

// Contact is somebody on the vendor's side to whom tasks go. They have no account:
// mails and links in them reach them. Names and addresses live in the working
// tables and never enter a workflow.
type Contact struct {
	ID     string       `json:"id"`     // vendor slug, a dot, and a number: acme-payroll.1
	Vendor string       `json:"vendor"` // slug
	Name   string       `json:"name"`
	Mail   string       `json:"mail"`
	Phone  string       `json:"phone,omitempty"`
	Role   string       `json:"role,omitempty"` // the vendor's own word
	State  ContactState `json:"state"`
	// By is who named them: a person's or a contact's id.
	By   string    `json:"by"`
	Case string    `json:"case,omitempty"` // for which they were named first
	Made time.Time `json:"made"`
	// Changed is when they came to their state.
	Changed time.Time `json:"changed"`
	// Process and Seat are what somebody of neither side was named for, whose Vendor is
	// review.OutsideRole.
	Process string `json:"process,omitempty"`
	Seat    string `json:"seat,omitempty"`
}

// Person is the contact as reviews and channels see people: of the vendor, without
// roles, in the hours given. Somebody of neither side has the seat for a role that they
// were named for.
func (c Contact) Person(hours calendar.Schedule) Person {
	p := Person{ID: c.ID, Name: c.Name, Mail: c.Mail, Employer: c.Vendor, Hours: hours, Left: c.State != ContactActive}
	if c.Vendor == review.OutsideRole {
		p.Roles = []string{review.OutsideRole, review.OutsideRole + ":" + c.Process + ":" + c.Seat}
	}
	return p
}

// IsContact reports whether an id is a contact's: those of the people file have no
// dot.
func IsContact(id string) bool { return strings.Contains(id, ".") }

// Own is everybody but the vendors' contacts: those of the people file. The list
// given stays as it is.
func Own(people []Person) []Person {
	return slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return IsContact(p.ID) })
}
