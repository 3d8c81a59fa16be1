package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/worker"

	"gangway/internal/assembly"
)

// What a process of this program can be instead of the bench itself.
const (
	roleWord    = "as"
	roleEngine  = "engine"
	roleBare    = "bare"
	roleGangway = "gangway"
	roleStock   = "stock"
)

// calling is what such a process is told to be.
type calling struct {
	Role  string
	Place place
	// Synchronous is for an engine, Sticky for a worker.
	Synchronous string
	Sticky      time.Duration
	// Hub is for a worker on inventories.
	Hub hub
}

// follow does what the calling says until ctx or the standard input ends. It
// first prints where it is, then a line for each bell that rings in it, and how
// much memory it has when it is asked.
func follow(ctx context.Context, what string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c calling
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	out := &teller{out: stdout}
	err := json.Unmarshal([]byte(what), &c)
	var stop func()
	if err == nil {
		c.Place, stop, err = take(ctx, c, out, log)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench: error:", err)
		return 1
	}
	defer stop()
	at, err := json.Marshal(c.Place)
	if err != nil {
		fmt.Fprintln(stderr, "bench: error:", err)
		return 1
	}
	out.tell(string(at))
	asked := make(chan string)
	go func() {
		lines := bufio.NewScanner(stdin)
		for lines.Scan() {
			asked <- lines.Text()
		}
		close(asked) // whoever started this is gone
	}()
	for {
		select {
		case <-ctx.Done():
			return 0
		case _, more := <-asked:
			if !more {
				return 0
			}
			out.tell(memoryWord + strconv.FormatInt(resident(), 10))
		}
	}
}

// take takes up a role.
func take(ctx context.Context, c calling, out *teller, log *slog.Logger) (place, func(), error) {
	if c.Role == roleEngine {
		e, err := embeddedEngine(ctx, c.Place.Dir, c.Synchronous, log)
		return e.place, e.stop, err
	}
	if c.Role == roleStock {
		stop, err := workOnStock(ctx, c)
		return c.Place, stop, err
	}
	b := &bells{of: map[string]*bell{}, heard: func(gate string) { out.tell(ringWord + gate) }}
	var w worker.Worker
	stop := func() {}
	switch c.Role {
	case roleBare:
		to, err := connect(ctx, c.Place, log)
		if err != nil {
			return c.Place, nil, fmt.Errorf("connecting a bare worker: %w", err)
		}
		w = bareWorker(to, b, c.Sticky)
	case roleGangway:
		to, err := connectPacked(ctx, c.Place, log)
		if err != nil {
			return c.Place, nil, fmt.Errorf("connecting a worker: %w", err)
		}
		h, err := assembly.Open(ctx, to, assembly.Options{Dir: c.Place.Dir, Database: c.Place.Database, Shared: true, Log: log})
		if err != nil {
			return c.Place, nil, fmt.Errorf("opening a worker's house: %w", err)
		}
		stop = func() { _ = h.Close() } // the process ends
		w = gangwayWorker(to, h.Archive, b, c.Sticky)
	default:
		return c.Place, nil, fmt.Errorf("there is no role %q", c.Role)
	}
	err := w.Start()
	if err != nil {
		return c.Place, nil, fmt.Errorf("starting a worker: %w", err)
	}
	return c.Place, func() { w.Stop(); stop() }, nil
}

// The first words of what a process tells.
const (
	ringWord   = "ring "
	memoryWord = "memory "
)

// teller prints whole lines.
type teller struct {
	mu  sync.Mutex
	out io.Writer
}

func (t *teller) tell(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.out, line+"\n") // nobody listens any more: the input ends next
}

// resident is this process's memory in bytes, garbage given back; without Linux's
// own word for it, what Go holds.
func resident() int64 {
	runtime.GC()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
				if err == nil {
					return kb << 10
				}
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}
