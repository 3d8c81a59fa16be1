package house

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// sdkWorkflow is where Temporal's workflow API lives.
const sdkWorkflow = "go.temporal.io/sdk/workflow"

// clockNames are what package time reads from the machine: its clock, its
// timers, its zone files, its own zone.
var clockNames = []string{
	"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "LoadLocation", "Local",
}

// deterministic tells whether replay depends on what this file computes: the
// processes and the rules they call.
func deterministic(f *file) bool {
	return !f.test && (f.dir == "workflows" || slices.Contains(pure, f.dir))
}

// clocks reports reads of the machine's clock, zone and random source in
// deterministic code. workflowcheck finds the clock, but neither LoadLocation
// nor anything behind an interface.
func clocks(tr *tree) []finding {
	var found []finding
	for _, f := range tr.files {
		if !deterministic(f) {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			pkg, name := f.selects(n)
			switch {
			case pkg == "time" && slices.Contains(clockNames, name):
				found = append(found, f.at(n.Pos(), "time.%s reads the machine: time comes in as a value", name))
			case pkg == "crypto/ed25519" && name == "GenerateKey":
				found = append(found, f.at(n.Pos(), "ed25519.GenerateKey draws a random key: keys come in as values"))
			}
		}
	}
	return found
}

// temporalTraps reports the calls of Temporal's SDK that cost others months:
// the two awaits that leak their timer, and the activity call without types
// outside the one file that wraps it.
func temporalTraps(tr *tree) []finding {
	var found []finding
	for _, f := range tr.production() {
		for n := range ast.Preorder(f.ast) {
			pkg, name := f.selects(n)
			if pkg != sdkWorkflow {
				continue
			}
			switch name {
			case "AwaitWith" + "Timeout", "AwaitWith" + "Options":
				found = append(found, f.at(n.Pos(), "workflow.%s leaks its timer: use the wait in workflows", name))
			case "ExecuteActivity", "ExecuteLocalActivity":
				// The bare gate of the measurement is what an engineer writes by hand.
				if f.path != "workflows/call.go" && f.path != "local/bench/bare.go" {
					found = append(found, f.at(n.Pos(), "bare workflow.%s takes anything: use the typed call in workflows/call.go", name))
				}
			}
		}
	}
	return found
}

// hiddenState reports what workflowcheck cannot see through or replay cannot
// repeat: goroutines, interfaces, functions kept in fields, variables that
// outlive a call.
func hiddenState(tr *tree) []finding {
	var found []finding
	named := functionTypes(tr)
	for _, f := range tr.files {
		if !deterministic(f) {
			continue
		}
		found = append(found, packageVars(f)...)
		for n := range ast.Preorder(f.ast) {
			switch n := n.(type) {
			case *ast.GoStmt:
				found = append(found, f.at(n.Pos(), "go statement: deterministic code runs in one line"))
			case *ast.InterfaceType:
				if hasMethods(n) {
					found = append(found, f.at(n.Pos(), "interface: the checkers of determinism do not see through it"))
				}
			case *ast.StructType:
				found = append(found, functionFields(f, n, named)...)
			}
		}
	}
	return found
}

// packageVars reports package-level variables. Two kinds hold no state and are
// let through: `var _ T = x`, which the compiler reads, and the nil receiver
// that names activities, `var a *activities.Activities`.
func packageVars(f *file) []finding {
	var found []finding
	for _, d := range f.ast.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			spec, ok := spec.(*ast.ValueSpec)
			if !ok || isNilActivities(f, spec) {
				continue
			}
			for _, name := range spec.Names {
				if name.Name != "_" {
					found = append(found, f.at(name.Pos(), "package variable %s: a constant, or a function that returns the value", name.Name))
				}
			}
		}
	}
	return found
}

func isNilActivities(f *file, spec *ast.ValueSpec) bool {
	star, ok := spec.Type.(*ast.StarExpr)
	if !ok || len(spec.Values) > 0 {
		return false
	}
	pkg, name := f.selects(star.X)
	return pkg == modulePath+"/activities" && name == "Activities"
}

// hasMethods tells a behaviour from a constraint: type sets and `any` have no
// code behind them.
func hasMethods(i *ast.InterfaceType) bool {
	return slices.ContainsFunc(i.Methods.List, func(m *ast.Field) bool {
		_, isFunc := m.Type.(*ast.FuncType)
		return isFunc
	})
}

// functionTypes are the named function types of deterministic packages, as
// directory and name.
func functionTypes(tr *tree) map[[2]string]bool {
	named := map[[2]string]bool{}
	for _, f := range tr.files {
		if !deterministic(f) {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if _, isFunc := spec.Type.(*ast.FuncType); isFunc {
					named[[2]string{f.dir, spec.Name.Name}] = true
				}
			}
		}
	}
	return named
}

// functionFields reports fields that hold functions, also within slices, maps
// and pointers, and also by the name of a function type of the same package.
func functionFields(f *file, s *ast.StructType, named map[[2]string]bool) []finding {
	var found []finding
	for _, field := range s.Fields.List {
		if _, isInterface := field.Type.(*ast.InterfaceType); isInterface {
			continue // reported as the interface
		}
		for n := range ast.Preorder(field.Type) {
			_, isFunc := n.(*ast.FuncType)
			id, isName := n.(*ast.Ident)
			if isFunc || isName && named[[2]string{f.dir, id.Name}] {
				found = append(found, f.at(field.Pos(), "field holds a function: the checkers of determinism do not see through it"))
				break
			}
		}
	}
	return found
}

func TestClocks(t *testing.T)        { holds(t, clocks) }
func TestTemporalTraps(t *testing.T) { holds(t, temporalTraps) }
func TestHiddenState(t *testing.T)   { holds(t, hiddenState) }

func TestClocksFires(t *testing.T) {
	t.Parallel()
	reads := "package x\n\nimport (\n\t\"time\"\n\t\"crypto/ed25519\"\n)\n\nfunc f(t time.Time) {\n\t_ = time.Now()\n\t_ = time.Since(t)\n\t_ = time.UTC\n\t_, _ = time.LoadLocation(\"\")\n\tstamp := time.Until\n\t_ = t.In(time.Local)\n\ted25519.GenerateKey(nil)\n}\n"
	fires(t, clocks, map[string]string{
		"internal/calendar/a.go":      reads,
		"internal/calendar/a_test.go": reads,
		"internal/web/a.go":           reads,
		"workflows/a.go":              "package workflows\n\nimport clock \"time\"\n\nfunc f() { clock.Sleep(1) }\n",
		"workflows/b.go":              "package workflows\n\nimport \"go.temporal.io/sdk/workflow\"\n\nfunc f(ctx workflow.Context) { workflow.Now(ctx) }\n",
	},
		"internal/calendar/a.go:9: time.Now reads the machine: time comes in as a value",
		"internal/calendar/a.go:10: time.Since reads the machine: time comes in as a value",
		"internal/calendar/a.go:12: time.LoadLocation reads the machine: time comes in as a value",
		"internal/calendar/a.go:13: time.Until reads the machine: time comes in as a value",
		"internal/calendar/a.go:14: time.Local reads the machine: time comes in as a value",
		"internal/calendar/a.go:15: ed25519.GenerateKey draws a random key: keys come in as values",
		"workflows/a.go:5: time.Sleep reads the machine: time comes in as a value",
	)
}

func TestTemporalTrapsFires(t *testing.T) {
	t.Parallel()
	traps := "package workflows\n\nimport wf \"go.temporal.io/sdk/workflow\"\n\nfunc f(ctx wf.Context) {\n\twf.AwaitWith" + "Timeout(ctx, 1, nil)\n\twf.AwaitWith" + "Options(ctx, wf.AwaitOptions{}, nil)\n\twf.ExecuteActivity(ctx, nil)\n\twf.ExecuteLocalActivity(ctx, nil)\n\twf.Await(ctx, nil)\n}\n"
	fires(t, temporalTraps, map[string]string{
		"workflows/asking.go":       traps,
		"workflows/asking_test.go":  traps,
		"workflows/call.go":         "package workflows\n\nimport \"go.temporal.io/sdk/workflow\"\n\nfunc f(ctx workflow.Context) { workflow.ExecuteActivity(ctx, nil) }\n",
		"internal/proof/replay.go":  "package proof\n\nimport \"go.temporal.io/sdk/workflow\"\n\nfunc f(ctx workflow.Context) { workflow.ExecuteActivity(ctx, nil) }\n",
		"internal/web/unrelated.go": "package web\n\nfunc f() { workflow.ExecuteActivity() }\n",
	},
		"internal/proof/replay.go:5: bare workflow.ExecuteActivity takes anything: use the typed call in workflows/call.go",
		"workflows/asking.go:6: workflow.AwaitWith"+"Timeout leaks its timer: use the wait in workflows",
		"workflows/asking.go:7: workflow.AwaitWith"+"Options leaks its timer: use the wait in workflows",
		"workflows/asking.go:8: bare workflow.ExecuteActivity takes anything: use the typed call in workflows/call.go",
		"workflows/asking.go:9: bare workflow.ExecuteLocalActivity takes anything: use the typed call in workflows/call.go",
	)
}

func TestHiddenStateFires(t *testing.T) {
	t.Parallel()
	bad := `package review

import "errors"

var ErrLate = errors.New("late")

var _ error = late{}

var a, b = 1, 2

type asker interface{ Ask() }

type number interface{ ~int | ~float64 }

type state struct {
	Next func() error
	All  map[string][]func()
	On   interface{ Off() }
	N    int
	Then step
}

func run(do func()) { go do() }

type step func(int) int
`
	fires(t, hiddenState, map[string]string{
		"internal/review/a.go":      bad,
		"internal/review/a_test.go": bad,
		"internal/web/a.go":         bad,
		"workflows/call.go":         "package workflows\n\nimport \"gangway/activities\"\n\nvar a *activities.Activities\n\nvar b = &activities.Activities{}\n\nvar c *activities.Options\n",
	},
		"internal/review/a.go:5: package variable ErrLate: a constant, or a function that returns the value",
		"internal/review/a.go:9: package variable a: a constant, or a function that returns the value",
		"internal/review/a.go:9: package variable b: a constant, or a function that returns the value",
		"internal/review/a.go:11: interface: the checkers of determinism do not see through it",
		"internal/review/a.go:16: field holds a function: the checkers of determinism do not see through it",
		"internal/review/a.go:17: field holds a function: the checkers of determinism do not see through it",
		"internal/review/a.go:18: interface: the checkers of determinism do not see through it",
		"internal/review/a.go:20: field holds a function: the checkers of determinism do not see through it",
		"internal/review/a.go:23: go statement: deterministic code runs in one line",
		"workflows/call.go:7: package variable b: a constant, or a function that returns the value",
		"workflows/call.go:9: package variable c: a constant, or a function that returns the value",
	)
}
