package dossier

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// kinds are all kinds of entries that this package names.
func kinds(t *testing.T) []Kind {
	t.Helper()
	var list []Kind
	for _, name := range []string{"entry.go", "watching.go", "exit.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "Kind" {
				return true
			}
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, Kind(word))
			return true
		})
	}
	if len(list) < 48 {
		t.Fatalf("%d kinds were found: the test looks in the wrong place", len(list))
	}
	return list
}

// TestKindsHaveWords: no two kinds read alike, and none has a machine's hyphens.
func TestKindsHaveWords(t *testing.T) {
	t.Parallel()
	of := map[string]Kind{}
	for _, k := range kinds(t) {
		w := k.Words()
		if w == "" || strings.ContainsAny(w, "-_") {
			t.Errorf("%s reads %q", k, w)
		}
		if of[w] != "" {
			t.Errorf("%s and %s both read %q", k, of[w], w)
		}
		of[w] = k
	}
	if got := Kind("of-a-later-release").Words(); got != "of a later release" {
		t.Errorf("a kind that is not known reads %q", got)
	}
}
