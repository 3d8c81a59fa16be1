package playbook

import "gangway/internal/review"

// What a complete contract review asks of the case owner.
const (
	ChoreClauses = "missing-clauses" // say of each clause that was found missing: waived until when, or wanted of the vendor
	ChoreCopy    = "copy-differs"    // say what becomes of a signed copy that is not the text that was approved
	// ChoreCounter is ChoreNext where the vendor's people may file their next version
	// themselves. Its step has ChoreNext for an id.
	ChoreCounter = "counter-proposal"
)

// VendorSeat is the id of the vendor's seat in ChoreCounter.
const VendorSeat = "vendor"

// contract gives a chore of a contract review its words and choices.
func (c *Chore) contract(name string) {
	s := &c.Step
	switch name {
	case ChoreClauses:
		s.Kind = review.Checklist
		s.Title = "Clauses are missing from the contract"
		s.Ask = "Somebody looked for these clauses and found that the text does not have them. Give the date until which we do without a clause, with the reason, or mark it as missing: then the vendor is asked for it with the wanted changes."
		c.Reasoned = []review.Verdict{review.Checked}
	case ChoreCopy:
		s.Title = "The signed copy is not the approved text"
		s.Ask = "The copy that was filed differs from the text that was approved, or can't be compared because no text can be had from it. Look at the differences: take the copy with a reason, or send it back and ask for another."
		c.Options = []review.Verdict{TakeAnyway, AskAgain}
		c.Reasoned = c.Options
	case ChoreCounter:
		s.ID, s.Kind = ChoreNext, review.Delivery
		s.Title = "The next version of the contract"
		s.Ask = "Changes to the contract are wanted. Send the next version, whole, with what can be agreed of them and with what you propose instead: as PDF, Word (.docx), Markdown or plain text, so that its text can be read and compared."
		g := &s.Policy.Groups[0]
		g.Name, g.Rule = "case owner or vendor", review.RuleAny
		g.Seats[0].Mandatory = false
		g.Seats = append(g.Seats, review.Seat{ID: VendorSeat, Role: review.VendorRole, Minutes: 30})
	}
}
