package house

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// modulePath is the root module's path; the nested module is below it, so that
// a package's directory is always its import path without this prefix.
const modulePath = "gangway"

// A finding is one place that breaks a rule.
type finding struct {
	path string // slash-separated, from the root
	line int    // 0: the file or directory as a whole
	text string // what is wrong and, where it is not plain, what to do
}

func (f finding) String() string {
	if f.line == 0 {
		return f.path + ": " + f.text
	}
	return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.text)
}

// A file is one Go file of the tree, parsed as far as it parses.
type file struct {
	path  string
	dir   string // the package's directory: its import path without modulePath
	ast   *ast.File
	src   []byte
	fset  *token.FileSet
	test  bool // a _test.go file
	local map[string]string
}

// A tree is everything the rules look at.
type tree struct {
	fsys   fs.FS
	files  []*file
	dirs   []string // every directory outside testdata, for the rules on names
	broken []finding
}

// loadTree parses all Go files that the go command would see: nothing below
// testdata or a directory whose name begins with a dot or an underscore.
func loadTree(fsys fs.FS) (*tree, error) {
	tr := &tree{fsys: fsys}
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed while we walked: another build is at work
		}
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != "." && (name == "testdata" || name[0] == '.' || name[0] == '_' || ignored(p)) {
				return fs.SkipDir
			}
			tr.dirs = append(tr.dirs, p)
			return nil
		}
		if !strings.HasSuffix(name, ".go") || name[0] == '.' || name[0] == '_' {
			return nil
		}
		return tr.add(fset, p)
	})
	if err != nil {
		return nil, fmt.Errorf("walking the tree: %w", err)
	}
	return tr, nil
}

// ignored tells what .gitignore leaves out of the repository.
func ignored(p string) bool {
	return p == "bin" || p == "gangway-data"
}

func (tr *tree) add(fset *token.FileSet, p string) error {
	src, err := fs.ReadFile(tr.fsys, p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading a Go file: %w", err)
	}
	parsed, err := parser.ParseFile(fset, p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		broken := finding{path: p, text: "does not parse: " + err.Error()}
		var list scanner.ErrorList
		if errors.As(err, &list) {
			broken.line, broken.text = list[0].Pos.Line, "does not parse: "+list[0].Msg
		}
		tr.broken = append(tr.broken, broken)
	}
	if parsed == nil || parsed.Name == nil {
		return nil
	}
	f := &file{path: p, dir: path.Dir(p), ast: parsed, src: src, fset: fset, test: strings.HasSuffix(p, "_test.go")}
	f.local = localNames(parsed)
	tr.files = append(tr.files, f)
	return nil
}

// localNames maps the name a package has in this file to its import path. The
// name of an import without one is guessed from the path, as it must be without
// loading the package: the last element that is not a version.
func localNames(f *ast.File) map[string]string {
	names := make(map[string]string, len(f.Imports))
	for _, spec := range f.Imports {
		p := importPath(spec)
		name := path.Base(p)
		if isVersion(name) && strings.Contains(p, "/") {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}

func isVersion(s string) bool {
	digits, found := strings.CutPrefix(s, "v")
	_, err := strconv.Atoi(digits)
	return found && err == nil
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value
	}
	return p
}

func (f *file) line(p token.Pos) int { return f.fset.Position(p).Line }

func (f *file) lines() int {
	n := strings.Count(string(f.src), "\n")
	if len(f.src) > 0 && f.src[len(f.src)-1] != '\n' {
		n++
	}
	return n
}

// counted tells whether the numbers and the documentation rules apply.
func (f *file) counted() bool { return !f.test && !ast.IsGenerated(f.ast) }

func (f *file) at(p token.Pos, format string, args ...any) finding {
	return finding{path: f.path, line: f.line(p), text: fmt.Sprintf(format, args...)}
}

// selects returns the import path and name behind a selector such as
// workflow.Now, or "" when its left side is no package of this file.
func (f *file) selects(n ast.Node) (pkg, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	return f.local[id.Name], sel.Sel.Name
}

// production is the files whose imports and shape the design rules: no tests.
func (tr *tree) production() []*file {
	var out []*file
	for _, f := range tr.files {
		if !f.test {
			out = append(out, f)
		}
	}
	return out
}

// packages groups files by directory; keys returned sorted.
func packages(files []*file) ([]string, map[string][]*file) {
	byDir := map[string][]*file{}
	for _, f := range files {
		byDir[f.dir] = append(byDir[f.dir], f)
	}
	dirs := make([]string, 0, len(byDir))
	for d := range byDir {
		dirs = append(dirs, d)
	}
	slices.Sort(dirs)
	return dirs, byDir
}

// root is the repository as it lies around this package.
var root = sync.OnceValues(func() (*tree, error) { return loadTree(os.DirFS("../..")) })

// A rule looks at a whole tree and names what breaks it.
type rule func(*tree) []finding

// holds runs a rule over the repository.
func holds(t *testing.T, r rule) {
	t.Helper()
	t.Parallel()
	tr, err := root()
	if err != nil {
		t.Fatal(err)
	}
	if found := r(tr); len(found) > 0 {
		t.Errorf("%d findings:\n%s", len(found), strings.Join(printed(found), "\n"))
	}
}

// fires runs a rule over a tree made for it and wants exactly these findings.
func fires(t *testing.T, r rule, files map[string]string, want ...string) {
	t.Helper()
	got := printed(r(treeOf(t, files)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ from what the tree breaks (-want +got):\n%s", diff)
	}
}

func treeOf(t *testing.T, files map[string]string) *tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := loadTree(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// printed sorts findings by place, so that output is the same on every run.
func printed(found []finding) []string {
	slices.SortStableFunc(found, func(a, b finding) int {
		if c := strings.Compare(a.path, b.path); c != 0 {
			return c
		}
		return a.line - b.line
	})
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	return out
}

// TestTreeParses: the other rules see only what parses, so this one comes first.
func TestTreeParses(t *testing.T) {
	holds(t, func(tr *tree) []finding { return tr.broken })
}

// TestTreeIsThere guards the guards: if the walk found next to nothing (a moved
// package, a wrong root), every rule would pass.
func TestTreeIsThere(t *testing.T) {
	t.Parallel()
	tr, err := root()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.work", "local/go.mod", "Makefile", "internal/house/doc.go"} {
		if _, err := fs.Stat(tr.fsys, name); err != nil {
			t.Errorf("the repository's root should hold %s: %v", name, err)
		}
	}
	if !slices.ContainsFunc(tr.files, func(f *file) bool { return f.path == "internal/house/tree_test.go" }) {
		t.Errorf("the walk over %d files did not come past this very file", len(tr.files))
	}
}

func TestTreeLoading(t *testing.T) {
	t.Parallel()
	tr := treeOf(t, map[string]string{
		"a/a.go":              "package a\n",
		"a/bad.go":            "package a\n\nfunc {\n",
		"a/testdata/x.go":     "package x\n",
		"a/testdata/sub/y.go": "package y\n",
		".ci/tools/z.go":      "package z\n",
		"_old/o.go":           "package o\n",
		"bin/b.go":            "package b\n",
		"a/notes.txt":         "no Go\n",
	})
	var got []string
	for _, f := range tr.files {
		got = append(got, f.path)
	}
	if diff := cmp.Diff([]string{"a/a.go", "a/bad.go"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(tr.broken) != 1 || tr.broken[0].path != "a/bad.go" || tr.broken[0].line != 3 {
		t.Errorf("broken = %v, want one finding in a/bad.go:3", tr.broken)
	}
}
