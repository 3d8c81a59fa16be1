package main

import (
	"context"
	"io"
	"log/slog"

	"gangway/config"
	"gangway/internal/assembly"
)

// examine tries everything that a worker with this configuration needs, changes
// nothing, and tells each thing on a line of its own: exit code 1 if anything is
// wrong.
func examine(ctx context.Context, d config.Deployment, out io.Writer) int {
	quiet := slog.New(slog.DiscardHandler)
	var found []assembly.Finding
	o, err := assembly.EngineOptions(d.Engine, quiet)
	if err == nil {
		c, dialled := assembly.Dial(ctx, o, 0, quiet)
		if err = dialled; err == nil {
			check := assembly.EngineCheck{Address: o.HostPort, Namespace: o.Namespace, Retention: d.Engine.Retention}
			found = append(found, check.Look(ctx, c)...)
			c.Close()
		}
	}
	if err != nil {
		found = append(found, assembly.Finding{Part: "engine", Err: err})
	}
	found = append(found, assembly.Examine(ctx, d)...)
	if assembly.Tell(out, found) > 0 {
		return 1
	}
	return 0
}
