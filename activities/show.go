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

// Show tells people through every channel that reaches them, and brings copies
// of requests to their state. A channel in trouble holds up nobody else: all
// others are told first, then everything is tried again, and what was shown
// already is not shown twice. A channel that refuses for good counts as one that
// doesn't reach the person.
func (a *Activities) Show(ctx context.Context, in ShowIn) (ShowOut, error) {
	var out ShowOut
	var again []error
	for _, n := range in.Notices {
		reached := false
		for _, m := range a.Messengers {
			shown, err := m.Show(ctx, n)
			if err != nil && !permanent(err) && !missing(err) {
				again = append(again, fmt.Errorf("showing a notice by %s: %w", m.Channel(), err))
			}
			reached = reached || shown && err == nil
		}
		if !reached {
			out.Undelivered = append(out.Undelivered, n.ID)
		}
	}
	for _, c := range in.Copies {
		for _, m := range a.Messengers {
			err := m.Follow(ctx, c)
			if err != nil && !permanent(err) && !missing(err) {
				again = append(again, fmt.Errorf("bringing copies up to date by %s: %w", m.Channel(), err))
			}
		}
	}
	if len(again) > 0 {
		return ShowOut{}, outside(errors.Join(again...))
	}
	return out, nil
}
