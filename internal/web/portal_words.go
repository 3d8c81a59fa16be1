package web

import (
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// faultWords say why a file was not taken, and what to do.
func faultWords(f engagement.ReadingFault) string {
	switch f {
	case engagement.FaultEmpty:
		return "The file is empty. Pick the one that has the text in it."
	case engagement.FaultTooLarge:
		return "The file is larger than what is taken here (25 MB). Send it without large pictures, or in parts."
	case engagement.FaultType:
		return "Files of this kind are not taken. Send a PDF, a Word document (.docx), plain text, or a picture of a page."
	case engagement.FaultMismatch:
		return "The file is not of the kind that its name says. Save it anew from the program that made it."
	case engagement.FaultMacros:
		return "The file has a program (macros) inside. Save it without macros, as .docx or PDF."
	case engagement.FaultEncrypted:
		return "The file needs a password to be opened. Send it without one."
	case engagement.FaultBomb:
		return "The file unpacks to far more than it is, so it was not opened. Save it anew, or send a PDF."
	case engagement.FaultNested:
		return "The file has other files inside. Send them one by one."
	case engagement.FaultBroken:
		return "The file is damaged and can’t be opened. Save it anew and send that."
	case engagement.FaultMalware:
		return "The malware scanner knows this file as harmful. Have the machine that it comes from looked at."
	case engagement.FaultUnscanned:
		return "The malware scanner did not answer, so nothing is taken just now. Try again in a few minutes."
	}
	return "The file could not be taken."
}

// flagWords say what somebody should know of a document that was taken.
func flagWords(f engagement.ReadingFlag) string {
	switch f {
	case engagement.FlagTracked:
		return "It has tracked changes that nobody accepted or refused: what was read is the text with them accepted."
	case engagement.FlagComments:
		return "It has comments in the margin."
	case engagement.FlagHidden:
		return "It has hidden text, which a reader would not see."
	case engagement.FlagUnreadable:
		return "No text can be read from it (a scan, or letters that can’t be told): a person has to open the file."
	case engagement.FlagPartly:
		return "It is longer than what is read: only its beginning was."
	case engagement.FlagForms:
		return "It has form fields."
	}
	return flat(human(string(f)))
}

// mediaWords name a type of file as it was sniffed.
func mediaWords(media string) string {
	kind, _, _ := strings.Cut(media, ";")
	switch strings.TrimSpace(kind) {
	case "application/pdf":
		return "PDF"
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return "Word document"
	case engagement.SheetMedia:
		return "form that was filled in"
	case "text/markdown":
		return "Markdown text"
	case "text/csv":
		return "table (CSV)"
	case "image/png", "image/jpeg":
		return "picture"
	}
	if isText(media) {
		return "plain text"
	}
	return "file"
}

// portalRefusal says to the vendor's people why a delivery did not count. The
// words of review are for people who know what a seat is.
func portalRefusal(r review.Refusal) string {
	switch r {
	case review.Answered, review.Settled, review.Duplicate:
		return "Somebody of yours has delivered this already. See where it stands below."
	case review.Closed, review.Unknown, review.NotYet:
		return "This is not asked for any more. See where it stands below."
	case review.NoSeat, review.NotActive, review.UnknownPerson, review.VendorPerson, review.NotYours:
		return "This is not asked of you any more. Your colleague has it, or the person who asks knows more."
	case review.NeedsDocument:
		return "Add at least one file."
	case review.NeedsFindings:
		return "Not every question is answered as it has to be. Look through the list and send it again."
	case review.Unreadable:
		return "One of the files can’t be taken any more. Add it again."
	}
	return "This could not be taken as it is. What you filled in is kept; call the person who asks you."
}
