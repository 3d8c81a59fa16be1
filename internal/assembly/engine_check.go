package assembly

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"gangway/config"
	"gangway/workflows"
)

// perCall bounds one question to the engine, registeredWithin how long a search
// attribute that was just registered may take to be listed: servers refresh what
// they know of a namespace every few seconds.
const (
	perCall          = 10 * time.Second
	registeredWithin = 30 * time.Second
)

// Finding is one thing that was looked at: Said is what is so, Err what is wrong.
// Errors of findings have a Hint.
type Finding struct {
	Part string
	Said string
	Err  error
}

// Faults joins what is wrong; nil when nothing is.
func Faults(found []Finding) error {
	var errs []error
	for _, f := range found {
		errs = append(errs, f.Err)
	}
	return errors.Join(errs...)
}

// EngineCheck is what the engine has to have for gangway.
type EngineCheck struct {
	// Address is what the commands in hints name.
	Address, Namespace string
	// Retention is what the namespace should keep closed runs for.
	Retention time.Duration
	// Register: a search attribute that is missing is registered.
	Register bool
}

// Look asks the engine for everything that gangway takes for granted afterwards:
// version, namespace, retention, Updates, search attributes. Nothing is assumed:
// what cannot be looked at is a fault.
func (k EngineCheck) Look(ctx context.Context, c client.Client) []Finding {
	found := []Finding{k.version(ctx, c)}
	namespace := k.namespace(ctx, c)
	found = append(found, namespace...)
	if namespace[0].Err != nil {
		return found // everything else would only follow
	}
	return append(found, k.attributes(ctx, c))
}

func (k EngineCheck) version(ctx context.Context, c client.Client) Finding {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	info, err := c.WorkflowService().GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
	switch {
	case err != nil:
		return Finding{Part: "engine", Err: k.unsaid("asking the engine for its version", err)}
	case info.GetServerVersion() == "" || info.GetCapabilities() == nil:
		return Finding{Part: "engine", Err: hintedError{errors.New("the engine does not say which version it is"), "is a Temporal server behind " + k.Address + "?"}}
	}
	return Finding{Part: "engine", Said: "Temporal " + info.GetServerVersion() + " at " + k.Address}
}

// namespace looks at the namespace; the first finding is that it is there.
func (k EngineCheck) namespace(ctx context.Context, c client.Client) []Finding {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	got, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: k.Namespace})
	there := Finding{Part: "namespace", Said: k.Namespace}
	var missing *serviceerror.NamespaceNotFound
	var gone *serviceerror.NotFound
	switch {
	case errors.As(err, &missing) || errors.As(err, &gone):
		there.Err = hintedError{fmt.Errorf("the engine has no namespace %q", k.Namespace), k.command("namespace create") + fmt.Sprintf(" --retention %dd", k.days())}
	case err != nil:
		there.Err = k.unsaid("looking at the namespace", err)
	case got.GetNamespaceInfo().GetState() == enums.NAMESPACE_STATE_DELETED:
		there.Err = hintedError{fmt.Errorf("the namespace %q is being deleted", k.Namespace), "name another one (engine.namespace), or make it anew once it is gone"}
	}
	if there.Err != nil {
		return []Finding{there}
	}
	found := []Finding{there, k.retention(got), {Part: "updates", Said: "taken"}}
	if !got.GetNamespaceInfo().GetCapabilities().GetSyncUpdate() {
		found[2].Err = hintedError{fmt.Errorf("the namespace %q takes no Updates, which answers are", k.Namespace),
			"Temporal takes them since 1.25; before that frontend.enableUpdateWorkflowExecution in the server's dynamic configuration allows them"}
	}
	return found
}

func (k EngineCheck) retention(got *workflowservice.DescribeNamespaceResponse) Finding {
	ttl := got.GetConfig().GetWorkflowExecutionRetentionTtl()
	remedy := k.command("namespace update") + fmt.Sprintf(" --retention %dd", k.days())
	switch keeps := ttl.AsDuration(); {
	case ttl == nil:
		return Finding{Part: "retention", Err: hintedError{errors.New("the engine does not say how long it keeps closed runs"), remedy}}
	case keeps < config.LeastRetention:
		return Finding{Part: "retention", Err: hintedError{fmt.Errorf("the namespace %q keeps closed runs for %s, less than 30 days: a run could be gone before it is exported", k.Namespace, inDays(keeps)), remedy}}
	case keeps < k.Retention:
		return Finding{Part: "retention", Said: fmt.Sprintf("%s, less than the %d days of engine.retention-days: %s", inDays(keeps), k.days(), remedy)}
	default:
		return Finding{Part: "retention", Said: inDays(keeps)}
	}
}

// wanted are the search attributes that processes set.
func wanted() []string { return []string{workflows.AttributeVendor, workflows.AttributeCase} }

// attributes looks for the search attributes, and registers what is missing
// where it may.
func (k EngineCheck) attributes(ctx context.Context, c client.Client) Finding {
	said := Finding{Part: "search attributes", Said: fmt.Sprint(wanted())}
	missing, err := k.lackingOnceKnown(ctx, c)
	if err != nil {
		said.Err = err
		return said
	}
	if len(missing) == 0 {
		return said
	}
	remedy := k.command("search-attribute create")
	add := map[string]enums.IndexedValueType{}
	for _, name := range missing {
		remedy += " --name " + name + " --type Keyword"
		add[name] = enums.INDEXED_VALUE_TYPE_KEYWORD
	}
	if !k.Register {
		said.Err = hintedError{fmt.Errorf("the namespace %q has no search attributes %v", k.Namespace, missing), "the worker registers them where it may; else: " + remedy}
		return said
	}
	one, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	_, err = c.OperatorService().AddSearchAttributes(one, &operatorservice.AddSearchAttributesRequest{Namespace: k.Namespace, SearchAttributes: add})
	var there *serviceerror.AlreadyExists // another worker was quicker
	if err != nil && !errors.As(err, &there) {
		said.Err = hintedError{fmt.Errorf("registering the search attributes %v: %w", missing, err), remedy}
		return said
	}
	said.Err = k.appear(ctx, c, remedy)
	return said
}

// lackingOnceKnown is lacking of a namespace that was seen to be there: a server
// learns of one that was made just now only when it refreshes, and until then
// says that there is none.
func (k EngineCheck) lackingOnceKnown(ctx context.Context, c client.Client) ([]string, error) {
	until, cancel := context.WithTimeout(ctx, registeredWithin)
	defer cancel()
	for {
		missing, err := k.lacking(ctx, c)
		var unknown *serviceerror.NamespaceNotFound
		var gone *serviceerror.NotFound
		if !errors.As(err, &unknown) && !errors.As(err, &gone) {
			return missing, err
		}
		select {
		case <-time.After(firstPause):
		case <-until.Done():
			return nil, err
		}
	}
}

// appear waits until what was registered is listed.
func (k EngineCheck) appear(ctx context.Context, c client.Client, remedy string) error {
	ctx, cancel := context.WithTimeout(ctx, registeredWithin)
	defer cancel()
	for {
		missing, err := k.lacking(ctx, c)
		if err == nil && len(missing) == 0 {
			return nil
		}
		select {
		case <-time.After(firstPause):
		case <-ctx.Done():
			return hintedError{errors.Join(fmt.Errorf("the search attributes %v were registered and are not listed", wanted()), err), "look with: " + remedy}
		}
	}
}

// lacking are the search attributes that are not there. One of another type is
// an error: it cannot be put right from here.
func (k EngineCheck) lacking(ctx context.Context, c client.Client) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	got, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: k.Namespace})
	if err != nil {
		return nil, k.unsaid("listing the search attributes", err)
	}
	var missing []string
	for _, name := range wanted() {
		kind, there := got.GetCustomAttributes()[name]
		switch {
		case !there:
			missing = append(missing, name)
		case kind != enums.INDEXED_VALUE_TYPE_KEYWORD:
			return nil, hintedError{fmt.Errorf("the search attribute %s is a %s instead of a Keyword", name, kind),
				"a type cannot be changed: use a namespace of gangway's own (engine.namespace), or remove it where nothing uses it: " + k.command("search-attribute remove") + " --name " + name}
		}
	}
	return missing, nil
}

// command is the beginning of a command of Temporal's own command line.
func (k EngineCheck) command(verb string) string {
	return fmt.Sprintf("temporal operator %s --address %s --namespace %s", verb, k.Address, k.Namespace)
}

func (k EngineCheck) days() int {
	return int(max(k.Retention, config.LeastRetention) / (24 * time.Hour))
}

// inDays writes a retention; servers keep whole days but for tests.
func inDays(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.String()
}

// unsaid is the error of a question that got no answer.
func (k EngineCheck) unsaid(doing string, err error) error {
	var denied *serviceerror.PermissionDenied
	if errors.As(err, &denied) || unauthenticated(err) {
		return hintedError{fmt.Errorf("%s: %w", doing, err), "whom the worker signs in as at the engine must be allowed to read and write in the namespace " + k.Namespace}
	}
	return hintedError{fmt.Errorf("%s: %w", doing, err), "try it by hand: " + k.command("namespace describe")}
}

// unauthenticated is the one refusal that Temporal's own errors have no type for.
func unauthenticated(err error) bool { return status.Code(err) == codes.Unauthenticated }
