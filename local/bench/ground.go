package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"google.golang.org/grpc"

	"gangway/internal/payload"
	"gangway/local/embedded"
	"gangway/workflows"
)

// ground is an engine on a file of its own with the bare gate and gangway's, each
// with a worker.
type ground struct {
	settings
	dir     string
	tap     *tap
	bare    client.Client
	house   *house
	bells   *bells
	closers []func()
}

func newGround(ctx context.Context, s settings, log *slog.Logger) (_ *ground, err error) {
	g := &ground{settings: s, tap: &tap{calls: map[string]int{}}, bells: &bells{of: map[string]*bell{}}}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	g.dir, err = os.MkdirTemp("", "gangway-bench-")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	g.closers = append(g.closers, func() { _ = os.RemoveAll(g.dir) })
	engine, err := embedded.Start(ctx, embedded.Options{File: filepath.Join(g.dir, "engine.db"), UIPort: -1, Synchronous: s.synchronous, Log: log,
		Attributes: map[string]string{workflows.AttributeVendor: "Keyword", workflows.AttributeCase: "Keyword"}})
	if err != nil {
		return nil, fmt.Errorf("starting the engine: %w", err)
	}
	g.closers = append(g.closers, engine.Stop)
	o := client.Options{HostPort: engine.HostPort(), Namespace: engine.Namespace(), Logger: sdklog.NewStructuredLogger(log),
		ConnectionOptions: client.ConnectionOptions{DialOptions: []grpc.DialOption{grpc.WithUnaryInterceptor(g.tap.intercept)}}}
	g.bare, err = client.DialContext(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("connecting the bare gate to the engine: %w", err)
	}
	g.closers = append(g.closers, g.bare.Close)
	o.DataConverter = payload.Converter()
	own, err := client.DialContext(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("connecting gangway to the engine: %w", err)
	}
	g.closers = append(g.closers, own.Close)
	w := bareWorker(g.bare, g.bells)
	if err := w.Start(); err != nil {
		return nil, fmt.Errorf("starting the bare worker: %w", err)
	}
	g.closers = append(g.closers, w.Stop)
	g.house, err = openHouse(ctx, own, filepath.Join(g.dir, "record"), g.bells, log)
	if err != nil {
		return nil, err
	}
	g.closers = append(g.closers, func() {
		if err := g.house.close(); err != nil {
			log.Error("closing the house", "error", err)
		}
	})
	return g, nil
}

func (g *ground) close() {
	for i := len(g.closers) - 1; i >= 0; i-- {
		g.closers[i]()
	}
}
