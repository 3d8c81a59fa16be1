package desk

import (
	"errors"
	"fmt"
	"strings"
)

// ForbiddenError refuses somebody something.
type ForbiddenError struct{ Doing string }

// Error says what was refused.
func (e ForbiddenError) Error() string { return e.Doing + " is not for you" }

// Forbidden marks the error for channels that know only the small interface.
func (e ForbiddenError) Forbidden() bool { return true }

// Hint says whom to ask.
func (e ForbiddenError) Hint() string { return "ask the case owner" }

// InputError names everything that is wrong with what somebody filed.
type InputError struct {
	Faults []error
	hint   string
}

// Error lists all faults.
func (e InputError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Invalid marks the error as the sender's.
func (e InputError) Invalid() bool { return true }

// Hint says what to do.
func (e InputError) Hint() string {
	if e.hint != "" {
		return e.hint
	}
	return "mend what is named above and file it again; nothing was started"
}

// BusyError says that an answer could neither be delivered nor kept. Nothing was
// decided; the person's text stays with the channel.
type BusyError struct{ cause error }

// Error says that nothing was kept.
func (e BusyError) Error() string { return "the answer could not be kept: " + e.cause.Error() }

// Unwrap returns what stood in the way.
func (e BusyError) Unwrap() error { return e.cause }

// Hint says that trying again is safe.
func (e BusyError) Hint() string {
	return "nothing was decided; keep your text and send it again in a minute, it can't count twice"
}

func invalid(hint, format string, args ...any) InputError {
	return InputError{Faults: []error{fmt.Errorf(format, args...)}, hint: hint}
}

func isNotFound(err error) bool {
	var missing interface{ NotFound() bool }
	return errors.As(err, &missing) && missing.NotFound()
}
