package desk

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// spy is the real store, which can be told to refuse, and remembers what was
// queued.
type spy struct {
	*archive.Archive
	mu      sync.Mutex
	queued  []review.Queued
	refuses map[string]func(ctx context.Context) error // by method
}

func (s *spy) refuse(method string, err error) { // nil: no longer
	s.refuseBy(method, func(context.Context) error { return err })
}

func (s *spy) refuseBy(method string, how func(ctx context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses[method] = how
}

func (s *spy) fault(ctx context.Context, method string) error {
	s.mu.Lock()
	how := s.refuses[method]
	s.mu.Unlock()
	if how == nil {
		return nil
	}
	return how(ctx)
}

func (s *spy) Enqueue(ctx context.Context, q review.Queued) error {
	s.mu.Lock()
	s.queued = append(s.queued, q)
	s.mu.Unlock()
	if err := s.fault(ctx, "Enqueue"); err != nil {
		return err
	}
	return s.Archive.Enqueue(ctx, q)
}

func (s *spy) Receipt(ctx context.Context, id string) (review.Outcome, bool, error) {
	if err := s.fault(ctx, "Receipt"); err != nil {
		return review.Outcome{}, false, err
	}
	return s.Archive.Receipt(ctx, id)
}

func (s *spy) KeepReceipt(ctx context.Context, id, person, request string, o review.Outcome) error {
	if err := s.fault(ctx, "KeepReceipt"); err != nil {
		return err
	}
	return s.Archive.KeepReceipt(ctx, id, person, request, o)
}

func (s *spy) KeepText(ctx context.Context, id string, t review.Text) (review.Written, error) {
	if err := s.fault(ctx, "KeepText"); err != nil {
		return review.Written{}, err
	}
	return s.Archive.KeepText(ctx, id, t)
}

func (s *spy) Settle(ctx context.Context, q review.Queued, o review.Outcome) error {
	if err := s.fault(ctx, "Settle"); err != nil {
		return err
	}
	return s.Archive.Settle(ctx, q, o)
}

func (s *spy) Append(ctx context.Context, entries []dossier.Entry) error {
	if err := s.fault(ctx, "Append"); err != nil {
		return err
	}
	return s.Archive.Append(ctx, entries)
}

func (s *spy) AppendBody(ctx context.Context, e dossier.Entry, b dossier.Body) error {
	if err := s.fault(ctx, "AppendBody"); err != nil {
		return err
	}
	return s.Archive.AppendBody(ctx, e, b)
}

// OpenCase is, where "AppendBody" fails, that of the first releases: the number
// stood before the case was noted.
func (s *spy) OpenCase(ctx context.Context, intake, prefix string, input []byte, vendor dossier.Name, unless []string,
	noted func(string) ([]dossier.Entry, dossier.Body)) (string, bool, error) {
	if err := s.fault(ctx, "AppendBody"); err != nil {
		_, _, kept := s.Archive.OpenCase(ctx, intake, prefix, input, dossier.Name{}, unless, nil)
		return "", false, errors.Join(err, kept)
	}
	return s.Archive.OpenCase(ctx, intake, prefix, input, vendor, unless, noted)
}

// shelf is the playbooks that ship.
type shelf struct{}

func (shelf) Playbook(name string) (playbook.Playbook, []byte, error) {
	if name == "" {
		name = "standard"
	}
	return config.Shipped(name)
}

func (shelf) Playbooks() []string { return config.Playbooks() }

func (shelf) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("playbook.yaml", text)
}

func (shelf) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}

// wax seals nothing.
type wax struct{}

func (wax) Export(_ context.Context, caseID string, w io.Writer) error {
	_, err := io.WriteString(w, "dossier of "+caseID)
	return err
}
func (wax) Fingerprint() string { return "gw1:test" }

func (s *spy) Cases(ctx context.Context) ([]dossier.CaseView, error) {
	if err := s.fault(ctx, "Cases"); err != nil {
		return nil, err
	}
	return s.Archive.Cases(ctx)
}

func (s *spy) CasesIn(ctx context.Context, process string) ([]dossier.CaseView, error) {
	if err := s.fault(ctx, "CasesIn"); err != nil {
		return nil, err
	}
	return s.Archive.CasesIn(ctx, process)
}
