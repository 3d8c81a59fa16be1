package playbook

import "gangway/internal/review"

// What an exit asks of the case owner.
const (
	ChoreAfter       = "after"        // say who does the work when the vendor is gone
	ChoreReplacement = "replacement"  // say whether who comes after can work
	ChoreOpenMatters = "open-matters" // say what becomes of what is open in a part
)

// Words that say who does the work then.
const (
	InHouse review.Verdict = "in-house"
	Ends    review.Verdict = "ends"
	Ready   review.Verdict = "ready"
)

// exit gives a chore of an exit its words and choices; false: it is another's.
func (c *Chore) exit(name string) bool {
	switch name {
	case ChoreAfter:
		c.Step.Title = "Who does the work then?"
		c.Step.Ask = "The exit goes no further until it is settled who does the work when the vendor is gone: we ourselves, or nobody any more. Where another vendor takes over, say so as an act on the case, with their onboarding."
		c.Options = []review.Verdict{InHouse, Ends}
	case ChoreReplacement:
		c.Step.Title = "Can those who come after work?"
		c.Step.Ask = "No onboarding of theirs is under way here that could say so. Say it when their work stands, and how you know: until then nothing is cut over."
		c.Options = []review.Verdict{Ready}
	case ChoreOpenMatters:
		c.Step.Title = "Something is open, failed or unchecked"
		c.Step.Ask = "The record says what. Have the part done again, or waive what is left of it, with a reason and until a day: else the exit gets no certificate."
		c.Options = []review.Verdict{AskAgain, Waive}
	default:
		return false
	}
	c.Reasoned = c.Options
	return true
}
