package activities

import (
	"context"
	"fmt"
)

// EraseIn names documents of a case whose content must be there no longer, and the
// rule that says so.
type EraseIn struct {
	Case      string   `json:"case"`
	Documents []string `json:"documents"` // digests
	Rule      string   `json:"rule"`      // a machine's words, as they stand in the record
}

// eraseOut names the documents that the case never had: nobody erased them.
type eraseOut struct {
	Missing []string `json:"missing,omitempty"`
}

// Erase removes the content of documents; that they were there stays in the record,
// with the day and the rule. What was erased before needs nothing.
func (a *Activities) Erase(ctx context.Context, in EraseIn) (eraseOut, error) {
	var out eraseOut
	for _, digest := range in.Documents {
		err := a.Archive.EraseDocument(ctx, in.Case, digest, in.Rule, "")
		if missing(err) {
			out.Missing = append(out.Missing, digest)
			continue
		}
		if err != nil {
			return eraseOut{}, outside(fmt.Errorf("erasing a copy: %w", err))
		}
	}
	return out, nil
}
