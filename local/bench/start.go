package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"gangway/internal/review"
)

const (
	// mostStarting is the limit from the start of local to an inbox that answers,
	// in milliseconds.
	mostStarting = 5000
	starts       = 3
)

// measureStart opens cases, stops everything, and starts local on what is there.
func measureStart(ctx context.Context, g *ground, t *table) error {
	_, own := g.sides("start")
	err := each(ctx, g.openCases, own.open)
	if err != nil {
		return err
	}
	g.shut()
	file := filepath.Join(g.dir, "local")
	build := exec.CommandContext(ctx, "go", "build", "-o", file, "./local")
	said, err := build.CombinedOutput()
	if err != nil {
		return fmt.Errorf("building local (the bench runs in the repository's root): %w\n%s", err, said)
	}
	var ready, answered []time.Duration
	for i := range starts {
		r, a, err := g.startLocal(ctx, file, own.id(i))
		if err != nil {
			return err
		}
		ready, answered = append(ready, r), append(answered, a)
	}
	t.add(line{what: fmt.Sprintf("local with %d open cases, ready", g.openCases), own: ms(ready, 50), unit: "ms", ceiling: mostStarting})
	t.add(line{what: "the same, slowest of 3", own: ms(ready, 100), unit: "ms"})
	t.add(line{what: "the same, until an answer counts", own: ms(answered, 50), unit: "ms"})
	return nil
}

// startLocal starts local on the ground's files, and returns when the inbox
// answered and when an answer to an old case was counted.
func (g *ground) startLocal(ctx context.Context, file, id string) (ready, answered time.Duration, err error) {
	begun := time.Now()
	cmd := exec.CommandContext(ctx, file, "-data", g.dir, "-addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return 0, 0, fmt.Errorf("starting local: %w", err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()
	}()
	url := ""
	lines := bufio.NewScanner(out)
	for url == "" && lines.Scan() {
		word, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if word == "inbox" {
			url = strings.TrimSpace(rest)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // it is not to wait for us
	if url == "" {
		return 0, 0, fmt.Errorf("local says no address of its inbox")
	}
	var waiting []review.Request
	who := signers()[0]
	err = ask(ctx, http.MethodGet, url+"/signin", who, nil, nil)
	ready = time.Since(begun)
	if err == nil {
		err = ask(ctx, http.MethodGet, url+"/api/waiting", who, nil, &waiting)
	}
	if err != nil {
		return 0, 0, err
	}
	for _, r := range waiting {
		if r.Case != id {
			continue
		}
		f := review.Form{ID: "cli-start-" + id, Request: r.ID, Version: r.Current(), Seat: r.SeatsOf(who, time.Now())[0], Verdict: review.Approve}
		var said review.Outcome
		err = ask(ctx, http.MethodPost, url+"/api/answer", who, f, &said)
		if err == nil && said.Status != review.Counted {
			err = fmt.Errorf("the answer does not count: %s %s", said.Status, said.Refusal)
		}
		return ready, time.Since(begun), err
	}
	return 0, 0, fmt.Errorf("%s does not wait for %s after the start", id, who)
}

// ask calls a page or /api in somebody's name.
func ask(ctx context.Context, method, url, who string, send, into any) error {
	text, err := json.Marshal(send)
	if err != nil {
		return fmt.Errorf("writing a call: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("making a call: %w", err)
	}
	req.Header.Set("Gangway-As", who)
	req.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("calling local: %w", err)
	}
	defer got.Body.Close() // only read
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return fmt.Errorf("reading what local answers: %w", err)
	}
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d: %.200s", url, got.StatusCode, body)
	}
	if into == nil {
		return nil
	}
	err = json.Unmarshal(body, into)
	if err != nil {
		return fmt.Errorf("understanding what local answers: %w", err)
	}
	return nil
}
