package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// The limits of the rates: against a bare workflow with the same number of
// activities and Updates.
const (
	leastRate  = 0.8
	mostAnswer = 1.5
	// rounds is how often bare and own take turns, so that a busy minute hits both;
	// a rate's ratio is the median of the rounds', so that one pause of the machine's
	// does not decide it.
	rounds = 5
	// aftermath is for how long the engine is busy with what is over: it looks again
	// at each task and files what closed. The next to be measured doesn't pay for it.
	aftermath = localSticky + 500*time.Millisecond
)

// gate is one way to run a sign-off from start to end; each answer's time is
// returned.
type gate func(ctx context.Context, n string) ([]time.Duration, error)

func measureSpeed(ctx context.Context, g *ground, t *table) error {
	for _, warm := range []gate{g.runBare, g.runOwn} {
		_, _, err := drive(ctx, warm, "warm", 8, 4)
		if err != nil {
			return err
		}
	}
	for _, at := range []int{1, 16, 64} {
		n := max(g.gates/rounds, at)
		var took, work [2]time.Duration
		var ratios []float64
		var answers [2][]time.Duration
		for round := range rounds {
			var this [2]time.Duration
			for i, run := range []gate{g.runBare, g.runOwn} {
				stop, err := g.record(i == 1 && at == 16 && round == 0)
				if err != nil {
					return err
				}
				time.Sleep(aftermath)
				before := worked()
				d, a, err := drive(ctx, run, fmt.Sprintf("c%dr%d", at, round), n, at)
				work[i] += worked() - before
				stop()
				if err != nil {
					return err
				}
				took[i] += d
				this[i] = d
				answers[i] = append(answers[i], a...)
			}
			ratios = append(ratios, this[0].Seconds()/this[1].Seconds())
		}
		rate := func(d time.Duration) float64 { return float64(rounds*n) / d.Seconds() }
		t.add(line{what: fmt.Sprintf("sign-offs, %d at once", at), bare: rate(took[0]), own: rate(took[1]), unit: "/s", ratio: median(ratios), least: leastRate})
		t.note("ratios of the rounds: %.2f", ratios)
		each := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(rounds*n) }
		t.add(line{what: "  processor time each", bare: each(work[0]), own: each(work[1]), unit: "ms"})
		l := line{what: fmt.Sprintf("one answer, p50, %d at once", at), bare: ms(answers[0], 50), own: ms(answers[1], 50), unit: "ms"}
		if at == 1 {
			l.most = mostAnswer
		}
		t.add(l)
		t.add(line{what: fmt.Sprintf("one answer, p99, %d at once", at), bare: ms(answers[0], 99), own: ms(answers[1], 99), unit: "ms"})
	}
	if busy, pending := g.house.busy.Load(), g.house.pending.Load(); busy+pending > 0 {
		t.note("answers that were queued first: %d; refused for the moment and sent again: %d (both are in the times)", pending, busy)
	}
	return nil
}

// record starts the profile where one is wanted.
func (g *ground) record(wanted bool) (stop func(), err error) {
	if g.profile == "" || !wanted {
		return func() {}, nil
	}
	f, err := os.Create(g.profile)
	if err != nil {
		return nil, fmt.Errorf("making the profile's file: %w", err)
	}
	err = pprof.StartCPUProfile(f)
	if err != nil {
		return nil, fmt.Errorf("starting the profile: %w", err)
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, nil
}

// drive runs n gates, so many at once.
func drive(ctx context.Context, run gate, name string, n, atOnce int) (time.Duration, []time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	begun := time.Now()
	jobs := make(chan int)
	var mu sync.Mutex
	var answers []time.Duration
	var failed error
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for i := range jobs {
				a, err := run(ctx, fmt.Sprintf("%s-%d", name, i))
				mu.Lock()
				answers = append(answers, a...)
				if err != nil && failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return time.Since(begun), answers, failed
}

func (g *ground) runBare(ctx context.Context, n string) ([]time.Duration, error) {
	id, in := "bare-"+n, like()
	defer g.bells.forget(id)
	defer g.bells.forget(decided(id))
	asked := g.bells.wait(id, in.First)
	_, err := bareStart(ctx, g.bare, id, in)
	if err != nil {
		return nil, err
	}
	return answer(ctx, asked, g.bells.wait(decided(id), in.Last),
		func(seat int) error { return bareSay(ctx, g.bare, id, seat) })
}

func (g *ground) runOwn(ctx context.Context, n string) ([]time.Duration, error) {
	id := caseOf(n)
	defer g.bells.forget(id)
	defer g.bells.forget(request(id))
	asked := g.bells.wait(id, seats)
	_, err := g.house.open(ctx, n)
	if err != nil {
		return nil, err
	}
	return answer(ctx, asked, g.bells.wait(request(id), 1),
		func(seat int) error { return g.house.say(ctx, id, seat) })
}

// answer waits until people are asked, lets them answer one after the other, and
// waits until the gate says that it is decided.
func answer(ctx context.Context, asked, end <-chan struct{}, say func(seat int) error) ([]time.Duration, error) {
	err := until(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("waiting until people are asked: %w", err)
	}
	var took []time.Duration
	for seat := range seats {
		begun := time.Now()
		err := say(seat)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	err = until(ctx, end)
	if err != nil {
		return nil, fmt.Errorf("waiting until it is decided: %w", err)
	}
	return took, nil
}

func until(ctx context.Context, is <-chan struct{}) error {
	select {
	case <-is:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ms is a percentile in milliseconds.
func ms(all []time.Duration, percent int) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[(len(all)-1)*percent/100].Microseconds()) / 1000
}

// median leaves its numbers sorted.
func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
