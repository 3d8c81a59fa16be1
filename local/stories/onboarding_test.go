package stories

import (
	"bytes"
	"context"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestOnboardingFromIntakeToSealedDossier is the whole of it on the real engine:
// need, checks, a contract that changes once, live, sealed, verified.
func TestOnboardingFromIntakeToSealedDossier(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.onboard()
	o.needed()
	o.answer("jonas", "review", review.Changes)
	o.answer("daniel", "review", review.Approve)
	o.answer("ruth", "review", review.Approve)
	o.answer("ravi", "review", review.Approve)
	o.answer("maya", playbook.ChoreSend, playbook.Sent)
	o.answer("maya", playbook.ChoreNext, review.Delivered, func(a *review.Answer) { a.Documents = []string{h.versionTwo()} })
	o.answer("jonas", "review", review.Approve)
	o.answer("ravi", "review", review.Approve) // the second version changes what finance reads, and nobody else's
	o.answer("maya", "review", review.Approve)
	o.answer("helen", "review", review.Approve)
	o.live()
	v := o.until("the case is sealed", func(v dossier.CaseView) bool { return v.Sealed })
	if v.State != dossier.Live {
		t.Errorf("the case ended %s, want %s", v.State, dossier.Live)
	}
	var zip bytes.Buffer
	if err := h.Desk.Dossier(context.Background(), as("maya"), o.id, &zip); err != nil {
		t.Fatalf("taking the dossier: %v", err)
	}
	verdict, err := archive.Verify(bytes.NewReader(zip.Bytes()), int64(zip.Len()), []string{h.Desk.Fingerprint(context.Background())})
	if err != nil || !verdict.Intact || !verdict.Known || verdict.Histories != 3 {
		t.Errorf("the dossier: %+v, %v", verdict, err)
	}
}
