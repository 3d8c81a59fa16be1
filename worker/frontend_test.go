package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"gangway/internal/freeport"
)

// engine is what a frontend says of itself.
type engine struct {
	version   string
	namespace string
	state     enums.NamespaceState
	retention *durationpb.Duration
	updates   bool
	attribute map[string]enums.IndexedValueType
	// fixed: search attributes can't be registered; denied: nothing is allowed
	// but to connect; stranger: not even that.
	fixed, denied, stranger bool
	// unheard: so often the namespace is not known yet where search attributes
	// are listed, as on a server that has not refreshed what it knows.
	unheard int
}

// sound is an engine that has everything but the search attributes.
func sound() engine {
	return engine{version: "1.32.1", namespace: "trial", state: enums.NAMESPACE_STATE_REGISTERED, retention: durationpb.New(90 * 24 * time.Hour),
		updates: true, attribute: map[string]enums.IndexedValueType{"GwCase": enums.INDEXED_VALUE_TYPE_KEYWORD}}
}

// frontend is as much of a Temporal server as a worker without work needs. It
// refuses what it does not know, as a server does.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	operatorservice.UnimplementedOperatorServiceServer
	mu     sync.Mutex
	is     engine
	health *health.Server
	polls  chan struct{} // a worker is there
}

func (f *frontend) look() engine {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.is
}

func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	is := f.look()
	if is.stranger {
		return nil, status.Error(codes.Unauthenticated, "who is this")
	}
	return &workflowservice.GetSystemInfoResponse{ServerVersion: is.version, Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (f *frontend) DescribeNamespace(_ context.Context, q *workflowservice.DescribeNamespaceRequest) (*workflowservice.DescribeNamespaceResponse, error) {
	is := f.look()
	switch {
	case is.denied:
		return nil, serviceerror.ToStatus(serviceerror.NewPermissionDenied("no", "")).Err()
	case q.GetNamespace() != is.namespace:
		return nil, serviceerror.ToStatus(serviceerror.NewNamespaceNotFound(q.GetNamespace())).Err()
	}
	return &workflowservice.DescribeNamespaceResponse{
		NamespaceInfo: &namespace.NamespaceInfo{Name: is.namespace, State: is.state, Capabilities: &namespace.NamespaceInfo_Capabilities{SyncUpdate: is.updates}},
		Config:        &namespace.NamespaceConfig{WorkflowExecutionRetentionTtl: is.retention}}, nil
}

func (f *frontend) ListSearchAttributes(_ context.Context, q *operatorservice.ListSearchAttributesRequest) (*operatorservice.ListSearchAttributesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.is.unheard--; q.GetNamespace() != f.is.namespace || f.is.unheard >= 0 {
		return nil, serviceerror.ToStatus(serviceerror.NewNamespaceNotFound(q.GetNamespace())).Err()
	}
	list := map[string]enums.IndexedValueType{}
	for name, kind := range f.is.attribute {
		list[name] = kind
	}
	return &operatorservice.ListSearchAttributesResponse{CustomAttributes: list}, nil
}

func (f *frontend) AddSearchAttributes(_ context.Context, q *operatorservice.AddSearchAttributesRequest) (*operatorservice.AddSearchAttributesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.is.fixed {
		return nil, serviceerror.ToStatus(serviceerror.NewPermissionDenied("not from here", "")).Err()
	}
	for name, kind := range q.GetSearchAttributes() {
		if _, there := f.is.attribute[name]; there {
			return nil, serviceerror.ToStatus(serviceerror.NewAlreadyExists(name)).Err()
		}
		f.is.attribute[name] = kind
	}
	return &operatorservice.AddSearchAttributesResponse{}, nil
}

func (f *frontend) PollWorkflowTaskQueue(ctx context.Context, _ *workflowservice.PollWorkflowTaskQueueRequest) (*workflowservice.PollWorkflowTaskQueueResponse, error) {
	select {
	case f.polls <- struct{}{}:
	default:
	}
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

// workflows is the name under which the SDK asks a server whether it serves.
const workflows = "temporal.api.workflowservice.v1.WorkflowService"

// serveAt runs a frontend on a listener.
func serveAt(t *testing.T, l net.Listener, is engine) *frontend {
	t.Helper()
	f := &frontend{is: is, health: health.NewServer(), polls: make(chan struct{}, 1)}
	f.health.SetServingStatus(workflows, grpc_health_v1.HealthCheckResponse_SERVING)
	s := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(s, f)
	operatorservice.RegisterOperatorServiceServer(s, f)
	grpc_health_v1.RegisterHealthServer(s, f.health)
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	t.Cleanup(func() { s.Stop(); serving.Wait() })
	return f
}

// serve runs a frontend on a port of its own.
func serve(t *testing.T, is engine) (addr string, f *frontend) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l.Addr().String(), serveAt(t, l, is)
}

// free is an address where nothing listens.
func free(t *testing.T) string {
	t.Helper()
	port, err := freeport.Find()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}
