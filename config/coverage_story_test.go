package config

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// told is a story of package workflows that plays what rows fear, or a case of one.
type told struct {
	// says is what happens in it, in a sentence or two.
	says string
	rows []int
	// outs are what is taken out of the playbook, each in a play of its own: several
	// steps where they go together.
	outs [][]string
}

// stories are those of the runners `covers` and `coversLeaving`, by their names; a story of several cases
// with rows of their own is there by each case, as "Test/case".
func stories(t *testing.T) map[string]told {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "workflows", "coverage_*_story_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are %d files of stories (%v)", len(files), err)
	}
	all := map[string]told{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			says := strings.Join(strings.Fields(f.Doc.Text()), " ")
			if rows := playedRows(f); len(rows) > 0 {
				all[f.Name.Name] = told{says, rows, outsOf(f, "")}
			}
			for name, c := range casesOf(f) {
				c.says = says
				if rest, continued := strings.CutPrefix(says, "… "); continued {
					c.says = strings.ToUpper(name[:1]) + name[1:] + " " + rest
				}
				all[f.Name.Name+"/"+name] = c
			}
		}
	}
	return all
}

// playedRows are the rows that a function names where it calls a runner.
func playedRows(f ast.Node) []int {
	var rows []int
	ast.Inspect(f, func(n ast.Node) bool {
		if call, is := n.(*ast.CallExpr); is && (isCall(call, "covers") || isCall(call, "coversLeaving")) && len(call.Args) > 1 {
			rows = append(rows, rowsIn(call.Args[1])...)
		}
		return true
	})
	return rows
}

// outsOf are what a function takes out of the playbook: the strings of its calls, or of,
// the first string of the case, where a call has a variable.
func outsOf(f ast.Node, of string) [][]string {
	var outs [][]string
	ast.Inspect(f, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is || !isCall(n, "stepOut") && !isCall(n, "acceptOut") && !isCall(n, "keyOut") {
			return true
		}
		args, ending := call.Args, ""
		switch {
		case isCall(n, "keyOut"):
			args = args[:1]
		case isCall(n, "acceptOut"):
			ending = "-accept"
		}
		var names []string
		for _, a := range args {
			name := stringOf(a)
			if _, is := a.(*ast.BasicLit); !is {
				name = of
			}
			names = append(names, name+ending)
		}
		outs = append(outs, names)
		return true
	})
	return outs
}

// casesOf are the cases of a function that name rows of their own, by the string before
// the colon.
func casesOf(f ast.Node) map[string]told {
	cases := map[string]told{}
	ast.Inspect(f, func(n ast.Node) bool {
		if x, is := n.(*ast.KeyValueExpr); is && stringOf(x.Key) != "" && len(rowsIn(x.Value)) > 0 {
			name := stringOf(x.Key) // of what is taken out, where the case has no string of its own
			if words := wordsIn(x.Value); len(words) > 0 {
				name = words[0]
			}
			cases[stringOf(x.Key)] = told{rows: rowsIn(x.Value), outs: outsOf(f, name)}
		}
		return true
	})
	return cases
}

func isCall(n ast.Node, name string) bool {
	call, is := n.(*ast.CallExpr)
	if !is {
		return false
	}
	f, is := call.Fun.(*ast.Ident)
	return is && f.Name == name
}

func stringOf(n ast.Node) string {
	lit, is := n.(*ast.BasicLit)
	if !is || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// rowsIn are the numbers of every rows(…) in a piece of code.
func rowsIn(n ast.Node) []int {
	var rows []int
	ast.Inspect(n, func(n ast.Node) bool {
		if !isCall(n, "rows") {
			return true
		}
		for _, a := range n.(*ast.CallExpr).Args {
			if lit, is := a.(*ast.BasicLit); is {
				if row, err := strconv.Atoi(lit.Value); err == nil {
					rows = append(rows, row)
				}
			}
		}
		return false
	})
	return rows
}

func wordsIn(n ast.Node) []string {
	var words []string
	ast.Inspect(n, func(n ast.Node) bool {
		if text := stringOf(n); text != "" {
			words = append(words, text)
		}
		return true
	})
	return words
}

// insisted are the steps without which the story of that name shows an exit that is never
// signed.
func insisted(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "workflows", "coverage_leaving_story_test.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, d := range file.Decls {
		if f, is := d.(*ast.FuncDecl); is && f.Name.Name == insistsStory {
			ast.Inspect(f, func(n ast.Node) bool {
				if x, is := n.(*ast.KeyValueExpr); is && stringOf(x.Key) != "" {
					steps = append(steps, stringOf(x.Key))
				}
				return true
			})
		}
	}
	return steps
}

// insistsStory takes one step after the other out of the exit.
const insistsStory = "TestCoverageNoExitGoesWithout"

// TestCoverageStoriesAreTold: every row of an onboarding or an exit is played by stories,
// each is of a runner and plays that row, and whatever the row names as its answer is in one
// of them. Every story is named by all the rows that it plays.
func TestCoverageStoriesAreTold(t *testing.T) {
	t.Parallel()
	all := stories(t)
	rows, missed := coverage(t), insisted(t)
	for _, r := range rows {
		if r.when != "between" && len(r.stories) == 0 {
			t.Errorf("row %d has no story: %s", r.row, r.says)
		}
		for _, id := range r.insists {
			if !slices.Contains(missed, id) {
				t.Errorf("row %d: %s does not take %s out", r.row, insistsStory, id)
			}
		}
		var outs []string
		for _, name := range r.stories {
			story, is := all[name]
			if !is || !slices.Contains(story.rows, r.row) {
				t.Errorf("row %d: the story %q is not there, or plays other rows: %v", r.row, name, story.rows)
			}
			outs = append(outs, slices.Concat(story.outs...)...)
		}
		for _, answer := range append(slices.Clone(r.steps), r.parts...) {
			if len(r.stories) > 0 && !slices.Contains(outs, answer) {
				t.Errorf("row %d: no story takes %s out", r.row, answer)
			}
		}
	}
	played := 0
	for name, story := range all {
		for _, row := range story.rows {
			if played++; row > len(rows) || !slices.Contains(rows[row-1].stories, name) {
				t.Errorf("row %d does not name the story %q", row, name)
			}
		}
	}
	if played < 80 {
		t.Errorf("only %d stories were found: is the runner still called covers?", played)
	}
}
