package playbook

import (
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// DPAIntake is a request to collect a data processing agreement on its own, as a
// person filed it. It is kept as a document; a workflow sees only its Facts.
type DPAIntake struct {
	// ID makes it idempotent: the same id opens one case only.
	ID string `json:"id"`
	// Vendor with its contacts: the first is asked.
	Vendor engagement.Vendor `json:"vendor"`
	// Playbook names the playbook; empty: the deployment's default.
	Playbook string `json:"playbook,omitempty"`
	// Reason is why it is collected, in the client's own words.
	Reason string   `json:"reason"`
	Data   []string `json:"data,omitempty"`
	// Owner, Deputy and Sponsor are person ids.
	Owner     string `json:"owner"`
	Deputy    string `json:"deputy,omitempty"`
	Sponsor   string `json:"sponsor,omitempty"`
	Rehearsal bool   `json:"rehearsal,omitempty"`

	From review.Address `json:"-"`
}

// Intake is what it shares with the intake of an onboarding: what is wrong with it
// is checked there.
func (d DPAIntake) Intake() Intake {
	return Intake{ID: d.ID, Vendor: d.Vendor, Playbook: d.Playbook, Reason: d.Reason, Data: d.Data,
		Owner: d.Owner, Deputy: d.Deputy, Sponsor: d.Sponsor, Rehearsal: d.Rehearsal, From: d.From, Alone: DPA}
}

// Collection is the part of an intake that a collection of its own needs.
func (i Intake) Collection() DPAIntake {
	return DPAIntake{ID: i.ID, Vendor: i.Vendor, Playbook: i.Playbook, Reason: i.Reason, Data: i.Data,
		Owner: i.Owner, Deputy: i.Deputy, Sponsor: i.Sponsor, Rehearsal: i.Rehearsal, From: i.From}
}
