package activities

import (
	"context"
	"fmt"

	"gangway/internal/dossier"
)

// RecordIn is a batch of entries of one process, in order.
type RecordIn struct {
	Entries []dossier.Entry `json:"entries"`
}

// Record adds a batch to the record. Recording the same batch again changes
// nothing.
func (a *Activities) Record(ctx context.Context, in RecordIn) error {
	err := a.Archive.Append(ctx, in.Entries)
	if err != nil {
		return outside(fmt.Errorf("recording %d entries: %w", len(in.Entries), err))
	}
	return nil
}

// NumberIn asks for the next number of a prefix ("contract/acme").
type NumberIn struct {
	Prefix string `json:"prefix"`
	// Key is the business identity of what gets the number.
	Key string `json:"key"`
}

// Number reserves a number for a process id; the same key gets the same number.
func (a *Activities) Number(ctx context.Context, in NumberIn) (int, error) {
	n, err := a.Archive.NumberFor(ctx, in.Prefix, in.Key)
	if err != nil {
		return 0, outside(fmt.Errorf("reserving a number: %w", err))
	}
	return n, nil
}
