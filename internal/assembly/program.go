package assembly

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// ParseFlags parses a program's command line, which takes nothing but flags.
// go on is false when the program is over, with that exit code: help was asked
// for, or the line makes no sense and was told so.
func ParseFlags(f *flag.FlagSet, args []string, stderr io.Writer) (code int, goOn bool) {
	f.SetOutput(stderr)
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0, false
	case err != nil:
		return 2, false
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "gangway: error: %q is not a flag\n", f.Arg(0))
		return 2, false
	}
	return 0, true
}

// Exit is the exit code of a program that ended with err, which it tells.
func Exit(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	Complain(stderr, err)
	return 1
}

// UntilSignal returns a context that ends with the first SIGINT or SIGTERM. A
// second one ends the process at once: after the first, signals do what they do
// without us.
func UntilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
