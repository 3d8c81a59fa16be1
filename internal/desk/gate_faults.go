package desk

// deadLinkError is one error for every link that is no good: forged, used, too
// old, or of somebody who left. Which it is would tell a stranger something.
type deadLinkError struct{}

// Error says that it is no good.
func (deadLinkError) Error() string { return "this link is no longer good" }

// NotFound marks the error for channels that know only the small interface.
func (deadLinkError) NotFound() bool { return true }

// Hint says what to do.
func (deadLinkError) Hint() string {
	return "a link works once and for half an hour; ask for a new one where you sign in"
}

// wrongCodeError is one error for every code that is no good.
type wrongCodeError struct{}

// Error says that it is no good.
func (wrongCodeError) Error() string {
	return "this code is not the one that was mailed, or no longer good"
}

// Invalid marks the error as the sender's.
func (wrongCodeError) Invalid() bool { return true }

// Hint says what to do.
func (wrongCodeError) Hint() string {
	return "type the six digits of the newest mail; five wrong ones end it, and the link beside it stays good"
}

// noMailError says that nobody can sign in by mail here.
type noMailError struct{}

// Error says so.
func (noMailError) Error() string { return "no mail is set up here, so nobody can sign in by it" }

// Hint says whom to ask.
func (noMailError) Hint() string {
	return "tell whoever runs gangway; `gangway doctor` says what is missing"
}

// endedError says that a session or token is no good any more.
type endedError struct{ what, address string }

// Error names what ended.
func (e endedError) Error() string { return "this " + e.what + " has ended, or never was one" }

// NotFound marks the error for channels that know only the small interface.
func (endedError) NotFound() bool { return true }

// Hint says where a new one comes from.
func (e endedError) Hint() string {
	if e.address == "" {
		return "sign in again"
	}
	return "sign in again at " + e.address
}
