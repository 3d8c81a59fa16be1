package review

import "slices"

// Person is desk's record of somebody at the moment their answer arrived. The
// handlers judge by it and look nothing up, so that a replay years later judges
// by the same facts.
type Person struct {
	ID string `json:"id"`
	// Employer is empty for the client's own people and the vendor's slug for
	// the people of a vendor.
	Employer string   `json:"employer,omitempty"`
	Roles    []string `json:"roles,omitempty"`
	// Manager is the person id of the line manager, empty at the top.
	Manager string `json:"manager,omitempty"`
	Active  bool   `json:"active"`
	// Competences that the people file knows of them.
	Competences []string `json:"competences,omitempty"`
	// Revision of the people file that this record was read from.
	Revision int `json:"revision"`
}

// Has reports whether the person holds the role.
func (p Person) Has(role string) bool { return slices.Contains(p.Roles, role) }

// Address is where somebody is reached in a channel. Channels name addresses,
// never persons; who that is, desk decides.
type Address struct {
	// Channel is web, cli, slack, mail or portal.
	Channel string `json:"channel"`
	// ID is the channel's own id of the person: a session's person, a Slack
	// user id, a mail address, a contact's id.
	ID string `json:"id"`
}
