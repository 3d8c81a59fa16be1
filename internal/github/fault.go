package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fault is what kind of thing went wrong with a call to GitHub.
type Fault string

// Faults.
const (
	// Unready: there is nothing to sign in with.
	Unready Fault = "unready"
	// Unreachable: no answer came, and perhaps nothing was sent.
	Unreachable Fault = "unreachable"
	// Lost: an answer came that can't be read, or only a part of it.
	Lost Fault = "lost"
	// Limited: too many calls; nothing of this one was done.
	Limited Fault = "rate limited"
	// Accepted: GitHub goes on with it, and has not done it yet (202).
	Accepted Fault = "not done yet"
	// Broken: GitHub failed itself (5xx), or something before it did.
	Broken Fault = "failed at GitHub"
	// Denied: the sign-in is no good, or lacks a permission. An operator can mend it.
	Denied Fault = "denied"
	// Hidden: it is not there, or may not be seen: GitHub answers 404 to both.
	Hidden Fault = "not there, or hidden"
	// Moved: it has another name now.
	Moved Fault = "moved"
	// Faulty: what we sent is not what GitHub takes: a mistake of ours.
	Faulty Fault = "faulty"
	// Refused: GitHub said no for a reason of its own.
	Refused Fault = "refused"
)

// CallError says that a call to GitHub failed. It holds no token, no name, no address
// and nothing of what was sent or came back, but the names of permissions.
type CallError struct {
	// Call is the method and the path, without the names in it.
	Call  string
	Fault Fault
	// Status is HTTP's; 0: no answer came.
	Status int
	// Needs are the permissions that GitHub names as those it takes; none: it named
	// none.
	Needs []string
	// SSO: the token must be let in by the organisation's single sign-on.
	SSO bool
	// Request is GitHub's id of the call.
	Request string

	after time.Duration
	cause error
}

// Error says which call failed, and how.
func (e *CallError) Error() string {
	text := "calling " + e.Call + ": " + string(e.Fault)
	if e.Status != 0 {
		text += fmt.Sprintf(" (%d)", e.Status)
	}
	if len(e.Needs) > 0 {
		text += "; it needs " + strings.Join(e.Needs, " or ")
	}
	return text
}

// Unwrap gives a context's error where it was that which ended the call.
func (e *CallError) Unwrap() error { return e.cause }

// Hint says what an operator can do.
func (e *CallError) Hint() string {
	switch {
	case e.SSO:
		return "let the token in by the organisation's single sign-on: GitHub, Settings, Developer settings, the token, Configure SSO"
	case e.Fault == Denied && len(e.Needs) > 0:
		return "give the app or the token this permission: " + strings.Join(e.Needs, " or ") + "; an app's new permission waits until an owner of the organisation accepts it"
	}
	switch e.Fault {
	case Unready:
		return "see the settings of github for where its key or token is read from"
	case Denied:
		return "check that the key or token is still good, that the app is still installed, and what it may"
	case Hidden:
		return "does it still exist under this name, and may the app or the token see it? GitHub answers the same to both"
	case Moved:
		return "it was renamed or handed over: write its new name"
	case Faulty:
		return "this is a mistake of gangway's; the log names the call"
	case Refused:
		return "GitHub's own rules forbid it: an identity provider that rules the team, a policy of the organisation, or no more invitations for today"
	}
	return "nothing needs to be done; it is tried again"
}

// Permanent reports whether the same call would fail again until somebody changes
// something.
func (e *CallError) Permanent() bool {
	return slices.Contains([]Fault{Unready, Denied, Hidden, Moved, Faulty, Refused}, e.Fault)
}

// RetryAfter is how long to wait before GitHub is called again; zero: as long as the
// caller thinks fit.
func (e *CallError) RetryAfter() time.Duration { return e.after }

// NotFound reports whether what the call was about can't be seen.
func (e *CallError) NotFound() bool { return e.Fault == Hidden }

// Forbidden reports whether the app or the token may not.
func (e *CallError) Forbidden() bool { return e.Fault == Denied }

// faultOf is the CallError within an error.
func faultOf(err error) (*CallError, bool) {
	var e *CallError
	return e, errors.As(err, &e)
}

// is reports whether err is a CallError with one of these faults.
func is(err error, faults ...Fault) bool {
	e, ok := faultOf(err)
	return ok && slices.Contains(faults, e.Fault)
}

// causeOf is a context's error within err, or nil: nothing else of a transport's error
// leaves this package, since it may name addresses.
func causeOf(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	return nil
}
