package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

const (
	// mostAccepted is the limit of a click's way to its durable acceptance, in
	// milliseconds, at p99.
	mostAccepted = 1000
	// forty people answer one request; all cards are true mostUntrue seconds after
	// the last of them.
	forty      = 40
	mostUntrue = 120
)

// measureSlack lets forty people answer one request, then fifty click at once over
// either transport.
func measureSlack(ctx context.Context, g *ground, t *table) error {
	c, err := newChat(ctx, g)
	if err != nil {
		return fmt.Errorf("preparing Slack: %w", err)
	}
	defer c.close()
	all, err := c.together(ctx, "forty", forty)
	if err != nil {
		return err
	}
	one, err := c.together(ctx, "one", clickers)
	if err != nil {
		return err
	}
	socket, err := c.apart(ctx, "socket", clickers)
	if err != nil {
		return err
	}
	http, err := c.apart(ctx, "http", clickers)
	if err != nil {
		return err
	}
	if err := c.forty(ctx, all, t); err != nil {
		return err
	}
	if err := c.clicks(ctx, g, "over sockets", socket, t); err != nil {
		return err
	}
	if err := c.clicks(ctx, g, "all on one request", one, t); err != nil {
		return err
	}
	c.slack.Route(c.url+slack.InteractivePath, c.url+slack.EventsPath, c.url+slack.CommandPath)
	if err := c.clicks(ctx, g, "over HTTP", http, t); err != nil {
		return err
	}
	limited := 0
	for _, call := range c.slack.Calls("") {
		if call.Answer == "ratelimited" {
			limited++
		}
	}
	t.must(limited == 0 && len(c.slack.Faults()) == 0, "no 429 (%d) and nothing that Slack would not have taken (%d)", limited, len(c.slack.Faults()))
	return nil
}

// pressed is one click and what became of it.
type pressed struct {
	took  time.Duration
	acked bool
	kept  bool // by the moment of the acknowledgement
	err   error
}

// press lets everybody approve on their card at once.
func (c *chat) press(ctx context.Context, cards []card) ([]pressed, error) {
	all := make([]pressed, len(cards))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, at := range cards {
		wg.Go(func() {
			<-start
			begun := time.Now()
			out, err := c.slack.Click(userOf(at.person), at.Channel, at.Stamp, approve)
			all[i] = pressed{took: time.Since(begun), acked: out.Acked, err: err}
			if err == nil {
				all[i].kept, all[i].err = c.kept(ctx, at.person, at.request)
			}
		})
	}
	close(start)
	wg.Wait()
	var errs []error
	for _, p := range all {
		errs = append(errs, p.err)
	}
	return all, errors.Join(errs...)
}

// clicks measures fifty clicks at once.
func (c *chat) clicks(ctx context.Context, g *ground, by string, cards []card, t *table) error {
	file := filepath.Join(g.dir, "clicks.prof")
	f, err := os.Create(file)
	if err == nil {
		defer func() { _ = f.Close() }() // a profile that is cut short is only read
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		return fmt.Errorf("starting the profile: %w", err)
	}
	all, err := c.press(ctx, cards)
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	var took []time.Duration
	unacked, early := 0, 0
	for _, p := range all {
		took = append(took, p.took)
		if !p.acked {
			unacked++
		} else if !p.kept {
			early++
		}
	}
	p99 := ms(took, 99)
	t.add(line{what: fmt.Sprintf("%d click at once, %s: p50", clickers, by), own: ms(took, 50), unit: "ms"})
	t.add(line{what: "  p99", own: p99, unit: "ms", ceiling: mostAccepted})
	t.add(line{what: "  slowest", own: ms(took, 100), unit: "ms"})
	t.must(unacked == 0 && early == 0, "all acknowledged (%d not), none before it was kept (%d)", unacked, early)
	var queued int
	err = c.rows.QueryRowContext(ctx, `SELECT count(*) FROM queue`).Scan(&queued)
	if err != nil {
		return fmt.Errorf("counting what is queued: %w", err)
	}
	t.note("%d of them wait in the queue right afterwards", queued)
	if p99 > mostAccepted {
		t.note("where the time goes:\n%s", top(ctx, file))
	}
	for _, at := range cards { // or the next would pay for it
		err = c.until(ctx, func() (bool, error) {
			r, err := c.house.Archive.Request(ctx, at.request)
			return r.Closed != nil, err
		})
		if err != nil {
			return fmt.Errorf("waiting until it is decided: %w", err)
		}
	}
	return nil
}

// top is the head of a profile.
func top(ctx context.Context, file string) string {
	out, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodecount=30", file).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("the profile can't be read: %v", err)
	}
	return string(bytes.TrimSpace(out))
}

// forty measures how long cards take to become true after the last of forty
// answers, and how many updates they take.
func (c *chat) forty(ctx context.Context, cards []card, t *table) error {
	before := len(c.slack.Calls(slack.UpdateMessage))
	all, err := c.press(ctx, cards)
	if err != nil {
		return err
	}
	last := c.slack.Now()
	if i := slices.IndexFunc(all, func(p pressed) bool { return !p.acked || !p.kept }); i >= 0 {
		t.must(false, "all of %d answers are acknowledged and kept", forty)
	}
	untrue := 0
	err = c.until(ctx, func() (bool, error) {
		untrue = c.untrue(cards)
		return untrue == 0, nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // the number says it
	}
	if err != nil {
		return err
	}
	took := c.slack.Now().Sub(last)
	calls := c.slack.Calls(slack.UpdateMessage)[before:]
	ok := 0
	for _, call := range calls {
		if call.Answer == "ok" {
			ok++
		}
	}
	t.add(line{what: fmt.Sprintf("%d answers on one request: all cards true after", forty), own: took.Seconds(), unit: "s", ceiling: mostUntrue})
	t.must(untrue == 0, "every card shows the decision (%d do not)", untrue)
	t.add(line{what: fmt.Sprintf("  updates, of %d changes that cards could show", forty*forty), own: float64(ok), unit: "", ceiling: 3 * forty})
	return nil
}

// untrue counts the cards that don't show that everybody agreed.
func (c *chat) untrue(cards []card) int {
	untrue := 0
	for _, at := range cards {
		m, found := c.slack.Message(at.Channel, at.Stamp)
		if !found || !agreed(m, len(cards)) {
			untrue++
		}
	}
	return untrue
}

func agreed(m slacktest.Message, n int) bool {
	return strings.HasPrefix(m.Text, "Approved: ") && strings.Contains(m.Text, fmt.Sprintf("%d of %d agreed", n, n)) && !strings.Contains(string(m.Blocks), approve)
}
