package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"gangway/local/embedded"
	"gangway/workflows"
)

// place is where an engine and a record are. It crosses into the processes that
// work on both.
type place struct {
	HostPort, Namespace string
	// Dir has the record's files, Database is its PostgreSQL's URL; empty: SQLite.
	Dir, Database string
}

// engine is a running engine.
type engine struct {
	place
	// memory asks how much its process has; nil where it is this process or no
	// process of ours.
	memory func() (float64, error)
	stop   func()
}

// embeddedEngine starts the engine in this process, on a file in dir. Its log is
// shown with -log info: a thousand timers due at once have it complain by the
// hundred, and what matters of it shows in the numbers.
func embeddedEngine(ctx context.Context, dir, synchronous string, log *slog.Logger) (engine, error) {
	if !log.Enabled(ctx, slog.LevelInfo) {
		log = slog.New(slog.DiscardHandler)
	}
	s, err := embedded.Start(ctx, embedded.Options{File: filepath.Join(dir, "engine.db"), UIPort: -1, Synchronous: synchronous, Log: log,
		Attributes: map[string]string{workflows.AttributeVendor: "Keyword", workflows.AttributeCase: "Keyword"}})
	if err != nil {
		return engine{}, fmt.Errorf("starting the engine: %w", err)
	}
	return engine{place: place{HostPort: s.HostPort(), Namespace: s.Namespace(), Dir: dir}, stop: s.Stop}, nil
}

// remoteEngine starts it in a process of its own, whose memory can be told from
// that of those who use it.
func remoteEngine(dir, synchronous string) (engine, error) {
	c, at, err := spawn(calling{Role: roleEngine, Place: place{Dir: dir}, Synchronous: synchronous}, nil)
	if err != nil {
		return engine{}, fmt.Errorf("starting the engine's process: %w", err)
	}
	return engine{place: at, memory: c.memory, stop: c.end}, nil
}
