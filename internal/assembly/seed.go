package assembly

import (
	"context"
	"fmt"
	"io/fs"

	"gangway/config"
)

// SeedExample gives a new record the example's people, so that there is somebody
// to sign in as. A record that has people is left alone.
func (h *House) SeedExample(ctx context.Context) error {
	have, _, err := h.Archive.People(ctx)
	if err != nil {
		return fmt.Errorf("looking for people: %w", err)
	}
	if len(have) > 0 {
		return nil
	}
	text, err := fs.ReadFile(config.Example(), "people.yaml")
	if err != nil {
		return fmt.Errorf("opening the example's people: %w", err)
	}
	people, err := config.ReadPeople("people.yaml", text)
	if err != nil {
		return fmt.Errorf("reading the example's people: %w", err)
	}
	_, _, err = h.Desk.SeedPeople(ctx, people.List)
	if err != nil {
		return fmt.Errorf("writing the example's people: %w", err)
	}
	return nil
}
