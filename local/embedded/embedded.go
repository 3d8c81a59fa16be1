package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/temporal"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// memberJoin bounds how long a service waits for the others at start.
	memberJoin = 30 * time.Second
	// defaultRetention keeps closed runs until each is exported, with room for
	// an exporter that was down for weeks.
	defaultRetention = 90 * 24 * time.Hour
	leastRetention   = 30 * 24 * time.Hour
	// attempts at finding ports that nobody takes in between.
	attempts = 5
	// stopPatience bounds the parts of Stop that wait for others.
	stopPatience = 10 * time.Second
)

// Options say what to start. The zero value is an engine in memory, on any
// free ports, with a UI, which is what a test wants.
type Options struct {
	// File is the engine's SQLite file, made if it is not there; its folder
	// must be. Empty means in memory: all is lost when the process ends.
	File string
	// Namespace to have, "gangway" if empty.
	Namespace string
	// Retention of closed runs, 90 days if 0. With a File at least 30 days:
	// a closed run has to be exported before it goes.
	Retention time.Duration
	// Attributes are the search attributes of the namespace, by name: Keyword,
	// Datetime, Int or Bool. What is missing is added, nothing is removed.
	Attributes map[string]string
	// Port of the frontend's gRPC on 127.0.0.1, any free one if 0.
	Port int
	// UIPort of the Temporal UI on 127.0.0.1, any free one if 0, no UI if -1.
	UIPort int
	// Synchronous is SQLite's: "full" if empty, which survives a power cut;
	// "normal" is quicker, does not, and is for measuring.
	Synchronous string
	// Log gets what the server says at warning and above; slog's default if nil.
	Log *slog.Logger
}

// Server is a running engine. Its methods may be called from any goroutine.
type Server struct {
	options Options
	ports   ports
	data    *config.SQL
	held    *lock
	engine  temporal.Server
	log     *serverLog
	conn    *grpc.ClientConn
	ui      *ui
	stop    sync.Once
}

// Start runs a server and returns when it answers for its namespace and search
// attributes. It gives a ForeignFileError, an InUseError or a PortTakenError,
// each with a hint, where the caller can do something about it. The context
// bounds the start only: the server runs until Stop.
func Start(ctx context.Context, o Options) (*Server, error) {
	begun := time.Now()
	o, types, err := complete(o)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, log: &serverLog{out: o.Log, stopping: new(atomic.Bool)}}
	if err := s.openData(); err != nil {
		return nil, errors.Join(err, s.held.release())
	}
	if err := s.run(ctx, types); err != nil {
		s.Stop()
		return nil, err
	}
	o.Log.Info("engine started", "version", Version, "address", s.HostPort(), "ui", s.UIURL(),
		"took", time.Since(begun).Round(time.Millisecond))
	return s, nil
}

// HostPort is where the frontend speaks gRPC.
func (s *Server) HostPort() string { return address(s.ports.frontend) }

// UIURL is where a browser finds the Temporal UI; empty without one.
func (s *Server) UIURL() string { return s.ui.url() }

// Namespace is the one that was asked for.
func (s *Server) Namespace() string { return s.options.Namespace }

// Stop ends the server and returns when everything is down, the ports are free
// and the file holds all data. Calling it again waits for the first call. What
// goes wrong on the way is logged: nobody could do anything with it.
func (s *Server) Stop() {
	s.stop.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		if err := s.shutDown(ctx); err != nil {
			s.options.Log.Warn("stopping the engine", "error", err)
		}
	})
}

// complete fills in the defaults and checks the rest.
func complete(o Options) (Options, map[string]enums.IndexedValueType, error) {
	if o.Namespace == "" {
		o.Namespace = "gangway"
	}
	if o.Retention == 0 {
		o.Retention = defaultRetention
	}
	if o.File != "" && o.Retention < leastRetention {
		return o, nil, fmt.Errorf("a retention of %v is under 30 days: closed cases would go before they are exported", o.Retention)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	var err error
	o.Synchronous, err = synchronousPragma(o.Synchronous)
	if err != nil {
		return o, nil, err
	}
	types, err := attributeTypes(o.Attributes)
	if err != nil {
		return o, nil, err
	}
	if o.File != "" {
		o.File, err = trueName(o.File)
		if err != nil {
			return o, nil, err
		}
	}
	return o, types, nil
}

// trueName gives one name for a file however it is reached, so that two
// processes meet at the same lock.
func trueName(file string) (string, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return "", fmt.Errorf("finding the engine's file: %w", err)
	}
	resolved, err := filepath.EvalSymlinks(file)
	if err == nil {
		return resolved, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("following the links to the engine's file: %w", err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return "", fmt.Errorf("finding the folder for the engine's file: %w", err)
	}
	return filepath.Join(dir, filepath.Base(file)), nil
}

// openData takes the file for this server alone, after making sure that it is
// ours, or makes it.
func (s *Server) openData() error {
	o := s.options
	s.data = store(o.File, o.Synchronous)
	if o.File == "" {
		return nil
	}
	var err error
	s.held, err = acquire(o.File)
	if err != nil {
		return err
	}
	err = examine(o.File)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(o.File)
	}
	return err
}

// run brings the server up on what openData prepared.
func (s *Server) run(ctx context.Context, types map[string]enums.IndexedValueType) error {
	o := s.options
	if err := plantNamespace(s.data, o, types); err != nil {
		return err
	}
	if err := s.build(); err != nil {
		return err
	}
	if err := s.engine.Start(); err != nil {
		return fmt.Errorf("starting the engine: %w", err)
	}
	var err error
	s.conn, err = grpc.NewClient(s.HostPort(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connecting to the engine: %w", err)
	}
	front := newFrontend(s.conn, o.Namespace)
	if err := front.setRetention(ctx, o.Retention); err != nil {
		return err
	}
	if err := front.setAttributes(ctx, types); err != nil {
		return err
	}
	if o.UIPort >= 0 {
		s.ui, err = startUI(o.UIPort, s.conn, o, o.Log)
	}
	return err
}

// build makes the server, which opens its ports, and tries other ports when
// somebody was quicker. What the server opened in an attempt that failed it
// gives nobody to close; that is a few ports in a case that hardly happens.
func (s *Server) build() error {
	var err error
	for range attempts {
		s.ports, err = choosePorts(s.options.Port)
		if err != nil {
			return err
		}
		s.engine, err = newEngine(s.data, s.ports, s.log)
		if !portTaken(err) {
			return err
		}
	}
	return fmt.Errorf("finding ports in %d attempts: %w", attempts, err)
}

// newEngine turns the panic that our logger makes of the server's Fatal into
// an error, and lets every other panic through.
func newEngine(data *config.SQL, p ports, out *serverLog) (engine temporal.Server, err error) {
	defer func() {
		switch said := recover().(type) {
		case nil:
		case *fatalError:
			engine, err = nil, said
		default:
			panic(said)
		}
	}()
	engine, err = temporal.NewServer(
		temporal.WithConfig(settings(data, p)),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts(p)),
		temporal.WithDynamicConfigClient(tuning()),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
		temporal.WithLogger(out),
	)
	if err != nil {
		return nil, fmt.Errorf("building the engine: %w", err)
	}
	return engine, nil
}

// shutDown takes down whatever of the server is up, in the order of who uses
// whom, and goes on where one part fails.
func (s *Server) shutDown(ctx context.Context) error {
	var failed []error
	failed = append(failed, s.ui.stop(ctx))
	if s.conn != nil {
		failed = append(failed, s.conn.Close())
	}
	if s.engine != nil {
		s.log.stopping.Store(true)
		failed = append(failed, s.engine.Stop(), waitUntilFree(ctx, s.ports.all()))
	}
	if s.options.File != "" {
		failed = append(failed, flushLog(s.data))
	}
	return errors.Join(append(failed, s.held.release())...)
}
