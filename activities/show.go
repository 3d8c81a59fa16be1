package activities

import (
	"context"
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
// of requests to their state. A channel in trouble is tried again; notices that
// were shown already are not shown twice.
func (a *Activities) Show(ctx context.Context, in ShowIn) (ShowOut, error) {
	var out ShowOut
	for _, n := range in.Notices {
		reached := false
		for _, m := range a.Messengers {
			shown, err := m.Show(ctx, n)
			if err != nil {
				return ShowOut{}, outside(fmt.Errorf("showing a notice by %s: %w", m.Channel(), err))
			}
			reached = reached || shown
		}
		if !reached {
			out.Undelivered = append(out.Undelivered, n.ID)
		}
	}
	for _, c := range in.Copies {
		for _, m := range a.Messengers {
			err := m.Follow(ctx, c)
			if err != nil {
				return ShowOut{}, outside(fmt.Errorf("bringing copies up to date by %s: %w", m.Channel(), err))
			}
		}
	}
	return out, nil
}
