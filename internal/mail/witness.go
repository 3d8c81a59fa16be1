package mail

import (
	"context"
	"fmt"
	"time"

	"gangway/internal/outbox"
)

// sealed is what the witness is mailed of a dossier: enough to find it again, and the
// block that a machine reads.
type sealed struct {
	Case, SignedAt, Fingerprint string
	Lines                       int
	Block                       string
}

const witnessLead = "You keep this mail, and somebody else keeps the key that signed it: together they show later that nobody made the record of this case anew. Nothing of what was decided stands in it. There is nothing to do but to keep it as it came."

// checkpoint takes a dossier's out of the record. Where the case was sealed with more
// lines since, another letter has that one, and nothing is left to tell.
func (w *composer) checkpoint(ctx context.Context, l outbox.Letter) error {
	w.c.replyTo = ""
	s, found, err := w.o.Store.SealedCheckpoint(ctx, l.Case, l.Lines)
	if err != nil {
		return fmt.Errorf("reading the checkpoint for the witness: %w", err)
	}
	if found {
		w.c.seal = &sealed{Case: l.Case, SignedAt: s.SignedAt.UTC().Format(time.RFC3339), Fingerprint: s.Fingerprint, Lines: l.Lines, Block: s.Block}
	}
	return nil
}
