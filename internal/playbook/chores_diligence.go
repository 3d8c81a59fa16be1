package playbook

import (
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// Names of what the case owner is asked about an item of a due diligence.
const (
	ChoreRunOut      = "run-out"      // what was delivered has run out already
	ChoreIncomplete  = "incomplete"   // a form says of itself that it lacks something
	ChoreSilent      = "silent"       // nothing came
	ChoreNotAccepted = "not-accepted" // it will not do
	ChoreWaiver      = "waiver"       // until when an item is waived
)

// What became of an item of a due diligence, as the record has it.
const (
	EvidenceAccepted  = "accepted"
	EvidenceWaived    = "waived"
	EvidenceRanOut    = "ran-out"    // it was good, or waived, until then, and is asked for again
	EvidenceNotNeeded = "not-needed" // the vendor's tier has it no longer
)

// Words that settle a risk record.
const RefuseVendor review.Verdict = "refuse-vendor"

// WaiverUntil is the point of a waiver that says when it runs out.
const WaiverUntil = "until"

// diligence gives a chore of a due diligence its words; false: it is another's. Its
// choices depend on the item.
func (c *Chore) diligence(name string) bool {
	settle := "Say what becomes of it: have it asked for again with words for whoever delivers, waive it where the playbook allows, or withdraw."
	switch name {
	case ChoreRunOut:
		c.Step.Title, c.Step.Ask = "What was delivered has run out", "The date that was found on it has passed. "+settle
	case ChoreIncomplete:
		c.Step.Title, c.Step.Ask = "What was delivered lacks something", "Points that are asked for were answered as missing. Look at it; take it all the same, or: "+settle
	case ChoreSilent:
		c.Step.Title, c.Step.Ask = "Nothing was delivered", "It is overdue, and still asked for. "+settle
	case ChoreNotAccepted:
		c.Step.Title, c.Step.Ask = "What was delivered will not do", "Those who accept it want changes or refused it. Read why. "+settle
	case ChoreWaiver:
		c.Step.Title = "Until when is it waived?"
		c.Step.Ask = "A waiver has an end: on that day the item is asked for again. Say what is done instead until then."
		c.Step.Points = []engagement.Point{
			{ID: WaiverUntil, Title: "Waived until", Ask: "A date to come", Kind: engagement.PointDate, Expires: true},
			{ID: "instead", Title: "What is done instead", Kind: engagement.PointText, Optional: true},
		}
	default:
		return false
	}
	return true
}
