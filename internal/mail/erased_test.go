package mail_test

import (
	"testing"

	"gangway/internal/arrivals"
)

// A mail that was erased does not come back because somebody moves it back into the
// mailbox, or because the mailbox's numbers change.
func TestAnErasedMailDoesNotComeBack(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	_, to := w.asks("legal", "helen")
	raw := sign(t, w.letterOf(helen, to, "Re: Legal review", "My telephone number is private.\n"), "example.org")
	w.comes(raw)
	a := w.one()
	if a.Kind != arrivals.Comment {
		t.Fatalf("%s %v", a.Kind, a.Why)
	}
	w.ok(w.a.EraseDocument(t.Context(), a.Case, a.Raw, "retention", "olga"))
	if _, _, err := w.a.Get(t.Context(), a.Raw); err == nil {
		t.Fatal("it is not erased")
	}
	w.comes(raw)
	w.comes("Received: by another way\r\n" + raw)
	w.server.NewValidity("INBOX")
	if got := w.read(); len(got) != 0 {
		t.Errorf("settled again: %+v", got)
	}
	if _, body, err := w.a.Get(t.Context(), a.Raw); err == nil {
		_ = body.Close()
		t.Error("the erased mail is kept again")
	}
	if w.lies("INBOX") != 0 || w.lies("Processed") != 3 || len(w.out.told) != 1 {
		t.Errorf("%d in INBOX, %d in Processed, %d told", w.lies("INBOX"), w.lies("Processed"), len(w.out.told))
	}
}
