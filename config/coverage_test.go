package config

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gangway/internal/playbook"

	"github.com/google/go-cmp/cmp"
)

// covered is a row of testdata/coverage.yaml: a risk that the field names, and what of
// the playbook whole answers it.
type covered struct {
	row                   int
	when, says, wants     string
	steps, parts, stories []string
	// insists are steps of an exit that no playbook can do without: the process itself
	// signs nothing where one is missing.
	insists []string
	// tests are of the parts of the answer, each by itself.
	tests []string
	lacks string
}

func coverage(t *testing.T) []covered {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "coverage.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, body := read("coverage.yaml", data)
	top := s.table(body, "$", "the coverage", "rows")
	var rows []covered
	for _, it := range top.list("rows", "$.rows") {
		r := s.table(it.node, it.path, "a row", "row", "when", "says", "wants", "steps", "parts", "stories", "insists", "tests", "lacks")
		at := func(key string) string { return it.path + "." + key }
		rows = append(rows, covered{row: r.number("row", at("row")), when: r.text("when", at("when")), says: r.text("says", at("says")), wants: r.text("wants", at("wants")),
			steps: r.words("steps", at("steps")), parts: r.words("parts", at("parts")), stories: r.words("stories", at("stories")),
			insists: r.words("insists", at("insists")), tests: r.words("tests", at("tests")), lacks: r.text("lacks", at("lacks"))})
	}
	if err := s.err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// steps of the playbook by their ids, the decisions on what they bring among them.
func stepsOf(pb playbook.Playbook) map[string]string {
	titles := map[string]string{}
	for _, s := range pb.Steps {
		titles[s.ID] = s.Title
		if s.Accept != nil {
			titles[s.ID+"-accept"] = s.Title + ": will it do?"
		}
	}
	return titles
}

// tests are the names of all tests of the tree with the folder of each.
func tests(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bin") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(path), "../")))
		for name := range testNames(file.Decls) {
			found[name] = dir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestCoverageNamesWhatThereIs: every step, part and test that a row names exists, and
// every row that belongs to an onboarding or an exit has a step.
func TestCoverageNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	pb, text, err := Shipped(wholePlaybook)
	if err != nil {
		t.Fatal(err)
	}
	titles, known := stepsOf(pb), tests(t)
	for i, r := range coverage(t) {
		if r.row != i+1 {
			t.Errorf("row %d stands in place %d", r.row, i+1)
		}
		if r.when != "between" && len(r.steps) == 0 {
			t.Errorf("row %d belongs to an %s and has no step: %s", r.row, r.when, r.says)
		}
		for _, id := range slices.Concat(r.steps, r.insists) {
			if titles[id] == "" {
				t.Errorf("row %d: the playbook has no step %s", r.row, id)
			}
		}
		for _, part := range r.parts {
			key := regexp.MustCompile(`(?m)^[^#\n]*\b` + regexp.QuoteMeta(part) + `\b`)
			if !key.Match(text) && !slices.ContainsFunc(pb.IntakeForm().Fields, func(f playbook.IntakeField) bool { return f.Name == part }) {
				t.Errorf("row %d: neither the playbook nor its intake has %s", r.row, part)
			}
		}
		for _, test := range r.tests {
			if known[test] == "" {
				t.Errorf("row %d: there is no test %s", r.row, test)
			}
		}
	}
}

// TestCoverageIsOfTheFieldsRows holds the rows to the survey of the field that they are
// taken from.
func TestCoverageIsOfTheFieldsRows(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "notes", "field.md"))
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatal(err)
		}
		t.Skip("the survey of the field is not here")
	}
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| (onboarding|between|exit) \| (.+?) \| (.+?) \|$`).FindAllStringSubmatch(string(text), -1) {
		want = append(want, strings.Join(m[1:], " | "))
	}
	var got []string
	for _, r := range coverage(t) {
		got = append(got, fmt.Sprintf("%d | %s | %s | %s", r.row, r.when, r.says, r.wants))
	}
	if d := cmp.Diff(want, got); d != "" || len(got) != 32 {
		t.Errorf("%d rows: %s", len(got), d)
	}
}

// TestEveryStepOfTheWholePlaybookAnswersARow: a step for which there is no reason would
// be work for nothing.
func TestEveryStepOfTheWholePlaybookAnswersARow(t *testing.T) {
	t.Parallel()
	pb, _, err := Shipped(wholePlaybook)
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, r := range coverage(t) {
		named = slices.Concat(named, r.steps, r.insists)
	}
	// what every onboarding and every exit has, whatever is feared
	// (access-roster-now is access-roster as it is asked for cause)
	named = append(named, "executed", "access", "company", "data-backup", "access-roster-now")
	for _, s := range pb.Steps {
		if !slices.Contains(named, s.ID) {
			t.Errorf("the step %s answers no row", s.ID)
		}
	}
}

// testNames are the tests among the declarations of a file.
func testNames(decls []ast.Decl) map[string]bool {
	names := map[string]bool{}
	for _, d := range decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
			names[f.Name.Name] = true
		}
	}
	return names
}

const wholePlaybook = "whole"
