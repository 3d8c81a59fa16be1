package desk

import (
	"context"
	"errors"
	"testing"

	"gangway/internal/playbook"
)

// Started can be refused.
func (s *spy) Started(ctx context.Context, caseIDs ...string) error {
	if err := s.fault(ctx, "Started"); err != nil {
		return err
	}
	return s.Archive.Started(ctx, caseIDs...)
}

// TestStartsAreNotedLater: a case that runs is not started again while the note
// of it waits or can't be written, the end of the loop writes what is left, and
// another desk that knows nothing of it does no harm.
func TestStartsAreNotedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tries := 0
	w.engine.fault = func(string) fault { tries++; return fault{} }
	unnoted := func(what string, want int) {
		t.Helper()
		same(t, what+": cases without a note", want, len(must[[]playbook.Reserved](t)(w.store.Unstarted(context.Background()))))
	}
	w.open(intake("web-1"))
	w.open(another("web-2"))
	unnoted("opened", 2)
	w.store.refuse("Started", errors.New("full"))
	w.delivers()
	unnoted("the note can't be written", 2)
	same(t, "tries to start", 2, tries)
	w.store.refuse("Started", nil)
	ending, end := context.WithCancel(context.Background())
	end()
	w.desk.Run(ending)
	unnoted("the loop has ended", 0)
	same(t, "tries to start", 2, tries)
	w.open(another("web-3"))
	other := w.another()
	other.deliverAll(context.Background())
	same(t, "the other desk tries too", 4, tries)
	unnoted("it hears that the case runs", 1)
	other.deliverAll(context.Background())
	w.delivers()
	unnoted("both have noted it", 0)
	same(t, "tries to start", 4, tries)
	same(t, "processes", 3, len(w.engine.processes))
}
