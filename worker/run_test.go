package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// frontend is as much of a Temporal server as a worker without work needs.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	namespaces chan string // that were asked for
}

func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{ServerVersion: "1.32.1", Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (f *frontend) DescribeNamespace(_ context.Context, q *workflowservice.DescribeNamespaceRequest) (*workflowservice.DescribeNamespaceResponse, error) {
	select {
	case f.namespaces <- q.GetNamespace():
	default:
	}
	return &workflowservice.DescribeNamespaceResponse{NamespaceInfo: &namespace.NamespaceInfo{Name: q.GetNamespace()}}, nil
}

func (f *frontend) PollWorkflowTaskQueue(ctx context.Context, _ *workflowservice.PollWorkflowTaskQueueRequest) (*workflowservice.PollWorkflowTaskQueueResponse, error) {
	<-ctx.Done()
	return &workflowservice.PollWorkflowTaskQueueResponse{}, nil
}

func (f *frontend) PollActivityTaskQueue(ctx context.Context, _ *workflowservice.PollActivityTaskQueueRequest) (*workflowservice.PollActivityTaskQueueResponse, error) {
	<-ctx.Done()
	return &workflowservice.PollActivityTaskQueueResponse{}, nil
}

func (f *frontend) ListWorkflowExecutions(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return &workflowservice.ListWorkflowExecutionsResponse{}, nil
}

// serve runs a frontend on a port of its own.
func serve(t *testing.T) (addr string, f *frontend) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f = &frontend{namespaces: make(chan string, 1)}
	s := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(s, f)
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	t.Cleanup(func() { s.Stop(); serving.Wait() })
	return l.Addr().String(), f
}

func TestCommandLinesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-nonsense"}, {"-data"}, {"-data", t.TempDir(), "start"}, {"onboard"}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, &out, &errs); code != 2 || errs.Len() == 0 || out.Len() > 0 {
			t.Errorf("%v: exit %d, %q, %q", args, code, &out, &errs)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, &out, &errs); code != 0 || !strings.Contains(errs.String(), "-namespace") {
		t.Errorf("help: exit %d, %s", code, &errs)
	}
}

// fails wants exit 1 with an error and a hint, and no record begun.
func fails(t *testing.T, want string, args ...string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	code := run(t.Context(), append([]string{"-data", dir}, args...), &out, &errs)
	lines := errs.String()
	if code != 1 || !strings.Contains(lines, "gangway: error: ") || !strings.Contains(lines, want) || !strings.Contains(lines, "gangway: hint: ") {
		t.Errorf("%v: exit %d\n%s", args, code, lines)
	}
	if _, err := os.Stat(filepath.Join(dir, "archive.db")); err == nil || out.Len() > 0 {
		t.Errorf("%v began something: %s", args, &out)
	}
}

func TestAnEngineThatIsNotThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	fails(t, "reaching the Temporal server at "+free, "-engine", free)
}

// TestTheInboxIsForThisMachineAlone: one signs in by picking a person.
func TestTheInboxIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	engine, _ := serve(t)
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80"} {
		fails(t, "is not a loopback address", "-engine", engine, "-addr", addr)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-data", filepath.Join(file, "data")}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "making the data folder") {
		t.Errorf("exit %d: %s", code, &errs)
	}
}

// TestWorksUntilItIsStopped starts all of it, reads where the inbox is from the
// data folder, and ends it.
func TestWorksUntilItIsStopped(t *testing.T) {
	t.Parallel()
	for _, inbox := range []bool{true, false} {
		engine, asked := serve(t)
		dir := t.TempDir()
		args := []string{"-data", dir, "-engine", engine, "-namespace", "trial", "-addr", ""}
		if inbox {
			args[len(args)-1] = "127.0.0.1:0"
		}
		ctx, stop := context.WithCancel(t.Context())
		said, out := io.Pipe()
		ended := make(chan int)
		var errs bytes.Buffer
		go func() { ended <- run(ctx, args, out, &errs) }()
		if inbox {
			look(t, dir, said)
		}
		if name := <-asked.namespaces; name != "trial" {
			t.Errorf("namespace %s", name)
		}
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d: %s", code, &errs)
		}
		if _, err := os.Stat(filepath.Join(dir, "local.json")); err == nil {
			t.Error("the notice is still there")
		}
		if _, err := os.Stat(filepath.Join(dir, "archive.db")); err != nil {
			t.Error("there is no record")
		}
	}
}

// look waits for the line that says where the inbox is, and goes there.
func look(t *testing.T, dir string, said io.Reader) {
	t.Helper()
	line := make([]byte, 200)
	n, err := said.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url, found := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "inbox ")
	text, err := os.ReadFile(filepath.Join(dir, "local.json"))
	if err != nil || !found {
		t.Fatalf("%s: %v", line[:n], err)
	}
	var notice struct{ URL, Engine string }
	if err := json.Unmarshal(text, &notice); err != nil || notice.URL != url {
		t.Errorf("said %s, noted %s: %v", url, notice.URL, err)
	}
	r, err := http.Get(url + "/")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Body.Close(); err != nil || r.StatusCode >= 500 {
		t.Errorf("status %d: %v", r.StatusCode, err)
	}
}
