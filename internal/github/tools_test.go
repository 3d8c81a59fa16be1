package github

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestProgramsThatCopy: what doctor says of git and git-lfs.
func TestProgramsThatCopy(t *testing.T) {
	t.Parallel()
	needProgram(t, "git")
	needProgram(t, "git-lfs")
	said := func(git, large string) Finding {
		t.Helper()
		found := Programs(t.Context(), git, large)
		if len(found) != 1 || found[0].Part != "github copies" {
			t.Fatalf("got %+v", found)
		}
		return found[0]
	}
	if f := said("", ""); f.Err != nil || !strings.HasPrefix(f.Said, "git 2.") && !strings.HasPrefix(f.Said, "git 3.") || !strings.Contains(f.Said, ", git-lfs ") {
		t.Errorf("got %+v", f)
	}
	if f := said("", "no-such-program"); f.Err != nil || !strings.HasSuffix(f.Said, ", and no git-lfs: large files are copied by hand") {
		t.Errorf("got %+v", f)
	}
	if f := said("no-such-program", ""); f.Err != nil || f.Said != "there is no git: at an exit repositories are copied by hand" {
		t.Errorf("got %+v", f)
	}
	old := filepath.Join(t.TempDir(), "git")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho git version 2.30.9\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	f := said(old, "")
	if f.Err == nil || f.Err.Error() != `git is too old, or says no version: "2.30.9"` {
		t.Fatalf("got %+v", f)
	}
	if e, is := f.Err.(interface{ Hint() string }); !is || e.Hint() != "install git 2.31 or newer" {
		t.Errorf("got %+v", f.Err)
	}
	if f := said("/bin/false", ""); f.Err == nil {
		t.Errorf("got %+v", f)
	}
}

// TestVersionsOfGit: the oldest that is good enough.
func TestVersionsOfGit(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"2.30.9": false, "2.31.0": true, "2.47.3": true, "3.0": true, "1.99.1": false, "": false, "2": false, "two.31": false, "2.x": false} {
		if recent(version) != want {
			t.Errorf("%q: %v", version, !want)
		}
	}
}

// titles are the permissions as GitHub's pages call them.
func titles() map[string]string {
	return map[string]string{
		"members": "Organization, Members", "administration": "Repository, Administration", "metadata": "Repository, Metadata",
		"organization_administration": "Organization, Administration", "organization_hooks": "Organization, Webhooks",
		"organization_self_hosted_runners":    "Organization, Self-hosted runners",
		"organization_personal_access_tokens": "Organization, Personal access tokens", "organization_personal_access_token_requests": "Organization, Personal access token requests",
		"organization_copilot_seat_management": "Organization, GitHub Copilot Business",
		"repository_hooks":                     "Repository, Webhooks", "contents": "Repository, Contents", "actions": "Repository, Actions", "packages": "Repository, Packages", "secrets": "Repository, Secrets",
	}
}

// TestThePageNamesEveryPermission: whatever the code calls, the page says which permission
// and which scope of a classic token that takes, and says none that no call needs.
func TestThePageNamesEveryPermission(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "github.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	needed, scopes := neededByCalls(t)
	if len(needed) < 10 || len(scopes) < 5 {
		t.Fatalf("only %v and %v are needed: are calls still written so?", needed, scopes)
	}
	levels := map[string]string{"read": "Read-only", "write": "Read and write"}
	for name, level := range needed {
		if titles()[name] == "" || !strings.Contains(page, "| "+titles()[name]+" | "+levels[level]+" | ") {
			t.Errorf("%s=%s (%s) is not on the page", name, level, titles()[name])
		}
	}
	for name, title := range titles() {
		if needed[name] == "" {
			t.Errorf("no call needs %s", title)
		}
	}
	for scope := range scopes {
		if scope != scopeReadOrg && !strings.Contains(page, "`"+scope+"`") { // admin:org holds it
			t.Errorf("the scope %s is not on the page", scope)
		}
	}
}

// neededByCalls reads the calls of the package as they are written: permissions with the
// highest level that any takes, and scopes.
func neededByCalls(t *testing.T) (needed, scopes map[string]string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	words, calls := map[string]string{}, []*ast.CompositeLit{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if len(n.Names) == 1 && len(n.Values) == 1 {
					if lit, is := n.Values[0].(*ast.BasicLit); is && lit.Kind == gotoken.STRING {
						words[n.Names[0].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			case *ast.CompositeLit:
				if of, is := n.Type.(*ast.Ident); is && of.Name == "call" && len(n.Elts) == 3 {
					calls = append(calls, n)
				}
			}
			return true
		})
	}
	word := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return words[e.Name]
		case *ast.BasicLit:
			text, _ := strconv.Unquote(e.Value)
			return text
		}
		return ""
	}
	needed, scopes = map[string]string{}, map[string]string{}
	for _, c := range calls {
		if name, level, is := strings.Cut(word(c.Elts[1]), "="); is && needed[name] != "write" {
			needed[name] = level
		}
		if scope := word(c.Elts[2]); scope != "" {
			scopes[scope] = scope
		}
	}
	return needed, scopes
}
