package outbox

import (
	"fmt"
	"time"
)

// againMark is what a repeated letter's id ends with: saying it twice makes one.
const againMark = "+again"

// NotAgainError says that a letter can't be sent again.
type NotAgainError struct {
	State State
	Kind  Kind
}

// Error says why.
func (e NotAgainError) Error() string {
	if e.Kind == SignIn {
		return "a one-time link is not sent again"
	}
	return fmt.Sprintf("a letter that is %s is not sent again", e.State)
}

// Hint says what to do instead.
func (e NotAgainError) Hint() string {
	switch {
	case e.Kind == SignIn:
		return "ask for a new one on the sign-in page"
	case e.State == Waiting || e.State == Sending:
		return "it is on its way; wait until it arrived or failed"
	default:
		return "only one that failed, or of which nothing is known, can be"
	}
}

// Invalid marks the error for callers that know only the small interface.
func (e NotAgainError) Invalid() bool { return true }

// Repeat is a letter that tells the same once more, because a person said so: a
// new one that names the old. Its text is written anew from the record.
func Repeat(old Letter, now time.Time) (Letter, error) {
	if old.Kind == SignIn || old.State != Unknown && !old.State.Failed() {
		return Letter{}, NotAgainError{State: old.State, Kind: old.Kind}
	}
	l := old
	l.ID, l.Again, l.Made, l.State = old.ID+againMark, old.ID, now, Waiting
	l.Tries, l.First, l.Message, l.Changed, l.Fault, l.Repeated = 0, time.Time{}, "", time.Time{}, "", false
	l.Next = First(l, now)
	return l, nil
}
