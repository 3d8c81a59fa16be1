package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

// serverLog carries what the server has to say at warning and above into slog.
// It passes on the tags in spoken and drops the rest: the others hold host
// names, identities, requests and addresses, which have no place in a log.
//
// It says nothing of what passes by itself, and nothing once the server is
// being stopped: its parts then miss each other, which is what was asked for.
type serverLog struct {
	out      *slog.Logger
	tags     []tag.Tag
	stopping *atomic.Bool // shared by all that With gives
}

// spoken are the tags worth keeping, by the server's own names; all of them
// are ids, kinds or error texts.
var spoken = map[string]bool{
	"component": true, "error": true, "error-type": true, "lifecycle": true, "operation": true,
	"queue-task-type": true, "schedule-id": true, "service": true, "service-error-type": true,
	"shard-id": true, "store-operation": true, "wf-id": true, "wf-namespace": true, "wf-run-id": true,
	"wf-task-queue-name": true, "wf-task-queue-type": true, "wf-type": true, "worker-component": true,
}

// httpNotice is said at each start, as a warning, because we want no HTTP port
// of the server's: the UI and the SDK speak gRPC.
const httpNotice = "HTTP API port has not been set. Nexus HTTP endpoints will not be available. " +
	"To enable Nexus, follow these instructions: https://github.com/temporalio/temporal/blob/main/docs/architecture/nexus.md#enabling-nexus."

// fatalError is what the server's Fatal becomes: it must not return, and must
// not end the process before we can say why.
type fatalError struct {
	message string
	cause   error
}

func (e *fatalError) Error() string {
	if e.cause == nil {
		return "the server gave up: " + e.message
	}
	return fmt.Sprintf("the server gave up: %s: %v", e.message, e.cause)
}

func (e *fatalError) Unwrap() error { return e.cause }

func (l *serverLog) write(level slog.Level, msg string, tags []tag.Tag) {
	ctx := context.Background()
	if msg == httpNotice || l.stopping.Load() || !l.out.Enabled(ctx, level) {
		return
	}
	if cause := causeOf(slices.Concat(tags, l.tags)); cause != nil && passesByItself(cause) {
		return
	}
	attrs := make([]slog.Attr, 0, len(l.tags)+len(tags))
	for _, set := range [][]tag.Tag{l.tags, tags} {
		for _, t := range set {
			if spoken[t.Key()] {
				attrs = append(attrs, attribute(t))
			}
		}
	}
	l.out.LogAttrs(ctx, level, msg, attrs...)
}

// attribute turns a tag into slog's form. An error gives its text only: its
// tag may hold a stack trace too, and says either.
func attribute(t tag.Tag) slog.Attr {
	if cause := causeOf([]tag.Tag{t}); cause != nil {
		return slog.String(t.Key(), cause.Error())
	}
	return slog.Any(t.Key(), t.Value())
}

// With gives a logger that adds the tags to every line.
func (l *serverLog) With(tags ...tag.Tag) log.Logger {
	both := make([]tag.Tag, 0, len(l.tags)+len(tags))
	return &serverLog{out: l.out, tags: append(append(both, l.tags...), tags...), stopping: l.stopping}
}

// Debug drops the line.
func (l *serverLog) Debug(string, ...tag.Tag) {}

// Info drops the line: the server says several hundred at each start.
func (l *serverLog) Info(string, ...tag.Tag) {}

// Warn passes the line on.
func (l *serverLog) Warn(msg string, tags ...tag.Tag) { l.write(slog.LevelWarn, msg, tags) }

// Error passes the line on.
func (l *serverLog) Error(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// DPanic passes the line on as an error; the server means it to panic in
// development only.
func (l *serverLog) DPanic(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// Panic passes the line on and panics.
func (l *serverLog) Panic(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	panic(msg)
}

// Fatal panics with a fatalError. While the server is being built that happens
// on our goroutine and newEngine turns it into an error; afterwards it ends the
// process, as Fatal is meant to. While it stops, only the goroutine ends: some
// give up because the others are gone.
func (l *serverLog) Fatal(msg string, tags ...tag.Tag) {
	if l.stopping.Load() {
		runtime.Goexit()
	}
	panic(&fatalError{message: msg, cause: causeOf(tags)})
}

// causeOf gives the error among the tags, or nil.
func causeOf(tags []tag.Tag) error {
	for _, t := range tags {
		if z, ok := t.(tag.ZapTag); ok && t.Key() == "error" {
			cause, _ := z.Field().Interface.(error)
			return cause
		}
	}
	return nil
}

// passesByItself tells an error that is no news: whoever asked stopped waiting,
// as every worker does that ends, or a shard is still being taken over by a
// server that starts. Between the services only text survives.
func passesByItself(cause error) bool {
	const takingOver = "shard status unknown"
	return errors.Is(cause, context.Canceled) ||
		strings.HasSuffix(cause.Error(), context.Canceled.Error()) ||
		strings.Contains(cause.Error(), takingOver)
}
