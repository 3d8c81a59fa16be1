package engagement

// Hint says to whoever sent the document what is wrong and what to do, in one
// sentence without the document's name.
func (f ReadingFault) Hint() string {
	switch f {
	case "":
		return ""
	case FaultEmpty:
		return "the file is empty; send it again"
	case FaultTooLarge:
		return "the file is larger than 25 MiB; send it in parts, or without its pictures"
	case FaultType:
		return "files of this kind are not taken; send a PDF, a Word document (.docx), Markdown, plain text, CSV, or a picture (PNG, JPEG)"
	case FaultMismatch:
		return "what is in the file is not what its name says; save it under its right name and send it again"
	case FaultMacros:
		return "there is a program (a macro, a script) in the file; save it without, or as a PDF, and send it again"
	case FaultEncrypted:
		return "the file needs a password; save it without one and send it again"
	case FaultBomb:
		return "the file unpacks to far more than it is; print it to a PDF and send that"
	case FaultNested:
		return "there are files within the file; send them one by one"
	case FaultBroken:
		return "the file is damaged and can't be opened; save it again, or as a PDF, and send that"
	case FaultMalware:
		return "a virus scanner refuses the file; have the computer it comes from looked at before it is sent again"
	case FaultUnscanned:
		return "the virus scanner does not answer, and nothing is taken unscanned; try again in a few minutes"
	}
	return "the file can't be taken"
}

// Words says of a document that was taken what somebody should know, in a few
// words.
func (f ReadingFlag) Words() string {
	switch f {
	case FlagTracked:
		return "has tracked changes that nobody accepted: the text is read as if all were"
	case FlagComments:
		return "has comments, which are no part of the text"
	case FlagHidden:
		return "has hidden text, which is marked where it stands"
	case FlagUnreadable:
		return "its text can't be read (a scan, or a broken font); look at the document itself"
	case FlagPartly:
		return "is longer than what is read; look at the document itself"
	case FlagForms:
		return "has form fields; what is filled in may not be in the text"
	}
	return string(f)
}
