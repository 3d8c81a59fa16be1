package workflows

import (
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// DiligenceInput starts a due diligence: every delivery among its steps is an item.
// The steps are those of all tiers: which of them apply is judged by the tier and the
// facts, and anew when these are corrected.
type DiligenceInput struct {
	Common
	Facts playbook.Facts `json:"facts,omitzero"`
	// Only are the items that are asked, by the ids of their steps: what ran out is
	// brought anew. A risk record is made where its step is named too. Empty: all that
	// apply.
	Only []string `json:"only,omitempty"`
	// Intake and PlaybookDocument are what was filed where it runs alone, and the
	// playbook as it was then.
	Intake           dossier.Paper `json:"intake,omitzero"`
	PlaybookDocument dossier.Paper `json:"playbookDocument,omitzero"`
}

// TierChange tells a due diligence that the intake was corrected.
type TierChange struct {
	Tier  engagement.Tier `json:"tier"`
	Facts playbook.Facts  `json:"facts,omitzero"`
}

// PilotInput starts a pilot.
type PilotInput struct {
	Common
	// Intake and PlaybookDocument are what was filed where it runs alone, and the
	// playbook as it was then.
	Intake           dossier.Paper `json:"intake,omitzero"`
	PlaybookDocument dossier.Paper `json:"playbookDocument,omitzero"`
}

// PartResult is how a due diligence or a pilot ended, for the process that waits.
type PartResult struct {
	Result string `json:"result"`
	By     string `json:"by,omitempty"` // who withdrew, refused or stopped it
	// Document is the digest of what was signed: the risk record, the scorecard.
	Document string `json:"document,omitempty"`
	// Score is a pilot's, weighted, from 0 to 100.
	Score int `json:"score,omitempty"`
	// Recused and Declared are everybody who declared a conflict, or none, in the case
	// by now.
	Recused  []string    `json:"recused,omitempty"`
	Declared []string    `json:"declared,omitempty"`
	Stated   []Statement `json:"stated,omitempty"` // when each did
	// Items are those that a due diligence settled, by the ids of their steps.
	Items []string `json:"items,omitempty"`
	// Expiries are what has to be watched from now on, waivers among them.
	Expiries []engagement.Expiry `json:"expiries,omitempty"`
	Outward
}
