package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// part is one part of the measurement; it may need minutes.
type part struct {
	name, what string
	measure    func(ctx context.Context, g *ground, t *table) error
}

// parts are run in this order.
func parts() []part {
	return []part{
		{"counts", "calls, events and bytes of one sign-off", measureCounts},
		{"speed", "sign-offs a second and one answer's time", measureSpeed},
	}
}

// settings are what the command line can set.
type settings struct {
	parts []string
	// synchronous is SQLite's for the engine's file.
	synchronous string
	gates       int
	events      bool
	// profile is a file for the processor's profile of gangway's part of speed.
	profile string
	logs    slog.Level
}

// run is the program: exit code 0 when every number keeps its limit, 1 when one
// misses it or could not be had, 2 on a command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	t := &table{out: stdout}
	err = measure(ctx, s, t, slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: s.logs})))
	if err != nil {
		fmt.Fprintln(stderr, "bench: error:", err)
		return 1
	}
	if t.missed > 0 {
		fmt.Fprintf(stdout, "\n%d of %d limits missed\n", t.missed, t.limits)
		return 1
	}
	fmt.Fprintf(stdout, "\nall %d limits kept\n", t.limits)
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	chosen := f.String("parts", strings.Join(names, ","), "what to measure, separated by commas")
	f.StringVar(&s.synchronous, "synchronous", "full", "SQLite's setting for the engine's file: full, as local has it, or normal")
	f.IntVar(&s.gates, "gates", 48, "how many sign-offs each throughput is measured with, at least as many as run at once")
	f.BoolVar(&s.events, "events", false, "list the events of the sign-off that counts measures, with their bytes")
	f.StringVar(&s.profile, "profile", "", "file for a CPU profile of gangway's sign-offs at 16 at once")
	f.TextVar(&s.logs, "log", slog.LevelError, "debug, info, warn or error")
	err := f.Parse(args)
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("%q is not a flag", f.Arg(0))
	}
	s.parts = strings.Split(*chosen, ",")
	for _, p := range s.parts {
		if err == nil && !slices.Contains(names, p) {
			err = fmt.Errorf("there is no part %q: %s", p, strings.Join(names, ", "))
		}
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "bench: error:", err)
	}
	return s, err
}

// measure runs the chosen parts, each on ground of its own so that none slows
// the next.
func measure(ctx context.Context, s settings, t *table, log *slog.Logger) error {
	fmt.Fprintf(t.out, "embedded engine on SQLite, synchronous=%s for the engine, full for the record\n", s.synchronous)
	for _, p := range parts() {
		if !slices.Contains(s.parts, p.name) {
			continue
		}
		t.head(p.what)
		g, err := newGround(ctx, s, log)
		if err != nil {
			return fmt.Errorf("preparing the part %s: %w", p.name, err)
		}
		err = p.measure(ctx, g, t)
		g.close()
		if err != nil {
			return fmt.Errorf("measuring %s: %w", p.name, err)
		}
	}
	return nil
}
