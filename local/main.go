// Command local runs all of gangway in one process on loopback, with nothing to
// configure: the embedded engine, the record, the inbox, a Slack, a mailbox in which
// one reads what gangway sent and writes back, a GitHub in which one accepts
// invitations, and the engine's own pages. With -demo it plays a
// vendor's whole life as a rehearsal, prints where its dossiers are and that they verified,
// and ends.
package main

import (
	"context"
	"os"

	"gangway/internal/assembly"
)

func main() {
	assembly.ReadAside()
	assembly.EaseCollector()
	ctx, stop := assembly.UntilSignal(context.Background())
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
