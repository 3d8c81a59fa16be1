package main

import (
	"context"
	"flag"
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
	// outside are people who are not in the workspace.
	outside []string
	// client is whom vendors' mails and pages name.
	client string
}

// run is the program: exit code 0 when it ended as asked, 1 on an error, 2 on a
// command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := settings{client: "Your organisation"}
	f := flag.NewFlagSet("local", flag.ContinueOnError)
	f.StringVar(&s.data, "data", "gangway-data", "folder of the engine's file, the record, documents, mails and keys")
	f.StringVar(&s.addr, "addr", "127.0.0.1:8470", "loopback address of the inbox; port 0 takes any free one")
	f.BoolVar(&s.demo, "demo", false, "play a vendor's whole life as a rehearsal in a folder of its own, then end")
	f.TextVar(&s.logs, "log", slog.LevelWarn, "debug, info, warn or error")
	f.StringVar(&s.people, "people", "", "people file to write at the start; a new folder without one gets the example's people")
	code, goOn := assembly.ParseFlags(f, args, stderr)
	if !goOn {
		return code
	}
	log := assembly.Logger(stderr, s.logs, false)
	if s.demo {
		return assembly.Exit(stderr, playDemo(ctx, s, log, stdout))
	}
	return assembly.Exit(stderr, serve(ctx, s, log, stdout))
}
