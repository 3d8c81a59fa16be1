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
	"time"
)

// part is one part of the measurement; it may need minutes.
type part struct {
	name, what string
	measure    func(ctx context.Context, s settings, t *table, log *slog.Logger) error
}

// parts are run in this order.
func parts() []part {
	return []part{
		{"counts", "calls, events and bytes of one sign-off", on(terms{}, measureCounts)},
		{"speed", "sign-offs a second and one answer's time", on(terms{}, measureSpeed)},
		{"reminders", "reminders due at one instant", on(terms{}, measureReminders)},
		{"kill", "one of two workers ends, and somebody answers", on(terms{apart: true}, measureKill)},
		{"cases", "many open cases", on(terms{apart: true, remote: true}, measureCases)},
		{"local", "local on data with open cases", on(terms{}, measureStart)},
		{"slack", "people who click at once, and the cards of forty", on(terms{apart: true}, measureSlack)},
		{"mail", "a full mailbox, and answers that come one by one", on(terms{apart: true}, measureMail)},
		{"inventory", "500 repositories looked at, and 40 people cut off", on(terms{apart: true, remote: true}, measureInventory)},
		{"journal", "the journal on both databases", measureJournal},
		{"postgres", "counts and speed with engine and record on PostgreSQL", on(terms{postgres: true}, measurePostgres)},
	}
}

// on gives a part ground of its own, so that none slows the next.
func on(need terms, measure func(ctx context.Context, g *ground, t *table) error) func(context.Context, settings, *table, *slog.Logger) error {
	return func(ctx context.Context, s settings, t *table, log *slog.Logger) error {
		g, err := newGround(ctx, s, need, log)
		if err != nil {
			return fmt.Errorf("preparing the ground: %w", err)
		}
		defer g.close()
		return measure(ctx, g, t)
	}
}

// settings are what the command line can set.
type settings struct {
	parts []string
	// synchronous is SQLite's for the engine's file.
	synchronous string
	// How many: sign-offs each throughput is measured with, reminders due at once,
	// kills and graceful stops, open cases for memory and for the start of local,
	// entries verified.
	gates, reminders, kills, cases, openCases, entries int
	events                                             bool
	// profile is a file for the processor's profile of gangway's part of speed.
	profile string
	logs    slog.Level
}

// run is the program: exit code 0 when every number keeps its limit, 1 when one
// misses it or could not be had, 2 on a command line that makes no sense.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == roleWord {
		return follow(ctx, args[1], stdin, stdout, stderr)
	}
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	t := &table{out: stdout}
	defer func(begun time.Time) { fmt.Fprintf(stdout, "%s in all\n", time.Since(begun).Round(time.Second)) }(time.Now())
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
	s := settings{}
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	chosen := f.String("parts", strings.Join(names, ","), "what to measure, separated by commas")
	f.StringVar(&s.synchronous, "synchronous", "full", "SQLite's setting for the engine's file: full, as local has it, or normal")
	f.IntVar(&s.gates, "gates", 160, "how many sign-offs each throughput is measured with, in five rounds, a round at least as many as run at once")
	f.IntVar(&s.reminders, "reminders", 1000, "how many reminders are due at one instant")
	f.IntVar(&s.kills, "kills", 10, "how often a worker is killed, and as often stopped")
	f.IntVar(&s.cases, "cases", 5000, "how many cases are open when memory is looked at")
	f.IntVar(&s.openCases, "open", 1000, "how many cases are open in the data that local starts on")
	f.IntVar(&s.entries, "entries", million, "how many entries of the journal are verified")
	f.BoolVar(&s.events, "events", false, "list the events of the sign-off that counts measures, with their bytes")
	f.StringVar(&s.profile, "profile", "", "file for a CPU profile of gangway's sign-offs at 16 at once")
	f.TextVar(&s.logs, "log", slog.LevelError, "debug, info, warn or error; the engine's own from info on")
	err := f.Parse(args)
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("%q is not a flag", f.Arg(0))
	}
	if err == nil {
		err = s.check()
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

// check refuses sizes that measure nothing.
func (s settings) check() error {
	least := map[string][2]int{"gates": {s.gates, 1}, "reminders": {s.reminders, 1}, "kills": {s.kills, 1}, "open": {s.openCases, starts},
		"cases": {s.cases, inboxWaiting + 2*coldCases}, "entries": {s.entries, chainLength}}
	for name, n := range least {
		if n[0] < n[1] {
			return fmt.Errorf("-%s %d is less than %d", name, n[0], n[1])
		}
	}
	return nil
}

// measure runs the chosen parts.
func measure(ctx context.Context, s settings, t *table, log *slog.Logger) error {
	err := introduce(t, s)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range parts() {
		if !slices.Contains(s.parts, p.name) || ctx.Err() != nil {
			continue
		}
		t.head(p.name + ": " + p.what)
		begun := time.Now()
		err := p.measure(ctx, s, t, log)
		if err != nil { // the others are worth knowing all the same
			err = fmt.Errorf("measuring %s: %w", p.name, err)
			t.note("ERROR %v", err)
			failed = append(failed, err)
		}
		t.note("took %.0f s, load %s", time.Since(begun).Seconds(), load())
	}
	return errors.Join(failed...)
}
