package assembly

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	return h.seed(ctx, "people.yaml", text)
}

// SeedFile writes an operator's people file at start-up, where nobody is there
// yet who could be asked for it. A file that says what stands already changes
// nothing; every fault of a file is named at once.
func (h *House) SeedFile(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("opening the people file: %w", err)
	}
	return h.seed(ctx, filepath.Base(file), text)
}

func (h *House) seed(ctx context.Context, name string, text []byte) error {
	people, err := config.ReadPeople(name, text)
	if err != nil {
		return fmt.Errorf("reading the people: %w", err)
	}
	_, _, err = h.Desk.SeedPeople(ctx, people.List)
	if err != nil {
		return fmt.Errorf("writing the people: %w", err)
	}
	return nil
}
