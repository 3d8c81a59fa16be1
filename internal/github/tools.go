package github

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// oldestGit is the first that takes its settings from the environment (GIT_CONFIG_COUNT):
// an older one would work by the machine's.
const oldestGit = 31 // of 2

// Programs says which git and git-lfs copy repositories at an exit; empty names are
// those of the path. That one is not there is no fault: copies are made by hand then.
func Programs(ctx context.Context, program, large string) []Finding {
	const part = "github copies"
	if program == "" {
		program = "git"
	}
	if large == "" {
		large = "git-lfs"
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return []Finding{{Part: part, Said: "there is no git: at an exit repositories are copied by hand"}}
	}
	g := git{program: path, folder: os.TempDir(), most: mostMirror, look: time.Second}
	said, err := g.text(ctx, mostVersion, "version")
	version, _, _ := strings.Cut(strings.TrimPrefix(said, "git version "), " ")
	switch {
	case err != nil:
		return []Finding{{Part: part, Err: checkError{fmt.Errorf("asking git for its version: %w", err), "is it git that is called so, and does it run for whoever runs the worker?"}}}
	case !recent(version):
		return []Finding{{Part: part, Err: checkError{errors.New("git is too old, or says no version: " + strconv.Quote(version)), "install git 2.31 or newer"}}}
	}
	found := Finding{Part: part, Said: "git " + version}
	if path, err = exec.LookPath(large); err == nil {
		g.program = path
		said, err = g.text(ctx, mostVersion, "version")
	}
	if err != nil {
		found.Said += ", and no git-lfs: large files are copied by hand"
		return []Finding{found}
	}
	name, _, _ := strings.Cut(said, " ") // git-lfs/3.6.1 (GitHub; …)
	found.Said += ", " + strings.Replace(name, "/", " ", 1)
	return []Finding{found}
}

// mostVersion bounds what a program says of itself, in bytes.
const mostVersion = 1 << 10

// recent reports whether a version of git is new enough.
func recent(version string) bool {
	words := strings.SplitN(version, ".", 3)
	if len(words) < 2 {
		return false
	}
	major, err := strconv.Atoi(words[0])
	minor, err2 := strconv.Atoi(words[1])
	return err == nil && err2 == nil && (major > 2 || major == 2 && minor >= oldestGit)
}
