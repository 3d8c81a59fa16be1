package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Fault is what kind of thing went wrong with a call to Slack.
type Fault string

// Faults.
const (
	// Unready: there is no token to call with.
	Unready Fault = "unready"
	// Unreachable: nothing was sent; Slack could not be reached.
	Unreachable Fault = "unreachable"
	// Lost: it was sent, and no answer came that can be read.
	Lost Fault = "lost"
	// Limited: too many calls; none of this one was done.
	Limited Fault = "rate limited"
	// Broken: Slack says that it failed itself (5xx, internal_error).
	Broken Fault = "failed at Slack"
	// Denied: the token is no good, or lacks a scope. An operator can mend it.
	Denied Fault = "denied"
	// Faulty: what we sent is not what Slack takes: a mistake of ours.
	Faulty Fault = "faulty"
	// Refused: Slack said no and why, see Word.
	Refused Fault = "refused"
)

// limitedFor is how long we wait after a 429 that says nothing of it, and at most
// whatever one says: Slack's windows are minutes.
const (
	limitedFor  = 30 * time.Second
	mostLimited = 10 * time.Minute
)

// CallError says that a call to Slack failed. It holds no token, no URL and
// nothing of what was sent or came back, but Slack's own words for faults.
type CallError struct {
	Method string
	Fault  Fault
	// Word is Slack's for the fault, such as channel_not_found; of a 5xx its
	// number. Empty: it gave none.
	Word string
	// Scope that is missing; empty: another thing is.
	Scope string
	// Pointers say where in a message or view the fault is (JSON pointers, with
	// Slack's words); for the log.
	Pointers []string

	after time.Duration
	// cause is a context's, or nil.
	cause error
}

// Error says which call failed, and how.
func (e *CallError) Error() string {
	text := "calling " + e.Method + ": " + string(e.Fault)
	if e.Word != "" {
		text += " (" + e.Word + ")"
	}
	if e.Scope != "" {
		text += fmt.Sprintf(": the token lacks the scope %s", e.Scope)
	}
	return text
}

// Unwrap gives a context's error where it was that which ended the call.
func (e *CallError) Unwrap() error { return e.cause }

// Hint says what an operator can do, or whoever wrote what was sent.
func (e *CallError) Hint() string {
	switch {
	case e.Scope != "":
		return "add the scope " + e.Scope + " to the app, install it again and give gangway the new token"
	case e.Fault == Unready:
		return "see the settings of slack for where its tokens are read from"
	case e.Fault == Denied:
		return "check that the token is the app's own, that the app is still installed, and give gangway the new token"
	case e.Fault == Faulty:
		return "this is a mistake of gangway's; the log names the place"
	case e.Fault == Refused:
		return "see Slack's page on " + e.Method + " for " + e.Word
	}
	return "nothing needs to be done; it is tried again"
}

// Permanent reports whether the same call would fail again until somebody
// changes something.
func (e *CallError) Permanent() bool {
	return e.Fault == Denied || e.Fault == Faulty || e.Fault == Refused
}

// RetryAfter is how long to wait before the method is called again; zero: as long
// as the caller thinks fit.
func (e *CallError) RetryAfter() time.Duration { return e.after }

// NotFound reports whether what the call was about is not there.
func (e *CallError) NotFound() bool {
	switch e.Word {
	case "users_not_found", "user_not_found", "user_not_visible", "message_not_found", "channel_not_found", "thread_not_found", "not_found":
		return e.Fault == Refused
	}
	return false
}

// Forbidden reports whether the token may not.
func (e *CallError) Forbidden() bool { return e.Fault == Denied }

// Unknown reports whether a message may have been posted all the same: the call
// posts, and how it ended is not known.
func (e *CallError) Unknown() bool {
	return (e.Method == PostMessage || e.Method == PostEphemeral) && (e.Fault == Lost || e.Fault == Broken)
}

// gone reports whether a message can't be changed any more, or is not there.
func (e *CallError) gone() bool {
	return e.Fault == Refused && slices.Contains([]string{
		"message_not_found", "channel_not_found", "edit_window_closed", "cant_update_message", "is_inactive", "thread_not_found"}, e.Word)
}

// standsStill reports whether what is gone can still be seen, and so is out of
// date from now on.
func (e *CallError) standsStill() bool {
	return e.Fault == Refused && (e.Word == "edit_window_closed" || e.Word == "cant_update_message")
}

// person reports whether it says that somebody can't be written to.
func (e *CallError) person() bool {
	return e.Fault == Refused && slices.Contains([]string{
		"users_not_found", "user_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot", "not_in_team",
		"user_is_restricted", "user_is_ultra_restricted", "is_bot"}, e.Word)
}

// wordFault says what a word of Slack's means for the call (the error tables of
// the methods' pages).
func wordFault(word string) Fault {
	switch word {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return Limited
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		return Broken
	case "missing_scope", "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "no_permission",
		"org_login_required", "ekm_access_denied", "access_denied", "not_allowed_token_type", "missing_post_type", "team_access_not_granted",
		"enterprise_is_restricted", "two_factor_setup_required":
		return Denied
	case "invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data",
		"invalid_json", "invalid_post_type", "json_not_object", "msg_too_long", "no_text", "msg_blocks_too_long", "view_too_large",
		"invalid_metadata_format", "metadata_too_large", "too_many_attachments", "unknown_method", "deprecated_endpoint":
		return Faulty
	}
	return Refused
}

// callOf is the CallError within an error.
func callOf(err error) (*CallError, bool) {
	var e *CallError
	return e, errors.As(err, &e)
}

// causeOf is a context's error within err, or nil: nothing else of a transport's
// error leaves this package, since it may name URLs and addresses.
func causeOf(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	return nil
}
