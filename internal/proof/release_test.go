package proof

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRelease: the name of a release stands in every task that a worker finishes.
func TestRelease(t *testing.T) {
	t.Parallel()
	if r := Release(); r == "" || len(r) > releaseLetters {
		t.Errorf("a release is called %q", r)
	}
}

// TestABuiltBinaryKnowsItsCommit: by the word that the Makefile gives the linker. Paths are
// not trimmed here: then everything would be compiled anew.
func TestABuiltBinaryKnowsItsCommit(t *testing.T) {
	t.Parallel()
	commit := strings.Repeat("0123abcd", 5) // where this is no checkout
	if head, err := exec.Command("git", "rev-parse", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(head))
	}
	make, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(make), "go build -trimpath $(STAMP)") != 2 {
		t.Error("the Makefile does not stamp both programs")
	}
	m := regexp.MustCompile(`(?m)^STAMP := -ldflags="(-X \S+=)\$\(COMMIT\)"$`).FindStringSubmatch(string(make))
	if m == nil {
		t.Fatal("the Makefile tells the linker no commit")
	}
	program := filepath.Join(t.TempDir(), "gangway")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, "-ldflags="+m[1]+commit, "./starter")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	got, err := exec.Command(program, "version").Output()
	if err != nil || strings.TrimSpace(string(got)) != commit[:releaseLetters] {
		t.Errorf("it says %q (%v), want %s", got, err, commit[:releaseLetters])
	}
}
