package main

import (
	"context"
	"maps"
	"path"
	"slices"
	"sync"

	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
)

// tap counts the calls that a connection makes to the engine.
type tap struct {
	mu    sync.Mutex
	calls map[string]int
}

// intercept is the connection's unary interceptor. A poll that came back empty
// is no call of a sign-off: it would have been made without one.
func (t *tap) intercept(ctx context.Context, method string, req, reply any, c *grpc.ClientConn, call grpc.UnaryInvoker, o ...grpc.CallOption) error {
	err := call(ctx, method, req, reply, c, o...)
	if idle(reply) {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls[path.Base(method)]++
	return err
}

// idle reports whether a reply is a poll's that brought nothing, or belongs to
// the connection and not to a process.
func idle(reply any) bool {
	switch r := reply.(type) {
	case *workflowservice.PollWorkflowTaskQueueResponse:
		return len(r.GetTaskToken()) == 0
	case *workflowservice.PollActivityTaskQueueResponse:
		return len(r.GetTaskToken()) == 0
	case *workflowservice.PollNexusTaskQueueResponse, *workflowservice.GetSystemInfoResponse, *workflowservice.DescribeNamespaceResponse,
		*workflowservice.RecordWorkerHeartbeatResponse, *workflowservice.ShutdownWorkerResponse:
		return true
	}
	return false
}

// take returns the calls since the last time, by method, and forgets them.
func (t *tap) take() (total int, by map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	by = t.calls
	t.calls = map[string]int{}
	for _, n := range by {
		total += n
	}
	return total, by
}

func sorted(by map[string]int) []string { return slices.Sorted(maps.Keys(by)) }
