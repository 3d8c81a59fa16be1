package assembly

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gangway/activities"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// order is the channels that write to people, as one: each person is told by the
// first that reaches them, in the order that they prefer, and of an emergency by all. Copies follow their
// state in all of them.
type order struct {
	roster   roster
	channels []activities.Messenger
}

// roster is who prefers what.
type roster interface {
	Person(ctx context.Context, id string) (p playbook.Person, revision int, err error)
}

// Channel names it.
func (o order) Channel() string { return "people" }

// Show tells somebody once. A channel in trouble is not passed over: the notice
// is shown again when it is back, and there the same notice is one.
func (o order) Show(ctx context.Context, n review.Notice) (bool, error) {
	channels, err := o.of(ctx, n.Person)
	if err != nil {
		return false, err
	}
	if n.Everywhere {
		return everywhere(ctx, channels, n)
	}
	for _, c := range channels {
		shown, err := c.Show(ctx, n)
		if final(err) { // refused for good: it reaches them no more than if it had said so
			continue
		}
		if err != nil {
			return false, fmt.Errorf("telling somebody by %s: %w", c.Channel(), err)
		}
		if shown {
			return true, nil
		}
	}
	return false, nil
}

// everywhere shows a notice by all of the channels. One that is in trouble holds up none of
// the others; the notice is shown again once it is back, and where it was shown it is one.
func everywhere(ctx context.Context, channels []activities.Messenger, n review.Notice) (bool, error) {
	reached := false
	var errs []error
	for _, c := range channels {
		shown, err := c.Show(ctx, n)
		if err != nil && !final(err) {
			errs = append(errs, fmt.Errorf("telling somebody of an emergency by %s: %w", c.Channel(), err))
		}
		reached = reached || shown && err == nil
	}
	return reached, errors.Join(errs...)
}

// Follow brings the copies of every channel to their state, also when one is in
// trouble.
func (o order) Follow(ctx context.Context, c review.Copy) error {
	var errs []error
	for _, m := range o.channels {
		err := m.Follow(ctx, c)
		if err != nil && !final(err) {
			errs = append(errs, fmt.Errorf("following by %s: %w", m.Channel(), err))
		}
	}
	return errors.Join(errs...)
}

// of lists the channels as somebody prefers them: those that they name first, in
// their order, then the others. Nobody can choose not to be told.
func (o order) of(ctx context.Context, person string) ([]activities.Messenger, error) {
	p, _, err := o.roster.Person(ctx, person)
	if err != nil && !gone(err) {
		return nil, fmt.Errorf("looking up what somebody prefers: %w", err)
	}
	rank := func(m activities.Messenger) int {
		if i := slices.Index(p.Channels, m.Channel()); i >= 0 {
			return i
		}
		return len(p.Channels)
	}
	list := slices.Clone(o.channels)
	slices.SortStableFunc(list, func(a, b activities.Messenger) int { return rank(a) - rank(b) })
	return list, nil
}

// final reports that trying again would change nothing.
func final(err error) bool {
	var permanent interface{ Permanent() bool }
	return errors.As(err, &permanent) && permanent.Permanent() || gone(err)
}

// gone reports that what was asked for is not there.
func gone(err error) bool {
	var missing interface{ NotFound() bool }
	return errors.As(err, &missing) && missing.NotFound()
}
