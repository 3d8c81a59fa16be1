package mail

// FaultyError says that a setting can't be.
type FaultyError struct{ what, hint string }

// Error says which.
func (e FaultyError) Error() string { return "setting up mail: " + e.what }

// Hint says what to write instead.
func (e FaultyError) Hint() string { return e.hint }

// Invalid marks the error for callers that know only the small interface.
func (e FaultyError) Invalid() bool { return true }

// UnreadableError says that something is not the report of a bounce.
type UnreadableError struct{ why string }

// Error says why.
func (e UnreadableError) Error() string { return "reading a bounce: " + e.why }

// Hint says what is read.
func (e UnreadableError) Hint() string {
	return "hand over the whole mail as it came, header included; delivery reports (RFC 3464) are read, other mails are not"
}

// Invalid marks the error for callers that know only the small interface.
func (e UnreadableError) Invalid() bool { return true }

// ServerError says that the mail server can't be used as it is set up.
type ServerError struct {
	doing, hint string
	err         error
}

// Error says what was being done.
func (e ServerError) Error() string { return e.doing + ": " + e.err.Error() }

// Hint says what an operator can do.
func (e ServerError) Hint() string { return e.hint }

// Unwrap gives the cause.
func (e ServerError) Unwrap() error { return e.err }
