package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/local/embedded"
)

// introduce says on what was measured, since no number says anything without.
func introduce(t *table, s settings) error {
	fmt.Fprintf(t.out, "%s, %s/%s, %d processors (%s), load %s\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"), runtime.GOOS, runtime.GOARCH,
		runtime.GOMAXPROCS(0), processor(), load())
	fmt.Fprintf(t.out, "%s, Temporal server %s, SDK %s\n", runtime.Version(), embedded.Version, temporal.SDKVersion)
	took, err := flushes()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "SQLite: synchronous=%s for the engine, full for the record; a flush to this disk takes %.2f ms (p50)\n", s.synchronous, ms(took, 50))
	return nil
}

// processor is its name on Linux.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for l := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "name not known"
}

// load is how many programs wanted a processor in the last minute, on Linux.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	word, _, ok := strings.Cut(string(text), " ")
	if err != nil || !ok {
		return "not known"
	}
	return word
}

// worked is how much processor time this process has had: on a busy machine it
// says more than the clock.
func worked() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// flushes times how long the disk takes to keep a page.
func flushes() (took []time.Duration, err error) {
	dir, err := os.MkdirTemp("", "gangway-bench-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to try the disk: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the machine's cleaner takes what stays
	f, err := os.Create(filepath.Join(dir, "page"))
	if err != nil {
		return nil, fmt.Errorf("making a file to try the disk: %w", err)
	}
	defer func() { _ = f.Close() }() // nothing in it is wanted
	for range 50 {
		begun := time.Now()
		_, err = f.Write(make([]byte, 4096))
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			return nil, fmt.Errorf("trying the disk: %w", err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	return took, nil
}

// measurePostgres is counts and speed again, on servers of one's own.
func measurePostgres(ctx context.Context, g *ground, t *table) error {
	said, err := settingsOf(ctx, g.place.Database)
	if err != nil {
		return err
	}
	t.note("%s", said)
	err = measureCounts(ctx, g, t)
	if err != nil {
		return err
	}
	return measureSpeed(ctx, g, t)
}
