// Command local runs all of gangway in one process on loopback, with nothing to
// configure: the embedded engine, the record, the inbox and the engine's own
// pages. With -demo it plays an onboarding as a rehearsal, prints where the
// dossier is and that it verified, and ends.
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
