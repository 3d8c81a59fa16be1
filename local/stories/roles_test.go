package stories

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/internal/assembly"
	"gangway/internal/freeport"
	"gangway/internal/payload"
	"gangway/local/embedded"
)

// The test binary is also each of gangway's processes, so that one can be killed
// without the others: GANGWAY_ROLE says which.
const (
	roleEnv   = "GANGWAY_ROLE"
	dirEnv    = "GANGWAY_ROLE_DIR"
	engineEnv = "GANGWAY_ROLE_ENGINE" // port
	webEnv    = "GANGWAY_ROLE_WEB"    // port
	baseEnv   = "GANGWAY_ROLE_BASE"   // URL of the record's PostgreSQL
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleEnv)
	if role == "" {
		code := m.Run()
		sweepPrograms()
		os.Exit(code)
	}
	go func() { // the parent is gone: so are we
		_, _ = io.Copy(io.Discard, os.Stdin) //nolint:errcheck // any end of it will do
		os.Exit(3)
	}()
	err := play(role)
	fmt.Fprintf(os.Stderr, "role %s ended: %v\n", role, err)
	os.Exit(1)
}

func play(role string) error {
	dir, enginePort, webPort := os.Getenv(dirEnv), os.Getenv(engineEnv), os.Getenv(webEnv)
	ctx := context.Background()
	if role == "engine" {
		return playEngine(ctx, dir, enginePort)
	}
	c, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:" + enginePort, Namespace: "gangway", DataConverter: payload.Converter(), Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		return err
	}
	o := assembly.Options{Dir: dir, Shared: true, Database: os.Getenv(baseEnv), PickPerson: true, Log: quiet()}
	if err := chatInto(&o); err != nil {
		return err
	}
	if err := postInto(&o); err != nil {
		return err
	}
	if role == "worker" {
		return playWorker(ctx, c, o)
	}
	var l net.Listener
	for { // the port of the one that was killed may be taken for a moment
		l, err = assembly.ListenLoopback("127.0.0.1:" + webPort)
		if err == nil {
			break
		}
		<-time.After(20 * time.Millisecond)
	}
	o.Hosts = assembly.Hosts(l)
	h, err := assembly.Open(ctx, c, o)
	if err != nil {
		return err
	}
	if err := h.SeedExample(ctx); err != nil {
		return err
	}
	assembly.ServeInbox(l, h.Web, quiet())
	fmt.Println("ready")
	h.Run(ctx)
	return nil
}

func playEngine(ctx context.Context, dir, port string) error {
	var p int
	if _, err := fmt.Sscan(port, &p); err != nil {
		return err
	}
	for {
		s, err := embedded.Start(ctx, embedded.Options{File: filepath.Join(dir, "engine.db"), Port: p, UIPort: -1, Attributes: attributes(), Log: quiet()})
		var taken *embedded.PortTakenError
		if errors.As(err, &taken) {
			<-time.After(20 * time.Millisecond)
			continue
		}
		if err != nil {
			return err
		}
		fmt.Println("ready", s.HostPort())
		select {}
	}
}

func playWorker(ctx context.Context, c client.Client, o assembly.Options) error {
	h, err := assembly.Open(ctx, c, o)
	if err != nil {
		return err
	}
	w := h.NewWorker(time.Second)
	for w.Start() != nil { // the engine is away
		<-time.After(50 * time.Millisecond)
		w = h.NewWorker(time.Second)
	}
	fmt.Println("ready")
	h.Run(ctx)
	return nil
}

// cast is the processes of one deployment, each of which can be killed alone.
type cast struct {
	t           *testing.T
	dir         string
	engine, web int
	mu          sync.Mutex
	procs       map[string]*exec.Cmd
	tokens      map[string]string   // by person, where one signs in
	env         map[string][]string // by role, besides what all have
}

// newCast starts engine, worker and web as processes of their own.
func newCast(t *testing.T) *cast {
	t.Helper()
	c := &cast{t: t, dir: t.TempDir(), engine: freePort(t), web: freePort(t), procs: map[string]*exec.Cmd{}}
	c.startAll()
	return c
}

// startAll starts every role; they end with the test.
func (c *cast) startAll() {
	c.t.Helper()
	c.t.Cleanup(c.end)
	for _, role := range []string{"engine", "worker", "web"} {
		c.start(role)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := freeport.Find()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// start starts a role and waits until it says that it is ready.
func (c *cast) start(role string) {
	c.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), roleEnv+"="+role, dirEnv+"="+c.dir, fmt.Sprintf("%s=%d", engineEnv, c.engine), fmt.Sprintf("%s=%d", webEnv, c.web))
	cmd.Env = append(cmd.Env, c.env[role]...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe() // closed when this process ends, however it ends
	if err != nil {
		c.t.Fatalf("starting %s: %v", role, err)
	}
	_ = stdin
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.t.Fatalf("starting %s: %v", role, err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatalf("starting %s: %v", role, err)
	}
	c.mu.Lock()
	c.procs[role] = cmd
	c.mu.Unlock()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready") {
		c.t.Fatalf("%s did not start: %q %v", role, line, err)
	}
}

// kill sends SIGKILL and waits until the process is gone.
func (c *cast) kill(role string) {
	c.t.Helper()
	c.mu.Lock()
	cmd := c.procs[role]
	c.mu.Unlock()
	if err := cmd.Process.Kill(); err != nil {
		c.t.Fatalf("killing %s: %v", role, err)
	}
	_ = cmd.Wait() // it was killed: its exit code says so
}

func (c *cast) end() {
	for _, cmd := range c.procs {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
}

func (c *cast) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", c.web, path) }

// caller is how the people of a killing story talk: plain HTTP, a short
// time-out, and the same answer again until somebody says what became of it.
var caller = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
