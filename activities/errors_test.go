package activities

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
)

type finalError struct{ final bool }

func (finalError) Error() string     { return "refused" }
func (e finalError) Permanent() bool { return e.final }

type laterError struct{ after time.Duration }

func (laterError) Error() string               { return "too fast" }
func (e laterError) RetryAfter() time.Duration { return e.after }

func TestOutside(t *testing.T) {
	if outside(nil) != nil {
		t.Error("no error became one")
	}
	plain := errors.New("the network is away")
	for name, c := range map[string]struct {
		err   error
		kind  string // of an application error; empty: stays as it is
		final bool
		delay time.Duration
	}{
		"anything":          {err: plain},
		"a gap":             {err: dossier.GapError{Process: "p", Want: 1, Got: 2}},
		"a full disk":       {err: dossier.FullError{Doing: "recording"}},
		"not there":         {err: dossier.NotFoundError{What: "document", ID: "x"}, kind: ErrNotFound, final: true},
		"for good":          {err: finalError{final: true}, kind: ErrPermanent, final: true},
		"not so final":      {err: finalError{}},
		"names its pause":   {err: laterError{after: 7 * time.Second}, kind: "later", delay: 7 * time.Second},
		"joined with pause": {err: errors.Join(plain, laterError{after: time.Minute}), kind: "later", delay: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			wrapped := fmt.Errorf("doing it: %w", c.err)
			got := outside(wrapped)
			if !errors.Is(got, wrapped) {
				t.Errorf("%v is no longer in %v", wrapped, got)
			}
			var app *temporal.ApplicationError
			if is := errors.As(got, &app); is != (c.kind != "") {
				t.Fatalf("got %T %v, want kind %q", got, got, c.kind)
			}
			if app == nil {
				return
			}
			if app.Type() != c.kind || app.NonRetryable() != c.final || app.NextRetryDelay() != c.delay {
				t.Errorf("got type %q, final %t, delay %s; want %q, %t, %s", app.Type(), app.NonRetryable(), app.NextRetryDelay(), c.kind, c.final, c.delay)
			}
		})
	}
}

// Every activity turns what its archive comes to into an error that says what
// was being done.
func TestEveryActivityMapsItsErrors(t *testing.T) {
	s := newStore(t)
	s.fault = finalError{final: true}
	a := &Activities{Archive: s}
	ctx := t.Context()
	_, record := a.Record(ctx, RecordIn{Entries: []dossier.Entry{{ID: "p#1"}}})
	_, number := a.Number(ctx, NumberIn{Prefix: "contract/acme", Key: "k"})
	_, seat := a.Seat(ctx, SeatIn{})
	_, compare := a.Compare(ctx, CompareIn{Document: "sha256:x"})
	seen := map[string]bool{}
	for name, err := range map[string]error{
		"Record": record, "Number": number, "Seat": seat, "Compare": compare,
	} {
		var app *temporal.ApplicationError
		if !errors.As(err, &app) || app.Type() != ErrPermanent || seen[app.Message()] {
			t.Errorf("%s came to %v, want a final error with words of its own", name, err)
			continue
		}
		seen[app.Message()] = true
	}
}
