package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"gangway/internal/assembly"
)

// settings are what the command line can set.
type settings struct {
	data   string
	people string
	addr   string
	demo   bool
	logs   slog.Level
}

// run is the program: exit code 0 when it ended as asked, 1 on an error, 2 on a
// command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	log := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: s.logs}))
	if s.demo {
		err = playDemo(ctx, s, log, stdout)
	} else {
		err = serve(ctx, s, log, stdout)
	}
	if err == nil {
		return 0
	}
	assembly.Complain(stderr, err)
	return 1
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("local", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.data, "data", "gangway-data", "folder of the engine's file, the record, documents and keys")
	f.StringVar(&s.addr, "addr", "127.0.0.1:8470", "loopback address of the inbox; port 0 takes any free one")
	f.BoolVar(&s.demo, "demo", false, "play an onboarding as a rehearsal in a folder of its own, then end")
	f.TextVar(&s.logs, "log", slog.LevelWarn, "debug, info, warn or error")
	f.StringVar(&s.people, "people", "", "people file to write at the start; a new folder without one gets the example's people")
	err := f.Parse(args)
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("gangway: error: %q is not a flag", f.Arg(0))
		fmt.Fprintln(stderr, err)
	}
	return s, err
}
