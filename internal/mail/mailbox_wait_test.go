package mail_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
)

func token(t string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return t, nil }
}

// A reply that comes while the reader waits is worked off, whatever the server does
// to the connection meanwhile.
func TestMailComesWhileItWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*inbox)
		change func(*mail.ReaderOptions)
	}{
		"IDLE":                      {},
		"a stale count in IDLE":     {before: func(w *inbox) { w.server.Order(mailtest.Fault{At: mailtest.AtIdle, How: mailtest.Stale}) }},
		"no IDLE":                   {before: func(w *inbox) { w.server.Lack("IDLE") }, change: func(o *mail.ReaderOptions) { o.Poll = 20 * time.Millisecond }},
		"an IDLE that tells nobody": {before: func(w *inbox) { w.server.Order(mailtest.Fault{At: mailtest.AtIdle, How: mailtest.Silence, Times: -1}) }, change: func(o *mail.ReaderOptions) { o.Idle = 50 * time.Millisecond }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newInbox(t, nil)
			if c.before != nil {
				c.before(w)
			}
			w.box = w.mailbox(func(o *mail.IMAP) { o.Patience = 300 * time.Millisecond })
			w.reader = w.newReader(c.change)
			stop := w.runs(w.reader)
			request, to := w.asks("legal", "helen")
			w.until(func() bool { h, err := w.reader.Health(t.Context()); return err == nil && !h.Looked.IsZero() })
			w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
			w.until(func() bool { return w.lies("Processed") == 1 })
			second, to := w.asks("tax", "helen")
			w.server.Kick()
			w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
			w.until(func() bool { return w.lies("Processed") == 2 })
			stop()
			if len(w.decided(request)) != 1 || len(w.decided(second)) != 1 {
				t.Errorf("decided %+v", w.desk.answers)
			}
		})
	}
}

// runs starts a reader; the returned function stops it.
func (w *inbox) runs(r *mail.Reader) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return func() {
		w.t.Helper()
		cancel()
		w.ok(<-done)
	}
}

// until waits for something that another goroutine does.
func (w *inbox) until(is func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			w.t.Fatal("it never came to that")
		case <-tick.C:
		}
	}
}

// One reads at a time; when it stops, another takes over at once, and when it is
// killed, as soon as its lease is over.
func TestOneReaderAtATime(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	first, second := w.newReader(nil), (*mail.Reader)(nil)
	w.box = w.mailbox(nil)
	second = w.newReader(func(o *mail.ReaderOptions) { o.Every = 20 * time.Millisecond })
	stop := w.runs(first)
	looked := func(r *mail.Reader) bool { h, err := r.Health(t.Context()); return err == nil && !h.Looked.IsZero() }
	w.until(func() bool { return looked(first) })
	end := w.runs(second)
	for range 5 { // it asks for the lease again and again
		w.comes(w.letterOf(helen, gangwayMail, "Hello", "Hello\n"))
		n := len(w.server.In("Quarantine"))
		w.until(func() bool { return len(w.server.In("Quarantine")) > n })
	}
	if looked(second) {
		t.Error("two readers read")
	}
	stop()
	w.until(func() bool { return looked(second) })
	end()
	// A reader that was killed leaves its lease behind.
	held, err := w.a.Lease(t.Context(), "mailbox", "killed", time.Minute)
	if err != nil || !held {
		t.Fatal(held, err)
	}
	third := w.newReader(func(o *mail.ReaderOptions) { o.Every = 10 * time.Millisecond })
	end = w.runs(third)
	w.pass(59 * time.Second)
	w.pass(2 * time.Second)
	w.until(func() bool { return looked(third) })
	end()
}

// What the mailbox or the store refuses is seen by whoever asks how it goes.
func TestHealthOfReading(t *testing.T) {
	t.Parallel()
	w := newInbox(t, nil)
	_, to := w.asks("legal", "helen")
	w.comes(sign(t, w.letterOf(helen, to, "Re: Legal review", "approved\n"), "example.org"))
	w.desk.err = errors.New("the engine is away")
	if err := w.reader.Once(t.Context()); err == nil {
		t.Error("nothing is said")
	}
	came := w.clock()
	w.pass(time.Minute)
	h, err := w.reader.Health(t.Context())
	if err != nil || !h.Oldest.Equal(came) || w.lies("INBOX") != 1 {
		t.Errorf("%+v, %v, %d in INBOX", h, err, w.lies("INBOX"))
	}
	w.desk.err = nil
	w.ok(w.reader.Once(t.Context()))
	if h, err = w.reader.Health(t.Context()); err != nil || !h.Oldest.IsZero() || h.Looked.IsZero() || w.lies("INBOX") != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}
