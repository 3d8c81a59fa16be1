package house

import (
	"go/ast"
	"slices"
	"testing"
)

// lostSignals reports the signals of workflows that nothing waits for. While one is under
// way, its sender and its receiver both look as if they rested, and a rehearsal's clock is
// moved past what the receiver was about to do.
func lostSignals(tr *tree) []finding {
	var found []finding
	for _, f := range tr.production() {
		if f.dir != "workflows" {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			var call ast.Expr
			switch n := n.(type) {
			case *ast.ExprStmt:
				call = n.X
			case *ast.AssignStmt:
				if blank, ok := n.Lhs[0].(*ast.Ident); ok && blank.Name == "_" {
					call = n.Rhs[0]
				}
			}
			if name := called(call); slices.Contains([]string{"SignalExternalWorkflow", "SignalChildWorkflow"}, name) {
				found = append(found, f.at(n.Pos(), "nothing waits for %s: hand it to sends, or wait until it arrived", name))
			}
		}
	}
	return found
}

// called is the name of the method or function of a package that is called; empty where
// it is none.
func called(e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	if of, ok := call.Fun.(*ast.SelectorExpr); ok {
		return of.Sel.Name
	}
	return ""
}

func TestLostSignals(t *testing.T) { holds(t, lostSignals) }

func TestLostSignalsFires(t *testing.T) {
	t.Parallel()
	lost := "package workflows\n\nimport \"go.temporal.io/sdk/workflow\"\n\nfunc f(ctx workflow.Context, c workflow.ChildWorkflowFuture) {\n" +
		"\tworkflow.SignalExternalWorkflow(ctx, \"\", \"\", \"\", nil)\n\tc.SignalChildWorkflow(ctx, \"\", nil)\n\t_ = c.SignalChildWorkflow(ctx, \"\", nil)\n" +
		"\tsends(c.SignalChildWorkflow(ctx, \"\", nil))\n\tfuture := c.SignalChildWorkflow(ctx, \"\", nil)\n\t_ = future\n" +
		"\t_ = workflow.SignalExternalWorkflow(ctx, \"\", \"\", \"\", nil).Get(ctx, nil)\n}\n"
	fires(t, lostSignals, map[string]string{"workflows/a.go": lost, "workflows/a_test.go": lost, "internal/desk/a.go": lost},
		"workflows/a.go:6: nothing waits for SignalExternalWorkflow: hand it to sends, or wait until it arrived",
		"workflows/a.go:7: nothing waits for SignalChildWorkflow: hand it to sends, or wait until it arrived",
		"workflows/a.go:8: nothing waits for SignalChildWorkflow: hand it to sends, or wait until it arrived",
	)
}
