package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"gangway/internal/arrivals"
	"gangway/internal/mail/mailtest"
)

const (
	// leastMails is the limit of how many waiting mails are worked off a second,
	// mostHeap that of what the second half of them adds to the heap, in MB.
	leastMails = 50
	mostHeap   = 32
	// mostSoon is the limit of the way of a new answer from its sending until it is
	// applied, in milliseconds, at p95.
	mostSoon = 2000
)

// measureMail lets a mailbox be worked off that filled while nobody read it, then
// answers come one after the other.
func measureMail(ctx context.Context, g *ground, t *table) error {
	p, err := newPost(ctx, g)
	if err != nil {
		return fmt.Errorf("preparing mail: %w", err)
	}
	defer p.close()
	if err := p.ask(ctx); err != nil {
		return fmt.Errorf("asking for answers by mail: %w", err)
	}
	p.rest()
	if err := p.fill(ctx); err != nil {
		return fmt.Errorf("filling the mailbox: %w", err)
	}
	if err := p.workOff(ctx, g, t); err != nil {
		return err
	}
	return p.soon(ctx, t)
}

// workOff measures how fast what waits is worked off, and what stays in memory.
func (p *post) workOff(ctx context.Context, g *ground, t *table) error {
	file := filepath.Join(g.dir, "mail.prof")
	f, err := os.Create(file)
	if err == nil {
		defer func() { _ = f.Close() }() // a profile that is cut short is only read
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		return fmt.Errorf("starting the profile: %w", err)
	}
	before, cpu, begun := heap(), worked(), time.Now()
	p.loop(ctx)
	err = p.reach(ctx, mailsWaiting/2)
	half := heap()
	if err == nil {
		err = p.reach(ctx, mailsWaiting)
	}
	took := time.Since(begun)
	cpu = worked() - cpu
	pprof.StopCPUProfile()
	if err != nil {
		return fmt.Errorf("waiting until the mailbox is worked off: %w", err)
	}
	whole := heap()
	rate := mailsWaiting / took.Seconds()
	t.add(line{what: fmt.Sprintf("%d waiting mails worked off", mailsWaiting), own: rate, unit: "/s", floor: leastMails})
	t.note("in %.1f s, of which the process had %.1f s of processor time, the mail server and the engine included", took.Seconds(), cpu.Seconds())
	t.add(line{what: "  heap before, and after one half", bare: before, own: half, unit: "MB"})
	t.must(whole-half <= mostHeap, "the second half adds at most %d MB to the heap (%.1f, to %.1f)", mostHeap, whole-half, whole)
	if rate < leastMails {
		t.note("where the time goes:\n%s", top(ctx, file))
	}
	return p.true(ctx, t)
}

// true looks whether every mail came to what it should.
func (p *post) true(ctx context.Context, t *table) error {
	for _, k := range []struct {
		kind arrivals.Kind
		want int
	}{{arrivals.Decision, mailAnswers}, {arrivals.Away, mailAutomatic}, {arrivals.Comment, mailFiles}, {arrivals.Stray, mailJunk}} {
		n, err := p.settled(ctx, string(k.kind))
		if err != nil {
			return err
		}
		t.must(n == k.want, "%d mails are %q (%d)", k.want, k.kind, n)
	}
	var counted int
	err := p.until(ctx, func() (bool, error) { // those that were queued are delivered by a loop
		err := p.rows.QueryRowContext(ctx, `SELECT count(*) FROM receipts`).Scan(&counted)
		return counted >= mailAnswers, err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // the number says it
	}
	if err != nil {
		return fmt.Errorf("counting receipts: %w", err)
	}
	t.must(counted >= mailAnswers, "all %d answers are applied (%d)", mailAnswers, counted)
	return nil
}

// reach waits until that many mails are worked off.
func (p *post) reach(ctx context.Context, n int) error {
	return p.until(ctx, func() (bool, error) {
		now, err := p.settled(ctx, "")
		return now >= n, err
	})
}

// soon measures the way of answers that come while the reader waits.
func (p *post) soon(ctx context.Context, t *table) error {
	var took []time.Duration
	for _, a := range p.asked[mailAnswers:] {
		begun := time.Now()
		err := mailtest.Try(ctx, func(t mailtest.T) { p.write(t, a, "approved"+quoted, nil) })
		if err != nil {
			return fmt.Errorf("answering: %w", err)
		}
		limit, cancel := context.WithTimeout(ctx, patience)
		for {
			kept, err := p.applied(limit, a)
			if err != nil {
				cancel()
				return fmt.Errorf("waiting until an answer is applied: %w", err)
			}
			if kept {
				break
			}
			time.Sleep(pollEvery)
		}
		cancel()
		took = append(took, time.Since(begun))
	}
	t.add(line{what: fmt.Sprintf("a new answer applied, p50 of %d", soonAnswers), own: ms(took, 50), unit: "ms"})
	t.add(line{what: "  p95", own: ms(took, 95), unit: "ms", ceiling: mostSoon})
	return nil
}

// applied reports whether an answer is decided on, and not only queued.
func (p *post) applied(ctx context.Context, a asked) (bool, error) {
	var n int
	err := p.rows.QueryRowContext(ctx, `SELECT count(*) FROM receipts WHERE person = ? AND request = ?`, a.person, a.request).Scan(&n)
	return n > 0, err
}

// heap is what is in use after what is garbage is gone, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
