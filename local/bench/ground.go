package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"google.golang.org/grpc"

	"gangway/internal/payload"
)

// terms say what ground a part needs.
type terms struct {
	// postgres: engine and record are on PostgreSQL.
	postgres bool
	// apart: no worker runs here; the part starts processes that work.
	apart bool
	// remote: the engine is a process of its own.
	remote bool
}

// localSticky is for how long a task waits for the worker that has its case, as
// local has it, for both: the engine looks at each task again when that is over,
// and so does the same work for both within the time that is measured.
const localSticky = time.Second

// ground is an engine on files of its own with the bare gate and gangway's, each
// with a worker.
type ground struct {
	settings
	terms
	engine
	dir     string
	tap     *tap
	bare    client.Client
	house   *house
	bells   *bells
	log     *slog.Logger
	closers []func()
}

func newGround(ctx context.Context, s settings, need terms, log *slog.Logger) (_ *ground, err error) {
	g := &ground{settings: s, terms: need, log: log, tap: &tap{calls: map[string]int{}}, bells: &bells{of: map[string]*bell{}}}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	g.dir, err = os.MkdirTemp("", "gangway-bench-")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	switch {
	case need.postgres:
		g.engine, err = serverEngine(ctx, g.dir, log)
	case need.remote:
		g.engine, err = remoteEngine(g.dir, s.synchronous)
	default:
		g.engine, err = embeddedEngine(ctx, g.dir, s.synchronous, log)
	}
	if err != nil {
		return nil, err
	}
	g.closers = append(g.closers, g.engine.stop)
	return g, g.furnish(ctx)
}

// furnish connects both to the engine and starts their workers.
func (g *ground) furnish(ctx context.Context) error {
	var err error
	g.bare, err = connect(ctx, g.place, g.log, grpc.WithUnaryInterceptor(g.tap.intercept))
	if err != nil {
		return fmt.Errorf("connecting the bare gate to the engine: %w", err)
	}
	g.closers = append(g.closers, g.bare.Close)
	own, err := connectPacked(ctx, g.place, g.log, grpc.WithUnaryInterceptor(g.tap.intercept))
	if err != nil {
		return fmt.Errorf("connecting gangway to the engine: %w", err)
	}
	g.closers = append(g.closers, own.Close)
	g.house, err = openHouse(ctx, own, g.place, g.apart, g.log)
	if err != nil {
		return err
	}
	g.closers = append(g.closers, func() {
		if err := g.house.close(); err != nil {
			g.log.Error("closing the house", "error", err)
		}
	})
	if g.apart {
		return nil
	}
	w := bareWorker(g.bare, g.bells, localSticky)
	if err := w.Start(); err != nil {
		return fmt.Errorf("starting the bare worker: %w", err)
	}
	g.closers = append(g.closers, w.Stop)
	v := gangwayWorker(own, g.house.Archive, g.bells, localSticky)
	if err := v.Start(); err != nil {
		return fmt.Errorf("starting gangway's worker: %w", err)
	}
	g.closers = append(g.closers, v.Stop)
	return nil
}

// connect connects to an engine as an engineer would by hand.
func connect(ctx context.Context, at place, log *slog.Logger, dial ...grpc.DialOption) (client.Client, error) {
	return client.DialContext(ctx, options(at, log, dial))
}

// connectPacked connects as gangway does.
func connectPacked(ctx context.Context, at place, log *slog.Logger, dial ...grpc.DialOption) (client.Client, error) {
	o := options(at, log, dial)
	o.DataConverter = payload.Converter()
	o.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	return client.DialContext(ctx, o)
}

func options(at place, log *slog.Logger, dial []grpc.DialOption) client.Options {
	return client.Options{HostPort: at.HostPort, Namespace: at.Namespace, Logger: sdklog.NewStructuredLogger(log),
		ConnectionOptions: client.ConnectionOptions{DialOptions: dial}}
}

// shut stops everything and leaves the files.
func (g *ground) shut() {
	for _, stop := range slices.Backward(g.closers) {
		stop()
	}
	g.closers = nil
}

func (g *ground) close() {
	g.shut()
	if g.dir != "" {
		_ = os.RemoveAll(g.dir) // the machine's cleaner takes what stays
	}
}
