package workflows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/sdk/activity"

	"gangway/activities"
)

// registered is what a worker was told that it can do.
type registered struct{ names []string }

func (r *registered) RegisterActivity(any) { panic("registered without a name") }

func (r *registered) RegisterDynamicActivity(any, activity.DynamicRegisterOptions) {
	panic("registered without a name")
}

func (r *registered) RegisterActivityWithOptions(_ any, o activity.RegisterOptions) {
	r.names = append(r.names, o.Name)
}

// TestTheWorkerOfDrillsCanDoAllThatAnExitAsks: whatever a process calls, by the code of
// this package, is registered where drills wait for it; else a drill would wait for ever.
// Names that nothing calls are none of an activity.
func TestTheWorkerOfDrillsCanDoAllThatAnExitAsks(t *testing.T) {
	t.Parallel()
	var r registered
	RegisterActivities(&r, &activities.Activities{})
	values, called := callsIn(t)
	if len(called) < 15 {
		t.Fatalf("only %q are called", called)
	}
	for _, name := range called {
		if value, known := values[name]; !known || !slices.Contains(r.names, value) {
			t.Errorf("%s (%q) is called, and the worker of drills has it not", name, value)
		}
	}
	for _, name := range []string{"actRecord", "actSeat", "actShow", "actCalendar", "actPlanExit", "actCertify", "actForesee", "actRoster", "actInventory", "actCut", "actKeepRepositories", "actRestoreRepositories", "actTransferRepositories"} {
		if !slices.Contains(called, name) { // else what was read are not the calls
			t.Errorf("nothing calls %s", name)
		}
	}
	if seen := slices.Compact(slices.Sorted(slices.Values(r.names))); len(seen) != len(r.names) || len(seen) != len(values) {
		t.Errorf("%d names of activities, and %d registered: %q", len(values), len(r.names), r.names)
	}
}

// callsIn reads this package: the names of activities with what they are in histories, and
// those that are called, by the second argument of call.
func callsIn(t *testing.T) (values map[string]string, called []string) {
	t.Helper()
	values = map[string]string{}
	for _, f := range parsed(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if text, is := literalAt(n.Values, i); is && strings.HasPrefix(name.Name, "act") {
						values[name.Name] = text
					}
				}
			case *ast.CallExpr:
				if by, is := n.Fun.(*ast.Ident); is && by.Name == "call" && len(n.Args) > 2 {
					name, is := n.Args[2].(*ast.Ident)
					if !is || !strings.HasPrefix(name.Name, "act") {
						t.Errorf("something is called whose name can't be read here: %T", n.Args[2])
					} else if !slices.Contains(called, name.Name) {
						called = append(called, name.Name)
					}
				}
			}
			return true
		})
	}
	return values, called
}

func parsed(t *testing.T) (all []*ast.File) {
	t.Helper()
	list, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range list {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func literalAt(values []ast.Expr, i int) (text string, is bool) {
	if i >= len(values) {
		return "", false
	}
	l, is := values[i].(*ast.BasicLit)
	if !is || l.Kind != token.STRING {
		return "", false
	}
	return strings.Trim(l.Value, `"`), true
}
