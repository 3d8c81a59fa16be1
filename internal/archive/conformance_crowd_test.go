package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gangway/internal/archive"
	"gangway/internal/dossier"
	"gangway/internal/review"
)

// crowd runs n at once and waits for all.
func crowd(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- do(i) }()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func crowdOfCases(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	crowd(t, 50, func(i int) error {
		p := newCase(fmt.Sprintf("onboarding/v%d/1", i)).opened()
		p.asks("legal", "lena")
		for _, e := range p.rest {
			if err := a.Append(ctx, []dossier.Entry{e}); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "cases", 50, len(must[[]dossier.CaseView](t)(a.Cases(ctx))))
	same(t, "waiting", 50, len(must[[]review.Request](t)(a.Waiting(ctx, "lena"))))
	for i := range 50 {
		same(t, "lines", 4, len(chain(t, a, fmt.Sprintf("onboarding/v%d/1", i))))
	}
}

// crowdInOneCase: fifty processes of one case, each of which retries when an
// earlier entry of its own is not there yet.
func crowdInOneCase(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	newCase(acme).opened().file(t, a)
	crowd(t, 50, func(i int) error {
		p := &process{id: fmt.Sprintf("contract/acme/%d", i), of: acme, at: monday()}
		p.say(dossier.Entry{Kind: dossier.ProcessStarted})
		p.asks("legal", "lena")
		done := make(chan error, len(p.rest))
		for _, e := range p.rest { // out of order: a gap is refused and tried again
			go func() {
				for {
					err := a.Append(ctx, []dossier.Entry{e})
					if !errors.As(err, new(dossier.GapError)) {
						done <- err
						return
					}
				}
			}()
		}
		var all error
		for range p.rest {
			all = errors.Join(all, <-done)
		}
		return all
	})
	lines := chain(t, a, acme)
	same(t, "lines", 2+50*3, len(lines))
	v := must[dossier.CaseView](t)(a.Case(ctx, acme))
	same(t, "view", dossier.Fold(lines), v)
	same(t, "waiting", 50, len(must[[]review.Request](t)(a.Waiting(ctx, "lena"))))
}

func crowdOfAnswers(t *testing.T, a *archive.Archive) {
	ctx := context.Background()
	fresh := make(chan bool, 50)
	has := make(chan bool, 50)
	crowd(t, 50, func(i int) error {
		who := fmt.Sprint("person", i)
		w, err := a.KeepText(ctx, "one", review.Text{Inside: who})
		if err != nil || w.Inside == "" {
			return fmt.Errorf("text: %w", err)
		}
		if err := a.Enqueue(ctx, review.Queued{ID: fmt.Sprint("web-", i%10), Process: "p", Person: who}); err != nil {
			return err
		}
		if err := a.KeepReceipt(ctx, "one", who, "r", counted("r", who, 1)); err != nil {
			return err
		}
		_, isFresh, err := a.OpenCase(ctx, fmt.Sprint("intake", i%5), "onboarding/acme", nil, dossier.Name{}, nil, nil)
		if err != nil {
			return err
		}
		fresh <- isFresh
		holds, err := a.Lease(ctx, "sweep", who, time.Hour)
		has <- holds
		return err
	})
	same(t, "cases", 5, count(fresh))
	same(t, "holders", 1, count(has))
	rows := 0
	for {
		r, found, err := a.NextQueued(ctx, "p")
		ok(t, err)
		if !found {
			break
		}
		rows++
		ok(t, a.Settle(ctx, r, review.Outcome{Status: review.Counted}))
	}
	same(t, "rows", 10, rows)
	text, _, err := a.Text(ctx, "one")
	ok(t, err)
	o, _, err := a.Receipt(ctx, "one")
	ok(t, err)
	if text.Inside == "" || o.By == "" {
		t.Error(text, o)
	}
}

func count(c chan bool) int {
	n := 0
	for range len(c) {
		if <-c {
			n++
		}
	}
	return n
}

// givingUp cancels calls at any moment: each stands whole or not at all, and
// nobody after them notices.
func givingUp(t *testing.T, a *archive.Archive) {
	crowd(t, 8, func(i int) error {
		for round := range 15 {
			p := newCase(fmt.Sprintf("onboarding/v%d/%d", i, round)).opened()
			for range 30 {
				p.say(dossier.Entry{Kind: dossier.Noted})
			}
			ctx, cancel := context.WithCancel(context.Background())
			go cancel()
			err := a.Append(ctx, p.rest)
			lines, readErr := a.Lines(context.Background(), p.id)
			if readErr != nil || len(lines) != 0 && len(lines) != len(p.rest) || err == nil && len(lines) == 0 {
				return fmt.Errorf("%d lines after %w, %w", len(lines), err, readErr)
			}
			if err := errors.Join(a.Append(context.Background(), p.rest), dossier.CheckChain(lines)); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "cases", 8*15, len(must[[]dossier.CaseView](t)(a.Cases(context.Background()))))
}
