// Package main is gangway's command line: it plans, starts and inspects cases,
// answers as a person, takes dossiers out and verifies them.
//
// It talks HTTP and JSON to the inbox (/api) and opens neither database nor
// engine; plan, verify and config check need no server at all. It imports
// config, archive and proof (to verify) and the pure packages, never web, desk,
// workflows or an engine's client. It promises: data on stdout, messages on stderr, exit
// codes that scripts can branch on, JSON that only grows, and that nothing a
// stranger wrote can steer a terminal.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is one invocation; env is KEY=value lines, the result an exit code.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := program{now: time.Now, patience: 10 * time.Second, asking: 5 * time.Second, pause: 200 * time.Millisecond}
	return p.run(ctx, args, env, stdin, stdout, stderr)
}
