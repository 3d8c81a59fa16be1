// Command worker runs gangway's processes against a Temporal server of one's
// own, and the inbox beside them, as gangway.yaml says. Several workers share one
// database and one folder of documents; without a database all of them run on
// one machine. `worker doctor` tries what the file says, `worker health` asks a
// worker on this machine whether it is ready.
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
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
