package dossier

import "fmt"

// NotFoundError says that the archive holds no such thing.
type NotFoundError struct{ What, ID string }

// Error names what was looked for.
func (e NotFoundError) Error() string { return fmt.Sprintf("there is no %s %q", e.What, e.ID) }

// NotFound marks the error for callers that know only the small interface.
func (e NotFoundError) NotFound() bool { return true }

// GapError says that a workflow's entry came before an earlier one of the same
// process. The append can be repeated once the earlier one stands.
type GapError struct {
	Process   string
	Want, Got int
}

// Error names the gap.
func (e GapError) Error() string {
	return fmt.Sprintf("entry %d of %s came before entry %d", e.Got, e.Process, e.Want)
}

// FullError says that the disk took no more; nothing was written.
type FullError struct{ Doing string }

// Error says what was being done.
func (e FullError) Error() string { return e.Doing + ": no space left" }

// Hint says what an operator can do.
func (e FullError) Hint() string {
	return "free some space on the disk that holds gangway's data, then try again; nothing was lost and nothing was half written"
}
