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
	case RefuseVendor:
		return "Refuse the vendor"
	case CollectOffers:
		return "Collect comparable offers"
	case SingleSource:
		return "There can be one source only"
	case Renew:
		return "Renew the contract"
	case Renegotiate:
		return "Renegotiate the contract"
	case Leave:
		return "Leave: give notice"
	case Extend:
		return "It holds until another day"
	case Collect:
		return "Ask the vendor for a new one"
	case Remove:
		return "Remove the access"
	case InviteAgain:
		return "Invite them again"
	case Drop:
		return "It is not needed any more"
	case TakeIt:
		return "It will do"
	case InHouse:
		return "We do it ourselves"
	case Ends:
		return "Nobody does it any more"
	case Ready:
		return "Their work stands"
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
	case RefuseVendor:
		return "the vendor is refused"
	case CollectOffers:
		return "comparable offers are collected"
	case SingleSource:
		return "one source only"
	case Renew:
		return "to be renewed"
	case Renegotiate:
		return "to be renegotiated"
	case Leave:
		return "to be left, with notice"
	case Extend:
		return "holds until another day"
	case Collect:
		return "a new one is asked for"
	case Remove:
		return "the access is removed"
	case InviteAgain:
		return "they are invited again"
	case Drop:
		return "not needed any more"
	case TakeIt:
		return "will do"
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
	case review.Stop:
		return "Stop the pilot early"
	case review.Settle:
		return "Say who does the work then"
	}
	return Say(review.Verdict(k))
}
