package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// namespaceReread is how often the services read the namespaces anew (the
// server's default). A search attribute that is added to a running server is
// known to all of them only after that.
const namespaceReread = 2 * time.Second

// attributeTypes are the kinds of search attribute a caller may ask for.
func attributeTypes(asked map[string]string) (map[string]enums.IndexedValueType, error) {
	kinds := map[string]enums.IndexedValueType{
		"Keyword":  enums.INDEXED_VALUE_TYPE_KEYWORD,
		"Datetime": enums.INDEXED_VALUE_TYPE_DATETIME,
		"Int":      enums.INDEXED_VALUE_TYPE_INT,
		"Bool":     enums.INDEXED_VALUE_TYPE_BOOL,
	}
	types := make(map[string]enums.IndexedValueType, len(asked))
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		kind, ok := kinds[asked[name]]
		if !ok {
			return nil, fmt.Errorf("search attribute %s has the type %q; it can be Keyword, Datetime, Int or Bool", name, asked[name])
		}
		types[name] = kind
	}
	return types, nil
}

// plantNamespace puts the namespace into the store before the server runs, so
// that a new engine knows it, its retention and its search attributes from the
// first moment. A namespace that is there already is left alone.
func plantNamespace(data *config.SQL, o Options, types map[string]enums.IndexedValueType) error {
	planted, err := sqlite.NewNamespaceConfig(clusterName, o.Namespace, false, types)
	if err != nil {
		return fmt.Errorf("describing the namespace: %w", err)
	}
	planted.Detail.Config.Retention = durationpb.New(o.Retention)
	if err := sqlite.CreateNamespaces(data, planted); err != nil {
		return fmt.Errorf("putting the namespace into the store: %w", err)
	}
	return nil
}

// frontend speaks to the running server as an operator does.
type frontend struct {
	workflows workflowservice.WorkflowServiceClient
	operator  operatorservice.OperatorServiceClient
	namespace string
}

func newFrontend(conn *grpc.ClientConn, namespace string) *frontend {
	return &frontend{
		workflows: workflowservice.NewWorkflowServiceClient(conn),
		operator:  operatorservice.NewOperatorServiceClient(conn),
		namespace: namespace,
	}
}

// setRetention waits until the server answers for the namespace and makes its
// retention what it should be.
func (f *frontend) setRetention(ctx context.Context, want time.Duration) error {
	var is *workflowservice.DescribeNamespaceResponse
	err := untilAnswered(ctx, func() error {
		var err error
		is, err = f.workflows.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: f.namespace})
		return err
	})
	if err != nil {
		return fmt.Errorf("asking the server for the namespace: %w", err)
	}
	if is.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == want {
		return nil
	}
	_, err = f.workflows.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: f.namespace,
		Config:    &namespace.NamespaceConfig{WorkflowExecutionRetentionTtl: durationpb.New(want)},
	})
	if err != nil {
		return fmt.Errorf("setting the namespace's retention: %w", err)
	}
	return nil
}

// setAttributes adds the search attributes that the namespace lacks, and
// refuses one that is there with another type.
func (f *frontend) setAttributes(ctx context.Context, want map[string]enums.IndexedValueType) error {
	is, err := f.operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: f.namespace})
	if err != nil {
		return fmt.Errorf("asking for the search attributes: %w", err)
	}
	missing := make(map[string]enums.IndexedValueType)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		has, ok := is.GetCustomAttributes()[name]
		if !ok {
			missing[name] = want[name]
			continue
		}
		if has != want[name] {
			return fmt.Errorf("search attribute %s is there as %s and should be %s; a type can't be changed, so choose another name", name, has, want[name])
		}
	}
	if len(missing) > 0 {
		_, err = f.operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace:        f.namespace,
			SearchAttributes: missing,
		})
		if err != nil {
			return fmt.Errorf("adding search attributes: %w", err)
		}
	}
	return f.untilUsable(ctx, want, len(missing) > 0)
}

// untilUsable waits until a query may name all the attributes, and, when some
// are new, until each service must have read the namespace again: only the
// frontend can be asked whether it has.
func (f *frontend) untilUsable(ctx context.Context, want map[string]enums.IndexedValueType, added bool) error {
	if len(want) == 0 {
		return nil
	}
	var terms []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		terms = append(terms, "`"+name+"` IS NOT NULL")
	}
	err := untilAnswered(ctx, func() error {
		_, err := f.workflows.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
			Namespace: f.namespace,
			Query:     strings.Join(terms, " OR "),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("waiting for the search attributes to be usable: %w", err)
	}
	if !added {
		return nil
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("waiting for every service to know the search attributes: %w", ctx.Err())
	case <-time.After(namespaceReread + namespaceReread/4):
		return nil
	}
}

// untilAnswered asks until there is an answer, for as long as the refusal is
// one that passes while a server comes up.
func untilAnswered(ctx context.Context, ask func() error) error {
	const pause = 20 * time.Millisecond
	for {
		err := ask()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w; the last answer was: %w", ctx.Err(), err)
		}
		if !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// passing tells what a server that comes up, or has just learnt of a search
// attribute, says for a moment.
func passing(err error) bool {
	var unavailable *serviceerror.Unavailable
	var unknown *serviceerror.NamespaceNotFound
	var invalid *serviceerror.InvalidArgument
	var busy *serviceerror.ResourceExhausted
	told := serviceerror.FromStatus(status.Convert(err))
	return errors.As(told, &unavailable) || errors.As(told, &unknown) ||
		errors.As(told, &invalid) || errors.As(told, &busy)
}
