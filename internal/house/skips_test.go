package house

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// requireVariable is what CI sets so that a missing real server or browser is a
// failure: a test that skipped in CI would be a test nobody runs.
const requireVariable = "GANGWAY_REQUIRE"

// skips reports tests that skip without saying why, or without looking whether
// CI forbids it. Discarding an input inside f.Fuzz or rapid.Check is no skipped
// test and needs only the reason.
func skips(tr *tree) []finding {
	var found []finding
	for _, f := range tr.files {
		for _, d := range f.ast.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Body == nil || !f.test && !takesTesting(f, d.Type) {
				continue
			}
			found = append(found, skipsIn(f, d)...)
		}
	}
	return found
}

func skipsIn(f *file, d *ast.FuncDecl) []finding {
	var found []finding
	discarding := discards(f, d)
	asks := bytes.Contains(f.src[f.fset.Position(d.Pos()).Offset:f.fset.Position(d.End()).Offset], []byte(`"`+requireVariable+`"`))
	for n := range ast.Preorder(d.Body) {
		call, ok := n.(*ast.CallExpr)
		if !ok || !isSkip(f, call) {
			continue
		}
		if !hasReason(call) {
			found = append(found, f.at(call.Pos(), "skips without a reason"))
		}
		inside := func(l *ast.FuncLit) bool { return l.Pos() <= call.Pos() && call.End() <= l.End() }
		if !asks && !slices.ContainsFunc(discarding, inside) {
			found = append(found, f.at(call.Pos(), "skips without looking at %s in the same function: CI must fail here", requireVariable))
		}
	}
	return found
}

// isSkip tells a call of testing's Skip, Skipf or SkipNow from other methods of
// that name by its arguments and its receiver: t, b, f or tb, as everywhere.
func isSkip(f *file, call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && f.local[id.Name] == ""
}

// hasReason: the first argument is no empty string.
func hasReason(call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	return !ok || lit.Kind == token.STRING && len(lit.Value) > 2
}

// discards returns the function literals in which Skip means "this input does
// not count": the argument of Fuzz, and those that take a *rapid.T.
func discards(f *file, d *ast.FuncDecl) []*ast.FuncLit {
	var out []*ast.FuncLit
	for n := range ast.Preorder(d.Body) {
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Fuzz" || len(n.Args) != 1 {
				continue
			}
			if lit, ok := n.Args[0].(*ast.FuncLit); ok {
				out = append(out, lit)
			}
		case *ast.FuncLit:
			if takes(f, n.Type, "pgregory.net/rapid", "T") {
				out = append(out, n)
			}
		}
	}
	return out
}

func takesTesting(f *file, t *ast.FuncType) bool {
	return takes(f, t, "testing", "T") || takes(f, t, "testing", "TB") || takes(f, t, "testing", "B")
}

// takes tells whether a function has a parameter of the package's type, by
// value or by pointer.
func takes(f *file, t *ast.FuncType, pkg, name string) bool {
	return slices.ContainsFunc(t.Params.List, func(p *ast.Field) bool {
		typ := p.Type
		if star, ok := typ.(*ast.StarExpr); ok {
			typ = star.X
		}
		gotPkg, gotName := f.selects(typ)
		return gotPkg == pkg && gotName == name
	})
}

func TestSkips(t *testing.T) { holds(t, skips) }

func TestSkipsFires(t *testing.T) {
	t.Parallel()
	fires(t, skips, map[string]string{
		"internal/web/a_test.go": `package web

import (
	"os"
	"testing"

	"pgregory.net/rapid"
)

func TestSilent(t *testing.T) {
	t.SkipNow()
}

func TestEmpty(t *testing.T) {
	if os.Getenv("GANGWAY_REQUIRE") == "" {
		t.Skip("")
	}
}

func TestUnasked(t *testing.T) {
	t.Run("x", func(t *testing.T) { t.Skipf("no %s here", "browser") })
}

func browser(t testing.TB) {
	if os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatal("no browser")
	}
	t.Skip("no browser")
}

func TestProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { rt.Skip("not a policy") })
}

func fuzzing(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		t.Skip("too long")
		t.Skip()
	})
}
`,
		"internal/slack/slacktest/server.go": "package slacktest\n\nimport \"testing\"\n\nfunc New(tb testing.TB) { tb.Skip(\"no loopback\") }\n",
		"internal/mail/lexer.go":             "package mail\n\nfunc (l *lexer) next() { l.Skip() }\n",
	},
		"internal/slack/slacktest/server.go:5: skips without looking at GANGWAY_REQUIRE in the same function: CI must fail here",
		"internal/web/a_test.go:11: skips without a reason",
		"internal/web/a_test.go:11: skips without looking at GANGWAY_REQUIRE in the same function: CI must fail here",
		"internal/web/a_test.go:16: skips without a reason",
		"internal/web/a_test.go:21: skips without looking at GANGWAY_REQUIRE in the same function: CI must fail here",
		"internal/web/a_test.go:38: skips without a reason",
	)
}
