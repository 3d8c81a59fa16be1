package dossier

import (
	"time"

	"gangway/internal/engagement"
)

// AdoptOrder is a file of vendors that work already, as a channel sends it.
type AdoptOrder struct {
	CSV string `json:"csv"`
	// Files are digests of the documents that the file names, by its names for them.
	Files map[string]string `json:"files,omitempty"`
	// Playbook names the playbook; empty: the deployment's default.
	Playbook  string `json:"playbook,omitempty"`
	Rehearsal bool   `json:"rehearsal,omitempty"`
	// Try does nothing and says what would be done.
	Try bool `json:"try,omitempty"`
}

// Adoption is what adopting a file does, or would do.
type Adoption struct {
	Rows []AdoptedRow `json:"rows"`
	// Files are documents that the file names and that were not filed yet.
	Files []string `json:"files,omitempty"`
}

// What becomes of a row of the file.
const (
	AdoptOpens   = "opens"   // its oversight starts
	AdoptAdds    = "adds"    // its oversight runs, and hears something that it did not know
	AdoptNothing = "nothing" // all of it is known
)

// AdoptedRow is one vendor of the file.
type AdoptedRow struct {
	Line int    `json:"line"`
	Case string `json:"case,omitempty"`
	Does string `json:"does"`
	AdoptedVendor
}

// AdoptedVendor is what a file said of a vendor. It is kept as a document, in the
// place of an intake, and has that one's fields; a process is given ids, dates and
// digests alone.
type AdoptedVendor struct {
	ID         string            `json:"id"`
	Vendor     engagement.Vendor `json:"vendor"`
	Reason     string            `json:"reason"`
	Data       []string          `json:"data,omitempty"`
	Systems    []string          `json:"systems,omitempty"`
	YearlyCost int               `json:"yearlyCost,omitempty"`
	Owner      string            `json:"owner"`
	Deputy     string            `json:"deputy,omitempty"`
	Sponsor    string            `json:"sponsor,omitempty"`
	Playbook   string            `json:"playbook,omitempty"`
	Rehearsal  bool              `json:"rehearsal,omitempty"`
	Tier       engagement.Tier   `json:"tier,omitempty"`
	// Source is where all of it was taken from. Nobody here has looked at it.
	Source string        `json:"source"`
	Facts  []AdoptedFact `json:"facts,omitempty"`
	// Gaps are what is lacking: each becomes a task of the owner.
	Gaps []string `json:"gaps,omitempty"`
}

// AdoptedFact is one thing that the file knew, with the words it had for it.
type AdoptedFact struct {
	// Name is a machine's word for it, unique in the row: contract, access-2.
	Name  string                `json:"name"`
	Kind  engagement.ExpiryKind `json:"kind"`
	Words string                `json:"words,omitempty"`
	Until time.Time             `json:"until,omitzero"`
	// File is what the file calls the document, Document its digest.
	File     string `json:"file,omitempty"`
	Document string `json:"document,omitempty"`
	// NoticeDays and Renews are a contract's.
	NoticeDays int  `json:"noticeDays,omitempty"`
	Renews     bool `json:"renews,omitempty"`
}
