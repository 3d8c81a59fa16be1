package activities

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
)

// Types of errors as workflows see them: Go's own identities are lost at the
// activity boundary, these words are not.
const (
	ErrNotFound   = "not-found"
	ErrPermanent  = "permanent"
	ErrUnreadable = "unreadable"
)

// outside turns an error of the world into one that Temporal understands: what
// is final is not retried, what names its own pause gets it, everything else is
// retried for ever.
func outside(err error) error {
	if err == nil {
		return nil
	}
	if missing(err) {
		return temporal.NewNonRetryableApplicationError(err.Error(), ErrNotFound, err)
	}
	if permanent(err) {
		return temporal.NewNonRetryableApplicationError(err.Error(), ErrPermanent, err)
	}
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		return temporal.NewApplicationErrorWithOptions(err.Error(), "later", temporal.ApplicationErrorOptions{NextRetryDelay: later.RetryAfter(), Cause: err})
	}
	return err
}

// permanent reports whether trying again would change nothing.
func permanent(err error) bool {
	var final interface{ Permanent() bool }
	return errors.As(err, &final) && final.Permanent()
}

// missing reports whether what was asked for is not there.
func missing(err error) bool {
	var gone interface{ NotFound() bool }
	return errors.As(err, &gone) && gone.NotFound()
}
