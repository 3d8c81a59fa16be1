package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"

	"gangway/internal/assembly"
)

const (
	namespace = "gangway"
	// retention is the least that gangway takes.
	retention = 30 * 24 * time.Hour
	// serverPatience bounds the start of a Temporal server, with the ten seconds
	// that a new namespace may take to show.
	serverPatience = time.Minute
	// dynamic is the engine's dynamic configuration of docker-compose.yml.
	dynamic = "deploy/temporal/dynamic.yaml"
)

// serverEngine starts a Temporal server on a PostgreSQL, as docker-compose.yml
// has them, and makes a database for the record on the same one.
func serverEngine(ctx context.Context, dir string, log *slog.Logger) (_ engine, err error) {
	var closers []func()
	stop := func() {
		for _, f := range slices.Backward(closers) {
			f()
		}
	}
	defer func() {
		if err != nil {
			stop()
		}
	}()
	programs, err := serverPrograms()
	if err != nil {
		return engine{}, err
	}
	pg, err := startPostgres()
	if err != nil {
		return engine{}, err
	}
	closers = append(closers, pg.close)
	var urls [3]*url.URL // the engine's two and the record's
	for i := range urls {
		at, err := pg.database()
		if err == nil {
			urls[i], err = url.Parse(at)
		}
		if err != nil {
			return engine{}, fmt.Errorf("making a database: %w", err)
		}
	}
	for i, schema := range []string{"postgresql/v12/temporal", "postgresql/v12/visibility"} {
		err = setUp(ctx, programs, urls[i], schema)
		if err != nil {
			return engine{}, err
		}
	}
	address, end, err := startServer(programs, urls[0], urls[1], dir)
	if err != nil {
		return engine{}, err
	}
	closers = append(closers, end)
	at := place{HostPort: address, Namespace: namespace, Dir: dir, Database: urls[2].String()}
	err = makeNamespace(ctx, at, log)
	return engine{place: at, stop: stop}, err
}

// serverPrograms is the folder of the server and its schema tool.
func serverPrograms() (string, error) {
	dir := os.Getenv("GANGWAY_TEMPORAL")
	if dir == "" {
		dir = filepath.Join("bin", "servers")
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "server"))
	}
	if err != nil {
		return "", fmt.Errorf("looking for the Temporal server's program (GANGWAY_TEMPORAL names its folder, `make bench` builds it into bin/servers): %w", err)
	}
	return dir, nil
}

// databaseOf are the server's and the tool's words for a database.
func databaseOf(u *url.URL) (name, port, user string) {
	return u.Path[1:], u.Port(), u.User.Username()
}

// anyPassword: the server's PostgreSQL trusts this machine, and the tool wants one.
const anyPassword = "any"

func setUp(ctx context.Context, programs string, u *url.URL, schema string) error {
	name, port, user := databaseOf(u)
	for _, args := range [][]string{{"setup-schema", "-v", "0.0"}, {"update-schema", "--schema-name", schema}} {
		cmd := exec.CommandContext(ctx, filepath.Join(programs, "sql"), append([]string{"--database", name}, args...)...)
		cmd.Env = append(os.Environ(), "SQL_PLUGIN=postgres12", "SQL_HOST="+u.Hostname(), "SQL_PORT="+port, "SQL_USER="+user, "SQL_PASSWORD="+anyPassword)
		said, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("setting up the engine's schema: %w\n%s", err, said[max(0, len(said)-1000):])
		}
	}
	return nil
}

// startServer starts the server with the environment that its image takes.
func startServer(programs string, store, visibility *url.URL, dir string) (address string, end func(), err error) {
	settings, err := filepath.Abs(dynamic)
	if err == nil {
		_, err = os.Stat(settings)
	}
	if err != nil {
		return "", nil, fmt.Errorf("looking for the engine's settings (the bench runs in the repository's root): %w", err)
	}
	name, port, user := databaseOf(store)
	seen, _, _ := databaseOf(visibility)
	env := append(os.Environ(), "DB=postgres12", "DB_PORT="+port, "POSTGRES_SEEDS="+store.Hostname(), "POSTGRES_USER="+user, "POSTGRES_PWD="+anyPassword,
		"DBNAME="+name, "VISIBILITY_DBNAME="+seen, "NUM_HISTORY_SHARDS=4", "BIND_ON_IP=127.0.0.1", "TEMPORAL_ALLOW_NO_AUTH=true",
		"DYNAMIC_CONFIG_FILE_PATH="+settings, "LOG_LEVEL=error")
	frontend := 0
	for _, name := range []string{"FRONTEND_GRPC", "FRONTEND_HTTP", "FRONTEND_MEMBERSHIP", "MATCHING_GRPC", "MATCHING_MEMBERSHIP",
		"HISTORY_GRPC", "HISTORY_MEMBERSHIP", "WORKER_GRPC", "WORKER_MEMBERSHIP"} {
		p, err := lowPort()
		if err != nil {
			return "", nil, err
		}
		if frontend == 0 {
			frontend = p
		}
		env = append(env, name+"_PORT="+strconv.Itoa(p))
	}
	log, err := os.Create(filepath.Join(dir, "server.log"))
	if err != nil {
		return "", nil, fmt.Errorf("making the server's log: %w", err)
	}
	// The leash: when this process goes, whatever ended it, the server goes too.
	cmd := exec.Command("sh", "-c", `"$1/server" start & pid=$!; trap 'kill -9 $pid' TERM INT; read unused || true; kill -9 $pid`, "leash", programs)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, log, log
	leash, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, fmt.Errorf("starting the Temporal server: %w", err)
	}
	return "127.0.0.1:" + strconv.Itoa(frontend), func() {
		_ = leash.Close() // the server's data is thrown away
		_ = cmd.Wait()
		_ = log.Close()
	}, nil
}

// lowPort finds a free port below 32768: on PostgreSQL the engine's table of
// members keeps ports as signed numbers of two bytes.
func lowPort() (int, error) {
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10000+rand.IntN(22000)))
		if err != nil {
			continue
		}
		port := l.Addr().(*net.TCPAddr).Port
		err = l.Close()
		if err != nil {
			return 0, fmt.Errorf("giving a port free: %w", err)
		}
		return port, nil
	}
	return 0, errors.New("no port below 32768 is free")
}

// makeNamespace waits for the server and makes what gangway takes for granted.
func makeNamespace(ctx context.Context, at place, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	o := options(at, log, nil)
	c, err := assembly.Dial(ctx, o, serverPatience, log)
	if err != nil {
		return fmt.Errorf("connecting to the Temporal server: %w", err)
	}
	defer c.Close()
	_, err = c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{Namespace: at.Namespace,
		WorkflowExecutionRetentionPeriod: durationpb.New(retention)})
	if err != nil {
		return fmt.Errorf("making the namespace: %w", err)
	}
	// Calls look into a cache that is up to ten seconds old.
	for {
		_, err = c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: at.Namespace})
		if err == nil {
			break
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("waiting for the namespace to show: %w", err)
		}
	}
	check := assembly.EngineCheck{Address: at.HostPort, Namespace: at.Namespace, Retention: retention, Register: true}
	return assembly.Faults(check.Look(ctx, c))
}
