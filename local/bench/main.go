// Command bench sets gangway beside the bare engine: the same engine, the same
// run, the same number of activities and Updates. It prints a table and exits
// non-zero when a number of the table misses its limit.
//
// Counts of calls, events and bytes are exact on every machine. Rates and times
// are only compared with the bare engine's of the same run, since the same
// machine may be half as quick an hour later.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"gangway/internal/assembly"
)

func main() {
	assembly.EaseCollector() // as gangway's programs do; the bare gates gain by it too
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
