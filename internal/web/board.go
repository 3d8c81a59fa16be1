package web

import (
	"context"
	"fmt"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Roster is who could sign in.
type Roster interface {
	People(ctx context.Context) ([]playbook.Person, int, error)
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
	people, _, err := b.Roster.People(ctx)
	if err != nil {
		return false, fmt.Errorf("looking up who can sign in: %w", err)
	}
	for _, p := range people {
		if p.ID == n.Person {
			return !p.Left && p.Employer == "", nil
		}
	}
	return false, nil
}

// Follow has nothing to do: pages are read anew each time.
func (Board) Follow(context.Context, review.Copy) error { return nil }
