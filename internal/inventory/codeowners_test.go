package inventory

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheLinesOfACodeownersFile(t *testing.T) {
	t.Parallel()
	text := "# the whole\n*  @ann @northgate/crew\r\n\n/src/\t@dev-one dev@acme.example # theirs\n  docs/a\\ b.md @dev-one\n/empty\n/odd me @ @x/ @a/b/c a@b@c @@x\n*.go @dev-one#not"
	want := []CodeRule{
		{2, "*", []string{"@ann", "@northgate/crew"}}, {4, "/src/", []string{"@dev-one", "dev@acme.example"}}, {5, `docs/a\ b.md`, []string{"@dev-one"}},
		{6, "/empty", nil}, {7, "/odd", nil}, {8, "*.go", []string{"@dev-one#not"}},
	}
	if d := cmp.Diff(want, Codeowners(text)); d != "" {
		t.Error(d)
	}
	for owner, login := range map[string]string{"@dev-one": "dev-one", "@a/b": "", "a@b.example": ""} {
		if CodeownerOf(owner) != login {
			t.Errorf("%s: %s", owner, CodeownerOf(owner))
		}
	}
}

// TestTheLastLineThatFitsCounts, with the patterns of GitHub's own example.
func TestTheLastLineThatFitsCounts(t *testing.T) {
	t.Parallel()
	rules := Codeowners(`*       @global
*.js    @js
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/scripts/ @doctocat @octocat
**/logs @logs
/apps/ @top
/apps/github
/a\ b/ @space
/x/**/y @deep
/q?.txt @one`)
	for path, want := range map[string]string{
		"readme": "@global", "a/b/c.js": "@js", "build/logs/x/y.txt": "@logs", "docs/getting-started.md": "docs@example.com", "docs/build-app/trouble.md": "@global",
		"lib/apps/x": "@octocat", "apps/x": "@top", "apps/github": "", "apps/github/x": "", "scripts/x.js": "@doctocat @octocat", "deep/logs/z": "@logs", "a b/c": "@space",
		"x/y": "@deep", "x/1/2/y/z": "@deep", "q1.txt": "@one", "q12.txt": "@global", "src/a b/c": "@global", "apps": "@global",
	} {
		if got := strings.Join(OwnersOf(rules, path), " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if OwnersOf(nil, "x") != nil {
		t.Error("nobody said whose it is")
	}
}

// FuzzCodeowners: whatever a file holds, its lines are read in order, each owner is a word
// of its line, and looking for a file's owners ends.
func FuzzCodeowners(f *testing.F) {
	f.Add("* @a\n/b/ @c # d", "b/x")
	f.Add("a\\ b @x/y\n**/*?* @z\n", "a b")
	f.Add("\\", "\\")
	f.Add("[!a] @b", "a")
	f.Add("* @\\ ", "a")
	f.Fuzz(func(t *testing.T, text, path string) {
		lines := strings.Split(text, "\n")
		last := 0
		all := Codeowners(text)
		for _, r := range all {
			if r.Line <= last || r.Line > len(lines) || r.Pattern == "" || strings.HasPrefix(r.Pattern, "#") {
				t.Fatalf("%+v", r)
			}
			last = r.Line
			for _, o := range r.Owners {
				if !strings.Contains(o, "@") || CodeownerOf(o) != "" && strings.ContainsAny(o, "/ \t\n") {
					t.Fatalf("%q owns", o)
				}
			}
		}
		if owners := OwnersOf(all, path); owners != nil && !slices.ContainsFunc(all, func(r CodeRule) bool { return slices.Equal(r.Owners, owners) }) {
			t.Fatalf("%q of no line", owners)
		}
	})
}
