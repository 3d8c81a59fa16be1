package mail_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"gangway/internal/mail"
	"gangway/internal/review"
)

// slowDesk takes helen's answers only after somebody else's.
type slowDesk struct {
	mail.Desk
	mu     sync.Mutex
	order  []string
	others chan struct{}
}

func (d *slowDesk) say(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.order = append(d.order, what)
}

func (d *slowDesk) Answer(ctx context.Context, a review.Answer) (review.Outcome, error) {
	if a.From.ID != "helen@example.org" {
		defer close(d.others)
	} else {
		select {
		case <-d.others:
		case <-time.After(20 * time.Second): // for ever, as far as it matters
			return review.Outcome{}, errors.New("another person's mail waits for this one")
		}
	}
	d.say(a.From.ID + " " + string(a.Verdict))
	return d.Desk.Answer(ctx, a)
}

func (d *slowDesk) Note(ctx context.Context, n review.Note) error {
	d.say(n.From.ID + " writes")
	return d.Desk.Note(ctx, n)
}

// A mail that takes long holds up only those that have to do with it: what the same
// person writes afterwards is worked off afterwards.
func TestOneSlowMailHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	slow := &slowDesk{others: make(chan struct{})}
	w := newInbox(t, func(o *mail.ReaderOptions) { slow.Desk, o.Desk = o.Desk, slow })
	mine, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "And thank you.\n"), "example.org"))
	theirs, to := w.asks("tax", "sam")
	w.comes(sign(t, w.letterOf("Sam <sam@example.org>", to, "Re: Legal review", "approved\n"), "example.org"))
	if got := w.read(); len(got) != 3 {
		t.Errorf("settled %+v", got)
	}
	if want := []string{"sam@example.org approve", "helen@example.org approve", "helen@example.org writes"}; !slices.Equal(slow.order, want) {
		t.Errorf("done in the order %q", slow.order)
	}
	if len(w.decided(mine)) != 1 || len(w.decided(theirs)) != 1 || w.lies("Processed") != 3 || w.lies("INBOX") != 0 {
		t.Errorf("decided %+v", w.desk.answers)
	}
}
