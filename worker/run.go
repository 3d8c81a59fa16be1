package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/internal/assembly"
)

// settings are what the command line can set.
type settings struct {
	data, addr, engine, namespace, people string
}

// sticky is how long an answer to a cached process waits for a worker that was
// killed before another takes over.
const sticky = time.Second

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
	err = work(ctx, s, slog.New(slog.NewJSONHandler(stderr, nil)), stdout)
	if err == nil {
		return 0
	}
	assembly.Complain(stderr, err)
	return 1
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("worker", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.data, "data", "gangway-data", "folder of the record, documents and keys; several workers of this machine may share it")
	f.StringVar(&s.addr, "addr", "127.0.0.1:8470", "loopback address of the inbox; empty: no inbox")
	f.StringVar(&s.engine, "engine", "127.0.0.1:7233", "address of the Temporal server's frontend")
	f.StringVar(&s.namespace, "namespace", "gangway", "Temporal namespace; it and its search attributes must be there")
	f.StringVar(&s.people, "people", "", "people file to write at the start; without one the record's people stand")
	err := f.Parse(args)
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("gangway: error: %q is not a flag", f.Arg(0))
		fmt.Fprintln(stderr, err)
	}
	return s, err
}

// work runs worker, loops and inbox until ctx ends, then stops them in the order
// in which nothing is lost.
func work(ctx context.Context, s settings, log *slog.Logger, out io.Writer) error {
	err := os.MkdirAll(s.data, 0o700)
	if err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	c, err := client.DialContext(ctx, client.Options{HostPort: s.engine, Namespace: s.namespace, Logger: sdklog.NewStructuredLogger(log)})
	if err != nil {
		return unreachableError{s.engine, err}
	}
	defer c.Close()
	o := assembly.Options{Dir: s.data, Shared: true, PickPerson: true, Log: log}
	var l net.Listener
	if s.addr != "" {
		l, err = assembly.ListenLoopback(s.addr)
		if err != nil {
			return err
		}
		defer func() { _ = l.Close() }() // closed already once the inbox was served
		o.Hosts = assembly.Hosts(l)
	}
	house, err := assembly.Open(ctx, c, o)
	if err != nil {
		return err
	}
	if s.people != "" {
		err = house.SeedFile(ctx, s.people)
		if err != nil {
			return errors.Join(err, house.Close())
		}
	}
	return errors.Join(until(ctx, s, house, l, log, out), house.Close())
}

// until works until ctx ends.
func until(ctx context.Context, s settings, house *assembly.House, l net.Listener, log *slog.Logger, out io.Writer) error {
	w := house.NewWorker(sticky)
	err := w.Start()
	if err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	defer w.Stop()
	if l != nil {
		defer assembly.ServeInbox(l, house.Web, log)()
		url := "http://" + l.Addr().String()
		gone, err := assembly.Announce(s.data, assembly.Notice{URL: url, Engine: s.engine})
		if err != nil {
			return err
		}
		defer gone()
		fmt.Fprintf(out, "inbox %s\n", url)
	}
	house.Run(ctx)
	return nil
}

// unreachableError says that the Temporal server doesn't answer.
type unreachableError struct {
	addr  string
	cause error
}

// Error names the address.
func (e unreachableError) Error() string {
	return fmt.Sprintf("reaching the Temporal server at %s: %v", e.addr, e.cause)
}

// Hint says what to look at.
func (e unreachableError) Hint() string {
	return "is the server up, and does -engine name its frontend? For a trial without a server: go run ./local"
}
