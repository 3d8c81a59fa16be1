// Command worker runs gangway's processes against a Temporal server of one's
// own, and the inbox beside them. In this release the record is SQLite in a
// folder, so all workers of a deployment run on one machine, and the inbox is
// for that machine alone.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
