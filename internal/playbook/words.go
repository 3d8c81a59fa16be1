package playbook

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gangway/internal/review"
)

// Say is a verdict as somebody is about to give it: on a button, in a list of
// choices. All channels use these words; an option of a playbook is its id.
func Say(v review.Verdict) string {
	switch v {
	case review.Approve:
		return "Approve"
	case review.Changes:
		return "Request changes"
	case review.Reject:
		return "Reject"
	case review.Delivered:
		return "Deliver the document"
	case review.Scored:
		return "Scored"
	case review.Done:
		return "It is done"
	case NextVersion:
		return "Go on with a next version"
	case AskAgain:
		return "Ask the same people again"
	case Waive:
		return "Waive this step"
	case Withdraw:
		return "Withdraw the case"
	case Sent:
		return "Sent to the vendor"
	case review.Checked:
		return "Every point is looked for"
	case TakeAnyway:
		return "Take it all the same"
	case AskVendor:
		return "Ask the vendor again"
	case SendMissing:
		return "Send the vendor what is missing"
	case Refuse:
		return "Refuse the agreement"
	}
	words := strings.ReplaceAll(string(v), "-", " ")
	r, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + words[size:]
}

// Said is a verdict that was given.
func Said(v review.Verdict) string {
	switch v {
	case review.Approve:
		return "approved"
	case review.Changes:
		return "wants changes"
	case review.Reject:
		return "rejected"
	case review.Delivered:
		return "delivered"
	case review.Scored:
		return "scored"
	case review.Done:
		return "done"
	case NextVersion:
		return "a next version is wanted"
	case AskAgain:
		return "to be asked again"
	case Waive:
		return "waived"
	case Withdraw:
		return "withdrawn"
	case Sent:
		return "sent to the vendor"
	case review.Checked:
		return "looked for every point"
	case TakeAnyway:
		return "taken all the same"
	case AskVendor:
		return "the vendor is asked again"
	case SendMissing:
		return "the vendor is told what is missing"
	case Refuse:
		return "refused"
	}
	return strings.ToLower(strings.ReplaceAll(string(v), "-", " "))
}

// SayAct is an act as somebody is about to do it.
func SayAct(k review.ActKind) string {
	switch k {
	case review.Extend:
		return "Move the due date"
	case review.Hold:
		return "Put the case on hold"
	case review.Resume:
		return "Resume the case"
	case review.Ask:
		return "Ask somebody"
	case review.AddSeat:
		return "Add a seat"
	case review.Correct:
		return "Correct the intake"
	case review.SendChanges:
		return "Send the wanted changes now"
	}
	return Say(review.Verdict(k))
}
