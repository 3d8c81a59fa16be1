package web

import (
	"context"
	"errors"
	"fmt"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Roster is who could sign in. A person who is not there is an error with a
// NotFound method.
type Roster interface {
	Person(ctx context.Context, id string) (playbook.Person, int, error)
}

// Board is the inbox as a channel: what is in the record is on the page, so
// there is nothing to send and no copy to bring up to date. What it can tell is
// whether the page reaches a person at all.
type Board struct{ Roster Roster }

// Channel names it.
func (Board) Channel() string { return "web" }

// Show reports whether the person can see the page: one of the client's active
// people.
func (b Board) Show(ctx context.Context, n review.Notice) (bool, error) {
	p, _, err := b.Roster.Person(ctx, n.Person)
	var missing interface{ NotFound() bool }
	if errors.As(err, &missing) && missing.NotFound() {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking up who can sign in: %w", err)
	}
	return !p.Left && p.Employer == "", nil
}

// Follow has nothing to do: pages are read anew each time.
func (Board) Follow(context.Context, review.Copy) error { return nil }
