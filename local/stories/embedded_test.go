package stories

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/local/embedded"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.temporal.io/server/common/headers"
)

// startEngine starts an engine that stops with the test.
func startEngine(t *testing.T, o embedded.Options) *embedded.Server {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	s, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatalf("starting the engine: %v", err)
	}
	t.Cleanup(s.Stop)
	return s
}

// dialEngine gives a client that is closed before the engine stops.
func dialEngine(t *testing.T, s *embedded.Server) client.Client {
	t.Helper()
	c, err := client.DialContext(t.Context(), client.Options{
		HostPort:  s.HostPort(),
		Namespace: s.Namespace(),
		Logger:    sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		t.Fatalf("dialling the engine: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

// greet is the smallest workflow that proves a worker, a task and a result.
func greet(_ workflow.Context, name string) (string, error) { return "welcome, " + name, nil }

// runGreeting runs greet under the id, with search attributes if there are any.
func runGreeting(t *testing.T, c client.Client, id string, attributes map[string]any) string {
	t.Helper()
	w := worker.New(c, "greetings", worker.Options{})
	w.RegisterWorkflowWithOptions(greet, workflow.RegisterOptions{Name: "greet"})
	if err := w.Start(); err != nil {
		t.Fatalf("starting the worker: %v", err)
	}
	defer w.Stop()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: id, TaskQueue: "greetings",
		//lint:ignore SA1019 the untyped form takes the names as they come
		SearchAttributes: attributes,
	}, "greet", "Acme")
	if err != nil {
		t.Fatalf("starting the workflow: %v", err)
	}
	return greeting(t, c, run.GetID())
}

func greeting(t *testing.T, c client.Client, id string) string {
	t.Helper()
	var said string
	if err := c.GetWorkflow(t.Context(), id, "").Get(t.Context(), &said); err != nil {
		t.Fatalf("reading the result of %s: %v", id, err)
	}
	return said
}

func TestEngineRunsAWorkflowInMemory(t *testing.T) {
	t.Parallel()
	s := startEngine(t, embedded.Options{UIPort: -1})
	if got, want := s.Namespace(), "gangway"; got != want {
		t.Errorf("namespace: got %q, want %q", got, want)
	}
	if got := s.UIURL(); got != "" {
		t.Errorf("UI address without a UI: got %q, want none", got)
	}
	if got, want := runGreeting(t, dialEngine(t, s), "greet/1", nil), "welcome, Acme"; got != want {
		t.Errorf("result: got %q, want %q", got, want)
	}
}

// Where an engine was its own clients go on asking for it: nobody else gets that port, be it
// another engine of the process or a listener whose port the system picks (Linux: from
// 32768 up).
func TestNobodyListensWhereAnEngineWas(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 3 {
		s, err := embedded.Start(t.Context(), embedded.Options{UIPort: -1, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatalf("starting an engine: %v", err)
		}
		s.Stop()
		_, port, err := net.SplitHostPort(s.HostPort())
		if err != nil {
			t.Fatal(err)
		}
		if seen[port] {
			t.Errorf("port %s is given a second time", port)
		}
		seen[port] = true
		if n, err := strconv.Atoi(port); err != nil || n < 1024 || n >= 32_768 {
			t.Errorf("the system may give port %s to anybody: %v", port, err)
		}
	}
}

func TestEnginesInOneProcessAreStrangers(t *testing.T) {
	t.Parallel()
	engines := make(chan *embedded.Server, 3)
	failed := make(chan error, cap(engines))
	for range cap(engines) {
		go func() {
			s, err := embedded.Start(t.Context(), embedded.Options{UIPort: -1, Log: slog.New(slog.DiscardHandler)})
			failed <- err
			engines <- s
		}()
	}
	addresses := make(map[string]bool)
	for i := range cap(engines) {
		if err := <-failed; err != nil {
			t.Fatalf("starting engine %d of several at once: %v", i+1, err)
		}
		s := <-engines
		t.Cleanup(s.Stop)
		addresses[s.HostPort()] = true
		// The same id in each: in a shared store the second would be refused.
		if got, want := runGreeting(t, dialEngine(t, s), "greet/same", nil), "welcome, Acme"; got != want {
			t.Errorf("result in engine %d: got %q, want %q", i+1, got, want)
		}
	}
	if len(addresses) != cap(engines) {
		t.Errorf("addresses: got %d different ones, want %d", len(addresses), cap(engines))
	}
}

func TestEngineKeepsItsFileOverAStop(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a name with % ? # in it.db")
	first := startEngine(t, embedded.Options{File: file, UIPort: -1})
	c := dialEngine(t, first)
	runGreeting(t, c, "greet/kept", nil)
	c.Close()
	first.Stop()

	second := startEngine(t, embedded.Options{File: file, UIPort: -1})
	if got, want := greeting(t, dialEngine(t, second), "greet/kept"), "welcome, Acme"; got != want {
		t.Errorf("after a restart: got %q, want %q", got, want)
	}
}

// A folder is copied by people who make a backup, and moved; the engine knows
// its file by what is in it, and after Stop the file alone is everything.
func TestEngineFileSurvivesBeingCopied(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	attributes := map[string]string{"CaseID": "Keyword"}
	first := startEngine(t, embedded.Options{File: file, UIPort: -1, Attributes: attributes})
	c := dialEngine(t, first)
	runGreeting(t, c, "greet/copied", map[string]any{"CaseID": "onboarding/acme/1"})
	c.Close()
	first.Stop()

	copied := filepath.Join(t.TempDir(), "elsewhere.db")
	writeFile(t, copied, readFile(t, file))
	second := startEngine(t, embedded.Options{File: copied, UIPort: -1, Attributes: attributes})
	c = dialEngine(t, second)
	if got, want := greeting(t, c, "greet/copied"), "welcome, Acme"; got != want {
		t.Errorf("from the copy: got %q, want %q", got, want)
	}
	if got := count(t, c, "CaseID = 'onboarding/acme/1'"); got != 1 {
		t.Errorf("found by search attribute in the copy: got %d, want 1", got)
	}
}

func TestEngineNamespaceHasRetentionAndAttributes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	day := 24 * time.Hour
	first := startEngine(t, embedded.Options{
		File: file, UIPort: -1, Namespace: "quay", Attributes: map[string]string{"CaseID": "Keyword"},
	})
	checkNamespace(t, dialEngine(t, first), "quay", 90*day, map[string]string{"CaseID": "Keyword"})
	first.Stop()

	// A later release wants more: what is there stays, what is missing comes.
	want := map[string]string{"CaseID": "Keyword", "Due": "Datetime", "Version": "Int", "Rehearsal": "Bool"}
	second := startEngine(t, embedded.Options{
		File: file, UIPort: -1, Namespace: "quay", Retention: 40 * day, Attributes: want,
	})
	c := dialEngine(t, second)
	checkNamespace(t, c, "quay", 40*day, want)
	runGreeting(t, c, "greet/attributes", map[string]any{
		"CaseID": "exit/acme/1", "Due": time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC), "Version": 3, "Rehearsal": true,
	})
	query := "CaseID = 'exit/acme/1' AND Due < '2026-09-02T00:00:00Z' AND Version = 3 AND Rehearsal = true"
	if got := count(t, c, query); got != 1 {
		t.Errorf("found by all four attributes: got %d, want 1", got)
	}
	c.Close()
	second.Stop()

	_, err := embedded.Start(t.Context(), embedded.Options{
		File: file, UIPort: -1, Namespace: "quay", Attributes: map[string]string{"Version": "Keyword"},
	})
	if err == nil || !strings.Contains(err.Error(), "search attribute Version") {
		t.Errorf("an attribute with another type: got error %v, want one that names it", err)
	}
}

func checkNamespace(t *testing.T, c client.Client, name string, retention time.Duration, want map[string]string) {
	t.Helper()
	is, err := c.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: name})
	if err != nil {
		t.Fatalf("describing the namespace: %v", err)
	}
	if got := is.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(); got != retention {
		t.Errorf("retention: got %v, want %v", got, retention)
	}
	listed, err := c.OperatorService().ListSearchAttributes(t.Context(), &operatorservice.ListSearchAttributesRequest{Namespace: name})
	if err != nil {
		t.Fatalf("listing the search attributes: %v", err)
	}
	got := make(map[string]string)
	for attribute, kind := range listed.GetCustomAttributes() {
		got[attribute] = kind.String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("search attributes (-want +got):\n%s", diff)
	}
}

// count asks until the visibility store has caught up with what was closed.
func count(t *testing.T, c client.Client, query string) int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		n, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
		if err != nil {
			t.Fatalf("counting %s: %v", query, err)
		}
		if n.GetCount() > 0 || ctx.Err() != nil {
			return n.GetCount()
		}
	}
}

func TestEngineStopGivesEverythingBack(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "engine.db")
	s := startEngine(t, embedded.Options{File: file})
	ui := strings.TrimPrefix(s.UIURL(), "http://")
	s.Stop()
	s.Stop() // once more does nothing
	for _, addr := range []string{s.HostPort(), ui} {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Errorf("after Stop, listening on %s: %v", addr, err)
			continue
		}
		if err := l.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	if log := readFile(t, file+"-wal"); len(log) != 0 {
		t.Errorf("write-ahead log after Stop: got %d bytes, want none", len(log))
	}
}

func TestEngineRefusesBadOptions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, test := range map[string]struct {
		options embedded.Options
		want    string
	}{
		"attribute type":   {embedded.Options{Attributes: map[string]string{"CaseID": "Text"}}, "search attribute CaseID"},
		"short retention":  {embedded.Options{File: filepath.Join(dir, "a.db"), Retention: 24 * time.Hour}, "under 30 days"},
		"synchronous":      {embedded.Options{Synchronous: "off"}, "synchronous"},
		"missing folder":   {embedded.Options{File: filepath.Join(dir, "missing", "a.db")}, "folder for the engine's file"},
		"folder as a file": {embedded.Options{File: dir}, "engine's file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.UIPort = -1
			s, err := embedded.Start(t.Context(), test.options)
			if err == nil {
				s.Stop()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %q, want one with %q", err, test.want)
			}
		})
	}
}

func TestEnginePortThatIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	port := l.Addr().(*net.TCPAddr).Port
	for name, o := range map[string]embedded.Options{
		"frontend": {Port: port, UIPort: -1},
		"ui":       {UIPort: port},
	} {
		o.Log = slog.New(slog.DiscardHandler)
		_, err := embedded.Start(t.Context(), o)
		var taken *embedded.PortTakenError
		if !errors.As(err, &taken) || taken.Port != port || taken.Hint() == "" {
			t.Errorf("%s: got %v, want a PortTakenError for %d with a hint", name, err, port)
		}
	}
}

func TestEngineTakesThePortsItIsGiven(t *testing.T) {
	t.Parallel()
	o := embedded.Options{Port: freePort(t), UIPort: freePort(t)}
	s := startEngine(t, o)
	for _, addr := range []string{s.HostPort(), strings.TrimPrefix(s.UIURL(), "http://")} {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := net.LookupPort("tcp", port); err != nil || (n != o.Port && n != o.UIPort) {
			t.Errorf("got port %s, want %d or %d", port, o.Port, o.UIPort)
		}
	}
}

// The log is for operators: what a healthy engine says at start and stop is
// one line, and none of the server's own noise.
func TestEngineIsQuiet(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := startEngine(t, embedded.Options{File: filepath.Join(t.TempDir(), "engine.db"), Log: log})
	c := dialEngine(t, s)
	runGreeting(t, c, "greet/quiet", nil)
	c.Close()
	s.Stop()
	text := said.String()
	if got := strings.Count(text, "engine started"); got != 1 {
		t.Errorf("lines that say it started: got %d, want 1 in\n%s", got, text)
	}
	for _, noise := range []string{
		"level=DEBUG", "HTTP API port", "network dial error", "Failed to poll", "context canceled", "identity=", "host=",
	} {
		if strings.Contains(text, noise) {
			t.Errorf("the log has %q:\n%s", noise, text)
		}
	}
	if got := strings.Count(text, "level=INFO"); got != 1 {
		t.Errorf("lines at info: got %d, want 1 in\n%s", got, text)
	}
}

func TestEngineVersionIsTheOneInGoMod(t *testing.T) {
	t.Parallel()
	mod := string(readFile(t, filepath.Join("..", "go.mod")))
	if want := "\tgo.temporal.io/server v" + embedded.Version + "\n"; !strings.Contains(mod, want) {
		t.Errorf("go.mod has no line %q: change embedded.Version together with the server", want)
	}
	if headers.ServerVersion != embedded.Version {
		t.Errorf("the server calls itself %s, the package %s", headers.ServerVersion, embedded.Version)
	}
	if want := "\tgithub.com/temporalio/ui-server/v2 v2.54.1\n"; !strings.Contains(mod, want) {
		t.Errorf("go.mod has no line %q: a later UI needs a later Go", want)
	}
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
