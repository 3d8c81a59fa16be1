package assembly

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"gangway/config"
	"gangway/internal/payload"
)

// What holds where neither gangway.yaml nor Temporal's own profile and variables
// say anything.
const (
	defaultEngine    = "127.0.0.1:7233"
	defaultNamespace = "gangway"
)

// EngineOptions are how the engine is reached: Temporal's profile, TEMPORAL_
// variables over it, gangway.yaml over both.
func EngineOptions(e config.Engine, log *slog.Logger) (client.Options, error) {
	o, err := envconfig.LoadClientOptions(envconfig.LoadClientOptionsRequest{ConfigFilePath: e.ConfigFile, ConfigFileProfile: e.Profile})
	if err != nil {
		return client.Options{}, hintedError{fmt.Errorf("reading Temporal's connection settings: %w", err),
			"they come from the profile that engine names in gangway.yaml and from TEMPORAL_ variables; `temporal config list` shows the profiles"}
	}
	if e.Address != "" {
		o.HostPort = e.Address
	}
	if e.Namespace != "" {
		o.Namespace = e.Namespace
	}
	if o.HostPort == "" {
		o.HostPort = defaultEngine
	}
	if o.Namespace == "" {
		o.Namespace = defaultNamespace
	}
	o.Logger = sdklog.NewStructuredLogger(log)
	return o, nil
}

// firstPause is how long the second try at an engine waits; later ones wait
// longer, up to mostPause.
const (
	firstPause = 200 * time.Millisecond
	mostPause  = 3 * time.Second
)

// Dial connects to the engine. One that does not answer is tried again until
// wait is over: it may be starting beside us. One that answers and refuses us is
// not. Errors have a Hint.
func Dial(ctx context.Context, o client.Options, wait time.Duration, log *slog.Logger) (client.Client, error) {
	o.DataConverter = payload.Converter()
	o.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{} // payloads are packed; packing requests again gains nothing
	give, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		try, done := context.WithTimeout(ctx, 10*time.Second)
		c, err := client.DialContext(try, o)
		done()
		if err == nil {
			return c, nil
		}
		if refused := refusal(err); refused != nil {
			return nil, refused
		}
		log.Info("the engine does not answer yet", "address", o.HostPort)
		select {
		case <-time.After(pause):
			continue
		case <-give.Done():
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for the engine: %w", ctx.Err())
		}
		return nil, unreachableError{o.HostPort, err}
	}
}

// refusal is what an engine says that answers and does not want us; nil where it
// does not answer.
func refusal(err error) error {
	var denied *serviceerror.PermissionDenied
	if errors.As(err, &denied) || unauthenticated(err) {
		return hintedError{fmt.Errorf("connecting to the engine: %w", err), "is the API key or the client certificate right? `temporal operator cluster health` with the same profile tries them"}
	}
	return nil
}

// unreachableError says that the Temporal server doesn't answer.
type unreachableError struct {
	addr  string
	cause error
}

// Error names the address.
func (e unreachableError) Error() string {
	return fmt.Sprintf("reaching the Temporal server at %s: %v", e.addr, e.cause)
}

// Unwrap gives the cause.
func (e unreachableError) Unwrap() error { return e.cause }

// Hint says what to look at.
func (e unreachableError) Hint() string {
	return "is the server up, and is this its frontend (engine.address, -engine, TEMPORAL_ADDRESS)? Does it want TLS? For a trial without a server: go run ./local"
}
