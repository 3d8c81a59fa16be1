package activities

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/dossier"
)

// showWithin bounds what Record spends on telling people: a channel that hangs
// must not cost the whole attempt (ten seconds), or the process would never hear
// that its entries are in the record.
const showWithin = 3 * time.Second

// RecordIn is a batch of entries of one process, in order, and what people are
// told once it is in the record.
type RecordIn struct {
	Entries []dossier.Entry `json:"entries,omitempty"`
	ShowIn
}

// RecordOut says what became of the telling; the entries are in the record.
type RecordOut struct {
	ShowOut
	// Late is what a channel in trouble held up: it has to be shown again.
	Late Late `json:"late,omitzero"`
}

// Late names what is still to be shown: notices by their ids, copies by their
// requests.
type Late struct {
	Notices []string `json:"notices,omitempty"`
	Copies  []string `json:"copies,omitempty"`
}

// Record adds a batch to the record and then, never before, tells people.
// Recording the same batch again changes nothing and tells nobody twice. Only
// the record's own trouble is an error: what a channel could not show is
// reported, so that no channel holds up the record.
func (a *Activities) Record(ctx context.Context, in RecordIn) (RecordOut, error) {
	if len(in.Entries) > 0 {
		err := a.Archive.Append(ctx, in.Entries)
		if err != nil {
			return RecordOut{}, outside(fmt.Errorf("recording %d entries: %w", len(in.Entries), err))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, showWithin)
	defer cancel()
	told := a.tell(ctx, in.ShowIn)
	return RecordOut{ShowOut: ShowOut{Undelivered: told.undelivered}, Late: told.late}, nil
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
