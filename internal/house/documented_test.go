package house

import (
	"go/ast"
	"go/token"
	"path"
	"testing"
)

// packageComments reports packages in which no file says what lives there.
// Packages that are tests only (local/stories) say it in a test file.
func packageComments(tr *tree) []finding {
	var found []finding
	dirs, byDir := packages(tr.files)
	for _, dir := range dirs {
		commented, production := false, false
		for _, f := range byDir[dir] {
			production = production || !f.test
		}
		for _, f := range byDir[dir] {
			if f.test != production && hasText(f.ast.Doc) {
				commented = true
			}
		}
		if !commented {
			found = append(found, finding{path: dir, text: "no package comment: what lives here, what it must never import, what it promises"})
		}
	}
	return found
}

// exportedDocs reports exported names without a doc comment. For constants,
// variables and grouped types the group's comment or a comment on the line is
// enough.
func exportedDocs(tr *tree) []finding {
	var found []finding
	for _, f := range tr.files {
		if !f.counted() {
			continue
		}
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if isExportedFunc(d) && !hasText(d.Doc) {
					found = append(found, f.at(d.Pos(), "%s has no doc comment", funcName(d)))
				}
			case *ast.GenDecl:
				found = append(found, undocumentedSpecs(f, d)...)
			}
		}
	}
	return found
}

func undocumentedSpecs(f *file, d *ast.GenDecl) []finding {
	if hasText(d.Doc) {
		return nil
	}
	var found []finding
	for _, spec := range d.Specs {
		names, commented := specNames(spec)
		if commented {
			continue
		}
		for _, name := range names {
			if name.IsExported() {
				found = append(found, f.at(name.Pos(), "%s has no doc comment", name.Name))
			}
		}
	}
	return found
}

// specNames returns what a type, const or var specification declares and
// whether a comment above or behind it says anything.
func specNames(spec ast.Spec) (names []*ast.Ident, commented bool) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}, hasText(s.Doc) || hasText(s.Comment)
	case *ast.ValueSpec:
		return s.Names, hasText(s.Doc) || hasText(s.Comment)
	}
	return nil, true
}

// hasText tells whether a comment says something: directives don't count.
func hasText(c *ast.CommentGroup) bool { return c != nil && c.Text() != "" }

// isExportedFunc tells whether others can call it: an exported function, or an
// exported method of an exported type.
func isExportedFunc(d *ast.FuncDecl) bool {
	if !d.Name.IsExported() {
		return false
	}
	recv := receiver(d)
	return recv == "" || token.IsExported(recv)
}

// receiver is the name of the type a method belongs to, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	for t := d.Recv.List[0].Type; ; {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return "?"
		}
	}
}

func funcName(d *ast.FuncDecl) string {
	if recv := receiver(d); recv != "" {
		return recv + "." + d.Name.Name
	}
	return d.Name.Name
}

// exportedCounts reports packages that offer more than 80 names: past that a
// noun wants out into a package of its own (docs/decisions/0007).
func exportedCounts(tr *tree) []finding {
	const limit = 80
	var found []finding
	dirs, byDir := packages(tr.files)
	for _, dir := range dirs {
		n := 0
		for _, f := range byDir[dir] {
			if f.counted() {
				n += exportedNames(f)
			}
		}
		if n > limit {
			found = append(found, finding{path: dir, text: plural(n, "exported name") + ", the limit is " + plural(limit, "") + ": which noun wants out?"})
		}
	}
	return found
}

// exportedNames counts types, functions, methods on exported types and variables
// of one file. Constants are words of an enumeration, not things to call.
func exportedNames(f *file) int {
	n := 0
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if isExportedFunc(d) {
				n++
			}
		case *ast.GenDecl:
			if d.Tok == token.CONST {
				continue
			}
			for _, spec := range d.Specs {
				names, _ := specNames(spec)
				for _, name := range names {
					if name.IsExported() {
						n++
					}
				}
			}
		}
	}
	return n
}

func TestPackageComments(t *testing.T)         { holds(t, packageComments) }
func TestExportedNamesDocumented(t *testing.T) { holds(t, exportedDocs) }
func TestExportedCounts(t *testing.T)          { holds(t, exportedCounts) }

func TestPackageCommentsFires(t *testing.T) {
	t.Parallel()
	fires(t, packageComments, map[string]string{
		"a/a.go":            "package a\n",
		"a/a_test.go":       "// Package a is told in a test only.\npackage a\n",
		"b/b.go":            "package b\n",
		"b/doc.go":          "// Package b has its comment in another file.\npackage b\n",
		"stories/x_test.go": "// Package stories is tests only.\npackage stories\n",
		"silent/x_test.go":  "package silent\n",
		"directive/d.go":    "//go:build linux\npackage directive\n",
	},
		"a: no package comment: what lives here, what it must never import, what it promises",
		"directive: no package comment: what lives here, what it must never import, what it promises",
		"silent: no package comment: what lives here, what it must never import, what it promises",
	)
}

func TestExportedNamesDocumentedFires(t *testing.T) {
	t.Parallel()
	fires(t, exportedDocs, map[string]string{
		"a/a.go": `package a

type Bare struct{}

// Told is documented.
type Told struct{}

func (t *Told) Do() {}

func (h hidden) Do() {}

// Done is documented.
func (t Told) Done() {}

func Loose() {}

type hidden struct{}

const (
	One = 1
	Two = 2 // two
)

// Three and four.
const (
	Three = 3
	Four  = 4
)

var V, w int

type Gen[T any] struct{}

func (g *Gen[T]) Get() {}
`,
		"a/gen.go":    "// Code generated by hand. DO NOT EDIT.\n\npackage a\n\ntype Generated int\n",
		"a/a_test.go": "package a\n\nfunc Exported() {}\n",
	},
		"a/a.go:3: Bare has no doc comment",
		"a/a.go:8: Told.Do has no doc comment",
		"a/a.go:15: Loose has no doc comment",
		"a/a.go:20: One has no doc comment",
		"a/a.go:30: V has no doc comment",
		"a/a.go:32: Gen has no doc comment",
		"a/a.go:34: Gen.Get has no doc comment",
	)
}

func TestExportedCountsFires(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		text := "package a\n\ntype T int\ntype u int\n\nfunc (u) M() {}\n"
		for i := range n - 1 {
			text += "\nfunc (T) M" + plural(i, "") + "() {}\n"
		}
		return text
	}
	fires(t, exportedCounts, map[string]string{"a/a.go": many(80), "a/a_test.go": "package a\n\ntype More int\n", "a/c.go": "package a\n\nconst Word = 1\n"})
	fires(t, exportedCounts, map[string]string{"x/a.go": many(60), path.Join("x", "b.go"): many(21)},
		"x: 81 exported names, the limit is 80: which noun wants out?",
	)
}
