package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// TestTable holds the table to what is made of it: each row does something, each
// action has a row, and what a row says can be parsed.
func TestTable(t *testing.T) {
	t.Parallel()
	s := &session{out: &terminal{w: new(bytes.Buffer)}, errs: &terminal{w: new(bytes.Buffer)}}
	actions := s.actions()
	for _, c := range commands() {
		if actions[c.Name] == nil {
			t.Errorf("%s: nothing runs it", c.Name)
		}
		delete(actions, c.Name)
		if !slices.Contains(groups(), c.Group) {
			t.Errorf("%s: there is no group %q", c.Name, c.Group)
		}
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: the short text is %q", c.Name, c.Short)
		}
		if len(c.Examples) == 0 && !c.Hidden {
			t.Errorf("%s has no example", c.Name)
		}
		if !slices.IsSorted(c.Exits) {
			t.Errorf("%s: the exit codes are not in order", c.Name)
		}
		for _, f := range c.Flags {
			if f.Usage == "" || f.Value == "" && f.Many {
				t.Errorf("%s --%s is described by half", c.Name, f.Name)
			}
		}
	}
	for name := range actions {
		t.Errorf("%s has no row", name)
	}
}

// TestExamples: every example of the documentation is a command line that parses.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		for _, example := range c.Examples {
			s := &session{out: &terminal{w: new(bytes.Buffer)}, errs: &terminal{w: new(bytes.Buffer)}}
			words := shellWords(example)
			if words[0] != "gangway" {
				t.Errorf("%q is no example of gangway", example)
			}
			found, rest, err := s.root().Find(words[1:])
			if err != nil || found.CommandPath() != "gangway "+c.Name {
				t.Errorf("%q leads to %v (%v)", example, found.CommandPath(), err)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%q: %v", example, err)
				continue
			}
			if err := found.ValidateArgs(found.Flags().Args()); err != nil {
				t.Errorf("%q: %v", example, err)
			}
		}
	}
}

// shellWords splits at spaces outside single quotes.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}

func TestArity(t *testing.T) {
	t.Parallel()
	for args, want := range map[string][2]int{"": {0, 0}, "CASE": {1, 1}, "CASE [STEP]": {1, 2}, "[FILES…]": {0, -1}, "A B C": {3, 3}} {
		least, most := command{Args: args}.arity()
		if got := [2]int{least, most}; got != want {
			t.Errorf("%q: %v, want %v", args, got, want)
		}
	}
}

// TestHelpNamesEverything: whatever the table has, the help has.
func TestHelpNamesEverything(t *testing.T) {
	t.Parallel()
	s := &session{out: &terminal{w: new(bytes.Buffer)}, errs: &terminal{w: new(bytes.Buffer)}}
	var walk func(c *cobra.Command, path string)
	seen := map[string]string{}
	walk = func(c *cobra.Command, path string) {
		for _, sub := range c.Commands() {
			name := strings.TrimSpace(path + " " + sub.Name())
			seen[name] = sub.UsageString()
			walk(sub, name)
		}
	}
	walk(s.root(), "")
	for _, c := range commands() {
		for _, f := range c.Flags {
			if !strings.Contains(seen[c.Name], "--"+f.Name) || !strings.Contains(seen[c.Name], f.Usage) {
				t.Errorf("the help of %s says nothing of --%s", c.Name, f.Name)
			}
		}
	}
}

// TestDocsCommands holds docs/commands.md to the table.
func TestDocsCommands(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "commands.md")
	want := reference()
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(got), "\n"), strings.Split(want, "\n")); diff != "" {
		t.Errorf("docs/commands.md is not what the table says; `make docs` writes it anew (-page +table):\n%s", diff)
	}
}

func TestReferenceNamesEverything(t *testing.T) {
	t.Parallel()
	page := reference()
	for _, c := range commands() {
		if strings.Contains(page, "### gangway "+c.Name+"\n") == c.Hidden {
			t.Errorf("the page and %q don't agree whether it is hidden", c.Name)
		}
	}
	for _, f := range globalFlags() {
		if !strings.Contains(page, "`--"+f.Name) && !strings.Contains(page, ", `--"+f.Name) {
			t.Errorf("the page says nothing of --%s", f.Name)
		}
	}
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 3 {
			t.Errorf("a row of a table is broken: %s", line)
		}
	}
}
