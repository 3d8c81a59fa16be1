package playbook

// Purpose is what a step is for, where its process treats it in a way of its own.
type Purpose string

// Purposes, besides those of an exit, which are exit's Does….
const (
	// In an onboarding.
	DoesOffers   Purpose = "offers"    // a delivery with a form: one sheet an offer, as many as the step says
	DoesWaive    Purpose = "single"    // a decision: there is one offer only, with a reason
	DoesInterest Purpose = "interests" // the vendor's own declaration: a delivery with a form
	DoesNDA      Purpose = "nda"       // a delivery: signed, before any document goes out
	DoesExitPlan Purpose = "exit-plan" // a task with a form; what is filled in is signed by Accept
	DoesAccess   Purpose = "access"    // a task with a form: who gets which access until when
	DoesContacts Purpose = "contacts"  // a task with a form: contacts and meetings on both sides

	// In a due diligence every delivery is an item; besides there is one of these.
	DoesRisk Purpose = "risk" // a decision on the risk record

	// In a pilot, where deliveries are milestones.
	DoesHalfway Purpose = "halfway" // a decision: go on, or stop early
	DoesScore   Purpose = "score"
	DoesGo      Purpose = "go" // a decision: go or no-go

	// In a contract review.
	DoesClauses  Purpose = "clauses"  // a checklist: where does the text say what the pack wants?
	DoesExecuted Purpose = "executed" // a delivery: the signed copy, compared with what was approved
)
