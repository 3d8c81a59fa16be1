package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
)

// begin makes the git repository of one of GitHub's, with a first piece of work in it: as
// its bare folder, in which nobody works. One that is there stays as it is.
func begin(ctx context.Context, folder, name string) error {
	_, err := os.Stat(folder)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	made := folder + ".new" // moved to its place once it is whole
	err = os.RemoveAll(made)
	if err == nil {
		err = os.MkdirAll(made, 0o700)
	}
	if err != nil {
		return fmt.Errorf("making a repository: %w", err)
	}
	git := func(in string, args ...string) (out string) {
		if err == nil {
			out, err = runGit(ctx, made, in, args...)
		}
		return out
	}
	git("", "init", "-q", "--bare", "-b", "main", ".")
	blob := git("# "+name+"\n\nHow it is run, and what to do when it fails.\n", "hash-object", "-w", "--stdin")
	tree := git("100644 blob "+blob+"\tREADME.md\n", "mktree")
	git("", "update-ref", "refs/heads/main", git("", "commit-tree", tree, "-m", "How it is run"))
	if err != nil {
		return err
	}
	err = os.Rename(made, folder)
	if err != nil {
		return fmt.Errorf("making a repository: %w", err)
	}
	return nil
}

// runGit runs the machine's git without the machine's configuration, and returns what it says.
func runGit(ctx context.Context, dir, in string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(in)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_DIR=.",
		"GIT_AUTHOR_NAME=Nadia Rahman", "GIT_AUTHOR_EMAIL=nadia@brightwell.example", "GIT_COMMITTER_NAME=Nadia Rahman", "GIT_COMMITTER_EMAIL=nadia@brightwell.example")
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("running git %s: %w: %s", args[0], err, failed.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("running git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
