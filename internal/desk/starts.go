package desk

import (
	"context"
	"slices"
	"sync"
)

// starts are the cases that this desk has started and not noted yet. The note
// keeps the loop from starting them again, which is harmless: so nobody waits for
// it, and the loop writes many in one transaction.
type starts struct {
	mu    sync.Mutex
	cases []string
}

func (s *starts) add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.cases, id) {
		s.cases = append(s.cases, id)
	}
}

func (s *starts) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.cases, id)
}

func (s *starts) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.cases)
}

// noted forgets cases that need no note any more.
func (s *starts) noted(ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cases = slices.DeleteFunc(s.cases, func(id string) bool { return slices.Contains(ids, id) })
}

// noteStarts writes down which reserved cases run. What can't be written now is
// for the next pass.
func (d *Desk) noteStarts(ctx context.Context) {
	ids := d.starts.all()
	if len(ids) == 0 {
		return
	}
	err := d.store.Started(ctx, ids...)
	if err != nil {
		d.log.Warn("noting that cases run", "cases", len(ids), "error", err)
		return
	}
	d.starts.noted(ids)
}
