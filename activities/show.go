package activities

import (
	"context"
	"errors"
	"fmt"

	"gangway/internal/review"
)

// ShowIn is what people are told at one moment.
type ShowIn struct {
	Notices []review.Notice `json:"notices,omitempty"`
	Copies  []review.Copy   `json:"copies,omitempty"`
}

// ShowOut names the notices that no channel could show.
type ShowOut struct {
	Undelivered []string `json:"undelivered,omitempty"` // notice ids
}

// Show tells people what a channel in trouble held up when it was recorded. It
// is tried until every channel took or refused its part; what was shown already
// is not shown twice.
func (a *Activities) Show(ctx context.Context, in ShowIn) (ShowOut, error) {
	told := a.tell(ctx, in)
	if len(told.again) > 0 {
		return ShowOut{}, outside(errors.Join(told.again...))
	}
	return ShowOut{Undelivered: told.undelivered}, nil
}

// told is what became of an attempt to tell people.
type told struct {
	undelivered []string // notices that no channel can show
	late        Late     // what has to be tried again, because of
	again       []error
}

// tell tells people through every channel that reaches them, and brings copies
// of requests to their state. A channel in trouble holds up nobody else: all
// others are told. A channel that refuses for good counts as one that doesn't
// reach the person.
func (a *Activities) tell(ctx context.Context, in ShowIn) told {
	var t told
	for _, n := range in.Notices {
		reached, tries := false, len(t.again)
		for _, m := range a.Messengers {
			shown, err := m.Show(ctx, n)
			if err != nil && !permanent(err) && !missing(err) {
				t.again = append(t.again, fmt.Errorf("showing a notice by %s: %w", m.Channel(), err))
			}
			reached = reached || shown && err == nil
		}
		switch {
		case len(t.again) > tries:
			t.late.Notices = append(t.late.Notices, n.ID)
		case !reached:
			t.undelivered = append(t.undelivered, n.ID)
		}
	}
	for _, c := range in.Copies {
		tries := len(t.again)
		for _, m := range a.Messengers {
			err := m.Follow(ctx, c)
			if err != nil && !permanent(err) && !missing(err) {
				t.again = append(t.again, fmt.Errorf("bringing copies up to date by %s: %w", m.Channel(), err))
			}
		}
		if len(t.again) > tries {
			t.late.Copies = append(t.late.Copies, c.Request)
		}
	}
	return t
}
