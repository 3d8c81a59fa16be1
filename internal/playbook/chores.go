package playbook

import "gangway/internal/review"

// Names of what the case owner is asked between a playbook's own steps.
const (
	ChoreText   = "text"   // file the first version of the document
	ChoreSend   = "send"   // send the wanted changes to the vendor
	ChoreNext   = "next"   // file the vendor's next version
	ChoreSettle = "settle" // say what becomes of a refused step
	ChoreAsk    = "ask"    // what the owner asks a named person beside the playbook
)

// Words that settle a refused step.
const (
	NextVersion review.Verdict = "next-version"
	AskAgain    review.Verdict = "ask-again"
	Waive       review.Verdict = "waive"
	Withdraw    review.Verdict = "withdraw"
	Sent        review.Verdict = "sent"
)

// OwnerSeat is the id of the one seat of a chore.
const OwnerSeat = "owner"

// Chore is what the case owner is asked: a step with the owner's seat alone.
type Chore struct {
	Step     Step
	Options  []review.Verdict
	Reasoned []review.Verdict
}

// NewChore returns the named chore with the playbook's deadlines for chores.
// The words are gangway's own, since a playbook doesn't write these steps.
func NewChore(name string, p Process, d Deadlines) Chore {
	c := Chore{Step: Step{ID: name, Process: p, Kind: review.Task, Deadlines: d, Policy: review.Policy{Groups: []review.Group{{
		Name: "case owner", Rule: review.RuleAll,
		Seats: []review.Seat{{ID: OwnerSeat, Role: review.OwnerRole, Mandatory: true, Minutes: 10}},
	}}}}}
	switch name {
	case ChoreAsk:
		c.Step.Title = "A question from the case owner"
		c.Step.Ask = "The case owner asks you this beside the playbook; nothing waits for it. Write your answer and say that it is done."
		c.Reasoned = []review.Verdict{review.Done}
	case ChoreText:
		c.Step.Kind = review.Delivery
		c.Step.Title = "File the text to review"
		c.Step.Ask = "The review starts when the document is there: file it as Markdown or plain text, as the vendor sent it."
	case ChoreNext:
		c.Step.Kind = review.Delivery
		c.Step.Title = "File the vendor's next version"
		c.Step.Ask = "The vendor has the word. File the next version when it comes; only the seats whose clauses changed, and those who wanted changes or rejected, are asked again."
	case ChoreSend:
		c.Step.Title = "Send the wanted changes to the vendor"
		c.Step.Ask = "Everybody who was asked has answered. Read what they want, edit it into one list, send it, and say here what went out."
		c.Options = []review.Verdict{Sent}
		c.Reasoned = []review.Verdict{Sent}
	case ChoreSettle:
		c.Step.Title = "Say what becomes of the refused step"
		c.Step.Ask = "The step was refused, which does not end the case: go on with a next version or ask again, waive where the playbook allows it, or withdraw."
	}
	return c
}
