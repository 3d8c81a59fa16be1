package review

import (
	"time"

	"gangway/internal/engagement"
)

// Form is an answer or an act as somebody said it: what the command line and
// the pages send in JSON. It names no person; the connection does.
type Form struct {
	// ID makes it idempotent: the same id is the same answer for ever.
	ID      string `json:"id"`
	Process string `json:"process,omitempty"`
	Request string `json:"request,omitempty"`
	Step    string `json:"step,omitempty"`
	Seat    string `json:"seat,omitempty"`
	Version int    `json:"version,omitempty"`
	// Verdict of an answer, or Act of an act; never both.
	Verdict   Verdict   `json:"verdict,omitempty"`
	Act       ActKind   `json:"act,omitempty"`
	Attest    []string  `json:"attest,omitempty"`
	To        string    `json:"to,omitempty"`
	Role      string    `json:"role,omitempty"`
	Group     int       `json:"group,omitempty"`
	Mandatory bool      `json:"mandatory,omitempty"`
	Field     string    `json:"field,omitempty"`
	Values    []string  `json:"values,omitempty"`
	Amount    int       `json:"amount,omitempty"`
	Digest    string    `json:"digest,omitempty"`
	Until     time.Time `json:"until,omitzero"`
	Name      string    `json:"name,omitempty"`
	Document  string    `json:"document,omitempty"`
	ForVendor bool      `json:"forVendor,omitempty"`
	Documents []string  `json:"documents,omitempty"`
	// Findings of a checklist or a form, and what was written for points of a form, by
	// their ids.
	Findings []engagement.Finding `json:"findings,omitempty"`
	Words    map[string]string    `json:"words,omitempty"`
	// Scores for the criteria of a score.
	Scores []Score `json:"scores,omitempty"`
	// Read are the sections that the person says they read: of an answer, or of the
	// act that says nothing else.
	Read   []string `json:"read,omitempty"`
	Inside string   `json:"inside,omitempty"`
	Vendor string   `json:"vendor,omitempty"`
}

// Answer is the form as an answer from an address, received at.
func (f Form) Answer(from Address, at time.Time) Answer {
	a := Answer{ID: f.ID, Request: f.Request, Seat: f.Seat, Version: f.Version, Verdict: f.Verdict, Attest: f.Attest,
		Documents: f.Documents, Findings: f.Findings, Words: f.Words, Scores: f.Scores, Read: f.Read, ForVendor: f.ForVendor,
		Channel: from.Channel, At: at, From: from, Text: Text{Inside: f.Inside, Vendor: f.Vendor}}
	if f.Document != "" {
		a.Documents = append([]string{f.Document}, f.Documents...)
	}
	return a
}

// ActFrom is the form as an act from an address, received at.
func (f Form) ActFrom(from Address, at time.Time) Act {
	return Act{ID: f.ID, Kind: f.Act, Process: f.Process, Request: f.Request, Seat: f.Seat, Step: f.Step, Until: f.Until,
		Role: f.Role, Group: f.Group, Mandatory: f.Mandatory, Field: f.Field, Values: f.Values, Amount: f.Amount, Digest: f.Digest,
		Name: f.Name, Document: f.Document, Sections: f.Read, Version: f.Version, ForVendor: f.ForVendor, Channel: from.Channel, At: at,
		From: from, ToID: f.To, Text: Text{Inside: f.Inside, Vendor: f.Vendor}}
}

// Queued is an answer or act that was durably received and waits for its
// process. Payload is the JSON of the Answer or Act, without texts.
type Queued struct {
	ID      string    `json:"id"`
	Process string    `json:"process"`
	Act     bool      `json:"act,omitempty"`
	Person  string    `json:"person"`
	Request string    `json:"request,omitempty"`
	Payload []byte    `json:"payload"`
	At      time.Time `json:"at"` // real instant of receipt
}
