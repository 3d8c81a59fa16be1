package assembly

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
)

// States of a part of a worker.
const (
	stateOK   = "ok"
	stateAway = "away" // does not answer
	stateNone = "none" // nothing is there yet, which is no fault
	stateLate = "late" // it works and lags behind
	stateOff  = "off"  // not configured
)

// perPart is how long a part may take to answer for itself, and lateMail after
// how long a letter that waits is told of.
const (
	perPart  = 2 * time.Second
	lateMail = 15 * time.Minute
)

// Health answers /livez and /readyz: whether the process lives, and whether it
// can do its work now. A worker is not ready while it starts, once it is to stop,
// and while engine or database don't answer. That nobody is known yet, or that
// mail lags, is told and makes nobody take the worker away.
type Health struct {
	log *slog.Logger

	mu       sync.Mutex
	house    *House
	stopping bool
	ready    bool // at the last look, for the log
}

// NewHealth returns the health of a process that is starting.
func NewHealth(log *slog.Logger) *Health { return &Health{log: log} }

// Started says which house is to be asked from now on.
func (h *Health) Started(house *House) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.house = house
}

// Stopping makes /readyz say no from now on.
func (h *Health) Stopping() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopping = true
}

// Part is the state of one part.
type Part struct {
	State string `json:"state"`
	// Oldest is how long the oldest letter has been waiting.
	Oldest string `json:"oldest,omitempty"`
}

// Readiness is what /readyz answers.
type Readiness struct {
	Ready bool `json:"ready"`
	// Phase is starting, running or stopping.
	Phase string          `json:"phase"`
	Parts map[string]Part `json:"parts,omitempty"`
}

// Handler serves both.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", livez)
	mux.HandleFunc("GET /readyz", h.readyz)
	return mux
}

// Serve serves them at an address until stop is called; empty: nowhere.
func (h *Health) Serve(addr string) (stop func(), err error) {
	if addr == "" {
		return func() {}, nil
	}
	l, err := Listen(addr)
	if err != nil {
		return nil, fmt.Errorf("opening the port of /readyz (health, -health): %w", err)
	}
	return ServeInbox(l, h.Handler(), h.log), nil
}

func (h *Health) readyz(w http.ResponseWriter, r *http.Request) {
	now := h.Look(r.Context())
	text, err := json.Marshal(now)
	if err != nil { // plain values: cannot be
		http.Error(w, "the state cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if !now.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(text, '\n')) // whoever left does not hear it
}

// Look asks each part.
func (h *Health) Look(ctx context.Context) Readiness {
	h.mu.Lock()
	house, stopping := h.house, h.stopping
	h.mu.Unlock()
	switch {
	case stopping:
		return Readiness{Phase: "stopping"}
	case house == nil:
		return Readiness{Phase: "starting"}
	}
	r := Readiness{Phase: "running", Parts: house.parts(ctx)}
	r.Ready = r.Parts["engine"].State == stateOK && r.Parts["database"].State == stateOK
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Ready != h.ready && ctx.Err() == nil {
		h.ready = r.Ready
		h.log.Info("readiness changed", "ready", r.Ready, "engine", r.Parts["engine"].State, "database", r.Parts["database"].State)
	}
	return r
}

// parts asks all of them at once.
func (h *House) parts(ctx context.Context) map[string]Part {
	ctx, cancel := context.WithTimeout(ctx, perPart)
	defer cancel()
	var engine, database, people, mail, mailbox Part
	var all sync.WaitGroup
	all.Go(func() { engine = answers(h.pingEngine(ctx)) })
	all.Go(func() {
		known, _, err := h.Archive.People(ctx)
		database, people = answers(err), answers(err)
		if err == nil && len(known) == 0 {
			people.State = stateNone
		}
	})
	all.Go(func() { mail = h.mailPart(ctx) })
	all.Go(func() { mailbox = h.mailboxPart(ctx) })
	all.Wait()
	return map[string]Part{"engine": engine, "database": database, "people": people, "mail": mail, "mailbox": mailbox, "slack": h.chatPart()}
}

func (h *House) pingEngine(ctx context.Context) error {
	_, err := h.engine.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

func answers(err error) Part {
	if err != nil {
		return Part{State: stateAway}
	}
	return Part{State: stateOK}
}

// notReadyError says what a worker that answers is missing.
type notReadyError struct{ said string }

// Error shows what it answered.
func (e notReadyError) Error() string { return "the worker is not ready: " + e.said }

// Hint says where to look.
func (e notReadyError) Hint() string {
	return "`worker doctor` tries engine, database and mail one by one"
}

// AskReady asks a worker on this machine whether it is ready.
func AskReady(ctx context.Context, addr string) error {
	if addr == "" {
		return hintedError{errors.New("the worker serves no /readyz"), "health in gangway.yaml says where it would"}
	}
	said, code, err := fetch(ctx, "http://"+addr+"/readyz")
	switch {
	case err != nil:
		return hintedError{fmt.Errorf("asking the worker: %w", err), "does it run, and does its -health or `health` in gangway.yaml name " + addr + "?"}
	case code != http.StatusOK:
		return notReadyError{said}
	}
	return nil
}
