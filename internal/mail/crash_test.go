package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"gangway/internal/arrivals"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/mail"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// stopper stops a reader as a kill does: at its n-th step outwards, before or after
// that was done, and from then on nothing is done any more.
type stopper struct {
	mu    sync.Mutex
	n, at int
	done  bool // the step itself is still done
	steps []string
}

var errKilled = errors.New("killed")

// step says whether the step is done, and whether whoever did it still lives.
func (s *stopper) step(name string) (does, lives bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.steps = append(s.steps, name)
	return s.at == 0 || s.n < s.at || s.n == s.at && s.done, s.at == 0 || s.n < s.at
}

func doing[T any](s *stopper, name string, do func() (T, error)) (T, error) {
	var none T
	does, lives := s.step(name)
	if !does {
		return none, errKilled
	}
	v, err := do()
	if !lives {
		return none, errKilled
	}
	return v, err
}

type mortalStore struct {
	mail.Records
	s *stopper
}

func (m mortalStore) Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error) {
	return doing(m.s, "put", func() (dossier.Paper, error) { return m.Records.Put(ctx, r, limit) })
}

func (m mortalStore) PutArrival(ctx context.Context, a arrivals.Arrival) (arrivals.Arrival, bool, error) {
	var isFirst bool
	kept, err := doing(m.s, "row", func() (k arrivals.Arrival, err error) {
		k, isFirst, err = m.Records.PutArrival(ctx, a)
		return k, err
	})
	return kept, isFirst, err
}

func (m mortalStore) SettleArrival(ctx context.Context, a arrivals.Arrival) error {
	_, err := doing(m.s, "settle", func() (int, error) { return 0, m.Records.SettleArrival(ctx, a) })
	return err
}

func (m mortalStore) PutCursor(ctx context.Context, c arrivals.Cursor) error {
	_, err := doing(m.s, "cursor", func() (int, error) { return 0, m.Records.PutCursor(ctx, c) })
	return err
}

type mortalBox struct {
	mail.Mailbox
	s *stopper
}

func (m mortalBox) Fetch(ctx context.Context, uid uint32) ([]byte, error) {
	return doing(m.s, "fetch", func() ([]byte, error) { return m.Mailbox.Fetch(ctx, uid) })
}

func (m mortalBox) Move(ctx context.Context, uids []uint32, to mail.Folder) error {
	if len(uids) == 0 {
		return nil
	}
	_, err := doing(m.s, "move", func() (int, error) { return 0, m.Mailbox.Move(ctx, uids, to) })
	return err
}

type mortalDesk struct {
	mail.Desk
	s *stopper
}

func (m mortalDesk) Answer(ctx context.Context, a review.Answer) (review.Outcome, error) {
	return doing(m.s, "answer", func() (review.Outcome, error) { return m.Desk.Answer(ctx, a) })
}

func (m mortalDesk) Note(ctx context.Context, n review.Note) error {
	_, err := doing(m.s, "note", func() (int, error) { return 0, m.Desk.Note(ctx, n) })
	return err
}

func (m mortalDesk) TakeDocument(ctx context.Context, who review.Address, request, name, declared string, content []byte) (engagement.Reading, error) {
	return doing(m.s, "document", func() (engagement.Reading, error) {
		return m.Desk.TakeDocument(ctx, who, request, name, declared, content)
	})
}

type mortalOut struct {
	mail.Outgoing
	s *stopper
}

func (m mortalOut) ReplyToArrival(ctx context.Context, l outbox.Letter) (bool, error) {
	return doing(m.s, "reply", func() (bool, error) { return m.Outgoing.ReplyToArrival(ctx, l) })
}

// A reader is killed at each of its steps, before it is done and after; the next
// one comes to the same end: one decision, one comment, each answered once, all
// mails moved, nothing kept for ever. So it is with one mail after another, where
// the n-th step is always the same one, and with mails side by side.
func TestKilledBetweenStoreAndMove(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 8} {
		t.Run(fmt.Sprint("lanes ", n), func(t *testing.T) {
			t.Parallel()
			killedEverywhere(t, n)
		})
	}
}

func killedEverywhere(t *testing.T, n int) {
	t.Helper()
	steps := killedAt(t, n, 0, false).steps // how many there are
	for _, want := range []string{"fetch", "put", "row", "answer", "note", "reply", "settle", "move", "cursor"} {
		if !slices.Contains(steps, want) {
			t.Fatalf("the steps %v have no %q", steps, want)
		}
	}
	for at := range steps {
		for _, done := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %s %v", at+1, steps[at], done), func(t *testing.T) {
				t.Parallel()
				killedAt(t, n, at+1, done)
			})
		}
	}
}

func killedAt(t *testing.T, n, at int, done bool) *stopper {
	t.Helper()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "And thank you.\n"), "example.org"))
	w.comes(w.letterOf("eve@evil.example", gangwayMail, "Hello", "Approved\n"))
	s := &stopper{at: at, done: done}
	first := w.newReader(func(o *mail.ReaderOptions) {
		o.Lanes = n
		o.Mailbox, o.Store, o.Desk, o.Outgoing = mortalBox{o.Mailbox, s}, mortalStore{o.Store, s}, mortalDesk{o.Desk, s}, mortalOut{o.Outgoing, s}
	})
	if err := first.Once(t.Context()); (err == nil) != (at == 0) {
		t.Fatalf("stopped at %d: %v", at, err)
	}
	w.box = w.mailbox(nil)
	w.reader = w.newReader(nil)
	w.ok(w.reader.Once(t.Context()))
	w.ok(w.reader.Once(t.Context())) // and a further one changes nothing
	var kinds []string
	for _, a := range w.settled() {
		kinds = append(kinds, string(a.Kind)+" "+a.Outcome)
	}
	slices.Sort(kinds)
	if got := strings.Join(kinds, ", "); got != "comment , decision counted, stray " {
		t.Errorf("settled as %q", got)
	}
	if a := w.decided(request); len(a) != 1 || a[0].Verdict != review.Approve {
		t.Errorf("decided %+v", a)
	}
	if len(w.desk.notes) != 1 || len(w.out.told) != 2 {
		t.Errorf("%d notes, %d answers", len(w.desk.notes), len(w.out.told))
	}
	if w.lies("INBOX") != 0 || w.lies("Processed") != 2 || w.lies("Quarantine") != 1 {
		t.Errorf("in INBOX %d, Processed %d, Quarantine %d", w.lies("INBOX"), w.lies("Processed"), w.lies("Quarantine"))
	}
	if kept, err := w.a.Arrivals(t.Context(), "kept", "", 10); err != nil || len(kept) != 0 {
		t.Errorf("still kept: %d, %v", len(kept), err)
	}
	return s
}

// An answer that closed its request, and whose reader was killed before it could say
// so, is not an old one when its mail is seen again.
func TestKilledAfterTheAnswerThatClosedTheRequest(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	request, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	s := &stopper{at: 4} // of put, row, reply, settle
	killed := w.newReader(func(o *mail.ReaderOptions) { o.Store, o.Outgoing = mortalStore{o.Store, s}, mortalOut{o.Outgoing, s} })
	if err := killed.Once(t.Context()); err == nil || len(w.desk.answers) != 1 {
		t.Fatalf("%v, steps %v", err, s.steps)
	}
	story := &story{w: w.world, id: acme, n: w.entries(), at: w.clock()}
	b := review.Ballot{Answer: w.desk.answers[0].ID, Seat: "helen", Person: "helen", Verdict: review.Approve, Version: 1, At: w.clock()}
	story.fact(review.Fact{Kind: review.FactCounted, Request: request, Seat: "helen", Person: "helen", Answer: b.Answer, Ballot: &b})
	story.shut(request, review.Met, "met")
	w.box = w.mailbox(nil)
	w.reader = w.newReader(func(o *mail.ReaderOptions) {
		o.Trust.LookupTXT = func(string) ([]string, error) { return nil, errors.New("no server answers") } // nor is it judged anew
	})
	if a := w.one(); a.Kind != arrivals.Decision || a.Outcome != string(review.Counted) || len(a.Why) != 0 || len(w.desk.notes) != 0 {
		t.Errorf("%s %v %s, notes %+v", a.Kind, a.Why, a.Outcome, w.desk.notes)
	}
}
