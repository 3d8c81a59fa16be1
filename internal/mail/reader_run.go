package mail

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gangway/internal/arrivals"
)

const (
	mailboxLease = "mailbox"
	// batch is after how many mails those that are done are moved away.
	batch = 50
	// Between tries to reach a mailbox that can't be read.
	firstPause = 2 * time.Second
	mostPause  = 5 * time.Minute
)

// Run reads the mailbox until ctx ends. What goes wrong is logged by ids and tried
// again: no mail is given up.
func (r *Reader) Run(ctx context.Context) error {
	defer func() { _ = r.o.Store.Release(context.WithoutCancel(ctx), mailboxLease, r.holder) }() // it runs out by itself too
	pause := firstPause
	for ctx.Err() == nil {
		mine, err := r.o.Store.Lease(ctx, mailboxLease, r.holder, 3*r.o.Every)
		if err == nil && !mine {
			r.said(nil)
			pause = firstPause
			sleep(ctx, r.o.Every)
			continue
		}
		began := r.now()
		if err == nil {
			err = r.session(ctx)
		}
		if ctx.Err() != nil {
			break
		}
		r.said(err)
		if r.now().Sub(began) > time.Minute {
			pause = firstPause
		}
		wait := max(pause, retryAfter(err))
		r.o.Log.Warn("the mailbox can't be read", "error", classOfMailbox(err), "again", wait)
		sleep(ctx, wait/2+time.Duration(rand.Int64N(int64(wait))))
		pause = min(2*pause, mostPause)
	}
	return nil
}

// classOfMailbox is what was being done: a server's words may hold addresses.
func classOfMailbox(err error) string {
	var m MailboxError
	if errors.As(err, &m) {
		return m.doing
	}
	return "keeping or working off mail"
}

func retryAfter(err error) time.Duration {
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		return later.RetryAfter()
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// session reads until something goes wrong or the lease is lost.
func (r *Reader) session(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.renew(ctx, cancel)
	}()
	defer func() { <-done }()
	defer cancel()
	validity, err := r.o.Mailbox.Open(ctx)
	if err != nil {
		return err
	}
	defer r.o.Mailbox.Close()
	r.said(nil)
	for woken := true; ; {
		found, stays, err := r.look(ctx, validity)
		if err != nil {
			return err
		}
		most := r.o.Idle
		if r.doubt = r.doubt || found > 0 && !woken; r.doubt || !r.o.Mailbox.Signals() {
			most = r.o.Poll
		}
		if stays { // tried again soon, while others go on coming in
			most = min(most, 2*r.o.Every)
		}
		began := time.Now()
		if err := r.o.Mailbox.Wait(ctx, most); err != nil {
			return err
		}
		woken = stays || time.Since(began) < most
	}
}

// Once works off what lies in the mailbox now.
func (r *Reader) Once(ctx context.Context) error {
	validity, err := r.o.Mailbox.Open(ctx)
	if err != nil {
		return err
	}
	defer r.o.Mailbox.Close()
	_, stays, err := r.look(ctx, validity)
	if stays && err == nil {
		err = errors.New("a mail could not be worked off")
	}
	return err
}

// renew keeps the lease while a session lasts, and ends it where it can't.
func (r *Reader) renew(ctx context.Context, end context.CancelFunc) {
	last := time.Now()
	for {
		sleep(ctx, r.o.Every)
		if ctx.Err() != nil {
			return
		}
		mine, err := r.o.Store.Lease(ctx, mailboxLease, r.holder, 3*r.o.Every)
		switch {
		case err == nil && mine:
			last = time.Now()
		case err == nil, time.Since(last) > 2*r.o.Every:
			end()
			return
		}
	}
}

// look works off everything that lies in the mailbox and says how many mails there
// were, and whether one stays that can't be worked off now. It holds up no other.
func (r *Reader) look(ctx context.Context, validity uint32) (found int, stays bool, err error) {
	if err := r.resume(ctx); err != nil {
		return 0, false, err
	}
	cursor, err := r.o.Store.Cursor(ctx, r.o.Mailbox.Name())
	if err != nil && !isMissing(err) {
		return 0, false, fmt.Errorf("reading how far the mailbox was read: %w", err)
	}
	if cursor.Validity != validity { // the numbers mean other mails now: all is seen again, and known by its id
		cursor = arrivals.Cursor{Mailbox: r.o.Mailbox.Name(), Validity: validity}
	}
	waiting, err := r.o.Mailbox.After(ctx, cursor.Last)
	if err != nil {
		return 0, false, err
	}
	for some := range slices.Chunk(waiting, batch) {
		done, err := r.workOff(ctx, some)
		if err != nil {
			return 0, false, err
		}
		for _, w := range some {
			if stays = stays || !slices.Contains(done, w.UID); !stays {
				cursor.Last = w.UID
			}
		}
		cursor.At = r.now()
		if err := r.o.Store.PutCursor(ctx, cursor); err != nil {
			return 0, false, fmt.Errorf("keeping how far the mailbox was read: %w", err)
		}
	}
	r.mu.Lock()
	r.looked = r.now()
	r.mu.Unlock()
	return len(waiting), stays, nil
}

// workOff takes mails in and moves those away that are settled. The mailbox is
// spoken to here alone; what follows from a mail happens side by side.
func (r *Reader) workOff(ctx context.Context, some []Waiting) (done []uint32, err error) {
	type end struct {
		folder Folder
		err    error
	}
	ends := make([]end, len(some)) // each written by one, read when all are done
	side := newLanes(r.o.Lanes)
	for i, w := range some {
		places := side.enter(w.Size)
		f, err := r.fetch(ctx, w)
		var keys []string
		if err == nil {
			keys, err = r.keysOf(ctx, f.id, f.raw)
		}
		if ends[i].err = err; err != nil {
			side.leave(places)
			if ctx.Err() != nil || isOfMailbox(err) {
				break
			}
			continue
		}
		side.begin(places, keys, func() { ends[i].folder, ends[i].err = r.take(ctx, f) })
	}
	side.wait()
	to := map[Folder][]uint32{}
	for i, w := range some {
		switch err := ends[i].err; {
		case err == nil:
			to[ends[i].folder] = append(to[ends[i].folder], w.UID)
		case errors.As(err, new(GoneError)):
			done = append(done, w.UID)
		case isOfMailbox(err), ctx.Err() != nil: // those after it were not begun
			return nil, err
		default:
			r.o.Log.Warn("a mail stays for now", "uid", w.UID, "error", err)
		}
	}
	for _, folder := range []Folder{Processed, Quarantine} {
		if err := r.o.Mailbox.Move(ctx, to[folder], folder); err != nil {
			return nil, err
		}
		done = append(done, to[folder]...)
	}
	return done, nil
}

func isOfMailbox(err error) bool { return errors.As(err, new(MailboxError)) }
