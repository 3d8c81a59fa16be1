package stories

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mirrored makes a bare repository in a folder from what git's commands, split at spaces,
// make of a folder with a README.md in it. mail is whose work it is. Nothing of the
// machine's own settings of git counts.
func mirrored(t *testing.T, folder, mail string, commands ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil && os.Getenv("GANGWAY_REQUIRE") != "" {
		t.Fatalf("this story needs git: %v", err)
	} else if err != nil {
		t.Skip("there is no git (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	work := t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "README.md"), []byte("How it is run.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range append(commands, "clone -q --mirror . "+folder) {
		cmd := exec.CommandContext(t.Context(), "git", strings.Fields(args)...)
		cmd.Dir = work
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + work, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
			"GIT_AUTHOR_NAME=Dev", "GIT_AUTHOR_EMAIL=" + mail, "GIT_COMMITTER_NAME=Dev", "GIT_COMMITTER_EMAIL=" + mail}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
}
