package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/config"
	"gangway/internal/assembly"
)

// sticky is how long an answer to a cached process waits for a worker that was
// killed before another takes over. The next answer is to come within 1.5 s of a
// kill, and another worker reads the history first.
const sticky = 750 * time.Millisecond

// run is the program: exit code 0 when it ended as asked, 1 on an error, 2 on a
// command line that makes no sense.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 && (args[0] == "doctor" || args[0] == "health") {
		name, args = args[0], args[1:]
	}
	s, code, goOn := parse("worker "+name, args, getenv, stderr)
	if !goOn {
		return code
	}
	d, err := s.deployment(getenv)
	if err != nil {
		return assembly.Exit(stderr, err)
	}
	log := assembly.Logger(stderr, d.Log.Level, d.Log.Text)
	switch name {
	case "doctor":
		return examine(ctx, d, stdout)
	case "health":
		if s.config == "" && !s.given["health"] {
			d.Health = config.DefaultDeployment().Health
		}
		return assembly.Exit(stderr, assembly.AskReady(ctx, d.Health))
	}
	return assembly.Exit(stderr, work(ctx, d, log, stdout))
}

// work starts everything and runs it until ctx ends.
func work(ctx context.Context, d config.Deployment, log *slog.Logger, out io.Writer) error {
	health := assembly.NewHealth(log)
	silent, err := health.Serve(d.Health)
	if err != nil {
		return err
	}
	defer silent()
	err = os.MkdirAll(d.Data, 0o700)
	if err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	var l net.Listener
	if d.Listen != "" {
		l, err = assembly.OpenInbox(d)
		if err != nil {
			return err
		}
		defer func() { _ = l.Close() }() // closed already once the inbox was served
	}
	c, engine, err := reach(ctx, d, log)
	if err != nil {
		return err
	}
	defer c.Close()
	house, err := open(ctx, d, c, l, log)
	if err != nil {
		return err
	}
	return errors.Join(until(ctx, d, house, l, health, engine, log, out), house.Close())
}

// reach connects to the engine and makes sure of all that is taken for granted
// later.
func reach(ctx context.Context, d config.Deployment, log *slog.Logger) (c client.Client, address string, err error) {
	o, err := assembly.EngineOptions(d.Engine, log)
	if err != nil {
		return nil, "", err
	}
	c, err = assembly.Dial(ctx, o, d.Engine.Wait, log)
	if err != nil {
		return nil, "", err
	}
	check := assembly.EngineCheck{Address: o.HostPort, Namespace: o.Namespace, Retention: d.Engine.Retention, Register: true}
	found := check.Look(ctx, c)
	for _, f := range found {
		if f.Err == nil {
			log.Info("the engine was looked at", "part", f.Part, "said", f.Said)
		}
	}
	err = assembly.Faults(found)
	if err != nil {
		c.Close()
		return nil, "", err
	}
	return c, o.HostPort, nil
}

// open opens the house and writes the people file.
func open(ctx context.Context, d config.Deployment, c client.Client, l net.Listener, log *slog.Logger) (*assembly.House, error) {
	o, err := assembly.OptionsOf(d, log)
	if err != nil {
		return nil, err
	}
	if l != nil {
		o.Hosts = assembly.InboxHosts(d, l)
	}
	house, err := assembly.OpenWhen(ctx, c, o, d.Engine.Wait)
	if err != nil {
		return nil, err
	}
	if d.People != "" {
		err = house.SeedFile(ctx, d.People)
		if err != nil {
			return nil, errors.Join(err, house.Close())
		}
	}
	return house, nil
}

// until works until ctx ends, and then stops in the order in which nothing is
// lost: it says that it is not ready, lets the inbox's requests finish, gives
// what the worker does its time, ends the loops.
func until(ctx context.Context, d config.Deployment, house *assembly.House, l net.Listener, health *assembly.Health, engine string, log *slog.Logger, out io.Writer) error {
	w := house.NewWorker(sticky)
	err := w.Start()
	if err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	loops, endLoops := context.WithCancel(context.WithoutCancel(ctx))
	looped := make(chan struct{})
	go func() { house.Run(loops); close(looped) }()
	defer func() { endLoops(); <-looped }()
	defer w.Stop()
	if l != nil {
		url := "http://" + l.Addr().String()
		defer assembly.ServeInbox(l, house.Web, log)()
		gone, err := assembly.Announce(d.Data, assembly.Notice{URL: url, Engine: engine})
		if err != nil {
			return err
		}
		defer gone()
		fmt.Fprintf(out, "inbox %s\n", url)
	}
	health.Started(house)
	<-ctx.Done()
	log.Info("stopping")
	health.Stopping()
	return nil
}
