package review

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Say is a verdict as somebody is about to give it: on a button, in a list of
// choices. All channels use these words; an option of a playbook is its id.
func (v Verdict) Say() string {
	switch v {
	case Approve:
		return "Approve"
	case Changes:
		return "Request changes"
	case Reject:
		return "Reject"
	case Delivered:
		return "Deliver the document"
	case Scored:
		return "Scored"
	case Done:
		return "It is done"
	case "next-version":
		return "Go on with a next version"
	case "ask-again":
		return "Ask the same people again"
	case "waive":
		return "Waive this step"
	case "withdraw":
		return "Withdraw the case"
	case "sent":
		return "Sent to the vendor"
	}
	words := strings.ReplaceAll(string(v), "-", " ")
	r, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + words[size:]
}

// Said is a verdict that was given.
func (v Verdict) Said() string {
	switch v {
	case Approve:
		return "approved"
	case Changes:
		return "wants changes"
	case Reject:
		return "rejected"
	case Delivered:
		return "delivered"
	case Scored:
		return "scored"
	case Done:
		return "done"
	case "next-version":
		return "a next version is wanted"
	case "ask-again":
		return "to be asked again"
	case "waive":
		return "waived"
	case "withdraw":
		return "withdrawn"
	case "sent":
		return "sent to the vendor"
	}
	return strings.ToLower(strings.ReplaceAll(string(v), "-", " "))
}

// Say is what an act of steering does, as the case owner is about to do it.
func (k ActKind) Say() string {
	switch k {
	case Extend:
		return "Move the due date"
	case Hold:
		return "Put the case on hold"
	case Resume:
		return "Resume the case"
	case Ask:
		return "Ask somebody"
	case AddSeat:
		return "Add a seat"
	case Correct:
		return "Correct the intake"
	case SendChanges:
		return "Send the wanted changes now"
	}
	return Verdict(k).Say()
}
