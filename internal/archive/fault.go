package archive

import (
	"errors"
	"fmt"
	"syscall"

	"gangway/internal/dossier"
)

// scrubDueQuery reads whether an erasure still has to be followed by a scrub.
const scrubDueQuery = `SELECT value FROM state WHERE name = 'scrub'`

// fault says what was being done; a full disk becomes FullError.
func fault(doing string, err error) error {
	if err = full(doing, err); err == nil || errors.As(err, new(dossier.FullError)) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// full turns the errors of a full disk or a full database into FullError and
// leaves others as they are.
func full(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || sqliteFull(err) || postgresFull(err) {
		return dossier.FullError{Doing: doing}
	}
	return err
}
