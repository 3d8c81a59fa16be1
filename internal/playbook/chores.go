package playbook

import (
	"strings"

	"gangway/internal/review"
)

// Names of what the case owner is asked between a playbook's own steps.
const (
	ChoreText   = "text"   // file the first version of the document
	ChoreSend   = "send"   // send the wanted changes to the vendor
	ChoreNext   = "next"   // file the vendor's next version
	ChoreSettle = "settle" // say what becomes of a refused step
	ChoreAsk    = "ask"    // what the owner asks a named person beside the playbook

	// What the collection of a data processing agreement asks of them.
	ChoreUnreadable = "unreadable"    // say what becomes of a delivery that can't be read
	ChoreOtherKind  = "other-kind"    // … that doesn't look like what was asked for
	ChoreSame       = "same-again"    // … that is what was delivered before
	ChoreLacking    = "lacking"       // … in which something is missing
	ChoreRefused    = "dpa-refused"   // say what becomes of a case whose vendor has no agreement
	ChoreFailed     = "process-ended" // a process of the case broke off

	ChoreCompetition = "competition" // offers, or one source with a reason
	ChoreAccess      = "not-given"   // say what becomes of accesses that could not be given
	ChorePart        = "part"        // say what becomes of a due diligence or a pilot that was refused
)

// Words that settle a refused step.
const (
	NextVersion review.Verdict = "next-version"
	AskAgain    review.Verdict = "ask-again"
	Waive       review.Verdict = "waive"
	Withdraw    review.Verdict = "withdraw"
	Sent        review.Verdict = "sent"
	TakeAnyway  review.Verdict = "take-anyway"
	AskVendor   review.Verdict = "ask-vendor"
	SendMissing review.Verdict = "send-missing"
	Refuse      review.Verdict = "refuse"

	CollectOffers review.Verdict = "offers"
	SingleSource  review.Verdict = "single-source"
)

// OwnerSeat is the id of the one seat of a chore.
const OwnerSeat = "owner"

// Chore is what the case owner is asked: a step with the owner's seat alone.
type Chore struct {
	Step     Step
	Options  []review.Verdict
	Reasoned []review.Verdict
	// ToVendor are options that the vendor is told of.
	ToVendor []review.Verdict
}

// IsChore reports whether a step's id is one of a chore.
func IsChore(step string) bool {
	switch step {
	case ChoreText, ChoreSend, ChoreNext, ChoreAsk, ChoreUnreadable, ChoreOtherKind, ChoreSame, ChoreLacking, ChoreRefused, ChoreCompetition, ChoreClauses, ChoreCopy, ChoreShown, ChoreRunsOut, ChoreAfter, ChoreReplacement:
		return true
	}
	return strings.HasPrefix(step, ChoreSettle+"-") || strings.HasPrefix(step, ChoreFailed+"-") || strings.HasPrefix(step, ChorePart+"-") ||
		strings.HasPrefix(step, ChoreWaiver+"-") || strings.HasPrefix(step, ChoreAccess+"-") || strings.HasPrefix(step, ChoreOpenMatters+"-")
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
		c.Step.Ask = "The review starts when the document is there: file it as PDF, Word (.docx), Markdown or plain text, as the vendor sent it."
	case ChoreNext:
		c.Step.Kind = review.Delivery
		c.Step.Title = "File the vendor's next version"
		c.Step.Ask = "The vendor has the word. File the next version when it comes; only the seats whose clauses changed, and those who wanted changes or rejected, are asked again."
	case ChoreSend:
		c.Step.Title = "Send the wanted changes to the vendor"
		c.Step.Ask = "Everybody who was asked has answered. Read what they want, edit it into one list, send it, and say here what went out."
		c.Options = []review.Verdict{Sent}
		c.Reasoned = []review.Verdict{Sent}
	case ChoreCompetition:
		c.Step.Title = "Offers, or one source?"
		c.Step.Ask = "Say whether comparable offers are collected, or why there can be one source only. A single source needs the consent of those whom the playbook names."
		c.Options = []review.Verdict{CollectOffers, SingleSource}
		c.Reasoned = []review.Verdict{SingleSource}
	case ChoreAccess:
		c.Step.Title = "Access that was not given"
		c.Step.Ask = "Not all of the access that was asked for could be given; the case's record says which and why. Where gangway is connected to no GitHub it gives none. Try it again once that is mended, or give it by hand and say so."
		c.Options = []review.Verdict{AskAgain, TakeAnyway}
		c.Reasoned = []review.Verdict{TakeAnyway}
	case ChorePart:
		c.Step.Title = "A part of the case came to nothing"
		c.Step.Ask = "The due diligence or the pilot was refused or stopped, which does not end the case: begin it again, or withdraw."
		c.Options = []review.Verdict{AskAgain, Withdraw}
		c.Reasoned = c.Options
	case ChoreClauses, ChoreCopy, ChoreCounter:
		c.contract(name)
	case ChoreSettle:
		c.Step.Title = "Say what becomes of the refused step"
		c.Step.Ask = "The step was refused, which does not end the case: go on with a next version or ask again, waive where the playbook allows it, or withdraw."
	default:
		if !c.diligence(name) && !c.leaving(name) && !c.exit(name) {
			c.collection(name)
		}
	}
	return c
}

// collection gives a chore of the collection its words and choices.
func (c *Chore) collection(name string) {
	looked := "Look at it and say what becomes of it: take it all the same, ask the vendor again with words for them, or withdraw."
	c.Options = []review.Verdict{TakeAnyway, AskVendor, Withdraw}
	switch name {
	case ChoreUnreadable:
		c.Step.Title, c.Step.Ask = "What was delivered can't be read", "No text can be had from the document: a scan, perhaps, or a broken file. "+looked
	case ChoreOtherKind:
		c.Step.Title, c.Step.Ask = "What was delivered looks like something else", "The text does not look like a data processing agreement. "+looked
	case ChoreSame:
		c.Step.Title, c.Step.Ask = "The vendor sent the same document again", "It is, byte for byte, what was delivered before. "+looked
	case ChoreLacking:
		c.Step.Title = "The data processing agreement lacks something"
		c.Step.Ask = "Points were found missing. Send the vendor what is missing, in words for them, or refuse the agreement with a reason."
		c.Options = []review.Verdict{SendMissing, Refuse}
	case ChoreRefused:
		c.Step.Title = "There is no data processing agreement"
		c.Step.Ask = "The agreement was refused, which does not end the case: collect it again, waive it where the playbook allows, or withdraw."
		c.Options = []review.Verdict{AskAgain, Withdraw}
	case ChoreFailed:
		c.Step.Title = "A part of the case broke off"
		c.Step.Ask = "A process of this case ended without a result. Start it again, or withdraw; an operator finds out why."
		c.Options = []review.Verdict{AskAgain, Withdraw}
	default:
		c.Options = nil
	}
	c.Reasoned = c.Options
	c.ToVendor = Outward(c.Options)
}

// Outward are those of the options that the vendor is told of.
func Outward(options []review.Verdict) []review.Verdict {
	var out []review.Verdict
	for _, v := range options {
		if v == AskVendor || v == SendMissing {
			out = append(out, v)
		}
	}
	return out
}

// AcceptWords are the title and the question of the decision on what a step brought.
func AcceptWords(s Step) (title, ask string) {
	return s.Title + ": will it do?", "Read what was filed and say whether it is enough. Ask for changes to have it asked for again, and say what is lacking."
}
