package slack

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"gangway/internal/access"
	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// rows is a record and its working tables in memory, with the rules of archive
// for postings and places.
type rows struct {
	mu       sync.Mutex
	clock    *tick
	persons  map[string]playbook.Person
	cases    map[string]dossier.CaseView
	requests map[string]review.Request
	receipts map[string]review.Outcome
	queued   map[string][]review.Queued
	tickets  map[string]access.Ticket
	papers   map[string]string
	bindings []access.Binding
	postings map[string]outbox.Posting
	places   map[[2]string]outbox.Place
	holder   string
	until    time.Time
	entries  []dossier.Entry
	// fault, where set, is what every write of a place or posting ends with.
	fault error
}

func newRows(clock *tick) *rows {
	return &rows{clock: clock, persons: map[string]playbook.Person{}, cases: map[string]dossier.CaseView{}, requests: map[string]review.Request{},
		receipts: map[string]review.Outcome{}, queued: map[string][]review.Queued{}, tickets: map[string]access.Ticket{}, papers: map[string]string{},
		postings: map[string]outbox.Posting{}, places: map[[2]string]outbox.Place{}}
}

// EndedCases are those that are over, told of, and not of their end.
func (s *rows) EndedCases(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	told, over := map[string]bool{}, map[string]bool{}
	for _, p := range s.postings {
		told[p.Case] = told[p.Case] || p.Person != ""
		over[p.Case] = over[p.Case] || p.Why == outbox.WhyEnded
	}
	var ids []string
	for id, v := range s.cases {
		if !v.Closed.IsZero() && told[id] && !over[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func get[T any](s *rows, from map[string]T, what, id string) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := from[id]
	if !ok {
		return v, dossier.NotFoundError{What: what, ID: id}
	}
	return v, nil
}

func (s *rows) Person(_ context.Context, id string) (playbook.Person, int, error) {
	p, err := get(s, s.persons, "person", id)
	return p, 1, err
}

func (s *rows) People(context.Context) ([]playbook.Person, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.persons), func(a, b playbook.Person) int { return cmp.Compare(a.ID, b.ID) }), 1, nil
}

func (s *rows) CaseHead(_ context.Context, id string) (dossier.CaseView, error) {
	return get(s, s.cases, "case", id)
}

func (s *rows) Case(_ context.Context, id string) (dossier.CaseView, error) {
	v, err := get(s, s.cases, "case", id)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Sorted(maps.Keys(s.requests)) {
		if s.requests[r].Case == id {
			v.Requests = append(v.Requests, clone(s.requests[r]))
		}
	}
	return v, err
}

func clone(r review.Request) review.Request { return r.Clone() }

func (s *rows) CasesOf(_ context.Context, person string, most int) ([]dossier.CaseView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []dossier.CaseView
	for _, id := range slices.Sorted(maps.Keys(s.cases)) {
		if v := s.cases[id]; (v.Owner == person || v.Requester == person) && len(list) < most {
			list = append(list, v)
		}
	}
	return list, nil
}

func (s *rows) Request(_ context.Context, id string) (review.Request, error) {
	r, err := get(s, s.requests, "request", id)
	return clone(r), err
}

func (s *rows) Waiting(_ context.Context, person string) ([]review.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []review.Request
	for _, id := range slices.Sorted(maps.Keys(s.requests)) {
		r := s.requests[id]
		if waits(&r, person, scene{Now: s.clock.now()}) {
			list = append(list, clone(r))
		}
	}
	return list, nil
}

func (s *rows) Answered(_ context.Context, person string, most int) ([]review.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := func(r review.Request) (at time.Time) {
		for _, b := range r.Ballots {
			if b.Person == person && b.At.After(at) {
				at = b.At
			}
		}
		return at
	}
	list := slices.DeleteFunc(slices.Collect(maps.Values(s.requests)), func(r review.Request) bool { return last(r).IsZero() })
	slices.SortFunc(list, func(x, y review.Request) int { return last(y).Compare(last(x)) })
	return list[:min(most, len(list))], nil
}

func (s *rows) Vendor(context.Context, string) (string, bool, error) { return "Acme", true, nil }

func (s *rows) Text(context.Context, string) (review.Text, bool, error) {
	return review.Text{}, false, nil
}

func (s *rows) Receipt(_ context.Context, id string) (review.Outcome, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, ok := s.receipts[id]
	return out, ok, nil
}

func (s *rows) QueuedOf(_ context.Context, person string) ([]review.Queued, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queued[person]), nil
}

func (s *rows) Get(_ context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	text, err := get(s, s.papers, "document", digest)
	return dossier.Paper{Digest: digest, Media: "text/plain"}, io.NopCloser(strings.NewReader(text)), err
}

func (s *rows) PutTicket(_ context.Context, t access.Ticket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickets[t.Hash] = t
	return nil
}

func (s *rows) Lease(_ context.Context, _, holder string, ttl time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	if s.holder != holder && s.holder != "" && now.Before(s.until) {
		return false, nil
	}
	s.holder, s.until = holder, now.Add(ttl)
	return true, nil
}

func (s *rows) Release(_ context.Context, _, holder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder == holder {
		s.holder = ""
	}
	return nil
}

func (s *rows) PutPosting(_ context.Context, p outbox.Posting) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.postings[p.ID]; there || s.fault != nil {
		return s.fault
	}
	p.Wanted = max(p.Wanted, 1)
	s.postings[p.ID] = p
	return nil
}

func (s *rows) Posting(_ context.Context, id string) (outbox.Posting, error) {
	return get(s, s.postings, "posting", id)
}

func (s *rows) Postings(_ context.Context, now time.Time, most int) ([]outbox.Posting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []outbox.Posting
	for _, p := range s.postings {
		if !p.Next.IsZero() && !p.Next.After(now) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b outbox.Posting) int { return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID)) })
	return list[:min(most, len(list))], nil
}

func follows(k outbox.PostingKind) bool {
	return k == outbox.Card || k == outbox.Home || k == outbox.Board
}

func (s *rows) WantPostings(_ context.Context, w outbox.Want) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, p := range s.postings {
		if w.ID != "" && id != w.ID || w.Request != "" && p.Request != w.Request || w.Case != "" && p.Case != w.Case || w.Person != "" && p.Person != w.Person ||
			len(w.Kinds) > 0 && !slices.Contains(w.Kinds, p.Kind) {
			continue
		}
		switch {
		case p.State == outbox.Said && follows(p.Kind):
			p.State = outbox.Standing
		case p.State != outbox.Due && p.State != outbox.Standing:
			continue
		}
		p.Wanted++
		if p.Next.IsZero() || p.Next.After(w.At) {
			p.Next = w.At
		}
		s.postings[id] = p
	}
	return s.fault
}

func (s *rows) SettlePosting(_ context.Context, id string, l outbox.Looked) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.postings[id]
	if !ok {
		return dossier.NotFoundError{What: "posting", ID: id}
	}
	if s.fault != nil {
		return s.fault
	}
	anew := p.Wanted > l.Shown && (l.State == outbox.Due || l.State == outbox.Standing || l.State == outbox.Said && follows(p.Kind))
	p.State, p.Shown, p.Fault = l.State, l.Shown, l.Fault
	if l.Tried {
		p.Tries++
	}
	switch {
	case anew && !l.Tried:
		if l.State == outbox.Said {
			p.State = outbox.Standing
		}
		if p.Next.IsZero() {
			p.Next = s.clock.now()
		}
		if !l.Next.IsZero() && l.Next.Before(p.Next) {
			p.Next = l.Next
		}
	case l.State == outbox.Due || l.State == outbox.Standing:
		p.Next = l.Next
		if p.Next.IsZero() && l.State == outbox.Due {
			p.Next = s.clock.now()
		}
	default:
		p.Next = time.Time{}
	}
	s.postings[id] = p
	return nil
}

func (s *rows) Places(_ context.Context, posting string) ([]outbox.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []outbox.Place
	for _, p := range s.places {
		if p.Posting == posting && !p.Gone {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b outbox.Place) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.Stamp, b.Stamp)) })
	return list, nil
}

// Untold are entries of cases with a board, without a line of their own.
func (s *rows) Untold(_ context.Context, since time.Time, kinds []dossier.Kind) ([]dossier.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []dossier.Entry
	for _, e := range s.entries {
		_, told := s.postings[outbox.LineID(e.ID)]
		if _, board := s.postings[outbox.BoardID(e.Case)]; board && !told && !e.At.Before(since) && slices.Contains(kinds, e.Kind) {
			list = append(list, e)
		}
	}
	return list, nil
}

func (s *rows) CaseEntry(_ context.Context, caseID, id string) (dossier.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.Case == caseID && e.ID == id {
			return e, nil
		}
	}
	return dossier.Entry{}, dossier.NotFoundError{What: "entry", ID: id}
}

func (s *rows) PutPlace(_ context.Context, p outbox.Place) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return s.fault
	}
	key := [2]string{p.Channel, p.Stamp}
	if old, there := s.places[key]; there {
		p.Made = old.Made
	}
	s.places[key] = p
	return nil
}

func (s *rows) PlaceAt(_ context.Context, channel, stamp string) (outbox.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.places[[2]string{channel, stamp}]
	if !ok {
		return p, dossier.NotFoundError{What: "place"}
	}
	return p, nil
}

func (s *rows) BindingsOf(_ context.Context, channel, person string) ([]access.Binding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []access.Binding
	for _, b := range slices.Backward(s.bindings) {
		if b.Channel == channel && b.Person == person {
			list = append(list, b)
		}
	}
	return list, nil
}

// The record that this package is written for is that of archive.
var _ Store = (*archive.Archive)(nil)

// taken is what a desk says of an address that is somebody else's.
type taken struct{}

func (taken) Error() string { return "somebody else's" }
func (taken) Invalid() bool { return true }
